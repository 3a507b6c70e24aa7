"""The five stages: what the guide says of each, and the lines to type.

The lines to type are not written here: they are what stages/stage_1.py to stage_5.py of step 02
have more than the stage before.
"""

import difflib

from . import STEP

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
