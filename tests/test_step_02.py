"""The script of the workshop: at the top, and the same text in step 02."""

import os
import re

import pytest
from scripts import TOP, assert_printed, blocks, edit, interrupt, run

STEP = "examples/02_training_and_testing_the_network"


def score(output):
    return float(re.search(r"^We have a score of (0\.\d+)$", output, flags=re.MULTILINE)[1])


def test_the_two_scripts_are_the_same():
    top = (TOP / "process_digits.py").read_text(encoding="utf-8")
    assert (TOP / STEP / "process_digits.py").read_text(encoding="utf-8") == top


def test_it_trains_tests_and_scores_as_the_readmes_say(workshop):
    result = run("process_digits.py", cwd=workshop)
    assert result.returncode == 0, result.stderr
    assert 0.84 < score(result.stdout) < 0.91
    for readme in (TOP / "README.md", TOP / STEP / "README.md"):
        (block,) = blocks(readme, "text")
        assert_printed(block, result.stdout)


def test_it_runs_from_its_own_folder(workshop):
    edit(workshop / STEP / "process_digits.py", max_iter=2)
    result = run("process_digits.py", cwd=workshop / STEP)
    assert result.returncode == 0, result.stderr
    assert 0.3 < score(result.stdout) < 0.8
    assert "Iteration 2, loss" in result.stdout
    assert "ConvergenceWarning" in result.stderr


def test_the_same_seed_gives_the_same_run(workshop):
    edit(workshop / "process_digits.py", max_iter=1)
    first = run("process_digits.py", cwd=workshop).stdout
    assert run("process_digits.py", cwd=workshop).stdout == first
    edit(workshop / "process_digits.py", random_state=1)
    assert run("process_digits.py", cwd=workshop).stdout != first


@pytest.mark.parametrize(
    "name, value", [("solver", '"sdg"'), ("activation", '"sigmoid"'), ("learning_rate_init", -1)]
)
def test_a_wrong_hyperparameter_is_named(workshop, name, value):
    edit(workshop / "process_digits.py", **{name: value})
    result = run("process_digits.py", cwd=workshop)
    assert result.returncode == 1
    message = result.stderr.splitlines()[-1]
    assert f"InvalidParameterError: The '{name}' parameter of MLPClassifier must be" in message


def test_a_far_too_large_learning_rate_ends_in_the_message_of_the_readme(workshop):
    edit(workshop / "process_digits.py", activation='"relu"', learning_rate_init=1000, max_iter=2)
    result = run("process_digits.py", cwd=workshop)
    assert result.returncode == 1
    explained = "ValueError: Solver produced non-finite parameter weights"
    assert result.stderr.splitlines()[-1].startswith(explained)
    assert explained in (TOP / "README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_ends_the_training_and_still_scores(workshop):
    output, rest, errors = interrupt("process_digits.py", cwd=workshop, after="Iteration 3")
    assert "Training interrupted by user." in errors
    assert 0.3 < score(output + rest) < 0.9
