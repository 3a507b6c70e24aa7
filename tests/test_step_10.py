"""Step 10 on one computer: the plan, the draw, what is kept, a small search. (The room: slow.)"""

import random

import pytest
from laptops import STEP, found, make_quick
from scripts import assert_drawn, edit, run, run_here, step_module


@pytest.fixture
def halving():
    return step_module(STEP, "halving")


@pytest.fixture
def results(tmp_path, monkeypatch):
    module = step_module(STEP, "results")
    monkeypatch.setattr(module, "FILE", tmp_path / "results.sqlite")
    return module


@pytest.fixture
def step(workshop):
    """The step's folder in a copy of the workshop, with a space of small, quick networks."""
    pytest.importorskip("distributed", reason="step 10 needs Dask; its README installs it")
    make_quick(workshop / STEP)
    return workshop / STEP


# The plan


def test_each_round_costs_the_same_and_the_last_has_nine(halving):
    assert halving.rounds(81, 18) == [(81, 2), (27, 6), (9, 18)]
    assert halving.rounds(243, 27) == [(243, 1), (81, 3), (27, 9), (9, 27)]
    assert halving.rounds(9, 18) == [(9, 18)] and halving.rounds(1, 1) == [(1, 1)]
    assert halving.rounds(100, 3) == [(100, 1), (33, 1), (11, 3)]


def test_ranges_are_drawn_so_that_each_tenfold_is_as_likely(halving):
    space = {"alpha": (0.001, 10), "solver": ["sgd", "adam"]}
    chance = random.Random(0)
    drawn = [halving.draw(space, chance) for _ in range(2000)]
    for lowest in (0.001, 0.01, 0.1, 1):
        assert 420 < sum(lowest <= settings["alpha"] < 10 * lowest for settings in drawn) < 580
    assert {settings["solver"] for settings in drawn} == {"sgd", "adam"}
    again = random.Random(0)
    assert drawn == [halving.draw(space, again) for _ in range(2000)]


def test_a_result_is_kept_and_found_for_the_same_versions_only(results):
    job = {"hidden_layer_sizes": (64,), "alpha": 0.1}, 2, 0
    result = {"score": 0.9, "seconds": 1.5, "computer": "anna-1"}
    results.add(job, "numpy 2", result)
    results.add(job, "numpy 2", {**result, "score": 0.1})
    assert results.find({7: job, 8: (job[0], 3, 0)}, "numpy 2") == {7: result}
    assert results.find({7: job}, "numpy 3") == {}


def test_a_damaged_file_of_results_gets_a_sentence(results, capsys):
    results.FILE.write_text("no database " * 100, encoding="utf-8")
    job = {"alpha": 0.1}, 2, 0
    results.add(job, "numpy 2", {"score": 0.9, "seconds": 1.5, "computer": "anna-1"})
    assert results.find({7: job}, "numpy 2") == {}
    assert capsys.readouterr().out.count("results.sqlite cannot be used, so nothing is kept") == 2
    assert "no database" in results.FILE.read_text(encoding="utf-8")


# On this computer


def test_a_search_ends_with_a_picture_and_lines_to_paste(step):
    options = ["--networks", 2, "--epochs", 1, "--cores", 1]
    first = run("search.py", *options, cwd=step)
    assert first.returncode == 0, first.stderr
    assert_drawn(step / "search.png")
    assert "Round 1 of 1: 2 networks, 1 epoch each." in first.stdout
    for line in ("    solver='", "    max_iter=1,", "    random_state=0,"):
        assert line in found(first.stdout)
    assert max(map(len, first.stdout.splitlines()[:-1])) <= 80


def test_a_slip_in_the_space_is_met_at_once(step):
    text = (step / "search.py").read_text(encoding="utf-8")
    (step / "search.py").write_text(text.replace('"adam"', '"adan"'), encoding="utf-8")
    output, ending = run_here(step / "search.py", "--networks", 9)
    assert "MLPClassifier refuses" in ending and "'adan'" in ending
    assert "Round" not in output


@pytest.mark.parametrize(
    "script, option, value",
    [
        ("search.py", "--networks", "0"),
        ("search.py", "--networks", "-3"),
        ("search.py", "--epochs", "0"),
        ("search.py", "--cores", "0"),
        ("lead.py", "--port", "99999"),
    ],
)
def test_a_number_that_makes_no_sense_gets_a_sentence(step, script, option, value, capsys):
    _, ending = run_here(step / script, f"{option}={value}")
    assert ending == 2
    assert f"argument {option}: '{value}' is not a whole number from 1" in capsys.readouterr().err


@pytest.mark.slow
def test_a_search_by_time_ends_when_the_time_is_up(step):
    edit(step / "search.py", minutes=0.2)
    result = run("search.py", "--networks", 2000, "--epochs", 20, cwd=step)
    assert result.returncode == 0, result.stderr
    assert "The time is up." in result.stdout and found(result.stdout)


@pytest.mark.slow
def test_chance_tries_nine_learning_rates_where_a_grid_tries_three(step):
    edit(step / "draw_chance.py", epochs=1)
    result = run("draw_chance.py", cwd=step)
    assert "On a grid: nine networks, 3 learning rates" in result.stdout
    assert "By chance: nine networks, 9 learning rates" in result.stdout
    assert_drawn(step / "chance.png")
