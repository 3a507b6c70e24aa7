"""A neural network in NumPy: what MLPClassifier does, an equation to a line.

The symbols are those of the README, and of Michael Nielsen's book "Neural Networks and Deep
Learning", chapter 2 (http://neuralnetworksanddeeplearning.com/chap2.html):

    layer     the number of a layer, L in the README: 0 is the input, the last is the output.
              The book writes l, and counts from 1; we count from 0, as Python does.
    w[layer]  the weights into a layer, array (neurons, neurons of the layer before):
              w[layer][j, k] leads from neuron k of the layer before to neuron j of this one
    b[layer]  the biases of a layer, array (neurons, 1)
    z         the weighted sums of a layer, array (neurons, images)
    a[layer]  the activations of a layer, array (neurons, images); a[0] is x
    x         the pixels, array (784, images): each column is one image
    y         the right answers, array (10, images): 1 for the right digit, 0 for the nine others
    C_x       the cost of one image: minus the logarithm of the right digit's probability
    C         the cost of n images: the average of their C_x, plus the weight decay
    delta     the errors of a layer, array (neurons, images): each column holds the derivatives of
              that image's own C_x with respect to z, so there is no 1/n in it
    dw, db    the derivatives of C with respect to w and b, with the 1/n, lists like w and b
    vw, vb    the velocities of w and b, lists like w and b; they start at 0
    mu        the learning rate
    beta      the momentum
    alpha     the weight decay

Nothing leads into the input, so the lists w, b, dw, db, vw and vb have None in place 0. All arrays
are of one dtype, float32 or float64.
"""

import itertools

import numpy as np


def initialise(sizes, random, dtype):
    """Return small random weights and biases, the very same as MLPClassifier's.

    Parameters
    ----------
    sizes : the number of neurons in each layer, for example (784, 14, 14, 10)
    random : np.random.RandomState, from which MLPClassifier draws too, and in this order
    dtype : "float32" or "float64"

    Returns
    -------
    w, b : lists of arrays. The numbers lie between -bound and +bound; the more neurons are joined,
        the smaller is the bound, so that the sums do not grow from layer to layer. (Glorot and
        Bengio 2010. In place of the 2, scikit-learn takes a 6 for tanh and relu.)
    """
    w, b = [None], [None]
    for inputs, neurons in itertools.pairwise(sizes):
        bound = np.sqrt(2 / (inputs + neurons))
        weights = random.uniform(-bound, bound, (inputs, neurons)).T
        biases = random.uniform(-bound, bound, (neurons, 1))
        w.append(weights.astype(dtype, order="C"))  # each row in one piece: the products are faster
        b.append(biases.astype(dtype))
    return w, b


def zeros_like(arrays):
    """Return a list of zeros in the shapes of a list like w or b: velocities to begin with."""
    return [None] + [np.zeros_like(array) for array in arrays[1:]]


def one_hot(labels, dtype):
    """Return for each label a row of ten numbers, 1 at the label and 0 elsewhere: (images, 10)."""
    return np.eye(10, dtype=dtype)[labels]


@np.errstate(over="ignore")  # where e^-z is too large for the computer, 1 / infinity = 0 is right
def sigmoid(z):
    """Return sigma(z), between 0 and 1, of every number in an array."""
    return 1 / (1 + np.exp(-z))


def softmax(z):
    """Return the columns of z as probabilities: between 0 and 1, and each column adds up to 1.

    Subtracting the largest number of each column divides both parts of the fraction by the same,
    so it does not change the result; but it keeps e^z from becoming too large for the computer.
    """
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def forward(x, w, b):
    """Send images through the network; return a, the list of the activations of every layer.

    a[0] is x, array (784, images), and the last is how probable each digit is, (10, images).
    """
    last = len(w) - 1
    a = [x]
    for layer in range(1, last + 1):
        z = w[layer] @ a[layer - 1] + b[layer]
        a.append(softmax(z) if layer == last else sigmoid(z))
    return a


def predict(x, w, b):
    """Return for each image the digit that the network finds most probable: array (images,)."""
    return forward(x, w, b)[-1].argmax(axis=0)


def cost(a, y, w, alpha):
    """Return C, one number: the average C_x of the images, plus the weight decay.

    a is what forward returned, and y is (10, images). As in MLPClassifier, no probability counts as
    less than the smallest step between numbers near 1, since the logarithm of 0 is infinite.
    """
    smallest = np.finfo(y.dtype).eps
    probabilities = np.clip(a[-1], smallest, 1 - smallest)
    wrongness = -np.sum(y * np.log(probabilities))
    size = sum(np.vdot(weights, weights) for weights in w[1:])  # the sum of all squares
    return float(wrongness + alpha / 2 * size) / y.shape[1]


def backward(a, y, w, alpha):
    """Return dw and db, the derivatives of C with respect to w and b: backpropagation.

    a is what forward returned, and y is (10, images). The equations are those of the README.
    """
    images = y.shape[1]
    last = len(w) - 1
    dw, db = [None] * len(w), [None] * len(w)
    delta = a[last] - y  # equation 1
    for layer in range(last, 0, -1):
        dw[layer] = (delta @ a[layer - 1].T + alpha * w[layer]) / images  # equation 2
        db[layer] = delta.sum(axis=1, keepdims=True) / images  # equation 3
        if layer > 1:
            delta = (w[layer].T @ delta) * a[layer - 1] * (1 - a[layer - 1])  # equation 4
    return dw, db


def update(w, b, dw, db, vw, vb, mu, beta):
    """Take one step: change the arrays in w and b, and their velocities in vw and vb.

    This is gradient descent with Nesterov's momentum. With beta = 0 it is that of the theory.
    """
    for layer in range(1, len(w)):
        push_w = mu * dw[layer]
        push_b = mu * db[layer]
        vw[layer] = beta * vw[layer] - push_w
        vb[layer] = beta * vb[layer] - push_b
        w[layer] += beta * vw[layer] - push_w
        b[layer] += beta * vb[layer] - push_b


def train_epoch(images, answers, order, batch_size, w, b, vw, vb, mu, beta, alpha):
    """Learn for one epoch: all images once, a step after each batch; return the average cost.

    Parameters
    ----------
    images : array (60000, 784), a row per image
    answers : array (60000, 10), a row per image, from one_hot
    order : array (60000,) of whole numbers, which image comes first, second, and so on
    batch_size : how many images to look at before each step; the last batch may have fewer
    w, b, vw, vb : lists of arrays, which are changed
    mu, beta, alpha : numbers
    """
    total = 0
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        x = images.take(batch, axis=0).T  # the same as images[batch].T, but faster
        y = answers.take(batch, axis=0).T
        a = forward(x, w, b)
        total += cost(a, y, w, alpha) * len(batch)
        dw, db = backward(a, y, w, alpha)
        update(w, b, dw, db, vw, vb, mu, beta)
    return total / len(order)
