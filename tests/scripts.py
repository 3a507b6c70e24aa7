"""What the tests of the steps share: run a script as a person does, edit it, read its README."""

import contextlib
import hashlib
import io
import json
import os
import re
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

TOP = Path(__file__).resolve().parent.parent
SHIPPED = Path(__file__).with_name("shipped.json")  # made by tests/shipped.py
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\d.]*\w)")
RANGE = re.compile(rf"({NUMBER.pattern}) to ({NUMBER.pattern})")


# Scripts that were edited


def fingerprint(script):
    """The SHA-256 of a script's text, whatever its line ends."""
    return hashlib.sha256(script.read_text(encoding="utf-8").encode()).hexdigest()


def need_as_shipped(*scripts):
    """Skip this test if somebody has edited one of the scripts; where CI is set, fail."""
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    for script in scripts:
        name = script.relative_to(TOP).as_posix()
        if name in shipped and fingerprint(script) != shipped[name]:
            stop = pytest.fail if os.environ.get("CI") else pytest.skip
            stop(f"{name} has been edited; this test is about the script as it was shipped.")


# Running


def run(script, *arguments, cwd, timeout=900, **environment):
    """Run a script with this Python in the folder cwd; return the process, with what it said."""
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
    )


def run_here(script):
    """Run a script in this process, which saves the seconds of starting a new one.

    Return what it printed, and how it ended: None, the message of sys.exit, or the exception.
    """
    before = os.getcwd(), list(sys.path), dict(sys.modules), signal.getsignal(signal.SIGINT)
    ending = None
    output = io.StringIO()
    os.chdir(script.parent)
    sys.path.insert(0, str(script.parent))
    try:
        with contextlib.redirect_stdout(output):
            runpy.run_path(str(script), run_name="__main__")
    except SystemExit as error:
        ending = error.code
    except Exception as error:
        ending = error
    finally:
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
        os.chdir(before[0])
        sys.path[:] = before[1]
        signal.signal(signal.SIGINT, before[3])
        for name in set(sys.modules) - set(before[2]):  # the step's own modules
            path = getattr(sys.modules[name], "__file__", None) or ""
            if path.startswith(str(script.parent)):
                del sys.modules[name]
    return output.getvalue(), ending


def interrupt(script, *arguments, cwd, after, exit_status=0):
    """Run a script, press Ctrl-C once after stands in its output, and let it end.

    It must end with exit_status. Return what it printed before, what since, its standard error.
    """
    process = subprocess.Popen(
        [sys.executable, "-u", str(script), *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        output = ""
        while after not in output:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            output += line
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == exit_status, errors
    return output, rest, errors


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
    rest = expected
    pattern = re.compile(rf"{RANGE.pattern}|{NUMBER.pattern}")
    for found in pattern.finditer(expected):
        if found[1]:
            limits.append((float(found[1]), float(found[2])))
        else:
            number = float(found[0])
            tolerance = allowed(found[0], expected[found.end() : found.end() + 1])
            limits.append((number - tolerance, number + tolerance))
    words = pattern.sub("#", rest).split()
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
