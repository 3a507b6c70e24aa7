"""Teach the network with digits that are bent, turned and shifted anew in each pass.

Run it:

    python process_digits.py

The network is the MLPClassifier of the steps before. What is new is what it is fed: after the first
pass, it never sees the same image twice. While it learns from the images of one pass, a helper
distorts those for the next. Ctrl-C ends the training early; what the network has learned by then is
tested all the same.
"""

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from distortions import distort

amount = 0.5  # how much the images are distorted; try 0 (not at all), 1 or 3
batch_sizes = 4 * [200] + 4 * [400] + 6 * [1000]  # images a step, for each pass; try 14 * [200]
averaged = 5  # the last passes, whose weights are averaged; try 1
held_out = 5000  # training images put aside, to choose the settings on
seed = 0  # where chance begins; try 1

classifier = MLPClassifier(
    hidden_layer_sizes=(512, 256),  # neurons in each hidden layer; try (128,) or (1024, 512)
    activation="relu",  # what a neuron does with its sum; try "tanh"
    solver="adam",  # how to learn
    learning_rate_init=0.0015,  # the size of a step; try 0.0005 or 0.005
    shuffle=False,  # next_pass, below, shuffles the images before it distorts them
    random_state=seed,
)

# A slip in these numbers is better met now, with a sentence.
if not isinstance(amount, (int, float)) or amount < 0:
    sys.exit("amount must be a number that is not negative, such as 0.5.")
if not isinstance(batch_sizes, list) or any(size not in range(1, 50001) for size in batch_sizes):
    sys.exit("batch_sizes must be a list of whole numbers, such as 14 * [200].")
if held_out not in range(1, 50001):
    sys.exit("held_out must be a whole number from 1 to 50000.")

started = time.perf_counter()
folder = Path(__file__).resolve().parent
generator = np.random.default_rng(seed)

# 1. The data, from 0 (paper) to 1 (ink). Some training images, picked by chance, are put aside.
training_images, training_labels, test_images, test_labels = mnist.load(dtype="float32")
training_images /= 255
test_images /= 255
order = generator.permutation(len(training_images))
training_images, training_labels = training_images[order], training_labels[order]
held_out_images, held_out_labels = training_images[:held_out], training_labels[:held_out]
training_images, training_labels = training_images[held_out:], training_labels[held_out:]
print(len(training_images), "images to learn from,", held_out, "held out.")

# 2. One digit, distorted in 39 ways.
digits = np.repeat(training_images[:1], 40, axis=0)
digits[1:] = distort(digits[1:], generator, amount)
figure, axes = plt.subplots(4, 10, figsize=(10, 4.4), layout="constrained")
for digit, ax in zip(digits, axes.flat):
    ax.imshow(digit.reshape(28, 28), cmap="gray_r")
    ax.axis("off")
axes[0, 0].set_title("as it was")
figure.savefig(folder / "distortions.png")
print("One digit, distorted in many ways, is in", folder / "distortions.png")


def next_pass():
    """Return the training images in a new order, distorted anew, and their labels."""
    order = generator.permutation(len(training_images))
    images = training_images[order]
    return distort(images, generator, amount), training_labels[order]


# 3. Training. Ctrl-C does not break off a pass: it makes it the last one.
threadpool_limits(max(1, os.cpu_count() - 1))  # the network leaves one core to the helper
stop = threading.Event()
signal.signal(signal.SIGINT, lambda *_: stop.set())

print("Training in", len(batch_sizes), "passes. Ctrl-C ends it after the pass that it is in.")
scores = []
last_weights = []  # of the passes to be averaged
images, labels = training_images, training_labels  # the first pass: images as they are
with ThreadPoolExecutor(max_workers=1) as helper:
    for number, batch_size in enumerate(batch_sizes, start=1):
        if number < len(batch_sizes):
            following = helper.submit(next_pass)
        classifier.set_params(batch_size=batch_size)
        classifier.partial_fit(images, labels, classes=range(10))

        score = classifier.score(held_out_images, held_out_labels)
        scores.append(score)
        seconds = time.perf_counter() - started
        left = (len(batch_sizes) - number) * seconds / number
        print(f"Pass {number:2}: held-out score {score:.4f}, {seconds:3.0f} s, {left:3.0f} s left")
        if number > len(batch_sizes) - averaged:
            last_weights.append([w.copy() for w in classifier.coefs_ + classifier.intercepts_])
        if stop.is_set():
            print("Stopped. What the network has learned by now is tested.")
            break
        if number < len(batch_sizes):
            images, labels = following.result()

# The weights after each of the last passes err in different directions; their average errs less.
if last_weights:
    for i, weights in enumerate(classifier.coefs_ + classifier.intercepts_):
        weights[:] = np.mean([kept[i] for kept in last_weights], axis=0)
    score = classifier.score(held_out_images, held_out_labels)
    print(f"Average of the last {len(last_weights)}: held-out score {score:.4f}")

# 4. The climb: the scores are kept, to be drawn beside those of a run with another amount.
np.savetxt(folder / f"scores_amount_{amount}.txt", scores)

figure, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
for file in sorted(folder.glob("scores_amount_*.txt")):
    scores = np.loadtxt(file, ndmin=1)
    ax.plot(range(1, len(scores) + 1), scores, "o-", label=file.stem.removeprefix("scores_"))
ax.set_xlabel("passes over the training images")
ax.set_ylabel("score on the held-out images")
ax.grid(alpha=0.3)
ax.legend()
figure.savefig(folder / "accuracy.png")
print("How it climbed is in", folder / "accuracy.png")

# 5. Testing, at the very end: nothing above has looked at the test images.
predictions = classifier.predict(test_images)
mistakes = np.flatnonzero(predictions != test_labels)

figure, axes = plt.subplots(8, 10, figsize=(10, 9.6), layout="constrained")
for ax in axes.flat:
    ax.axis("off")
for mistake, ax in zip(mistakes, axes.flat):
    ax.imshow(test_images[mistake].reshape(28, 28), cmap="gray_r")
    ax.set_title(f"{test_labels[mistake]} read as {predictions[mistake]}", fontsize=11)
figure.savefig(folder / "mistakes.png")
print("It read", len(mistakes), "of", len(test_labels), "test images wrong. Some of them are in")
print(folder / "mistakes.png")
print("We have a score of", (predictions == test_labels).mean())
