"""Measure how much of different people's handwriting is read, prepared as MNIST's digits were.

Run it:

    python measure.py

All that it reads is new to the network. Each collection but the last, of sixteen kinds of paper, is
read twice: prepared with care, and just squeezed into 28 x 28 pixels.
"""

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from sklearn.datasets import load_digits

import digit_image
import digit_network
import mnist
import papers
from make_samples import photo

SURE = 0.7  # an answer that is less sure is marked by read_digits.py
PHOTOS = 300  # pictures to make and read of each kind; try 50 for a quick look
SEVEN = [[(0, 0), (1, 0), (0.4, 2)], [(0.2, 1.1), (1, 1)]]  # (x, y) along each stroke; with a bar
ONE = [[(0, 0.6), (0.6, 0), (0.6, 2)], [(0.2, 2), (1, 2)]]  # with a flag and a foot

network = digit_network.load_or_train()


def just_resized(path):
    """Return a file squeezed into 28 x 28 pixels, the ink light and the paper dark, as in MNIST."""
    greys = digit_image.load(path).mean(axis=2)
    if greys.mean() > 0.5:
        greys = 1 - greys
    return np.asarray(Image.fromarray(greys).resize((28, 28), Image.Resampling.BICUBIC))


def answer(path, prepare):
    """Return the digit that the network reads in a file, and how sure it is: None, 0 if neither."""
    try:
        sureness = digit_network.probabilities(network, prepare(path))
    except digit_image.DigitError:
        return None, 0
    return sureness.argmax(), sureness.max()


def prepared(path):
    """Return a file as MNIST's digits were prepared."""
    return digit_image.prepare(path, {})


def report(name, pictures, labels):
    """Save each picture, read it in both ways, and print how many were read right."""
    right = {prepared: 0, just_resized: 0}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digit.png"
        for picture, label in zip(pictures, labels):
            picture.save(path)
            for prepare in right:
                right[prepare] += answer(path, prepare)[0] == label
    share = {prepare: number / len(labels) for prepare, number in right.items()}
    print(f"{len(labels)} {name}:")
    print(f"  {share[prepared]:.1%} read right, prepared as MNIST's digits were")
    print(f"  {share[just_resized]:.1%} read right, just resized to 28 x 28", flush=True)


def written(strokes, random):
    """Return a page with a digit in a hand of its own: of any size, slant and thickness."""
    page = Image.new("L", (400, 300), 255)
    pen = ImageDraw.Draw(page)
    size, slant, thickness = random.uniform((50, -0.4, 4), (110, 0.2, 16))
    for stroke in strokes:
        x, y = np.transpose(stroke + random.normal(0, 0.08, size=(len(stroke), 2)))
        points = np.stack([150 + size * (x + slant * y), 40 + size * y], axis=1)
        pen.line([tuple(point) for point in points], 0, round(thickness), joint="curve")
    return page


random = np.random.default_rng(1)
_, _, test_images, test_labels = mnist.load()
labels = test_labels[:PHOTOS]
digits = [Image.fromarray(image.reshape(28, 28)) for image in test_images[:PHOTOS]]

# 1. Photo-like pictures: of digits as they are, turned, and half as wide.
photos = [photo(np.asarray(digit), random) for digit in digits]
report("photo-like pictures of MNIST test digits", photos, labels)

for i, digit in enumerate(digits):
    turned = digit.rotate(35 if i % 2 else -35, Image.Resampling.BICUBIC)
    photos[i] = photo(np.asarray(turned), random)
report("of them turned by 35 degrees", photos, labels)

for i, digit in enumerate(digits):
    narrow = Image.new("L", (28, 28))
    narrow.paste(digit.resize((14, 28), Image.Resampling.BICUBIC), (7, 0))
    photos[i] = photo(np.asarray(narrow), random)
report("of them half as wide", photos, labels)

# 2. Other people's digits, black on white.
others = load_digits()
enlarged = []
for image in others.images:  # (8, 8), from 0 (paper) to 16 (ink)
    small = Image.fromarray(np.uint8(255 - image / 16 * 255))
    enlarged.append(small.resize((80, 80), Image.Resampling.BICUBIC))
report("digits of other people", enlarged, others.target)

# 3. Sevens with a bar and ones with a flag and a foot, drawn in another way than for the training.
pages = [written(strokes, random) for _ in range(PHOTOS // 2) for strokes in (SEVEN, ONE)]
report("sevens with a bar and ones with a flag and a foot", pages, PHOTOS // 2 * [7, 1])

# 4. Ten digits on each kind of paper.
print(f"10 digits on each of {len(papers.KINDS)} kinds of paper, prepared:")
wrong_but_sure = 0
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "photo.jpg"
    for kind in papers.KINDS:
        right = 0
        for digit in range(10):
            image = random.choice(test_images[test_labels == digit])
            papers.page(image, kind, random).save(path, quality=85)
            found, sureness = answer(path, prepared)
            right += found == digit
            wrong_but_sure += found != digit and sureness >= SURE
        print(f"  {right:2} read right: {kind}", flush=True)
print(f"  {wrong_but_sure} of all these read wrong, and at least {SURE:.0%} sure")
