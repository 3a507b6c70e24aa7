"""Improve the score: change one hyperparameter, run, and see on the scoreboard what it did.

Run it:

    python process_digits.py

The network is the one of step 02, and so are its settings, but for one: the pixels are divided by
255. The score is counted on 10,000 images that are held out of the training, and every run goes
into runs.csv beside this script. The test set stays locked until you have finished.
"""

import sys
import time
import warnings

from sklearn.neural_network import MLPClassifier

import mnist
import scoreboard

# 1. The settings: change one at a time, so that you know what made the difference.
unlock_test_set = False  # True only once, at the very end: what does your best network score?
divide_pixels_by = 255  # 255 makes them go from 0 to 1; try 1, which is what step 02 did

classifier = MLPClassifier(
    solver="sgd",  # how to learn: stochastic gradient descent; try "adam"
    activation="logistic",  # what a neuron does with its sum: the sigmoid; try "relu" or "tanh"
    hidden_layer_sizes=(14, 14),  # neurons in each hidden layer; try (64,) or (256,)
    learning_rate="constant",  # how the steps change over time; try "adaptive"
    learning_rate_init=0.01,  # the size of a step; try 0.1 or 0.5 (and with "adam", 0.001)
    batch_size=200,  # images looked at for each step; try 50 or 1000
    max_iter=100,  # passes over the training images at most; try 10
    random_state=0,  # where chance begins: the same number, the same run; try 1
    verbose=True,  # print the loss after each pass; try False
)

# better_or_lucky.py imports the settings above. What follows runs only for who runs this script.
if __name__ == "__main__":
    if not isinstance(divide_pixels_by, (int, float)) or divide_pixels_by <= 0:
        sys.exit("divide_pixels_by must be a number above 0, such as 255.")

    # 2. The data: the last 10,000 of the training images are held out, to compare settings on.
    images, labels, test_images, test_labels = mnist.load(dtype="float32")
    images /= divide_pixels_by
    training_images, training_labels = images[:50000], labels[:50000]
    validation_images, validation_labels = images[50000:], labels[50000:]
    print(len(training_images), "images to learn from,", len(validation_images), "held out.")

    # 3. Training, timed. What fit() warns of is caught: Ctrl-C, too, ends it with a warning.
    print("Training for at most", classifier.max_iter, "passes. Ctrl-C ends it early.")
    start = time.perf_counter()
    with warnings.catch_warnings(record=True) as caught:
        classifier.fit(training_images, training_labels)
    seconds = time.perf_counter() - start
    for warning in caught:
        print(f"{warning.category.__name__}: {warning.message}")
    interrupted = any("interrupted" in str(warning.message) for warning in caught)

    # 4. The score: the part of the held-out images that it reads right.
    score = classifier.score(validation_images, validation_labels)
    settings = {"divide_pixels_by": divide_pixels_by, **classifier.get_params()}
    settings["interrupted"] = interrupted
    this_run = scoreboard.add(score, seconds, classifier.n_iter_, settings)
    scoreboard.show(this_run)

    # 5. The exam, for which there is only one try.
    if unlock_test_set:
        test_score = classifier.score(test_images / divide_pixels_by, test_labels)
        print("On the test set, which it has never seen, it scores", test_score)
