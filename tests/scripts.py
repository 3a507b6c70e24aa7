"""What the tests of the steps share: run a script as a person does, edit it, read its README."""

import contextlib
import functools
import importlib
import io
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

import pytest
from PIL import Image

TOP = Path(__file__).resolve().parent.parent
WINDOWS = not hasattr(os, "fork")  # there, or as there: see as_on_windows/
READMES = sorted(
    path for place in (".", "[a-z]*", "examples/*") for path in TOP.glob(f"{place}/README.md")
)
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\d.]*\w)")
RANGE = re.compile(rf"({NUMBER.pattern}) to ({NUMBER.pattern})")


# Scripts that were edited


@functools.cache
def edited():
    """Return the tracked scripts that differ from HEAD; None where TOP is no git checkout."""
    git = ["git", "--git-dir", TOP / ".git", "--work-tree", TOP]  # no other project's around TOP
    diff = ["diff", "HEAD", "--name-only", "-z", "--", "*.py"]
    try:
        found = subprocess.run([*git, *diff], cwd=TOP, capture_output=True, encoding="utf-8")
    except OSError:  # there is no git
        return None
    return None if found.returncode else [TOP / name for name in found.stdout.split("\0") if name]


def need_as_shipped(*places):
    """Skip this test if a script among these, or in these folders, was edited; in CI, fail."""
    names = [
        script.relative_to(TOP).as_posix()
        for script in edited() or []
        if any(script.is_relative_to(place) for place in places)
    ]
    if names:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop(f"Edited: {', '.join(names)}. This test is about what was shipped.")


# Copies of the workshop

# What people and their runs make in the folders: it is theirs, and no part of what is tested.
MADE = re.compile(r"\.git|\.?venv|__pycache__|packages|.*_cache|.*\.egg-info|my_digits.*")
LEFT_BEHIND = ["*.png", "*.gif", "*.npz", "*.sqlite*", "*.csv*", "scores_*", "*.part", "digits.*"]


def copy_workshop(folder, *parts):
    """Copy the workshop, or parts of it, without what people made of it; return the folder."""

    def unwanted(place, names):
        patterns = [] if Path(place).name == "images" else LEFT_BEHIND
        ignored = shutil.ignore_patterns("__pycache__", *patterns)(place, names)
        return ignored - {"room_digits.npz"}  # it comes with step 11

    for part in parts or [path.name for path in TOP.iterdir() if not MADE.fullmatch(path.name)]:
        if (TOP / part).is_dir():
            shutil.copytree(TOP / part, folder / part, ignore=unwanted, dirs_exist_ok=True)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / part, folder)
    return folder


def make_environment(folder):
    """Make folder/.venv, with this Python's packages and folder's modules; return its Python."""
    venv.create(folder / ".venv")
    packages = next((folder / ".venv").glob("lib/python*/site-packages"))
    borrowed = [str(folder), *(path for path in sys.path if path.endswith("-packages"))]
    (packages / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return folder / ".venv" / "bin" / "python"


# Running


def start(script, *arguments, cwd, **environment):
    """Start a script in the folder cwd, with nobody at the keyboard; return the process."""
    return subprocess.Popen(
        [sys.executable, script, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def run(script, *arguments, cwd, timeout=900, **environment):
    """Run a script in the folder cwd to its end; return the process, with what it said."""
    process = start(script, *arguments, cwd=cwd, **environment)
    try:
        output, errors = process.communicate(timeout=timeout)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def output_of(script, *arguments, cwd, **hyperparameters):
    """Run a script, edited for this once, in the folder cwd; return what it printed.

    It must do well, and complain of nothing.
    """
    with changed(Path(cwd, script), **hyperparameters):
        result = run(script, *arguments, cwd=cwd)
    assert result.returncode == 0 and not result.stderr, result.stderr
    return result.stdout


def interrupt(script, *arguments, cwd, after, pause=0, exit_status=0, **hyperparameters):
    """Run a script, edited for this once; press Ctrl-C, pause seconds after its output has after.

    It must end with exit_status. Return what it printed before, what since, its standard error.
    """
    if WINDOWS:
        pytest.skip("Windows sends Ctrl-C to a whole console")
    with changed(Path(cwd, script), **hyperparameters):
        process = start(script, *arguments, cwd=cwd, PYTHONUNBUFFERED="1")
        try:
            output = ""
            while after not in output:
                line = process.stdout.readline()
                assert line, process.stderr.read()
                output += line
            time.sleep(pause)
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=60)
        finally:
            process.kill()
            process.wait()
    assert process.returncode == exit_status, errors
    return output, rest, errors


@contextlib.contextmanager
def own_modules(folder):
    """Let imports find the modules in a folder first; after the with block, they are forgotten.

    So each step may have a module of the same name, and what one test does to it, no other meets.
    """
    known = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - known:
            if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                del sys.modules[name]


def step_module(folder, name):
    """Import a module of a folder: step_module(STEP, "coach"). Call it in a test or a fixture.

    Then a script that somebody has broken stops the tests of its own step, and no others.
    """
    with own_modules(TOP / folder):
        return importlib.import_module(name)


def run_here(script, *arguments, **hyperparameters):
    """Run a script, edited for this once, in this process: a new one takes seconds to start.

    Return what it printed, and how it ended: None, the message of sys.exit, or the exception.
    """
    before = os.getcwd(), sys.argv, signal.getsignal(signal.SIGINT)
    ending = None
    output = io.StringIO()
    os.chdir(script.parent)
    sys.argv = [str(script), *map(str, arguments)]
    try:
        with (
            changed(script, **hyperparameters),
            own_modules(script.parent),
            contextlib.redirect_stdout(output),
        ):
            runpy.run_path(str(script), run_name="__main__")
    except SystemExit as error:
        ending = error.code
    except Exception as error:
        ending = error
    finally:
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
        os.chdir(before[0])
        sys.argv = before[1]
        signal.signal(signal.SIGINT, before[2])
    return output.getvalue(), ending


def output_here(script, *diffs, **hyperparameters):
    """Return what a script prints, run as by run_here() after some diffs. It must do well."""
    with changed(script, *diffs):
        output, ending = run_here(script, **hyperparameters)
    assert ending is None, ending
    return output


# Editing


def edit(script, **hyperparameters):
    """Change hyperparameters in a script, as a person would: name=value, or name = value.

    Every value is Python source, such as '"adam"' or "(64,)". Where a name stands several times,
    the one at the beginning of a line is meant.
    """
    text = script.read_text(encoding="utf-8")
    for name, value in hyperparameters.items():
        for margin in ("", " *"):
            pattern = rf"^({margin}{name} ?= ?).+?(,?)(  #.*)?$"
            new, count = re.subn(pattern, rf"\g<1>{value}\g<2>\g<3>", text, flags=re.MULTILINE)
            if count == 1:
                break
        assert count == 1, f"{name} stands {count} times in {script}"
        text = new
    script.write_text(text, encoding="utf-8")


def replace(script, old, new):
    """Replace what stands once in a script."""
    text = script.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    script.write_text(text.replace(old, new), encoding="utf-8")


def change(script, diff):
    """Do to a script what a diff in the README says; lines added to none go to the end."""
    text = script.read_text(encoding="utf-8")
    for hunk in re.findall(r"(?:[- ].*\n)*(?:\+.*\n)+(?: .*\n)*", diff):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] != "+")
        new = "".join(line[1:] for line in lines if line[0] != "-")
        assert not old or text.count(old) == 1, old
        text = text.replace(old, new) if old else text + new
    script.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def changed(script, *diffs, **hyperparameters):
    """Change a script for a with block: by diffs, as change() does, and then as edit() does."""
    original = script.read_bytes() if diffs or hyperparameters else None
    try:
        for diff in diffs:
            change(script, diff)
        if hyperparameters:
            edit(script, **hyperparameters)
        yield
    finally:
        if original is not None:
            script.write_bytes(original)


def blocks(readme, language):
    """Return the code blocks of one language in a README, each without the list's indentation."""
    text = readme.read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


# What was printed and drawn


def score(output):
    """The score that a script printed."""
    return float(re.search(r"^We have a score of (\d\.\d+)$", output, flags=re.MULTILINE)[1])


def assert_drawn(*pictures):
    """Each picture is there, is as large as a person wants it, and shows something."""
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.width >= 600, path
            assert len(picture.convert("RGB").getcolors(1_000_000)) > 20, path


def assert_printed(block, output):
    """Every line of block stands in output, in this order.

    "..." stands for any number of lines, or at the end of a line for its rest. Whole numbers must
    be equal; scores (0 to 1, or a percentage) may differ by 0.01, other numbers by a tenth. Where
    block has a range, such as "0.85 to 0.90", the number printed must lie in it.
    """
    lines = iter(output.splitlines())
    for expected in block.splitlines():
        if expected.strip() != "...":
            assert any(alike(expected, line) for line in lines), f"not printed: {expected!r}"


def alike(expected, line):
    """Tell whether a printed line is what a line of a README says."""
    limits = []  # for each number in expected, the lowest and the highest that will do
    pattern = re.compile(rf"{RANGE.pattern}|{NUMBER.pattern}")
    for found in pattern.finditer(expected):
        if found[1]:
            limits.append((float(found[1]), float(found[2])))
        else:
            number = float(found[0])
            tolerance = allowed(found[0], expected[found.end() : found.end() + 1])
            limits.append((number - tolerance, number + tolerance))
    words = pattern.sub("#", expected).split()
    printed = NUMBER.sub("#", line).split()
    if words and words[-1] == "...":
        words.pop()
        printed = printed[: len(words)]
    numbers = [float(number) for number in NUMBER.findall(line)]
    return words == printed and all(
        low <= number <= high for number, (low, high) in zip(numbers, limits)
    )


def allowed(number, unit):
    """Return by how much a printed number may differ from the one in the text."""
    value = abs(float(number))
    if unit == "%":
        return 1.0 + 1e-9
    if re.fullmatch(r"[-+]?\d+", number):
        return 0
    if value <= 1 and "e" not in number:
        return 0.01 + 1e-9
    return 0.1 * value
