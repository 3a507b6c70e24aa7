import os
import shutil

import pytest
from scripts import TOP

# Two tests run at a time, so each gets one core.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture
def workshop(tmp_path):
    """A copy of the scripts to run and to edit, so that nothing is written into the repository."""
    shutil.copy(TOP / "process_digits.py", tmp_path)
    shutil.copytree(
        TOP / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("*.png", "*.gif")
    )
    return tmp_path
