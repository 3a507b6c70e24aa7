"""The shares of right answers that a script may print, and the numbers that it printed."""

import ast
import re
from typing import NamedTuple

from .images import as_digits

NUMBER = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)")


PERCENT = re.compile(r"\s*%|\s*per ?cent|\s*pct", re.IGNORECASE)


class Number(NamedTuple):
    """A number that was printed."""

    value: float
    text: str
    percent: bool
    of_all: bool  # "1135 of 10000"

    def says(self, share):
        """Tell whether this is a share of right answers, rounded or cut to two digits or more."""
        digits = len(self.text.partition(".")[2]) if "e" not in self.text else 9
        step = max(10.0**-digits, 1e-6)

        def near(share):  # rounded, or cut
            return -0.501 * step < share - self.value < 0.999 * step

        if self.of_all:
            return abs(self.value - share * 10000) < 0.5
        if self.percent:
            return near(100 * share) and self.value > 0
        return self.value > 0 and (near(share) if digits > 1 else abs(self.value - share) < 1e-6)


def printed(record):
    """Return the numbers that were printed, without those that stand in the script as they are."""
    written = set()
    for node in ast.walk(record.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, float)):
            written |= set(re.findall(r"\d+\.\d\d+", str(node.value)))
    found = []
    for line in record.printed.lines():
        if line.startswith("Iteration "):
            continue
        for number in NUMBER.finditer(line):
            if number[0].lstrip("-") not in written:
                rest = line[number.end() :]
                found.append(
                    Number(
                        float(number[0]),
                        number[0],
                        bool(PERCENT.match(rest) or re.search("percent|%", line[: number.start()])),
                        bool(re.match(r"\D{0,24}10[,_ ]?000\b", rest)),
                    )
                )
    return found


def answers(record, labels=None):
    """Return the lists of 10000 answers in the script: name, and how many are right."""
    import numpy as np

    labels = record.images.labels[60000:] if labels is None else labels
    found = {}
    for name, value in record.everything().items():
        if isinstance(value, (list, tuple, np.ndarray)) and len(value) == len(labels):
            try:
                array = np.asarray(value)
            except ValueError:  # rows of different lengths
                continue
            if array.ndim == 1 or (array.ndim == 2 and array.shape[1] in (1, 10)):
                if array.dtype == bool:
                    found[name] = int(array.sum())
                elif array.dtype.kind not in "SU" and not labels_themselves(record, name, value):
                    found[name] = int((as_digits(array) == labels).sum())
    return found


def labels_themselves(record, name, value):
    return value is record.images.four[3] and not re.search("predict|answer|guess", name)


def constants(labels):
    return [float((labels == digit).mean()) for digit in range(10)]


def shares(record):
    """Return every share of right answers that a script may print."""
    found = [right / 10000 for right in answers(record).values()]
    found += compared(record)
    found += constants(record.images.labels[60000:]) if not record.learners else []
    for learner in record.learners.values():
        found += [share for share, part, *_ in tested(learner, record) if part == "test"]
    return [share for share in found if 0 < share < 1]


def compared(record):
    """Return the share of right answers wherever something was compared with the test labels."""
    import numpy as np

    labels, found = record.images.labels[60000:], []
    for sides in record.compared.values():
        for one, other in (sides, sides[::-1]):
            if len(one) == 1 and getattr(one[0], "shape", None) == labels.shape:  # all at once
                one, other = one[0], other[0]
            if len(one) >= len(labels) and np.ndim(one[0]) == 0 and np.ndim(other) < 2:
                one = as_digits(one[-len(labels) :])
                if (one == labels).all():
                    if np.ndim(other):
                        other = as_digits(other[-len(labels) :])
                    found.append(float((other == labels).mean()))
    return found


def tested(learner, record):
    """Return the shares that an estimator read right, and that of all its answers together."""
    together = []
    answered = learner.answers[60000:] >= 0
    if answered.sum() >= 100:
        right = (learner.answers[60000:] == record.images.labels[60000:])[answered].mean()
        together = [(float(right), "test", learner.learned(), learner.wrong_labels)]
    return learner.shares + together
