"""What was trained already: a SQLite file beside this script, so that nothing is trained twice."""

import contextlib
import json
import sqlite3
from pathlib import Path

FILE = Path(__file__).resolve().parent / "results.sqlite"
TABLE = """
    CREATE TABLE IF NOT EXISTS results (
        settings TEXT, epochs INTEGER, seed INTEGER, versions TEXT,
        score REAL, seconds REAL, computer TEXT,
        PRIMARY KEY (settings, epochs, seed, versions)
    )
"""


def add(job, versions, result):
    """Keep a result: when this returns, it is on the disk, or a sentence says why it is not.

    job : (settings, epochs, seed); a second result of the same job changes nothing
    versions : str, of the programs that it was trained with
    result : dict with score, seconds and computer
    """
    values = result["score"], result["seconds"], result["computer"]
    row = (*_key(job, versions), *values)
    try:
        with contextlib.closing(_open()) as database, database:
            database.execute("INSERT OR IGNORE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    except sqlite3.Error as error:
        _say_why(error)


def find(jobs, versions):
    """Return the kept results of those jobs that have one, as a dict by their names."""
    question = """
        SELECT score, seconds, computer FROM results
        WHERE settings = ? AND epochs = ? AND seed = ? AND versions = ?
    """
    found = {}
    try:
        with contextlib.closing(_open()) as database:
            for name, job in jobs.items():
                row = database.execute(question, _key(job, versions)).fetchone()
                if row:
                    found[name] = dict(zip(("score", "seconds", "computer"), row))
    except sqlite3.Error as error:
        _say_why(error)
    return found


def _open():
    """Open the file, and make it if there is none."""
    database = sqlite3.connect(FILE, timeout=30)
    database.execute(TABLE)
    return database


def _say_why(error):
    print(f"{FILE.name} cannot be used, so nothing is kept: {error}.")
    print("If it is damaged, move it away; if this folder is read-only, copy it.", flush=True)


def _key(job, versions):
    settings, epochs, seed = job
    return json.dumps(settings), epochs, seed, versions
