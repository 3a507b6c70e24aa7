import os
import shutil
import signal

import pytest
from scripts import TOP, need_as_shipped

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two tests run at a time, so each gets one core
os.environ["MPLBACKEND"] = "Agg"  # pictures are saved, and no window is opened
signal.signal(signal.SIGINT, signal.default_int_handler)  # a script with & may have it ignored

# What people's runs leave behind in the folders: it is theirs, and no part of what is tested.
LEFT_BEHIND = [
    "*.png",
    "*.gif",
    "*.npz",
    "*.sqlite*",
    "*.csv*",
    "scores_*",
    "*.part",
    "digits.html",
]


@pytest.fixture(autouse=True)
def scripts_as_shipped(request):
    """Skip the tests of a step (their module's STEP) in which somebody has edited a script."""
    step = getattr(request.module, "STEP", None)
    if step:
        need_as_shipped(TOP / "process_digits.py", *(TOP / step).rglob("*.py"))


@pytest.fixture
def workshop(tmp_path):
    """A copy of the scripts to run and to edit, so that nothing is written into the repository."""
    copy_workshop(tmp_path)
    return tmp_path


def copy_workshop(folder):
    """Copy the script at the top and all examples, as they were shipped, into a folder."""
    shutil.copy(TOP / "process_digits.py", folder)
    unwanted = shutil.ignore_patterns(*LEFT_BEHIND, "__pycache__")
    shutil.copytree(TOP / "examples", folder / "examples", ignore=unwanted)
