"""Draw the pictures that only the README at the top and the slides show.

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


def save_strip(images, name, columns, **colours):
    """Images of 28 x 28 side by side, without a word: the slides write theirs in the browser."""
    rows = images.reshape(-1, columns, 28, 28).swapaxes(1, 2).reshape(-1, columns * 28)
    plt.imsave(FOLDER / name, rows, **colours)
    print("saved", FOLDER / name)


def draw_strips():
    """The first 20 digits of both kinds, and the average of each digit."""
    training_images, training_labels, test_images, _ = mnist.load(dtype="float32")
    save_strip(training_images[:20], "training_digits.png", 10, cmap="gray_r")
    save_strip(test_images[:20], "test_digits.png", 10, cmap="gray_r")
    averages = [training_images[training_labels == digit].mean(axis=0) for digit in range(10)]
    save_strip(np.array(averages), "average_digits.png", 10, cmap="gray_r")


def draw_answers():
    """What the network of process_digits.py reads in 20 test digits, and its first weights."""
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
    weights = classifier.coefs_[0].T
    largest = np.abs(weights).max()
    save_strip(weights, "first_weights.png", 7, cmap="PuOr", vmin=-largest, vmax=largest)

    figure, axes = plt.subplots(2, 10, figsize=(10, 2.7), layout="constrained")
    for ax, image, prediction, label in zip(axes.flat, test_images, predictions, test_labels):
        ax.imshow(image.reshape(28, 28), cmap="gray_r")
        ax.axis("off")
        if prediction == label:
            ax.set_title(f"{prediction}", color=BLUE, fontsize=16)
        else:
            ax.set_title(f"{label} read as {prediction}", color=ORANGE, fontsize=12, weight="bold")
    save(figure, "answers.png")


def draw_function():
    """The first training digit, an arrow, and its label."""
    training_images, training_labels, _, _ = mnist.load()
    figure, axes = plt.subplots(1, 3, figsize=(7, 2.2), layout="constrained")
    axes[0].imshow(training_images[0].reshape(28, 28), cmap="gray_r")
    axes[0].set_title("784 numbers")
    arrow = {"arrowstyle": "-|>", "mutation_scale": 30, "linewidth": 3, "color": BLUE}
    axes[1].annotate("", xy=(1, 0.5), xytext=(0, 0.5), arrowprops=arrow)
    axes[1].set_title("the network")
    axes[2].text(0.5, 0.45, training_labels[0], ha="center", va="center", fontsize=90)
    axes[2].set_title("one digit")
    for ax in axes:
        ax.axis("off")
    save(figure, "function.png")


def draw_neuron(name, inputs, weights, bias, bend):
    """One neuron: inputs on the left, their weights on the lines, what goes out on the right."""
    figure, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
    heights = np.linspace(1, -1, len(inputs)) if len(inputs) > 1 else [0]
    for height, value, weight in zip(heights, inputs, weights):
        ax.plot([0, 2.6], [height, 0], color=GREY, linewidth=2, zorder=1)
        ax.scatter(0, height, s=1100, color=BLUE, zorder=2)
        ax.text(0, height, value, ha="center", va="center", color="white", fontsize=14)
        ax.text(1.2, 0.54 * height, weight, ha="center", va="center", backgroundcolor="white")
    ax.scatter(2.6, 0, s=2600, color=GREY, zorder=2)
    ax.text(2.6, 0, bend, ha="center", va="center", fontsize=15)
    ax.text(2.6, -0.95, bias, ha="center", va="center")
    arrow = {"arrowstyle": "-|>", "mutation_scale": 20, "linewidth": 2, "color": GREY}
    ax.annotate("", xy=(4.3, 0), xytext=(3.0, 0), arrowprops=arrow)
    ax.text(4.4, 0, "a", va="center", fontsize=18, style="italic")
    ax.set_xlim(-0.4, 4.8)
    ax.set_ylim(-1.5, 1.5)
    ax.axis("off")
    save(figure, name)


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


draw_function()
draw_network()
draw_neuron(
    "neuron.png",
    inputs=["1.0", "0.5", "0.0"],
    weights=["weight 2", "weight -1", "weight 3"],
    bias="bias -0.5",
    bend=r"$\Sigma,\ \sigma$",
)
draw_neuron("single_neuron.png", inputs=["x"], weights=["w"], bias="b", bend=r"$\Sigma$")
draw_sigmoid()
draw_strips()
draw_answers()
