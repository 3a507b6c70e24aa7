"""The scoreboard: every run is kept in runs.sqlite beside this file, and shown best first.

process_digits.py adds to it. To look at it without a new run, or to write all runs into a file
that a spreadsheet can read:

    python scoreboard.py
    python scoreboard.py --csv my_runs.csv

SQLite, which comes with Python, writes a run whole or not at all, and lets others wait meanwhile.
Delete runs.sqlite to start afresh.
"""

import argparse
import contextlib
import csv
import json
import os
import sqlite3
import sys
import textwrap
from datetime import datetime
from pathlib import Path

from sklearn.neural_network import MLPClassifier

FILE = Path(__file__).resolve().with_name("runs.sqlite")
SHOWN = 10  # runs in the table, and this run, if it is not among them
WIDTH = 79  # columns
COLUMNS = ["time", "score", "training_score", "seconds", "epochs", "interrupted", "settings"]
TABLE = f"CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY, {', '.join(COLUMNS)})"
INSERT = f"INSERT INTO runs ({', '.join(COLUMNS)}) VALUES (:{', :'.join(COLUMNS)})"

# Two runs that differ by less may differ by luck alone. The same settings with other seeds have
# scores that spread by 0.001 to 0.003 (ladder.py measures it), the difference of two such scores
# by 1.4 times as much; and twice a spread is what chance seldom reaches.
LUCK = 0.005

# The settings of step 02, and for all that is not named there, scikit-learn's own default.
STEP_02 = {
    "divide_pixels_by": 1,
    "solver": "sgd",
    "activation": "logistic",
    "hidden_layer_sizes": (14, 14),
    "learning_rate": "constant",
    "learning_rate_init": 0.01,
    "batch_size": 200,
    "max_iter": 100,
    "random_state": 0,
}
STEP_02 = {**STEP_02, **MLPClassifier().get_params(), **STEP_02}


def add(score, training_score, seconds, epochs, interrupted, settings):
    """Keep a run, and return all runs.

    Parameters
    ----------
    score : float from 0 to 1, on the validation images; None if the training failed
    training_score : float from 0 to 1, on images that it has learned from; None if it failed
    seconds : float, how long the training took
    epochs : int, how many there were
    interrupted : bool, whether Ctrl-C has ended it
    settings : dict of hyperparameters by name

    Returns
    -------
    runs : list of dict, oldest first, this one last: its "number", "time", and the parameters

    No error is raised. A run that cannot be kept is printed, and is the last of the list as well.
    """
    run = {
        "time": datetime.now().isoformat(" ", timespec="seconds"),
        "score": None if score is None else round(float(score), 4),
        "training_score": None if score is None else round(float(training_score), 4),
        "seconds": round(seconds, 1),
        "epochs": epochs,
        "interrupted": int(interrupted),
        "settings": json.dumps({**settings, "verbose": False}, default=repr),
    }
    number = None
    try:
        with contextlib.closing(_open()) as database, database:
            number = database.execute(INSERT, run).lastrowid
    except (sqlite3.Error, OSError) as error:
        print(f"This run could not be kept in {FILE.name}: {error}. It was:")
        print(*run.values(), sep=", ")
    runs = [earlier for earlier in read() if number is None or earlier["number"] < number]
    return [*runs, _run({"number": number or len(runs) + 1, **run})]


def read():
    """Return the runs that have been kept, oldest first; none if they cannot be read."""
    if not FILE.exists():
        return []
    try:
        with contextlib.closing(_open()) as database:
            return _read(database)
    except (sqlite3.Error, OSError) as error:
        print(f"{FILE.name} cannot be read: {error}.")
        return []


def _open():
    """Return the database. A damaged one is put aside under another name, and a new one begun."""
    while True:
        database = sqlite3.connect(FILE, timeout=20)  # seconds to wait for others that write
        try:
            seen = FILE.stat()
            if database.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("damaged")
            database.execute(TABLE)
            _read(database)
            return database
        except (sqlite3.OperationalError, OSError):  # locked, read-only, a full disk
            database.close()
            raise
        except (sqlite3.DatabaseError, ValueError, TypeError, LookupError):
            database.close()
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(seen, FILE.stat()):  # no other run has put it aside meanwhile
                aside = FILE.with_name(f"runs_damaged_{datetime.now():%Y%m%d_%H%M%S_%f}.sqlite")
                os.rename(FILE, aside)
                print(f"{FILE.name} is damaged. It was renamed to {aside.name}; a new one begins.")


def _read(database):
    database.row_factory = sqlite3.Row
    database.text_factory = bytes.decode  # a text that is none raises ValueError
    return [_run(row) for row in database.execute("SELECT * FROM runs ORDER BY number")]


def _run(row):
    """Return a run as it was given to add(); an error if the row cannot be one."""
    run = {name: row[name] for name in ["number", *COLUMNS]}
    settings = json.loads(run["settings"])
    for name, value in settings.items():
        settings[name] = tuple(value) if isinstance(value, list) else value
    if isinstance(settings.get("hidden_layer_sizes"), int):  # 64 means (64,)
        settings["hidden_layer_sizes"] = (settings["hidden_layer_sizes"],)
    if run["score"] is not None and not 0 <= run["score"] <= 1:
        raise ValueError("a score is from 0 to 1")
    return {**run, "settings": {**STEP_02, **settings}}


# What is printed


def changes(before, after):
    """Return what differs between the settings of two runs: a dict of (old, new) by name."""
    before, after = before["settings"], after["settings"]
    names = [name for name in after if before.get(name) != after[name]]
    return {name: (before.get(name), after[name]) for name in names}


def nearest(runs):
    """Return the earlier run that differs from the last in the fewest settings; the best of these.

    A run that failed has no score to compare with, and one that Ctrl-C has ended is taken only if
    there is no other. None if there is no run at all.
    """
    *earlier, this_run = runs
    earlier = [run for run in earlier if run["score"] is not None]
    return min(
        earlier,
        key=lambda run: (run["interrupted"], len(changes(run, this_run)), -run["score"]),
        default=None,
    )


def is_best(runs):
    """Tell whether the last run has the best score of all, and the first to have it."""
    return all((run["score"] or 0) < runs[-1]["score"] for run in runs[:-1])


def show(runs, this_run=None):
    """Print the best of the runs as a table, this run marked, and what made the difference."""
    scored = sorted((run for run in runs if run["score"] is not None), key=lambda r: -r["score"])
    if not scored:
        print("There are no runs yet. Run process_digits.py.")
        return
    shown = [run for i, run in enumerate(scored) if i < SHOWN or run is this_run]
    number = "The one run is" if len(scored) == 1 else f"All {len(scored)} runs are"
    print(f"\nThe scoreboard, best first. {number} in {FILE.name}.")
    _print_table(shown, this_run)
    if any(run["interrupted"] for run in shown):
        print("^C: ended early by Ctrl-C")
    if this_run:
        _print_news(runs, scored)


def _print_table(shown, this_run):
    """Print a row for each run; a column for each setting in which these runs differ."""
    differing = [name for name in STEP_02 if len({str(r["settings"][name]) for r in shown}) > 1]
    same = [name for name in STEP_02 if name not in differing]
    same = [name for name in same if shown[0]["settings"][name] != STEP_02[name]]
    if same:
        alike = ", ".join(f"{name}={shown[0]['settings'][name]!r}" for name in same)
        heading = "Here" if len(shown) == 1 else "In all of these"
        print(textwrap.fill(f"{heading}, {alike}.", WIDTH))
    table = [["run"], ["score"], ["training", "score"], ["seconds"], ["epochs"]]
    table += [name.split("_") for name in differing]
    height = max(map(len, table))
    lines = [*zip(*([""] * (height - len(words)) + words for words in table))]
    for run in shown:
        mark = "->" if run is this_run else ""
        early = "^C" if run["interrupted"] else ""
        line = [f"{mark}{run['number']}", f"{run['score']:.4f}", f"{run['training_score']:.4f}"]
        line += [f"{run['seconds']:.1f}", f"{run['epochs']}{early}"]
        lines.append(line + [str(run["settings"][name]).replace(" ", "") for name in differing])
    widths = [max(map(len, column)) + 1 for column in zip(*lines)]
    while sum(widths) > WIDTH:
        widths.pop()
    for line in lines:
        print("".join(cell.rjust(width) for cell, width in zip(line, widths)).rstrip())
    if len(widths) < len(table):
        print("They differ in", ", ".join(differing[len(widths) - 5 :]), "as well.")


def _print_news(runs, scored):
    """Print how the last run compares with the nearest earlier one, and with the best."""
    this_run, before = runs[-1], nearest(runs)
    score = this_run["score"]
    print()
    if before is None:
        print(f"This run scores {score:.4f}. It is the first one on the scoreboard.")
        return
    difference = round(score - before["score"], 4)
    word = "BETTER than" if difference > 0 else "WORSE than" if difference < 0 else "the SAME as"
    amount = f"{abs(difference):.4f} " if difference else ""
    print(f"This run scores {score:.4f}: {amount}{word} run {before['number']}, the nearest to it.")
    changed = changes(before, this_run)
    if changed:
        news = "; ".join(f"{name} {old!r} -> {new!r}" for name, (old, new) in changed.items())
        print(textwrap.fill(f"Changed: {news}", WIDTH))
    else:
        print("No setting was changed.")
    if len(changed) > 1:
        print("To know which of the changes did it, change one at a time.")
    elif changed and 0 < abs(difference) < LUCK:
        print("So small a difference may be luck. better_or_lucky.py finds out.")
    best = scored[0]
    if best is this_run:
        print("It is the best so far.")
    elif best is not before:
        print(f"The best so far is run {best['number']}, with {best['score'] - score:.4f} more.")


def write_csv(runs, path):
    """Write all runs into a file for a spreadsheet, a column for each setting."""
    with open(path, "x", newline="", encoding="utf-8-sig") as file:
        rows = [{**run, **run["settings"]} for run in runs]
        names = dict.fromkeys(name for row in rows for name in row if name != "settings")
        writer = csv.DictWriter(file, list(names), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Show the scoreboard of process_digits.py.")
    parser.add_argument("--csv", metavar="FILE", help="write all runs into a new file instead")
    arguments = parser.parse_args()
    if arguments.csv:
        try:
            write_csv(read(), arguments.csv)
        except OSError as error:
            sys.exit(f"{arguments.csv} cannot be written: {error.strerror}.")
        print("All runs are in", arguments.csv)
    else:
        show(read())
