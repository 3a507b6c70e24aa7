"""Time an epoch of each script, idle and beside two busy programs, on one thread, two, and all.

In a room, laptops run video calls. A small network on several cores then waits for the slowest.
"""

import os
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from itertools import takewhile

from measuring import EXAMPLES, epoch_lines, take_turns

EPOCHS = 5  # of each run; the first is not timed, as it begins with the imports
SCRIPTS = [
    script
    for step in ("02", "03", "04", "05", "07", "08")
    for script in EXAMPLES.glob(f"{step}_*/process_digits.py")
]


def rows():
    """Measure, and return rows for the table; the ratios are to one thread with nothing beside."""
    for script in SCRIPTS:
        ways = {}
        for threads in sorted({1, 2, os.cpu_count()}):
            for others in (0, 2):
                ways[threads, others] = partial(epoch_seconds, script, threads, others)
        medians = take_turns(ways, rounds=3)
        for (threads, others), median in medians.items():
            beside = "two busy programs" if others else "nothing"
            what = f"step {script.parent.name[:2]}, {threads} thread(s), beside {beside}"
            yield what, f"{median:.2f} s", median / medians[1, 0]


def epoch_seconds(script, threads, others):
    """Return the seconds of an epoch, beside so many other busy programs."""
    with busy(others):
        lines = takewhile(lambda line: line[1] <= EPOCHS, epoch_lines(script, threads))
        times = [(seconds, epoch) for seconds, epoch, _ in lines]
    (begin, first), (end, last) = times[0], times[-1]
    return (end - begin) / (last - first)


@contextmanager
def busy(programs):
    """Keep so many programs busy with nothing."""
    running = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(programs)
    ]
    try:
        yield
    finally:
        for program in running:
            program.kill()
            program.wait()
