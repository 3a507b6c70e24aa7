"""One neuron, three learning rates: the numbers, the pictures, and what becomes of nonsense."""

import re

import pytest
from PIL import Image
from scripts import assert_drawn, assert_printed, blocks, edit, output_here, output_of, run_here

STEP = "examples/00_training_a_single_neuron"
PICTURES = ["data.png", "regression_line.png", "learning_rates.png"]

# Learning rate: step, w and b, as they are in the workshop's text.
EXPECTED = {
    "0.001": """1 0.75 1.00, 2 0.55 1.00, 4 0.24 1.01, 7 -0.05 1.06, 17 -0.40 1.28,
        56 -0.56 1.97, 125 -0.64 2.50, 356 -0.68 2.74""",
    "0.01": """1 -1.46 0.95, 2 0.30 1.50, 3 -1.08 1.52, 4 -0.10 1.86, 7 -0.77 2.16,
        17 -0.68 2.66, 35 -0.68 2.75""",
    "0.1": """1 -23.61 0.54, 2 373.8 59.07, 3 -6166 -937.5, 4 1.015e+05 1.549e+04,
        7 -4.535e+08 -6.919e+07, 17 -6.652e+20 -1.015e+20""",
}


def table_text(output, mu):
    """Return what is printed for one learning rate."""
    return output.split(f"\nmu = {mu}\n")[1].split("\nmu = ")[0]


def table(output, mu):
    """Return the rows that are printed for one learning rate: step -> (w, b, cost)."""
    rows = re.findall(r"^ *(\d+) +(\S+) +(\S+) +(\S+)$", table_text(output, mu), flags=re.MULTILINE)
    return {int(step): (float(w), float(b), float(cost)) for step, w, b, cost in rows}


@pytest.fixture
def script(step):
    """The script, with a film of two frames, for the tests that do not look at the film."""
    edit(step / "train_neuron.py", steps_in_film=1)
    return step / "train_neuron.py"


def test_it_prints_and_draws_what_the_text_says(workshop, script):
    output = output_of(script, cwd=workshop)
    for block in blocks(script.with_name("README.md"), "text"):
        assert_printed(block, output)

    for mu, rows in EXPECTED.items():
        printed = table(output, mu)
        for row in rows.split(","):
            step, w, b = row.split()
            assert printed[int(step)][0] == pytest.approx(float(w), rel=5e-4, abs=0.0051)
            assert printed[int(step)][1] == pytest.approx(float(b), rel=5e-4, abs=0.0051)
        costs = [cost for _, _, cost in printed.values()]
        assert costs == sorted(costs, reverse=mu != "0.1")
    assert "Stopped at step" in table_text(output, "0.1")
    assert_drawn(*[script.parent / name for name in PICTURES])


@pytest.mark.slow
def test_the_film_shows_each_step(step):
    output_of("train_neuron.py", cwd=step)
    with Image.open(step / "learning.gif") as film:
        assert film.n_frames > 20
    assert (step / "learning.gif").stat().st_size < 1_000_000


@pytest.mark.filterwarnings("error:overflow")
def test_divergence_gets_a_sentence_and_so_does_a_picture_that_cannot_be_written(script):
    (script.parent / "data.png").mkdir()
    (script.parent / "learning.gif").mkdir()
    output = output_here(script, learning_rates="[1e9, 1e99, -0.01, 0.0116]", steps=20_000)
    assert output.count("the line gets worse and worse") == 4
    assert "Stopped at step 228," in table_text(output, "-0.01")
    assert "data.png could not be saved: " in output
    assert "learning.gif could not be saved: " in output
    assert_drawn(script.parent / "learning_rates.png")


@pytest.mark.parametrize("slip", [{"learning_rates": "[]"}, {"steps": 0}, {"steps_in_film": 0}])
def test_nothing_to_do_gets_a_sentence(script, slip):
    output, ending = run_here(script, **slip)
    assert output == ""
    assert str(ending).startswith("There must be at least one")


@pytest.mark.slow
def test_the_exercises_have_the_solutions_that_the_readme_tells(script):
    readme = script.with_name("README.md")
    elsewhere, rates, border, outlier, thousand = blocks(readme, "diff")

    output = output_here(script, elsewhere)
    assert "mu = 0.001: arrived at step 260" in output
    assert "mu = 0.01: arrived at step 24" in output
    assert "mu = 0.1: blows up" in output

    output = output_here(script, rates, border)
    assert "mu = 0.011: arrived at step 60" in output
    assert "mu = 0.0114: arrived at step 560" in output
    assert "mu = 0.0115: blows up" in output
    assert "The largest mu that settles is 0.01144" in output  # 0.011449

    output = output_here(script, outlier, border, learning_rates="[0.008, 0.01]")
    assert "is y = -0.24x + 3.05" in output
    assert "mu = 0.008: arrived at step 15" in output
    assert "mu = 0.01: blows up" in output
    assert "The largest mu that settles is 0.0088" in output

    output = output_here(script, thousand, learning_rates="[0.0001, 0.001]")
    assert "is y = -0.70x + 3.00" in output
    assert "mu = 0.0001: arrived" in output
    assert "mu = 0.001: blows up" in output
