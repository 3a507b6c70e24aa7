"""Go on training a network that has learned already, on MNIST and on digits of other hands."""

import numpy as np
from sklearn.neural_network import MLPClassifier

from workshop import network_file

EPOCHS = 5  # short ones
MNIST_IMAGES = 10000  # of MNIST, drawn anew for each epoch
SHARE = 0.5  # of what the network sees are the room's digits; they are repeated as often as needed
LEARNING_RATE = 0.0005


def go_on(network, images, labels, room_images, room_labels, seed=0):
    """Return a network that has gone on learning; the one that is given stays as it was.

    network : dict, as workshop.network_file.load() returns it
    images, labels : MNIST's, (n, 784) uint8 and (n,)
    room_images, room_labels : the new ones, in the same form
    """
    random = np.random.default_rng(seed)
    divisor = np.float32(network["divide_pixels_by"])
    classifier = MLPClassifier(
        hidden_layer_sizes=[len(biases) for biases in network["biases"][:-1]],
        activation=network["activation"],
        learning_rate_init=LEARNING_RATE,
        random_state=np.random.RandomState(seed),
    )
    # A first step makes the arrays of its weights; then the network's own are put into them.
    classifier.partial_fit(images[:10] / divisor, labels[:10], classes=range(10))
    for mine, theirs in zip(classifier.coefs_, network["weights"]):
        mine[:] = theirs
    for mine, theirs in zip(classifier.intercepts_, network["biases"]):
        mine[:] = theirs
    for _ in range(EPOCHS):
        ours = random.choice(len(images), MNIST_IMAGES, replace=False)
        room = np.resize(
            random.permutation(len(room_images)), int(MNIST_IMAGES * SHARE / (1 - SHARE))
        )
        seen = np.concatenate([images[ours], room_images[room]]) / divisor
        told = np.concatenate([labels[ours], room_labels[room]])
        classifier.partial_fit(seen, told)  # in an order by chance
    return {**network, "weights": classifier.coefs_, "biases": classifier.intercepts_}


def score(network, images, labels):
    """Return which part of images, (n, 784) uint8, a network reads right."""
    return float(np.mean(network_file.probabilities(network, images).argmax(axis=1) == labels))
