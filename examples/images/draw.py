"""Draw the pictures that only the README at the top shows.

    python examples/images/draw.py

It trains the network of the workshop once, so it takes as long as process_digits.py does.
"""

from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.neural_network import MLPClassifier

import mnist

FOLDER = Path(__file__).resolve().parent
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#999999"


def save(figure, name):
    figure.savefig(FOLDER / name, dpi=100)
    print("saved", FOLDER / name)


def draw_answers():
    """The first 20 test digits, and what the network of process_digits.py reads in them."""
    training_images, training_labels, test_images, test_labels = mnist.load(dtype="float32")
    classifier = MLPClassifier(
        solver="sgd",
        activation="logistic",
        hidden_layer_sizes=(14, 14),
        learning_rate_init=0.01,
        max_iter=100,
        random_state=0,
        verbose=True,
    )
    classifier.fit(training_images, training_labels)
    predictions = classifier.predict(test_images[:20])

    figure, axes = plt.subplots(2, 10, figsize=(10, 2.7), layout="constrained")
    for ax, image, prediction, label in zip(axes.flat, test_images, predictions, test_labels):
        ax.imshow(image.reshape(28, 28), cmap="gray_r")
        ax.axis("off")
        if prediction == label:
            ax.set_title(f"{prediction}", color=BLUE, fontsize=16)
        else:
            ax.set_title(f"{label} read as {prediction}", color=ORANGE, fontsize=12, weight="bold")
    save(figure, "answers.png")


def draw_sigmoid():
    x = np.linspace(-10, 10, 400)
    figure, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
    ax.axvspan(-10, -6, color=GREY, alpha=0.2, linewidth=0)
    ax.axvspan(6, 10, color=GREY, alpha=0.2, linewidth=0)
    ax.plot(x, 1 / (1 + np.exp(-x)), color=BLUE, linewidth=3)
    ax.text(-8, 0.5, "flat", ha="center")
    ax.text(8, 0.5, "flat", ha="center")
    ax.set_xlim(-10, 10)
    ax.set_xticks([-10, -6, -3, 0, 3, 6, 10])
    ax.set_xlabel("x, the weighted sum that comes in")
    ax.set_ylabel(r"$\sigma(x)$, what goes out")
    ax.grid(alpha=0.3)
    save(figure, "sigmoid.png")


def draw_network():
    """Four columns of neurons; a long column shows its ends, and dots for the rest."""
    columns = [
        ("input layer\n784 pixels", 784, BLUE),
        ("hidden layer\n14 neurons", 14, GREY),
        ("hidden layer\n14 neurons", 14, GREY),
        ("output layer\n10 digits", 10, ORANGE),
    ]
    figure, ax = plt.subplots(figsize=(9, 5), layout="constrained")
    places = []
    for number, (title, size, colour) in enumerate(columns):
        x = 3 * number
        if size > 14:
            heights = np.array([6, 5, 4, 3, -3, -4, -5, -6])
            ax.text(x, 0, ".\n.\n.", ha="center", va="center", fontsize=16, linespacing=0.6)
        else:
            heights = np.linspace(6, -6, size) * size / 14
        places.append((x, heights))
        ax.scatter(np.full(len(heights), x), heights, s=150, color=colour, zorder=3)
        ax.text(x, 7.2, title, ha="center", va="bottom", fontsize=12)
    for (x, heights), (next_x, next_heights) in pairwise(places):
        for height in heights:
            for next_height in next_heights:
                ax.plot(
                    [x, next_x],
                    [height, next_height],
                    color="black",
                    alpha=0.15,
                    linewidth=0.6,
                    zorder=1,
                )
    for digit, height in enumerate(places[-1][1]):
        ax.text(9.35, height, digit, va="center", fontsize=12)
    ax.set_ylim(-6.8, 9)
    ax.axis("off")
    save(figure, "network.png")


draw_network()
draw_sigmoid()
draw_answers()
