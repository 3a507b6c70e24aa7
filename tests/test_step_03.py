"""Which digits fail: the table, the pictures, and the exercises."""

import re

import numpy as np
import pytest
from PIL import Image
from scripts import TOP, assert_printed, blocks, change, edit, run

import mnist

STEP = "examples/03_looking_at_the_mistakes"
PICTURES = ["confusion_matrix.png", "mistakes.png", "neurons.png", "loss_curve.png"]
ROW = re.compile(r"^ +(\d) +(\d+) +(\d+) +(\d\.\d\d)  (\d) \((\d+) times\)$", flags=re.MULTILINE)


@pytest.fixture
def script(workshop):
    return workshop / STEP / "process_digits.py"


def score(output):
    return float(re.search(r"^We have a score of (0\.\d+)$", output, flags=re.MULTILINE)[1])


def assert_table_is_right(output, score):
    """Its images are those of the test set, and its right ones add up to the score."""
    *_, test_labels = mnist.load()
    rows = [[float(number) for number in row] for row in ROW.findall(output)]
    assert [row[0] for row in rows] == list(range(10))
    assert [row[1] for row in rows] == np.bincount(test_labels).tolist()
    assert sum(row[2] for row in rows) == pytest.approx(10_000 * score)
    for digit, images, right, part, taken_for, times in rows:
        assert part == pytest.approx(right / images, abs=0.0051)
        assert taken_for != digit
        assert (images - right) / 9 <= times <= images - right


def assert_pictures_are_drawn(folder):
    for name in PICTURES:
        with Image.open(folder / name) as picture:
            assert picture.width >= 600
            assert len(picture.convert("RGB").getcolors(1_000_000)) > 20


def test_it_trains_as_in_step_02_then_looks_at_the_mistakes(workshop, script):
    result = run(script, cwd=workshop)
    assert result.returncode == 0, result.stderr
    assert 0.84 < score(result.stdout) < 0.91
    assert_table_is_right(result.stdout, score(result.stdout))
    assert_pictures_are_drawn(script.parent)
    for block in blocks(TOP / STEP / "README.md", "text"):
        assert_printed(block, result.stdout)


def test_the_network_is_the_one_of_step_02():
    networks = []
    for step in [STEP, "examples/02_training_and_testing_the_network"]:
        text = (TOP / step / "process_digits.py").read_text(encoding="utf-8")
        networks.append(
            re.search(r"^classifier = .*?^\)$", text, flags=re.MULTILINE | re.DOTALL)[0]
        )
    assert networks[0] == networks[1]


def test_the_table_in_the_readme_is_one_that_the_script_could_print():
    text = (TOP / STEP / "README.md").read_text(encoding="utf-8")
    right = sum(int(row[2]) for row in ROW.findall(text))
    assert_table_is_right(text, right / 10_000)
    assert 0.84 < right / 10_000 < 0.91


@pytest.mark.parametrize(
    "name, value",
    [("hidden_layer_sizes", "(10,)"), ("hidden_layer_sizes", "(20, 14)"), ("solver", '"lbfgs"')],
)
def test_another_network_is_drawn_too_from_its_own_folder(script, name, value):
    edit(script, max_iter=2, **{name: value})
    result = run("process_digits.py", cwd=script.parent)
    assert result.returncode == 0, result.stderr
    assert_table_is_right(result.stdout, score(result.stdout))
    assert_pictures_are_drawn(script.parent)


def test_the_exercises_run(script):
    least_sure, nines, unsure, untrained = blocks(TOP / STEP / "README.md", "diff")
    change(script, untrained)
    change(script, least_sure)
    change(script, unsure)
    output = run(script, cwd=script.parent).stdout
    assert 0 <= int(re.search(r"It is sure of (\d+) images", output)[1]) < 10_000
    assert "Of these it reads right:" in output
    all_digits = (script.parent / "mistakes.png").read_bytes()

    change(script, nines)
    assert run(script, cwd=script.parent).returncode == 0
    assert (script.parent / "mistakes.png").read_bytes() != all_digits
