"""Three cures for overfitting, each measured over several seeds: alpha, early stopping, more data.

Run it:

    python cures.py

Each seed picks its own training images and its own first weights. Several networks are trained side
by side, one on each core of your computer. It draws alpha.png and more_data.png beside this script.
Ctrl-C ends it.
"""

import math
import signal
import sys
import time
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from joblib import Parallel, delayed
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from workshop import pictures  # missing? pip install -r requirements.txt

seeds = [0, 1, 2, 3]  # each setting is tried with each of them; try range(10)
few_images = 1000  # to learn from, for the first two cures; try 500
epochs = 60  # passes over those few images; try 100
alphas = [0, 0.3, 1, 3, 10]  # how strongly large weights are punished; the first is no cure
sizes = [500, 1000, 5000, 50000]  # numbers of training images for the third cure
steps = 1000  # of gradient descent, for each of those sizes; try 2000

if not all(size in range(200, 50001) for size in [few_images, *sizes]):
    sys.exit("few_images and sizes must be from 200 to 50000; the rest is for validation.")
signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the script at once, without a traceback
warnings.simplefilter("ignore", ConvergenceWarning)  # we choose how many epochs there are
threadpool_limits(1)  # one core for each network, since several are trained side by side
folder = Path(__file__).resolve().parent

# 1. The data, as in process_digits.py: the last 10,000 training images are for validation.
images, labels, _, _ = mnist.load(dtype="float32")
images /= 255
validation_images, validation_labels = images[50000:], labels[50000:]

# 2. The cures: a name, and the settings that the networks are trained with.
cures = {}
for alpha in alphas:
    # No stop before the last epoch, so that alpha is all that differs.
    cures[f"alpha {alpha}"] = dict(
        number_of_images=few_images, max_iter=epochs, alpha=alpha, n_iter_no_change=epochs
    )
cures["early_stopping"] = dict(
    number_of_images=few_images, max_iter=epochs, alpha=alphas[0], early_stopping=True
)
for size in sizes:
    # The same number of steps for each size, so that all practise alike.
    steps_in_an_epoch = math.ceil(size / 200)  # a step looks at 200 images
    cures[f"{size} images"] = dict(
        number_of_images=size,
        max_iter=max(1, steps // steps_in_an_epoch),
        alpha=0,
        n_iter_no_change=steps,
    )


def measure(name, seed, number_of_images, **settings):
    """Train one network; return its name, its seed, and a list of five figures.

    The figures: training score, validation score, validation loss, the sum of the squares of all
    weights (the sum that alpha punishes), epochs.
    """
    chosen = np.random.default_rng(seed).permutation(50000)[:number_of_images]
    classifier = MLPClassifier(
        solver="sgd",
        activation="relu",
        hidden_layer_sizes=(100,),
        learning_rate_init=0.2,
        random_state=seed,
        **settings,
    )
    classifier.fit(images[chosen], labels[chosen])
    training_score = classifier.score(images[chosen], labels[chosen])
    probabilities = classifier.predict_proba(validation_images)
    score = np.mean(probabilities.argmax(axis=1) == validation_labels)
    loss = log_loss(validation_labels, probabilities)
    weights = sum(np.sum(layer**2) for layer in classifier.coefs_)
    return name, seed, [training_score, score, loss, weights, classifier.n_iter_]


# 3. Training. The figures come in as the networks finish.
jobs = [delayed(measure)(name, seed, **cures[name]) for name in cures for seed in seeds]
print(len(jobs), "networks to train, side by side.")
start = time.perf_counter()
results = {}
finished = Parallel(n_jobs=-1, prefer="threads", return_as="generator_unordered")(jobs)
for number, (name, seed, figures) in enumerate(finished, start=1):
    results[name, seed] = figures
    seconds = time.perf_counter() - start
    print(
        f"{number:3} {name}, seed {seed}: validation score {figures[1]:.4f}, {seconds:.0f} s",
        flush=True,
    )


# 4. The figures. A gain is the validation score less that of the same seed without a cure.
def rows(name):
    """Return the figures of a cure: an array with a row for each seed, a column for each figure."""
    return np.array([results[name, seed] for seed in seeds])


without = rows(f"alpha {alphas[0]}")[:, 1]
print(f"Learning from {few_images} images, means over {len(seeds)} seeds.")
print("               training validation   gains of the seeds    loss weights epochs")
for name in [f"alpha {alpha}" for alpha in alphas] + ["early_stopping"]:
    training_score, score, loss, weights, number_of_epochs = rows(name).mean(axis=0)
    gains = rows(name)[:, 1] - without
    print(
        f"{name:>14} {training_score:8.3f} {score:10.4f}   {gains.min():+.4f} to {gains.max():+.4f}"
        f" {loss:7.3f} {weights:7.0f} {number_of_epochs:6.0f}"
    )
print(f"More data, {steps} steps each, alpha 0.")
print("  images   training  validation     gap   gaps of the seeds")
for size in sizes:
    training_scores, scores = rows(f"{size} images")[:, :2].T
    gaps = training_scores - scores
    print(
        f"{size:8} {training_scores.mean():10.3f} {scores.mean():11.3f} {gaps.mean():7.3f}"
        f"   {gaps.min():.3f} to {gaps.max():.3f}"
    )


# 5. The pictures: a line through the means, and a dot for each seed.
def draw(ax, xs, names, column, label, style, color):
    """Draw one column of the figures against xs."""
    ax.plot(xs, [rows(name)[:, column].mean() for name in names], style, color=color, label=label)
    for x, name in zip(xs, names):
        ax.plot([x] * len(seeds), rows(name)[:, column], ".", color=color, alpha=0.6)


names = [f"alpha {alpha}" for alpha in alphas]
figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
draw(axes[0], alphas, names, 0, "training", "-", "C0")
draw(axes[0], alphas, names, 1, "validation", "--", "C1")
draw(axes[1], alphas, names, 2, "validation", "--", "C1")
axes[0].set(title="Score", ylabel="score")
axes[1].set(title="Loss", ylabel="loss")
for ax in axes:
    ax.set_xscale("symlog", linthresh=0.3)  # a logarithmic scale that has a 0
    ax.set_xticks(alphas, [str(alpha) for alpha in alphas])
    ax.minorticks_off()
    ax.set_xlabel("alpha")
    ax.grid(alpha=0.3)
    ax.legend()
pictures.save(figure, folder / "alpha.png", "The curves against alpha are")

names = [f"{size} images" for size in sizes]
figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
draw(ax, sizes, names, 0, "training", "-", "C0")
draw(ax, sizes, names, 1, "validation", "--", "C1")
means = np.array([rows(name).mean(axis=0) for name in names])
ax.fill_between(sizes, means[:, 0], means[:, 1], color="gray", alpha=0.15, label="the gap")
ax.set_xscale("log")
ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
ax.minorticks_off()
ax.set(title="More images, smaller gap", xlabel="training images", ylabel="score")
ax.grid(alpha=0.3)
ax.legend(loc="lower right")
pictures.save(figure, folder / "more_data.png", "The curves against the number of images are")
