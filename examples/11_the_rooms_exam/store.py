"""All that the board knows: one SQLite file beside this script.

What a function here has kept when it returns is on the disk: the board may be killed at any moment.
Names are the room's own; a name belongs to the token with which it was first used.
"""

import contextlib
import secrets
import sqlite3
import threading
import time
from pathlib import Path

FILE = Path(__file__).resolve().with_name("room.sqlite")
HOURS = 12  # how long the word in the address is good: a day's workshop, past midnight too
LETTERS = "abcdefghjkmnpqrstuvwxyz"  # without i, l and o, which look like digits
MOST_NAMES = 200  # of each kind
MOST_DRAWINGS = 40  # of one phone
PAUSE = 5  # seconds from one network of a name to its next
TABLES = [
    "CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value)",
    """CREATE TABLE IF NOT EXISTS names (
        kind TEXT, key TEXT, name TEXT, token TEXT, PRIMARY KEY (kind, key))""",
    """CREATE TABLE IF NOT EXISTS drawings (
        number INTEGER PRIMARY KEY, id TEXT, token TEXT, name TEXT, digit INTEGER,
        taken_out INTEGER DEFAULT 0, read_by_leader INTEGER, pixels BLOB, UNIQUE (token, id))""",
    """CREATE TABLE IF NOT EXISTS networks (
        number INTEGER PRIMARY KEY, name TEXT, time REAL, weights INTEGER,
        validation REAL, test REAL, refused TEXT, content BLOB)""",
]
LOCK = threading.Lock()  # waiting for Python's lock is fairer than waiting for SQLite's


class RoomError(Exception):
    """What was asked for is not done; the message says why, in a sentence for who asked."""


@contextlib.contextmanager
def database():
    """Open the file for a with block, which is kept whole or, if it raises, not at all."""
    with LOCK, contextlib.closing(sqlite3.connect(FILE, timeout=30)) as connection, connection:
        for table in TABLES:
            connection.execute(table)
        connection.row_factory = sqlite3.Row
        yield connection


def words():
    """Return the room's word and the leader's: those of today, or new ones for a new day."""
    with database() as db:
        kept = dict(db.execute("SELECT key, value FROM settings").fetchall())
        if time.time() - kept.get("made", 0) > HOURS * 3600:
            kept["made"] = time.time()
            kept["word"] = "".join(secrets.choice(LETTERS) for _ in range(6))
            kept["leader"] = secrets.token_urlsafe(12)
            db.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", kept.items())
    return kept["word"], kept["leader"]


def claim(kind, name, token):
    """Take a name for a token, if nobody else has; kind is "hand" or "network"."""
    with database() as db:
        _claim(db, kind, name, token)


def _claim(db, kind, name, token):
    """Do the same, and return the name as it was first written: ANNA is anna."""
    key = (kind, name.casefold())
    row = db.execute("SELECT name, token FROM names WHERE kind = ? AND key = ?", key).fetchone()
    if row and not secrets.compare_digest(row["token"], token):
        raise RoomError(f"Somebody else here is called {name} already. Please take another name.")
    if row is None:
        count = db.execute("SELECT count(*) FROM names WHERE kind = ?", (kind,)).fetchone()[0]
        if count >= MOST_NAMES:
            raise RoomError("There are too many names in this room already.")
        db.execute("INSERT INTO names VALUES (?, ?, ?, ?)", (*key, name, token))
    return row["name"] if row else name


def add_drawing(name, token, drawing_id, digit, pixels):
    """Keep a drawing, (784,) bytes; one that is sent again changes nothing."""
    with database() as db:
        name = _claim(db, "hand", name, token)
        theirs = [row[0] for row in db.execute("SELECT id FROM drawings WHERE token = ?", (token,))]
        if drawing_id in theirs:
            return
        if len(theirs) >= MOST_DRAWINGS:
            raise RoomError(f"Thank you, {MOST_DRAWINGS} drawings from one phone are enough.")
        db.execute(
            "INSERT INTO drawings (id, token, name, digit, pixels) VALUES (?, ?, ?, ?, ?)",
            (drawing_id, token, name, digit, pixels),
        )


def drawings(exam=False):
    """Return the drawings, oldest first; with exam, those of the exam that were not taken out."""
    question = "SELECT * FROM drawings ORDER BY number"
    if exam:
        question = """SELECT * FROM drawings WHERE NOT taken_out AND number <=
            (SELECT value FROM settings WHERE key = 'exam_until') ORDER BY number"""
    with database() as db:
        return db.execute(question).fetchall()


def mark(number, column, value):
    """Note of a drawing that it is "taken_out" (0 or 1) or "read_by_leader" as a digit."""
    assert column in ("taken_out", "read_by_leader")
    with database() as db:
        db.execute(f"UPDATE drawings SET {column} = ? WHERE number = ?", (value, number))


def add_network(name, token, weights, content):
    """Keep a network that is still to be measured; return its number."""
    with database() as db:
        if _exam_until(db):
            raise RoomError("The exam is open, so the contest is over.")
        name = _claim(db, "network", name, token)
        last = db.execute("SELECT max(time) FROM networks WHERE name = ?", (name,)).fetchone()[0]
        if last and 0 <= time.time() - last < PAUSE:
            raise RoomError(f"{name} has just handed one in. Wait for {PAUSE} seconds, please.")
        values = (name, time.time(), weights, content)
        new = "INSERT INTO networks (name, time, weights, content) VALUES (?, ?, ?, ?)"
        return db.execute(new, values).lastrowid


def next_to_measure():
    """Return a network that has no validation score yet, or else no test score; None: all have."""
    with database() as db:
        return db.execute(
            """SELECT * FROM networks WHERE refused IS NULL AND content IS NOT NULL
            AND (validation IS NULL OR test IS NULL)
            ORDER BY validation IS NOT NULL, number"""
        ).fetchone()


def measured(number, column, value):
    """Note a network's "validation" or "test" score, or why it was "refused".

    Of each name, only the best network's weights are kept.
    """
    assert column in ("validation", "test", "refused")
    with database() as db:
        db.execute(f"UPDATE networks SET {column} = ? WHERE number = ?", (value, number))
        db.execute(
            """UPDATE networks SET content = NULL WHERE refused IS NOT NULL OR EXISTS
            (SELECT 1 FROM networks AS better WHERE better.name = networks.name
            AND networks.validation IS NOT NULL AND (better.validation > networks.validation OR
            better.validation = networks.validation AND better.number < networks.number))"""
        )


def networks(contents=False):
    """Return all networks that were handed in, oldest first; their weights only with contents."""
    columns = "*" if contents else "number, name, weights, validation, test, refused"
    where = "WHERE content IS NOT NULL AND validation IS NOT NULL" if contents else ""
    with database() as db:
        return db.execute(f"SELECT {columns} FROM networks {where} ORDER BY number").fetchall()


def best(rows):
    """Return each name's best network of some rows, the best of all first."""
    found = {}
    for row in sorted(
        (row for row in rows if row["validation"] is not None),
        key=lambda row: (-row["validation"], row["number"]),
    ):
        found.setdefault(row["name"], row)
    return list(found.values())


def place(row, rows):
    """Return the place of a network among some by their validation scores: 1 is the best."""
    return 1 + sum(other["validation"] > row["validation"] for other in rows)


def counts():
    """Return how many drawings there are, how many hands they are from, if the exam is open."""
    with database() as db:
        question = "SELECT count(*), count(DISTINCT name) FROM drawings WHERE NOT taken_out"
        return (*db.execute(question).fetchone(), bool(_exam_until(db)))


def _exam_until(db):
    row = db.execute("SELECT value FROM settings WHERE key = 'exam_until'").fetchone()
    return row and row["value"]


def version():
    """Return what tells whether the exam has changed: it does so when anything in it does."""
    with database() as db:
        return (
            *db.execute("SELECT value FROM settings WHERE key = 'exam_until'").fetchone(),
            *db.execute("SELECT sum(taken_out), sum(1 + read_by_leader) FROM drawings").fetchone(),
            *db.execute("SELECT count(validation), count(test) FROM networks").fetchone(),
        )


def open_exam():
    """Open the exam, with the drawings that are here now."""
    with database() as db:
        last = db.execute("SELECT max(number) FROM drawings WHERE NOT taken_out").fetchone()[0]
        if last is None:
            raise RoomError("There is no drawing yet, and no exam without one.")
        db.execute("INSERT OR REPLACE INTO settings VALUES ('exam_until', ?)", (last,))
