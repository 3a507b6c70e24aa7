"""The guide, in front of what beginners really write: see guide_cases.py and guide_scripts.txt."""

import ast
import functools
import io
import os
import queue
import re
import signal
import subprocess
import sys
import threading

import pytest
from guide_cases import SLIPS, by_chance, scripts, stage
from scripts import TOP, WINDOWS, copy_workshop, run

import mnist
from workshop.guide import run as runner
from workshop.guide import stages

pytestmark = [
    pytest.mark.about("guide.py", "workshop", "process_digits.py"),
    pytest.mark.filterwarnings("ignore"),  # what is wrong with the scripts may warn, too
]
STEP = "examples/02_training_and_testing_the_network"


@pytest.fixture(scope="module")
def digits():
    """The digits, once for each dtype that was asked for."""
    return functools.cache(mnist.load)


@pytest.fixture
def room(tmp_path):
    """A copy of what the guide needs, in a folder whose name has spaces."""
    parts = ("guide.py", "requirements.txt", "workshop", f"{STEP}/stages")
    return copy_workshop(tmp_path / "my work shop", *parts)


@pytest.fixture
def report(tmp_path, digits, monkeypatch):
    """A function that writes my_digits.py, and returns the guide's report, made in this process."""

    def load(dtype="uint8"):
        four = digits(str(dtype))
        return tuple(part.copy() for part in four) if changed else four

    changed = False
    monkeypatch.setattr(mnist, "load", load)
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(sys, "__stdout__", io.StringIO())

    def write_and_look(text):
        nonlocal changed
        changed = re.search(r"/=|shuffle", str(text))  # in place
        script = tmp_path / "my_digits.py"
        script.write_bytes(text if isinstance(text, bytes) else text.encode())
        return runner.run_and_look(script)

    return write_and_look


def said(result):
    """What the guide says of a script, without line ends and margins."""
    return " ".join((result.stdout + result.stderr).split())


# Stages reached


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_stage_asks_for_at_most_eight_short_lines(number):
    new = [line for _, _, lines in stages.changes(number) for line in lines]
    assert len(new) <= 8
    assert all(len(line) <= 76 for line in new)
    for setting in re.findall(r"(?<=    )\w+(?==)|\w+(?=\(1\))", "\n".join(new)):
        told = [
            term.partition("(")[0] for about in stages.STAGES[:number] for term in about["terms"]
        ]
        assert setting in told, "each setting is explained when it is first typed"


def test_the_last_stage_is_process_digits_but_for_its_comments():
    script = ast.parse((TOP / "process_digits.py").read_text(encoding="utf-8"))
    del script.body[0]  # the docstring
    assert ast.dump(ast.parse(stage(5, epochs=100))) == ast.dump(script)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_stage_is_reached_by_its_script_and_the_next_is_not(report, number):
    result = report(stage(number))
    assert (result["reached"], result["stage"], result["problem"]) == (number, number + 1, None)


@pytest.mark.slow
def test_a_hundred_epochs_reach_stage_5(report):
    result = report(stage(5, epochs=100))
    assert (result["reached"], result["stage"], result["problem"]) == (5, 6, None)
    assert "praise" not in result or not result["praise"]


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(report):
    text = "\ufeff" + stage(3).replace("\n", "\r\n")
    assert report(text.encode())["reached"] == 3


def test_what_comes_too_early_is_no_error(report):
    """A name of a later stage, in a script that has just got its stage right."""
    assert report("from sklearn.neural_network import MLPClassifier\n" + stage(3))["stage"] == 4
    assert report(stage(4, "max_iter", "random_state=0, max_iter"))["problem"] is None


# Whole scripts, most of them right in their own way, and slips


def whole_scripts():
    """All of them; of those that train, three in four only among the slow tests."""
    for k, case in enumerate(scripts()):
        slow = case[0] >= 4 and case[1] is None and k % 4
        yield pytest.param(*case, marks=[pytest.mark.slow] if slow else [])


@pytest.mark.parametrize("number, sentence, text", list(whole_scripts()))
def test_a_whole_script(report, number, sentence, text):
    result = report(text)
    if sentence is None:
        assert (result["reached"], result["problem"]) == (number, None)
    else:
        assert result["stage"] == number and result["reached"] < number
        assert sentence in result["problem"]


@pytest.mark.parametrize("number, old, new, sentence", SLIPS)
def test_a_slip_is_met_with_the_right_sentence(report, number, old, new, sentence):
    result = report(stage(number, old, new))
    if sentence is None:
        assert result["reached"] == number
    else:
        assert result["stage"] == number and result["reached"] < number
        assert sentence in result["problem"]


def assert_met(report, slips):
    """No slip breaks the guide; nearly all that stop a script get a word, and their own line."""
    met = named = near = 0
    for _, text, line in slips:
        result = report(text)
        problem = result["problem"]
        if not problem:
            continue
        assert "could not" not in problem, text
        words = re.sub(r"Line \d+ of my_digits.py:\n.*\n|Python says:.*", "", problem).strip()
        lines = [int(found) for found in re.findall(r"[Ll]ine (\d+)", problem)]
        met += bool(words)
        named += bool(lines)
        near += any(abs(found - line) <= 1 for found in lines)
        assert words or met > 20, problem
    assert near >= 0.95 * named - 2 and named > 20


def test_slips_by_chance(report):
    assert_met(report, by_chance(40, seed=5))


@pytest.mark.slow
def test_many_slips_by_chance(report):
    assert_met(report, by_chance(300, seed=6))


def test_an_error_names_the_line_of_the_readers_file(report):
    problem = report(stage(3, "if prediction", "if predicton"))["problem"]
    assert "Line 10 of my_digits.py:\n    if predicton == label:" in problem
    assert "NameError: name 'predicton' is not defined" in problem
    problem = report(stage(2, "    print(line)", "      print(line)"))["problem"]
    assert "my_digits.py:\n          print(line)\n" in problem, "with the indent it is about"


def test_a_score_from_before_the_training_is_known(report):
    text = stage(4).replace("predictions = classifier.predict(test_images)\n", "")
    text = text.replace("number_right = 0", "predictions = [1] * 10000\nnumber_right = 0")
    problem = report(text + "predictions = classifier.predict(test_images)\n")["problem"]
    assert "the count must come after predict" in problem


def test_a_score_worked_out_before_the_loop_is_known(report):
    line = "score = number_right / len(test_labels)\n"
    text = stage(3, line, "").replace("for prediction", line + "for prediction")
    assert "must stand below the loop" in report(text)["problem"]


@pytest.mark.parametrize("line", ["score = 0.99", "print('We have a score of 0.1135')"])
def test_a_score_that_is_only_claimed_reaches_nothing(report, line):
    result = report(stage(3).replace('print("We have a score of", score)', line))
    assert result["reached"] < 3 and result["problem"]


def test_a_training_that_was_ended_by_ctrl_c_is_known(report):
    text = stage(5, "max_iter=1", "max_iter=100").replace("classifier.fit(", "fit(")
    fit = "def fit(images, labels):\n    classifier.set_params(max_iter=2).fit(images, labels)\n"
    text = text.replace("fit(tr", fit + "    classifier.max_iter = 100\n\nfit(tr", 1)
    assert "The training was ended early" in report(text)["problem"]


def test_an_own_way_is_praised_and_the_next_stage_is_said_in_words(report, capsys):
    own = "import mnist\na, b, c, d = mnist.load()\nprint((d == 1).mean())\n"
    runner.say_report(report(own))
    words = " ".join(capsys.readouterr().out.split())
    assert "Stage 3 is reached, in your own way: " in words
    assert "With the names of this workshop: from sklearn" in words and "Take out" not in words
    runner.say_report(report(stage(3)))
    words = capsys.readouterr().out
    assert "own way" not in words and "Take out these lines:\n\n    predictions = [1]" in words


def test_what_the_guide_cannot_judge_it_says_and_gives_no_stage_back(report, monkeypatch):
    monkeypatch.setattr(runner, "judge", lambda record: record.nothing)
    result = report(stage(4, "", "", epochs=1))
    assert result["stage"] == 4 and "Your script ran. I could not judge it: " in result["problem"]


# Scripts that are odd as a whole


def look(room, text=None, *arguments, **more):
    if text is not None:
        (room / "my_digits.py").write_bytes(text if isinstance(text, bytes) else text.encode())
    return run(room / "guide.py", *arguments, cwd=room, **more)


def test_the_computer_is_looked_at_and_the_first_stage_is_shown(room):
    result = look(room)
    assert result.returncode == 0, result.stderr
    assert "This computer is ready." in result.stdout
    assert "There is no my_digits.py yet." in result.stdout
    assert "Stage 1 of 5" in result.stdout
    (room / "my_digits.py.txt").write_text("import mnist\n", encoding="utf-8")
    assert "There is my_digits.py.txt. Give it the name" in said(look_only(room))
    (room / "my_digits.py.txt").rename(room / "my_digits.py.rtf")
    assert "Make Plain Text" in said(look_only(room))
    (room / "my_digits.py").mkdir()
    assert "my_digits.py is a folder." in said(look(room, None, "--catch-up"))
    assert not (room / "my_digits.1.py").exists()
    assert "my_digits.py is a folder." in said(look_only(room))


@pytest.mark.parametrize(
    "text, sentence",
    [
        (b"", "my_digits.py is empty."),
        (stage(1).encode("utf-16"), "saved as UTF-16. Save it as UTF-8"),
        ("name = '\u00fc'\n".encode("latin-1"), "not saved as UTF-8"),
        ("name = input('Your name? ')\n", "The guide cannot type for you"),
        ("import sys\nsys.exit()\n" + stage(1), "The script ends itself here"),
        ("import os\nos._exit(3)\n", "ended Python itself"),
        ("print('a')\n" * 2100 + stage(3), "(More than 2000 lines"),
        ("import os\nos.chdir('/')\n" + stage(1), "Stage 1 is reached"),
        ("for i in range(1_000_000):\n    print(i)\n" + stage(1), "Stage 1 is reached"),
        ("import mnist\nmnist.load(\n", "Line 2 of my_digits.py: mnist.load( Python says"),
    ],
)
def test_an_odd_script_gets_a_sentence(room, text, sentence):
    result = look_only(room, text)
    assert sentence in said(result)
    assert "Traceback" not in said(result)
    assert len(result.stdout) < 40_000
    assert result.stdout.isascii()
    assert all(len(line) <= 80 for line in result.stdout.splitlines() if str(room) not in line)


def look_only(room, text=None):
    """Look at the script, but not at the computer, which takes two seconds."""
    if text is not None:
        (room / "my_digits.py").write_bytes(text if isinstance(text, bytes) else text.encode())
    code = "import sys; sys.stdout.reconfigure(line_buffering=True); "
    code += "from workshop.guide import run; run.say_report(run.find_out())"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=room, capture_output=True, text=True, timeout=60
    )


# Hints, catching up, watching


def test_hints_go_from_vague_to_the_lines_themselves(room):
    first = said(look(room, stage(1), "--hint"))
    assert "Stage 2, hint 1 of 3" in first and "reshape(28, 28)" not in first
    assert "python guide.py --hint 2" in first
    assert "reshape(28, 28)" in said(look(room, None, "--hint", "2"))
    broken = said(look(room, stage(1, "(training_images)", "(training_image)"), "--hint"))
    assert "nearest that exists is `training_images`" in broken and "Stage 1, hint 1" in broken
    third = look(room, stage(1), "--hint", "3").stdout
    assert all("    " + line in third for line in stage(2).splitlines()[-7:])


def test_any_stage_can_be_shown(room):
    shown = look(room, None, "--stage", "4")
    assert "Stage 4 of 5" in shown.stdout and "classifier.fit(training_images" in shown.stdout
    assert not (room / "my_digits.py").exists()


def test_to_catch_up_puts_the_next_script_in_place_and_keeps_the_readers(room):
    mine = stage(1).encode() + b"# mine\n"
    result = look(room, mine, "--catch-up")
    assert "Your own script is kept: it is my_digits.1.py now." in said(result)
    assert (room / "my_digits.1.py").read_bytes() == mine
    assert (room / "my_digits.py").read_text(encoding="utf-8") == stage(2)
    look(room, None, "--catch-up")
    assert (room / "my_digits.py").read_text(encoding="utf-8") == stage(3)
    assert (room / "my_digits.2.py").read_text(encoding="utf-8") == stage(2)
    look(room, b"not Python at all", "--catch-up")
    assert (room / "my_digits.3.py").read_bytes() == b"not Python at all"


def test_to_catch_up_where_nothing_is_written_makes_the_first_script(room):
    look(room, None, "--catch-up")
    assert (room / "my_digits.py").read_text(encoding="utf-8") == stage(1)
    assert not (room / "my_digits.1.py").exists()


def test_sixteen_who_catch_up_at_once_lose_nothing(room):
    mine = stage(1) + "# mine\n"
    (room / "my_digits.py").write_text(mine, encoding="utf-8")
    command = [sys.executable, "guide.py", "--catch-up", "--stage", "2"]
    crowd = [subprocess.Popen(command, cwd=room, stdout=subprocess.DEVNULL) for _ in range(16)]
    for process in crowd:
        process.wait(timeout=120)
    kept = [path.read_text(encoding="utf-8") for path in room.glob("my_digits.*.py")]
    assert kept.count(mine) == 1
    assert set(kept) == {mine, stage(2)}
    assert (room / "my_digits.py").read_text(encoding="utf-8") == stage(2)


class Watching:
    """A guide that watches, in a terminal of its own."""

    def __init__(self, room):
        self.process = subprocess.Popen(
            [sys.executable, "-u", "guide.py", "--watch"],
            cwd=room,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def wait_for(self, words):
        """Return the lines up to the one that has these words."""
        seen = ""
        while words not in seen:
            seen += self.lines.get(timeout=60)
        return seen

    def press_ctrl_c(self):
        os.killpg(self.process.pid, signal.SIGINT)


@pytest.fixture
def watching(room):
    watching = Watching(room)
    yield watching
    watching.process.kill()
    watching.process.wait()


@pytest.mark.skipif(WINDOWS, reason="Ctrl-C is pressed in the way of Linux and macOS")
def test_watching_sees_every_save_until_ctrl_c(room, watching):
    script = room / "my_digits.py"
    watching.wait_for("I look again when you save")
    script.write_text(stage(1), encoding="utf-8")  # as Notepad saves
    watching.wait_for("Stage 1 is reached")
    watching.wait_for("I look again when you save")

    new = room / "new"  # as vim saves: another file takes the place of the old
    new.write_text("import time\n" + stage(2) + "time.sleep(600)\n", encoding="utf-8")
    os.replace(new, script)
    watching.wait_for("The label says that this is a 5")
    script.write_text(stage(2), encoding="utf-8")  # ends the run that sleeps
    watching.wait_for("Stage 2 is reached")
    watching.wait_for("I look again when you save")

    script.write_text(stage(4, epochs=1000), encoding="utf-8")
    watching.wait_for("Iteration 2")
    watching.press_ctrl_c()  # ends the training; its score counts all the same
    watching.wait_for("We have a score of")
    watching.wait_for("I look again when you save")
    watching.press_ctrl_c()
    assert watching.process.wait(timeout=20) == 0
    assert "Traceback" not in "".join(watching.lines.queue)


def test_a_silent_script_gets_a_sentence_and_goes_on(report, monkeypatch):
    monkeypatch.setattr(runner, "SILENT_SECONDS", 1)
    heard = []
    monkeypatch.setattr(runner, "say", heard.append)
    threading.Thread(target=runner.say_when_silent, daemon=True).start()
    assert report("import time\ntime.sleep(2)\n" + stage(1))["reached"] == 1
    assert "(Silent for 1 seconds. It still runs" in heard[0]


def test_what_is_missing_on_this_computer_is_named_with_what_mends_it(room):
    wanted = (room / "requirements.txt").read_text(encoding="utf-8")
    wanted = wanted.replace("numpy>=1.24", "numpy>=99.0") + "no-such-package>=1.0\n"
    (room / "requirements.txt").write_text(wanted, encoding="utf-8")
    result = look(room)
    assert result.returncode == 1
    assert "The package numpy is too old" in result.stdout
    assert "The package no-such-package is missing." in result.stdout
    assert "python -m pip install -r requirements.txt" in said(result)
