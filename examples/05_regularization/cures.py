"""Three cures for overfitting, each measured over several seeds: alpha, early stopping, more data.

Run it:

    python cures.py

Each seed picks its own training images and its own first weights. The seeds are trained side by
side on the cores of your computer. It draws alpha.png and more_data.png beside this script.
Ctrl-C ends it.
"""

import os
import signal
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist

seeds = [0, 1, 2, 3]  # each setting is tried with each of them; try range(10)
few_images = 1000  # to learn from, for the first two cures; try 500
epochs = 60  # passes over those few images; try 100
alphas = [0, 0.3, 1, 3, 10]  # how strongly large weights are punished; the first is no cure
sizes = [500, 1000, 5000, 50000]  # numbers of training images for the third cure, at most 50000
steps = 1000  # of gradient descent, for each of those sizes; try 2000

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the script at once, without a traceback
if not all(size in range(1, 50001) for size in [few_images, *sizes]):
    sys.exit("few_images and sizes must be from 1 to 50000: the other 10,000 are for validation.")
warnings.simplefilter("ignore", ConvergenceWarning)  # we choose how many passes there are
threadpool_limits(1)  # one core for each network, since several are trained side by side
folder = Path(__file__).resolve().parent

# The data, as in process_digits.py: the last 10,000 training images are for validation.
images, labels, _, _ = mnist.load(dtype="float32")
images /= 255
validation_images, validation_labels = images[50000:], labels[50000:]


def measure(seed, number_of_images, max_iter, **settings):
    """Train one network; return training score, validation score and loss, weights, epochs.

    "Weights" is the sum of the squares of all weights, the sum that alpha punishes.
    """
    chosen = np.random.default_rng(seed).permutation(50000)[:number_of_images]
    classifier = MLPClassifier(
        solver="sgd",
        activation="relu",
        hidden_layer_sizes=(100,),
        learning_rate_init=0.2,
        max_iter=max_iter,
        random_state=seed,
        **settings,
    )
    classifier.fit(images[chosen], labels[chosen])
    training_score = classifier.score(images[chosen], labels[chosen])
    probabilities = classifier.predict_proba(validation_images)
    score = np.mean(probabilities.argmax(axis=1) == validation_labels)
    of_the_label = probabilities[np.arange(len(validation_labels)), validation_labels]
    loss = np.mean(-np.log(np.maximum(of_the_label, 1e-15)))
    weights = sum(np.sum(layer**2) for layer in classifier.coefs_)
    return training_score, score, loss, weights, classifier.n_iter_


def measure_all(**settings):
    """Train with each seed, side by side; return one row of figures for each seed."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = [pool.submit(measure, seed, **settings) for seed in seeds]
        return np.array([result.result() for result in waiting])


def print_row(name, rows, rows_before):
    """Print the means over the seeds, and what was gained over the same seeds without a cure."""
    training_score, score, loss, weights, passes = rows.mean(axis=0)
    gains = rows[:, 1] - rows_before[:, 1]
    print(
        f"{name:>14} {training_score:9.3f} {score:11.4f} {gains.mean():+9.4f}"
        f" ({gains.min():+.4f} to {gains.max():+.4f}) {loss:7.3f} {weights:8.0f} {passes:7.0f}",
        flush=True,
    )


# 1. The first cure: alpha.
print(f"Learning from {few_images} images, means over {len(seeds)} seeds.")
print("               training  validation      gain    (seeds from, to)    loss  weights  epochs")
results = []
for alpha in alphas:
    # No stop before the last pass, so that alpha is all that differs.
    rows = measure_all(
        number_of_images=few_images, max_iter=epochs, alpha=alpha, n_iter_no_change=epochs
    )
    results.append(rows)
    print_row(f"alpha {alpha}", rows, results[0])

# 2. The second cure: stop as soon as 100 held-out images say that it gets no better.
rows = measure_all(
    number_of_images=few_images, max_iter=epochs, alpha=alphas[0], early_stopping=True
)
print_row("early_stopping", rows, results[0])

# 3. The third cure: more data. The same number of steps for each size, so that all practise alike.
print(f"More data, {steps} steps each, alpha 0.")
print("  images   training  validation     gap   (seeds from, to)")
more_results = []
for size in sizes:
    steps_in_an_epoch = max(1, -(-size // 200))  # 200 images a step; -(-a // b) rounds up
    rows = measure_all(
        number_of_images=size,
        max_iter=max(1, steps // steps_in_an_epoch),
        alpha=0,
        n_iter_no_change=steps,
    )
    more_results.append(rows)
    gaps = rows[:, 0] - rows[:, 1]
    print(
        f"{size:8} {rows[:, 0].mean():10.3f} {rows[:, 1].mean():11.3f} {gaps.mean():7.3f}"
        f"   ({gaps.min():.3f} to {gaps.max():.3f})",
        flush=True,
    )


# 4. The pictures: a line through the means, and a dot for each seed.
def draw(ax, xs, results, column, label, style, color):
    """Draw one column of the figures against xs."""
    ax.plot(xs, [rows[:, column].mean() for rows in results], style, color=color, label=label)
    for x, rows in zip(xs, results):
        ax.plot([x] * len(rows), rows[:, column], ".", color=color, alpha=0.6)


figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
draw(axes[0], alphas, results, 0, "training", "-", "C0")
draw(axes[0], alphas, results, 1, "validation", "--", "C1")
draw(axes[1], alphas, results, 2, "validation", "--", "C1")
axes[0].set(title="Score", ylabel="score")
axes[1].set(title="Loss", ylabel="loss")
for ax in axes:
    ax.set_xscale("symlog", linthresh=0.3)  # a logarithmic scale that has a 0
    ax.set_xticks(alphas, [str(alpha) for alpha in alphas])
    ax.minorticks_off()
    ax.set_xlabel("alpha")
    ax.grid(alpha=0.3)
    ax.legend()
figure.savefig(folder / "alpha.png")
print("The curves against alpha are in", folder / "alpha.png")

figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
draw(ax, sizes, more_results, 0, "training", "-", "C0")
draw(ax, sizes, more_results, 1, "validation", "--", "C1")
ax.fill_between(
    sizes,
    [rows[:, 0].mean() for rows in more_results],
    [rows[:, 1].mean() for rows in more_results],
    color="gray",
    alpha=0.15,
    label="the gap",
)
ax.set_xscale("log")
ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
ax.minorticks_off()
ax.set(title="More images, smaller gap", xlabel="training images", ylabel="score")
ax.grid(alpha=0.3)
ax.legend(loc="lower right")
figure.savefig(folder / "more_data.png")
print("The gap against the number of images is in", folder / "more_data.png")
