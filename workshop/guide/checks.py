"""Which stage is reached: each check returns what is missing, in a sentence or two, or None.

They look at the record of what the script did. Its names and its text serve to explain only.
"""

import ast
import re

from . import drawing
from .reading import begun, code, idle, name_of
from .shares import answers, constants, printed, shares, tested
from .stages import stage_text
from .why import no_share, not_learned, printed_function, text_labels

ENOUGH = 30000  # training images, half of them


AS_GOOD = 0.85  # stage 5's own settings score 0.85 to 0.9


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


def check_2(record):
    if record.images is None:
        return check_1(record)
    return drawing.problem(record)


def check_3(record):
    if record.images is None:
        return check_1(record)
    found, right = printed(record), shares(record)
    if any(number.says(share) for number in found for share in right):
        count = record.printed.count
        if count > 2000 and not re.search("range|while", code(record.source)):
            return (
                f"The last number is right, but {count} lines are printed: the score is worked "
                "out and printed in the loop. Move these lines to the left, below the loop."
            )
        return too_many(record)
    return no_share(record, found)


def too_many(record):
    """A share that is right by chance: of answers for 60000 images, of which zip took 10000."""
    for name, value in record.everything().items():
        if isinstance(value, list) and len(value) == 60000 and not record.learners:
            return f"`{name}` has 60000 answers; there are 10000 test images, one for each."
    return None


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


def check_5(record):
    problem = check_4(record)
    if problem:
        return problem
    said = [said for said in said_shares(record) if fair(*said[2:])]
    share, learner, *_ = max(said, key=lambda said: said[0])
    network = network_of(learner.estimator)
    if learner.method == "fit" and not ended(network):
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
