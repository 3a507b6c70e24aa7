"""What the benchmarks share: ways that take turns, scripts timed while they run, and one table."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
EPOCH = re.compile(r"\s*(?:Iteration|Epoch)?\s*(\d+)(?:[:,]| +\d\.\d)")  # "Iteration 7, loss ..."
# Runs a script; whatever number of threads it asks for, it gets the one named first, if any.
RUN = """
import runpy, sys, threadpoolctl
threads, script = sys.argv[1:]
limits = threadpoolctl.threadpool_limits
if threads:
    threadpoolctl.threadpool_limits = lambda *_, **__: limits(int(threads))
sys.path[0] = ""
runpy.run_path(script, run_name="__main__")
"""


def seconds(function, *arguments):
    """Return how many seconds a call takes."""
    begin = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - begin


def take_turns(ways, rounds):
    """Measure each way once in each round, so that a busy moment meets them all.

    ways : dictionary, label -> function without arguments that returns what it has measured, one
        number or several
    Return a dictionary, label -> the median of its numbers.
    """
    measured = {label: [] for label in ways}
    for _ in range(rounds):
        for label, measure in ways.items():
            measured[label].append(measure())
    return {label: np.median(numbers, axis=0) for label, numbers in measured.items()}


def epoch_lines(script, threads=None):
    """Run a script of the workshop; yield (seconds since its start, number, line) for each epoch.

    It runs in a copy of its folder, so it writes nothing into the workshop, and ends when nobody
    asks for more lines. With threads, it computes on so many in place of those it asks for.
    """
    variables = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    variables["MPLBACKEND"] = "Agg"
    if threads:
        variables["OMP_NUM_THREADS"] = str(threads)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "step"
        shutil.copytree(script.parent, copy)
        command = [sys.executable, "-u", "-c", RUN, str(threads or ""), script.name]
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=copy, env=variables, stdout=subprocess.PIPE, text=True
        )
        try:
            for line in process.stdout:
                epoch = EPOCH.match(line)
                if epoch:
                    yield time.perf_counter() - begin, int(epoch[1]), line.rstrip()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def print_table(rows):
    """Print rows of (what was measured, its value in words, a ratio or None) as they come."""
    print(f"{'what':55} {'median':>12} {'ratio':>8}")
    for what, value, ratio in rows:
        print(f"{what:55} {value:>12} {'' if ratio is None else f'{ratio:8.2f}'}", flush=True)
