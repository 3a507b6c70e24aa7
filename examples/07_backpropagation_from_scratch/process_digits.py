"""Train a neural network written from scratch, and check that it does what scikit-learn's does.

Run it:

    python process_digits.py

The network is in network.py. First check: the derivatives that backpropagation finds are those
that one measures. Second check: its numbers are those of MLPClassifier. Third check: it learns to
read digits as well as that one does. Ctrl-C ends its training early, and it is scored all the same.
"""

import signal
import sys
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from comparing import (
    from_scikit_learn,
    largest_difference,
    measured_derivative,
    relative_difference,
)
from network import backward, forward, initialise, one_hot, predict, train_epoch, update, zeros_like
from workshop import pictures  # missing? pip install -r requirements.txt

threadpool_limits(1)  # one core: on a busy computer, two would mostly wait for each other

sizes = (784, 14, 14, 10)  # neurons in each layer; try (784, 64, 10)
mu = 0.01  # the learning rate, how far a step goes; try 0.001 or 0.1
beta = 0.9  # the momentum, how much of its velocity a weight keeps; try 0
alpha = 0.0001  # the weight decay, what large weights cost; try 1
batch_size = 200  # images to look at before each step; try 50 or 1000
max_epochs = 100  # epochs at most: passes over the training images; try 10
tolerance = 0.0001  # a loss that falls by less than this counts as no better
patience = 10  # epochs in a row that may be no better before the training ends
seed = 0  # where chance begins: the same number, the same run; try 1

# A slip in these numbers is better met now, with a sentence.
if sizes[0] != 784 or sizes[-1] != 10:
    sys.exit("sizes must begin with 784, one for each pixel, and end with 10, one for each digit.")
if max_epochs < 1:
    sys.exit("max_epochs must be at least 1: without an epoch, nothing is learned.")

# Ctrl-C ends the checks here, with a sentence; fit alone would end its epoch early and go on.
signal.signal(signal.SIGINT, lambda *_: sys.exit("Stopped before the checks were done."))

training_images, training_labels, test_images, test_labels = mnist.load(dtype="float32")
print(len(training_images), "images to learn from,", len(test_images), "to be tested on.")

# 1. The first check. float64 has 16 digits, so that rounding does not hide an error. Pixels from 0
# to 1 keep the sigmoids away from their flat ends; alpha = 0.1 lets a wrong weight decay be seen.
print("First check: the derivatives, by backpropagation and measured.")
x = training_images[:50].T.astype("float64") / 255
y = one_hot(training_labels[:50], "float64").T
w, b = initialise(sizes, np.random.RandomState(seed), "float64")
dw, db = backward(forward(x, w, b), y, w, alpha=0.1)

sample = np.random.RandomState(seed)
layers = range(1, len(sizes))
compared, differences = [], []  # an entry for each layer
for layer in layers:
    measured, derived = [], []
    for _ in range(100):  # weights picked by chance, from neuron k to neuron j
        j, k = sample.randint(sizes[layer]), sample.randint(sizes[layer - 1])
        measured.append(measured_derivative(w[layer], (j, k), x, y, w, b, alpha=0.1))
        derived.append(dw[layer][j, k])
    for j in range(sizes[layer]):  # and all biases
        measured.append(measured_derivative(b[layer], (j, 0), x, y, w, b, alpha=0.1))
        derived.append(db[layer][j, 0])
    difference = relative_difference(np.array(derived), np.array(measured))
    print(f"  layer {layer}: largest relative difference {difference:.1e}")
    compared.append((measured, derived))
    differences.append(difference)
if not np.max(differences) < 1e-6:
    sys.exit("They differ: backward() in network.py does not fit forward() and cost().")

# 2. The second check: the same start, the same batches, the same steps as MLPClassifier.
print("Second check: the numbers of scikit-learn.")
images = training_images.astype("float64")
images /= 255
answers = one_hot(training_labels, "float64")
classifier = MLPClassifier(
    solver="sgd",
    activation="logistic",
    hidden_layer_sizes=sizes[1:-1],
    learning_rate_init=mu,
    momentum=beta,
    alpha=alpha,
    batch_size=batch_size,
    max_iter=2,
    random_state=seed,
)
vw, vb = zeros_like(w), zeros_like(b)
for step in range(10):
    batch = np.arange(step * batch_size, (step + 1) * batch_size) % len(images)
    classifier.partial_fit(images[batch], training_labels[batch], classes=range(10))
    x, y = images[batch].T, answers[batch].T
    dw, db = backward(forward(x, w, b), y, w, alpha)
    update(w, b, dw, db, vw, vb, mu, beta)
their_w, their_b = from_scikit_learn(classifier)

probabilities = forward(images[:10000].T, their_w, their_b)[-1]
difference = np.abs(probabilities - classifier.predict_proba(images[:10000]).T).max()
print(f"  forward and predict_proba: largest difference {difference:.1e}")
if not difference < 1e-9:
    sys.exit(
        "They differ: with the same weights, forward() in network.py and MLPClassifier give\n"
        "other answers. Do both have the same activation function?"
    )

difference = max(largest_difference(w, their_w), largest_difference(b, their_b))
print(f"  weights after 10 steps: largest difference {difference:.1e}")
if not difference < 1e-9:
    sys.exit(
        "They differ: something is wrong in initialise() or update(), in network.py, or the two\n"
        "networks have other settings. (With seed = None, each begins with weights of its own.)"
    )

warnings.simplefilter("ignore", ConvergenceWarning)  # two epochs are few, and meant to be
classifier.fit(images, training_labels)
their_w, their_b = from_scikit_learn(classifier)
random = np.random.RandomState(seed)
w, b = initialise(sizes, random, "float64")
vw, vb = zeros_like(w), zeros_like(b)
order = np.arange(len(images))
for _ in range(2):
    order = order[random.permutation(len(order))]
    train_epoch(images, answers, order, batch_size, w, b, vw, vb, mu, beta, alpha)
difference = max(largest_difference(w, their_w), largest_difference(b, their_b))
print(f"  weights after 2 epochs: largest difference {difference:.1e}")
if not difference < 1e-9:
    sys.exit(
        "They differ: something is wrong in train_epoch(), in network.py, or mu is so large\n"
        "that the tiny errors of rounding grow from step to step."
    )

# 3. The third check: the training of step 02, with its pixels from 0 to 255, in float32.
print("Third check: the score.")
print("Training a network with hidden layers of", sizes[1:-1], "neurons.")
print("Its loss should fall, in at most", max_epochs, "epochs. Ctrl-C ends it early.")
signal.signal(signal.SIGINT, signal.default_int_handler)
answers = one_hot(training_labels, "float32")
random = np.random.RandomState(seed)
w, b = initialise(sizes, random, "float32")
vw, vb = zeros_like(w), zeros_like(b)
order = np.arange(len(training_images))
losses = []
best = np.inf
no_better = 0
try:
    while len(losses) < max_epochs and no_better <= patience:
        order = order[random.permutation(len(order))]
        loss = train_epoch(
            training_images, answers, order, batch_size, w, b, vw, vb, mu, beta, alpha
        )
        losses.append(loss)
        print(f"Iteration {len(losses)}, loss = {loss:.8f}", flush=True)
        no_better = 0 if loss < best - tolerance else no_better + 1
        best = min(best, loss)
except KeyboardInterrupt:
    print("Training interrupted.")

number_right = (predict(test_images.T, w, b) == test_labels).sum()
print("It read", number_right, "of", len(test_labels), "test images right.")
print("We have a score of", number_right / len(test_labels))

# 4. The pictures, saved beside this script.
folder = Path(__file__).resolve().parent

figure, axes = plt.subplots(1, len(layers), figsize=(10, 3.6), layout="constrained", squeeze=False)
for layer, (measured, derived), ax in zip(layers, compared, axes[0]):
    ax.axline((0, 0), slope=1, color="gray", linewidth=1)
    ax.plot(measured, derived, "o", fillstyle="none")
    ax.set_title(f"into layer {layer}")
    ax.set_xlabel("measured")
    ax.locator_params(nbins=5)
axes[0, 0].set_ylabel("by backpropagation")
pictures.save(figure, folder / "derivatives.png", "The derivatives of the first check are drawn")

figure, ax = plt.subplots(figsize=(6, 4), layout="constrained")
ax.plot(range(1, len(losses) + 1), losses, ".-")
ax.set_xlabel("epoch")
ax.set_ylabel("loss")
pictures.save(figure, folder / "loss.png", "The loss is drawn")
