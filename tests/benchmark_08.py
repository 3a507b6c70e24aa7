"""Seconds of training to scores of 0.95, 0.975, 0.98 and 0.99: step 08, and PyTorch beside it.

Run it alone, on a computer that does nothing else:

    python tests/benchmark_08.py

Step 08's marks are those of its validation images, which it reads after each epoch. While PyTorch's
network learns, its weights are kept every few thousand images, with the time; they are tested when
the training is over, so that testing costs no time.
PyTorch's network is the one of its well-known small MNIST example: convolutions of 32 and 64
channels, max-pooling, dropout, 128 hidden neurons, Adadelta with learning rate 1, falling by 0.7
after each pass, batches of 64. Its row is left out if torch cannot be imported.
"""

import importlib.util
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

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
    ours = step_08()
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


def step_08():
    """Return the seconds at which step 08 reached each mark on its validation images, by mark.

    The script is run as it is; the seconds are counted from the start of its training to the line
    that it prints after an epoch.
    """
    command = [sys.executable, "-u", "process_digits.py"]
    found = {}
    with subprocess.Popen(command, cwd=STEP, stdout=subprocess.PIPE, text=True) as script:
        for line in script.stdout:
            if line.startswith("Training"):
                started = time.perf_counter()
            if line.startswith("Epoch"):
                score = float(line.split(",")[0].split()[-1])
                for mark in MARKS:
                    if score >= mark:
                        found.setdefault(mark, time.perf_counter() - started)
    return found


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
