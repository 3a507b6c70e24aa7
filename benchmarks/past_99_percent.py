"""Seconds until step 08, and PyTorch's example, read 0.95 to 0.99 of the validation images right.

Step 08's script is run as it is, and the lines that it prints after each epoch are timed, from its
start on: imports and pictures count. Both learn from 55,000 images and are scored on 5,000 others.
PyTorch's network is the one of its well-known small MNIST example: convolutions of 32 and 64
channels, max-pooling, dropout, 128 hidden neurons, Adadelta with learning rate 1, falling by 0.7
after each epoch, batches of 64. Only its training is timed.
"""

import importlib.util
import re
import time

import numpy as np

import mnist
from measuring import EXAMPLES, epoch_lines

SCRIPT = EXAMPLES / "08_past_99_percent" / "process_digits.py"
MARKS = (0.95, 0.975, 0.98, 0.99)
PORTION = 5000  # images after which PyTorch's network is scored
TORCH_EPOCHS = 6  # enough for 0.99


def rows():
    """Run both once, and return rows for the table; the ratios are to PyTorch's seconds."""
    ours = reached(step_08())
    theirs = reached(torch_example()) if importlib.util.find_spec("torch") else None
    for mark in MARKS:
        if theirs is not None:
            yield f"to {mark}: PyTorch's example", words(theirs.get(mark)), None
        both = theirs is not None and mark in theirs and mark in ours
        yield (
            f"to {mark}: step 08",
            words(ours.get(mark)),
            ours[mark] / theirs[mark] if both else None,
        )


def words(seconds):
    return "not reached" if seconds is None else f"{seconds:.1f} s"


def reached(scores):
    """Return for each mark that was reached the seconds when it first was, as a dictionary.

    scores : pairs of seconds and score, in the order of learning; none is asked for after the last
        mark
    """
    found = {}
    for seconds, score in scores:
        for mark in MARKS:
            if score >= mark:
                found.setdefault(mark, seconds)
        if len(found) == len(MARKS):
            break
    return found


def step_08(script=SCRIPT):
    """Yield (seconds, validation score) after each epoch of step 08's script."""
    for seconds, _, line in epoch_lines(script):
        yield seconds, float(re.search(r"score (0\.\d+)", line)[1])


def torch_example():
    """Yield (seconds, validation score) of PyTorch's example every few thousand images.

    The clock stops while it is scored.
    """
    import torch
    from torch import nn

    torch.manual_seed(1)
    images, labels, _, _ = mnist.load(dtype="float32")
    images = torch.from_numpy((images.reshape(-1, 1, 28, 28) / 255 - 0.1307) / 0.3081)
    labels = torch.from_numpy(labels.astype(np.int64))
    images, validation_images = images[:55000], images[55000:]
    labels, validation_labels = labels[:55000], labels[55000:]
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

    training = 0.0
    for _ in range(TORCH_EPOCHS):
        for number, batch in enumerate(torch.randperm(len(images)).split(64), start=1):
            began = time.perf_counter()
            optimizer.zero_grad()
            loss_function(network(images[batch]), labels[batch]).backward()
            optimizer.step()
            training += time.perf_counter() - began
            if number * 64 % PORTION < 64:
                network.eval()
                with torch.no_grad():
                    parts = [network(part).argmax(1) for part in validation_images.split(1000)]
                network.train()
                yield training, (torch.cat(parts) == validation_labels).float().mean().item()
        scheduler.step()
