"""Measure how much is read, of pictures that were prepared with care, and of the same just resized.

Run it:

    python measure.py

It reads what the network has never seen: photo-like pictures made from MNIST's test digits; digits
of other people (scikit-learn's load_digits: 8 x 8 pixels each, enlarged); and sevens and ones with
strokes that MNIST's writers hardly used.
"""

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

import digit_image
import digit_network
import mnist
import variants
from make_samples import photo

PHOTOS = 300  # how many photo-like pictures to make and read; try 50 for a quick look
ENLARGED = 80  # pixels on a side, to which the other people's 8 x 8 pixels are enlarged

network = digit_network.load_or_train()


def read(path, prepared):
    """Return the digit that the network reads in a file, or None."""
    try:
        pixels = digit_image.prepare(path, {}) if prepared else digit_image.just_resize(path)
    except digit_image.DigitError:
        return None
    return digit_network.probabilities(network, pixels).argmax()


def report(name, pictures, labels, suffix):
    """Save each picture, read it in both ways, and print how many were read right."""
    prepared = resized = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"digit{suffix}"
        for picture, label in zip(pictures, labels):
            picture.save(path)
            prepared += read(path, prepared=True) == label
            resized += read(path, prepared=False) == label
    print(f"{len(labels)} {name}:")
    print(f"  {prepared / len(labels):.1%} read right, prepared as MNIST's digits were")
    print(f"  {resized / len(labels):.1%} read right, just resized to 28 x 28")


# 1. Photo-like pictures.
_, _, test_images, test_labels = mnist.load()
random = np.random.default_rng(1)
photos = [photo(image.reshape(28, 28), random) for image in test_images[:PHOTOS]]
report("photo-like pictures of MNIST test digits", photos, test_labels[:PHOTOS], ".jpg")

# 2. Other people's digits, black on white.
others = load_digits()
enlarged = []
for image in others.images:  # (8, 8), from 0 (paper) to 16 (ink)
    small = Image.fromarray(np.uint8(255 - image / 16 * 255))
    enlarged.append(small.resize((ENLARGED, ENLARGED), Image.Resampling.BICUBIC))
report("digits of other people", enlarged, others.target, ".png")

# 3. MNIST's test sevens, each with a bar drawn on, and its ones, with a flag and a foot.
variants.EXTRA_STROKES = 1
chosen = np.isin(test_labels, (1, 7))
labels = test_labels[chosen]
images = test_images[chosen].astype("float32") / 255
right = 0
for image, label in zip(images.reshape(-1, 28, 28), labels):
    image = variants.add_strokes(image, label, random)
    right += digit_network.probabilities(network, image).argmax() == label
print(f"{len(labels)} MNIST test digits, sevens with a bar and ones with a flag and a foot:")
print(f"  {right / len(labels):.1%} read right")
