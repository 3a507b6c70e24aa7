"""What a network that was handed in is worth: read with care, since anybody may have sent it."""

import io
import sqlite3
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import numpy as np

import store
from workshop import network_file

MOST_PACKED = 8 * 2**20  # bytes
MOST_UNPACKED = 32 * 2**20  # bytes
CHUNK = 1000  # images at a time, so that little memory is needed
NEW = threading.Event()  # a network was handed in


def read(content):
    """Return a network, as network_file.load() does, from the bytes of its file.

    A file is a zip archive: how large it would become stands in its directory, and is looked at
    before anything is unpacked. No pickle is read. Raises ValueError with a sentence.
    """
    if len(content) > MOST_PACKED:
        raise ValueError("This file has more than 8 MB: too much for this board.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise ValueError("This is not the file of a network.") from None
    plain = all(part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
    if not plain or len(parts) > 100 or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ValueError("Unpacked, this file has more than 32 MB: too much for this board.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.npz"
        path.write_bytes(content)
        return network_file.load(path)


def count_weights(network):
    """Return how many weights and biases a network has."""
    return sum(array.size for array in network["weights"] + network["biases"])


def answers(network, images):
    """Return what a network reads in images, (n, 784) from 0 to 255: digits, (n,) uint8."""
    chunks = [images[first : first + CHUNK] for first in range(0, len(images), CHUNK)]
    read = [network_file.probabilities(network, chunk).argmax(axis=1) for chunk in chunks]
    return np.concatenate(read).astype("uint8")


def keep_measuring(validation, test):
    """Measure for ever what waits in the file: validation scores first, test scores after that.

    validation, test : each images, (10000, 784) uint8, and labels, (10000,)
    """
    while True:
        NEW.clear()
        try:
            if not measure_next(validation, test):
                NEW.wait()
        except sqlite3.Error as error:
            print(f"A network could not be measured ({error}). It is tried again.", flush=True)
            time.sleep(5)


def measure_next(validation, test):
    """Measure one network that waits; return False if none does."""
    waiting = store.next_to_measure()
    if waiting is None:
        return False
    column = "validation" if waiting["validation"] is None else "test"
    images, labels = validation if column == "validation" else test
    try:
        value = float((answers(read(waiting["content"]), images) == labels).mean())
    except ValueError as error:
        column, value = "refused", str(error)
    store.measured(waiting["number"], column, value)
    return True
