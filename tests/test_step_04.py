"""Improving the score: the script, its scoreboard whatever befalls runs.csv, and the five seeds."""

import ast
import importlib.util
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from scripts import TOP, assert_printed, blocks, edit, interrupt, run

STEP = "examples/04_improving_the_score"
ADD_MANY = """
import sys, scoreboard
for i in range(int(sys.argv[2])):
    scoreboard.add(0.9, 1, 1, {**scoreboard.BASELINE, "alpha": sys.argv[1] + "-" + str(i)})
    print(sys.argv[1] + "-" + str(i), flush=True)
"""
RUN = '"2026-03-01 10:00:00.000",0.9452,25.1,100,"divide_pixels_by=255"\n'
HEAD = '"when","score","seconds","epochs","settings"\n'


@pytest.fixture
def step(workshop):
    return workshop / STEP


@pytest.fixture
def add(step, capsys, monkeypatch):
    """Put a run on the scoreboard in the folder step; return what was printed."""
    monkeypatch.setenv("COLUMNS", "120")
    spec = importlib.util.spec_from_file_location("scoreboard", step / "scoreboard.py")
    scoreboard = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scoreboard)

    def add(score, learning_rate):
        settings = {**scoreboard.BASELINE, "learning_rate_init": learning_rate}
        scoreboard.show(scoreboard.add(score, 3.21, 20, settings))
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
    """The rows of the printed scoreboard: (marked, place, score, the rest)."""
    pattern = r"^(->|  ) *(\d+) (0\.\d{4}|1\.0000) +(.*)$"
    return [
        (mark == "->", int(place), float(score), rest)
        for mark, place, score, rest in re.findall(pattern, output, flags=re.MULTILINE)
    ]


# The script


def test_the_readme_shows_what_is_printed(step):
    """The first run as it is, then the two changes that the README makes, then the ten networks."""
    script = step / "process_digits.py"
    first = run("process_digits.py", cwd=step)
    assert first.returncode == 0, first.stderr
    assert 0.93 < rows(first.stdout)[0][2] < 0.96
    edit(script, max_iter=10)
    second = run(script, cwd=TOP)
    assert "ConvergenceWarning: Stochastic Optimizer: Maximum iterations (10)" in second.stdout
    edit(script, learning_rate_init=0.1)
    third = run(script, cwd=step)
    lucky = run("better_or_lucky.py", cwd=step)
    assert lucky.returncode == 0, lucky.stderr
    printed = first.stdout + second.stdout + third.stdout + lucky.stdout
    assert len(blocks(step / "README.md", "text")) >= 4
    for block in blocks(step / "README.md", "text"):
        assert_printed(block, printed)


def test_a_change_is_seen_at_once_and_the_exam_is_locked(step):
    script = step / "process_digits.py"
    edit(script, max_iter=1, hidden_layer_sizes="(8,)")
    first = run(script, cwd=step.parent)
    assert first.returncode == 0, first.stderr
    assert "test set" not in first.stdout
    edit(script, divide_pixels_by=1, unlock_test_set="True")
    second = run(script, cwd=step)
    assert "Changed: divide_pixels_by 255 -> 1\n" in second.stdout
    assert "hidden_layer_sizes=(8,); max_iter=1" in second.stdout
    assert len(rows(second.stdout)) == 2
    assert re.search(r"On the test set, .* it scores 0\.\d+\n", second.stdout)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_a_run_ended_by_ctrl_c_counts_and_is_marked(step):
    output, rest, errors = interrupt("process_digits.py", cwd=step, after="Iteration 2,")
    assert "Training interrupted by user." in rest
    assert "interrupted=True" in rest
    assert "Traceback" not in errors
    assert len(rows(output + rest)) == 1


def test_the_baseline_of_the_scoreboard_is_step_02(step):
    source = next(step.parent.glob("02_*")) / "process_digits.py"
    tree = ast.parse(source.read_text(encoding="utf-8"))
    (call,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "MLPClassifier"
    ]
    settings = {setting.arg: ast.literal_eval(setting.value) for setting in call.keywords}
    del settings["verbose"]
    code = (
        f"import scoreboard; d = {settings}; print(d == {{n: scoreboard.BASELINE[n] for n in d}})"
    )
    assert run("-c", code, cwd=step).stdout == "True\n"


@pytest.mark.parametrize(
    "change, message",
    [
        ({"solver": '"sdg"'}, "The 'solver' parameter of MLPClassifier must be a str among"),
        ({"divide_pixels_by": '"255"'}, "divide_pixels_by must be a number above 0"),
        (
            {"activation": '"identity"', "learning_rate_init": 0.5, "max_iter": 2},
            "ValueError: Solver produced non-finite parameter weights. The input data may contain "
            "large values and need to be preprocessed.",
        ),
    ],
)
def test_a_run_that_fails_says_why_and_leaves_the_scoreboard_alone(step, change, message):
    (step / "runs.csv").write_text(HEAD + RUN, encoding="utf-8")
    edit(step / "process_digits.py", **change)
    result = run("process_digits.py", cwd=step)
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert message in last
    readme = (TOP / STEP / "README.md").read_text(encoding="utf-8")
    assert " ".join(message.split()) in " ".join(readme.split())
    assert (step / "runs.csv").read_text(encoding="utf-8") == HEAD + RUN


# The scoreboard


def test_the_best_is_first_and_this_run_is_marked(step, add):
    assert "It is the first one on the scoreboard" in add(0.90, 0.01)
    output = add(0.95, 0.1)
    assert "0.0500 BETTER than the run before. It is the best so far." in output
    assert "Changed: learning_rate_init 0.01 -> 0.1" in output
    assert [row[:3] for row in rows(output)] == [(True, 1, 0.95), (False, 2, 0.90)]
    output = add(0.949, 0.5)
    assert "0.0010 WORSE than the run before." in output
    assert "better_or_lucky.py" in output
    assert [row[0] for row in rows(output)] == [False, True, False]
    assert "the SAME as the run before" in add(0.949, 0.5)
    assert "No setting was changed." in add(0.96, 0.5)


def test_this_run_is_the_last_one_whatever_the_clock_said_before(step, add):
    future = RUN.replace("2026", "2999")
    (step / "runs.csv").write_text(HEAD + future, encoding="utf-8")
    output = add(0.95, 0.1)
    assert "0.0048 BETTER than the run before" in output
    assert len(rows(output)) == 2


def test_this_run_is_shown_even_if_many_are_better(step, add):
    lines = [RUN.replace("0.9452", f"0.95{i:02}") for i in range(30)]
    (step / "runs.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
    output = add(0.5, 0.1)
    assert rows(output)[-1][:3] == (True, 31, 0.5)
    assert len(rows(output)) < 20
    assert "31 runs" in output


def test_runs_at_once_are_all_kept(step):
    processes = [start(step, "-c", ADD_MANY, str(i), "30") for i in range(4)]
    for process in processes:
        _, errors = process.communicate(timeout=100)
        assert process.returncode == 0, errors
    output = run("scoreboard.py", cwd=step).stdout
    assert "120 runs" in output
    assert "damaged" not in output


def test_killed_runs_lose_nothing_and_lock_nobody_out(step, add):
    acknowledged = set()
    for i in range(3):
        process = start(step, "-c", ADD_MANY, str(i), "1000000")
        for _ in range(20):
            acknowledged.add(process.stdout.readline().strip())
        process.kill()
        rest, _ = process.communicate()
        acknowledged.update(re.findall(r"^\d-\d+(?=\n)", rest, flags=re.MULTILINE))
    (step / "runs.csv.lock").touch()  # as a run leaves it that is killed at the wrong moment
    output = add(0.95, 0.1)
    assert "damaged" not in output
    assert not (step / "runs.csv.lock").exists()
    kept = set(re.findall(r"alpha='(\d-\d+)'", (step / "runs.csv").read_text(encoding="utf-8")))
    assert len(acknowledged) >= 60
    assert acknowledged <= kept


def test_a_run_killed_while_it_trains_changes_nothing(step):
    (step / "runs.csv").write_text(HEAD + RUN, encoding="utf-8")
    process = start(step, "-u", "process_digits.py")
    while "Iteration 1," not in process.stdout.readline():
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert (step / "runs.csv").read_text(encoding="utf-8") == HEAD + RUN


@pytest.mark.parametrize(
    "content, damaged, kept",
    [
        (HEAD + RUN + RUN[:12], "Line 3 of runs.csv", 1),  # half-written in each of its cells
        (HEAD + RUN + RUN[:30], "Line 3 of runs.csv", 1),
        (HEAD + RUN + RUN[:36], "Line 3 of runs.csv", 1),
        (HEAD + RUN + RUN[:42], "Line 3 of runs.csv", 1),
        (HEAD + RUN + RUN[:-5], "Line 3 of runs.csv", 1),
        (HEAD + RUN + RUN[:-1], None, 2),  # only the end of the line is missing
        (HEAD + RUN[:40] + RUN + RUN, "Line 2 of runs.csv", 1),  # two runs in one line
        (HEAD[:10], "Line 1 of runs.csv", 0),
        (HEAD + RUN.replace("0.9452", "94.52") + RUN, "Line 2 of runs.csv", 1),
        (HEAD + RUN.replace("0.9452", "good!") + RUN, "Line 2 of runs.csv", 1),
        (HEAD + "my best so far:\n" + RUN, "Line 2 of runs.csv is damaged", 1),
        (HEAD + RUN.replace('55"\n', '55",my best\n') + "\n\n" + RUN, None, 2),
        ("\0\0\0\0\n" + RUN, "Line 1 of runs.csv", 1),
        (RUN + RUN, None, 2),  # the names of the columns deleted
        ("", None, 0),
        ("score,when\n0.9,yesterday\n0.8,today\n", None, 2),  # other columns
        ("when,accuracy\nyesterday,0.9\n", "Line 1 of runs.csv", 0),
        ("\ufeff" + HEAD + RUN, None, 1),  # saved by a spreadsheet
        ((HEAD + RUN).replace('"', "").replace("\n", "\r\n"), None, 1),
        ((HEAD + RUN).replace("\n", "\r"), None, 1),
        (
            HEAD.replace('"', "").replace(",", ";") + "01.03.2026 10:00;0,9452;25,1;100;x=2\n",
            None,
            1,
        ),
        (HEAD.strip() + ",,\n" + RUN.strip() + ",,\n,,,,,,\n", None, 1),
        ('"when,score,seconds,epochs,settings"\n"2026,0.9452,25.1,100,""x=(2, 3)"""\n', None, 1),
    ],
)
def test_whatever_is_in_runs_csv_the_runs_count_and_nothing_is_rewritten(
    step, add, content, damaged, kept
):
    file = step / "runs.csv"
    file.write_bytes(content.encode())
    output = add(0.95, 0.1)
    assert file.read_bytes().startswith(content.encode())
    assert len(rows(output)) == kept + 1
    assert (damaged or "") in output
    assert ("damaged" in output) == bool(damaged)
    again = add(0.96, 0.2)
    assert len(rows(again)) == kept + 2
    assert "Changed: learning_rate_init 0.1 -> 0.2" in again
    assert again.count("damaged") == output.count("damaged")


def test_bytes_that_are_no_text_are_survived(step, add):
    (step / "runs.csv").write_bytes(HEAD.encode() + b"\xff\xfe\x00\xe4\n" + RUN.encode())
    output = add(0.95, 0.1)
    assert "Line 2 of runs.csv is damaged" in output
    assert output.isascii()
    assert len(rows(output)) == 2


def test_a_locked_file_loses_no_run(step, add):
    """A folder of the file's name cannot be opened as a file, on any system and by any user."""
    (step / "runs.csv").mkdir()
    output = add(0.90, 0.01)
    assert "runs.csv cannot be written to" in output
    assert "kept in runs_2.csv" in output
    (step / "runs.csv").rmdir()
    output = add(0.95, 0.1)
    assert "cannot" not in output
    assert [row[2] for row in rows(output)] == [0.95, 0.90]
    assert "Changed: learning_rate_init 0.01 -> 0.1" in output


def test_where_nothing_can_be_kept_the_run_is_printed(step, add):
    (step / "runs.csv").mkdir()
    (step / "runs_2.csv").mkdir()
    output = add(0.90, 0.05)
    assert "could not be kept" in output
    assert '0.9,3.2,20,"learning_rate_init=0.05"' in output
    assert rows(output)[0][:3] == (True, 1, 0.90)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write it all")
@pytest.mark.parametrize("read_only", ["runs.csv", "."])
def test_a_read_only_file_or_folder_loses_no_run(step, add, read_only):
    (step / "runs.csv").write_text(HEAD + RUN, encoding="utf-8")
    (step / read_only).chmod(0o555)
    try:
        output = add(0.95, 0.1)
    finally:
        (step / read_only).chmod(0o755)
    assert len(rows(output)) == 2


def test_the_scoreboard_without_a_run(step):
    assert "no runs yet" in run("scoreboard.py", cwd=step).stdout


# Better, or lucky


def test_two_sets_are_compared_with_several_seeds(step):
    edit(step / "process_digits.py", hidden_layer_sizes="(8,)")
    edit(step / "better_or_lucky.py", passes=1, seeds="[0, 1]")
    result = run(step / "better_or_lucky.py", cwd=TOP)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert len(re.findall(r"^[AB] with seed [01] scores 0\.\d{4} ", result.stdout, re.M)) == 4
    assert len(
        re.findall(r"^[AB]: 0\.\d+ 0\.\d+  mean 0\.\d+, spread 0\.\d+$", result.stdout, re.M)
    )
    assert "Verdict: B is better than A." in result.stdout
    assert not (step / "runs.csv").exists()


@pytest.mark.parametrize(
    "a, b, words",
    [
        ([0.90, 0.91, 0.92], [0.95, 0.96, 0.97], "B is better than A"),
        ([0.95, 0.96, 0.97], [0.90, 0.91, 0.92], "A is better than B"),
        ([0.90, 0.91, 0.92], [0.91, 0.92, 0.93], "within luck"),
        ([0.9, 0.9], [0.9, 0.9], "within luck"),
    ],
)
def test_the_verdict(step, a, b, words):
    result = run("-c", f"import better_or_lucky as b; print(b.verdict({a}, {b}))", cwd=step)
    assert words in result.stdout


@pytest.mark.parametrize(
    "changes, message",
    [
        ("dict(solver='sdg')", "The 'solver' parameter of MLPClassifier must be a str among"),
        ("dict(learning_rat=1)", "Invalid parameter 'learning_rat'"),
        ("dict(divide_pixels_by='1')", "ufunc 'divide' not supported"),
    ],
)
def test_a_set_that_cannot_be_trained_is_named(step, changes, message):
    edit(step / "better_or_lucky.py", changes=changes, passes=1)
    result = run("better_or_lucky.py", cwd=step)
    assert result.returncode == 1
    assert "B with seed" in result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "change, message",
    [
        ({"seeds": "[0]"}, "seeds must be two or more"),
        ({"changes": "dict(random_state=7)"}, "random_state is what seeds are for"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_not_begun(step, change, message):
    edit(step / "better_or_lucky.py", **change)
    result = run("better_or_lucky.py", cwd=step)
    assert result.returncode == 1
    assert not result.stdout
    assert message in result.stderr and "Traceback" not in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_stops_all_networks(step):
    process = subprocess.Popen(
        [sys.executable, "-u", "better_or_lucky.py"],
        cwd=step,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while "with seed" not in process.stdout.readline():
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Stopped before all networks were trained." in errors
    assert "Traceback" not in errors
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.1)
    else:
        pytest.fail("a process is still there 10 seconds later")
