"""Measure the workshop beside the ways that people know, and print one table.

    python tests/benchmark.py

Every row is measured in this run, on the same data. Every figure is the median of several runs, but
for the long way to 0.99, which is gone once. A ratio is to the way that is measured beside ours.
PyTorch and torchvision are measured if they are installed; then it takes up to half an hour, else a
few minutes, on a machine that has nothing else to do.
"""

import gzip
import importlib.util
import os
import pickle
import re
import shutil
import statistics
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import benchmark_07
import benchmark_08
import numpy as np

import mnist

EPOCHS = benchmark_07.EPOCHS
DATA = Path(mnist.__file__).parent / "data"
NETWORK = {
    "solver": "sgd",
    "activation": "logistic",
    "hidden_layer_sizes": (14, 14),
    "learning_rate_init": 0.01,
    "max_iter": EPOCHS,
    "random_state": 0,
}


def median_seconds(*functions, times):
    """Return the median seconds of each function. They take turns: a busy moment meets them all."""
    seconds = [[] for _ in functions]
    for _ in range(times):
        for function, its_seconds in zip(functions, seconds):
            start = time.perf_counter()
            function()
            its_seconds.append(time.perf_counter() - start)
    return [statistics.median(its_seconds) for its_seconds in seconds]


def installed(package):
    return importlib.util.find_spec(package) is not None


# Loading


def save_pickle(path):
    """Save the arrays as the original workshop's loader did."""
    names = ("training_images", "training_labels", "test_images", "test_labels")
    with open(path, "wb") as file:
        pickle.dump(dict(zip(names, mnist.load())), file)


def load_pickle(path):
    with open(path, "rb") as file:
        arrays = pickle.load(file)
    return (
        arrays["training_images"],
        arrays["training_labels"],
        arrays["test_images"],
        arrays["test_labels"],
    )


def first_use():
    """Verify, unpack and save, as on the first run in a folder with the four archives."""
    with tempfile.TemporaryDirectory() as folder:
        for archive in DATA.glob("*.gz"):
            shutil.copy(archive, folder)
        with patch.dict(os.environ, MNIST_DATA_DIR=folder), redirect_stdout(StringIO()):
            return median_seconds(mnist.load, times=1)[0]


def torchvision_seconds(folder):
    from torchvision.datasets import MNIST

    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for archive in DATA.glob("*.gz"):
        (raw / archive.stem).write_bytes(gzip.decompress(archive.read_bytes()))
    return median_seconds(lambda: (MNIST(folder), MNIST(folder, train=False)), times=9)[0]


def loading_rows():
    mnist.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mnist.pkl"
        save_pickle(path)
        original, ours = median_seconds(lambda: load_pickle(path), mnist.load, times=41)
        yield "loading: the original's way, pickle", f"{1000 * original:.0f} ms", 1.0
        yield "loading: mnist.load()", f"{1000 * ours:.0f} ms", ours / original
        if installed("torchvision"):
            seconds = torchvision_seconds(Path(folder))
            yield "loading: torchvision", f"{1000 * seconds:.0f} ms", seconds / original
    seconds = statistics.median(first_use() for _ in range(5))
    yield (
        "loading: first use (verify, unpack, save)",
        f"{1000 * seconds:.0f} ms",
        seconds / original,
    )


# Training


def train_original(pickle_path):
    """The original's way: whole numbers from a pickle, straight into MLPClassifier."""
    from sklearn.neural_network import MLPClassifier

    arrays = load_pickle(pickle_path)
    return fit_and_score(MLPClassifier(**NETWORK), *arrays)


def train_ours(pickle_path):
    from sklearn.neural_network import MLPClassifier

    arrays = mnist.load(dtype="float32")
    return fit_and_score(MLPClassifier(**NETWORK), *arrays)


def fit_and_score(classifier, training_images, training_labels, test_images, test_labels):
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is not meant to converge in so few epochs
        classifier.fit(training_images, training_labels)
    seconds = time.perf_counter() - start
    (classifier.predict(test_images) == test_labels).mean()
    return seconds / EPOCHS, peak_megabytes()


def train_torch(pickle_path):
    """The loop of PyTorch's tutorials, with the same network, batches and optimiser."""
    images, labels, _, _ = mnist.load(dtype="float32")
    start = time.perf_counter()
    benchmark_07.pytorch(images, labels)
    return (time.perf_counter() - start) / EPOCHS, peak_megabytes()


def peak_megabytes():
    """The most memory that this process has had so far; nan where the system is not Linux.

    (What resource.getrusage tells is not less than what the parent process had at its start.)
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    kilobytes = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(), flags=re.MULTILINE)[1]
    return int(kilobytes) / 1e3


def in_new_processes(function, *arguments, times=5):
    """Return the medians of what function returns, run several times in processes of their own."""
    results = []
    for _ in range(times):
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as executor:
            results.append(executor.submit(function, *arguments).result())
    return np.median(results, axis=0)


def training_rows():
    ways = [("the original's way, uint8", train_original), ("ours, float32", train_ours)]
    if installed("torch"):
        ways.append(("a plain PyTorch loop", train_torch))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mnist.pkl"
        save_pickle(path)
        measured = [(name, *in_new_processes(way, path)) for name, way in ways]
    _, first_seconds, first_megabytes = measured[0]
    for name, seconds, _ in measured:
        yield f"an epoch: {name}", f"{seconds:.2f} s", seconds / first_seconds
    for name, _, megabytes in measured:
        yield f"peak memory: {name}", f"{megabytes:.0f} MB", megabytes / first_megabytes


def print_rows(rows):
    for name, value, ratio in rows:
        print(f"{name:55} {value:>12} {'' if ratio is None else f'{ratio:8.2f}'}", flush=True)


if __name__ == "__main__":
    with redirect_stdout(StringIO()):
        mnist.load()  # whatever it has to say is not for the table
    print(f"{'what':55} {'median':>12} {'ratio':>8}")
    print_rows(loading_rows())
    print_rows(training_rows())
    print_rows(benchmark_07.rows())
    print_rows(benchmark_08.rows())
