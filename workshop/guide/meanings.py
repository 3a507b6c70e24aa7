"""What an exception of the reader's script means: first its cause, then what Python's words say."""

import ast
import builtins
import re
import sys
import textwrap
import traceback

from . import ACTIVATE, INSTALL
from .causes import cause
from .reading import NOTHING, later, name_of, near, unused

IMPORTED = "mnist|MLPClassifier|threadpool_limits"


QUOTED = "sgd|adam|lbfgs|logistic|relu|tanh|constant|adaptive|float32"


SETTINGS = (
    ""
    ""
    "dtype|solver|activation|hidden_layer_sizes|learning_rate|learning_rate_init|max_iter|random_state|verbose|alpha|batch_size|tol"
)


WORDS = dict(
    IMPORTED=IMPORTED, QUOTED=QUOTED, SETTINGS=SETTINGS, INSTALL=INSTALL, ACTIVATE=ACTIVATE
)


def table(text):
    """Read a table of causes: a pattern, and indented below it what to say."""
    for word, meant in WORDS.items():
        text = text.replace(word, meant)
    found = re.findall(r"^(\S.*)\n((?:    .*\n)+)", text, re.MULTILINE)
    return [(pattern, " ".join(sentence.split())) for pattern, sentence in found]


IN_THE_LINE = table(r"""
SyntaxError @ =\s*\d+,\d+
    A number is written with a point, not with a comma, as in 0.01.
SyntaxError @ \+\+
    Python has no ++. To add 1: += 1.
SyntaxError @ &&|\|\|
    Python writes `and` and `or` in words.
SyntaxError @ \belse\s+if\b
    Python writes `elif` for else if.
SyntaxError @ [=(\[,]\s*from\b|\bimport\b.*\bfrom\b
    The order is: from (a module) import (a name).
SyntaxError @ ^\s*(?:def|class)\b[^:]*$
    A line with `def` ends with a colon and brackets.
NameError: name '(SETTINGS)'|positional argument follows @ \b(SETTINGS)\s*==
    In brackets, a setting is given with one =, as in name=value. Two, ==, compare.
SyntaxError @ \bscikit-learn\b
    Packages have no - in their names: it is imported as sklearn.
SyntaxError @ ^\s+(?:SETTINGS)\s*:
    A setting is given with =, as in name=value.
SyntaxError @ ;\s*$|\([^)]*;
    In brackets, things are separated by commas, and not by semicolons.
SyntaxError @ =\s*#
    # begins a comment. A text needs quotation marks around it.
SyntaxError @ ^\s*for\b(?!.*\bin\b)
    A loop is written with `in`: for ... in ...:
not subscriptable @ (\w+)\s*\[
    `{0}` is a function: it is called with round brackets, ().
""")


MEANINGS = table(r"""
# Python cannot read the script
was never closed
    This bracket is opened and not closed; somewhere a ) or ] is missing.
unmatched|does not match opening
    There is one closing bracket too many, or one of the wrong kind.
unterminated
    The text has no end: a quotation mark is missing.
expected ':'
    A line with `for`, `if` or `def` ends with a colon.
Maybe you meant '=='
    One = gives a name to a value; to compare takes two: ==.
expected 'else'
    A value with an `if` needs both sides: "##" if pixel > 127 else "  ".
forgot a comma
    Two values follow each other without a comma, here or on the line above.
positional argument follows
    A setting is written name=value. Sizes stand in brackets: hidden_layer_sizes=(14, 14).
keyword argument repeated: (\w+)
    `{0}` is given twice: the old line is still there. Take it out.
Missing parentheses
    What is to be printed stands in brackets: print(...).
invalid (non-printable )?character
    Python can't use one of the characters here, such as a curly quote: type it again.
codec can't decode
    The file is not saved as UTF-8: choose that when you save it.
null bytes
    The file is not plain text: save it as UTF-8 in your editor.
rtf|UnicodeDecode
    The file is not plain text: save it as UTF-8 in your editor.
expected an indented block
    What belongs to a `for` or an `if` begins four spaces further right than its line.
TabError
    Spaces and tabs are mixed at the beginning of the line. Use spaces only.
IndentationError
    This line begins further right, or further left, than the lines it belongs to.
'return' outside
    `return` belongs into a function: four spaces further right than `def`.
invalid decimal literal
    A name cannot begin with a digit, and a number has no letters.
SyntaxError
    Python cannot read this line. The slip may be at the end of the one above.
# Modules
partially initialized module '(\w+)
    A file of yours has the name of a package, {0}.py, and Python takes it instead: rename it.
No module named 'mnist'|module 'mnist' has no attribute 'load'|name 'load' from 'mnist'
    This is not the mnist.py of this folder. With the environment active, run: python -m pip
    uninstall mnist, and then: INSTALL
No module named '(sklearn|numpy|requests|threadpoolctl|scipy|joblib)'
    A package is not found: is the environment active? If not: ACTIVATE
relative import
    A module is imported without a dot before its name: import mnist.
cannot import name 'MLPClassifier' from 'sklearn'
    MLPClassifier is in sklearn.neural_network.
DLL load failed|shared object
    A package is broken. This mends it: INSTALL
No module named|cannot import name
    Nothing has this name: look at its spelling.
ImportError
    A package does not work here. If it is one of the workshop's: INSTALL
MNISTError
    The images are missing. The lines above say what to do.
# Names
UnboundLocalError|cannot access (?:local|free) variable
    Inside a function, a name that gets a value there is a name of its own: give it its first
    value inside the function, too.
name '(IMPORTED)' is not defined
    The line that imports it is missing: it belongs to the top of the script.
name '(QUOTED)' is not defined
    This word needs quotation marks around it, as in "{0}".
name '(reshape|fit|predict|load|shape)' is not defined
    `{0}` belongs to something: its name and a dot stand before it, as in mnist.load.
name '[oO]' is not defined
    This is the letter O: is the number 0 meant?
name '[lI]' is not defined
    This is a letter: is the number 1 meant?
NameError
    Python doesn't know this name: it is misspelt, or it is made further down, or not at all.
'NoneType' object
    A name of this line holds None, nothing: what it was made from gives nothing back.
has no attribute '(?:train|learn|teach)
    The method that learns is called fit.
has no attribute
    There is nothing of this name in it: look at the spelling after the dot.
# The network
NotFittedError
    It has learned nothing yet: classifier.fit(...) comes before predict.
unexpected keyword
    There is no setting of this name: look at its spelling.
'activation' parameter.*sigmoid
    scikit-learn calls the sigmoid "logistic".
'hidden_layer_sizes' parameter|hidden_layer_sizes must be|NoneType' and 'int'
    Sizes are whole numbers in brackets, such as (14, 14). One layer of 64 is (64,).
'verbose' parameter
    `verbose` is True or False, without quotation marks.
'learning_rate' parameter.* Got \d
    `learning_rate` is a word, such as "constant". How far a step goes is learning_rate_init.
'(\w+)' parameter of \w+ must be an int.* Got [-\d.]+ instead
    `{0}` is a whole number, in the range that the line names.
cannot be interpreted as an integer
    A whole number is needed here, one without a point.
'(\w+)' parameter of \w+ must be (?:an? (?:int|float)|.*\bin the range).* Got '
    `{0}` is a number: write it without quotation marks.
'(\w+)' parameter of \w+ must be a str
    `{0}` is one of the words that the line names.
parameter of \w+ must be
    The line names the setting, and what may stand there.
inconsistent numbers of samples
    There must be as many labels as images: do both come from the training data?
y should be a 1d|Expected 2D array|Unknown label|multilabel
    Images and labels are swapped: fit(training_images, training_labels).
features, but
    These are not images of 784 pixels, such as it has learned from.
non-finite
    The weights grew without end: take a smaller learning_rate_init.
contains NaN|infinity
    Some pixels are no numbers: were they divided by 0?
# Numbers and arrays
data type '(\w+)' not understood
    NumPy has no kind of number of this name.
reshape array of size 47040000
    These are all 60000 images. Take one of them: training_images[0].reshape(28, 28).
cannot reshape
    784 pixels are 28 rows of 28: reshape(28, 28).
cannot unpack non-iterable
    A loop through two lists side by side needs zip: for prediction, label in zip(...).
values to unpack
    The number of names on the left is not the number of values.
non-iterable function
    Brackets are missing: a function is called with (), as in load().
'numpy\.ndarray' object is not callable
    An array is no function. One of its items is taken with square brackets, as in [0].
'tuple' object is not callable
    `shape` is no function: it has no brackets.
'(\w+(?:\.\w+)?)' object is not callable
    What stands before the brackets is no function, but a value of the kind {0}.
truth value
    A whole array is compared. In the loop, compare `prediction` with `label`.
fit\(\) missing \d+ required
    fit takes two things: images AND labels.
missing \d+ required
    Something is missing in the brackets.
takes .* positional arguments? but
    There is one thing too many in the brackets.
'numpy\.\w+' object is not iterable
    The loop goes through single pixels. To get rows of pixels first: reshape(28, 28).
not iterable
    A loop, or zip, needs a list or an array to go through, not one number.
not supported between .*'(?:str|numpy.ndarray)'|did not contain a loop|unsupported .*'str'
    A text is used as a number: write the number without quotation marks.
can only concatenate|must be str, not
    Text and a number cannot be added. In print, put a comma between them.
has no len\(\)
    len counts what is in a list or an array; this is one thing.
only integer scalar arrays
    An array stands where one number is meant. A loop through the rows: for row in digit.
ZeroDivisionError
    You are dividing by 0: is it len(test_labels)?
only integers
    An item is taken by its number, as in [0].
IndexError
    There are fewer items than this; the first has the number 0.
could not convert string
    A text is used as a number.
TypeError
    Two things that do not go together: look at what each name of the line holds.
# The script as a whole
EOFError
    The guide cannot type for you: write the value in place of input().
SystemExit
    The script ends itself here, and the lines below do not run. Take it out.
KeyboardInterrupt
    You stopped it here with Ctrl-C. Does it ever end by itself?
MemoryError
    The computer has no more memory free: close other programs.
RecursionError
    A function calls itself without end.
""")


def explain(record):
    """Return where an exception was raised in the script, Python's last line, and its meaning."""
    error = record.error
    python_says = f"{type(error).__name__}: {error}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == record.script]
    number = frames[-1].lineno if frames else 0
    if isinstance(error, SyntaxError):
        python_says = f"{type(error).__name__}: {error.msg}"
        if error.filename == record.script and error.lineno:
            number = min(error.lineno, len(record.lines))
    number = setting_line(record, python_says, number) or number
    line = record.lines[number - 1] if 0 < number <= len(record.lines) else ""
    where = f"Line {number} of my_digits.py:\n    " if line else ""
    if isinstance(error, IndentationError):
        where += line.rstrip() + "\n"  # its indent is what it is about
    elif line:
        where += line.strip() + "\n"
    whole, python_says = python_says, textwrap.shorten(python_says.strip().split("\n")[0], 400)
    meaning = ""
    try:
        meaning = cause(record, number) or in_the_line(python_says, line)
        meaning = meaning or usual(whole) + nearest(record, whole)
    except Exception as ours:
        record.trouble = ours
        meaning = meaning or usual(whole)
    return f"{where}Python says: {python_says}\n{meaning}".rstrip()


def setting_line(record, python_says, number):
    """Return the line of the setting that is wrong: Python names the line where it was used."""
    if "positional argument follows" in python_says:
        for at in range(number, max(0, number - 12), -1):
            if re.search(rf"\b({SETTINGS})\s*==", record.lines[at - 1]):
                return at
    found = re.search(r"unexpected keyword argument '(\w+)'|The '(\w+)' parameter", python_says)
    if found:
        for node in ast.walk(record.tree):
            if isinstance(node, ast.keyword) and node.arg == (found[1] or found[2]):
                return node.value.lineno
    return None


def usual(python_says):
    """Return what an exception usually means, or nothing."""
    for pattern, sentence in MEANINGS:
        if found := re.search(pattern, python_says + " ", re.DOTALL):
            return sentence.replace("{0}", found[1] or "") if found.groups() else sentence
    return ""


def in_the_line(python_says, line):
    for patterns, sentence in IN_THE_LINE:
        pattern, looks = patterns.split(" @ ")
        found = re.search(looks, line)
        if found and re.search(pattern, python_says):
            return sentence.format(*found.groups())
    return None


def nearest(record, python_says):
    """Return a sentence with the known word that is nearest to a misspelt one, or nothing."""
    error = record.error
    word, known = getattr(error, "name", None), []
    network = getattr(sys.modules.get("sklearn.neural_network"), "MLPClassifier", None)
    if isinstance(error, NameError):
        word = word or re.search("name '(.*?)'", python_says)[1]
        if re.fullmatch(f"{IMPORTED}|{QUOTED}", word):
            return ""
        typed = [name for name in dir(builtins) if name not in ADDED and near(word, [name], 0.8)]
        known = [
            *record.everything(),
            *later(record),
            *typed,
            *IMPORTED.split("|"),
            *QUOTED.split("|"),
        ]
    elif isinstance(error, AttributeError):
        known = dir(getattr(error, "obj", None))
    elif isinstance(error, ModuleNotFoundError):
        known = ["mnist", "sklearn", "threadpoolctl", "sklearn.neural_network", "numpy"]
    elif isinstance(error, ImportError):
        found = re.search(r"import name '(\w+)'", python_says)
        word = found[1] if found else None
        known = dir(sys.modules.get(error.name)) if found else []
    elif found := re.search(r"unexpected keyword argument '(\w+)'", python_says):
        word, known = found[1], [*(network().get_params() if network else []), "dtype"]
    elif found := re.search(r"among \{(.*)\}.* Got '(\w+)'", python_says):
        word, known = found[2], re.findall(r"\w+", found[1])
    elif found := re.search(r"data type '(\w+)' not understood", python_says):
        word, known = found[1], ["float32", "float64", "uint8", "int32"]
    few = len(known) < 12 or isinstance(error, (ImportError, TypeError, AttributeError))
    known = [name for name in known if name != word]
    if word in IMPORTED.split("|"):
        return ""
    close = near(word, known, 0.6 if few else 0.7, unused(record))
    if not close:
        return ""
    lines = [p.lineno for p in ast.walk(record.tree or NOTHING) if name_of(p) == close]
    line = f", in line {lines[0]}" if lines and isinstance(error, NameError) else ""
    return f" The nearest that exists is `{close}`{line}."


ADDED = {"credits", "copyright", "license", "exit", "quit", "help"}  # for people who type
