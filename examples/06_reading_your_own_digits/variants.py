"""Variants of the training digits, so that the network learns to read other people's digits, too.

MNIST's digits were written in the USA, with thick pens, and upright. A variant of one is turned,
slanted, narrower, larger or smaller, shifted, its strokes are thicker or thinner; a 7 may have got
a bar, a 1 a flag or a foot. What a variant is like is left to chance. See some in a picture:

    python variants.py
"""

from pathlib import Path

import numpy as np
from scipy import ndimage

TURN = 10  # degrees to either side, mostly; seldom up to three times as much
SLANT = 0.25  # columns per row to either side, at most
SCALE = 0.15  # larger or smaller by this part, at most
NARROW = 0.12  # the part of the digits that get narrower, down to half of their width
SHIFT = 1.5  # pixels in each direction, at most
EXTRA_STROKES = 0.4  # the part of the sevens that get a bar, of the ones that get a flag, a foot


def vary(images, labels, random):
    """Return a variant of each image.

    images is an array (count, 784) of float32 from 0 to 1, labels an array (count,), random a
    numpy.random.Generator. Below, image is an array (28, 28).
    """
    variants = np.empty_like(images)
    for i, (image, label) in enumerate(zip(images.reshape(-1, 28, 28), labels)):
        image = add_strokes(image, label, random)
        image = thicker_or_thinner(image, random)
        variants[i] = move(image, random).reshape(784)
    return variants


def move(image, random):
    """Return the image turned, slanted, scaled and shifted."""
    angle = np.deg2rad(random.normal(0, TURN))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    slant = np.array([[1, 0], [random.uniform(-SLANT, SLANT), 1]])
    size = random.uniform(1 - SCALE, 1 + SCALE, size=2)
    if random.random() < NARROW:
        size[1] *= random.uniform(0.5, 1)
    # The result has at a place p, counted from the middle, what the image has at matrix @ p.
    matrix = turn @ slant / size
    middle = np.array([13.5, 13.5])
    offset = middle - matrix @ middle + random.uniform(-SHIFT, SHIFT, size=2)
    return ndimage.affine_transform(image, matrix, offset, order=1)


def thicker_or_thinner(image, random):
    """Return the image with strokes that are thicker or thinner by up to a pixel."""
    amount = random.uniform(-0.6, 1)
    if amount > 0:
        return image + amount * (ndimage.maximum_filter(image, 2) - image)
    return image - amount * (ndimage.minimum_filter(image, 2) - image)


def add_strokes(image, label, random):
    """Return the image, some sevens with a bar, some ones with a flag at the top or a foot."""
    if label == 7 and random.random() < EXTRA_STROKES:
        row = random.uniform(12, 16.5)
        column = middle_of_ink(image, round(row))
        fall = random.uniform(-0.5, 1)
        left, right = random.uniform(2.5, 5.5, size=2)
        image = add_line(image, (row + fall, column - left), (row - fall, column + right), random)
    if label == 1:
        rows = np.flatnonzero(image.max(axis=1) > 0.4)  # those with ink
        if random.random() < EXTRA_STROKES:
            start = np.array([rows[0], middle_of_ink(image, rows[0])])
            image = add_line(image, start, start + random.uniform((2, -8), (9, -2)), random)
        if random.random() < EXTRA_STROKES:
            column = middle_of_ink(image, rows[-1])
            left, right = random.uniform(2, 6, size=2)
            image = add_line(image, (rows[-1], column - left), (rows[-1], column + right), random)
    return image


def middle_of_ink(image, row):
    """Return the column in which the ink of one row has its middle."""
    return image[row] @ np.arange(28) / max(image[row].sum(), 0.001)


def add_line(image, start, end, random):
    """Return the image with a straight line of ink, 1 to 3 pixels thick, between two places."""
    places = np.indices((28, 28)).transpose(1, 2, 0)  # the row and the column of each pixel
    along = np.subtract(end, start)
    # How far along the line each pixel lies, from 0 (its start) to 1 (its end).
    part = np.clip((places - start) @ along / (along @ along), 0, 1)
    distance = np.linalg.norm(places - start - part[:, :, np.newaxis] * along, axis=2)
    ink = np.clip(random.uniform(0.6, 1.4) + 0.5 - distance, 0, 1)
    return np.maximum(image, ink.astype("float32"))


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    import mnist
    from workshop import pictures

    images, labels, _, _ = mnist.load("float32")
    random = np.random.default_rng(0)
    figure, axes = plt.subplots(3, 8, figsize=(8, 3.3), layout="constrained")
    for row, digit in zip(axes, (7, 1, 2)):
        some = np.flatnonzero(labels == digit)[:8]
        for ax, image in zip(row, vary(images[some] / 255, labels[some], random)):
            ax.imshow(image.reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
            ax.axis("off")
    picture = Path(__file__).resolve().parent / "variants.png"
    pictures.save(figure, picture, "Variants of some sevens, ones and twos are")
