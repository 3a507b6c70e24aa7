"""Measure the workshop beside the ways that people know, and print one table.

    python benchmarks/run.py            everything, in about half an hour on two cores
    python benchmarks/run.py loading    only that (or several, with spaces between)

The parts are loading, epochs, from_scratch, past_99_percent and busy; the README says what each
compares. A figure is the median of several runs in which the ways take turns. PyTorch's and
torchvision's rows are left out where they are not installed.
"""

import importlib
import importlib.util
import sys
from contextlib import redirect_stdout
from io import StringIO

import mnist
from measuring import print_table

PARTS = ["loading", "epochs", "from_scratch", "past_99_percent", "busy"]

if __name__ == "__main__":
    parts = sys.argv[1:] or PARTS
    for part in parts:
        if part not in PARTS:
            sys.exit(f"There is no part {part}. The parts are: {', '.join(PARTS)}.")
    for package in ("torch", "torchvision"):
        if not importlib.util.find_spec(package):
            print(f"{package} is not installed: the rows that compare with it are left out.")
    with redirect_stdout(StringIO()):
        mnist.load()  # whatever it has to say is not for the table
    print_table(row for part in parts for row in importlib.import_module(part).rows())
