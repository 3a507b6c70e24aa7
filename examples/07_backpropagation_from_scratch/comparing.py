"""What the checks need: to measure a derivative, and to compare with scikit-learn."""

import numpy as np

from network import cost, forward


def measured_derivative(array, index, x, y, w, b, alpha, h=1e-5):
    """Return the derivative of the cost with respect to one weight or bias, by measuring it.

    Move the number up by h, then down by h, and see how far the cost moves: a central difference.
    Its error shrinks with h squared, until h is so small that rounding takes over.

    Parameters
    ----------
    array : one of the arrays in w or b, of float64 (float32 rounds too much for this)
    index : the place in it of the number to move; the number is put back
    x, y : arrays (784, images) and (10, images), float64
    """
    number = array[index]
    array[index] = number + h
    above = cost(forward(x, w, b), y, w, alpha)
    array[index] = number - h
    below = cost(forward(x, w, b), y, w, alpha)
    array[index] = number
    return (above - below) / (2 * h)


def relative_difference(derived, measured):
    """Return the largest |difference| of two arrays, divided by the largest |number| in them.

    (Not number by number: beside a derivative that is almost 0, rounding is as large as itself.)
    """
    return np.abs(derived - measured).max() / np.maximum(np.abs(derived), np.abs(measured)).max()


def from_scikit_learn(classifier):
    """Return w and b as lists like ours, with the numbers of an MLPClassifier that has learned."""
    w = [None] + [weights.T for weights in classifier.coefs_]  # theirs stand the other way round
    b = [None] + [biases[:, np.newaxis] for biases in classifier.intercepts_]
    return w, b


def largest_difference(arrays, others):
    """Return the largest |difference| between two lists of arrays like w or b."""
    return np.max([np.abs(array - other).max() for array, other in zip(arrays[1:], others[1:])])
