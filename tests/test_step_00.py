"""One neuron, three learning rates: the numbers, the pictures, and what becomes of nonsense."""

import re

import pytest
from PIL import Image
from scripts import TOP, assert_printed, blocks, change, edit, run

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
def script(workshop):
    """The script, with a film of two frames, for the tests that do not look at the film."""
    path = workshop / STEP / "train_neuron.py"
    edit(path, steps_in_film=1)
    return path


@pytest.mark.parametrize("folder", [".", STEP])
def test_it_prints_and_draws_what_the_text_says_from_every_folder(workshop, folder):
    result = run(workshop / STEP / "train_neuron.py", cwd=workshop / folder)
    assert result.returncode == 0, result.stderr
    assert "Warning" not in result.stderr
    for block in blocks(TOP / STEP / "README.md", "text"):
        assert_printed(block, result.stdout)
    assert "y = -0.68x + 2.75" in result.stdout

    for mu, rows in EXPECTED.items():
        printed = table(result.stdout, mu)
        for row in rows.split(","):
            step, w, b = row.split()
            assert printed[int(step)][0] == pytest.approx(float(w), rel=5e-4, abs=0.0051)
            assert printed[int(step)][1] == pytest.approx(float(b), rel=5e-4, abs=0.0051)
        costs = [cost for _, _, cost in printed.values()]
        assert costs == sorted(costs, reverse=mu != "0.1")
    assert "Stopped at step" in table_text(result.stdout, "0.1")

    for name in PICTURES:
        with Image.open(workshop / STEP / name) as picture:
            assert picture.width >= 600
            assert len(picture.convert("RGB").getcolors(1_000_000)) > 20
    with Image.open(workshop / STEP / "learning.gif") as film:
        assert film.n_frames > 20
    assert (workshop / STEP / "learning.gif").stat().st_size < 1_000_000


def test_a_divergence_is_met_with_a_sentence(script):
    edit(script, learning_rates="[1e9, 1e99, -0.01, 0.0116]", steps=20_000)
    result = run("-W", "error::RuntimeWarning", script, cwd=script.parent)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("the line gets worse and worse") == 4
    assert "Stopped at step 228," in table_text(result.stdout, "-0.01")
    assert (script.parent / "learning_rates.png").exists()


@pytest.mark.parametrize(
    "name, value",
    [
        ("learning_rates", "[float('inf')]"),
        ("learning_rates", "[0.01, float('nan')]"),
        ("learning_rates", "['fast']"),
        ("learning_rates", "0.01"),
        ("learning_rates", "[1e300]"),
        ("start_b", "float('inf')"),
        ("steps", "4.5"),
        ("steps_in_film", "0"),
        ("steps_in_table", "5"),
    ],
)
def test_nonsense_is_met_with_a_sentence(script, name, value):
    edit(script, **{name: value})
    result = run(script, cwd=script.parent)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "must be" in result.stderr.splitlines()[-1]
    assert result.stdout == ""


def test_the_exercises_have_the_solutions_that_the_readme_tells(script):
    elsewhere, learning_rates, border, outlier = blocks(TOP / STEP / "README.md", "diff")
    original = script.read_text(encoding="utf-8")

    def solve(*diffs, **hyperparameters):
        script.write_text(original, encoding="utf-8")
        edit(script, **hyperparameters)
        for diff in diffs:
            change(script, diff)
        result = run(script, cwd=script.parent)
        assert result.returncode == 0, result.stderr
        return result.stdout

    output = solve(elsewhere)
    assert "mu = 0.001: there at step 260" in output
    assert "mu = 0.01: there at step 24" in output
    assert "mu = 0.1: blows up" in output

    output = solve(learning_rates, border)
    assert "mu = 0.011: there at step 60" in output
    assert "mu = 0.0114: there at step 560" in output
    assert "mu = 0.0115: blows up" in output
    assert "The largest mu that settles is 0.01144" in output  # 0.011449

    output = solve(outlier, border, learning_rates="[0.008, 0.01]")
    assert "is y = -0.24x + 3.05" in output
    assert "mu = 0.008: there at step 15" in output
    assert "mu = 0.01: blows up" in output
    assert "The largest mu that settles is 0.0088" in output
