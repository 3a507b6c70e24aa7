"""Run the reader's script in a process of its own, look at what it has made, and report."""

import io
import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from . import SCRIPT, TOP
from .checks import look
from .meanings import explain
from .script import nothing_written, stamp, unreadable
from .talk import say, say_report

MANY_LINES = 2000  # a script that prints more is stuck in a loop, more likely than not
SILENT_SECONDS = 20


class PassedOn(io.StringIO):
    """What the script prints: kept, and passed on to the screen, but not a million lines."""

    lines = 0
    last = 0.0  # when it printed last

    def write(self, text):
        PassedOn.last = time.monotonic()
        if self.lines <= MANY_LINES:
            super().write(text)
            sys.__stdout__.write(text)
            self.lines += text.count("\n")
            if self.lines > MANY_LINES:
                say(f"\n(More than {MANY_LINES} lines: is a print in a loop? I show no more.)")
        return len(text)


def say_when_silent():
    PassedOn.last = time.monotonic()
    while time.monotonic() - PassedOn.last < SILENT_SECONDS:
        time.sleep(0.5)
    say(f"(Silent for {SILENT_SECONDS} seconds. It still runs; Ctrl-C ends it.)")


def run_and_look():
    """Run the script as `python my_digits.py` does; return a report on it."""
    source = SCRIPT.read_bytes()
    names = {"__name__": "__main__", "__file__": str(SCRIPT)}
    error = None
    sys.argv = [str(SCRIPT)]
    screen, sys.stdout = sys.stdout, PassedOn()
    try:
        exec(compile(source, str(SCRIPT), "exec", dont_inherit=True), names)
    except BaseException as anything:  # sys.exit and Ctrl-C, too
        error = anything
    output = sys.stdout.getvalue()
    sys.stdout = screen
    try:
        reached, stage, problem = look(names, output)
    except Exception as ours:
        problem = f"Your script ran. I could not judge it: {type(ours).__name__}: {ours}"
        reached, stage = 0, begun_in(source)
    if isinstance(error, SystemExit) and reached and not problem:
        error = None  # it ends itself at the end: no harm done
    if error:
        reached, stage = 0, begun_in(source)
        try:
            problem = explain(error, names, source)
        except Exception as ours:
            problem = (
                f"Python says: {type(error).__name__}: {error}\nI could not explain it: {ours}"
            )
    return {"reached": reached, "stage": stage, "problem": problem}


def report_to(path):
    threading.Thread(target=say_when_silent, daemon=True).start()
    path.write_text(json.dumps(run_and_look()), encoding="utf-8")


def begun_in(source):
    """Return the furthest stage whose words stand in a script that did not run to its end."""
    words = [
        "mnist",
        r"digit\b",
        "predictions|number_right",
        "classifier|MLPC",
        "random_?state|threadpool",
    ]
    found = [re.search(word, source.decode("utf-8", "replace")) for word in words]
    return max((stage for stage in range(1, 6) if found[stage - 1]), default=1)


def find_out(saved=None):
    """Return the report on the script, or None if it was saved anew after the stamp `saved`."""
    try:
        nothing, problem = nothing_written(), unreadable() if SCRIPT.exists() else None
    except OSError as error:
        nothing, problem = None, f"my_digits.py cannot be read: {error.strerror}."
    if nothing:
        say("\n" + nothing)
        return {"reached": 0, "stage": 1, "problem": None}
    if problem:
        return {"reached": 0, "stage": 1, "problem": problem}

    say("\nRunning my_digits.py:\n")
    # Ctrl-C goes to the script, which is in the same terminal; the third one kills it.
    pressed = []
    earlier = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        process = subprocess.Popen(
            [sys.executable, "-u", TOP / "guide.py", "--report", path],
            cwd=TOP,
            stdin=subprocess.DEVNULL,
        )
        try:
            while process.poll() is None and len(pressed) < 3:
                if saved and stamp() != saved:
                    return None
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()
            signal.signal(signal.SIGINT, earlier)
        if not path.exists():
            problem = "Your script ended Python itself, before I could look at what it has made."
            return {"reached": 0, "stage": 1, "problem": problem}
        return json.loads(path.read_text(encoding="utf-8"))


def watch():
    """Look at the script whenever it is saved, until Ctrl-C."""
    while True:
        saved = stamp()
        report = find_out(saved)
        if report:
            say_report(report)
            say("\nI look again when you save my_digits.py. Ctrl-C ends this.")
        while stamp() == saved:
            time.sleep(0.1)
        time.sleep(0.1)  # some editors empty the file before they write it
        say("\n" + time.strftime(" %H:%M:%S, my_digits.py was saved ").center(78, "-"))
