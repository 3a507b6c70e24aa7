"""Is this computer ready? Everything that the steps import is imported, and all of it is tried."""

import importlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from importlib import metadata
from pathlib import Path

from . import ACTIVATE, INSTALL, STEP, TOP

AGAIN = "then remove the folder .venv, and do the quick start again."
ELSEWHERE = (
    "If it cannot be changed, share a neighbour's computer, or use one in your browser: on the "
    "project's page, choose Code, Codespaces."
)
FORBIDDEN = (
    "Your computer forbids it: a security program, or a rule of whoever looks after this computer. "
    "Ask them to allow Python in this folder. " + ELSEWHERE
)

DIED = (
    "Close other programs, and try again. If it ends again, a security program may forbid it, or "
    "this package wants a newer processor. " + ELSEWHERE
)

# What Python says, and what to do about it: the first pattern that fits.
CURES = [
    (r"policy|blocked|denied|virus|WinError (5|225|1260|4551)\b", FORBIDDEN),
    (
        r"DLL load failed",
        "A file of this package cannot be loaded. Windows may lack a part: install Microsoft's "
        '"Visual C++ Redistributable" for x64, and try again. Or a security program forbids it: '
        "ask whoever looks after this computer. " + ELSEWHERE,
    ),
    (
        r"incompatible architecture|wrong architecture|wrong ELF class",
        "The packages are made for another kind of processor than this Python. Install Python "
        "from python.org, " + AGAIN,
    ),
    (
        r"\bbackend\b|matplotlib_inline",
        "The variable MPLBACKEND comes from a notebook or from another program. Open a new "
        "terminal outside of it; or type: "
        + ("set MPLBACKEND=" if os.name == "nt" else "unset MPLBACKEND")
        + (" (in PowerShell: $env:MPLBACKEND = '')" if os.name == "nt" else ""),
    ),
    (
        r"No module named '?(_\w+|sqlite3|ssl|ctypes)\b",
        "This Python was built without a part that belongs to it. Install Python from python.org, "
        "or that of your system, " + AGAIN,
    ),
    (
        r"No module named '?(mnist|workshop)\b|module 'mnist' has no attribute",
        "This folder is not installed: it was moved, or got another name, or there is another "
        f"package mnist. This helps: python -m pip uninstall mnist, and then: {INSTALL}",
    ),
    (r"MemoryError|[Uu]nable to allocate|paging file", "Close other programs: memory has run out."),
    (r"No space left|disk is full|disk I/O", "Make room on the disk: 200 MB."),
    (
        r"^(ImportError|ModuleNotFoundError|AttributeError|SyntaxError|ValueError: numpy)",
        "The package is damaged, or does not fit the others. This helps: "
        f"{INSTALL} --force-reinstall",
    ),
]


def problems_of_this_computer():
    """Return what is wrong with this computer and how to fix it: a list of sentences.

    The first cause comes alone: what follows from it would only confuse.
    """
    for look in (look_at_python, look_at_the_folder, look_at_the_packages, try_everything):
        problems = look()
        if problems:
            return problems
    return []


def look_at_python():
    problem = None
    if sys.version_info < (3, 10):  # noqa: UP036, it is just what is asked here
        problem = f"This is Python {sys.version.split()[0]}; 3.10 or newer is needed."
    elif sys.maxsize < 2**32:
        problem = "This Python is one for 32 bits, and the packages are made for 64."
    if not problem:
        return []
    return [problem, not_active() or f"Install another, from python.org; {AGAIN}"]


def not_active():
    """Return what to do if there is an environment that is not active (else None)."""
    if sys.prefix == sys.base_prefix and (TOP / ".venv").exists():
        python = ".venv\\Scripts\\python" if os.name == "nt" else ".venv/bin/python"
        return (
            f"The environment is not active. Activate it: {ACTIVATE}   or type: {python} guide.py"
        )
    return None


def look_at_the_folder(folder=TOP):
    """Can anything be written, and is there room for it?"""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"a file of the guide")
    except OSError as error:
        return [
            f"Nothing can be written into the folder {folder} ({error.strerror}).",
            "Is it inside a zip file, or on a stick, or guarded by a security program? Move it to "
            "a folder of your own, such as Documents, and do the quick start there.",
        ]
    if shutil.disk_usage(folder).free < 200e6:
        return ["The disk is nearly full: make 200 MB free."]
    return []


def look_at_the_packages():
    """Are they there, and new enough?"""
    problems = []
    for name, wanted in re.findall(
        r"^([\w-]+)>=([\d.]+)", (TOP / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    ):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            problems.append(f"The package {name} is missing.")
        else:
            if numbers(found) < numbers(wanted):
                problems.append(f"The package {name} is too old: {found}, and not {wanted}.")
    if problems:
        fix = f"This fixes it (if not, do the quick start again): {INSTALL}"
        problems.append(not_active() or fix)
    return problems


def numbers(version):
    return [int(number) for number in re.findall(r"\d+", version)[:2]]


# What is tried, each in a process of its own, since it may die: side by side, to save seconds.


def attempt(what):
    """Say what comes now, for the guide: should this process end, it was that."""
    print("Trying to", what, file=sys.stderr, flush=True)


def load(*modules):
    for module in modules:
        attempt(f"load {module}")
        importlib.import_module(module)


def try_pictures():
    """Draw a picture into a file, and keep a run in a database, as the scoreboard does."""
    load("numpy", "matplotlib.pyplot", "matplotlib.animation", "PIL.Image", "sqlite3", "asyncio")
    attempt("draw a picture")
    pyplot = sys.modules["matplotlib.pyplot"]
    figure, axes = pyplot.subplots()
    axes.plot([0, 1])
    with tempfile.TemporaryDirectory() as folder:
        figure.savefig(Path(folder) / "picture.png")
        attempt("keep a score in a database")
        database = sys.modules["sqlite3"].connect(Path(folder) / "runs.sqlite")
        with database:
            database.execute("CREATE TABLE runs (score REAL)")
            database.execute("INSERT INTO runs VALUES (0.9)")
        database.close()


def try_network():
    """Load the digits, and train a tiny network on a few of them for one epoch."""
    load("numpy", "scipy.ndimage", "scipy.special", "joblib", "threadpoolctl", "requests")
    load("sklearn.neural_network", "sklearn.metrics", "mnist")
    attempt("load the digits")
    images, labels, _, _ = sys.modules["mnist"].load()
    attempt("train a network")
    warnings.simplefilter("ignore")  # one epoch is too few, and scikit-learn would say so
    network = sys.modules["sklearn.neural_network"].MLPClassifier((2,), max_iter=1)
    network.fit(images[:200] / 255, labels[:200]).predict(images[:10])


TRIALS = {"pictures": try_pictures, "network": try_network}


def try_everything():
    """Start the trials from a step's folder, as people do; return what went wrong in the first."""
    command = [sys.executable, "-m", "workshop.guide.computer"]
    quiet = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    try:
        trials = [subprocess.Popen([*command, name], cwd=STEP, **quiet) for name in TRIALS]
    except OSError as error:
        return [f"This computer lets no Python start another one: {error}", FORBIDDEN]
    ended = [(trial.communicate()[1], trial.returncode) for trial in trials]
    for errors, status in ended:
        if status:
            return what_went_wrong(errors, status)
    return []


def what_went_wrong(errors, status):
    """Return what a trial could not do, why, and the cure, from its stderr and its exit status."""
    if "MNISTError: " in errors:
        return [errors.split("MNISTError: ")[-1].strip()]  # it says itself what to do
    tried = re.findall(r"^Trying to (.*)$", errors, re.MULTILINE) or ["start Python"]
    problem = f"This computer cannot {tried[-1]}."
    said = [line for line in errors.splitlines() if re.match(r"(?!Trying to )\S", line)]
    if status != 1 or not said:
        return [f"{problem} Python ends there without a word (exit status {status}).", DIED]
    for pattern, cure in CURES:
        for line in reversed(said):
            if re.search(pattern, line):
                return [f"{problem} Python says: {line[:120]}", cure]
    return [f"{problem} Python says: {said[-1][:120]}", ELSEWHERE]


if __name__ == "__main__":
    TRIALS[sys.argv[1]]()
