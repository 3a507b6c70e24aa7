"""Bend, turn, slant, scale and shift images of digits a little, each in its own way.

    distort(images, generator, amount)  ->  as many images, each still the digit that it was

To distort an image is to ask, for each pixel of the new image: where in the old one do I look? Here
two kinds of answers are added up.

- affine: the same turn, slant, scale and shift for the whole image; straight strokes stay straight.
- elastic: each pixel is moved a little by chance, and neighbours are moved alike; strokes bend.

Source: Simard, Steinkraus and Platt, "Best Practices for Convolutional Neural Networks Applied to
Visual Document Analysis", 2003.
"""

import numpy as np

SIDE = 28  # an image has 28 rows of 28 pixels
CENTRE = (SIDE - 1) / 2  # where an image turns about, in pixels from its corner
BLOCK = 250  # images distorted at once: few enough for the processor's fast memory


def distort(images, generator, amount=1):
    """Return distorted copies of images, each in a way drawn by chance.

    Parameters
    ----------
    images : array (n, 784) of float32, a row per image, in any range
    generator : numpy.random.Generator, where the chance comes from; the same seed, the same images
    amount : how much; 0 leaves the images as they are, 1 bends them as much as the paper does

    Returns
    -------
    array (n, 784) of float32, in the range of images (what is looked for outside of an image is 0)
    """
    distorted = np.empty((len(images), SIDE * SIDE), np.float32)
    for start in range(0, len(images), BLOCK):
        block = images[start : start + BLOCK]
        rows, columns = affine_positions(
            len(block),
            generator,
            degrees=12 * amount,
            slant=0.15 * amount,
            scaling=0.15 * amount,
            shift=1.5 * amount,
        )
        rows += elastic_displacements(len(block), generator, strength=34 * amount)
        columns += elastic_displacements(len(block), generator, strength=34 * amount)
        distorted[start : start + BLOCK] = look_up(block, rows, columns)
    return distorted


def affine_positions(n, generator, degrees, slant, scaling, shift):
    """Return where to look in the old image, for each pixel of n new ones.

    Parameters
    ----------
    n : how many images
    generator : numpy.random.Generator
    degrees : the largest angle that an image is turned by, to the left or to the right
    slant : each row is moved sideways by at most this part of its distance from the centre
    scaling : the largest part by which height and width, each by itself, grow or shrink
    shift : the most pixels that an image is moved by, up or down and left or right

    Returns
    -------
    rows, columns : arrays (n, 28, 28) of float32, in pixels from the upper left corner
    """

    def chance(limit):
        return generator.uniform(-limit, limit, (n, 1, 1)).astype(np.float32)

    down, right = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) - np.float32(CENTRE)
    angle = np.radians(chance(degrees))
    right = right + chance(slant) * down
    rows = (1 + chance(scaling)) * (np.cos(angle) * down - np.sin(angle) * right)
    columns = (1 + chance(scaling)) * (np.sin(angle) * down + np.cos(angle) * right)
    return rows + chance(shift) + np.float32(CENTRE), columns + chance(shift) + np.float32(CENTRE)


def elastic_displacements(n, generator, strength, smoothness=4):
    """Return by how much each pixel of n images is moved, in one direction.

    Each pixel draws a number from -1 to 1; then the numbers are blurred, which makes neighbours
    alike; then they are multiplied by strength.

    Parameters
    ----------
    n : how many images
    generator : numpy.random.Generator
    strength : the paper's alpha; with smoothness 4, a strength of 34 moves pixels by 1.4 typically
    smoothness : the paper's sigma, the width of the blur, in pixels

    Returns
    -------
    array (n, 28, 28) of float32, in pixels
    """
    numbers = 2 * generator.random((n, SIDE, SIDE), dtype=np.float32) - 1
    blur = blur_matrix(smoothness)
    return strength * (blur @ numbers @ blur.T)


def blur_matrix(smoothness):
    """Return the matrix (28, 28) of float32 that blurs a column of 28 numbers.

    Each result is a weighted sum of the numbers, with Gaussian weights: those near count most. It
    is what scipy.ndimage.gaussian_filter1d does with mode="constant", as one multiplication.
    """
    distances = np.subtract.outer(np.arange(SIDE), np.arange(SIDE))
    weights = np.exp(-(distances**2) / (2 * smoothness**2))
    return (weights / (smoothness * np.sqrt(2 * np.pi))).astype(np.float32)


def look_up(images, rows, columns):
    """Return new images: each pixel is what the old image has at its place in rows and columns.

    A place between four pixels gets a blend of the four, the nearer ones more (bilinear
    interpolation). It is what scipy.ndimage.map_coordinates does with order=1, for many images.

    Parameters
    ----------
    images : array (n, 784) of float32
    rows, columns : arrays (n, 28, 28) of float32, in pixels from the upper left corner

    Returns
    -------
    array (n, 784) of float32
    """
    # A margin of zeros around each image, so that there is something to be found outside.
    n = len(images)
    wide = SIDE + 2
    framed = np.zeros((n, wide, wide), np.float32)
    framed[:, 1:-1, 1:-1] = images.reshape(n, SIDE, SIDE)
    pixels = framed.ravel()
    rows = np.clip(rows + 1, 0, SIDE + 0.999)
    columns = np.clip(columns + 1, 0, SIDE + 0.999)

    # The pixel above and to the left of each place, and how far the place is from it.
    top = rows.astype(np.intp)
    left = columns.astype(np.intp)
    down = (rows - top).astype(np.float32)
    right = (columns - left).astype(np.float32)

    first = np.arange(n).reshape(n, 1, 1) * wide * wide + top * wide + left
    upper = (1 - right) * pixels[first] + right * pixels[first + 1]
    lower = (1 - right) * pixels[first + wide] + right * pixels[first + wide + 1]
    return ((1 - down) * upper + down * lower).reshape(n, SIDE * SIDE)
