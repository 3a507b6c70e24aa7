"""Digits as the strokes of a pen, written down by hand: ten digits in five hands.

A stroke is a row of places "x,y" in a square of 100 x 100, x to the right and y down. The pen goes
smoothly through them; a place that stands twice is a corner.
"""

import numpy as np

HANDS = {
    "school": [
        ["52,4 30,12 18,35 16,60 26,86 48,97 70,88 82,62 82,36 70,12 52,4"],
        ["50,2 50,50 50,98"],
        ["22,26 34,8 56,3 76,16 76,38 58,60 34,80 18,95 18,95 50,93 84,94"],
        ["22,14 42,3 66,8 74,26 60,44 42,48 42,48 66,52 80,70 70,90 44,98 20,88"],
        ["28,4 20,55 20,55 84,54", "66,20 64,98"],
        ["76,5 34,5 34,5 28,44 28,44 50,38 74,48 80,70 66,92 42,98 20,88"],
        ["68,4 44,20 26,48 20,74 34,95 58,97 76,82 72,62 52,54 32,64 22,78"],
        ["18,6 82,6 82,6 60,44 44,97"],
        ["66,14 50,4 32,12 32,30 50,46 72,64 74,84 52,97 30,86 30,66 50,48 68,30 68,14"],
        ["74,26 58,6 36,8 24,28 34,48 56,50 74,30 74,30 72,64 66,97"],
    ],
    "European": [  # a 1 with a flag, a closed 4, a 7 with a bar
        ["62,8 45,2 28,16 22,45 26,78 45,97 64,84 72,52 66,20 52,6"],
        ["25,28 45,12 58,2 58,2 57,50 56,98"],
        ["20,24 36,6 60,4 76,22 68,46 46,70 26,88 20,94 28,84 42,86 62,96 84,90"],
        ["20,5 78,5 78,5 48,40 48,40 70,46 80,66 70,88 44,97 20,88"],
        ["62,2 14,64 14,64 88,64", "62,2 62,98"],
        ["32,6 26,46 26,46 52,40 76,54 76,78 56,96 22,92", "32,6 78,4"],
        ["60,2 36,30 24,62 30,90 52,97 70,84 68,64 48,58 30,70"],
        ["18,8 80,6 80,6 56,50 42,97", "34,52 74,50"],
        [
            "50,48 32,36 30,16 50,3 70,16 68,36 50,48",
            "50,48 28,62 26,84 50,98 76,84 72,62 50,48",
        ],
        ["72,14 48,4 28,20 34,44 56,46 72,22 72,22 70,70 50,96 26,90"],
    ],
    "slanted": [
        ["60,3 40,15 24,42 22,74 36,95 56,88 74,62 78,28 66,5 52,6"],
        ["62,2 52,50 42,98"],
        ["28,20 48,4 70,10 76,30 60,56 36,80 20,97 20,97 82,95"],
        ["30,12 50,2 72,12 70,32 48,46 48,46 70,56 72,80 50,97 24,92"],
        ["34,4 22,50 22,50 48,52 76,46", "74,8 60,98"],
        ["78,4 42,6 42,6 32,42 32,42 58,42 70,62 60,86 36,97 18,90"],
        ["74,3 46,26 28,58 26,84 44,97 62,88 66,70 50,62 30,76"],
        ["20,14 22,6 50,8 80,4 80,4 56,44 40,97"],
        ["70,14 54,4 38,14 40,32 54,48 62,68 54,90 36,96 26,82 36,62 58,44 72,28 70,14"],
        ["74,20 56,6 36,18 32,40 48,50 68,36 76,14 76,14 64,60 52,98"],
    ],
    "hasty": [
        ["50,2 24,25 20,70 45,98 75,75 80,30 55,3"],
        ["32,22 52,3 52,3 52,96", "28,97 76,96"],
        ["20,12 45,3 74,12 72,35 20,96 20,96 80,96"],
        ["24,10 55,4 72,22 45,45 45,45 75,65 60,92 22,95"],
        ["60,3 16,62 16,62 86,60", "66,36 58,97"],
        ["75,3 30,4 30,4 28,45 28,45 70,50 72,80 24,97"],
        ["62,2 30,45 22,78 45,97 72,85 65,62 28,72"],
        ["20,5 78,5 78,5 40,97"],
        ["70,12 45,3 32,20 65,60 60,92 35,95 30,72 68,30 70,12"],
        ["72,10 40,5 28,35 50,48 74,25 74,10 66,97"],
    ],
    "wide": [
        ["50,8 18,20 6,52 20,86 52,94 84,82 95,50 80,18 48,8"],
        ["38,15 50,4 50,4 51,60 52,97"],
        ["14,34 22,14 48,6 74,16 78,40 56,64 30,82 12,92 12,92 40,88 66,92 92,90"],
        ["14,20 36,5 68,8 80,26 64,44 38,48 38,48 72,52 90,72 74,92 40,97 10,86"],
        ["18,8 12,48 12,48 50,52 88,46", "84,4 80,96"],
        ["22,8 18,48 18,48 46,40 78,48 88,70 70,92 38,97 10,88", "22,8 84,6"],
        ["64,6 30,26 12,58 20,86 50,96 82,86 86,64 62,52 30,60 14,72"],
        ["8,10 90,8 90,8 62,48 46,95", "36,50 82,50"],
        ["76,18 50,6 22,18 26,36 54,50 82,66 82,86 50,96 18,86 22,64 50,48 76,34 78,18"],
        ["84,30 60,6 24,12 12,34 32,54 64,50 84,28 84,28 82,64 74,95"],
    ],
}


def strokes(hand, digit, size=0.7, place=(0.5, 0.5), slant=0.0, steps=8):
    """Return a digit as a pen draws it, a list of arrays (places, 2) from 0 to 1 in the square.

    Parameters
    ----------
    size : its height, as a part of the square's
    place : of its middle
    slant : how far its top leans to the right, as a part of its height
    steps : places from one written down to the next: the slower the pen, the more
    """
    drawn = []
    for stroke in HANDS[hand][digit]:
        points = [[float(number) for number in place.split(",")] for place in stroke.split()]
        x, y = (smooth(np.array(points), steps) / 100 - 0.5).T
        drawn.append(np.stack([x - slant * y, y], axis=1) * size + place)
    return drawn


def smooth(points, steps):
    """Return a curve through points, (n, 2), with steps places for each part (Catmull-Rom)."""
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    directions = (after - before) / 2
    corner = (points == before).all(axis=1) | (points == after).all(axis=1)
    directions[corner] = 0
    directions[0], directions[-1] = points[1] - points[0], points[-1] - points[-2]
    t = np.linspace(0, 1, steps, endpoint=False)[:, np.newaxis]
    curve = [
        (2 * t**3 - 3 * t**2 + 1) * a
        + (t**3 - 2 * t**2 + t) * da
        + (3 * t**2 - 2 * t**3) * b
        + (t**3 - t**2) * db
        for a, b, da, db in zip(points, points[1:], directions, directions[1:])
        if (a != b).any()
    ]
    return np.concatenate([*curve, points[-1:]])


def varied(hand, digit, random):
    """Return strokes() with a size, place, slant and speed by chance (a numpy Generator)."""
    size = random.uniform(0.4, 0.85)
    margin = size / 2 + 0.05
    return strokes(
        hand,
        digit,
        size,
        place=random.uniform(margin, 1 - margin, size=2),
        slant=random.uniform(-0.15, 0.3),
        steps=random.integers(2, 13),
    )
