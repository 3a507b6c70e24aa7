"""Every command that a README prints is run as printed, in a fresh copy of the workshop.

Not run are those that NOT_HERE names. The step's own slow tests train in full, as each step stands;
here, the networks of MLPClassifier train for three epochs.
"""

import os
import re
import shutil
import subprocess
import venv
from importlib import metadata

import pytest
from mirror import Mirror
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from scripts import READMES, TOP, blocks, copy_workshop, make_environment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.about("."),
    pytest.mark.skipif(os.name == "nt", reason="the commands for PowerShell are run by CI only"),
]
NOT_HERE = {
    r"-m venv|pytest|requirements|constraints": "sets up or tests: CI does it, or the test below",
    r"\b(apt|brew|winget|sudo)\b": "changes the system",
    r"--watch": "goes on until a person ends it",
    r"--scheduler|tls://|(lead|join|board)\.py|http\.server": "serves others until it is ended",
    r"(hand_in|learn_from_room)\.py": "wants a board, or a network of step 04: step 11's own tests",
    r"measure\.py": "reads for five minutes: step 06's own slow test",
    r"\bmy_|\b[A-Z]{3,}\b|\.\.\.": "names a file that the reader makes, or anything",
}
TARGETS = {  # the platform that pip download is told: what that computer says of itself
    "win_amd64": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macosx_12_0_arm64": {"sys_platform": "darwin", "platform_system": "Darwin"},
}


@pytest.fixture
def clone(tmp_path):
    """A fresh copy with an environment .venv, which borrows the packages of this Python."""
    folder = copy_workshop(tmp_path / "workshop")
    for script in folder.glob("examples/**/*.py"):
        text = script.read_text(encoding="utf-8")
        shorter = re.sub(r"\bmax_iter( ?= ?)\d\d+", r"max_iter\g<1>3", text)
        shorter = re.sub(r"^networks = \d+", "networks = 9", shorter, flags=re.MULTILINE)
        script.write_text(shorter, encoding="utf-8")
    make_environment(folder)
    return folder


def environment(folder, **more):
    """The environment of somebody who has activated the .venv in folder, and set nothing else."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    path = f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "BROWSER": "true", **more}  # true opens no window


def shell(commands, cwd, timeout=900, before=(), **variables):
    """Run lines of a README in bash; return the process, with all that it said in stdout."""
    return subprocess.run(
        [*before, "bash", "-e", "-o", "pipefail", "-c", commands],
        cwd=cwd,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
    )


def runnable(block):
    """The lines of a block that can be run here."""
    lines = block.replace("\\\n", "").splitlines()
    return [line for line in lines if line and not any(re.search(p, line) for p in NOT_HERE)]


def mentioned(readme):
    """The commands that stand within a sentence: `python script.py --option`."""
    text = readme.read_text(encoding="utf-8")
    found = dict.fromkeys(re.findall(r"`(python [\w./-]+\.py[^`\n]*)`", text))
    return [command for command in found if runnable(command)]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_every_command_does_what_it_should(clone, readme):
    mirror = Mirror()
    variables = environment(clone, MNIST_MIRRORS=mirror.url("good"))
    home = clone / readme.relative_to(TOP).parent
    printed = [lines for lines in map(runnable, blocks(readme, "bash")) if lines]
    cwd = clone if printed and printed[0][0].startswith("cd ") else home
    done = set()
    for lines in printed:
        result = shell("\n".join(lines), cwd, **variables)
        assert result.returncode == 0, "\n".join([*lines, result.stdout[-3000:]])
        cwd = moved_to(cwd, lines)
        done.update(lines)
    for command in mentioned(readme):
        script = command.split()[1]
        places = [place for place in (cwd, home, clone) if (place / script).exists()]
        if command not in done and places:
            result = shell(command, places[0], **variables)
            assert result.returncode == 0, f"{command}\n{result.stdout[-3000:]}"
    mirror.close()


def moved_to(cwd, lines):
    """The folder in which a person is after these lines."""
    for line in lines:
        if line.startswith("cd "):
            cwd = cwd / line.removeprefix("cd ").strip()
    return cwd.resolve()


# A room without a network


def lines_with(words):
    """The lines for bash that have these words, in the README for whoever leads the workshop."""
    lines = "".join(blocks(TOP / "slides/README.md", "bash")).splitlines()
    return [line for line in lines if words in line]


def missing(packages, target):
    """What the packages in a folder need on the target's system and is not there."""
    found = [*metadata.distributions(path=map(str, packages.glob("*.whl")))]
    needed = [Requirement(text) for package in found for text in package.requires or []]
    system = {**default_environment(), **target}
    wanted = {one.name for one in needed if one.marker is None or one.marker.evaluate(system)}
    return set(map(canonicalize_name, wanted)) - {canonicalize_name(one.name) for one in found}


def test_the_workshop_is_installed_without_a_network(clone, tmp_path):
    shutil.rmtree(clone / ".venv")
    venv.create(clone / ".venv", with_pip=True)
    packages, own = clone / "packages", tmp_path / "own"
    for command in lines_with("pip download"):  # all may go into one folder; here, each by itself
        assert "-r requirements-offline.txt" in command  # with the other, pip packs this folder
        result = shell(command, clone, **environment(clone))
        assert result.returncode == 0, result.stdout
        other = re.search(r"--platform (\S+) --python-version (\S+)", command)
        if other:
            version = {"python_version": other[2], "python_full_version": f"{other[2]}.0"}
            assert not missing(packages, {**TARGETS[other[1]], **version})
            shutil.rmtree(packages)
        else:
            packages.rename(own)
    own.rename(packages)

    cut_off = ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*cut_off, "true"]).returncode:
        pytest.skip("this system lets nobody cut off a process from the network")
    shutil.rmtree(clone / ".venv")
    variables = {k: v for k, v in environment(clone).items() if not k.startswith("PIP_")}
    variables["PIP_CONFIG_FILE"] = os.devnull
    (command,) = lines_with("--no-index")
    check = "cd / && python -c 'import mnist, sklearn, matplotlib, pytest; mnist.load()'"
    result = shell(f"{command}\n{check}", clone, before=cut_off, **variables)
    assert result.returncode == 0, result.stdout
