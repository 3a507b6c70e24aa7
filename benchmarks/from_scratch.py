"""Time an epoch of step 07's network, of MLPClassifier, of PyTorch, and of what none can go below.

All train the same 784-14-14-10 network with the same settings on the same float32 images, on one
core.
"""

import importlib.util
import sys
import warnings
from functools import partial

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from measuring import EXAMPLES, seconds, take_turns

SIZES = (784, 14, 14, 10)
BATCH = 200
EPOCHS = 5  # in one go, as the time of setting up belongs to a training too
SCIKIT_LEARN = "MLPClassifier.fit"


def rows():
    """Measure, and return rows for the table; the ratios are to MLPClassifier's epoch."""
    ways = {
        SCIKIT_LEARN: scikit_learn,
        "step 07": ours,
        "the products and batches alone": floor,
    }
    if importlib.util.find_spec("torch"):
        ways["a plain PyTorch loop"] = pytorch
    images, labels, _, _ = mnist.load("float32")
    with threadpool_limits(1):
        times = {label: partial(seconds, train, images, labels) for label, train in ways.items()}
        medians = take_turns(times, rounds=7)
    for label, median in medians.items():
        ratio = median / medians[SCIKIT_LEARN]
        yield f"step 07, an epoch: {label}", f"{median / EPOCHS:.3f} s", ratio


def ours(images, labels):
    """Train our network for EPOCHS epochs."""
    step = str(EXAMPLES / "07_backpropagation_from_scratch")
    if step not in sys.path:
        sys.path.append(step)
    import network

    random = np.random.RandomState(0)
    w, b = network.initialise(SIZES, random, "float32")
    vw, vb = network.zeros_like(w), network.zeros_like(b)
    answers = network.one_hot(labels, "float32")
    order = np.arange(len(images))
    for _ in range(EPOCHS):
        order = order[random.permutation(len(order))]
        network.train_epoch(images, answers, order, BATCH, w, b, vw, vb, 0.01, 0.9, 0.0001)


def scikit_learn(images, labels):
    """Train MLPClassifier for EPOCHS epochs."""
    classifier = MLPClassifier(
        solver="sgd",
        activation="logistic",
        hidden_layer_sizes=SIZES[1:-1],
        learning_rate_init=0.01,
        max_iter=EPOCHS,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        classifier.fit(images, labels)


def pytorch(images, labels):
    """Train a torch.nn.Sequential for EPOCHS epochs, as PyTorch's tutorials do."""
    import torch

    torch.manual_seed(0)
    images = torch.from_numpy(images)
    labels = torch.from_numpy(labels.astype("int64"))
    network = torch.nn.Sequential(
        torch.nn.Linear(784, 14),
        torch.nn.Sigmoid(),
        torch.nn.Linear(14, 14),
        torch.nn.Sigmoid(),
        torch.nn.Linear(14, 10),
    )
    cost = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(
        network.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.0001 / BATCH
    )
    for _ in range(EPOCHS):
        total = 0
        for batch in torch.randperm(len(images)).split(BATCH):
            loss = cost(network(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)


def floor(images, labels):
    """Gather the batches of EPOCHS epochs, and do the matrix products, and nothing else."""
    random = np.random.RandomState(0)
    ones = [np.ones((neurons, BATCH), "float32") for neurons in SIZES[1:]]
    w = [np.ones((SIZES[i + 1], SIZES[i]), "float32") for i in range(3)]
    for _ in range(EPOCHS):
        order = random.permutation(len(images))
        for start in range(0, len(order), BATCH):
            x = images.take(order[start : start + BATCH], axis=0).T
            w[0] @ x, w[1] @ ones[0], w[2] @ ones[1]  # forward
            ones[2] @ ones[1].T, ones[1] @ ones[0].T, ones[0] @ x.T  # the derivatives by w
            w[2].T @ ones[2], w[1].T @ ones[1]  # the errors, going back
