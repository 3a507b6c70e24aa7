"""The scoreboard: every run is kept in runs.csv beside this file, and shown best first.

process_digits.py adds to it. To look at it without a new run:

    python scoreboard.py

runs.csv is only ever added to, one whole line at a time: what is in it is never written again, so
nothing that happens to a run can harm the runs before it. A line that is no run (half of one, or
one that was edited by hand) is named and left out. You may open the file in a spreadsheet.
"""

import contextlib
import csv
import io
import shutil
import textwrap
import time
from datetime import datetime
from pathlib import Path

from sklearn.neural_network import MLPClassifier

FOLDER = Path(__file__).resolve().parent
FILES = (FOLDER / "runs.csv", FOLDER / "runs_2.csv")  # the second, while the first is locked
COLUMNS = ["when", "score", "seconds", "epochs", "settings"]
NUMBERS = ("score", "seconds", "epochs")  # the columns that hold a number
STEP_02 = "as in step 02"  # the settings of a run in which nothing was changed
LOCK_SECONDS = 2  # a lock is held for a blink; one this old was left behind by a killed run
SHOWN = 10  # runs
SMALL = 0.005  # a difference in score that chance alone may well make

# What the settings of step 02 are; what is not named there has scikit-learn's own default.
BASELINE = {
    **MLPClassifier().get_params(),
    "divide_pixels_by": 1,
    "interrupted": False,
    "solver": "sgd",
    "activation": "logistic",
    "hidden_layer_sizes": (14, 14),
    "learning_rate": "constant",
    "learning_rate_init": 0.01,
    "batch_size": 200,
    "max_iter": 100,
    "random_state": 0,
}


def add(score, seconds, epochs, settings):
    """Append a run to runs.csv, and return it.

    Parameters
    ----------
    score : float from 0 to 1, on the validation images
    seconds : float, how long the training took
    epochs : int, the passes over the training images
    settings : dict of hyperparameters by name; those that differ from step 02's are kept

    Returns
    -------
    run : dict of str and float by the names in COLUMNS

    Where runs.csv cannot be written to (a spreadsheet may have locked it), the run goes to
    runs_2.csv, and where that fails too, it is printed. No error is raised.
    """
    differences = []
    for name, value in settings.items():
        if name != "verbose" and (name not in BASELINE or value != BASELINE[name]):
            differences.append(f"{name}={value!a}")
    run = {
        "when": datetime.now().isoformat(" ", timespec="milliseconds"),
        "score": round(float(score), 4),
        "seconds": round(float(seconds), 1),
        "epochs": int(epochs),
        "settings": "; ".join(differences) or STEP_02,
    }
    line = _line(run.values())
    for path in FILES:
        try:
            _append(path, line)
        except OSError as error:
            print(f"{path.name} cannot be written to: {error.strerror}.")
            print("If a spreadsheet has it open, close it there.")
        else:
            if path != FILES[0]:
                print(f"This run is kept in {path.name}, and counts all the same.")
            return run
    print("This run could not be kept. It was:")
    print(line, end="")
    return run


def read():
    """Return the runs, oldest first, and a sentence for each line that is none.

    Returns
    -------
    runs : list of dict, by the names of the columns; NUMBERS are float, the rest is str
    complaints : list of str
    """
    runs = []
    complaints = []
    for path in FILES:
        try:
            text = path.read_text(encoding="utf-8-sig", errors="replace")
        except FileNotFoundError:
            continue
        except OSError as error:
            complaints.append(f"{path.name} cannot be read: {error.strerror}.")
            continue
        found, damaged, _ = _parse(text)
        runs += found
        for number, line in damaged:
            complaints.append(f"Line {number} of {path.name} is damaged, and left out: {line!r}")
    with contextlib.suppress(ValueError, TypeError):  # a date that a spreadsheet has rewritten
        runs = sorted(runs, key=lambda run: datetime.fromisoformat(run["when"]))
    return runs, complaints


def show(this_run=None):
    """Print the best runs, this one marked, and what has changed since the run before it."""
    runs, complaints = read()
    for complaint in complaints[:5]:
        print(complaint)
    if len(complaints) > 5:
        print(f"So are {len(complaints) - 5} more lines.")

    if this_run:
        if this_run in runs:  # it is not if it could not be kept
            runs.remove(this_run)
        runs.append(this_run)
    if not runs:
        print("There are no runs yet. Run process_digits.py.")
        return

    index = len(runs) - 1 if this_run else None
    order = sorted(range(len(runs)), key=lambda i: runs[i]["score"], reverse=True)
    print()
    print("The scoreboard, best first. All runs are in runs.csv.")
    print("      score  seconds  epochs  settings that differ from step 02's")
    for place, i in enumerate(order, start=1):
        if place <= SHOWN or i == index:
            _print_row("->" if i == index else "  ", place, runs[i])
    if len(runs) > SHOWN:
        print(f"({len(runs)} runs in all)")
    if this_run:
        print()
        _print_news(runs, best=order[0] == index)


def _print_row(mark, place, run):
    seconds = f"{run['seconds']:.1f}" if "seconds" in run else "?"
    epochs = f"{run['epochs']:.0f}" if "epochs" in run else "?"
    start = f"{mark}{place:3} {run['score']:.4f} {seconds:>8} {epochs:>7}  "
    width = max(shutil.get_terminal_size().columns - 1, len(start) + 30)
    settings = run.get("settings", "not known")
    print(textwrap.fill(settings, width, initial_indent=start, subsequent_indent=" " * len(start)))


def _print_news(runs, best):
    """Print how the last run compares with the run before it, and whether it is the best."""
    score = runs[-1]["score"]
    praise = " It is the best so far." if best else ""
    if len(runs) == 1:
        print(f"This run scores {score:.4f}. It is the first one on the scoreboard.")
        print("Now change one setting in process_digits.py, and run it again.")
        return

    before = runs[-2]
    difference = round(score - before["score"], 4)
    if difference > 0:
        print(f"This run scores {score:.4f}: {difference:.4f} BETTER than the run before.{praise}")
    elif difference < 0:
        print(f"This run scores {score:.4f}: {-difference:.4f} WORSE than the run before.")
    else:
        print(f"This run scores {score:.4f}: the SAME as the run before.")

    changes = _changes(before, runs[-1])
    if changes is None:
        print("What was changed is not known: the run before has no settings in runs.csv.")
    elif not changes:
        print("No setting was changed.")
    else:
        print("Changed:", "; ".join(changes))
    if changes and len(changes) > 1:
        print("To know which of the changes did it, change one at a time.")
    elif changes and 0 < abs(difference) < SMALL:
        print("So small a difference may be luck. better_or_lucky.py finds out.")


def _changes(before, after):
    """Return what differs between two runs, such as ["solver 'sgd' -> 'adam'"], None if unknown."""
    if "settings" not in before or "settings" not in after:
        return None
    before, after = _settings(before), _settings(after)
    changes = []
    for name in sorted(before.keys() | after.keys()):
        usual = repr(BASELINE.get(name))
        old, new = before.get(name, usual), after.get(name, usual)
        if old != new:
            changes.append(f"{name} {old} -> {new}")
    return changes


def _settings(run):
    """Return the differences from step 02 as a dict of names and values, all str."""
    settings = {}
    for setting in run["settings"].split("; "):
        name, equals, value = setting.partition("=")
        if equals:
            settings[name] = value
    return settings


def _line(cells):
    """Return the cells as one line of CSV. Text is quoted: half a text has no closing quote."""
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _append(path, line):
    """Append one line to the file, whatever state it is in; raise OSError where that fails.

    The line is written in one call, so a run that is killed has written all of it or none. What
    else is missing goes before it in the same call: the end of a half-written line, or the names
    of the columns, if the file is new or has had others up to now.
    """
    with _alone(path), open(path, "a+b", buffering=0) as file:
        file.seek(0)
        content = file.read()
        _, _, columns = _parse(content.decode("utf-8-sig", errors="replace"))
        if columns != COLUMNS:
            line = _line(COLUMNS) + line
        if content and not content.endswith(b"\n"):
            line = "\n" + line
        data = line.encode()
        if file.write(data) < len(data):
            raise OSError(28, "No space left on the disk")


@contextlib.contextmanager
def _alone(path):
    """Make other runs wait until this one has written.

    Linux and macOS append in one step. Windows takes two, finding the end and writing there, and
    two runs at once could find the same end. So a run holds a lock file meanwhile. It never waits
    for long: a lock that stays has been left behind by a run that was killed.
    """
    lock = path.with_name(path.name + ".lock")
    give_up = time.monotonic() + LOCK_SECONDS
    while time.monotonic() < give_up:
        try:
            lock.touch(exist_ok=False)
            break
        except OSError:  # it is there, or on Windows about to go
            time.sleep(0.02)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()


def _parse(text):
    """Return what is in the text of a runs.csv.

    Returns
    -------
    runs : list of dict, in the order of their lines
    damaged : list of (int, str), the number of each line that is no run, and how it begins
    columns : list of str, the names in the last line that names them; None if there is none

    A line is taken by itself, so a damaged one never spoils the next.
    """
    runs = []
    damaged = []
    columns = None
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        line = line.strip().encode("ascii", "backslashreplace").decode("ascii")
        names, run = _parse_line(line, columns or COLUMNS)
        if names:
            columns = names
        elif run:
            runs.append(run)
        elif line.strip(",;\t "):  # an empty line of a spreadsheet may consist of separators
            damaged.append((number, line[:40]))
    return runs, damaged, columns


def _parse_line(line, columns):
    """Return the columns that a line names, or the run that it holds, and None for the other."""
    for separator in ",;\t":  # spreadsheets of many countries write semicolons
        cells = _cells(line, separator)
        if len(cells) == 1:  # the spreadsheet took the whole line for one cell
            cells = _cells(cells[0], ",")
        if "score" in cells:
            return cells, None
        run = dict(zip(columns, cells))
        if len(cells) >= len(columns) and _is_run(run):
            for name in NUMBERS:
                if name in run:
                    run[name] = _number(run[name])
            return None, run
    return None, None


def _cells(line, separator):
    """Return the cells of one line of CSV; none at all if a quote is not closed."""
    try:
        rows = list(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return []
    cells = [cell.strip() for row in rows for cell in row]
    while cells and not cells[-1]:  # a spreadsheet may fill a line up with empty cells
        cells.pop()
    return cells


def _is_run(run):
    """Tell whether the cells of a line can be those of a run."""
    try:
        numbers = [_number(run[name]) for name in NUMBERS if name in run]
    except ValueError:
        return False
    return 0 <= numbers[0] <= 1


def _number(cell):
    return float(cell.replace(",", "."))  # many countries write 0,98


if __name__ == "__main__":
    show()
