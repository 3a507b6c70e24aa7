"""The checks: each returns what is wrong, in a sentence or two, or None if the stage is reached.

names are the script's names and what they hold; output is what it printed.
"""

import ast
import difflib
import re

from .stages import stage_text

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
