"""The reader's file, my_digits.py: is it there, can it be read, was it saved; catching up."""

import itertools
import os

from . import SCRIPT, TOP
from .stages import FINISHED, stage_text
from .talk import say


def nothing_written():
    """Say that there is no script yet, and how to make one; or return None."""
    if SCRIPT.exists() and (SCRIPT.is_dir() or SCRIPT.read_bytes().strip()):
        return None
    if SCRIPT.exists():
        return "my_digits.py is empty. (If you have written something: is it saved?)"
    for other in TOP.glob("my_digits*.txt"):
        return f"There is {other.name}. Give it the name my_digits.py, without .txt."
    return (
        "There is no my_digits.py yet. In your editor, make a new file, and save it under this "
        f"name in the folder {TOP}"
    )


def unreadable():
    """Say what keeps the script from being read; or return None."""
    if SCRIPT.is_dir():
        return "my_digits.py is a folder. Give it another name, and make a file of this name."
    if SCRIPT.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "my_digits.py is saved as UTF-16. Save it as UTF-8; your editor offers that."
    return None


def stamp():
    """Return what changes whenever the script is saved."""
    try:
        status = SCRIPT.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def catch_up(stage):
    """Put a stage's script in place, under the name my_digits.py; the reader's own is kept."""
    if stage > 5:
        say(FINISHED)
        return
    kept = keep()
    if kept:
        say(f"\nYour own script is kept: it is {kept.name} now.")
    with open(SCRIPT, "x", encoding="utf-8") as file:
        file.write(stage_text(stage))
    say(f"my_digits.py is the finished script of stage {stage} now. Reopen it in your editor.")
    say("\nWhat is next:  python guide.py")


def keep():
    """Give my_digits.py the first free name of my_digits.1.py, my_digits.2.py, ...; return it."""
    for number in itertools.count(1):
        kept = TOP / f"my_digits.{number}.py"
        try:
            kept.touch(exist_ok=False)  # from here on the name is ours, and nobody else's
        except FileExistsError:
            continue
        try:
            os.replace(SCRIPT, kept)
        except FileNotFoundError:
            kept.unlink()
            return None
        return kept
