"""From a file to the 28 x 28 pixels that the network knows: what MNIST's makers did.

The network has learned from digits that were all prepared in the same way: the ink was cut out,
made to fit into a box of 20 x 20 pixels, and put into the middle of 28 x 28 pixels by its centre of
mass (Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits"). It can read
your digit only if yours is prepared in that way, too. Each stage is a function below, and prepare()
does them one after the other. A file that cannot be read ends in a DigitError, whose text says why.
"""

import codecs
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from scipy import ndimage

MOST_PIXELS = 150e6  # a larger picture is not opened: it might fill the memory
LARGEST = 600  # pixels on the longer side; a larger picture is made smaller first
SMALLEST = 150  # pixels on the longer side; a smaller picture is enlarged first
SHADOW = 0.12  # what lies in a shadow differs from the other paper by at least this much
EVEN = 0.02  # paper in a shadow differs from a smooth surface by less than this
LINE = 0.75  # a printed line goes through this part of the picture's width or height
GAP = 1 / 30  # of the picture's longer side: so far apart are parts of one stroke, at most
FAINTEST = 0.1  # ink differs from the paper by at least this much (black from white: by 1)
BOX = 20  # pixels: MNIST's digits fit into a box of 20 x 20 ...
SIZE = 28  # ... that lies in a picture of 28 x 28
THICKNESS = (1.9, 4.4)  # pixels, of the strokes of 9 in 10 MNIST digits; others are changed

Image.MAX_IMAGE_PIXELS = None  # load_picture() counts the pixels itself, by MOST_PIXELS


class DigitError(Exception):
    """There is no digit to be read; the message says why, in one sentence."""


def prepare(path, stages):
    """Return the network's input: an array (28, 28) of float32, from 0 (paper) to 1 (ink).

    Each stage on the way from the file is put into the dict stages under its name; so if this
    raises DigitError, stages shows how far it came.
    """
    stages["the file"] = load(path)
    picture = smooth(stages["the file"])
    stages["its paper"] = find_paper(picture)
    stages["its ink"] = find_ink(picture, stages["its paper"])
    stages["no lines"] = without_lines(stages["its ink"])
    stages["no frame"] = without_frame(stages["no lines"])
    stages["cut out"] = cut_out(stages["no frame"])
    stages["20 x 20"] = fit_into_box(stages["cut out"])
    stages["28 x 28"] = centre_by_mass(stages["20 x 20"])
    return stages["28 x 28"]


# From a file to an array.


def load(path):
    """Return a picture, or a text with a drawing, as an array (height, width, 3).

    Its numbers, for red, green and blue, are float32 from 0 (dark) to 1 (light). Raises DigitError.
    """
    if not Path(path).exists():
        raise DigitError("there is no such file.")
    if Path(path).is_dir():
        raise DigitError("this is a folder; name the files in it.")
    try:
        image = load_picture(path)
    except OSError as error:
        if error.errno:
            raise DigitError(f"it cannot be opened ({error.strerror}).") from None
        image = load_drawing(path)  # Pillow does not know it
    if max(image.size) > 20 * min(image.size):
        raise DigitError(f"no digit has the shape of {image.width} x {image.height} pixels.")
    side = min(max(*image.size, SMALLEST), LARGEST)
    return np.asarray(ImageOps.contain(image, (side, side)), dtype="float32") / 255


def load_picture(path):
    """Return a picture of any kind that Pillow knows as an image of mode RGB.

    Raises OSError if it is no picture, DigitError if it is too large or damaged.
    """
    with Image.open(path) as image:
        image.draft(None, (LARGEST, LARGEST))  # a large JPEG comes smaller, and fast
        if image.width * image.height > MOST_PIXELS:
            raise DigitError(
                f"its {image.width} x {image.height} pixels are too many; make it smaller, please."
            )
        try:
            image.load()
            ImageOps.exif_transpose(image, in_place=True)  # phones note which way is up
        except Exception:  # a damaged file may fail in many ways
            raise DigitError("this is a picture, but a damaged one.") from None
        return in_three_colours(image)


def in_three_colours(image):
    """Return an image of any mode in mode RGB, what is transparent in it as paper."""
    if image.mode[0] in "IF":  # a number of more than 8 bits for each pixel
        greys = np.asarray(image, dtype="float32")
        white = 1 if greys.max() <= 1 else 255 if greys.max() <= 255 else 65535
        image = Image.fromarray(np.uint8(np.clip(greys / white, 0, 1) * 255))
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        greys, opacity = np.asarray(image.convert("LA"), dtype="float32").transpose(2, 0, 1)
        light_ink = (greys * opacity).sum() > 127 * opacity.sum()
        paper = Image.new("RGBA", image.size, "black" if light_ink else "white")
        image = Image.alpha_composite(paper, image)
    return image.convert("RGB")


def load_drawing(path):
    """Return a digit drawn in a text file, # for ink, as an image of mode RGB.

    A character on the screen is about twice as high as it is wide; so it becomes 2 x 1 pixels, in
    order that the network sees the digit in the proportions that you see. Raises DigitError.
    """
    with open(path, "rb") as file:
        content = file.read(1_000_000)
    utf16 = b"\0" in content[:4] or content.startswith(codecs.BOM_UTF16)  # some Windows tools
    text = content.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
    if "\0" in text or "\ufffd" in text:
        raise DigitError("this is no picture that can be opened; save it as PNG or JPEG, please.")
    lines = text.expandtabs().splitlines()
    others = set("".join(lines)) - set("# .")
    if others:
        raise DigitError(
            "this is neither a picture nor a drawing: a drawing consists of #, spaces and dots, "
            f"and here is {min(others)!a}."
        )
    if "#" not in text:
        raise DigitError("there is no ink, no #, in it." if "." in text else "this file is empty.")
    width = max(len(line) for line in lines)
    ink = np.array([[character == "#" for character in line.ljust(width)] for line in lines])
    ink = np.pad(ink.repeat(2, axis=0), 4)
    return Image.fromarray(np.uint8(255 * ~ink)).convert("RGB")


# From the picture to its ink.


def smooth(picture):
    """Return the picture blurred by one pixel at most: noise fades, strokes stay."""
    blur = max(picture.shape) / LARGEST
    return ndimage.gaussian_filter(picture, (blur, blur, 0))


def find_paper(picture):
    """Return the colour that the paper alone would have, as an array of the picture's shape.

    Light falls on paper unevenly, but smoothly; so its colours are a smooth surface. Where a shadow
    with a sharp edge falls, there is a second one.
    """
    paper = fit_surface(picture, np.full(picture.shape[:2], True))
    lit = broad_and_beyond(picture - paper)
    if lit.any():  # most of the picture is in the shadow
        paper = fit_surface(picture, lit)
    shadow = broad_and_beyond(paper - picture)
    if shadow.any():
        shaded = fit_surface(picture, shadow)
        if np.median(np.abs(picture - shaded)[shadow]) < EVEN:
            share = ndimage.gaussian_filter(shadow.astype("float32"), 1)[:, :, np.newaxis]
            paper = share * shaded + (1 - share) * paper
    return np.clip(paper, 0, 1)


def broad_and_beyond(difference):
    """Return where a difference is broader than a stroke, and goes on beyond the picture."""
    high = (difference.max(axis=2) > SHADOW).astype("float32")
    parts, _ = ndimage.label(ndimage.grey_opening(high, max(high.shape) // 6))
    edges = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    return np.isin(parts, edges[edges > 0])


def fit_surface(picture, where):
    """Return the smooth surface, (height, width, 3), that fits the paper in a part of it best.

    For each colour it is a + b x + c y + d x^2 + e x y + f y^2. At first the paper is what has
    about the commonest colour, then what is near to the surface so far.
    """
    height, width, _ = picture.shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=2)
    coarse = max(1, max(height, width) // 75)
    where = where[::coarse, ::coarse]
    some_terms = terms[::coarse, ::coarse][where]
    colours = picture[::coarse, ::coarse][where]

    paper = np.median(colours, axis=0)
    for number_of_terms in (1, 3, 6, 6, 6):
        distance = np.abs(colours - paper).max(axis=1)
        near = distance < max(0.04, 1.5 * np.median(distance))
        used = some_terms[:, :number_of_terms]
        surface, *_ = np.linalg.lstsq(used[near], colours[near], rcond=None)
        paper = used @ surface
    return (terms @ surface).astype("float32")


def find_ink(picture, paper):
    """Return how much ink is at each pixel: an array (height, width), from 0 (paper) to 1 (ink).

    Ink is what differs in colour from the paper: dark on light or light on dark. Raises DigitError
    if there is none.
    """
    light = paper.max(axis=2)
    light = np.maximum(light / light.max(), 0.2)
    difference = np.abs(picture - paper).max(axis=2) / light
    strength = np.percentile(difference, 99.98)  # of the ink, however little of it there is
    noise = np.percentile(difference, 25)  # of the paper
    if strength < FAINTEST or strength < 8 * noise:
        raise DigitError("the page is empty, or the ink too faint.")
    return np.clip(difference / strength * 2 - 0.5, 0, 1)


def without_lines(ink):
    """Return the ink without lines and squares that are printed on the paper.

    Such a line is thin, straight and goes on through the picture. Where it crosses a stroke, the
    ink is thicker than the line; there it stays. Raises DigitError if there is nothing else.
    """
    for _ in ("lines from left to right", "lines from top to bottom"):
        # A run is a piece of a column that is all ink. Those in a line have much the same amount.
        runs, _ = ndimage.label(ink > 0.05, structure=[[0, 1, 0]] * 3)
        amounts = np.bincount(runs.ravel(), ink.ravel())
        lines, _ = ndimage.label(straight(ink) > 0.05, structure=np.ones((3, 3)))
        for line, box in enumerate(ndimage.find_objects(lines), start=1):
            crossed = np.unique(runs[box][lines[box] == line])
            usual = np.median(amounts[crossed])
            if goes_through(box, ink.shape) and usual < max(ink.shape) / 60:
                thin = crossed[amounts[crossed] < 1.5 * usual + 0.5]
                ink = np.where(np.isin(runs, thin), 0, ink)
        ink = ink.T
    # Where two lines cross, a dot is left.
    parts, _ = ndimage.label(ink > 0.05)
    dots = np.flatnonzero(np.bincount(parts.ravel(), ink.ravel()) < (max(ink.shape) / 100) ** 2)
    ink = np.where(np.isin(parts, dots), 0, ink)
    if ink.max() < 0.2:
        raise DigitError("there is nothing on this page but lines.")
    return ink


def goes_through(box, shape):
    """Return whether a line, in a box of rows and columns, goes through a picture of that shape."""
    rows, columns = box
    near = max(shape) / 60
    edges = [rows.start < near, columns.start < near]
    edges += [rows.stop > shape[0] - near, columns.stop > shape[1] - near]
    return sum(edges) > 1 or columns.stop - columns.start > LINE * shape[1]


def straight(ink):
    """Return the ink that lies in straight lines, about level and a quarter of the picture long.

    This is a "morphological opening" with a long thin element: of all such lines, those that are
    full of ink. Each is tried at several slopes, by shifting the columns up or down; every fourth
    column is enough.
    """
    height, width = ink.shape
    ink = ndimage.maximum_filter1d(ink, 3, axis=0)[:, ::4]  # a line may be a little crooked
    found = np.zeros_like(ink)
    rows, columns = np.indices(ink.shape)
    for slope in np.linspace(-0.1, 0.1, 21):
        shifted = (rows + np.rint(slope * 4 * columns).astype(int)) % height, columns
        opened = ndimage.minimum_filter1d(ink[shifted], width // 16, axis=1)
        opened = ndimage.maximum_filter1d(opened, width // 16, axis=1)
        found[shifted] = np.maximum(found[shifted], opened)
    return found.repeat(4, axis=1)[:, :width]


# From the ink to the digit.


def without_frame(ink):
    """Return the ink without a box that is printed around the digit, and a line ruled below it."""
    parts, (top, bottom, left, right) = find_parts(ink)
    high, wide = bottom - top, right - left
    tiny = np.maximum(high, wide) < max(ink.shape) / 20

    frames = np.zeros(len(top), bool)
    for i in np.flatnonzero(np.minimum(high, wide) > max(ink.shape) / 10):
        within = (top > top[i]) & (bottom < bottom[i]) & (left > left[i]) & (right < right[i])
        part = parts[top[i] : bottom[i], left[i] : right[i]] == i + 1
        frames[i] = (within & ~tiny).any() and has_four_corners(part)

    flat = wide > 6 * high
    below = np.zeros(len(top), bool)
    for i in np.flatnonzero(~flat & ~tiny & ~frames):
        below |= flat & (top > bottom[i] - high[i] / 10) & (wide > wide[i] / 2)
    return np.where(np.isin(parts, np.flatnonzero(frames | below) + 1), 0, ink)


def find_parts(ink):
    """Return the parts of the ink, each of which hangs together.

    Small gaps in a stroke, one below the other, do not count: they are of a pen that runs dry.

    Returns
    -------
    parts : array of ink's shape, of int: 0 for paper, then 1, 2, ... for each part
    boxes : array (4, number of parts), of int: each part's top, bottom, left and right
    """
    joined = ndimage.grey_closing(ink, (round(GAP * max(ink.shape)), 1))
    parts, _ = ndimage.label(joined > 0.2, structure=np.ones((3, 3)))
    boxes = [(r.start, r.stop, c.start, c.stop) for r, c in ndimage.find_objects(parts)]
    return parts, np.transpose(boxes)


def has_four_corners(part):
    """Return whether there is ink in each corner of a box, an array of bool."""
    high, wide = np.array(part.shape) // 8
    rows, columns = (slice(high), slice(-high, None)), (slice(wide), slice(-wide, None))
    return all(part[row, column].any() for row in rows for column in columns)


def cut_out(ink):
    """Return the one digit in the ink: the part of the array that it fills, without what lies near.

    The largest part is the digit, with whatever belongs to it: the bar of a 5 need not touch the
    rest. Raises DigitError if there are several digits, or if the ink has not the shape of one.
    """
    parts, (top, bottom, left, right) = find_parts(ink)
    amounts = ndimage.sum_labels(ink, parts, np.arange(len(top)) + 1)  # of ink, in each part
    high, wide = bottom - top, right - left

    # At the edges of a photo lie shadows and the table. A digit seldom lies there, or is tiny.
    inside = (top > 0) & (left > 0) & (bottom < ink.shape[0]) & (right < ink.shape[1])
    tiny = np.maximum(high, wide) < max(ink.shape) / 20
    trusted = inside & ~tiny
    if not trusted.any():
        trusted = inside = np.full(len(top), True)
    main = np.argmax(amounts * trusted)
    specks = ~inside | (amounts < 0.02 * amounts[main])

    chosen = np.arange(len(top)) == main
    before = 0
    while chosen.sum() > before:  # what belongs to the digit makes it larger: look again
        before = chosen.sum()
        first_row, last_row = top[chosen].min(), bottom[chosen].max()
        first_column, last_column = left[chosen].min(), right[chosen].max()
        height, width = last_row - first_row, last_column - first_column
        above_or_below = np.maximum(top - last_row, first_row - bottom)  # a gap, if above 0
        beside = np.maximum(left - last_column, first_column - right)
        near = np.maximum(GAP * max(ink.shape), 0.2 * max(height, width))
        neighbour = (beside >= 0) & (above_or_below < 0) & (high > 0.6 * height)
        chosen |= (np.maximum(above_or_below, beside) < near) & ~neighbour & ~specks

    others = trusted & ~chosen & (amounts > 0.1 * amounts[main])
    if (others & (high > height / 2)).any():
        raise DigitError("there seem to be several digits; show me one at a time, please.")
    if width > 2 * height:
        raise DigitError("this is no single digit: it is more than twice as wide as it is high.")
    edges = [ink[0], ink[-1], ink[:, 0], ink[:, -1]]
    if (height, width) == ink.shape and sum(np.diff(e > 0.5).sum() for e in edges) > 16:
        raise DigitError("this is a pattern as large as the picture, and no digit.")
    digit = np.where(np.isin(parts, np.flatnonzero(chosen) + 1), ink, 0)
    digit = digit[first_row:last_row, first_column:last_column]
    digit = digit / digit.max()  # a dark table makes thin ink look faint
    if height > 30 and width > height / 3 and digit.mean() > 0.9:
        raise DigitError("the ink is a blot; only paper and one digit must be in the picture.")
    return digit


def fit_into_box(digit):
    """Return a digit, (height, width), as large as fits into 20 x 20 pixels, and smooth.

    Its proportions are kept: a 1 stays narrow. Strokes far thinner or thicker than MNIST's are made
    more like them first, since of a thin one little would be left at this size.
    """
    digit = limit_thickness(digit, *(limit * max(digit.shape) / BOX for limit in THICKNESS))
    height, width = digit.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = Image.fromarray(digit.astype("float32"))
    return np.clip(np.asarray(image.resize(size, Image.Resampling.BICUBIC)), 0, 1)


def limit_thickness(digit, thinnest, thickest):
    """Return a digit, (height, width), with strokes of roughly thinnest to thickest pixels."""
    digit = np.pad(digit, 1 + int(thinnest))
    ink = digit > 0.5
    # How far each pixel is inside the ink (above 0) or outside (below 0).
    inside, outside = ndimage.distance_transform_edt(ink), ndimage.distance_transform_edt(~ink)
    depth = np.where(ink, inside - 0.5, 0.5 - outside)
    # In a stroke that is t pixels thick, a pixel of ink is t/4 deep on average.
    thickness = 4 * depth[ink].mean()
    change = np.clip(thickness, thinnest, thickest) - thickness
    if change != 0:
        digit = np.clip(depth + change / 2 + 0.5, 0, 1)
    return without_margins(digit)


def without_margins(ink):
    """Return the smallest part of an array (height, width) that has all its ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def centre_by_mass(digit):
    """Return a digit of at most 20 x 20 pixels in 28 x 28, its centre of mass in the middle.

    The result is an array (28, 28) of float32.
    """
    page = np.zeros((3 * SIZE, 3 * SIZE), dtype="float32")  # so large that nothing sticks out
    row, column = ndimage.center_of_mass(digit)
    top = SIZE + SIZE // 2 - round(row)
    left = SIZE + SIZE // 2 - round(column)
    page[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return page[SIZE : 2 * SIZE, SIZE : 2 * SIZE]


def in_characters(pixels):
    """Return an array (rows, columns), from 0 to 1, as text: the more ink, the darker."""
    shades = np.array(list(" .:-=+*#%@"))
    characters = shades[np.minimum(pixels * 10, 9).astype(int)]
    # Each twice, since a character is about twice as high as it is wide.
    return "\n".join("".join(row).rstrip() for row in characters.repeat(2, axis=1))
