"""Which digits fail: the tables, the pictures, and the exercises."""

import re

import numpy as np
import pytest
from scripts import assert_drawn, assert_printed, blocks, edit, output_here, run, run_here, score

import mnist

STEP = "examples/03_looking_at_the_mistakes"
PICTURES = [
    f"{name}.png"
    for name in (
        "probabilities",
        "confusion_matrix",
        "mistakes",
        "look_at",
        "neurons",
        "loss_curve",
    )
]
ROW = re.compile(r"^ +(\d) +(\d+) +(\d+) +(\d\.\d\d)  (\d) \((\d+) times\)$", flags=re.MULTILINE)
PROBABILITY = re.compile(r"^ +(\d) +(\d\.\d\d)$", flags=re.MULTILINE)


def assert_tables_are_right(output):
    """The images are those for validation, the right ones add up to the score, the rest to 1."""
    validation_labels = mnist.load()[1][50000:]
    rows = [[float(number) for number in row] for row in ROW.findall(output)]
    assert [row[0] for row in rows] == list(range(10))
    assert [row[1] for row in rows] == np.bincount(validation_labels).tolist()
    assert sum(row[2] for row in rows) == pytest.approx(10_000 * score(output))
    for digit, images, right, part, taken_for, times in rows:
        assert part == pytest.approx(right / images, abs=0.0051)
        assert taken_for != digit
        assert (images - right) / 9 <= times <= images - right
    probabilities = PROBABILITY.findall(output)
    assert [int(digit) for digit, _ in probabilities] == list(range(10))
    assert sum(float(part) for _, part in probabilities) == pytest.approx(1, abs=0.051)


@pytest.mark.about("process_digits.py")
def test_the_network_is_the_one_of_step_02(workshop, script):
    classifier = r"^classifier = .*?^\)$"
    network = re.search(classifier, script.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert network[0] in (workshop / "process_digits.py").read_text(encoding="utf-8")


def test_a_few_epochs_are_looked_at_from_the_top_folder(workshop, script):
    edit(script, max_iter=2, hidden_layer_sizes="(10,)", number=0)
    result = run(script, cwd=workshop)
    assert result.returncode == 0, result.stderr
    assert_tables_are_right(result.stdout)
    assert "Validation image 0 is a 3." in result.stdout
    assert re.search(r"The \d+ images that are a 4 and were read as a 9 are in", result.stdout)
    assert_drawn(*(script.with_name(name) for name in PICTURES))


@pytest.mark.filterwarnings("ignore:lbfgs failed")
def test_a_larger_network_and_another_solver_are_looked_at_too(script):
    output = output_here(script, max_iter=2, hidden_layer_sizes="(20, 14)", solver='"lbfgs"')
    assert_tables_are_right(output)
    assert_drawn(*(script.with_name(name) for name in PICTURES))


def test_an_image_that_there_is_not_ends_before_the_training(script):
    output, ending = run_here(script, number=10_000)
    assert output == ""
    assert "index 10000 is out of bounds" in str(ending)


@pytest.mark.slow
def test_the_whole_run_is_as_the_readme_says(script):
    readme = script.with_name("README.md")
    result = run("process_digits.py", cwd=script.parent)
    assert result.returncode == 0, result.stderr
    for block in blocks(readme, "text"):
        assert_printed(block, result.stdout)
    assert_tables_are_right(result.stdout)
    printed = [float(row[3]) for row in ROW.findall(result.stdout)]
    limits = re.findall(r"^\| (?:low|high)est \|(.*)\|$", readme.read_text("utf-8"), re.MULTILINE)
    lowest, highest = [[float(cell) for cell in row.split("|")] for row in limits]
    for low, part, high in zip(lowest, printed, highest):
        assert low - 0.03 <= part <= high + 0.03
    assert printed.index(min(printed)) in (3, 5, 8, 9)


@pytest.mark.slow
def test_the_exercises_have_the_solutions_that_the_readme_tells(script):
    least_sure, sevens, unsure, one_epoch = blocks(script.with_name("README.md"), "diff")
    output = output_here(script, least_sure, unsure)
    assert 3600 < int(re.search(r"It is sure of (\d+) images", output)[1]) < 7200
    part = float(re.search(r"Of these it reads right: (0\.\d+)", output)[1])
    assert 0.965 < part < 0.985
    trained = [(script.parent / name).read_bytes() for name in PICTURES]

    output = output_here(script, one_epoch, sevens)
    assert 0.45 < score(output) < 0.65
    assert float(ROW.findall(output)[5][3]) < 0.06
    assert [(script.parent / name).read_bytes() for name in PICTURES] == trained
    assert_drawn(*(script.parent / "one_epoch" / name for name in PICTURES))
