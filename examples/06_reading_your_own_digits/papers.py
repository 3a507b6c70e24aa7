"""Sixteen kinds of paper that people write on, as they look in a photo: measure.py reads them all.

page(digit, kind, random) returns a picture of a digit on one of KINDS.
"""

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

import digit_image

HEIGHT, WIDTH = 900, 700  # of a picture, in pixels
BLUE, BLACK, PENCIL, CHALK = (38, 46, 130), (35, 33, 38), (105, 105, 110), (225, 230, 225)
PRINTED = (60, 95, 170)  # of lines and squares
PAPER = np.array([226, 222, 212])
KINDS = [
    "plain",
    "pale lines",
    "medium lines",
    "strong lines",
    "pale squares",
    "medium squares",
    "strong squares",
    "pencil on grey squares",
    "pencil on strong lines",
    "in a printed box",
    "underlined",
    "soft shadow",
    "hard shadow",
    "crumpled",
    "blackboard",
    "a marker running dry",
]
STRENGTHS = {"pale": 0.15, "medium": 0.4, "grey": 0.3, "strong": 1}  # of what is printed


def page(digit, kind, random):
    """Return a photo-like picture of a digit on paper of a kind.

    Parameters
    ----------
    digit : array (784,) or (28, 28), from 0 (paper) to 255 (ink)
    kind : str, one of KINDS
    random : numpy.random.Generator, which decides on all that differs between two photos

    Returns
    -------
    image : PIL.Image.Image, mode RGB
    """
    stamp = enlarge(digit, random)
    top = int(random.uniform(0.3, 0.7) * (HEIGHT - stamp.shape[0]))
    left = int(random.uniform(0.3, 0.7) * (WIDTH - stamp.shape[1]))
    ink = np.zeros((HEIGHT, WIDTH))
    ink[top : top + stamp.shape[0], left : left + stamp.shape[1]] = stamp
    box = left, top, left + stamp.shape[1], top + stamp.shape[0]

    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / HEIGHT
    light = 1 + random.uniform(-0.15, 0.15) * (x - 0.4) + random.uniform(-0.15, 0.15) * (y - 0.5)
    colours = PAPER * np.ones((HEIGHT, WIDTH, 1))
    pen = BLUE if random.random() < 0.5 else BLACK
    pen = PENCIL if "pencil" in kind else CHALK if kind == "blackboard" else pen
    strength = next((STRENGTHS[word] for word in kind.split() if word in STRENGTHS), 1)
    printed = np.asarray(print_on(kind, box, random))[:, :, np.newaxis] / 255 * strength
    own_colour = kind in ("in a printed box", "underlined") or random.random() < 0.3
    printed_in = np.array(pen if own_colour else PRINTED)
    colours = (1 - printed) * colours + printed * printed_in
    if kind == "soft shadow":
        light = light - 0.35 / (1 + np.exp(-(y + 0.5 * x - 0.7) / 0.15))
    if kind == "hard shadow":
        edge = random.uniform(0.4, 0.6) + random.uniform(-0.3, 0.3) * (x - 0.4)
        light = np.where(y > edge, random.uniform(0.45, 0.65) * light, light)
    if kind == "crumpled":
        light = light + ndimage.gaussian_filter(random.normal(size=(HEIGHT, WIDTH)), 25) * 2
    if kind == "blackboard":
        colours = np.array([40, 60, 50]) * np.ones((HEIGHT, WIDTH, 1))
    if kind == "a marker running dry":
        rows = np.arange(HEIGHT) + random.uniform(0, 100)
        ink = ink * (rows[:, np.newaxis] // random.uniform(15, 25) % 2)
    ink = ndimage.gaussian_filter(ink, 1)[:, :, np.newaxis]
    colours = (1 - ink) * colours + ink * np.array(pen)
    noise = random.normal(scale=4, size=colours.shape)
    return Image.fromarray(np.uint8(np.clip(colours * light[:, :, np.newaxis] + noise, 0, 255)))


def enlarge(digit, random):
    """Return a digit in the size and sharpness of a pen, cut out: an array from 0 to 1."""
    size = int(random.uniform(220, 440))
    image = Image.fromarray(digit.reshape(28, 28))
    greys = np.asarray(image.resize((size, size), Image.Resampling.BICUBIC)) / 255
    return digit_image.without_margins(np.clip((greys - 0.5) * 6 + 0.5, 0, 1))


def print_on(kind, box, random):
    """Return what is printed on the paper, or ruled below the digit: an image of mode L."""
    image = Image.new("L", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(image)
    distance, turned = random.uniform(40, 95), random.uniform(-0.04, 0.04)
    width = random.integers(2, 5)
    if "lines" in kind or "squares" in kind:
        for at in np.arange(random.uniform(-60, 0), HEIGHT + 60, distance):
            pen.line([(0, at), (WIDTH, at + turned * WIDTH)], 255, width)
            if "squares" in kind:
                pen.line([(at, 0), (at - turned * HEIGHT, HEIGHT)], 255, width)
    left, top, right, bottom = box
    if kind == "in a printed box":
        gap = random.uniform(30, 90)
        corners = left - gap, top - gap, right + gap, bottom + gap
        pen.rectangle(corners, outline=255, width=width + 1)
    if kind == "underlined":
        at = bottom + random.uniform(25, 60)
        pen.line([(left - 20, at), (right + 30, at + random.uniform(-6, 6))], 255, 9)
    return image
