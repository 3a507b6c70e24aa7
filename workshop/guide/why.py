"""Why no printed number is the share of right answers, or why nothing has learned."""

import ast
import numbers
import re

from .reading import idle, name_of
from .shares import answers, constants

SCORE = re.compile("(?i)score|accura|share|percent|result|rate|ratio|fraction")


COUNT = re.compile("(?i)right|correct|count|hits|matches|number|total")


def named(record, pattern):
    """Return the script's numbers whose names are like a pattern."""
    return {
        name: float(value)
        for name, value in record.everything().items()
        if isinstance(value, numbers.Real) and not isinstance(value, bool) and pattern.search(name)
    }


def printed_function(record):
    """Say that a function is printed, which happens where its brackets are missing; or None."""
    text = "\n".join(record.printed.lines())
    if found := re.search(r"<(?:bound method|function|built-in \w+) ([\w.]+)", text):
        name = found[1].split(".")[-1]
        return f"A function is printed, not what it gives back: brackets are missing after {name}."
    return None


def no_share(record, found):
    """Say why no printed number is a share of right answers: the causes, the surest first."""
    if function := printed_function(record):
        return function
    if found_f := re.search(r"\{\w+\}", "\n".join(record.printed.lines())):
        return f"{found_f[0]} is printed as it is: an f is missing before the quotation mark."
    labels, every, right = record.images.labels[60000:], record.everything(), answers(record)
    for name, value in every.items():
        if is_text(value) and len(value) == len(labels):
            return (
                f"`{name}` holds text, such as {str(value[0])!r}, and the other side numbers: a "
                "text is never equal to a number. Leave the labels as they are, and write "
                "answers without quotation marks."
            )
    own = [name for name, count in right.items() if count == len(labels)]
    lists = {f"of `{name}`": count for name, count in right.items() if name not in own}
    always = {f"of always {d}": round(s * 10000) for d, s in enumerate(constants(labels))}
    score, counted = named(record, SCORE), named(record, COUNT)
    seen = {f"`{name}`": value for name, value in score.items()}
    seen = seen or {number.text: number.value for number in found if number.value not in SIZES}
    if own and 1 in seen.values():
        return f"All 10000 answers are right, which no one can do: is `{own[0]}` the labels?"
    if wrong := wrong_length(every, len(labels)):
        return wrong
    for name, value in every.items():
        if SCORE.search(name) and getattr(value, "shape", None) == labels.shape:
            return (
                f"`{name}` holds 10000 numbers, and not one. The share is one number: how many "
                "are right, divided by len(test_labels)."
            )
    for what, value in (seen or {f"`{name}`": v for name, v in counted.items()}).items():
        for whose, count in (lists or always).items():
            cause = wrong_score(record, value, count, counted)
            if cause and abs(value - count / 10000) < 1e-9:
                return f"{what} is {value:g}. {cause}"
            if cause:
                return f"{what} is {value:g}, but {count / 10000} {whose} are right. {cause}"
    if lost := idle(record):
        return lost[-1]
    if lists:
        whose, count = list(lists.items())[-1]
        if score:
            name, value = next(iter(score.items()))
            return (
                f"`{name}` is {value:g}, but {count / 10000} {whose} are right. Does the loop "
                "stand below the answers, and compare them with the test labels?"
            )
        return (
            f"There are answers, {whose[3:]}. Count those that are right, divide by 10000, print "
            "it."
        )
    return (
        "I see no printed number that is the share of right answers among the 10000 test images. "
        "It needs a list of answers, a count of those that are equal to their label, and a print."
    )


def wrong_length(every, count):
    """Say that there are too many answers, or too few; or None."""
    for name, value in every.items():
        if re.search("predictions|answers|guesses", name):
            if isinstance(value, numbers.Real):
                return f"`{name}` is one number. It should be a list, an answer for each image."
            if isinstance(value, (list, tuple)) and len(value) != count:
                return (
                    f"`{name}` has {len(value)} answers; there are {count} test images, one each."
                )
    return None


SIZES = (60000, 10000, 784, 28, 0)


def is_text(value):
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    if kind in ("U", "S"):
        return True
    return (
        isinstance(value, (list, tuple))
        and len(value) > 9
        and all(isinstance(v, str) for v in value[:9])
    )


def text_labels(record):
    for learner in record.learners.values():
        if learner.text and (learner.answers >= 0).any():
            return (
                "The network learned from labels that are text, so its answers are text, and the "
                "test labels are numbers: a text is never equal to a number. Leave all labels as "
                "they are."
            )
    return None


def wrong_score(record, value, right, counted):
    """Say what is wrong with a number that should be the share of right answers, or None."""
    tree = list(ast.walk(record.tree))
    for wrong, words in (
        (right / 10000, "That is right, but it is not printed."),
        (right, "That is how many are right: divide it by the number of test labels."),
        (
            right / 100,
            "That is a percentage: print a % behind it, or keep it between 0 and 1, without * 100.",
        ),
        (1 - right / 10000, "That is the share of wrong answers: compare with ==."),
        (right / 60000, "Divide by the number of test labels, not of training labels."),
        (right / 5000, "Each right answer is counted twice: a line that adds 1 is there twice."),
        (
            right / 10000 + 0.0001,
            "One too many is counted: the count begins with 0, above the loop.",
        ),
        (1, "Every image was counted: the line that adds 1 must stand inside the if."),
    ):
        if abs(value - wrong) < 1e-9 and right:
            return words
    if value == right == 0:
        return "No answer is right: are they digits, from 0 to 9?"
    wrong_side = record.images.labels[:10000]
    others = [count / 10000 for count in answers(record, wrong_side).values()]
    if value and any(abs(value - share) < 1e-9 for share in others + constants(wrong_side)):
        return "The answers were compared with the training labels, not with the test labels."
    if value < 0:
        return "A share lies between 0 and 1: is 1 added for each right answer, with += 1?"
    if value > 1 and right in counted.values():
        return "A share lies between 0 and 1: divide by the number of test labels, 10000."
    if value == 0 and right in counted.values():
        if any(isinstance(node, ast.FloorDiv) for node in tree):
            return "Two slashes, //, drop the fraction. Write one: /."
        return "The count is right: the line that divides it must stand below the loop, not above."
    return next(counted_wrong(record, tree)) if value in (0, 1 / 10000) else None


def counted_wrong(record, tree):
    """Yield why a count is 0 or 1 after the loop."""
    loops = [node for node in tree if isinstance(node, (ast.For, ast.While))]
    for loop in loops:
        inside = [node for statement in loop.body for node in ast.walk(statement)]
        for test in [node for node in inside if isinstance(node, ast.If)]:
            for compare in [node for node in ast.walk(test.test) if isinstance(node, ast.Compare)]:
                if isinstance(compare.ops[0], (ast.Is, ast.IsNot)):
                    yield "`is` asks whether two things are one and the same; equal values: ==."
                for side in [compare.left, *compare.comparators]:
                    if isinstance(side, ast.Constant) and isinstance(side.value, str):
                        yield f"{side.value!r} is a text: a name has no quotation marks."
            for node in test.body:
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                    name = name_of(node.targets[0])
                    yield (
                        f"`{name} = {node.value.value}` sets it anew each time. To add 1: {name} "
                        "+= 1."
                    )
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.UnaryOp):
                    name = name_of(node.targets[0])
                    yield f"`=+` gives `{name}` the value 1 each time. To add 1: {name} += 1."
        for node in loop.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                name = name_of(node.targets[0])
                yield (
                    f"`{name} = {node.value.value}` stands in the loop, so the count begins anew "
                    "with each image. It belongs above the loop."
                )
    yield from idle(record)
    yield "Is 1 added inside the if, for each answer that is equal to its label?"


def not_learned(record):
    """Say why nothing has learned."""
    for name, value in record.everything().items():
        if isinstance(value, type) and hasattr(value, "fit") and name != value.__name__:
            return (
                f"`{name}` is {value.__name__} itself: brackets are missing after {value.__name__}."
            )
    lost = [words for words in idle(record) if "fit" in words or "MLPClassifier" in words]
    if lost:
        return lost[0]
    if any(
        hasattr(value, "fit") and not isinstance(value, type) for value in record.names.values()
    ):
        return "The network has not learned: classifier.fit(training_images, training_labels)."
    return (
        "There is no network that has learned: MLPClassifier(...) describes one, and fit(...) "
        "lets it learn."
    )
