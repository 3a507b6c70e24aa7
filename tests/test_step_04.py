"""Improving the score: the script, its scoreboard whatever befalls runs.sqlite, and five seeds."""

import ast
import importlib.util
import os
import re
import signal
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from scripts import TOP, assert_printed, blocks, edit, interrupt, run, run_here

STEP = "examples/04_improving_the_score"
ADD_MANY = """
import sys, scoreboard
for i in range(int(sys.argv[2])):
    settings = {**scoreboard.STEP_02, "alpha": sys.argv[1] + "-" + str(i)}
    scoreboard.add(0.9, 0.9, 1, 1, False, settings)
    print(sys.argv[1] + "-" + str(i), flush=True)
"""


@pytest.fixture
def step(workshop):
    return workshop / STEP


@pytest.fixture
def scoreboard(step):
    """The module in the copy, so that its runs.sqlite is there, too."""
    spec = importlib.util.spec_from_file_location("scoreboard", step / "scoreboard.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def add(scoreboard, capsys):
    """Put a run on the scoreboard; return what was printed."""

    def add(score, interrupted=False, **settings):
        settings = {**scoreboard.STEP_02, "divide_pixels_by": 255, **settings}
        runs = scoreboard.add(score, 0.99, 3.21, 20, interrupted, settings)
        scoreboard.show(runs, runs[-1])
        return capsys.readouterr().out

    return add


def start(step, *arguments):
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=step,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def rows(output):
    """The rows of the printed scoreboard: (marked, number of the run, score)."""
    pattern = r"^ *(->|)(\d+) (0\.\d{4}|1\.0000) +0\.\d{4} "
    found = re.findall(pattern, output, flags=re.MULTILINE)
    return [(mark == "->", int(number), float(score)) for mark, number, score in found]


def kept(step):
    """What is kept in each run's alpha."""
    with sqlite3.connect(step / "runs.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = database.execute("SELECT settings ->> 'alpha' FROM runs").fetchall()
    return {alpha for (alpha,) in found}


# The script


@pytest.mark.slow
def test_the_readme_shows_what_is_printed(step):
    """The runs of the README, from the script as it is, and then the ten networks."""
    first = run("process_digits.py", cwd=step)
    assert first.returncode == 0, first.stderr
    edit(step / "process_digits.py", max_iter=10)
    second = run("process_digits.py", cwd=step)
    edit(step / "process_digits.py", learning_rate_init=0.1)
    third = run("process_digits.py", cwd=step)
    lucky = run("better_or_lucky.py", cwd=step)
    assert lucky.returncode == 0, lucky.stderr
    printed = first.stdout + second.stdout + third.stdout + lucky.stdout
    for block in blocks(step / "README.md", "text"):
        assert_printed(block, printed)


def test_a_change_is_seen_at_once_the_best_is_kept_and_the_exam_is_locked(step):
    script = step / "process_digits.py"
    edit(script, max_iter=1, hidden_layer_sizes="(8,)", learning_rate_init=0.1)
    first = run(script, cwd=step.parent)
    assert first.returncode == 0, first.stderr
    assert "test set" not in first.stdout and "Warning" not in first.stdout + first.stderr
    best = (step / "best_network.npz").read_bytes()
    edit(script, divide_pixels_by=1, unlock_test_set="True")
    second = run("process_digits.py", cwd=step)
    assert "Changed: divide_pixels_by 255 -> 1\n" in second.stdout
    assert [row[:2] for row in rows(second.stdout)] == [(False, 1), (True, 2)]
    assert re.search(r"On the test set, .* it scores 0\.\d+\n", second.stdout)
    assert (step / "best_network.npz").read_bytes() == best
    with np.load(step / "best_network.npz") as network:
        assert network["weights_0"].shape == (784, 8) and network["divide_pixels_by"] == 255


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_a_run_ended_by_ctrl_c_counts_and_is_marked(step):
    (step / "best_network.npz").mkdir()  # cannot be replaced by a file
    output, rest, errors = interrupt("process_digits.py", cwd=step, after="Iteration 2,")
    assert "^C: ended early by Ctrl-C" in rest
    assert "best_network.npz cannot be written" in rest
    assert "Traceback" not in errors
    assert len(rows(output + rest)) == 1


def test_the_baseline_of_the_scoreboard_is_step_02(step, scoreboard):
    source = next(step.parent.glob("02_*")) / "process_digits.py"
    tree = ast.parse(source.read_text(encoding="utf-8"))
    (call,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "MLPClassifier"
    ]
    settings = {setting.arg: ast.literal_eval(setting.value) for setting in call.keywords}
    del settings["verbose"]
    assert settings.items() <= scoreboard.STEP_02.items()


@pytest.mark.parametrize(
    "change, message",
    [
        ({"solver": '"sdg"'}, "The 'solver' parameter of MLPClassifier must be a str among"),
        ({"divide_pixels_by": '"255"'}, "divide_pixels_by must be a number above 0"),
        ({"unlock_test_set": '"False"'}, "unlock_test_set must be True or False"),
    ],
)
def test_a_slip_is_named_and_leaves_the_scoreboard_alone(step, change, message):
    edit(step / "process_digits.py", **change)
    output, ending = run_here(step / "process_digits.py")
    assert message in str(ending)
    readme = (TOP / STEP / "README.md").read_text(encoding="utf-8")
    assert " ".join(message.split()) in " ".join(readme.split())
    assert "score" not in output
    assert not (step / "runs.sqlite").exists()


# The scoreboard


def test_a_run_is_compared_with_the_nearest_one_and_with_the_best(add):
    assert "It is the first one on the scoreboard" in add(0.90, learning_rate_init=0.01)
    output = add(0.95, learning_rate_init=0.1)
    assert "0.0500 BETTER than run 1" in output and "It is the best so far." in output
    assert "Changed: learning_rate_init 0.01 -> 0.1" in output
    assert rows(output) == [(True, 2, 0.95), (False, 1, 0.90)]
    output = add(0.40, learning_rate_init=5)
    assert "0.5500 WORSE than run 2" in output
    output = add(0.949, learning_rate_init=2)  # not with the failed run before
    assert "0.0010 WORSE than run 2" in output and "better_or_lucky.py" in output
    output = add(0.97, learning_rate_init=2, hidden_layer_sizes=64)
    assert "Changed: hidden_layer_sizes (14, 14) -> (64,)" in output
    output = add(0.97, learning_rate_init=2, hidden_layer_sizes=(64,))
    assert "the SAME as run 5" in output and "No setting was changed." in output
    output = add(0.96, True, learning_rate_init=0.1, hidden_layer_sizes=(64,))
    assert "interrupted" not in output and "20^C" in output
    output = add(0.93, learning_rate_init=0.3, batch_size=50)
    assert "one at a time" in output and "The best so far is run 5, with 0.0400 more." in output


def test_ten_runs_are_ten_rows_of_80_columns(add):
    for i in range(30):
        settings = dict(solver="adam", activation="relu", batch_size=i, alpha=i, momentum=i / 100)
        output = add(0.95 + i / 1000, hidden_layer_sizes=(512, 256 + i), **settings)
    output = add(0.5)
    assert rows(output)[-1] == (True, 31, 0.5) and len(rows(output)) == 11
    assert "31 in all" in output and "They differ in" in output
    assert max(map(len, output.splitlines())) < 80


def test_it_is_shown_and_written_out_without_a_run(step, add):
    assert "no runs yet" in run("scoreboard.py", cwd=step).stdout
    add(0.95, hidden_layer_sizes=(64, 64))
    (step / "runs.csv").write_text("an old one", encoding="utf-8")
    assert "0.9500" in run("scoreboard.py", cwd=step).stdout
    assert run("scoreboard.py", "--csv", "mine.csv", cwd=step).returncode == 0
    assert '0.95,0.99,3.2,20,0,255,sgd,logistic,"(64, 64)"' in (step / "mine.csv").read_text()
    refused = run("scoreboard.py", "--csv", "runs.csv", cwd=step)
    assert refused.returncode == 1 and "runs.csv cannot be written: File exists" in refused.stderr
    assert (step / "runs.csv").read_text(encoding="utf-8") == "an old one"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="it forks, to start sixteen at once")
def test_sixteen_runs_at_once_are_all_kept_where_a_damaged_file_was(step):
    (step / "runs.sqlite").write_bytes(b"no database " * 100)
    sixteen = ADD_MANY.replace("for i", "import os\nfor _ in range(4): os.fork()\nfor i")
    sixteen = sixteen.replace("sys.argv[1]", "str(os.getpid())")
    process = start(step, "-c", sixteen, "", "5")
    output, errors = process.communicate(timeout=100)
    assert not errors and len(set(re.findall(r"\d+-\d", output))) == 80
    assert len(kept(step)) == 80
    (aside,) = step.glob("runs_damaged_*")
    assert aside.read_bytes().startswith(b"no database")


def test_killed_runs_lose_nothing(step, add):
    acknowledged = set()
    for i in range(3):
        process = start(step, "-c", ADD_MANY, str(i), "1000000")
        for _ in range(20):
            acknowledged.add(process.stdout.readline().strip())
        process.kill()
        rest, _ = process.communicate()
        acknowledged.update(re.findall(r"^\d-\d+(?=\n)", rest, flags=re.MULTILINE))
    assert "damaged" not in add(0.95)
    assert len(acknowledged) >= 60
    assert acknowledged <= kept(step)


@pytest.mark.parametrize("damage", ["head", "page", "cut", "score", "settings", "other", "text"])
def test_a_damaged_file_is_put_aside_and_the_run_is_kept(step, add, damage):
    add(0.90)
    file = step / "runs.sqlite"
    content = file.read_bytes()
    with sqlite3.connect(file) as database:
        if damage == "score":
            database.execute("UPDATE runs SET score = 'good'")
        elif damage == "settings":
            database.execute("UPDATE runs SET settings = '{\"alpha'")
        elif damage == "other":
            database.execute("ALTER TABLE runs DROP COLUMN seconds")
    database.close()
    cut = len(content) // 2
    if damage == "head":
        file.write_bytes(b"x" * 50 + content[50:])
    elif damage == "page":
        file.write_bytes(content[:-cut] + b"\xff" * cut)
    elif damage == "cut":
        file.write_bytes(content[:cut])
    elif damage == "text":
        file.write_bytes(content.replace(b"logistic", b"log\xff\xfetic"))
    content = file.read_bytes()
    output = add(0.95)
    assert "runs.sqlite is damaged. It was renamed to runs_damaged_" in output
    assert rows(output) == [(True, 1, 0.95)]
    (aside,) = step.glob("runs_damaged_*")
    assert aside.read_bytes() == content
    assert rows(add(0.96)) == [(True, 2, 0.96), (False, 1, 0.95)]


def test_where_it_cannot_be_kept_the_run_is_printed(step, add):
    """A folder of the file's name cannot be opened as a file, on any system and by any user."""
    (step / "runs.sqlite").mkdir()
    output = add(0.90, learning_rate_init=0.05)
    assert "could not be kept in runs.sqlite: unable to open database file" in output
    assert '0.9, 0.99, 3.2, 20, 0, {"divide_pixels_by": 255' in output
    assert '"learning_rate_init": 0.05' in output
    assert rows(output) == [(True, 1, 0.90)]


def test_a_full_disk_loses_no_earlier_run(step, add):
    add(0.90, learning_rate_init=0.01)
    code = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (4096, 4096))\n"
    pytest.importorskip("resource")
    full = run("-c", code + ADD_MANY, "x", "1", cwd=step)
    assert "could not be kept" in full.stdout, full.stderr
    assert [row[2] for row in rows(add(0.95))] == [0.95, 0.90]


# Better, or lucky


def test_two_sets_are_compared_with_several_seeds(step):
    edit(step / "process_digits.py", hidden_layer_sizes="(8,)")
    edit(
        step / "better_or_lucky.py", epochs=1, seeds="[0, 1]", changes="dict(learning_rate_init=1)"
    )
    result = run(step / "better_or_lucky.py", cwd=TOP)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert len(re.findall(r"^[AB] with seed [01] scores 0\.\d{4} ", result.stdout, re.M)) == 4
    assert re.search(r"^B: 0\.\d+ 0\.\d+  mean 0\.\d+, spread 0\.\d+$", result.stdout, re.M)
    assert "Verdict: B is better than A." in result.stdout
    assert not (step / "runs.sqlite").exists()


def test_the_verdict(step):
    code = "import better_or_lucky as b\n"
    for a, b in [(0.90, 0.95), (0.95, 0.90), (0.90, 0.91)]:
        scores = [[x, x + 0.01, x + 0.02] for x in (a, b)]
        code += f"print(b.verdict({scores[0]}, {scores[1]}))\n"
    verdicts = run("-c", code, cwd=step).stdout.splitlines()[1::2]
    words = ["B is better than A.", "A is better than B.", "within luck."]
    assert all(word in line for word, line in zip(words, verdicts))


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
    edit(step / "better_or_lucky.py", **{"epochs": 1, **change})
    output, ending = run_here(step / "better_or_lucky.py")
    assert message in str(ending) and "Verdict" not in output


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_stops_all_networks_in_silence(step):
    for after in ("10 networks to train", "with seed"):
        _, rest, errors = interrupt(
            "better_or_lucky.py", cwd=step, after=after, exit_status=-signal.SIGINT
        )
        assert "mean" not in rest and errors == ""
