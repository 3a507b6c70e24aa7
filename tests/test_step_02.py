"""The script of the workshop: at the top, and the same text in step 02."""

import pytest
from scripts import TOP, assert_printed, blocks, edit, interrupt, output_here, run, run_here, score

pytestmark = pytest.mark.about("process_digits.py")
STEP = "examples/02_training_and_testing_the_network"


def test_the_two_scripts_are_the_same():
    top = (TOP / "process_digits.py").read_text(encoding="utf-8")
    assert (TOP / STEP / "process_digits.py").read_text(encoding="utf-8") == top


@pytest.mark.slow
def test_it_trains_tests_and_scores_as_the_readmes_say(workshop):
    result = run("process_digits.py", cwd=workshop)
    assert result.returncode == 0, result.stderr
    assert 0.84 < score(result.stdout) < 0.91
    for readme in (TOP / "README.md", TOP / STEP / "README.md"):
        assert_printed(blocks(readme, "text")[0], result.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("stage", [1, 3, 4])
def test_a_stage_prints_what_the_practice_chapter_says(workshop, stage):
    section = (TOP / "README.md").read_text(encoding="utf-8").split(f"### Stage {stage}:")[1]
    block = section.split("```text\n")[1].split("```")[0]
    result = run(f"stages/stage_{stage}.py", cwd=workshop / STEP)
    assert result.returncode == 0, result.stderr
    assert_printed(block, result.stdout)


def test_it_runs_from_its_own_folder(workshop):
    edit(workshop / STEP / "process_digits.py", max_iter=2)
    result = run("process_digits.py", cwd=workshop / STEP)
    assert result.returncode == 0, result.stderr
    assert 0.3 < score(result.stdout) < 0.8
    assert "Iteration 2, loss" in result.stdout
    assert "ConvergenceWarning" in result.stderr


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")  # and its one epoch
def test_the_same_seed_gives_the_same_run(workshop):
    script = workshop / "process_digits.py"
    first = output_here(script, max_iter=1)
    assert output_here(script, max_iter=1) == first
    assert output_here(script, max_iter=1, random_state=1) != first


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:Stochastic Optimizer")
def test_a_far_too_large_learning_rate_ends_in_the_message_of_the_readme(workshop):
    settings = {"activation": '"relu"', "learning_rate_init": 1000, "max_iter": 2}
    _, ending = run_here(workshop / "process_digits.py", **settings)
    explained = "Solver produced non-finite parameter weights"
    assert str(ending).startswith(explained)
    assert f"ValueError: {explained}" in (TOP / "examples/troubleshooting.md").read_text("utf-8")


def test_ctrl_c_ends_the_training_and_still_scores(workshop):
    output, rest, errors = interrupt("process_digits.py", cwd=workshop, after="Iteration 3")
    assert "Training interrupted by user." in errors
    assert 0.3 < score(output + rest) < 0.9
