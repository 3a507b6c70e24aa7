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


def connect():
    """Open the file, and make it if there is none. Raises sqlite3.Error where that fails."""
    database = sqlite3.connect(FILE, timeout=30)
    with database:
        database.execute(TABLE)
    return database


def add(job, versions, result):
    """Keep a result; when this returns, it is on the disk. A second one of a job changes nothing.

    job : (settings, epochs, seed)
    versions : str, of the programs that it was trained with
    result : dict with score, seconds and computer
    """
    values = result["score"], result["seconds"], result["computer"]
    with contextlib.closing(connect()) as database, database:
        question_marks = "?, ?, ?, ?, ?, ?, ?"
        database.execute(
            f"INSERT OR IGNORE INTO results VALUES ({question_marks})",
            (*_key(job, versions), *values),
        )


def find(jobs, versions):
    """Return the kept results of those jobs that have one, as a dict by their names."""
    found = {}
    with contextlib.closing(connect()) as database:
        for name, job in jobs.items():
            row = database.execute(
                "SELECT score, seconds, computer FROM results"
                " WHERE settings = ? AND epochs = ? AND seed = ? AND versions = ?",
                _key(job, versions),
            ).fetchone()
            if row:
                found[name] = dict(zip(("score", "seconds", "computer"), row))
    return found


def _key(job, versions):
    settings, epochs, seed = job
    return json.dumps(settings), epochs, seed, versions
