"""What people write into my_digits.py: slips in the scripts of the stages, and whole scripts."""

# ruff: noqa: E501
# fmt: off

import random
import re

from scripts import TOP

STAGES = TOP / "examples/02_training_and_testing_the_network/stages"
NET = "MLPClassifier(hidden_layer_sizes=(16,), activation='logistic', max_iter=1, random_state=0)"


def stage(number, old="", new="", epochs=1):
    """A stage's script, with a slip in it."""
    text = (STAGES / f"stage_{number}.py").read_text(encoding="utf-8")
    text = re.sub(r"max_iter=\d+", f"max_iter={epochs}", text)
    assert old in text, old
    return text.replace(old, new, 1)


def scripts():
    """The whole scripts: (stage, sentence or None where the stage is reached, text)."""
    text = TOP.joinpath("tests/guide_scripts.txt").read_text(encoding="utf-8").replace("NET", NET)
    return [
        (int(number), sentence or None, script)
        for number, sentence, script in re.findall(
            r"^=== (\d)(?:: ([^\n]*))?\n(.*?)(?=^===|\Z)", text, re.MULTILINE | re.DOTALL
        )
    ]


# Slips by chance: of sixteen kinds, each in a line of a stage's script


def in_a_word(change):
    def slip(line, rng):
        words = [word for word in re.finditer(r"[A-Za-z_]{3,}", line)]
        if not words:
            return None
        word = rng.choice(words)
        k = rng.randrange(len(word[0]) - 1)
        return line[: word.start()] + change(word[0], k) + line[word.end() :]

    return slip


def for_a_sign(pattern, *others):
    def slip(line, rng):
        signs = list(re.finditer(pattern, line))
        if not signs:
            return None
        sign = rng.choice(signs)
        return line[: sign.start()] + rng.choice(others).replace("@", sign[0]) + line[sign.end() :]

    return slip


KINDS = [
    in_a_word(lambda word, k: word[:k] + word[k + 1 :]),
    in_a_word(lambda word, k: word[:k] + word[k] + word[k:]),
    in_a_word(lambda word, k: word[:k] + word[k + 1] + word[k] + word[k + 2 :]),
    in_a_word(lambda word, k: word[:k] + word[k].swapcase() + word[k + 1 :]),
    in_a_word(lambda word, k: word[:k] + "x" + word[k + 1 :]),
    for_a_sign(r"[()\[\]]", ""),
    for_a_sign(r"[\"']", ""),
    for_a_sign(r":$", ""),
    for_a_sign(r",", "", ".", ";"),
    lambda line, rng: "",
    lambda line, rng: line + "\n" + line,
    lambda line, rng: " " * rng.choice([1, 2, 4]) + line,
    lambda line, rng: line[rng.choice([1, 2, 4]) :] if line.startswith("    ") else None,
    for_a_sign(r"==|(?<![=+])=(?!=)|\+=", "=", "==", "+="),
    for_a_sign(r"\.", "", ",", ".."),
    for_a_sign(r"\d+", "@o", "'@'", "@ @", ""),
]


def by_chance(count, seed):
    """Yield (stage, script, number of the changed line) for slips made by chance."""
    rng = random.Random(seed)
    while count:
        number, kind = rng.randint(1, 5), rng.choice(KINDS)
        lines = stage(number).split("\n")
        k = rng.choice([k for k, line in enumerate(lines) if line])
        new = kind(lines[k], rng)
        if new not in (None, lines[k]):
            count -= 1
            yield number, "\n".join([*lines[:k], *([new] if new else []), *lines[k + 1 :]]), k + 1


# A stage's script, what stands there, what somebody typed, and what the guide must say

SLIPS = [
    (1, 'import mnist', 'import minst', 'nearest that exists is `mnist`'),
    (1, 'import mnist\n', '', 'The line that imports it is missing'),
    (1, 'load(', 'laod(', 'nearest that exists is `load`'),
    (1, 'load(dtype="float32")', 'load', 'Brackets are missing'),
    (1, '"images to learn from.")', '"images to learn from.)', 'a quotation mark is missing'),
    (1, '"float32"', '“float32”', 'such as a curly quote'),
    (1, 'print', '# print', None),
    (1, 'load(dtype="float32")', 'load(dtype=="float32")', 'a setting is given with one ='),
    (1, '"float32"', '"flaot32"', 'nearest that exists is `float32`'),
    (1, '"float32"', 'float32', 'quotation marks'),
    (1, 'mnist.load(dtype="float32")\n', 'mnist.load\n', 'Brackets are missing after `load`'),
    (1, '.shape)', '.shape())', '`shape` is no function'),
    (1, 'print("We', 'Print("We', 'nearest that exists is `print`'),
    (1, 'import mnist', 'from mnist import laod', 'nearest that exists is `load`'),
    (1, 'training_labels, test_images', 'test_images, training_labels', 'is training images, training labels, test images, test labels.'),
    (1, 'training_images, training_labels, ', '', 'training_labels, test_images, test_labels = ...'),
    (1, '"images to learn from.")', '"images to learn from."', 'A closing bracket, ) or ], is missing, perhaps in line 5.'),
    (1, 'len(training_images)', 'len(training_image)', 'nearest that exists is `training_images`'),
    (1, 'data = mnist', 'mnist', 'does not keep the result of load: write data = ... before it.'),
    (1, 'import mnist', 'import mnist from load', 'The order is: from'),
    (1, 'training_images, training_labels, test_images, test_labels = data', 'training_images = data', 'training_labels, test_images, test_labels = ...'),
    (2, '.reshape(28, 28)', '', 'To get rows of pixels first'),
    (2, 'reshape(28, 28)', 'reshape(28, 27)', '784 pixels are 28 rows of 28'),
    (2, 'in row:', 'in row', 'ends with a colon'),
    (2, '    print(line)', '        print(line)', 'A line for each pixel'),
    (2, 'for row in digit:\n    line = ""', 'line = ""\nfor row in digit:', 'longer and longer'),
    (2, '    line = ""', 'line = ""', 'four spaces further right'),
    (2, '    print(line)', '   print(line)', 'further right, or further left'),
    (2, '    print(line)', '\tprint(line)', 'Spaces and tabs are mixed'),
    (2, '"##" if', '"  " if', 'I see no ink'),
    (2, '    for pixel in row:', '    for pixel in digit:', 'second loop, through the row'),
    (2, 'training_images[0].', 'training_images.', 'These are all 60000 images'),
    (2, 'reshape(28, 28)', 'reshape[28, 28]', 'round brackets'),
    (2, 'training_labels[0]', 'training_labels[7]', 'its label is 5; your script says 3'),
    (2, 'training_images[0]', 'training_images[7]', 'its label is 3; your script says 5'),
    (2, 'training_labels[0]', 'test_labels[0]', 'its label is 5; your script says 7'),
    (2, 'print("The label says that this is a", training_labels[0])', 'print("The label says that this is a 3")', 'its label is 5; your script says 3'),
    (2, 'print("The label says that this is a", training_labels[0])\n', '', 'Print its label, too'),
    (2, 'training_images[0].', 'training_images(0).', 'square brackets'),
    (2, 'pixel > 127', 'pixel > "127"', 'without quotation marks'),
    (2, 'pixel > 127', 'row > 127', 'whole row'),
    (2, 'digit = training_images[0]', 'digit = training_images', 'images. Take one of them: training_images[0].reshape(28, 28).'),
    (2, '    print(line)', 'print(line)', 'does the print stand in the loop over the rows, four spaces in?'),
    (2, '    line = ""\n', '', 'to begin with: line = "" belongs above the loop in line 10.'),
    (2, 'for row in digit:\n    line = ""\n    for pixel in row:', 'for pixel in digit:\n    line = ""\n    for row in pixel:', 'its rows; a second loop, through the row, gives the pixels.'),
    (2, 'training_labels[0])', 'training_labels)', 'Print its label, not all labels'),
    (2, 'print(line)', 'print', '`print`, and does nothing with it: brackets are missing, ().'),
    (2, 'line += ', 'line = ', 'anew with each pixel. To add one to the line: line += ...'),
    (2, 'line += ', 'line + ', 'out, and does not keep it. To add to a name, write +=.'),
    (2, '    print(line)', '', 'does the print stand in the loop over the rows, four spaces in?'),
    (2, '    for pixel in row:\n        line', '    for pixel in row:\n    line', 'or an `if` begins four spaces further right than its line.'),
    (3, '== label', '= label', 'to compare takes two'),
    (3, '        number_right += 1', '    number_right += 1', 'four spaces further right'),
    (3, '        number_right', '        pass\n    number_right', 'Every image was counted'),
    (3, '/ len(test_labels)', '/ len(test_labels) * 100', 'without * 100'),
    (3, '/ len(test_labels)', '/ len(training_labels)', 'not of training labels'),
    (3, '== label', '!= label', 'compare with =='),
    (3, 'print("We have a score of", score)\n', '', 'it is not printed'),
    (3, '[1] * len(test_labels)', '1', 'and not one number'),
    (3, 'zip(predictions', 'zip(prediction', 'nearest that exists is `predictions`'),
    (3, 'number_right += 1', 'number_right = 1', '+= 1'),
    (3, 'number_right += 1', 'number_right =+ 1', '+= 1'),
    (3, 'number_right += 1', 'number_right++', 'no ++'),
    (3, 'zip(predictions, test_labels)', 'predictions, test_labels', 'zip is missing'),
    (3, 'zip(predictions, test_labels)', 'predictions', 'zip'),
    (3, '[1] *', '["1"] *', 'text'),
    (3, 'score = number_right / len(test_labels)\nprint("We have a score of", score)', '    score = number_right / len(test_labels)\n    print("We have a score of", score)', 'in the loop'),
    (3, 'number_right = 0\nfor prediction, label in zip(predictions, test_labels):\n', 'for prediction, label in zip(predictions, test_labels):\n    number_right = 0\n', 'above the loop'),
    (3, '/ len(test_labels)', '/ len', 'Brackets are missing after `len`'),
    (3, 'print("We have a score of", score)', 'print("We have a score of score")', 'not printed'),
    (3, 'print("We have a score of", score)', 'print("We have a score of" + score)', 'comma'),
    (3, 'print("We have a score of", score)', 'print "We have a score of", score', 'brackets'),
    (3, 'number_right += 1', 'number_right + 1', 'out, and does not keep it. To add to a name, write +=.'),
    (3, 'right / len', 'right // len', 'are right. Two slashes, //, drop the fraction. Write one: /.'),
    (3, ' / len(test_labels)', '', 'is how many are right: divide it by the number of test labels.'),
    (3, 'number_right = 0\nfor', 'for', 'begin with: number_right = 0 belongs above the loop in line 8.'),
    (3, '(predictions, test', '(predictions, training', 'with the training labels, not'),
    (3, 'if prediction ==', 'if test_labels ==', 'compare one answer with one label: `prediction` with `label`.'),
    (3, 'len(test_labels)', 'len(training_labels)', 'has 60000 answers; there are 10000 test images, one for each.'),
    (3, '[1] * len(test_labels)', 'test_labels', 'are right, which no one can do: is `predictions` the labels?'),
    (3, 'zip(predictions, test_labels)', 'zip(predictions)', 'through two lists side by side: zip(predictions, test_labels).'),
    (3, 'for prediction, label in', 'for prediction in', 'gives two things each time: for prediction, label in zip(...).'),
    (3, 'len(test_labels)\nprint', 'len(test_images[0])\nprint', 'between 0 and 1: divide by the number of test labels, 10000.'),
    (3, '/ len(test_labels)', '/ test_labels', 'is one number: how many are right, divided by len(test_labels).'),
    (3, 'len(test_labels)\nnumber', 'test_labels\nnumber', 'are right, which no one can do: is `predictions` the labels?'),
    (3, 'prediction == label', 'prediction is label', 'asks whether two things are one and the same; equal values: ==.'),
    (3, 'prediction == label', 'predictions == test_labels', 'compare one answer with one label: `prediction` with `label`.'),
    (3, 'prediction == label', 'prediction == "label"', "are right. 'label' is a text: a name has no quotation marks."),
    (3, 'number_right = 0', 'number_right == 0', '== compares. To give `number_right` a value takes one =.'),
    (3, 'print("We have a score of", score)', 'print("We have a score of", number_right)', '`score` is 0.1135. That is right, but it is not printed.'),
    (3, 'zip(predictions, test_labels)', 'zip(predictions, test_images)', 'test images: answers are compared with labels, not with images.'),
    (4, '"logistic"', 'logistic', 'needs quotation marks'),
    (4, 'import MLPClassifier', 'import MLPClasifier', 'nearest that exists is `MLPClassifier`'),
    (4, 'neural_network', 'neural_networks', 'nearest that exists is `sklearn.neural_network`'),
    (4, 'sizes=', 'size=', 'nearest that exists is `hidden_layer_sizes`'),
    (4, '"sgd"', '"sdg"', 'nearest that exists is `sgd`'),
    (4, '"logistic"', '"sigmoid"', 'calls the sigmoid "logistic"'),
    (4, '(14, 14)', '14, 14', 'hidden_layer_sizes=(14, 14)'),
    (4, '(14, 14),', '(14, 14)', 'without a comma'),
    (4, 'classifier.fit', '# classifier.fit', 'comes before predict'),
    (4, 'training_images, training_labels)\n\npred', 'training_labels, training_images)\n\npred', 'swapped'),
    (4, 'training_images, training_labels)\n\npred', 'training_images, test_labels)\n\npred', 'as many labels as images'),
    (4, 'training_images, training_labels)\n\npred', 'training_images)\n\npred', 'images AND labels'),
    (4, 'training_images, training_labels)\n\npred', 'test_images, test_labels)\n\npred', 'has seen the exam'),
    (4, 'predict(test_images)', 'predict(training_images)', 'which it has seen'),
    (4, '.predict(', '.predit(', 'nearest that exists is `predict`'),
    (4, 'classifier.fit(training_images, training_labels)\n', 'classifier.fit\n', 'before predict'),
    (4, '"logistic"', '"relu", random_state=0', "activation is 'relu', ours 'logistic'"),
    (4, 'predict(test_images)', 'predict', 'Brackets are missing after `predict`'),
    (4, 'classifier = MLPClassifier(\n    solver="sgd",\n    activation="logistic",\n    hidden_layer_sizes=(14, 14),\n    learning_rate_init=0.01, max_iter=1, verbose=True)\n', 'classifier = MLPClassifier\n', 'after `MLPClassifier`'),
    (4, 'max_iter=1', 'max_iter="5"', 'without quotation marks'),
    (4, '=0.01', '=0,01', 'with a point'),
    (4, '=0.01', '="0.01"', 'without quotation marks'),
    (4, 'predict(test_images)', 'predict(test_labels)', 'was given the test labels'),
    (4, 'predict(test_images)', 'predict_proba(test_images)', 'predict_proba gives'),
    (4, 'training_images, training_labels)\n\npred', 'training_images[:10000], training_labels[:10000])\n\npred', '10000 images only'),
    (4, 'training_images, training_labels)\n\npred', 'training_images, training_labels[::-1])\n\npred', 'not theirs'),
    (4, 'verbose=True', 'verbose=true', 'nearest that exists is `True`'),
    (4, '"logistic"', '"logistics"', 'nearest that exists is `logistic`'),
    (4, 'MLPClassifier(\n', 'MLPClassifer(\n', 'nearest that exists is `MLPClassifier`'),
    (4, 'predictions = classifier.predict(test_images)\n', 'predictions = classifier.predict(test_images)\npredictions = [1] * len(test_labels)\n', 'old line'),
    (4, 'classifier.predict(test_images)', '[1] * 10000', 'answers, write predictions = classifier.predict(test_images).'),
    (4, '(14, 14)', '("14", "14")', 'is used as a number: write the number without quotation marks.'),
    (4, '(14, 14)', '(14. 14)', 'follow each other without a comma, here or on the line above.'),
    (4, '(14, 14)', '14 14', 'follow each other without a comma, here or on the line above.'),
    (4, 'predictions = classifier', 'classifier', 'keep the result of predict: write predictions = ... before it.'),
    (4, 'predict(test_images)', 'predict(test_images[0])', 'predict takes many images at once. For one, in a list: [image].'),
    (4, 'predict(test_images)', 'predict()', 'Something is missing in the brackets: predict takes images.'),
    (4, 'training_images, training_labels)\n\npred', 'test_images, training_labels)\n\npred', 'as images: fit was given test images and training labels.'),
    (4, 'training_images, training_labels)\n\npred', 'training_images, training_images)\n\npred', 'was given images twice. It takes two things, images AND labels.'),
    (4, 'training_images, training_labels)\n\npred', 'training_labels)\n\npred', 'the training labels. It takes two things, images AND labels.'),
    (4, 'classifier = MLPClassifier(', 'classifier == MLPClassifier(', '== compares. To give `classifier` a value takes one =.'),
    (4, 'classifier.fit', 'MLPClassifier.fit', 'missing after `MLPClassifier`: a function is called with ().'),
    (4, 'if prediction == label', 'if predictions == label', 'compare one answer with one label: `prediction` with `label`.'),
    (4, 'import MLPClassifier\n', 'import MLPRegressor\n', 'imports it is missing: it belongs to the top of the script.'),
    (5, 'from threadpoolctl import threadpool_limits\n', '', 'imports it is missing'),
    (5, 'random_state', 'randomstate', 'nearest that exists is `random_state`'),
    (5, '    learning_rate="constant"', '    learning_rate_init=0.01, max_iter=5, verbose=True)\n    learning_rate="constant"', 'old line'),
    (5, '    hidden_layer_sizes=(14, 14),\n', '    hidden_layer_sizes=(14, 14),\n    learning_rate_init=0.01, max_iter=5, verbose=True,\n', 'twice'),
    (5, 'threadpool_limits(1)\n', '', 'threadpool_limits(1)'),
    (5, 'threadpool_limits(1)\n', 'threadpool_limit(1)\n', 'nearest that exists is `threadpool_limits`'),
    (5, 'random_state=0,', 'random_state=0', 'without a comma'),
    (5, 'max_iter=1,', 'max_iter=7,', '7 epochs'),
    (5, '"constant"', '"const"', 'constant'),
    (5, 'verbose=True', 'verbos=True', 'nearest that exists is `verbose`'),
    (5, 'threadpool_limits(1)\n', 'threadpool_limits\n', 'brackets are missing'),
    (5, 'threadpool_limits(1)\n', 'threadpool_limits("1")\n', "'1' is text: write a number without quotation marks."),
    (5, 'random_state=0', 'random_state=O', 'This is the letter O: is the number 0 meant?'),
    (5, 'max_iter=1,', 'max_iter=,', 'read this line. The slip may be at the end of the one above.'),
    (2, 'print(line)', 'print("line")', 'The word `line` is printed'),
    (2, 'line += "##"', 'line += ##', 'needs quotation marks around it'),
    (2, ' else "  "', '', 'needs both sides'),
    (2, 'in digit', 'in range(digit)', 'for row in digit'),
    (3, '[1] * len(test_labels)', '1 * len(test_labels)', 'is one number, 10000'),
    (3, '[1] * len(test_labels)', '[1]', '`predictions` has 1 answers'),
    (3, '[1] *', '[11] *', 'No answer is right'),
    (3, 'number_right = 0', 'number_right = 1', 'One too many is counted'),
    (3, 'number_right += 1', 'number_right -= 1', 'with += 1'),
    (3, 'label in zip', 'label zip', 'A loop is written with `in`'),
    (3, 'score = number', 'number', 'does not keep it'),
    (3, 'of", score)', 'of {score}")', 'an f is missing'),
]
