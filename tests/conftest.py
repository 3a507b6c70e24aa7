import os
import signal

import pytest
from scripts import TOP, copy_workshop, edited, need_as_shipped

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two tests run at a time, so each gets one core
os.environ["MPLBACKEND"] = "Agg"  # pictures are saved, and no window is opened
signal.signal(signal.SIGINT, signal.default_int_handler)  # a script with & may have it ignored


def pytest_configure(config):
    """Let the warnings that our own files raise be errors, and not those of the libraries."""
    places = ("*.py", "workshop/**/*.py", "examples/*/*.py", "benchmarks/*.py", "tests/*.py")
    ours = {"__main__", "workshop", *(path.stem for place in places for path in TOP.glob(place))}
    config.addinivalue_line("filterwarnings", rf"error:::({'|'.join(sorted(ours))})(\..*)?$")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip a test if somebody has edited what it is about: its module's STEP, and its marks."""
    about = [name for mark in item.iter_markers("about") for name in mark.args]
    if hasattr(item.module, "STEP"):
        about.append(item.module.STEP)
    need_as_shipped(*(TOP / name for name in about))


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter):
    """Say last what a failure may come from, where git does not know what was edited."""
    yield
    if terminalreporter.stats.keys() & {"failed", "error"} and edited() is None:
        terminalreporter.write_line(
            "Have you edited scripts of the workshop? Then that may be why: the tests expect them\n"
            "as they came. Is this computer all right? To find out, run: python guide.py"
        )


@pytest.fixture
def workshop(tmp_path):
    """A copy of the scripts to run and to edit, so that nothing is written into the repository."""
    return copy_workshop(tmp_path, "process_digits.py", "examples")


@pytest.fixture
def step(workshop, request):
    """The folder of the module's STEP in the copy."""
    return workshop / request.module.STEP


@pytest.fixture
def script(step):
    """The step's process_digits.py in the copy."""
    return step / "process_digits.py"
