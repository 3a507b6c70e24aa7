"""The rooms of guide.py. Only the standard library: it speaks before anything is installed.

stages.py      the five stages: what the guide says of each, and the lines to type
talk.py        how it says so
script.py      the reader's file: is it there, was it saved, catching up
run.py         running it, in a process of its own
checks.py      which stage is reached, and what is missing
meanings.py    what an exception means
computer.py    is this computer ready?
"""

import os
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
SCRIPT = TOP / "my_digits.py"
STEP = TOP / "examples/02_training_and_testing_the_network"

ACTIVATE = ".venv\\Scripts\\Activate.ps1" if os.name == "nt" else ". .venv/bin/activate"
INSTALL = "python -m pip install -r requirements.txt"
