"""Train the network of step 02 as our script does, as the original workshop did, and with PyTorch.

Each runs in a new process, as people run it: ours keeps to one core, the others take all.
"""

import importlib.util
import re
import tempfile
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from from_scratch import EPOCHS, pytorch
from loading import load_pickle, save_pickle
from measuring import seconds, take_turns

ORIGINAL = "the original's way, uint8 from a pickle"


def rows():
    """Measure, and return rows for the table; the ratios are to the original's figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mnist.pkl"
        save_pickle(path)
        ways = {
            ORIGINAL: partial(in_new_process, original, path),
            "ours, float32": partial(in_new_process, ours),
        }
        if importlib.util.find_spec("torch"):
            ways["a plain PyTorch loop"] = partial(in_new_process, torch_loop)
        medians = take_turns(ways, rounds=5)
    for label, (time, _) in medians.items():
        yield f"an epoch: {label}", f"{time:.2f} s", time / medians[ORIGINAL][0]
    for label, (_, memory) in medians.items():
        yield f"peak memory: {label}", f"{memory:.0f} MB", memory / medians[ORIGINAL][1]


def in_new_process(function, *arguments):
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as executor:
        return executor.submit(function, *arguments).result()


def original(path):
    """Return seconds an epoch and megabytes, with whole numbers straight into MLPClassifier."""
    return fit_and_predict(load_pickle(path))


def ours():
    """Return seconds an epoch and megabytes, with process_digits.py's float32 and one core."""
    threadpool_limits(1)
    return fit_and_predict(mnist.load(dtype="float32"))


def torch_loop():
    """Return seconds an epoch and megabytes, with the loop of PyTorch's tutorials."""
    images, labels, _, _ = mnist.load(dtype="float32")
    return seconds(pytorch, images, labels) / EPOCHS, peak_megabytes()


def fit_and_predict(data):
    training_images, training_labels, test_images, _ = data
    classifier = MLPClassifier(
        solver="sgd",
        activation="logistic",
        hidden_layer_sizes=(14, 14),
        learning_rate_init=0.01,
        max_iter=EPOCHS,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is not meant to converge in so few epochs
        time = seconds(classifier.fit, training_images, training_labels)
    classifier.predict(test_images)
    return time / EPOCHS, peak_megabytes()


def peak_megabytes():
    """Return the most memory that this process has had so far; nan where it is not Linux.

    (What resource.getrusage tells is not less than what the parent process had at its start.)
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    kilobytes = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(), flags=re.MULTILINE)[1]
    return int(kilobytes) / 1e3
