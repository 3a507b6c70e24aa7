"""A trained network as a file of plain numbers, which goes from step to step.

The arrays in a network's .npz:

    weights_0, weights_1, ...  by layer, (neurons before, neurons), float32
    biases_0, biases_1, ...    by layer, (neurons,), float32
    activation                 that of the hidden layers: "identity", "logistic", "tanh" or "relu"
    divide_pixels_by           what pixels of 0 to 255 are divided by before they go in
    made_by                    by which a script knows its own networks; may be empty
"""

import io
from itertools import pairwise
from pathlib import Path

import numpy as np

from workshop import files

ACTIVATIONS = {  # what a neuron of a hidden layer hands on, if its sum is z
    "identity": lambda z: z,
    "logistic": lambda z: np.exp(-np.logaddexp(0, -z)),  # 1 / (1 + e^-z), without overflow
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}
LARGEST = 1e30  # sums are cut off here, so that whatever the weights are, none overflows


def save(path, weights, biases, activation, divide_pixels_by, made_by=""):
    """Write a network; weights and biases are those of MLPClassifier, coefs_ and intercepts_.

    Raises OSError if it cannot be written; an earlier network is then still whole.
    """
    arrays = {f"weights_{i}": np.float32(array) for i, array in enumerate(weights)}
    arrays |= {f"biases_{i}": np.float32(array) for i, array in enumerate(biases)}
    arrays |= {"activation": activation, "divide_pixels_by": divide_pixels_by, "made_by": made_by}
    archive = io.BytesIO()
    np.savez(archive, **arrays)
    files.write(path, archive.getvalue())


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
            network = {
                "weights": [np.float32(arrays[f"weights_{i}"]) for i in range(count)],
                "biases": [np.float32(arrays[f"biases_{i}"]) for i in range(count)],
                "activation": str(arrays["activation"]),
                "divide_pixels_by": float(arrays["divide_pixels_by"]),
                "made_by": str(arrays["made_by"]),
            }
    except OSError:
        raise
    except Exception as error:  # of many kinds: no archive, a part is missing, a pickle
        raise ValueError(f"{Path(path).name} is not a network that this workshop saved.") from error
    arrays = network["biases"] + network["weights"]
    sizes = [784, *(biases.size for biases in network["biases"])]
    shapes = [(size,) for size in sizes[1:]] + list(pairwise(sizes))
    known = network["activation"] in ACTIVATIONS and network["divide_pixels_by"] > 0
    if not known or sizes[-1] != 10 or [array.shape for array in arrays] != shapes:
        raise ValueError(f"{Path(path).name} is not a network of 784 inputs and 10 outputs.")
    if not all(np.isfinite(array).all() for array in arrays):
        raise ValueError(f"{Path(path).name} has weights that are no finite numbers.")
    return network


def sums(network, images):
    """Return the sums of each layer's neurons, before the activation function.

    Parameters
    ----------
    network : dict, as load() returns it
    images : array (images, 784), pixels from 0 (paper) to 255 (ink)

    Returns
    -------
    layers : list of arrays (images, neurons), float64, the output layer's last
    """
    layers = []
    a = np.asarray(images, "float64") / network["divide_pixels_by"]
    for weights, biases in zip(network["weights"], network["biases"]):
        z = a @ np.float64(weights) + biases
        layers.append(np.clip(z, -LARGEST, LARGEST))
        a = ACTIVATIONS[network["activation"]](layers[-1])
    return layers


def probabilities(network, images):
    """Return how probable each digit is to a network: an array (images, 10), each row's sum is 1.

    This is what MLPClassifier.predict_proba does: the function of the theory, layer by layer, and
    softmax at the end. The parameters are those of sums().
    """
    z = sums(network, images)[-1]
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
