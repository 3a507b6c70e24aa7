"""The scoreboard: every run is kept in runs.sqlite beside this file, and shown best first.

    python scoreboard.py                     show it without a new run
    python scoreboard.py --restore 7         print the settings of run 7, to go on from there
    python scoreboard.py --csv my_runs.csv   write all runs into a file for a spreadsheet

SQLite, which comes with Python, writes a run whole or not at all, and lets others wait meanwhile.
"""

import argparse
import contextlib
import csv
import json
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

# A smaller difference between two runs may be luck: over seeds, scores spread by 0.001 to 0.003
# (benchmarks/advice.py measures it), and so the difference of two of them by up to 0.004.
LUCK = 0.005

# The settings of step 02, and for all that is not named there, scikit-learn's own default.
NAMED = {
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
DEFAULTS = MLPClassifier().get_params()
STEP_02 = {**NAMED, **DEFAULTS, **NAMED}


def add(score, training_score, seconds, epochs, interrupted, settings):
    """Keep a run, and return all runs as read() does, this one last.

    score and training_score are from 0 to 1, or None if the training failed; seconds is how long it
    took, epochs how many there were, interrupted whether Ctrl-C ended it, and settings a dict of
    hyperparameters by name. No error is raised: a run that cannot be kept is printed.
    """
    time = datetime.now().isoformat(" ", timespec="seconds")
    text = json.dumps({**settings, "verbose": False}, default=repr)
    row = [time, score, training_score, round(seconds, 1), epochs, int(interrupted), text]
    run = dict(zip(COLUMNS, row))
    runs = []
    try:
        with contextlib.closing(_open()) as database, database:
            runs = _read(database)
            run["number"] = database.execute(INSERT, run).lastrowid
    except (sqlite3.Error, ValueError) as error:
        _say_why(error)
        print("This run was:")
        print(*row, sep=", ")
    return [*runs, _run({"number": len(runs) + 1, **run})]


def read():
    """Return the runs, oldest first: each a dict of its number, COLUMNS, and all its settings."""
    if not FILE.exists():
        return []
    try:
        with contextlib.closing(_open()) as database:
            return _read(database)
    except (sqlite3.Error, ValueError) as error:
        _say_why(error)
        return []


def _open():
    """Open the file, and make it if there is none."""
    database = sqlite3.connect(FILE, timeout=20)  # seconds to wait for others that write
    database.row_factory = sqlite3.Row
    database.execute(TABLE)
    return database


def _say_why(error):
    print(f"{FILE.name} cannot be used, so nothing is kept: {error}.")
    print("If it is damaged, move it away; if this folder is read-only, copy it.")


def _read(database):
    return [_run(dict(row)) for row in database.execute("SELECT * FROM runs ORDER BY number")]


def _run(run):
    """Return a run with its settings as they were given to add(), and step 02's for the others."""
    settings = json.loads(run["settings"])
    for name, value in settings.items():
        if isinstance(value, list) or name == "hidden_layer_sizes":  # there, 64 means (64,)
            settings[name] = tuple(value) if isinstance(value, list) else (value,)
    return {**run, "settings": {**STEP_02, **settings}}


def changes(before, after):
    """Return what differs between the settings of two runs: a dict of (old, new) by name."""
    before, after = before["settings"], after["settings"]
    return {n: (before.get(n), after[n]) for n in after if before.get(n) != after[n]}


def nearest(runs):
    """Return the earlier run with the fewest other settings, or of several the best; else None."""
    *earlier, last = runs
    earlier = [run for run in earlier if run["score"] is not None]
    # One that Ctrl-C has ended is taken only if there is no other.
    order = [(run["interrupted"], len(changes(run, last)), -run["score"]) for run in earlier]
    return earlier[order.index(min(order))] if earlier else None


def is_best(runs):
    """Tell whether no run has a better score than the last."""
    return all((run["score"] or 0) <= runs[-1]["score"] for run in runs)


def show(runs, this_run=None):
    """Print the best of the runs as a table, this run marked, and what made the difference."""
    scored = sorted((run for run in runs if run["score"] is not None), key=lambda r: -r["score"])
    if not scored:
        print("There are no runs yet. Run process_digits.py.")
        return
    print(f"\nThe scoreboard, best first ({len(scored)} in all, kept in {FILE.name}).")
    _print_table([r for i, r in enumerate(scored) if i < SHOWN or r is this_run], this_run)
    if this_run:
        _print_news(this_run, nearest(runs), scored[0])


def _print_table(shown, this_run):
    """Print a row for each run; a column for each setting in which these runs differ."""
    first = shown[0]["settings"]
    differing = [n for n in STEP_02 if len({str(run["settings"][n]) for run in shown}) > 1]
    same = [n for n in STEP_02 if n not in differing and first[n] != STEP_02[n]]
    if same:
        alike = ", ".join(f"{name}={first[name]!r}" for name in same)
        print(textwrap.fill(f"All of them: {alike}", WIDTH))
    names = ["run", "score", "training_score", "seconds", "epochs", *differing]
    table = [name.split("_") for name in names]
    height = max(map(len, table))
    lines = [*zip(*([""] * (height - len(words)) + words for words in table))]
    for run in shown:
        line = [f"{'->' if run is this_run else ''}{run['number']}", f"{run['score']:.4f}"]
        line += [f"{run['training_score']:.4f}", f"{run['seconds']:.1f}"]
        line += [f"{run['epochs']}{'^C' if run['interrupted'] else ''}"]
        lines.append(line + [str(run["settings"][name]).replace(" ", "") for name in differing])
    widths = [max(map(len, column)) + 1 for column in zip(*lines)]
    while sum(widths) > WIDTH:
        widths.pop()
    for line in lines:
        print("".join(cell.rjust(width) for cell, width in zip(line, widths)).rstrip())
    if any(run["interrupted"] for run in shown):
        print("^C: ended early by Ctrl-C")
    if len(widths) < len(names):
        print("No room for these, in which they differ:", ", ".join(names[len(widths) :]))


def _print_news(run, before, best):
    """Print how a run compares with the nearest earlier one (or None), and with the best."""
    this = f"\nThis run scores {run['score']:.4f}"
    if before is None:
        print(f"{this}. It is the first one on the scoreboard.")
        return
    difference = round(run["score"] - before["score"], 4)
    word = f"{abs(difference):.4f} {'BETTER' if difference > 0 else 'WORSE'} than"
    word = word if difference else "the SAME as"
    print(f"{this}: {word} run {before['number']}, the nearest to it.")
    changed = changes(before, run)
    news = "; ".join(f"{name} {old!r} -> {new!r}" for name, (old, new) in changed.items())
    print(textwrap.fill(f"Changed: {news}" if news else "No setting was changed.", WIDTH))
    if len(changed) > 1:
        print("To know which of these did it, change one at a time.")
    if changed and 0 < abs(difference) < LUCK:
        print("So small a difference may be luck. better_or_lucky.py finds out.")
    if run["interrupted"] != before["interrupted"]:
        print("One of the two was ended early by Ctrl-C, so compare them with care.")
    if best is run:
        print("It is the best so far.")
    elif best is not before:
        ahead = best["score"] - run["score"]
        print(f"The best so far is run {best['number']}, with {ahead:.4f} more.")


def restore(number):
    """Print the settings of a run as process_digits.py writes them."""
    settings = next((run["settings"] for run in read() if run["number"] == number), None)
    if settings is None:
        sys.exit(f"There is no run {number} on the scoreboard.")
    print(f"The settings of run {number}, to paste over yours in process_digits.py:\n")
    print(f"divide_pixels_by = {settings.pop('divide_pixels_by')}\n\nclassifier = MLPClassifier(")
    for name, value in settings.items():
        if name in NAMED or value != DEFAULTS.get(name):
            print(f"    {name}={value!r},")
    print("    verbose=True,\n)")


def write_csv(path):
    """Write all runs into a new file for a spreadsheet, with a column for each setting."""
    rows = [{**run, **run["settings"]} for run in read()]
    names = dict.fromkeys(name for row in rows for name in row if name != "settings")
    try:
        with open(path, "x", newline="", encoding="utf-8-sig") as file:
            writer = csv.DictWriter(file, list(names), extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        sys.exit(f"{path} cannot be written: {error.strerror}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Show the scoreboard of process_digits.py.")
    parser.add_argument("--restore", metavar="N", type=int, help="print the settings of run N")
    parser.add_argument("--csv", metavar="FILE", help="write all runs into a new file instead")
    arguments = parser.parse_args()
    if arguments.restore is not None:
        restore(arguments.restore)
    elif arguments.csv:
        write_csv(arguments.csv)
    else:
        show(read())
