"""Make the pictures in samples/: MNIST test digits, as if written on paper and photographed.

Run it, if you want them anew:

    python make_samples.py

The same pictures, many of them, are what measure.py measures on.
"""

from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

import mnist
import papers

INDEXES = (0, 1, 4, 7, 30, 61)  # which test digits to make pictures of; try others
ON_SQUARES = 15  # the one that is written on squared paper
HEIGHT, WIDTH = 300, 400  # of a picture, in pixels


def photo(digit, random):
    """Return a digit on grey, unevenly lit paper, in blue ink: off-centre, turned a little, noisy.

    Parameters
    ----------
    digit : array (28, 28), from 0 (paper) to 255 (ink)
    random : numpy.random.Generator, which decides on everything that differs between two photos

    Returns
    -------
    image : PIL.Image.Image, mode RGB
    """
    # The digit, larger and turned, somewhere on the page.
    size = int(random.uniform(100, 220))
    stamp = Image.fromarray(digit.astype("uint8")).resize((size, size), Image.Resampling.BICUBIC)
    stamp = stamp.rotate(random.uniform(-10, 10), Image.Resampling.BICUBIC)
    page = Image.new("L", (WIDTH, HEIGHT))
    left, top = random.integers((WIDTH - size, HEIGHT - size))
    page.paste(stamp, (int(left), int(top)))
    ink = np.asarray(page)[:, :, np.newaxis] / 255

    # The colours: each pixel is paper, or ink, or between.
    paper_colour = random.uniform(0.7, 0.9) * np.array([1, 0.98, 0.94])
    ink_colour = np.array([0.1, 0.15, 0.5]) + random.uniform(-0.05, 0.1, size=3)
    colours = (1 - ink) * paper_colour + ink * ink_colour

    # The light: brighter at one side, darker in the corners; then the noise.
    y, x = np.meshgrid(np.linspace(-1, 1, HEIGHT), np.linspace(-1, 1, WIDTH), indexing="ij")
    slope = random.uniform(-0.15, 0.15, size=2)
    light = 1 + slope[0] * x + slope[1] * y - random.uniform(0, 0.15) * (x * x + y * y)
    grain = ndimage.gaussian_filter(random.normal(size=(HEIGHT, WIDTH)), 2) * 0.05
    noise = random.normal(scale=0.03, size=colours.shape)
    colours = colours * (light + grain)[:, :, np.newaxis] + noise
    return Image.fromarray(np.uint8(np.clip(colours, 0, 1) * 255))


if __name__ == "__main__":
    _, _, test_images, test_labels = mnist.load()
    folder = Path(__file__).resolve().parent / "samples"
    random = np.random.default_rng(0)
    for index in INDEXES:
        path = folder / f"photo_of_a_{test_labels[index]}.jpg"
        photo(test_images[index].reshape(28, 28), random).save(path, quality=80)
        print(path.name)
    path = folder / f"squared_paper_of_a_{test_labels[ON_SQUARES]}.jpg"
    papers.page(test_images[ON_SQUARES], "strong squares", random).save(path, quality=80)
    print(path.name)
