"""Draw the loss curves of six trainings, each of which shows one of the coach's signs.

Run it (it takes half a minute or so):

    python draw_curves.py

It writes images/loss_curves.png beside this script.
"""

import warnings
from pathlib import Path

import matplotlib.pyplot as plt
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from workshop import pictures

epochs = 12  # of each training; try 20
trainings = [  # a title, and the settings that differ from the script's
    ("slow: larger steps", dict(learning_rate_init=0.01)),
    ("stuck: smaller steps", dict(learning_rate_init=0.8, activation="relu")),
    ("up and down: smaller steps", dict(learning_rate_init=1, activation="tanh")),
    ("level: a better network", dict(learning_rate_init=0.05, activation="identity")),
    ("still falling: more epochs", dict(learning_rate_init=0.1, hidden_layer_sizes=(64,))),
    (
        "well done",
        dict(learning_rate_init=0.2, hidden_layer_sizes=(128,), activation="relu", batch_size=100),
    ),
]

threadpool_limits(1)  # one core: on a busy computer, two would mostly wait for each other
warnings.simplefilter("ignore", ConvergenceWarning)  # we choose how many epochs there are
images, labels, _, _ = mnist.load(dtype="float32")
images /= 255

figure, axes = plt.subplots(2, 3, figsize=(9, 4.5), sharex=True, layout="constrained")
for ax, (title, settings) in zip(axes.flat, trainings):
    usual = dict(solver="sgd", activation="logistic", hidden_layer_sizes=(14, 14), batch_size=200)
    classifier = MLPClassifier(**{**usual, **settings}, max_iter=epochs, random_state=0)
    classifier.fit(images[:50000], labels[:50000])
    losses = classifier.loss_curve_
    print(f"{title}: the loss goes from {losses[0]:.2f} to {losses[-1]:.2f}", flush=True)
    ax.plot(range(1, len(losses) + 1), losses, "o-", markersize=3)
    ax.set(title=title, ylim=(0, 1.1 * max(losses)), xticks=range(2, epochs + 1, 2))
    ax.grid(alpha=0.3)
for ax in axes[1]:
    ax.set_xlabel("epoch")
for ax in axes[:, 0]:
    ax.set_ylabel("loss")
picture = Path(__file__).resolve().parent / "images" / "loss_curves.png"
picture.parent.mkdir(exist_ok=True)
pictures.save(figure, picture, "The loss curves are")
