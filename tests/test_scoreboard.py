"""The scoreboard: what it says of a run, and that no run is lost, whatever befalls runs.sqlite."""

import ast
import importlib.util
import json
import re
import sqlite3
import subprocess
import sys

import pytest
from scripts import run

STEP = "examples/04_improving_the_score"
ADD_MANY = """
import sys, threading, scoreboard
def add(name):
    for i in range(int(sys.argv[2])):
        settings = {**scoreboard.STEP_02, "alpha": f"{name}-{i}"}
        scoreboard.add(0.9, 0.9, 1, 1, False, settings)
        print(f"{name}-{i}", flush=True)
for i in range(int(sys.argv[3])):
    threading.Thread(target=add, args=[sys.argv[1] + str(i)]).start()
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
        found = database.execute("SELECT settings FROM runs").fetchall()
    return {json.loads(settings)["alpha"] for (settings,) in found}


@pytest.mark.about("examples/02_training_and_testing_the_network")
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
    assert "31 in all" in output and "in which they differ:" in output
    assert max(map(len, output.splitlines())) < 80


def test_it_is_written_out_for_a_spreadsheet_and_an_old_file_is_left_alone(step, add):
    add(0.95, hidden_layer_sizes=(64, 64))
    (step / "runs.csv").write_text("an old one", encoding="utf-8")
    assert run("scoreboard.py", "--csv", "mine.csv", cwd=step).returncode == 0
    assert '0.95,0.99,3.2,20,0,255,sgd,logistic,"(64, 64)"' in (step / "mine.csv").read_text()
    refused = run("scoreboard.py", "--csv", "runs.csv", cwd=step)
    assert refused.returncode == 1 and "runs.csv cannot be written: File exists" in refused.stderr
    assert (step / "runs.csv").read_text(encoding="utf-8") == "an old one"


def test_the_settings_of_a_run_can_be_pasted_into_the_script(step, add):
    add(0.90, solver="adam", hidden_layer_sizes=64, alpha=0.5)
    lines = run("scoreboard.py", "--restore", "1", cwd=step).stdout.split("\n\n", 1)[1]
    names = {}
    exec("from sklearn.neural_network import MLPClassifier\n" + lines, names)
    settings = names["classifier"].get_params()
    assert names["divide_pixels_by"] == 255 and settings["hidden_layer_sizes"] == (64,)
    assert (settings["solver"], settings["alpha"], settings["max_iter"]) == ("adam", 0.5, 100)
    nobody = run("scoreboard.py", "--restore", "2", cwd=step)
    assert nobody.returncode == 1 and nobody.stderr == "There is no run 2 on the scoreboard.\n"


def test_it_is_shown_without_a_run(step):
    assert "no runs yet" in run("scoreboard.py", cwd=step).stdout


def test_sixteen_at_once_are_all_kept(step):
    """Eight in each of two processes: a process takes seconds to start, and would come alone."""
    processes = [start(step, "-c", ADD_MANY, name, "5", "8") for name in "ab"]
    outputs = [process.communicate(timeout=100) for process in processes]
    assert [errors for _, errors in outputs] == ["", ""]
    assert kept(step) == {f"{name}{i}-{j}" for name in "ab" for i in range(8) for j in range(5)}


def test_killed_runs_lose_nothing(step, add):
    acknowledged = set()
    for i in range(2):
        process = start(step, "-c", ADD_MANY, str(i), "1000000", "1")
        for _ in range(20):
            acknowledged.add(process.stdout.readline().strip())
        process.kill()
        rest, _ = process.communicate()
        acknowledged.update(re.findall(r"^\d0-\d+(?=\n)", rest, flags=re.MULTILINE))
    assert "cannot be used" not in add(0.95)
    assert len(acknowledged) >= 40
    assert acknowledged <= kept(step)


@pytest.mark.parametrize("damage", ["no database", "half of it", "a text that is none", "a folder"])
def test_where_it_cannot_be_kept_the_run_is_printed_and_the_file_left_alone(step, add, damage):
    add(0.90)
    file = step / "runs.sqlite"
    content = file.read_bytes()
    content = {
        "no database": b"no database " * 100,
        "half of it": content[: len(content) // 2],
        "a text that is none": content.replace(b"logistic", b"log\xff\xfetic"),
        "a folder": None,
    }[damage]
    if content is None:
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(content)
    output = add(0.95, learning_rate_init=0.05)
    assert "runs.sqlite cannot be used, so nothing is kept: " in output
    assert "If it is damaged, move it away" in output
    assert ', 0.95, 0.99, 3.2, 20, 0, {"divide_pixels_by": 255' in output
    assert '"learning_rate_init": 0.05' in output
    assert rows(output) == [(True, 1, 0.95)]
    assert content is None or file.read_bytes() == content


def test_a_full_disk_loses_no_earlier_run(step, add):
    add(0.90, learning_rate_init=0.01)
    code = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (4096, 4096))\n"
    pytest.importorskip("resource")
    full = run("-c", code + ADD_MANY, "x", "1", "1", cwd=step)
    assert "cannot be used, so nothing is kept" in full.stdout, full.stderr
    assert [row[2] for row in rows(add(0.95))] == [0.95, 0.90]
