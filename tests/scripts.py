"""What the tests of the steps share: run a script as a person does, edit it, read its README."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def run(script, *arguments, cwd, **environment):
    """Run a script with this Python in the folder cwd; return the process, with what it said."""
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
    )


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
    output = ""
    while after not in output:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        output += line
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    assert process.returncode == exit_status, errors
    return output, rest, errors


def edit(script, **hyperparameters):
    """Change hyperparameters in a script, as a person would: name=value, or name = value.

    Every value is Python source, such as '"adam"' or "(64,)".
    """
    text = script.read_text(encoding="utf-8")
    for name, value in hyperparameters.items():
        pattern = rf"^( *{name} ?= ?).+?(,?)(  #.*)?$"
        text, count = re.subn(pattern, rf"\g<1>{value}\g<2>\g<3>", text, flags=re.MULTILINE)
        assert count == 1, f"{name} stands {count} times in {script}"
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


def assert_printed(block, output):
    """Every line of block stands in output, in this order; numbers may differ by a tenth.

    "..." stands for any number of lines, or at the end of a line for its rest. What is trained
    differs a little from one machine to the next; where a number is exact, a step's test says so.
    """
    lines = iter(output.splitlines())
    for expected in block.splitlines():
        if expected.strip() != "...":
            assert any(_alike(expected, line) for line in lines), f"not printed: {expected!r}"


def _alike(expected, line):
    words = NUMBER.sub("#", expected).split()
    printed = NUMBER.sub("#", line).split()
    if words and words[-1] == "...":
        words.pop()
        printed = printed[: len(words)]
    pairs = zip(NUMBER.findall(expected), NUMBER.findall(line))
    return words == printed and all(
        abs(float(a) - float(b)) <= 0.1 * abs(float(a)) + 1e-9 for a, b in pairs
    )
