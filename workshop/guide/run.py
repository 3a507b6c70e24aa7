"""Run the reader's script in a process of its own, look at what it has made, and report."""

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from . import SCRIPT, TOP, watch
from .checks import furthest, judge
from .meanings import explain
from .reading import begun
from .script import nothing_written, stamp, unreadable
from .talk import say, say_report

SILENT_SECONDS = 20


def say_when_silent():
    begun = time.monotonic()
    while time.monotonic() - max(begun, watch.last_words()) < SILENT_SECONDS:
        time.sleep(0.5)
    say(f"(Silent for {SILENT_SECONDS} seconds. It still runs; Ctrl-C ends it.)")


def run_and_look(script=SCRIPT):
    """Run the script as `python my_digits.py` does; return a report on it."""
    record = watch.run(script)
    stage, error, report = watch.guarded(record, furthest, record), record.error, None
    stage = stage or begun(record.source)
    if error is None or isinstance(error, SystemExit):
        try:
            report = judge(record)
            if record.trouble and report["problem"]:
                raise record.trouble
        except Exception as ours:
            problem = f"Your script ran. I could not judge it: {type(ours).__name__}: {ours}"
            report = {"reached": 0, "stage": stage, "problem": problem}
    if isinstance(error, SystemExit) and (not report["reached"] or report["problem"]):
        report = None  # else it ends itself at the end: no harm done
    if report is None:
        report = {"reached": 0, "stage": stage, "problem": explain(record)}
    return {**report, "source": record.source}


def report_to(path):
    threading.Thread(target=say_when_silent, daemon=True).start()
    path.write_text(json.dumps(run_and_look()), encoding="utf-8")


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
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.1)
        finally:
            process.kill()
            process.wait()
            signal.signal(signal.SIGINT, earlier)
        if not path.exists():
            problem = "Your script ended Python itself, before I could look at what it has made."
            return {"reached": 0, "stage": 1, "problem": problem}
        return json.loads(path.read_text(encoding="utf-8"))


def keep_looking():
    """Look at the script whenever it is saved, until Ctrl-C."""
    while True:
        saved = stamp()
        report = find_out(saved)
        if report:
            say_report(report)
            say("\nI look again when you save my_digits.py. Ctrl-C ends this.")
        while stamp() == saved:
            time.sleep(0.05)
        time.sleep(0.1)  # some editors empty the file before they write it
        say("\n" + time.strftime(" %H:%M:%S, my_digits.py was saved ").center(78, "-"))
