"""Improving the score: the script, and five seeds; the scoreboard and the coach stand apart."""

import re
import signal

import numpy as np
import pytest
from scripts import TOP, assert_printed, blocks, edit, interrupt, output_of, run_here, step_module

STEP = "examples/04_improving_the_score"
# The scores of sixty networks with the same settings, by benchmarks/lucky.py.
EQUAL = """
9430 9432 9455 9426 9463 9468 9471 9440 9431 9440 9515 9392 9477 9447 9443
9450 9466 9403 9473 9438 9499 9411 9441 9456 9407 9399 9443 9452 9459 9475
9436 9447 9472 9438 9396 9452 9492 9454 9496 9480 9417 9432 9448 9476 9418
9477 9447 9455 9456 9509 9428 9372 9467 9439 9480 9418 9461 9462 9459 9452
"""
EQUAL = [int(digits) / 10_000 for digits in EQUAL.split()]


@pytest.mark.slow
def test_the_readme_shows_what_is_printed(step):
    """The runs of the README, from the script as it is, and then the ten networks."""
    printed = ""
    for change in ({}, {"max_iter": 10}, {"learning_rate_init": 0.1}):
        edit(step / "process_digits.py", **change)
        printed += output_of("process_digits.py", cwd=step)
    printed += output_of("better_or_lucky.py", cwd=step)
    for block in blocks(step / "README.md", "text"):
        assert_printed(block, printed)


def test_a_change_is_seen_at_once_the_best_is_kept_and_the_exam_is_locked(step):
    script = step / "process_digits.py"
    edit(script, max_iter=1, hidden_layer_sizes="(8,)", learning_rate_init=0.1)
    assert "test set" not in output_of(script, cwd=step.parent)
    best = (step / "best_network.npz").read_bytes()
    edit(script, divide_pixels_by=1, unlock_test_set="True")
    second = output_of("process_digits.py", cwd=step)
    assert "Changed: divide_pixels_by 255 -> 1\n" in second
    assert re.search(r"^ +1 0\.\d{4} .*\n *->2 0\.\d{4} ", second, flags=re.MULTILINE)
    assert re.search(r"On the test set, .* it scores 0\.\d+\n", second)
    assert (step / "best_network.npz").read_bytes() == best
    with np.load(step / "best_network.npz") as network:
        assert network["weights_0"].shape == (784, 8) and network["divide_pixels_by"] == 255
    (step / "best_network.npz").unlink()
    output_of("process_digits.py", cwd=step, divide_pixels_by=255)
    assert (step / "best_network.npz").read_bytes() == best  # the same run again keeps it again


def test_a_run_ended_by_ctrl_c_counts_and_is_marked(step):
    (step / "best_network.npz").mkdir()  # cannot be replaced by a file
    _, rest, errors = interrupt("process_digits.py", cwd=step, after="Iteration 2,")
    assert "^C: ended early by Ctrl-C" in rest
    assert "best_network.npz cannot be written" in rest
    assert "Traceback" not in errors
    assert re.search(r"^ *->1 0\.\d{4} .* \d+\^C$", rest, flags=re.MULTILINE)


def test_lbfgs_cannot_be_ended_early_and_says_so_before(step):
    edit(step / "process_digits.py", solver='"lbfgs"')
    before = "lbfgs cannot be ended early: after Ctrl-C, nothing is kept."
    _, _, errors = interrupt("process_digits.py", cwd=step, after=before, pause=1, exit_status=1)
    errors = errors.replace(" This problem is unconstrained.\n", "")  # older versions of SciPy
    assert errors == "Stopped, before there was anything to keep.\n"


@pytest.mark.parametrize(
    "change, message",
    [
        ({"solver": '"sdg"'}, "The 'solver' parameter of MLPClassifier must be a str among"),
        ({"divide_pixels_by": '"255"'}, "divide_pixels_by must be a number above 0"),
        ({"unlock_test_set": '"False"'}, "unlock_test_set must be True or False"),
    ],
)
def test_a_slip_is_named_and_leaves_the_scoreboard_alone(step, change, message):
    output, ending = run_here(step / "process_digits.py", **change)
    assert message in str(ending)
    readme = (TOP / STEP / "README.md").read_text(encoding="utf-8")
    assert " ".join(message.split()) in " ".join(readme.split())
    assert "score" not in output
    assert not (step / "runs.sqlite").exists()


def test_two_sets_are_compared_with_several_seeds(step):
    edit(step / "process_digits.py", hidden_layer_sizes="(8,)")
    brief = {"epochs": 1, "seeds": "[0, 1]", "changes": "dict(learning_rate_init=1)"}
    output = output_of(step / "better_or_lucky.py", cwd=TOP, **brief)
    assert len(re.findall(r"^[AB] with seed [01] scores 0\.\d{4} ", output, re.M)) == 4
    assert re.search(r"^B: 0\.\d+ 0\.\d+  mean 0\.\d+, spread 0\.\d+$", output, re.M)
    assert "Verdict: B is better than A." in output
    assert not (step / "runs.sqlite").exists()


@pytest.mark.parametrize(
    "b, words",
    [
        (0.95, "B is better than A."),
        (0.85, "A is better than B."),
        (0.91, "these runs cannot tell"),
    ],
)
def test_the_verdict(b, words):
    assert words in verdict_on(0.90, b, seeds=5)


def test_more_seeds_tell_smaller_differences():
    assert "cannot tell" in verdict_on(0.90, 0.91, seeds=5)
    assert "B is better" in verdict_on(0.90, 0.91, seeds=20)


def verdict_on(*means, seeds):
    luck = np.linspace(-0.014, 0.014, seeds)
    verdict = step_module(STEP, "better_or_lucky").verdict
    return verdict(*((mean + luck).tolist() for mean in means))


def test_equal_sets_are_told_apart_as_seldom_as_the_page_says():
    page = " ".join((TOP / STEP / "README.md").read_text(encoding="utf-8").split())
    percent = int(re.search(r"about (\d+) of 100 times, the verdict told them apart", page)[1])
    verdict = step_module(STEP, "better_or_lucky").verdict
    share = step_module("benchmarks", "lucky").told_apart(verdict, EQUAL)
    assert 100 * share == pytest.approx(percent, abs=1.5)


def test_help_and_a_wrong_option_train_nothing(step, capsys):
    output, ending = run_here(step / "better_or_lucky.py", "--help")
    assert ending == 0 and "Better, or lucky?" in output and "to train" not in output
    output, ending = run_here(step / "better_or_lucky.py", "--seeds", "3")
    assert ending == 2 and not output
    assert "unrecognized arguments: --seeds 3" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change, message",
    [
        ({"seeds": "[0]"}, "seeds must be two or more"),
        ({"seeds": "[0, 0]"}, "all different"),
        ({"changes": "dict(random_state=7)"}, "random_state is what seeds are for"),
        ({"changes": "dict(solver='sdg')"}, "The 'solver' parameter of MLPClassifier must be"),
        ({"changes": "dict(learning_rat=1)"}, "Invalid parameter 'learning_rat'"),
        ({"epochs": "-1"}, "The 'max_iter' parameter of MLPClassifier must be an int"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_named(step, change, message):
    output, ending = run_here(step / "better_or_lucky.py", **{"epochs": 1, **change})
    assert message in str(ending) and "Verdict" not in output


def test_ctrl_c_stops_all_networks_in_silence(step):
    _, rest, errors = interrupt(
        "better_or_lucky.py", cwd=step, after="10 networks to train", exit_status=-signal.SIGINT
    )
    assert "mean" not in rest and errors == ""
