"""Overfitting can be seen, and the cures do what the README says."""

import re

import pytest
from scripts import TOP, assert_printed, blocks, edit, run

STEP = "examples/05_regularization"
README = TOP / STEP / "README.md"


def table(output):
    """The rows of a printed table that begin with a number: lists of numbers."""
    rows = [line.split() for line in output.splitlines()]
    return [[float(word) for word in row] for row in rows if len(row) == 5 and row[0].isdigit()]


def test_it_learns_by_heart_and_the_validation_loss_rises_again(workshop):
    script = workshop / STEP / "process_digits.py"
    result = run(script, cwd=workshop)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert_printed(blocks(README, "text")[0], result.stdout)

    rows = table(result.stdout)
    epoch, training_score, validation_score, training_loss, validation_loss = rows[-1]
    assert epoch == 60
    assert training_score == 1
    assert 0.86 < validation_score < 0.92
    assert training_loss < 0.01
    lowest = float(re.search(r"was lowest after epoch \d+: (\S+)", result.stdout)[1])
    assert validation_loss > 1.15 * lowest
    assert (workshop / STEP / "overfitting.png").stat().st_size > 10_000


def test_alpha_narrows_the_gap_between_the_losses(workshop):
    script = workshop / STEP / "process_digits.py"
    edit(script, epochs=20)
    without = table(run(script, cwd=script.parent).stdout)[-1]
    edit(script, alpha=1.0)
    result = run(script, cwd=script.parent)
    assert result.returncode == 0, result.stderr
    cured = table(result.stdout)[-1]
    assert cured[4] - cured[3] < 0.8 * (without[4] - without[3])


def test_fewer_images_than_a_step_takes_are_fine(workshop):
    script = workshop / STEP / "process_digits.py"
    edit(script, number_of_images=50, epochs=2)
    result = run(script, cwd=script.parent)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""


def row(name, output):
    """The numbers behind a name in the first table of cures.py."""
    line = next(line for line in output.splitlines() if line.strip().startswith(name + " "))
    return [float(number) for number in re.findall(r"[-+]?\d+\.?\d*", line.split(name)[1])]


def test_the_cures_bring_what_the_readme_says(workshop):
    result = run(workshop / STEP / "cures.py", cwd=workshop)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert_printed(blocks(README, "text")[1], result.stdout)

    # training score, validation score, gain, smallest, largest, loss, weights, epochs
    none, best, too_much, stopped = (
        row(name, result.stdout) for name in ("alpha 0", "alpha 1", "alpha 10", "early_stopping")
    )
    assert best[2] > 0
    assert best[5] < 0.8 * none[5]
    assert best[6] < 0.5 * none[6]
    assert too_much[4] < 0  # worse with every seed
    assert stopped[5] < none[5]
    assert stopped[7] < 50

    sizes = re.findall(r"^ *(\d+) +(\S+) +(\S+) +(\S+) +\(", result.stdout, flags=re.MULTILINE)
    gaps = [float(gap) for _, _, _, gap in sizes]
    assert len(gaps) == 4
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 0.04
    for picture in ("alpha.png", "more_data.png"):
        assert (workshop / STEP / picture).stat().st_size > 10_000


@pytest.mark.parametrize(
    "script, change",
    [
        ("process_digits.py", {"number_of_images": 60000}),
        ("process_digits.py", {"number_of_images": '"1000"'}),
        ("process_digits.py", {"epochs": '"60"'}),
        ("cures.py", {"few_images": 0}),
        ("cures.py", {"sizes": "[500, 60000]"}),
    ],
)
def test_what_would_reach_the_validation_images_is_refused(workshop, script, change):
    edit(workshop / STEP / script, **change)
    result = run(script, cwd=workshop / STEP)
    assert result.returncode == 1
    assert "must be" in result.stderr and "Traceback" not in result.stderr


def test_the_cures_run_from_their_own_folder_with_other_settings(workshop):
    script = workshop / STEP / "cures.py"
    edit(script, seeds="[7, 8]", epochs=2, alphas="[0, 1]", sizes="[100, 500]", steps=5)
    result = run("cures.py", cwd=script.parent)
    assert result.returncode == 0, result.stderr
    assert "means over 2 seeds" in result.stdout
    assert row("alpha 0", result.stdout)[-1] == 2
    assert (script.parent / "more_data.png").exists()
