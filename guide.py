"""Look at my_digits.py, the script that you write, and say what is next.

    python guide.py               look at this computer, run my_digits.py, say what is next
    python guide.py --watch       the same again, whenever you save my_digits.py
    python guide.py --hint        a hint for the stage you are in; --hint 2 and --hint 3 say more
    python guide.py --catch-up    put the finished script of your stage in place; yours is kept
    python guide.py --stage 3     show stage 3, wherever you are

The guide keeps no record: what you have reached is what your script does. It runs the script in a
Python of its own, as you would, and then looks at the names that the script has made.
"""

import argparse
import ast
import builtins
import difflib
import io
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import traceback
from importlib import metadata
from pathlib import Path

TOP = Path(__file__).resolve().parent
SCRIPT = TOP / "my_digits.py"
STEP = TOP / "examples/02_training_and_testing_the_network"
MANY_LINES = 2000  # a script that prints more is stuck in a loop, more likely than not
SILENT_SECONDS = 20

ACTIVATE = ".venv\\Scripts\\Activate.ps1" if os.name == "nt" else ". .venv/bin/activate"
INSTALL = "python -m pip install -r requirements.txt"


# 1. The stages. The lines to type are not here: they are what stages/stage_1.py to stage_5.py
# have more than the stage before.

STAGES = [
    {
        "goal": "Load the digits.",
        "guess": "An image has 28 rows of 28 pixels. How many numbers is that?",
        "expect": "60000 images, and a shape of 60000 rows. Is the other number yours?",
        "reached": "the digits are in your script.",
        "hints": [
            "mnist.load() gives four arrays at once. Each needs a name.",
            "The order is: training images, training labels, test images, test labels. Print "
            "something, too, so that you see that it worked.",
        ],
    },
    {
        "goal": "Look at one digit, before any network does.",
        "guess": "Which digit is it? Say it aloud before you read the label.",
        "expect": "28 rows of characters, and the label below. Was it what you said?",
        "reached": "you have seen what the network will see.",
        "hints": [
            "An image is one long row of 784 numbers. What gives it rows and columns again?",
            "digit = training_images[0].reshape(28, 28); then a loop over its rows, and in it a "
            "loop over the pixels of a row. A row is printed when its pixels are done.",
        ],
    },
    {
        "goal": "Build the test first: count how many answers are right.",
        "guess": "If the answer is always 1, what share of the answers is right?",
        "expect": "A score, at once. Is it about what you guessed? (The last line is for later, "
        "when you have a network.)",
        "reached": "you can tell how good any answers are.",
        "hints": [
            "Go through the answers and the labels side by side, and count where they are equal.",
            "number_right is 0 above the loop. In the loop stands the if, and in the if the line "
            "that adds 1. The score is worked out after the loop.",
        ],
    },
    {
        "goal": "Let a network learn, for five epochs: five times through the images.",
        "guess": "How far above the last score does it get in five epochs?",
        "expect": "Five losses, each smaller than the one before. (A ConvergenceWarning is no "
        "error: it says that more epochs would help.) Then the score.",
        "reached": "your network has learned to read!",
        "hints": [
            "First describe the network, then let it learn, then let it answer.",
            "MLPClassifier(...) describes it, fit(images, labels) learns from the training data, "
            "predict(images) answers for the test images. The loop below stays as it is.",
        ],
    },
    {
        "goal": "Give it all its settings, and a hundred epochs.",
        "guess": "Where does the score end, with twenty times as many epochs?",
        "expect": "A loss that falls fast, then slowly, for a minute or so; then the score. Ctrl-C "
        "ends the training early.",
        "reached": "this is process_digits.py, but for its comments.",
        "hints": [
            "Some settings are new, and max_iter, the number of epochs, is larger.",
            "random_state=0 makes each run the same. threadpool_limits(1), below the imports, "
            "keeps the work to one core: on a busy computer two would mostly wait for each other.",
        ],
    },
]
FINISHED = (
    "That was the last stage. Now it is your turn: change one setting, guess what it does to the "
    "loss, and save. To compare scores fairly, go on with examples/04_improving_the_score."
)


# 2. What an exception usually means: the first pattern that Python's last line has.

IMPORTED = "mnist|MLPClassifier|threadpool_limits"
QUOTED = "sgd|adam|logistic|relu|tanh|constant|float32"

MEANINGS = [
    # Python cannot read the script
    (r"was never closed", "This bracket is opened and not closed; somewhere a ) or ] is missing."),
    (
        r"unmatched|does not match opening",
        "There is one closing bracket too many, or one of the wrong kind.",
    ),
    (r"unterminated", "The text has no end: a quotation mark is missing."),
    (r"expected ':'", "A line with `for` or `if` ends with a colon."),
    (r"Maybe you meant '=='", "One = gives a name to a value; to compare takes two: ==."),
    (r"forgot a comma", "Two values follow each other without a comma, here or on the line above."),
    (
        r"positional argument follows",
        "A setting is written name=value. Sizes stand in brackets: hidden_layer_sizes=(14, 14).",
    ),
    (r"Missing parentheses", "What is to be printed stands in brackets: print(...)."),
    (
        r"invalid (non-printable )?character",
        "A character here is none of Python's, such as a curly quote: type it again.",
    ),
    (r"codec can't decode", "The file is not saved as UTF-8: choose that when you save it."),
    (
        r"expected an indented block",
        "What belongs to a `for` or an `if` begins four spaces further right than its line.",
    ),
    (r"TabError", "Spaces and tabs are mixed at the beginning of the line. Use spaces only."),
    (
        r"IndentationError",
        "This line begins further right, or further left, than the lines it belongs to.",
    ),
    (r"SyntaxError", "Python cannot read this line. The slip may be at the end of the one above."),
    # Modules
    (
        r"No module named 'mnist'|module 'mnist' has no attribute 'load'",
        "This is not the mnist.py of this folder. With the environment active, run: "
        f"python -m pip uninstall mnist, and then: {INSTALL}",
    ),
    (
        r"No module named '(sklearn|numpy|requests|threadpoolctl|scipy|joblib)\W",
        f"A package is not found: is the environment active? If not: {ACTIVATE}",
    ),
    (r"No module named|cannot import name", "Nothing has this name: look at its spelling."),
    (r"MNISTError", "The images are missing. The lines above say what to do."),
    # Names
    (
        rf"name '({IMPORTED})' is not defined",
        "The line that imports it is missing: it belongs to the top of the script.",
    ),
    (
        rf"name '({QUOTED})' is not defined",
        'This word needs quotation marks around it, as in "sgd".',
    ),
    (
        r"NameError",
        "Python has not met this name: it is misspelt, or it is made further down, or not at all.",
    ),
    (r"has no attribute", "It has nothing of this name: look at the spelling after the dot."),
    # The network
    (r"NotFittedError", "It has learned nothing yet: classifier.fit(...) comes before predict."),
    (r"unexpected keyword", "There is no setting of this name: look at its spelling."),
    (r"'activation' parameter.*sigmoid", 'scikit-learn calls the sigmoid "logistic".'),
    (
        r"'hidden_layer_sizes' parameter",
        "Sizes are whole numbers in brackets, such as (14, 14). One layer of 64 is (64,).",
    ),
    (r"parameter of MLPClassifier", "The line names the setting, and what may stand there."),
    (
        r"inconsistent numbers of samples",
        "There must be as many labels as images: do both come from the training data?",
    ),
    (
        r"y should be a 1d|Expected 2D array|Unknown label|multilabel",
        "Images and labels are swapped: fit(training_images, training_labels).",
    ),
    (r"features, but", "These are not images of 784 pixels, such as it has learned from."),
    (r"non-finite", "The weights grew without end: take a smaller learning_rate_init."),
    # Numbers and arrays
    (r"cannot reshape", "784 pixels are 28 rows of 28: reshape(28, 28)."),
    (r"values to unpack", "The number of names on the left is not the number of values."),
    (r"non-iterable function", "Brackets are missing: a function is called with (), as in load()."),
    (r"truth value", "A whole array is compared. In the loop, compare `prediction` with `label`."),
    (r"'(module|int|float|list|tuple|numpy\.\w+)' object is not callable", "This is no function."),
    (r"missing \d+ required", "Something is missing in the brackets: fit takes images AND labels."),
    (
        r"'numpy\.\w+' object is not iterable",
        "The loop goes through single pixels. To get rows of pixels first: reshape(28, 28).",
    ),
    (r"not iterable", "A loop, or zip, needs a list or an array to go through, not one number."),
    (r"ZeroDivisionError", "The number below the line is 0: is it len(test_labels)?"),
    (r"IndexError", "There are fewer items than this; the first has the number 0."),
    (r"TypeError", "Two things that do not go together: look at what each name of the line holds."),
    # The script as a whole
    (r"EOFError", "The guide cannot type for you: write the value in place of input()."),
    (r"SystemExit", "The script ends itself here, and the lines below do not run. Take it out."),
    (r"KeyboardInterrupt", "You stopped it here with Ctrl-C. Does it ever end by itself?"),
    (r"MemoryError", "The computer has no more memory free: close other programs."),
    (r"RecursionError", "A function calls itself without end."),
]


def explain(error, names, source):
    """Return where an exception was raised in the script, Python's last line, and its meaning."""
    python_says = f"{type(error).__name__}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    numbers = [frame.lineno for frame in frames if frame.filename == str(SCRIPT)]
    if isinstance(error, SyntaxError):
        python_says = f"{type(error).__name__}: {error.msg}"
        numbers += [error.lineno] if error.filename == str(SCRIPT) and error.lineno else []
    where = ""
    if numbers:
        line = source.decode("utf-8", "backslashreplace").splitlines()[numbers[-1] - 1]
        where = f"Line {numbers[-1]} of my_digits.py:\n    {line.strip()}\n"
    meaning = "Python's words are all there is to say about it."
    for pattern, sentence in MEANINGS:
        if re.search(pattern, python_says + " "):
            meaning = sentence
            break
    return f"{where}Python says: {python_says}\n{meaning}{nearest(error, python_says, names)}"


def nearest(error, python_says, names):
    """Return a sentence with the known word that is nearest to a misspelt one, or nothing."""
    word, known = getattr(error, "name", None), []
    network = getattr(sys.modules.get("sklearn.neural_network"), "MLPClassifier", None)
    if isinstance(error, NameError):
        spelt_right = re.fullmatch(f"{IMPORTED}|{QUOTED}", word)
        known = [] if spelt_right else [*names, *dir(builtins)]
    elif isinstance(error, AttributeError):
        known = dir(error.obj)
    elif isinstance(error, ModuleNotFoundError):
        known = ["mnist", "sklearn", "threadpoolctl", "sklearn.neural_network"]
    elif isinstance(error, ImportError):
        word = re.search(r"import name '(\w+)'", python_says)[1]
        known = dir(sys.modules.get(error.name))
    elif found := re.search(r"unexpected keyword argument '(\w+)'", python_says):
        word, known = found[1], network().get_params() if network else []
    elif found := re.search(r"among \{(.*)\}.* Got '(\w+)'", python_says):
        word, known = found[2], re.findall(r"\w+", found[1])
    close = difflib.get_close_matches(word or "", known, n=1)
    return f" The nearest that exists is `{close[0]}`." if close else ""


# 3. The checks: each returns what is wrong, in a sentence or two, or None if the stage is reached.
# names are the script's names and what they hold; output is what it printed.

SHAPES = {
    "training_images": (60000, 784),
    "training_labels": (60000,),
    "test_images": (10000, 784),
    "test_labels": (10000,),
}


def missing(names, *wanted):
    for name in wanted:
        if name not in names:
            close = difflib.get_close_matches(name, [n for n in names if n not in SHAPES], n=1)
            instead = f" There is `{close[0]}`: is that the one?" if close else ""
            return f"I looked for the name `{name}` and did not find it.{instead}"
    return None


def wrong_arrays(names, *wanted):
    """Check that names are there and hold arrays of the right shape."""
    problem = missing(names, *wanted)
    if problem:
        return problem
    for name in wanted:
        shape = getattr(names[name], "shape", None)
        if shape != SHAPES[name]:
            return (
                f"`{name}` should have the shape {SHAPES[name]}; it has {shape}. Is the order "
                "training images, training labels, test images, test labels?"
            )
    return None


def check_1(names, output):
    problem = wrong_arrays(names, *SHAPES)
    if not problem and not output.strip():
        return "The digits are loaded, but nothing is printed: how would you know? Print something."
    return problem


def check_2(names, output):
    problem = wrong_arrays(names, "training_images") or missing(names, "digit")
    if problem:
        return problem
    shape = getattr(names["digit"], "shape", None)
    if shape != (28, 28):
        return (
            f"`digit` should have 28 rows of 28 pixels; its shape is {shape}. See .reshape(28, 28)."
        )
    lines = output.splitlines()
    if len(lines) < 28:
        return (
            f"Your script printed {len(lines)} lines, and the digit has 28 rows: does print(line) "
            "stand in the loop over the rows, four spaces in?"
        )
    if len(lines) >= 28 * 28:
        return "A line for each pixel: print(line) belongs to the loop over rows, not over pixels."
    if max(len(line) for line in lines) > 4 * 80:
        return (
            'The lines grow longer and longer: line = "" must stand inside the loop over the rows.'
        )
    if len(set(lines)) < 10:
        return "The lines are all alike, so I see no ink: what is added for a dark pixel?"
    return None


def check_3(names, output):
    problem = wrong_arrays(names, "test_labels") or missing(names, "predictions", "score")
    if problem:
        return problem
    labels, predictions, score = names["test_labels"], names["predictions"], names["score"]
    shape = getattr(predictions, "shape", None)
    if shape is None and hasattr(predictions, "__len__"):
        shape = (len(predictions),)
    if shape != (10000,):
        return (
            "`predictions` should hold one answer for each of the 10000 test images; what it "
            f"holds has the shape {shape}."
        )
    if not isinstance(score, (int, float)):
        return f"`score` should be a number; it is of the type {type(score).__name__}."

    right = int(sum(prediction == label for prediction, label in zip(predictions, labels)))
    share = right / 10000
    if share == 1:
        return "All 10000 answers are right, which no one can do: are `predictions` the labels?"
    if abs(score - share) > 1e-9:
        return wrong_score(names, score, right)
    printed = [float(number) for number in re.findall(r"\d+\.?\d*", output)]
    near = [abs(number - score) < 0.006 or abs(number - 100 * score) < 0.6 for number in printed]
    if not any(near):
        return "`score` is right, but it is not printed."
    return None


def wrong_score(names, score, right):
    """Say what is wrong with a score that is not the share of right answers."""
    share = right / 10000
    counted = names.get("number_right")
    begin = f"`score` is {score}, but {share} of `predictions` are right. "
    if score == right:
        return begin + "That is their number: divide it by len(test_labels)."
    if counted == right and score == 0:
        return begin + "One slash, /, keeps the fraction; and the line must stand after the loop."
    if counted == right and abs(score - right / 60000) < 1e-9:
        return begin + "Divide by the number of test labels, not of training labels."
    if abs(score - 100 * share) < 1e-9:
        return begin + "Leave it a part of 1, without * 100."
    if score == 1:
        return begin + (
            "Every image was counted: number_right += 1 must stand inside the if, which compares "
            "`prediction` with `label`."
        )
    if abs(score - (1 - share)) < 1e-9:
        return begin + "That is the part that is wrong: compare with ==."
    if counted in (0, 1):
        return begin + (
            f"number_right is {counted} after the loop: `number_right = 0` stands above the loop, "
            "the if compares `prediction` with `label`, and `number_right += 1` stands in the if."
        )
    if score == 0.1135:
        return begin + "0.1135 is what always answering 1 gives: count after you predict."
    return begin + "Does the loop stand below `predictions`, and compare them with `test_labels`?"


def check_4(names, output):
    problem = wrong_arrays(names, "test_images") or missing(names, "classifier")
    if problem:
        return problem
    classifier = names["classifier"]
    if not hasattr(classifier, "classes_"):
        return "`classifier` has not learned: classifier.fit(training_images, training_labels)."
    epochs = getattr(classifier, "n_iter_", 0)
    if epochs and getattr(classifier, "t_", 0) == 10000 * epochs:
        return "It learned from the test images, and so has seen the exam: use the training images."
    if len(names.get("predictions", [])) == 60000:
        return "`predictions` are for the training images, which it has seen: predict(test_images)."
    problem = check_3(names, output)
    if problem:
        return problem
    images = names["test_images"]
    predictions = list(names["predictions"])
    if predictions not in (
        list(classifier.predict(images)),
        list(classifier.predict(images / 255)),
    ):
        return (
            "`predictions` are not what `classifier` says of `test_images`. After fit comes "
            "predictions = classifier.predict(test_images), and then the loop. If the old line, "
            "predictions = [1] * ..., is still there, take it out."
        )
    if names["score"] < 0.5:
        return f"Your score is {names['score']}, which is low." + other_settings(classifier, 4)
    return None


def check_5(names, output):
    problem = check_4(names, output)
    if problem:
        return problem
    classifier = names["classifier"]
    if classifier.n_iter_ <= 5:
        return (
            f"It has learned for {classifier.n_iter_} epochs only. Did you press Ctrl-C? Save the "
            "file again, and let it learn until it ends by itself."
        )
    if names["score"] < 0.8:
        return f"Your score is {names['score']}, which is low." + other_settings(classifier, 5)
    return None


def other_settings(classifier, stage):
    """Say which settings are not those of a stage's script."""
    for node in ast.walk(ast.parse(stage_text(stage))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "MLPClassifier":
            ours = {setting.arg: ast.literal_eval(setting.value) for setting in node.keywords}
    theirs = classifier.get_params()
    different = [name for name in ours if name != "verbose" and theirs[name] != ours[name]]
    return "".join(f" {name} is {theirs[name]!r}, ours {ours[name]!r}." for name in different)


CHECKS = [check_1, check_2, check_3, check_4, check_5]


def look(names, output):
    """Return the stage that is reached, the stage in work, and what is wrong with it (or None)."""
    begun = 0
    classifier = names.get("classifier")
    for stage, signs in enumerate(
        [SHAPES, ["digit"], ["predictions", "number_right", "score"], ["classifier"]], start=1
    ):
        if any(name in names for name in signs):
            begun = stage
    if getattr(classifier, "max_iter", 0) > 5:
        begun = 5
    problems = [check(names, output) for check in CHECKS]
    reached = max((stage for stage in range(1, 6) if not problems[stage - 1]), default=0)
    if begun > reached:
        return reached, begun, problems[begun - 1]
    return reached, reached + 1, None


# 4. In a process of its own: run the script, look at what it has made, and write a report.


class PassedOn(io.StringIO):
    """What the script prints: kept, and passed on to the screen, but not a million lines."""

    lines = 0
    last = 0.0  # when it printed last

    def write(self, text):
        PassedOn.last = time.monotonic()
        if self.lines <= MANY_LINES:
            super().write(text)
            sys.__stdout__.write(text)
            self.lines += text.count("\n")
            if self.lines > MANY_LINES:
                say(f"\n(More than {MANY_LINES} lines: is a print in a loop? I show no more.)")
        return len(text)


def say_when_silent():
    PassedOn.last = time.monotonic()
    while time.monotonic() - PassedOn.last < SILENT_SECONDS:
        time.sleep(0.5)
    say(f"(Silent for {SILENT_SECONDS} seconds. It still runs; Ctrl-C ends it.)")


def run_and_look():
    """Run the script as `python my_digits.py` does; return a report on it."""
    source = SCRIPT.read_bytes()
    names = {"__name__": "__main__", "__file__": str(SCRIPT)}
    error = None
    sys.argv = [str(SCRIPT)]
    screen, sys.stdout = sys.stdout, PassedOn()
    try:
        exec(compile(source, str(SCRIPT), "exec", dont_inherit=True), names)
    except BaseException as anything:  # sys.exit and Ctrl-C, too
        error = anything
    output = sys.stdout.getvalue()
    sys.stdout = screen
    reached, stage, problem = look(names, output)
    if isinstance(error, SystemExit) and reached and not problem:
        error = None  # it ends itself at the end: no harm done
    if error:
        return {"reached": 0, "stage": begun_in(source), "problem": explain(error, names, source)}
    return {"reached": reached, "stage": stage, "problem": problem}


def begun_in(source):
    """Return the furthest stage whose words stand in a script that did not run to its end."""
    words = [
        "mnist",
        r"digit\b",
        "predictions|number_right",
        "classifier|MLPC",
        "random_?state|threadpool",
    ]
    found = [re.search(word, source.decode("utf-8", "replace")) for word in words]
    return max((stage for stage in range(1, 6) if found[stage - 1]), default=1)


# 5. This computer.

PROOF = "import sklearn.neural_network, threadpoolctl, mnist; mnist.load()"


def problems_of_this_computer():
    """Return what is wrong with Python, the packages, the disk or the data: a list of sentences."""
    problems = []
    if sys.version_info < (3, 10):  # noqa: UP036, it is just what is asked here
        problems.append(f"This is Python {sys.version.split()[0]}; 3.10 or newer is needed.")
    for name, wanted in re.findall(
        r"^([\w-]+)>=([\d.]+)", (TOP / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    ):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            problems.append(f"The package {name} is missing.")
        else:
            if numbers(found) < numbers(wanted):
                problems.append(f"The package {name} is too old: {found}, and not {wanted}.")
    if problems and sys.prefix == sys.base_prefix and (TOP / ".venv").exists():
        problems.append(f"The environment is not active. Type this, and try again: {ACTIVATE}")
    elif problems:
        problems.append(f"This mends it (if not, do the quick start again): {INSTALL}")
    if shutil.disk_usage(TOP).free < 200e6:
        problems.append("The disk is nearly full: make 200 MB free.")
    if not problems:
        # From a step's folder, so that it is seen whether `import mnist` works there, too.
        proof = subprocess.run(
            [sys.executable, "-c", PROOF], cwd=STEP, stderr=subprocess.PIPE, text=True
        )
        if proof.returncode:
            last = proof.stderr.strip().splitlines()[-1]
            meanings = [sentence for pattern, sentence in MEANINGS if re.search(pattern, last)]
            problems += [f"The packages do not work: {last}", *meanings[:1]]
    return problems


def numbers(version):
    return [int(number) for number in re.findall(r"\d+", version)[:2]]


# 6. What the guide says and does.


def say(text):
    for line in text.split("\n"):
        indent = re.match(" *", line)[0]
        fold = textwrap.fill(line, 78, subsequent_indent=indent, break_on_hyphens=False)
        print(fold if len(line) > 80 else line)


def stage_text(stage):
    return (STEP / f"stages/stage_{stage}.py").read_text(encoding="utf-8")


def changes(stage):
    """Return what makes a stage of the one before: the line above, lines that go, lines that come.

    Empty lines do not count. The line above is None at the top.
    """
    before = stage_text(stage - 1).split("\n") if stage > 1 else []
    before, after = (
        [line for line in lines if line] for lines in (before, stage_text(stage).split("\n"))
    )
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [
        (before[i - 1] if i else None, before[i:j], after[k:m])
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal"
    ]


def say_lines(stage):
    for above, old, new in changes(stage):
        if old:
            say("\nTake out these lines:\n")
            say("\n".join("    " + line for line in old))
            say("\nand write in their place:\n")
        elif above:
            say(f"\nBelow the line\n\n    {above}\n\nwrite\n")
        else:
            say("\nAt the top of my_digits.py, write\n")
        print("\n".join("    " + line for line in new))


def say_stage(stage):
    if stage > 5:
        say(FINISHED)
        return
    about = STAGES[stage - 1]
    say(f"\nStage {stage} of 5: {about['goal']}")
    say_lines(stage)
    say(f"\nGuess first. {about['guess']}")
    say(f"Then save it. You should see: {about['expect']}")
    say_help()


def say_help():
    say("\nStuck?  python guide.py --hint     Behind?  python guide.py --catch-up")


def say_report(report):
    if report["reached"]:
        say(f"\nStage {report['reached']} is reached: {STAGES[report['reached'] - 1]['reached']}")
    if report["problem"]:
        say(f"\nStage {report['stage']}, not yet:")
        say(report["problem"])
        say_help()
    else:
        say_stage(report["stage"])


def say_hint(stage, number):
    if stage > 5:
        say(FINISHED)
    elif number < 3:
        say(f"\nStage {stage}, hint {number} of 3:\n{STAGES[stage - 1]['hints'][number - 1]}")
        say(f"\nMore:  python guide.py --hint {number + 1}")
    else:
        say(f"\nStage {stage}, hint 3 of 3, the lines themselves:")
        say_lines(stage)
        say("\nOr the whole script, and yours is kept:  python guide.py --catch-up")


def nothing_written():
    """Say that there is no script yet, and how to make one; or return None."""
    if SCRIPT.exists() and (SCRIPT.is_dir() or SCRIPT.read_bytes().strip()):
        return None
    if SCRIPT.exists():
        return "my_digits.py is empty. (If you have written something: is it saved?)"
    for other in TOP.glob("my_digits*.txt"):
        return f"There is {other.name}. Give it the name my_digits.py, without .txt."
    return (
        "There is no my_digits.py yet. In your editor, make a new file, and save it under this "
        f"name in the folder {TOP}"
    )


def unreadable():
    """Say what keeps the script from being read; or return None."""
    if SCRIPT.is_dir():
        return "my_digits.py is a folder. Give it another name, and make a file of this name."
    if SCRIPT.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "my_digits.py is saved as UTF-16. Save it as UTF-8; your editor offers that."
    return None


def stamp():
    """Return what changes whenever the script is saved."""
    try:
        status = SCRIPT.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def find_out(saved=None):
    """Return the report on the script, or None if it was saved anew after the stamp `saved`."""
    try:
        nothing, problem = nothing_written(), unreadable() if SCRIPT.exists() else None
    except OSError as error:
        nothing, problem = None, f"my_digits.py cannot be read: {error.strerror}."
    if nothing:
        say("\n" + nothing)
        return {"reached": 0, "stage": 1, "problem": None}
    if problem:
        return {"reached": 0, "stage": 1, "problem": problem}

    say("\nRunning my_digits.py:\n")
    # Ctrl-C goes to the script, which is in the same terminal; the third one kills it.
    pressed = []
    earlier = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        process = subprocess.Popen(
            [sys.executable, "-u", __file__, "--report", path], cwd=TOP, stdin=subprocess.DEVNULL
        )
        try:
            while process.poll() is None and len(pressed) < 3:
                if saved and stamp() != saved:
                    return None
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()
            signal.signal(signal.SIGINT, earlier)
        if not path.exists():
            problem = "Your script ended Python itself, before I could look at what it has made."
            return {"reached": 0, "stage": 1, "problem": problem}
        return json.loads(path.read_text(encoding="utf-8"))


def watch():
    """Look at the script whenever it is saved, until Ctrl-C."""
    while True:
        saved = stamp()
        report = find_out(saved)
        if report:
            say_report(report)
            say("\nI look again when you save my_digits.py. Ctrl-C ends this.")
        while stamp() == saved:
            time.sleep(0.1)
        time.sleep(0.1)  # some editors empty the file before they write it
        say("\n" + time.strftime(" %H:%M:%S, my_digits.py was saved ").center(78, "-"))


def catch_up(stage):
    """Put a stage's script in place, under the name my_digits.py; the reader's own is kept."""
    if stage > 5:
        say(FINISHED)
        return
    kept = keep()
    if kept:
        say(f"\nYour own script is kept: it is {kept.name} now.")
    with open(SCRIPT, "x", encoding="utf-8") as file:
        file.write(stage_text(stage))
    say(f"my_digits.py is the finished script of stage {stage} now. Reopen it in your editor.")
    say("\nWhat is next:  python guide.py")


def keep():
    """Give my_digits.py the first free name of my_digits.1.py, my_digits.2.py, ...; return it."""
    for number in itertools.count(1):
        kept = TOP / f"my_digits.{number}.py"
        try:
            kept.touch(exist_ok=False)  # from here on the name is ours, and nobody else's
        except FileExistsError:
            continue
        try:
            os.replace(SCRIPT, kept)
        except FileNotFoundError:
            kept.unlink()
            return None
        return kept


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--watch", action="store_true", help="look whenever the script is saved")
    parser.add_argument("--hint", nargs="?", type=int, const=1, choices=[1, 2, 3])
    parser.add_argument("--catch-up", action="store_true", help="put the stage's script in place")
    parser.add_argument("--stage", type=int, choices=[1, 2, 3, 4, 5])
    parser.add_argument("--report", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()

    if options.report:
        threading.Thread(target=say_when_silent, daemon=True).start()
        options.report.write_text(json.dumps(run_and_look()), encoding="utf-8")
    elif options.hint or options.catch_up:
        stage, problem = options.stage, None
        if not stage:
            report = find_out()
            stage, problem = report["stage"], report["problem"]
        if options.catch_up:
            catch_up(stage)
        else:
            say(f"\n{problem}" if problem else "")
            say_hint(stage, options.hint)
    elif options.stage:
        say_stage(options.stage)
    else:
        print("Looking at this computer ...")
        problems = problems_of_this_computer()
        say("\n".join(problems) or "This computer is ready.")
        if problems:
            sys.exit(1)
        watch() if options.watch else say_report(find_out())


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True, errors="replace")
    try:
        main()
    except KeyboardInterrupt:
        print()
    except OSError as error:
        sys.exit(f"{error.filename or 'A file'}: {error.strerror}. Nothing of yours is lost.")
