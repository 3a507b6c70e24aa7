"""Seconds of training to 0.95, 0.975, 0.98 and 0.99 test accuracy: step 08, and PyTorch beside it.

Run it alone, on a computer that does nothing else:

    python tests/benchmark_08.py

While a network learns, its weights are kept every few thousand images, with the time; they are
tested when the training is over, so that testing costs no time.
PyTorch's network is the one of its well-known small MNIST example: convolutions of 32 and 64
channels, max-pooling, dropout, 128 hidden neurons, Adadelta with learning rate 1, falling by 0.7
after each pass, batches of 64. Its row is left out if torch cannot be imported.
"""

import importlib.util
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist

STEP = Path(__file__).resolve().parent.parent / "examples" / "08_past_99_percent"
MARKS = (0.95, 0.975, 0.98, 0.99)
PORTION = 5000  # images after which the weights are kept
TORCH_PASSES = 6  # enough for 0.99


def rows():
    """Return (label, value in words, ratio to PyTorch's seconds or None) for each mark and way."""
    data = mnist.load(dtype="float32")
    for images in data[::2]:
        images /= 255
    ours = step_08(data)
    theirs = torch_example(data) if importlib.util.find_spec("torch") else {}
    found = []
    for mark in MARKS:
        if theirs:
            found.append((f"to {mark}: PyTorch's example", words(theirs.get(mark)), 1.0))
        ratio = ours[mark] / theirs[mark] if mark in ours and mark in theirs else None
        found.append((f"to {mark}: step 08", words(ours.get(mark)), ratio))
    return found


def words(seconds):
    return "not reached" if seconds is None else f"{seconds:.1f} s"


def settings():
    """Return what is set at the top of step 08's script, by name: hyperparameters, classifier."""
    text = (STEP / "process_digits.py").read_text(encoding="utf-8")
    found = {"MLPClassifier": MLPClassifier}
    exec(text[text.index("amount = ") : text.index("started = ")], found)
    return found


def reached(snapshots, accuracy):
    """Return for each mark that was reached the seconds when it first was, as a dictionary.

    snapshots : list of (seconds, weights), in the order of learning
    accuracy : a function of weights
    """
    found = {}
    for seconds, weights in snapshots:
        score = accuracy(weights)
        for mark in MARKS:
            if score >= mark:
                found.setdefault(mark, seconds)
        if len(found) == len(MARKS):
            break
    return found


def step_08(data):
    """Return the seconds at which step 08 reached each mark, as a dictionary.

    It does what the script does, but learns a pass in portions, to keep the weights in between.
    """
    sys.path.insert(0, str(STEP))
    from distortions import distort

    training_images, training_labels, test_images, test_labels = data
    chosen = settings()
    classifier = chosen["classifier"]
    generator = np.random.default_rng(chosen["seed"])

    def next_pass():
        order = generator.permutation(len(training_images))
        images = distort(training_images[order], generator, chosen["amount"])
        return images, training_labels[order]

    started = time.perf_counter()
    snapshots = []
    order = generator.permutation(len(training_images))[chosen["held_out"] :]
    training_images, training_labels = training_images[order], training_labels[order]
    images, labels = training_images, training_labels
    cores = max(1, os.cpu_count() - 1)
    with threadpool_limits(cores), ThreadPoolExecutor(max_workers=1) as helper:
        for batch_size in chosen["batch_sizes"]:
            following = helper.submit(next_pass)
            classifier.set_params(batch_size=batch_size)
            for start in range(0, len(images), PORTION):
                portion = slice(start, start + PORTION)
                classifier.partial_fit(images[portion], labels[portion], classes=range(10))
                weights = [w.copy() for w in classifier.coefs_ + classifier.intercepts_]
                snapshots.append((time.perf_counter() - started, weights))
            images, labels = following.result()

    def accuracy(weights):
        layers = len(classifier.coefs_)
        classifier.coefs_, classifier.intercepts_ = weights[:layers], weights[layers:]
        return classifier.score(test_images, test_labels)

    return reached(snapshots, accuracy)


def torch_example(data):
    """Return the seconds at which PyTorch's example reached each mark, as a dictionary."""
    import torch
    from torch import nn

    torch.manual_seed(1)
    images = torch.from_numpy((data[0].reshape(-1, 1, 28, 28) - 0.1307) / 0.3081)
    labels = torch.from_numpy(data[1].astype(np.int64))
    test_images = torch.from_numpy((data[2].reshape(-1, 1, 28, 28) - 0.1307) / 0.3081)
    test_labels = torch.from_numpy(data[3].astype(np.int64))
    network = nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(9216, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
    )
    optimizer = torch.optim.Adadelta(network.parameters(), lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)
    loss_function = nn.CrossEntropyLoss()

    started = time.perf_counter()
    snapshots = []
    for _ in range(TORCH_PASSES):
        order = torch.randperm(len(images))
        for number, batch in enumerate(order.split(64), start=1):
            optimizer.zero_grad()
            loss_function(network(images[batch]), labels[batch]).backward()
            optimizer.step()
            if number * 64 % PORTION < 64:
                weights = {name: w.clone() for name, w in network.state_dict().items()}
                snapshots.append((time.perf_counter() - started, weights))
        scheduler.step()

    def accuracy(weights):
        network.load_state_dict(weights)
        network.eval()
        with torch.no_grad():
            parts = [network(part).argmax(1) for part in test_images.split(1000)]
        return (torch.cat(parts) == test_labels).float().mean().item()

    return reached(snapshots, accuracy)


if __name__ == "__main__":
    for label, value, ratio in rows():
        print(f"{label:55}{value:>12}", "" if ratio is None else f"{ratio:8.2f}")
