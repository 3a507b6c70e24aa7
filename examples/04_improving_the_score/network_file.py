"""A trained network as a file of plain numbers, which goes from step to step.

The same file stands in every step that reads or writes networks; a test holds them equal.

The arrays in a network's .npz:

    weights_0, weights_1, ...  by layer, (neurons before, neurons), float32
    biases_0, biases_1, ...    by layer, (neurons,), float32
    activation                 that of the hidden layers: "identity", "logistic", "tanh" or "relu"
    divide_pixels_by           what pixels of 0 to 255 are divided by before they go in
    made_by                    by which a script knows its own networks; may be empty
"""

import os
import uuid
from itertools import pairwise
from pathlib import Path

import numpy as np

ACTIVATIONS = ("identity", "logistic", "tanh", "relu")


def save(path, weights, biases, activation, divide_pixels_by, made_by=""):
    """Write a network; weights and biases are those of MLPClassifier, coefs_ and intercepts_.

    The file is written under another name first: whoever reads it never finds half a network.
    Raises OSError if it cannot be written; an earlier network is then still whole.
    """
    arrays = {f"weights_{i}": np.float32(array) for i, array in enumerate(weights)}
    arrays |= {f"biases_{i}": np.float32(array) for i, array in enumerate(biases)}
    arrays |= {"activation": activation, "divide_pixels_by": divide_pixels_by, "made_by": made_by}
    temporary = Path(path).with_name(f"{Path(path).stem}.{uuid.uuid4().hex}.part")
    try:
        with open(temporary, "wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def load(path):
    """Read a network of 784 inputs and 10 outputs.

    Returns
    -------
    network : dict with the lists "weights" and "biases", "activation", "divide_pixels_by" and
        "made_by", as they were given to save()

    Raises OSError if there is no such file, ValueError if it is no network of this kind.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            count = sum(name.startswith("weights_") for name in arrays)
            weights = [np.float32(arrays[f"weights_{i}"]) for i in range(count)]
            biases = [np.float32(arrays[f"biases_{i}"]) for i in range(count)]
            activation, made_by = str(arrays["activation"]), str(arrays["made_by"])
            divide_pixels_by = float(arrays["divide_pixels_by"])
    except OSError:
        raise
    except Exception as error:  # of many kinds: no archive, a part is missing, a pickle
        raise ValueError(f"{Path(path).name} is not a network that this workshop saved.") from error
    sizes = [784, *(len(array) for array in biases)]
    fits = count and sizes[-1] == 10 and activation in ACTIVATIONS and divide_pixels_by > 0
    if not fits or [array.shape for array in weights] != list(pairwise(sizes)):
        raise ValueError(f"{Path(path).name} is not a network of 784 inputs and 10 outputs.")
    return {
        "weights": weights,
        "biases": biases,
        "activation": activation,
        "divide_pixels_by": divide_pixels_by,
        "made_by": made_by,
    }
