"""What an exception of the reader's script means: the first pattern that Python's last line has."""

import builtins
import difflib
import re
import sys
import traceback

from . import ACTIVATE, INSTALL, SCRIPT

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
