"""The benchmarks time the lines that the scripts really print."""

import statistics

import pytest
from scripts import TOP, edit, run, step_module

SCRIPT = "examples/08_past_99_percent/process_digits.py"


@pytest.mark.slow
def test_each_script_prints_epochs_that_can_be_timed(monkeypatch):
    busy = step_module("benchmarks", "busy")
    monkeypatch.setattr(busy, "EPOCHS", 2)
    assert len(busy.SCRIPTS) == 6
    for script in busy.SCRIPTS:
        assert 0.01 < busy.epoch_seconds(script, threads=1, others=0) < 100
    assert 0.01 < busy.epoch_seconds(busy.SCRIPTS[0], threads=2, others=2) < 100


@pytest.mark.slow
def test_the_way_past_99_percent_is_read_from_the_script_as_it_is(workshop):
    past_99_percent = step_module("benchmarks", "past_99_percent")
    script = workshop / SCRIPT
    edit(script, batch_sizes="3 * [200]")
    scores = list(past_99_percent.step_08(script))
    assert len(scores) == 3
    assert all(0.9 < score < 1 for _, score in scores)
    assert scores == sorted(scores, key=lambda pair: pair[0])
    assert {0.95} <= set(past_99_percent.reached(scores)) <= {0.95, 0.975, 0.98, 0.99}


@pytest.mark.slow
def test_loading_prints_a_row_for_each_way():
    result = run("benchmarks/run.py", "loading", cwd=TOP)
    assert result.returncode == 0, result.stderr
    for label in ("the original's way, a pickle", "mnist.load()", "first use"):
        assert f"loading: {label}" in result.stdout


def test_a_part_that_does_not_exist_is_named():
    result = run("benchmarks/run.py", "step_08", cwd=TOP)
    assert result.returncode == 1
    assert result.stderr.startswith("There is no part step_08. The parts are: loading,")


def test_ways_take_turns_and_the_median_counts():
    measuring = step_module("benchmarks", "measuring")
    calls = []

    def way(label, numbers):
        numbers = iter(numbers)
        return lambda: calls.append(label) or next(numbers)

    ways = {"a": way("a", [3, 1, 2]), "b": way("b", [5, 5, 9])}
    assert measuring.take_turns(ways, rounds=3) == {"a": 2, "b": statistics.median([5, 5, 9])}
    assert calls == ["a", "b", "a", "b", "a", "b"]
