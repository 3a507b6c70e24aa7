"""Improve the score: change one hyperparameter, run, and see on the scoreboard what it did.

Run it:

    python process_digits.py

The network is the one of step 02, and so are its settings, but for one: the pixels are divided by
255. The score is counted on 10,000 validation images, from which it does not learn. Every run goes
onto the scoreboard, and the coach says what to try next. The test set stays locked until the end.
"""

import sys
import time
import warnings
from pathlib import Path

from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import coach
import mnist
import scoreboard
from workshop import network_file  # missing? pip install -r requirements.txt

threadpool_limits(1)  # one core: on a busy computer, two would mostly wait for each other

# 1. The settings: change one at a time, so that you know what made the difference.
unlock_test_set = False  # True only once, at the very end: what does your best network score?
divide_pixels_by = 255  # 255 makes them go from 0 to 1; try 1, which is what step 02 did

classifier = MLPClassifier(
    solver="sgd",  # how to learn: stochastic gradient descent; try "adam" (see the learning rate)
    activation="logistic",  # what a neuron does with its sum: the sigmoid; try "relu" or "tanh"
    hidden_layer_sizes=(14, 14),  # neurons in each hidden layer; try (64,) or (256,)
    learning_rate="constant",  # whether the learning rate changes; try "adaptive"
    learning_rate_init=0.01,  # the learning rate; try 0.1 or 0.5 (and with "adam", 0.001)
    batch_size=200,  # images looked at for each step; try 50 or 1000
    max_iter=100,  # epochs at most: passes over the training images; try 10
    random_state=0,  # where chance begins: the same number, the same run; try 1
    verbose=True,  # print the loss after each epoch; try False
)

# better_or_lucky.py imports the settings above. What follows runs only for who runs this script.
if __name__ == "__main__":
    if not isinstance(divide_pixels_by, (int, float)) or divide_pixels_by <= 0:
        sys.exit("divide_pixels_by must be a number above 0, such as 255.")
    if unlock_test_set not in (True, False):
        sys.exit("unlock_test_set must be True or False, without quotation marks.")

    # 2. The data: the last 10,000 of the training images are for validation.
    images, labels, test_images, test_labels = mnist.load(dtype="float32")
    images /= divide_pixels_by
    training_images, training_labels = images[:50000], labels[:50000]
    validation_images, validation_labels = images[50000:], labels[50000:]
    print(len(training_images), "images to learn from,", len(validation_images), "for validation.")

    # 3. Training, timed. What fit() warns of is caught: Ctrl-C, too, ends it with a warning.
    if classifier.solver == "lbfgs":
        print("Training. lbfgs cannot be ended early: after Ctrl-C, nothing is kept.")
    else:
        print("Training for at most", classifier.max_iter, "epochs. Ctrl-C ends it early.")
    settings = {"divide_pixels_by": divide_pixels_by, **classifier.get_params()}
    start = time.perf_counter()
    try:
        with warnings.catch_warnings(record=True) as caught:
            classifier.fit(training_images, training_labels)
    except ValueError as error:
        coach.explain(error, classifier, training_images, settings)
        raise
    except KeyboardInterrupt:
        sys.exit("Stopped, before there was anything to keep.")
    seconds = time.perf_counter() - start
    interrupted = any("interrupted" in str(warning.message) for warning in caught)

    # 4. The scores: the part of the images that it reads right.
    score = classifier.score(validation_images, validation_labels)
    training_score = classifier.score(training_images[:10000], training_labels[:10000])
    print(
        f"We have a score of {score}, and of {training_score} on images that it has learned from."
    )
    runs = scoreboard.add(score, training_score, seconds, classifier.n_iter_, interrupted, settings)
    scoreboard.show(runs, runs[-1])
    coach.advise(classifier, training_images, runs)

    # 5. The best network so far is kept: step 06 reads your own digits with it, step 09 shows it.
    if scoreboard.is_best(runs):
        try:
            network_file.save(
                Path(__file__).with_name("best_network.npz"),
                classifier.coefs_,
                classifier.intercepts_,
                classifier.activation,
                divide_pixels_by,
            )
        except OSError as error:
            print("best_network.npz cannot be written:", error.strerror)

    # 6. The exam, for which there is only one try.
    if unlock_test_set:
        test_score = classifier.score(test_images / divide_pixels_by, test_labels)
        print("On the test set, which it has never seen, it scores", test_score)
