"""Is this computer ready? Each thing that can be wrong is named, with its cure."""

import sys

import pytest
from mirror import Mirror
from scripts import TOP, WINDOWS, run

from workshop.guide import computer

# What is tried, a module in place of the real one, and what is said of it.
BROKEN = {
    "blocked": (
        "network",
        "scipy",
        "raise ImportError('DLL load failed while importing _ufuncs: "
        "An Application Control policy has blocked this file.')",
        ["cannot load scipy.ndimage", "Your computer forbids it", "in your browser"],
    ),
    "no_dll": (
        "pictures",
        "numpy",
        "raise ImportError('DLL load failed while importing _x: The module could not be found.')",
        ["cannot load numpy", "Visual C++ Redistributable"],
    ),
    "no_sqlite": (
        "pictures",
        "sqlite3",
        "import _no_sqlite3",
        ["cannot load sqlite3", "built without a part", "remove the folder .venv"],
    ),
    "no_database": (
        "pictures",
        "sqlite3",
        "def connect(path):\n    raise OSError('disk I/O error')",
        ["cannot keep a score in a database", "Make room on the disk"],
    ),
    "dies": (
        "network",
        "joblib",
        "import os\nos._exit(3)",
        ["cannot load joblib", "without a word", "newer processor"],
    ),
    "killed": (
        "network",
        "sklearn",
        "import os, signal\nos.kill(os.getpid(), getattr(signal, 'SIGILL', signal.SIGTERM))",
        ["cannot load sklearn.neural_network", "without a word", "in your browser"],
    ),
    "no_memory": ("network", "sklearn", "raise MemoryError", ["Close other programs"]),
    "damaged": ("network", "requests", "from os import no", ["--force-reinstall"]),
    "another_mnist": ("network", "mnist", "pass", ["cannot load the digits", "uninstall mnist"]),
}


def problems():
    return " ".join(computer.problems_of_this_computer())


@pytest.mark.parametrize("broken", BROKEN)
def test_what_does_not_work_is_named_with_its_cure(tmp_path, monkeypatch, broken):
    trial, module, source, words = BROKEN[broken]
    (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(computer, "TRIALS", [trial])
    said = problems()
    assert all(word in said for word in words), said
    assert "Traceback" not in said


def test_a_notebooks_variable_is_named(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setattr(computer, "TRIALS", ["pictures"])
    said = problems()
    assert "MPLBACKEND comes from a notebook" in said and "new terminal" in said


def test_digits_that_are_nowhere_are_said_as_mnist_says_it(tmp_path, monkeypatch):
    mirror = Mirror()
    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MNIST_MIRRORS", mirror.url("404"))
    monkeypatch.setattr(computer, "TRIALS", ["network"])
    said = problems()
    mirror.close()
    assert said.startswith("train-images-idx3-ubyte.gz could not be downloaded.")
    assert "by hand" in said


@pytest.mark.parametrize(
    "pretend, words",
    [
        ("sys.version_info = (3, 9, 6); sys.version = '3.9.6 (of Apple)'", "This is Python 3.9.6;"),
        ("sys.maxsize = 2**31 - 1", "one for 32 bits"),
    ],
)
def test_a_python_that_is_too_old_or_too_small_is_named(pretend, words):
    code = f"import runpy, sys; {pretend}; runpy.run_path('guide.py', run_name='__main__')"
    result = run("-c", code, cwd=TOP)
    assert result.returncode == 1, result.stderr
    assert words in result.stdout and "quick start again" in " ".join(result.stdout.split())
    assert "troubleshooting.md" in result.stderr


def test_an_environment_that_is_not_active_is_the_cause(tmp_path, monkeypatch):
    (tmp_path / ".venv").mkdir()
    wanted = "numpy>=99.0\nno-such-package>=1.0\n"
    (tmp_path / "requirements.txt").write_text(wanted, encoding="utf-8")
    monkeypatch.setattr(computer, "TOP", tmp_path)
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    said = problems()
    assert "The package numpy is too old" in said
    assert "The package no-such-package is missing." in said
    assert "not active" in said and "guide.py" in said and "pip install" not in said


@pytest.mark.skipif(WINDOWS, reason="it takes away a right in the way of Linux and macOS")
def test_a_folder_in_which_nothing_can_be_written_is_named(tmp_path):
    tmp_path.chmod(0o555)
    # Root may write everywhere, so it becomes somebody else once the modules are loaded.
    code = "import os; from workshop.guide import computer; os.geteuid() or os.seteuid(65534); "
    result = run("-c", code + "print(computer.look_at_the_folder('.'))", cwd=tmp_path)
    tmp_path.chmod(0o755)
    assert "Nothing can be written into the folder" in result.stdout, result.stderr
    assert "Permission denied" in result.stdout and "zip file" in result.stdout
