"""The network that reads prepared digits: trained on first use, then kept as plain numbers.

MNIST's digits were written in the USA, with thick pens. So that the network can read other people's
digits, too, it learns from the training digits in many variants: turned, slanted, larger, smaller,
shifted, with thicker and thinner strokes, sevens also with a bar, ones with a flag and a foot.
"""

import contextlib
import hashlib
import os
import time
import uuid
import warnings
from pathlib import Path

import numpy as np
from scipy import ndimage, sparse
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist

HIDDEN_LAYERS = (256, 128)  # neurons in each hidden layer; more read better and learn slower
EPOCHS = 8  # passes over the training digits, with new variants each; try 3 or 30
AVERAGED = 4  # of that many last passes, the average of the weights is kept
TURN = 15  # degrees to either side, at most
SLANT = 0.25  # columns per row to either side, at most
SCALE = 0.15  # larger or smaller by this part, at most
SHIFT = 1.5  # pixels in each direction, at most
EXTRA_STROKES = 0.4  # the part of the sevens that get a bar, of the ones that get a flag, a foot

SIDE = 28  # pixels: digits are SIDE x SIDE
PIXELS = SIDE * SIDE
CHUNK = 2000  # images prepared and learned at a time
ALIKE = 100  # images that are turned and shifted alike; so many at once go fast
KEPT = Path(__file__).resolve().parent / "network.npz"


# Using the network.


def load():
    """Return the network: a list of (weights, biases), one pair per layer.

    weights is an array (inputs, neurons), biases an array (neurons,), both of float32. They are
    read from network.npz; where that is missing, damaged or was made by another version of this
    file, the network is trained, and network.npz is written.
    """
    try:
        with np.load(KEPT, allow_pickle=False) as arrays:
            if str(arrays["version"]) == version():
                count = len(HIDDEN_LAYERS) + 1
                return [(arrays[f"weights_{i}"], arrays[f"biases_{i}"]) for i in range(count)]
    except Exception:  # missing, or damaged in whatever way: it is made anew
        pass
    layers = train()
    save(layers)
    return layers


def version():
    """Return what tells this version of this file, settings and all, from every other one."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def save(layers):
    """Write network.npz, in one step: whoever reads it never finds half a file."""
    arrays = {"version": version()}
    for i, (weights, biases) in enumerate(layers):
        arrays[f"weights_{i}"] = weights
        arrays[f"biases_{i}"] = biases
    temporary = KEPT.with_name(f"network.{uuid.uuid4().hex}.part")
    try:
        try:
            with open(temporary, "wb") as file:
                np.savez(file, **arrays)
            os.replace(temporary, KEPT)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    except OSError as error:
        print(f"(It could not be kept for the next time: {error.strerror}.)")


def probabilities(layers, pixels):
    """Return how sure the network is of each digit: an array (10,) whose sum is 1.

    pixels is an array (28, 28) of float32 from 0 (paper) to 1 (ink). This is what
    MLPClassifier.predict_proba does: the function of the theory, layer by layer.
    """
    a = pixels.reshape(PIXELS)
    for weights, biases in layers[:-1]:
        a = np.maximum(biases + a @ weights, 0)  # the activation "relu"
    weights, biases = layers[-1]
    z = biases + a @ weights
    powers = np.exp(z - z.max())
    return powers / powers.sum()


# Training it.


def train():
    """Return a trained network, as load() does; print a line after each pass.

    Raises KeyboardInterrupt if Ctrl-C is pressed.
    """
    print("A network learns to read, this once: in less than a minute it is ready, and kept.")
    images, labels, _, _ = mnist.load("float32")
    images /= 255
    random = np.random.default_rng(0)
    classifier = MLPClassifier(HIDDEN_LAYERS, random_state=0)
    last_passes = []
    start = time.monotonic()
    for epoch in range(1, EPOCHS + 1):
        order = random.permutation(len(images))
        for first in range(0, len(images), CHUNK):
            chosen = order[first : first + CHUNK]
            variants = vary(images[chosen], labels[chosen], random)
            learn(classifier, variants, labels[chosen])
        if epoch > EPOCHS - AVERAGED:
            last_passes.append(
                [array.copy() for array in classifier.coefs_ + classifier.intercepts_]
            )
        left = (time.monotonic() - start) / epoch * (EPOCHS - epoch)
        print(
            f"  pass {epoch} of {EPOCHS}: loss {classifier.loss_:.3f}, {left:.0f} s left",
            flush=True,
        )
    average = [sum(arrays) / len(arrays) for arrays in zip(*last_passes)]
    count = len(HIDDEN_LAYERS) + 1
    return list(zip(average[:count], average[count:]))


def learn(classifier, images, labels):
    """Let the classifier learn from the images once; Ctrl-C raises KeyboardInterrupt.

    Of itself, partial_fit would answer Ctrl-C with a warning only, and the next chunk would follow.
    """
    # The matrices are small: on a busy computer, several threads would mostly wait.
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.filterwarnings("error", message="Training interrupted")
        try:
            classifier.partial_fit(images, labels, classes=np.arange(10))
        except UserWarning:
            raise KeyboardInterrupt from None


# Variants of the training digits. Images are arrays (count, 784) of float32 from 0 to 1; random is
# a numpy.random.Generator.


def vary(images, labels, random):
    """Return a variant of each image; ALIKE that follow each other are turned and shifted alike."""
    images = add_strokes(images, labels, random)
    images = change_thickness(images, random)
    varied = [
        (random_move(random) @ images[first : first + ALIKE].T).T
        for first in range(0, len(images), ALIKE)
    ]
    return np.concatenate(varied)


def random_move(random):
    """Return a matrix (784, 784) that turns, slants, scales and shifts an image, by chance."""
    angle = np.deg2rad(random.uniform(-TURN, TURN))
    turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    slant = [[1, 0], [random.uniform(-SLANT, SLANT), 1]]
    scale = np.diag(1 + random.uniform(-SCALE, SCALE, size=2))
    return move_matrix(turn @ np.array(slant) @ scale, random.uniform(-SHIFT, SHIFT, size=2))


def move_matrix(matrix, shift):
    """Return the sparse matrix (784, 784) that makes the pixels of a moved image from an image's.

    The moved image has at p what the image has at matrix @ p + shift, with p as (row, column) from
    the middle. That place lies between four pixels, and takes a part from each (bilinear
    interpolation).
    """
    middle = (SIDE - 1) / 2
    places = np.stack(np.divmod(np.arange(PIXELS), SIDE)) - middle
    row, column = matrix @ places + shift[:, np.newaxis] + middle
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    down, right = row - top, column - left
    rows, columns = np.stack([top, top, top + 1, top + 1]), np.stack([left, left + 1] * 2)
    parts = np.stack(
        [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right]
    )
    moved = np.stack([np.arange(PIXELS)] * 4)
    inside = (rows >= 0) & (rows < SIDE) & (columns >= 0) & (columns < SIDE)
    sources = rows * SIDE + columns
    entries = parts[inside].astype("float32"), (moved[inside], sources[inside])
    return sparse.csr_matrix(entries, shape=(PIXELS, PIXELS))


def change_thickness(images, random):
    """Return the images, one half with thicker strokes, the other half with thinner ones.

    How much, by at most a pixel, is left to chance for each image.
    """
    squares = images.reshape(-1, SIDE, SIDE)
    some, others = np.array_split(squares, 2)
    amount = random.random((len(squares), 1, 1), dtype="float32")
    thick = ndimage.maximum_filter(some, size=(1, 2, 2))
    thin = ndimage.minimum_filter(others, size=(1, 2, 2))
    some = some + amount[: len(some)] * (thick - some)
    others = others + 0.6 * amount[len(some) :] * (thin - others)
    return np.concatenate([some, others]).reshape(-1, PIXELS)


def add_strokes(images, labels, random):
    """Return the images, some sevens with a bar, some ones with a flag at the top or a foot."""
    images = images.copy()

    some = np.flatnonzero((labels == 7) & (random.random(len(labels)) < EXTRA_STROKES))
    row = random.uniform(12, 16.5, size=len(some))
    column = middle_of_ink(images[some], row)
    fall = random.uniform(-0.5, 1, size=len(some))
    start = np.stack([row + fall, column - random.uniform(2.5, 5.5, size=len(some))], axis=1)
    end = np.stack([row - fall, column + random.uniform(2.5, 5.5, size=len(some))], axis=1)
    images[some] = draw_lines(images[some], start, end, random)

    some = np.flatnonzero((labels == 1) & (random.random(len(labels)) < EXTRA_STROKES))
    row = rows_with_ink(images[some]).argmax(axis=1)
    column = middle_of_ink(images[some], row)
    start = np.stack([row, column], axis=1)
    end = start + random.uniform((2, -8), (9, -2), size=(len(some), 2))
    images[some] = draw_lines(images[some], start, end, random)

    some = np.flatnonzero((labels == 1) & (random.random(len(labels)) < EXTRA_STROKES))
    row = SIDE - 1 - rows_with_ink(images[some])[:, ::-1].argmax(axis=1)
    column = middle_of_ink(images[some], row)
    start = np.stack([row, column - random.uniform(2, 6, size=len(some))], axis=1)
    end = np.stack([row, column + random.uniform(2, 6, size=len(some))], axis=1)
    images[some] = draw_lines(images[some], start, end, random)
    return images


def rows_with_ink(images):
    """Return an array (count, 28): whether there is ink in each row of each image."""
    return images.reshape(-1, SIDE, SIDE).max(axis=2) > 0.4


def middle_of_ink(images, row):
    """Return the column, (count,), in which the ink of one row of each image has its middle."""
    line = images.reshape(-1, SIDE, SIDE)[np.arange(len(images)), np.round(row).astype(int)]
    return (line @ np.arange(SIDE)) / np.maximum(line.sum(axis=1), 0.001)


def draw_lines(images, start, end, random):
    """Return the images with a straight line of ink in each, about two pixels thick.

    start and end are arrays (count, 2): rows and columns.
    """
    places = np.stack(np.divmod(np.arange(PIXELS), SIDE), axis=1)
    along = (end - start)[:, np.newaxis]
    from_start = places - start[:, np.newaxis]
    # How far along the line each pixel lies, from 0 (its start) to 1 (its end).
    part = np.clip((from_start * along).sum(axis=2) / (along**2).sum(axis=2), 0, 1)
    distance = np.sqrt(((from_start - part[:, :, np.newaxis] * along) ** 2).sum(axis=2))
    half = random.uniform(0.6, 1.4, size=(len(images), 1))
    ink = np.clip(half + 0.5 - distance, 0, 1).astype("float32")
    return np.maximum(images, ink)


if __name__ == "__main__":  # python digit_network.py shows what the network learns from
    import matplotlib.pyplot as plt

    images, labels, _, _ = mnist.load("float32")
    variants = vary(images[:20000] / 255, labels[:20000], np.random.default_rng(0))
    variants, labels = variants[::ALIKE], labels[:20000:ALIKE]  # each moved in a way of its own
    figure, axes = plt.subplots(2, 8, figsize=(8, 2.2), layout="constrained")
    for row, digit in zip(axes, (7, 1)):
        for ax, image in zip(row, variants[labels == digit][::2]):
            ax.imshow(image.reshape(SIDE, SIDE), cmap="gray_r", vmin=0, vmax=1)
            ax.axis("off")
    picture = Path(__file__).resolve().parent / "variants.png"
    figure.savefig(picture)
    print("Variants of some sevens and ones are in", picture)
