"""Overfitting can be seen, and the cures do what the README says."""

import re

import pytest
from scripts import (
    TOP,
    assert_drawn,
    assert_printed,
    blocks,
    interrupt,
    output_here,
    output_of,
    replace,
    run_here,
)

STEP = "examples/05_regularization"
README = TOP / STEP / "README.md"
BRIEF = {"seeds": "[7, 8]", "epochs": 2, "alphas": "[0, 1]", "sizes": "[200, 500]", "steps": 5}


@pytest.fixture
def cures(step):
    return step / "cures.py"


def epochs(output):
    """The rows of process_digits.py: epoch, scores and losses in training and validation."""
    rows = [line.split() for line in output.splitlines()]
    return [[float(word) for word in row] for row in rows if len(row) == 5 and row[0].isdigit()]


def row(name, output):
    """The numbers behind a name in the tables of cures.py."""
    (line,) = re.findall(rf"^ *{name} +([-+\d. to]+)$", output, re.MULTILINE)
    return [float(number) for number in line.replace("to", "").split()]


@pytest.mark.slow
def test_it_learns_by_heart_and_the_validation_loss_rises_again(script):
    output = output_of(script, cwd=TOP)
    assert_printed(blocks(README, "text")[0], output)
    *_, training_loss, validation_loss = epochs(output)[-1]
    assert training_loss < 0.01 and validation_loss > 1.15 * lowest_loss(output)


def lowest_loss(output):
    return float(re.search(r"was lowest after epoch \d+: (\S+)", output)[1])


@pytest.mark.slow
def test_the_exercises_end_as_the_readme_says(script):
    fewer, alpha, wrong = blocks(README, "diff")

    def last_epoch(*diffs, **hyperparameters):
        output = output_here(script, *diffs, **hyperparameters)
        return epochs(output)[-1][1:], lowest_loss(output)

    (training, validation, *_), _ = last_epoch(fewer)
    assert training == 1
    assert 0.76 < validation < 0.79
    (training, validation, *_), _ = last_epoch(neurons=10)
    assert training > 0.995
    assert 0.81 < validation < 0.86

    _, without = last_epoch()
    (_, _, training_loss, validation_loss), lowest = last_epoch(alpha)
    assert training_loss == pytest.approx(0.055, abs=0.005)
    assert validation_loss < min(without, 1.04 * lowest)

    (training, validation, *_), _ = last_epoch(wrong)
    assert training > 0.98
    assert validation == pytest.approx(0.71, abs=0.01)
    (_, validation, *_), _ = last_epoch(wrong, epochs=5)
    assert validation == pytest.approx(0.79, abs=0.02)
    (training, validation, *_), _ = last_epoch(wrong, alpha=10.0)
    assert training < 0.8
    assert validation == pytest.approx(0.81, abs=0.015)


@pytest.mark.slow
def test_the_cures_bring_what_the_readme_says(cures):
    output = output_of(cures, cwd=TOP)
    assert_printed(blocks(README, "text")[1], output)

    # training score, validation score, smallest and largest gain, loss, weights, epochs
    none, little, best, too_much, stopped = (
        row(name, output)
        for name in ("alpha 0", "alpha 0.3", "alpha 1", "alpha 10", "early_stopping")
    )
    assert little[2] > 0
    assert best[1] > none[1]
    assert best[4:6] == [pytest.approx(0.33, abs=0.02), pytest.approx(72, abs=8)]
    assert none[4:6] == [pytest.approx(0.49, abs=0.02), pytest.approx(370, abs=20)]
    assert too_much[3] < 0 > stopped[3]  # worse with every seed
    assert stopped[4] < none[4]
    assert 14 <= stopped[6] <= 22

    gaps = [row(str(size), output)[2] for size in (500, 1000, 5000, 50000)]
    for gap, expected in zip(gaps, (0.13, 0.10, 0.05, 0.013)):
        assert gap == pytest.approx(expected, abs=0.01)


def test_it_prints_and_draws_from_its_own_folder(script):
    output = output_here(script, number_of_images=50, epochs=2)
    assert "Learning from 50 images, checked on 10000" in output
    assert [numbers[0] for numbers in epochs(output)] == [1, 2]
    assert_drawn(script.parent / "overfitting.png")


def test_the_batches_differ_from_epoch_to_epoch(script):
    moving = epochs(output_here(script, epochs=2))
    replace(script, "np.random.RandomState(0)", "0")
    fixed = epochs(output_here(script, epochs=2))
    assert moving[0] == fixed[0] and moving[1] != fixed[1]


def test_the_cures_are_trained_side_by_side_and_compared(cures):
    output = output_of("cures.py", cwd=cures.parent, **BRIEF)
    finished = re.findall(r"^ *(\d+) (.+), seed (\d): validation", output, re.MULTILINE)
    assert [int(number) for number, _, _ in finished] == list(range(1, 11))
    names = ("alpha 0", "alpha 1", "early_stopping", "200 images", "500 images")
    assert {found[1:] for found in finished} == {(name, seed) for name in names for seed in "78"}
    assert row("alpha 0", output)[2:4] == [0, 0] and row("alpha 0", output)[-1] == 2
    assert_drawn(cures.parent / "alpha.png", cures.parent / "more_data.png")


@pytest.mark.parametrize(
    "name, change",
    [
        ("process_digits.py", {"number_of_images": 60000}),
        ("process_digits.py", {"number_of_images": '"1000"'}),
        ("cures.py", {"few_images": 20}),
        ("cures.py", {"sizes": "[20]"}),
        ("cures.py", {"sizes": "[500, 60000]"}),
    ],
)
def test_too_few_images_and_those_for_validation_are_refused(workshop, name, change):
    output, ending = run_here(workshop / STEP / name, **change)
    assert "must be from" in ending and len(ending) <= 80
    assert not output


def test_ctrl_c_ends_the_cures_in_silence(cures):
    how = {"after": "networks to train", "exit_status": -2}
    _, rest, errors = interrupt(cures, cwd=TOP, **how, epochs=10000, alphas="[0]")
    assert not rest and not errors
