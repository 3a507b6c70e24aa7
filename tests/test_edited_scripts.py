"""People edit the scripts: then the tests say so, and no test of another script suffers."""

import re
import shutil
import subprocess

import pytest
from scripts import LEFT_BEHIND, copy_workshop, run

VERDICT = "examples/04_improving_the_score/better_or_lucky.py"
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="There is no git here.")
SIX_TESTS = ("tests/test_step_04.py", "tests/test_step_00.py", "-k", "verdict or nothing_to_do")


def commit_all(folder):
    who = ["-c", "user.name=A reader", "-c", "user.email=reader@example.org"]
    who += ["-c", "commit.gpgsign=false"]
    for command in (["init"], ["add", "--all"], ["commit", "--message", "as it came"]):
        subprocess.run(["git", *who, *command], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def unpacked(tmp_path):
    """The workshop as a ZIP brings it, in a folder of a project of somebody's own."""
    parts = "examples slides tests workshop pyproject.toml process_digits.py README.md"
    folder = copy_workshop(tmp_path / "project" / "workshop", *parts.split())
    commit_all(folder.parent)
    return folder


def break_script(path):
    path.write_text(path.read_text(encoding="utf-8") + "\ndef (\n", encoding="utf-8")


def suite(folder, *options, **environment):
    """Run the suite in a folder; return the process."""
    return run("-m", "pytest", "-n0", "-q", "-rs", *options, cwd=folder, **environment)


@pytest.mark.slow
def test_broken_scripts_stop_no_collection(unpacked):
    """Any script may be the one that somebody has broken; here, all of them are."""
    for script in unpacked.glob("examples/*/**/*.py"):
        break_script(script)
    result = suite(unpacked, "--collect-only", "-m", "slow or not slow")
    assert result.returncode == 0, result.stdout[-3000:]


def test_a_broken_script_of_a_zip_stops_its_own_tests_and_the_last_lines_tell_why(unpacked):
    break_script(unpacked / VERDICT)
    result = suite(unpacked, *SIX_TESTS, CI="true")
    assert result.returncode == 1
    hint, summary = result.stdout.rsplit("\n", 2)[-3:-1]
    assert hint.endswith("run: python guide.py") and "3 failed, 3 passed" in summary


def test_in_a_checkout_the_tests_of_an_edited_script_skip_and_in_ci_they_fail(unpacked):
    commit_all(unpacked)
    assert "6 passed" in suite(unpacked, *SIX_TESTS).stdout
    break_script(unpacked / VERDICT)
    result = suite(unpacked, *SIX_TESTS, CI="")
    assert result.returncode == 0 and "3 passed, 3 skipped" in result.stdout
    assert f"Edited: {VERDICT}. This test is about" in re.sub(r"\s+", " ", result.stdout)
    result = suite(unpacked, *SIX_TESTS, CI="true")
    assert result.returncode == 1 and "guide.py" not in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["process_digits.py", "examples/[0-9]*/*.py"])
def test_the_suite_passes_where_people_have_worked(tmp_path, pattern):
    copy_workshop(tmp_path)
    commit_all(tmp_path)
    for script in tmp_path.glob(pattern):
        text = script.read_text(encoding="utf-8").replace("0.01", "0.02").replace("100", "50")
        script.write_text(text + "\nprint('my own line')\n", encoding="utf-8")
    for step in tmp_path.glob("examples/[0-9]*"):
        for left in LEFT_BEHIND:
            (step / left.replace("*", "runs")).write_bytes(b"what some run has left here")
    (tmp_path / "my_digits.py").write_text("import mnist\n", encoding="utf-8")
    result = suite(tmp_path, "--ignore", "tests/test_mnist.py", CI="")  # no script is in it
    assert result.returncode == 0, result.stdout[-5000:]
    assert "Edited: " in result.stdout
