"""The guide, in front of what beginners really write."""

import ast
import os
import queue
import re
import signal
import subprocess
import sys
import threading

import pytest
from scripts import TOP, copy_workshop, run

import mnist
from workshop.guide import meanings, stages
from workshop.guide import run as runner

pytestmark = [
    pytest.mark.about("guide.py", "workshop", "process_digits.py"),
    pytest.mark.filterwarnings("ignore:Stochastic Optimizer"),  # few epochs: it has not converged
]
STEP = "examples/02_training_and_testing_the_network"


@pytest.fixture(scope="module")
def digits():
    return mnist.load(dtype="float32")


@pytest.fixture
def room(tmp_path):
    """A copy of what the guide needs, in a folder whose name has spaces."""
    parts = ("guide.py", "requirements.txt", "workshop", f"{STEP}/stages")
    return copy_workshop(tmp_path / "my work shop", *parts)


@pytest.fixture
def report(room, digits, monkeypatch):
    """A function that writes my_digits.py, and returns the guide's report, made in this process."""
    for module in (runner, meanings):
        monkeypatch.setattr(module, "SCRIPT", room / "my_digits.py")
    monkeypatch.setattr(mnist, "load", lambda dtype: digits)
    monkeypatch.setattr(sys, "argv", sys.argv)

    def write_and_look(text):
        runner.SCRIPT.write_bytes(text if isinstance(text, bytes) else text.encode())
        return runner.run_and_look()

    return write_and_look


def stage(number, old="", new="", epochs=1):
    """A stage's script, with a slip in it."""
    text = (TOP / STEP / f"stages/stage_{number}.py").read_text(encoding="utf-8")
    assert text.count(old) >= 1 or not old, old
    text = text.replace(old, new, 1) if old else text
    return re.sub(r"max_iter=\d+", f"max_iter={epochs}", text)


def said(result):
    """What the guide says of a script, without line ends and margins."""
    return " ".join((result.stdout + result.stderr).split())


# Stages reached


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_stage_asks_for_at_most_eight_short_lines(number):
    new = [line for _, _, lines in stages.changes(number) for line in lines]
    assert len(new) <= 8
    assert all(len(line) <= 76 for line in new)


def test_the_last_stage_is_process_digits_but_for_its_comments():
    script = ast.parse((TOP / "process_digits.py").read_text(encoding="utf-8"))
    del script.body[0]  # the docstring
    assert ast.dump(ast.parse(stage(5, epochs=100))) == ast.dump(script)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_stage_is_reached_by_its_script_and_the_next_is_not(report, number):
    assert report(stage(number)) == {"reached": number, "stage": number + 1, "problem": None}


def test_five_epochs_reach_stage_4(report):
    text = stage(4, "max_iter", "random_state=0, max_iter", epochs=5)
    assert report(text) == {"reached": 4, "stage": 5, "problem": None}


@pytest.mark.slow
def test_a_hundred_epochs_reach_stage_5(report):
    text = stage(5, epochs=100)
    assert report(text) == {"reached": 5, "stage": 6, "problem": None}


def test_a_stage_may_be_reached_in_another_way(report):
    other = """
import numpy as np
from mnist import load
training_images, training_labels, test_images, test_labels = load("float32")
predictions = np.full(10000, 7)
score = np.mean(predictions == test_labels)
print(f"{100 * score:.1f} percent")
"""
    assert report(other)["reached"] == 3


def test_more_epochs_with_other_settings_count_too(report):
    other = stage(4, 'solver="sgd",\n    activation="logistic"', "random_state=0", epochs=6)
    other = other.replace("(test_images)", "(test_images / 255)").replace(
        "fit(training_images", "fit(training_images / 255"
    )
    assert report(other) == {"reached": 5, "stage": 6, "problem": None}


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(report):
    text = "\ufeff" + stage(3).replace("\n", "\r\n")
    assert report(text.encode())["reached"] == 3


def test_what_comes_too_early_is_no_error(report):
    """A name of a later stage, in a script that has just got its stage right."""
    assert report("from sklearn.neural_network import MLPClassifier\n" + stage(3))["stage"] == 4
    text = stage(4, "max_iter", "random_state=0, max_iter", epochs=5)
    assert report(text)["problem"] is None


# Wrong scripts: the stage, what stands there, what somebody typed, and what the guide must say

SLIPS = [
    (1, "import mnist", "import minst", "nearest that exists is `mnist`"),
    (1, "import mnist\n", "", "The line that imports it is missing"),
    (4, '"logistic"', "logistic", "needs quotation marks"),
    (5, "from threadpoolctl import threadpool_limits\n", "", "imports it is missing"),
    (5, "random_state", "randomstate", "nearest that exists is `random_state`"),
    (1, "load(", "laod(", "nearest that exists is `load`"),
    (1, 'load(dtype="float32")', "load", "Brackets are missing"),
    (1, "training_labels, test_images", "test_images, training_labels", "Is the order"),
    (1, "training_images, training_labels, ", "", "number of names on the left"),
    (1, '"images to learn from.")', '"images to learn from."', "not closed"),
    (1, '"images to learn from.")', '"images to learn from.)', "a quotation mark is missing"),
    (1, '"float32"', "\u201cfloat32\u201d", "such as a curly quote"),
    (1, "len(training_images)", "len(training_image)", "nearest that exists is `training_images`"),
    (1, "print", "# print", None),  # one of two prints is enough
    (2, ".reshape(28, 28)", "", "To get rows of pixels first"),
    (2, "digit = training_images[0]", "digit = training_images", "784 pixels are 28 rows of 28"),
    (2, "reshape(28, 28)", "reshape(28, 27)", "784 pixels are 28 rows of 28"),
    (2, "in row:", "in row", "ends with a colon"),
    (2, "    print(line)", "        print(line)", "A line for each pixel"),
    (2, "    print(line)", "print(line)", "has 28 rows: does print(line) stand in the loop"),
    (2, '    line = ""\n', "", "Python has not met this name"),
    (2, 'for row in digit:\n    line = ""', 'line = ""\nfor row in digit:', "longer and longer"),
    (2, '    line = ""', 'line = ""', "four spaces further right"),
    (2, "    print(line)", "   print(line)", "further right, or further left"),
    (2, "    print(line)", "\tprint(line)", "Spaces and tabs are mixed"),
    (2, '"##" if', '"  " if', "I see no ink"),
    (3, "== label", "= label", "to compare takes two"),
    (3, "        number_right += 1", "    number_right += 1", "four spaces further right"),
    (3, "        number_right", "        pass\n    number_right", "Every image was counted"),
    (3, "number_right += 1", "number_right = 1", "`number_right += 1` stands in the if"),
    (3, "number_right += 1", "number_right + 1", "number_right is 0 after the loop"),
    (3, "right / len", "right // len", "One slash"),
    (3, " / len(test_labels)", "", "divide it by len(test_labels)"),
    (3, "/ len(test_labels)", "/ len(test_labels) * 100", "without * 100"),
    (3, "/ len(test_labels)", "/ len(training_labels)", "not of training labels"),
    (3, "== label", "!= label", "compare with =="),
    (3, "number_right = 0\nfor", "for", "Python has not met this name"),
    (3, 'print("We have a score of", score)\n', "", "it is not printed"),
    (3, "(predictions, test", "(predictions, training", "and compare them with `test_labels`"),
    (3, "[1] * len(test_labels)", "1", "not one number"),
    (3, "if prediction ==", "if test_labels ==", "A whole array is compared"),
    (3, "len(test_labels)", "len(training_labels)", "one answer for each of the 10000"),
    (3, "[1] * len(test_labels)", "test_labels", "are `predictions` the labels?"),
    (3, "zip(predictions", "zip(prediction", "nearest that exists is `predictions`"),
    (4, "import MLPClassifier", "import MLPClasifier", "nearest that exists is `MLPClassifier`"),
    (4, "neural_network", "neural_networks", "nearest that exists is `sklearn.neural_network`"),
    (4, "sizes=", "size=", "nearest that exists is `hidden_layer_sizes`"),
    (4, '"sgd"', '"sdg"', "nearest that exists is `sgd`"),
    (4, '"logistic"', '"sigmoid"', 'calls the sigmoid "logistic"'),
    (4, "(14, 14)", "14, 14", "hidden_layer_sizes=(14, 14)"),
    (4, "(14, 14),", "(14, 14)", "without a comma"),
    (4, "classifier.fit", "# classifier.fit", "comes before predict"),
    (
        4,
        "training_images, training_labels)\n\npred",
        "training_labels, training_images)\n\npred",
        "swapped",
    ),
    (
        4,
        "training_images, training_labels)\n\npred",
        "training_images, test_labels)\n\npred",
        "as many labels as images",
    ),
    (
        4,
        "training_images, training_labels)\n\npred",
        "training_images)\n\npred",
        "images AND labels",
    ),
    (
        4,
        "training_images, training_labels)\n\npred",
        "test_images, test_labels)\n\npred",
        "has seen the exam",
    ),
    (4, "predict(test_images)", "predict(training_images)", "which it has seen"),
    (4, "predict(test_images)", "predict(test_labels)", "swapped"),
    (4, ".predict(", ".predit(", "nearest that exists is `predict`"),
    (4, "classifier.predict(test_images)", "[1] * 10000", "not what `classifier` says"),
    (4, "classifier.fit(training_images, training_labels)\n", "classifier.fit\n", "before predict"),
    (4, '"logistic"', '"relu"', "activation is 'relu', ours 'logistic'"),
]


@pytest.mark.parametrize("number, old, new, sentence", SLIPS)
def test_a_slip_is_met_with_the_right_sentence(report, number, old, new, sentence):
    result = report(stage(number, old, new))
    if sentence is None:
        assert result["reached"] == number
    else:
        assert result["stage"] == number
        assert sentence in result["problem"]
        assert result["reached"] < number


def test_an_error_names_the_line_of_the_readers_file(report):
    problem = report(stage(3, "if prediction", "if predicton"))["problem"]
    assert "Line 10 of my_digits.py:\n    if predicton == label:" in problem
    assert "NameError: name 'predicton' is not defined" in problem


def test_a_score_from_before_the_training_is_known(report):
    count = stage(3).split("predictions =")[1].replace(" [1] * len(test_labels)\n", "", 1)
    text = stage(4).replace("predictions = classifier.predict(test_images)\n", "")
    text = text.replace("number_right = 0", "predictions = [1] * 10000\nnumber_right = 0")
    assert count
    problem = report(text + "predictions = classifier.predict(test_images)\n")["problem"]
    assert "0.1135 is what always answering 1 gives" in problem


def test_a_score_worked_out_before_the_loop_is_known(report):
    line = "score = number_right / len(test_labels)\n"
    text = stage(3, line, "").replace("for prediction", line + "for prediction")
    assert "must stand after the loop" in report(text)["problem"]


@pytest.mark.parametrize("line", ["score = 0.99", "print('We have a score of 0.99')"])
def test_a_score_that_is_only_claimed_reaches_nothing(report, line):
    result = report(stage(3).replace('print("We have a score of", score)', line))
    assert result["reached"] < 3 and result["problem"]
    assert report("print('We have a score of 0.99')") == {"reached": 0, "stage": 1, "problem": None}


def test_a_training_that_ended_early_is_known(report):
    text = stage(5, "classifier.fit", "classifier.set_params(max_iter=2).fit", epochs=2)
    text = text.replace("predictions =", "classifier.max_iter = 100\npredictions =", 1)
    assert "It has learned for 2 epochs only" in report(text)["problem"]


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
    assert "There is my_digits.py.txt. Give it the name" in said(look(room))
    (room / "my_digits.py").mkdir()
    assert "my_digits.py is a folder." in said(look(room))


@pytest.mark.parametrize(
    "text, sentence",
    [
        (b"", "my_digits.py is empty."),
        (stage(1).encode("utf-16"), "saved as UTF-16. Save it as UTF-8"),
        ("name = '\u00fc'\n".encode("latin-1"), "not saved as UTF-8"),
        ("name = input('Your name? ')\n", "The guide cannot type for you"),
        ("import sys\nsys.exit()\n" + stage(1), "The script ends itself here"),
        ("import os\nos._exit(3)\n", "ended Python itself"),
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


def look_only(room, text):
    """Look at the script, but not at the computer, which takes two seconds."""
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
    mine = stage(1).encode() + b"# mine\n"
    (room / "my_digits.py").write_bytes(mine)
    command = [sys.executable, "guide.py", "--catch-up", "--stage", "2"]
    crowd = [subprocess.Popen(command, cwd=room, stdout=subprocess.DEVNULL) for _ in range(16)]
    for process in crowd:
        process.wait(timeout=120)
    kept = [path.read_bytes() for path in room.glob("my_digits.*.py")]
    assert kept.count(mine) == 1
    assert set(kept) == {mine, stage(2).encode()}
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


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is pressed in the way of Linux and macOS")
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


def test_a_silent_script_gets_a_sentence_and_goes_on(report, monkeypatch, capfd):
    monkeypatch.setattr(runner, "SILENT_SECONDS", 1)
    threading.Thread(target=runner.say_when_silent, daemon=True).start()
    result = report("import time\ntime.sleep(2)\n" + stage(1))
    assert result["reached"] == 1
    assert "(Silent for 1 seconds. It still runs" in capfd.readouterr().out


def test_what_is_missing_on_this_computer_is_named_with_what_mends_it(room):
    wanted = (room / "requirements.txt").read_text(encoding="utf-8")
    wanted = wanted.replace("numpy>=1.24", "numpy>=99.0") + "no-such-package>=1.0\n"
    (room / "requirements.txt").write_text(wanted, encoding="utf-8")
    result = look(room)
    assert result.returncode == 1
    assert "The package numpy is too old" in result.stdout
    assert "The package no-such-package is missing." in result.stdout
    assert "python -m pip install -r requirements.txt" in said(result)
