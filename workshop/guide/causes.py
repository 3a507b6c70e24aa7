"""The cause of an exception, where it is in what the names of its line hold, or in the text.

Each returns a sentence, or None. record is what the script did, node the statement that failed,
names what its names hold.
"""

import ast
import builtins
import re
import types

from .reading import NOTHING, idle, later, name_of, near, parts, statement, unused


def cause(record, number):
    """Return the cause of an exception, seen in what the names of its line hold; or None."""
    node = statement(record.tree, number)
    names = {**vars(builtins), **record.everything()}
    for look in CAUSES:
        words = look(record, node, names)
        if words:
            return words
    return None


def value_of(node, names):
    """Return what a name, or a name with a dot, holds; None for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(value_of(node.value, names), node.attr, None)
    return None


def uncalled(record, node, names):
    """A function, a method or a class where its result is meant: brackets are missing."""
    if not isinstance(record.error, (TypeError, AttributeError, ValueError)):
        return None
    called = [part.func for part in parts(node) if isinstance(part, ast.Call)]
    bases = [part.value for part in parts(node) if isinstance(part, ast.Attribute)]
    functions = (types.FunctionType, types.MethodType, types.BuiltinFunctionType)
    for part in parts(node):
        value = value_of(part, names)
        if not isinstance(part, (ast.Name, ast.Attribute)) or isinstance(part.ctx, ast.Store):
            continue
        if isinstance(value, functions) and part not in called:
            what = getattr(value, "__name__", name_of(part))
        elif isinstance(value, type) and part in bases and hasattr(value, "fit"):
            what = value.__name__
        else:
            continue
        made = made_at(record, part.id) if isinstance(part, ast.Name) else None
        line = f" in line {made.lineno}" if made else ""
        return f"Brackets are missing after `{what}`{line}: a function is called with ()."
    return None


def made_at(record, name, kinds=(ast.Name, ast.Attribute)):
    """Return the statement that gave a name its value, if that is another name; or None."""
    for node in ast.walk(record.tree):
        if isinstance(node, ast.Assign) and name in map(name_of, node.targets):
            return node if isinstance(node.value, kinds) else None
    return None


def given(record, node, names):
    """Arrays in the wrong place of fit, predict or score."""
    if record.images is None or record.last_call is None or not called(node, METHODS):
        return None
    name, _, images, labels = record.last_call
    got, label = record.images.what(images), record.images.what(labels)
    wants = "two things, images AND labels" if name in ("fit", "score") else "images"
    if got and "labels" in got:
        if label and "images" in label:
            return f"Images and labels are swapped: {name}(images, labels)."
        return f"{name} was given the {got}. It takes {wants}."
    if images is None and "missing" in str(record.error):
        return f"Something is missing in the brackets: {name} takes {wants}."
    if got and labels is None and name in ("fit", "score", "partial_fit"):
        return f"Something is missing in the brackets: {name} takes {wants}."
    if got and label and "images" in label:
        return f"{name} was given images twice. It takes {wants}."
    if got and label and got.split()[0] != label.split()[0]:
        return f"There must be as many labels as images: {name} was given {got} and {label}."
    shape = getattr(images, "shape", None)
    if not got and labels is not None and shape and len(shape) == 1 and shape[0] > 784:
        return f"{name} was given {shape[0]} numbers, answers perhaps. It takes {wants}."
    if got and shape and len(shape) == 3:
        return f"{name} takes each image as one row of 784 pixels: reshape(-1, 784)."
    if shape == (784,):
        return f"{name} takes many images at once. For one, in a list: [image]."
    return None


METHODS = ("fit", "partial_fit", "predict", "predict_proba", "score")


def called(node, names):
    return any(isinstance(p, ast.Call) and name_of(p.func) in names for p in parts(node))


def one_row(record, node, names):
    """A loop through an image gives rows, and one through all images gives images."""
    if "truth value" not in str(record.error):
        return None
    for part in parts(node):
        shape = getattr(value_of(part, names), "shape", None)
        name = name_of(part)
        if shape == (28,):
            return (
                f"`{name}` is a whole row of 28 pixels. A loop through the image gives its rows; "
                "a second loop, through the row, gives the pixels."
            )
        if shape in ((784,), (28, 28)):
            return (
                f"`{name}` is a whole image. The loop needs one image, cut into rows: reshape(28, "
                "28)."
            )
    return None


def one_number(record, node, names):
    """One number where a list is needed."""
    if not re.search("'(int|float)' object is not iterable", str(record.error)):
        return None
    for part in parts(node):
        value = value_of(part, names)
        if isinstance(getattr(part, "ctx", None), ast.Load) and type(value) in (int, float):
            return f"`{part.id}` is one number, {value}. A loop needs a list, and not one number."
    return None


def columns(record, node, names):
    """Answers of ten numbers each, from labels in ten columns or from predict_proba."""
    if not re.search("truth value|not iterable|unhashable", str(record.error)):
        return None
    for part in parts(node):
        value = value_of(part, names)
        if getattr(value, "shape", None) == (10,) or getattr(value, "shape", (0,))[1:] == (10,):
            name = name_of(part)
            if record.last_call and record.last_call[0] == "predict_proba":
                return (
                    f"`{name}` is ten probabilities, one for each digit, since predict_proba "
                    "gives those. predict gives the digit."
                )
            return (
                f"`{name}` is ten numbers, one for each digit, since the labels it learned from "
                "were such columns (one-hot). Leave them as they are: fit(training_images, "
                "training_labels)."
            )
        if hasattr(value, "shape") and np_long(value) and "truth" in str(record.error):
            return (
                f"`{name_of(part)}` is a whole array of {len(value)}. In the loop, compare one "
                "answer with one label: `prediction` with `label`."
            )
    return None


def np_long(value):
    return len(value.shape) == 1 and value.shape[0] > 100


def text(record, node, names):
    """A text where a number is meant."""
    if not isinstance(record.error, TypeError) or "str" not in str(record.error):
        return None
    for part in parts(node):
        value = part.value if isinstance(part, ast.Constant) else value_of(part, names)
        if isinstance(value, str) and value.strip().replace(".", "").isdigit():
            made = made_at(record, name_of(part), ast.Constant)
            line = f", in line {made.lineno}" if made else ""
            return (
                f"{name_of(part) or repr(value)} is text: write a number without quotation "
                f"marks{line}."
            )
    return None


def no_longer(record, node, names):
    """A function whose name was given to a value."""
    for part in parts(node):
        name = name_of(getattr(part, "func", None))
        if isinstance(part, ast.Call) and hasattr(builtins, name) and not callable(names[name]):
            return f"`{name}` was given a value, and is no function any more: take another name."
    return None


def four(record, node, names):
    """A name that holds what mnist.load gives, all four arrays at once."""
    for part in parts(node):
        value = value_of(part, names)
        if record.images and isinstance(value, tuple) and value is record.images.four:
            return (
                f"`{name_of(part)}` is all four arrays at once. Give each a name: "
                "training_images, training_labels, test_images, test_labels = ..."
            )
    return None


def no_zip(record, node, names):
    pairs = [
        loop
        for loop in ast.walk(record.tree or NOTHING)
        if isinstance(loop, ast.For) and "zip" in [name_of(getattr(loop.iter, "func", None))]
    ]
    for loop in pairs:
        if isinstance(loop.target, ast.Name) and isinstance(record.error, NameError):
            return "zip gives two things each time: for prediction, label in zip(...)."
        if loop is node and len(loop.iter.args) == 1:
            return "zip goes through two lists side by side: zip(predictions, test_labels)."
        for part in loop.iter.args:
            what = record.images and record.images.what(value_of(part, names))
            if what and "images" in what and "truth value" in str(record.error):
                return (
                    f"zip goes through the {what}: answers are compared with labels, not with "
                    "images."
                )
    if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple):
        if isinstance(node.iter, ast.Tuple):
            return "zip is missing, which goes through two lists side by side: in zip(..., ...)."
        if isinstance(node.iter, ast.Name) and "unpack" in str(record.error):
            return (
                "A loop with two names goes through two lists, side by side: in zip(predictions, "
                "test_labels)."
            )
    return None


def not_kept(record, node, names):
    """A name that is missing since what would make it gives its result no name."""
    if not isinstance(record.error, NameError) or isinstance(record.error, UnboundLocalError):
        return None
    name = getattr(record.error, "name", None) or re.search("'(.*?)'", str(record.error))[1]
    compared = getattr(getattr(node, "value", None), "left", None)
    if isinstance(node, ast.Expr) and name_of(compared) == name:
        return f"== compares. To give `{name}` a value takes one =."
    lost = idle(record)
    if lost and not near(name, later(record) - {name}):
        return lost[-1]
    for words in lost:
        if f"write {name} =" in words or near(name, re.findall(r"write (\w+) =", words)):
            return words
    return None


def no_first_value(record, node, names):
    """A name that something is added to, and that has no value before the loop."""
    if not isinstance(record.error, NameError) or not isinstance(node, ast.AugAssign):
        return None
    name = name_of(node.target)
    if name in record.names:  # it has one, but outside of the function
        return None
    if f"'{name}'" not in str(record.error) or near(name, unused(record), 0.6):
        return None
    loops = [loop for loop in ast.walk(record.tree) if isinstance(loop, ast.For)]
    around = [loop.lineno for loop in loops if loop.lineno < node.lineno <= loop.end_lineno]
    first = (
        '""'
        if any(
            (isinstance(p, ast.Constant) and p.value == "") or isinstance(p, ast.IfExp)
            for p in parts(node)
        )
        else 0
    )
    above = f"above the loop in line {max(around)}" if around else "above this line"
    return f"`{name}` has no value to begin with: {name} = {first} belongs {above}."


def never_closed(record, node, names):
    """Where a closing bracket is missing: Python names the line of the opening one."""
    if "was never closed" not in str(record.error):
        return None
    first = record.error.lineno
    last = first
    for number, line in enumerate(record.lines[first:], first + 1):
        if line.count("(") + line.count("[") > line.count(")") + line.count("]"):
            last = number
            break
        if not line.strip() or not line.startswith((" ", ")")):
            break
        last = number
    return f"A closing bracket, ) or ], is missing, perhaps in line {last}."


def old_line(record, node, names):
    """The last line of the old settings, kept above the new ones."""
    if not isinstance(record.error, SyntaxError):
        return None
    old = [n for n, line in enumerate(record.lines, 1) if re.search(r"max_iter=.*\)\s*$", line)]
    new = [
        n
        for n, line in enumerate(record.lines, 1)
        if re.search(r"random_state|max_iter=\d+,?$", line)
    ]
    if old and new and old[0] < new[-1] and old[0] < (record.error.lineno or 0) + 3:
        return (
            f"The old line {old[0]}, which ends the settings with a ), is still there: take it out."
        )
    return None


CAUSES = [old_line, never_closed, no_first_value, one_number, no_zip, not_kept, four]
CAUSES += [no_longer, uncalled, given, one_row, columns, text]
