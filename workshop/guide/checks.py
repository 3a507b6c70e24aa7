"""Which stage is reached: each check returns what is missing, in a sentence or two, or None.

They look at the record of what the script did. Its names and its text serve to explain only.
"""

import ast
import numbers
import re
from typing import NamedTuple

from . import drawing
from .images import as_digits
from .reading import begun, code, idle, name_of
from .stages import stage_text

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)")
PERCENT = re.compile(r"\s*%|\s*per ?cent|\s*pct", re.IGNORECASE)
ENOUGH = 30000  # training images, half of them
AS_GOOD = 0.85  # stage 5's own settings score 0.85 to 0.9


class Number(NamedTuple):
    """A number that was printed."""

    value: float
    text: str
    percent: bool
    of_all: bool  # "1135 of 10000"

    def says(self, share):
        """Tell whether this is a share of right answers, rounded or cut to two digits or more."""
        digits = len(self.text.partition(".")[2]) if "e" not in self.text else 9
        step = max(10.0**-digits, 1e-6)

        def near(share):  # rounded, or cut
            return -0.501 * step < share - self.value < 0.999 * step

        if self.of_all:
            return abs(self.value - share * 10000) < 0.5
        if self.percent:
            return near(100 * share) and self.value > 0
        return self.value > 0 and (near(share) if digits > 1 else abs(self.value - share) < 1e-6)


def printed(record):
    """Return the numbers that were printed, without those that stand in the script as they are."""
    written = set()
    for node in ast.walk(record.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, float)):
            written |= set(re.findall(r"\d+\.\d\d+", str(node.value)))
    found = []
    for line in record.printed.lines():
        if line.startswith("Iteration "):
            continue
        for number in NUMBER.finditer(line):
            if number[0].lstrip("-") not in written:
                rest = line[number.end() :]
                found.append(
                    Number(
                        float(number[0]),
                        number[0],
                        bool(PERCENT.match(rest) or re.search("percent|%", line[: number.start()])),
                        bool(re.match(r"\D{0,24}10[,_ ]?000\b", rest)),
                    )
                )
    return found


# Stage 1


def check_1(record):
    if record.images is None:
        if "mnist" in record.names and not re.search(r"\bload *\(", code(record.source)):
            return "mnist is imported, but nothing is loaded: mnist.load() gives the digits."
        return "The digits are not loaded: I saw no mnist.load(...)."
    if not any(line.strip() for line in record.printed.lines()):
        return "The digits are loaded, but nothing is printed: how would you know? Print something."
    return wrong_order(record)


def wrong_order(record):
    """Say that a name such as `test_labels` holds another one of the four arrays; or None."""
    for array, what in zip(record.images.four, KINDS):
        for name, value in record.names.items():
            words = re.split(r"_|(?<=[a-z])(?=[A-Z])", name)
            says = [kind for kind, pattern in SAYS if any(re.match(pattern, w) for w in words)]
            if value is array and len(says) == 2 and any(kind not in what for kind in says):
                return (
                    f"`{name}` holds the {what}. The order is training images, training labels, "
                    "test images, test labels."
                )
    return None


KINDS = ("training images", "training labels", "test images", "test labels")
SAYS = [
    ("training", "(?i)train"),
    ("test", "(?i)test"),
    ("images", "(?i)images?$|x$"),
    ("labels", "(?i)labels?$|y$"),
]


# Stage 2


def check_2(record):
    if record.images is None:
        return check_1(record)
    return drawing.problem(record)


# Stage 3


def answers(record, labels=None):
    """Return the lists of 10000 answers in the script: name, and how many are right."""
    import numpy as np

    labels = record.images.labels[60000:] if labels is None else labels
    found = {}
    for name, value in record.everything().items():
        if isinstance(value, (list, tuple, np.ndarray)) and len(value) == len(labels):
            try:
                array = np.asarray(value)
            except ValueError:  # rows of different lengths
                continue
            if array.ndim == 1 or (array.ndim == 2 and array.shape[1] in (1, 10)):
                if array.dtype == bool:
                    found[name] = int(array.sum())
                elif array.dtype.kind not in "SU" and not labels_themselves(record, name, value):
                    found[name] = int((as_digits(array) == labels).sum())
    return found


def labels_themselves(record, name, value):
    return value is record.images.four[3] and not re.search("predict|answer|guess", name)


def constants(labels):
    return [float((labels == digit).mean()) for digit in range(10)]


def shares(record):
    """Return every share of right answers that a script may print."""
    found = [right / 10000 for right in answers(record).values()]
    found += constants(record.images.labels[60000:]) if not record.learners else []
    for learner in record.learners.values():
        found += [share for share, part, *_ in tested(learner, record) if part == "test"]
    return [share for share in found if 0 < share < 1]


def tested(learner, record):
    """Return the shares that an estimator read right, and that of all its answers together."""
    together = []
    answered = learner.answers[60000:] >= 0
    if answered.sum() >= 100:
        right = (learner.answers[60000:] == record.images.labels[60000:])[answered].mean()
        together = [(float(right), "test", learner.learned(), learner.wrong_labels)]
    return learner.shares + together


def check_3(record):
    if record.images is None:
        return check_1(record)
    found = printed(record)
    if any(number.says(share) for number in found for share in shares(record)):
        count = record.printed.count
        if count > 2000 and not re.search("range|while", code(record.source)):
            return (
                f"The last number is right, but {count} lines are printed: the score is worked "
                "out and printed in the loop. Move these lines to the left, below the loop."
            )
        return too_many(record)
    if guesses(record, found):
        return None
    return no_share(record, found)


def too_many(record):
    """A share that is right by chance: of answers for 60000 images, of which zip took 10000."""
    for name, value in record.everything().items():
        if isinstance(value, list) and len(value) == 60000 and not record.learners:
            return f"`{name}` has 60000 answers; there are 10000 test images, one for each."
    return None


def guesses(record, found):
    """Tell whether answers by chance, which stand in no list, were counted."""
    return "random" in code(record.source) and any(
        0.085 < n.value < 0.115 and abs(n.value * 10000 - round(n.value * 10000)) < 1e-6
        for n in found
    )


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


# Stage 4


def is_network(estimator):
    """Tell whether an estimator is a network, or a pipeline or a search with one inside."""
    if any(kind.__name__ == "BaseMultilayerPerceptron" for kind in type(estimator).__mro__):
        return True
    return network_of(estimator) is not estimator


def network_of(estimator):
    """Return the network inside a pipeline, a search or an ensemble; else the estimator itself."""
    inside = [getattr(estimator, name, None) for name in ("best_estimator_", "estimator")]
    steps = [step[-1] for step in getattr(estimator, "steps", None) or []]
    many = list(getattr(estimator, "estimators_", None) or [])
    for part in [*inside, *steps[::-1], *many[:1]]:
        if part is not None and hasattr(part, "get_params") and is_network(part):
            return network_of(part)
    return estimator


def said_shares(record, networks=True):
    """Return (share, learner, learned, wrong labels) of the test images that was printed."""
    found, learners = printed(record), record.learners.values()
    said = [
        (share, learner, learned, wrong)
        for learner in learners
        if is_network(learner.estimator) == networks
        for share, part, learned, wrong in tested(learner, record)
        if part == "test" and any(number.says(share) for number in found)
    ]
    if not said and all(is_network(learner.estimator) for learner in learners):
        # Several networks that vote, or answers that were changed: lists that nobody has by chance.
        lists = [count / 10000 for count in answers(record).values()]
        shares = [s for s in lists if 0.5 < s < 1 and any(number.says(s) for number in found)]
        said = [(s, x, x.learned(), x.wrong_labels) for s in shares for x in learners if networks]
    return said


def fair(learned, wrong):
    training, test, others = learned
    return training + others >= ENOUGH and test <= 0.01 * training and not wrong


def check_4(record):
    if record.images is None:
        return check_1(record)
    best = [said for said in said_shares(record) if fair(*said[2:])]
    if best:
        score = max(said[0] for said in best)
        if score > max(constants(record.images.labels[60000:])) + 0.01:
            return None
        return f"Your score is {score:g}, no better than always giving one digit." + other_settings(
            best[-1][1].estimator, 4
        )
    learner = next(reversed(record.learners.values()), None)
    others = [said for said in said_shares(record, networks=False) if fair(*said[2:])]
    if others and (learner is None or not is_network(learner.estimator)):
        share, other, *_ = others[-1]
        return (
            f"Its score is right: {type(other.estimator).__name__} read {share:g} of the test "
            "images. But it is no neural network, and this stage is about one: an MLPClassifier."
        )
    if learner is None or not sum(learner.learned()):
        return not_learned(record)
    name = type(learner.estimator).__name__
    if name == "MLPRegressor":
        return (
            "MLPRegressor learns amounts, such as 3.7. To tell kinds apart, here digits: "
            "MLPClassifier."
        )
    training, test, unknown = learner.learned()
    if test > 0.01 * training:
        return (
            f"It learned from {test} of the test images, and so has seen the exam: use the "
            "training images only."
        )
    if learner.wrong_labels:
        return (
            "It learned from images with labels that are not theirs: are both in the same order, "
            "and both from the training data?"
        )
    if training + unknown < ENOUGH:
        return (
            f"It learned from {training + unknown} images only. There are 60000 training images: "
            "let it have at least half of them."
        )
    if learner.text:
        return text_labels(record) or "Leave the labels as they are: numbers, not text."
    last = tested(learner, record)
    on_test = [said[0] for said in last if said[1] == "test"]
    found = printed(record)
    if not on_test:
        if last:
            return (
                f"{name} was asked for the training images, which it has seen. Let it answer for "
                "the test images: predict(test_images)."
            )
        return (
            printed_function(record)
            or next(iter(idle(record)), None)
            or (
                f"{name} has learned, but was not asked. In place of the old answers, write "
                "predictions = classifier.predict(test_images)."
            )
        )
    text = printed_function(record) or check_3(record)
    if any(number.says(1 - share) for number in found for share in on_test):
        return "What is printed is the share of wrong answers. Print that of the right ones, too."
    if text and text.startswith("I see no printed"):
        return f"{name} reads {on_test[-1]:g} of the test images right, but it is not printed."
    old = any(n.says(share) for n in found for share in constants(record.images.labels[60000:]))
    if old or not text:
        return (
            f"{name} reads {on_test[-1]:g} of the test images right, but what is printed is the "
            "score of other answers. If the old line, predictions = [1] * ..., is still there, "
            "take it out; the count must come after predict."
        )
    return f"{name} reads {on_test[-1]:g} of the test images right. {text}"


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


# Stage 5


def check_5(record):
    problem = check_4(record)
    if problem:
        return problem
    said = [said for said in said_shares(record) if fair(*said[2:])]
    share, learner, *_ = max(said, key=lambda said: said[0])
    network = network_of(learner.estimator)
    if not ended(network):
        return "The training was ended early, with Ctrl-C. Save the file again, and let it run."
    limits = ""
    if not record.limited:
        lost = [words for words in idle(record) if "threadpool" in words]
        limits = [*lost, "What is missing: threadpool_limits(1), called below the imports."][0]
    if share < AS_GOOD and not settings_of_stage_5(network):
        epochs = getattr(network, "n_iter_", 0)
        few = f" It has learned for {epochs} epoch{'s' * (epochs > 1)}." if epochs < 50 else ""
        different = other_settings(learner.estimator, 5)
        return f"Your score is {share:g}.{few}{different} {limits}".strip()
    return limits or None


def ended(network):
    """Tell whether a network's training ended by itself."""
    epochs = getattr(network, "n_iter_", 0)
    waited = getattr(network, "_no_improvement_count", None)
    if waited is None or getattr(network, "solver", "") == "lbfgs":
        return True
    return epochs >= network.max_iter or waited > network.n_iter_no_change


def settings(stage):
    for node in ast.walk(ast.parse(stage_text(stage))):
        if isinstance(node, ast.Call) and name_of(node.func) == "MLPClassifier":
            found = {setting.arg: ast.literal_eval(setting.value) for setting in node.keywords}
    return {name: value for name, value in found.items() if name not in ("verbose", "random_state")}


def settings_of_stage_5(network):
    theirs = network.get_params()
    return all(theirs.get(name) == value for name, value in settings(5).items())


def other_settings(estimator, stage):
    """Say which settings are not those of a stage's script."""
    theirs = network_of(estimator).get_params()
    different = {
        name: value for name, value in settings(stage).items() if theirs.get(name) != value
    }
    return "".join(
        f" {name} is {theirs.get(name)!r}, ours {value!r}." for name, value in different.items()
    )


CHECKS = [check_1, check_2, check_3, check_4, check_5]


def shown(record):
    """Return the stage that a script which ran to its end is about, judged by what it did."""
    words = re.sub(".*import.*", "", code(record.source))
    values = [learner.estimator for learner in record.learners.values()]
    values += [v for v in record.everything().values() if hasattr(v, "predict")]
    networks = [value for value in values if not isinstance(value, type) and is_network(value)]
    long = [n for n in networks if getattr(network_of(n), "max_iter", 0) > 5]
    if networks and (long or record.limited or re.search(r"thread_?pool|learning_rate *=", words)):
        return 5
    if values or "MLPClassifier" in words:
        return 4
    return 3 if counts(record) else min(begun(record.source), 3)


def furthest(record):
    """Return the furthest stage that a script shows, by its words and by what it did so far."""
    stage = max(begun(record.source), 3 if counts(record) else 1)
    reached = [n for n, check in enumerate(CHECKS, 1) if record.images and not check(record)]
    return max([stage, *reached])


def counts(record):
    """Tell whether a script compares something with the test labels, or counts them."""
    if record.images is None:
        return False
    names = [n for n, value in record.everything().items() if value is record.images.four[3]]
    for node in ast.walk(record.tree):
        if isinstance(node, (ast.Compare, ast.For, ast.comprehension)):
            used = [
                part for part in ast.walk(getattr(node, "iter", node)) if name_of(part) in names
            ]
            if used:
                return True
    return False


def judge(record):
    """Return the report on a script that ran to its end."""
    problems = [check(record) for check in CHECKS]
    reached = max((stage for stage in range(1, 6) if not problems[stage - 1]), default=0)
    stage = shown(record)
    if stage > reached:
        problem = (record.images and wrong_order(record)) or problems[stage - 1]
        return {"reached": reached, "stage": stage, "problem": problem}
    return {
        "reached": reached,
        "stage": reached + 1,
        "problem": None,
        "praise": praise(record, reached),
    }


def praise(record, reached):
    """Return what to say of a network of the reader's own; None where it is the workshop's."""
    if reached < 5:
        return None
    share, learner, *_ = max(said_shares(record), key=lambda said: said[0])
    if settings_of_stage_5(network_of(learner.estimator)):
        return None
    return (
        f"your own network reads {share:g} of the test images, as well as process_digits.py or "
        "better."
    )
