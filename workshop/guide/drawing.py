"""Is an image among the lines that were printed? Found by comparing them with the images."""

import ast
import re

from .reading import idle, name_of

SIZE = 28
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def cells(lines):
    """Yield each way to read 28 lines as 28 rows of 28 cells, whatever the width of a cell."""
    tokens = [re.findall(r"[^\s,\[\]()]+", line) for line in lines]
    if all(len(row) == SIZE for row in tokens):
        yield tokens
    longest = max(len(line) for line in lines)
    for width in range(1, 9):
        for margin in range(4):
            if (
                not 12 * width < longest - margin <= SIZE * width + 3
            ):  # spaces at the end may be gone
                continue
            yield [
                [line[margin + width * k : margin + width * (k + 1)].strip() for k in range(SIZE)]
                for line in lines
            ]


def candidates(lines):
    """Yield (line number, mask of the cells that are not paper) for what may be a drawing."""
    import numpy as np

    for start in range(len(lines) - SIZE + 1):
        block = lines[start : start + SIZE]
        if len(block[SIZE // 2].strip()) < 1 or len(set(block)) < 3:
            continue
        for rows in cells(block):
            flat = [cell for row in rows for cell in row]
            paper = max(set(flat), key=flat.count)
            mask = np.array([cell != paper for cell in flat])
            if 20 < mask.sum() < 500:
                yield start, mask


def which(mask, pixels):
    """Return the numbers of the images (n, 784) that a drawing shows: no paper darker than ink."""
    import numpy as np

    ink, paper = np.flatnonzero(mask), np.flatnonzero(~mask)
    left = np.arange(len(pixels))
    for step in (97, 13, 1):  # a few pixels first: they leave few images
        lightest, darkest = pixels[left[:, None], ink[::step]], pixels[left[:, None], paper[::step]]
        left = left[darkest.max(axis=1) < lightest.min(axis=1)]
    return left


def drawn(record):
    """Return (first line, number of the image) of each drawing among the printed lines."""
    import numpy as np

    lines = record.printed.lines()[:MANY]
    training, test = record.images.four[0], record.images.four[2]
    first = np.array([*training[:20], *test[:20]])  # where most people look: no long search for it
    found, after, searches = [], 0, 20
    for start, mask in candidates(lines):
        if start < after:
            continue
        numbers = which(mask, first)
        numbers = np.where(numbers < 20, numbers, numbers - 20 + 60000)
        inside = not mask[:SIZE].any()  # hardly any image has ink in its first row
        if not len(numbers) and inside and searches:
            searches -= 1
            numbers = which(mask, record.images.pixels()[0])
        if len(numbers):
            found.append((start, int(numbers[0])))
            after = start + SIZE
    return found


MANY = 1000  # lines that are looked through


def problem(record):
    lines = record.printed.lines()
    found = drawn(record)
    labels = record.images.labels
    rest = [
        line
        for at, line in enumerate(lines)
        if not any(start <= at < start + SIZE for start, _ in found)
    ]
    arrays = any("..." in line and "[" in line for line in rest)
    rest = [line for line in rest if "..." not in line]
    said = [int(n) for line in rest for n in re.findall(r"(?<![\w.,])\d(?![\w,]|\.\d)", line)]
    said += [
        WORDS.index(w) for line in rest for w in re.findall(r"[a-z]+", line.lower()) if w in WORDS
    ]
    if found:
        label = int(labels[found[0][1]])
        if any(int(labels[number]) in said for _, number in found):
            return None
        number = found[0][1]
        which_one = f"training image {number}" if number < 60000 else f"test image {number - 60000}"
        if said:
            return (
                f"The drawing is {which_one}, and its label is {label}; your script says "
                f"{said[-1]}. Image and label must have the same number in the brackets."
            )
        if arrays:
            return f"The drawing is there, {which_one}. Print its label, not all labels."
        return f"The drawing is there: {which_one}. Print its label, too."
    return no_drawing(record, lines)


def starts_anew(record):
    """Return the name that gets a new value in a loop in a loop, and not one more character."""
    for outer in ast.walk(record.tree):
        for inner in ast.walk(outer) if isinstance(outer, ast.For) else []:
            if inner is not outer and isinstance(inner, ast.For):
                for node in inner.body:
                    if isinstance(node, ast.Assign) and isinstance(node.value, ast.IfExp):
                        return name_of(node.targets[0])
    return None


def no_drawing(record, lines):
    """Say why there is no drawing."""
    if re.search("imshow|matshow", record.source):
        return (
            "A picture in a window is a good way to see it, but I can't see that. Print the "
            "digit, too: 28 lines, with a character for each pixel."
        )
    if len(re.findall(r"\d+", "".join(lines))) >= SIZE * SIZE:
        return (
            "These are the numbers of an image. To see the digit, print one character for each "
            "of them, and a line for each row."
        )
    for word in set(lines):
        if lines.count(word) >= SIZE and word in record.everything():
            return f"The word `{word}` is printed, not what it holds: without quotation marks."
    long = [line for line in lines if len(line) > 4 * 80]
    if lost := idle(record):
        return lost[0]
    if starts_anew(record):
        return (
            f"`{starts_anew(record)} = ...` in the inner loop begins anew with each pixel. To add "
            f"one to the line: {starts_anew(record)} += ..."
        )
    if len(lines) >= SIZE * SIZE:
        return (
            "A line for each pixel: the print belongs to the loop over the rows, four spaces "
            "further left."
        )
    if len(lines) < SIZE:
        return (
            f"Your script printed {len(lines)} lines, and the digit has 28 rows: does the print "
            "stand in the loop over the rows, four spaces in?"
        )
    if long:
        return (
            'The lines grow longer and longer: line = "" must stand inside the loop over the rows.'
        )
    if len({line.strip() for line in lines}) < 10:
        return "The lines are all alike, so I see no ink: what is added for a dark pixel?"
    return (
        "I see no digit in what is printed: 28 lines, one for each row, with a character (or "
        "two) for each of its 28 pixels, another one where the pixel is dark."
    )
