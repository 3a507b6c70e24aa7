"""Which images are these? Found by what they show, whatever a script has done to their numbers.

Images have numbers: 0 to 59,999 are those to learn from, 60,000 to 69,999 those of the test.
NumPy is imported in the functions: they run only after the script has loaded MNIST with it.
"""

TRAINING, TOGETHER = 60000, 70000


def keys(mask):
    """Return a number (uint64) for each row of a mask (n, 784) that is its own for each drawing."""
    import numpy as np

    packed = np.zeros((len(mask), 104), np.uint8)
    packed[:, :98] = np.packbits(mask, axis=1)
    odd = np.random.RandomState(0).randint(1, 2**62, 13, dtype=np.int64).astype(np.uint64) * 2 + 1
    return (packed.view(np.uint64) * odd).sum(axis=1, dtype=np.uint64)


def middle(rows):
    """Return for each row what lies half-way between its lightest and its darkest pixel."""
    return (rows.min(axis=1) / 2 + rows.max(axis=1) / 2)[:, None]


def stretched(rows):
    """Return images with pixels from 0, the lightest, to 1, the darkest."""
    rows = rows.astype(float)
    rows -= rows.min(axis=1, keepdims=True)
    return rows / rows.max(axis=1, keepdims=True).clip(min=1e-9)


def as_rows(some):
    """Return images of any shape as an array (n, 784), or None if these are no images."""
    import numpy as np

    some = np.asarray(some)
    if some.dtype.kind not in "uifb" or not some.size or some.size % 784 or some.ndim > 4:
        return None
    if some.size != 784 and some.size != 784 * len(some):
        return None
    return some.reshape(-1, 784)


def place(rows, array):
    """Return which rows of `array` a view of it shows, or None if it is no view of whole rows."""
    import numpy as np

    if not np.may_share_memory(rows, array) or rows.strides[1] != array.strides[1]:
        return None
    start = rows.__array_interface__["data"][0] - array.__array_interface__["data"][0]
    if start % array.strides[0] or rows.strides[0] % array.strides[0]:
        return None
    return start // array.strides[0] + rows.strides[0] // array.strides[0] * np.arange(len(rows))


class Images:
    """The images that mnist.load() has given, and their labels (70000,)."""

    def __init__(self, load, four):
        import numpy as np

        self.load = load  # mnist.load itself
        self.four = four
        self.labels = np.concatenate([four[1], four[3]])
        self.known = [  # each array, its first number, some of its rows and what they look like
            (array, first, some, keys(array[some] > middle(array[some])))
            for array, first in ((four[0], 0), (four[2], TRAINING))
            for some in [np.linspace(0, len(array) - 1, 16).astype(int)]
        ]
        self.looked_up = None

    def pixels(self):
        """Return all images as the archives have them, (70000, 784) of uint8, and their keys."""
        import numpy as np

        if self.looked_up is None:
            four = self.load()
            pixels = np.concatenate([four[0], four[2]])
            two = np.concatenate([keys(pixels > middle(pixels)), keys(pixels > 0)])
            order = np.argsort(two, kind="stable")
            self.looked_up = pixels, two[order], order % TOGETHER
        return self.looked_up

    def numbers(self, some):
        """Return for each image its number, or -1; or None if these are not images of 784 pixels.

        Divided, shifted, inverted, black and white, another order or shape: it is the same image.
        """
        import numpy as np

        rows = as_rows(some)
        if rows is None:
            return None
        for array, first, sample, look in self.known:
            at = place(rows, array)
            seen = array if at is not None else rows
            if at is None and len(rows) == len(array):
                at = np.arange(len(array))
            if at is not None and (keys(seen[sample] > middle(seen[sample])) == look).all():
                return first + at
        pixels, known, numbers = self.pixels()
        best = np.full(len(rows), -1)
        for mask in (
            lambda: rows > middle(rows),
            lambda: rows < middle(rows),
            lambda: rows > rows.min(axis=0),  # each pixel scaled by itself
        ):
            wanted = keys(mask())
            at = np.searchsorted(known, wanted).clip(max=len(known) - 1)
            found = np.where(known[at] == wanted, numbers[at], -1)
            last = np.searchsorted(known, wanted, side="right") - 1
            for k in np.flatnonzero((found >= 0) & (last > at)):  # a few thin strokes are alike
                some = numbers[at[k] : last[k] + 1]
                apart = np.abs(stretched(pixels[some]) - stretched(rows[k : k + 1])).sum(axis=1)
                found[k] = some[apart.argmin()]
            if (found >= 0).sum() > (best >= 0).sum():
                best = found
            if (best >= 0).mean() > 0.5:
                break
        return best

    def what(self, value):
        """Return in words which of the four arrays, or of their parts, a value is; or None."""
        import numpy as np

        for array, words in zip(
            self.four, ("training images", "training labels", "test images", "test labels")
        ):
            if value is array:
                return words
        if not isinstance(value, (np.ndarray, list, tuple)) or not len(value):
            return None
        value = np.asarray(value)
        if value.shape in ((TRAINING,), (TOGETHER - TRAINING,)):
            part = "training" if len(value) == TRAINING else "test"
            ours = self.labels[:TRAINING] if part == "training" else self.labels[TRAINING:]
            return f"{part} labels" if (as_digits(value) == ours).all() else None
        numbers = self.numbers(value)
        if numbers is None or (numbers < 0).mean() > 0.5:
            return None
        return "test images" if numbers.max() >= TRAINING else "training images"


def as_digits(answers, classes=None):
    """Return answers as whole numbers (n,), -1 for none; from text and ten columns, too."""
    import numpy as np

    answers = np.asarray(answers)
    if answers.ndim == 2 and answers.shape[1] == 10:  # one-hot, or probabilities
        best = answers.argmax(axis=1)
        answers = best if classes is None or np.ndim(classes) != 1 else np.asarray(classes)[best]
    answers = answers.reshape(len(answers), -1)[:, 0] if answers.ndim != 1 else answers
    if answers.dtype.kind in "OSU":
        answers = np.array([float(a) if str(a).strip().isdigit() else -1 for a in answers])
    answers = np.nan_to_num(answers.astype(float), nan=-1)
    return np.where(answers == np.round(answers), answers, -1).astype(int)
