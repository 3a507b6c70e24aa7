"""Load MNIST: with mnist.load(), from a pickle as the original workshop did, with torchvision."""

import gzip
import importlib.util
import os
import pickle
import shutil
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import mnist
from measuring import seconds, take_turns

DATA = Path(mnist.__file__).parent / "data"
NAMES = ("training_images", "training_labels", "test_images", "test_labels")
PICKLE = "the original's way, a pickle"


def rows():
    """Measure, and return rows for the table; the ratios are to the pickle's time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mnist.pkl"
        save_pickle(path)
        ways = {PICKLE: lambda: seconds(load_pickle, path), "mnist.load()": load}
        if importlib.util.find_spec("torchvision"):
            unpack_for_torchvision(Path(folder))
            ways["torchvision"] = lambda: seconds(load_torchvision, folder)
        medians = take_turns(ways, rounds=21)
    medians |= take_turns({"first use (verify, unpack, save)": first_use}, rounds=5)
    for label, median in medians.items():
        yield f"loading: {label}", f"{1000 * median:.0f} ms", median / medians[PICKLE]


def load():
    return seconds(mnist.load)


def first_use():
    """Return the seconds of the first run in a folder with the four archives."""
    with tempfile.TemporaryDirectory() as folder:
        for archive in DATA.glob("*.gz"):
            shutil.copy(archive, folder)
        with patch.dict(os.environ, MNIST_DATA_DIR=folder), redirect_stdout(StringIO()):
            return load()


def save_pickle(path):
    """Save the arrays as the original workshop's loader did."""
    with open(path, "wb") as file:
        pickle.dump(dict(zip(NAMES, mnist.load())), file)


def load_pickle(path):
    with open(path, "rb") as file:
        arrays = pickle.load(file)
    return [arrays[name] for name in NAMES]


def unpack_for_torchvision(folder):
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for archive in DATA.glob("*.gz"):
        (raw / archive.stem).write_bytes(gzip.decompress(archive.read_bytes()))


def load_torchvision(folder):
    from torchvision.datasets import MNIST

    MNIST(folder), MNIST(folder, train=False)
