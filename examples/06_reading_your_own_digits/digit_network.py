"""The network that reads prepared digits: trained on first use, then kept in network.npz.

    python digit_network.py

trains it, if that is still to be done, and says where it is. It learns from MNIST's training
digits, in variants that are made anew for each epoch (see variants.py).
"""

import hashlib
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
import variants
from workshop import network_file

HIDDEN_LAYERS = (512, 128)  # neurons in each hidden layer; more read better and learn slower
EPOCHS = 8  # how often it sees each training digit, always in a new variant; try 3 or 30
AVERAGED = 4  # after each of that many last epochs, the weights are kept; their average is used

CHUNK = 2000  # digits varied and learned at a time
KEPT = Path(__file__).resolve().parent / "network.npz"


def probabilities(network, pixels):
    """Return how sure a network is of each digit: an array (10,) whose sum is 1.

    pixels is an array (28, 28) from 0 (paper) to 1 (ink), network one of network_file.
    """
    return network_file.probabilities(network, 255 * pixels.reshape(1, 784))[0]


def version():
    """Return what tells this network, by its scripts and their settings, from every other one."""
    scripts = Path(__file__).read_bytes() + Path(variants.__file__).read_bytes()
    return hashlib.sha256(scripts).hexdigest()


def load():
    """Return the network in network.npz, or None if there is none that these scripts have made."""
    try:
        network = network_file.load(KEPT)
    except (OSError, ValueError):  # missing, or damaged
        return None
    return network if network["made_by"] == version() else None


def load_or_train():
    """Return the network; where load() has none, train it, which takes a while, and keep it."""
    network = load()
    if network is None:
        try:
            network = train()
        except (KeyboardInterrupt, UserWarning):
            sys.exit("Stopped before the network was ready. Run this again, and it starts anew.")
        try:
            network_file.save(KEPT, **network)
        except OSError as error:
            print(f"(It could not be kept for the next time: {error.strerror}.)")
    return network


def train():
    """Return a trained network; print a line after each epoch.

    Ctrl-C raises KeyboardInterrupt, or the UserWarning that scikit-learn makes of it.
    """
    warnings.filterwarnings("error", message="Training interrupted")
    threadpool_limits(1)  # one core: on a busy computer, two would mostly wait for each other
    print("A network has to learn to read first. This happens only once, and takes about a minute.")
    images, labels, _, _ = mnist.load("float32")
    images /= 255
    random = np.random.default_rng(0)
    classifier = MLPClassifier(HIDDEN_LAYERS, random_state=np.random.RandomState(0))
    last_epochs = []
    start = time.monotonic()
    for epoch in range(1, EPOCHS + 1):
        order = random.permutation(len(images))
        for first in range(0, len(images), CHUNK):
            chosen = order[first : first + CHUNK]
            some = variants.vary(images[chosen], labels[chosen], random)
            classifier.partial_fit(some, labels[chosen], classes=range(10))
        left = (time.monotonic() - start) / epoch * (EPOCHS - epoch)
        line = f"  epoch {epoch} of {EPOCHS}: loss {classifier.loss_:.3f}, {left:.0f} s left"
        print(line, flush=True)
        if epoch > EPOCHS - AVERAGED or epoch == EPOCHS:
            last_epochs.append([w.copy() for w in classifier.coefs_ + classifier.intercepts_])
    average = [np.mean(arrays, axis=0) for arrays in zip(*last_epochs)]
    return {
        "weights": average[: len(classifier.coefs_)],
        "biases": average[len(classifier.coefs_) :],
        "activation": classifier.activation,
        "divide_pixels_by": 255,
        "made_by": version(),
    }


if __name__ == "__main__":
    load_or_train()
    if load() is None:
        sys.exit(1)
    print("The network is in", KEPT)
