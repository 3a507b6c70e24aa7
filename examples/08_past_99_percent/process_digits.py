"""Teach the network with digits that are bent, turned and shifted anew in each epoch.

Run it:

    python process_digits.py

The network is the MLPClassifier of the steps before. What is new is what it is fed: after the first
epoch (a pass over the training images), it never sees the same image twice. While it learns from
the images of one epoch, a helper distorts those for the next. Ctrl-C ends the training early; what
the network has learned by then is scored all the same.
"""

import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import curves
import mnist
from distortions import distort
from workshop import pictures  # missing? pip install -r requirements.txt

unlock_test_set = False  # True only once, at the very end: what does your best network score?
amount = 0.5  # how much the images are distorted; try 0 (not at all), 1 or 3
batch_sizes = 4 * [200] + 4 * [400] + 6 * [1000]  # images a step, for each epoch; try 14 * [200]
averaged = 5  # the last epochs, whose weights are averaged; try 1
seed = 0  # where chance begins; try 1

classifier = MLPClassifier(
    hidden_layer_sizes=(512, 256),  # neurons in each hidden layer; try (128,) or (1024, 512)
    activation="relu",  # what a neuron does with its sum; try "tanh"
    solver="adam",  # how to learn
    learning_rate_init=0.0015,  # the learning rate, how far a step goes; try 0.0005 or 0.005
    random_state=np.random.RandomState(seed),  # another order of the images in each epoch
)

if not amount >= 0:
    sys.exit("amount must be a number that is not negative, such as 0.5.")
if not batch_sizes or not all(size in range(1, 55001) for size in batch_sizes):
    sys.exit("batch_sizes must be a list of numbers from 1 to 55000, such as 14 * [200].")
threadpool_limits(1)  # one core for the network; the helper, below, has another
folder = Path(__file__).resolve().parent
generator = np.random.default_rng(seed)

# 1. The data, from 0 (paper) to 1 (ink). The last 5,000 training images are for validation.
images, labels, test_images, test_labels = mnist.load(dtype="float32")
images /= 255
training_images, training_labels = images[:55000], labels[:55000]
validation_images, validation_labels = images[55000:], labels[55000:]
print(len(training_images), "images to learn from,", len(validation_images), "for validation.")


# 2. One digit, a 4, distorted in 39 ways.
digits = np.repeat(training_images[2:3], 40, axis=0)
digits[1:] = distort(digits[1:], generator, amount)
figure, axes = plt.subplots(4, 10, figsize=(10, 4.4), layout="constrained")
for digit, ax in zip(digits, axes.flat):
    ax.imshow(digit.reshape(28, 28), cmap="gray_r")
    ax.axis("off")
axes[0, 0].set_title("as it was")
what = "distorted in many ways" if amount else "forty times as it was"
pictures.save(figure, folder / "distortions.png", f"One digit, {what}, is")

# 3. Training. Ctrl-C does not break off an epoch: it makes it the last one.
stop = threading.Event()
signal.signal(signal.SIGINT, lambda *_: stop.set())

print("Training for", len(batch_sizes), "epochs. Ctrl-C ends it after the epoch that it is in.")
started = time.perf_counter()
scores = []
last_weights = []  # of the epochs to be averaged
images = training_images  # the first epoch: images as they are
with ThreadPoolExecutor(max_workers=1) as helper:
    for epoch, batch_size in enumerate(batch_sizes, start=1):
        if epoch < len(batch_sizes):
            following = helper.submit(distort, training_images, generator, amount)
        classifier.set_params(batch_size=batch_size)
        classifier.partial_fit(images, training_labels, classes=range(10))

        score = classifier.score(validation_images, validation_labels)
        scores.append(score)
        seconds = time.perf_counter() - started
        left = (len(batch_sizes) - epoch) * seconds / epoch
        print(
            f"Epoch {epoch:2}: validation score {score:.4f}, {seconds:3.0f} s, {left:3.0f} s left",
            flush=True,
        )
        if epoch > len(batch_sizes) - averaged:
            last_weights.append([w.copy() for w in classifier.coefs_ + classifier.intercepts_])
        if stop.is_set():
            print("Stopped. What the network has learned by now is scored.")
            break
        if epoch < len(batch_sizes):
            images = following.result()

# 4. The average of the last weights: where they differ by chance, the chance mostly cancels out.
if last_weights:
    for i, weights in enumerate(classifier.coefs_ + classifier.intercepts_):
        weights[:] = np.mean([kept[i] for kept in last_weights], axis=0)
    print("Weights averaged over the last epochs:", len(last_weights))

# 5. The score on the validation images.
predictions = classifier.predict(validation_images)
mistakes = np.flatnonzero(predictions != validation_labels)
print("It reads", len(mistakes), "of", len(validation_labels), "validation images wrong.")
print("We have a score of", (predictions == validation_labels).mean())

# 6. The exam, for which there is only one try.
if unlock_test_set is True:
    test_score = classifier.score(test_images / 255, test_labels)
    print("On the test set, which it has never seen, it scores", test_score)

# 7. The pictures: some of the mistakes, and how the score climbed in this run and in others.
figure, axes = plt.subplots(5, 10, figsize=(10, 6), layout="constrained")
for ax in axes.flat:
    ax.axis("off")
for mistake, ax in zip(mistakes, axes.flat):
    ax.imshow(validation_images[mistake].reshape(28, 28), cmap="gray_r")
    ax.set_title(f"{validation_labels[mistake]} read as {predictions[mistake]}", fontsize=11)
pictures.save(figure, folder / "mistakes.png", "What it reads wrong is")

steps = " + ".join(
    f"{len(list(same))} * [{size}]" for size, same in groupby(batch_sizes[: len(scores)])
)
settings = {"amount": amount, "seed": seed, "averaged": averaged}
settings.update(classifier.get_params(), batch_sizes=steps)
del settings["batch_size"], settings["random_state"]
try:
    curves.keep(folder, settings, scores)
except OSError as error:
    print("The scores could not be kept:", error)
pictures.save(curves.draw(folder), folder / "accuracy.png", "How the score climbed, run by run, is")
