"""Print every number of the small network that the README works by hand.

Run it:

    python by_hand.py

Two inputs, two hidden neurons, two outputs and one example: forward, cost, back, and one step of
gradient descent. It uses the functions of network.py. Change the numbers and calculate again.
"""

import numpy as np

from network import backward, cost, forward, update, zeros_like

x = np.array([[1.0], [2.0]])  # one example, so one column
y = np.array([[1.0], [0.0]])  # the right answer is output 0
w1 = np.array([[1.0, -0.5], [-1.0, 0.5]])  # a row for each hidden neuron
b1 = np.array([[0.0], [1.0]])
w2 = np.array([[1.0, -1.0], [0.0, 1.0]])  # a row for each output neuron
b2 = np.array([[0.0], [0.0]])
mu = 0.5  # the learning rate


def show(name, numbers):
    """Print a line of the table: for each neuron of a layer its number, or its two weights."""
    for_each_neuron = [" ".join(f"{n:6.3f}" for n in row) for row in numbers]
    print(f"{name:20}", *(f"{text:>16}" for text in for_each_neuron))


w, b = [None, w1, w2], [None, b1, b2]
a = forward(x, w, b)
print("Forward                     neuron 0         neuron 1")
show("z, layer 1", w1 @ x + b1)
show("a, layer 1", a[1])
show("z, layer 2", w2 @ a[1] + b2)
show("a, layer 2", a[2])
print(f"The cost is {cost(a, y, w, alpha=0):.3f}")

print("Back")
dw, db = backward(a, y, w, alpha=0)
for layer in (2, 1):
    show(f"error, layer {layer}", db[layer])  # for one image, db is the error
    show(f"dw, layer {layer}", dw[layer])

print("Step")
update(w, b, dw, db, zeros_like(w), zeros_like(b), mu, beta=0)  # without momentum
for layer in (2, 1):
    show(f"new b, layer {layer}", b[layer])
    show(f"new w, layer {layer}", w[layer])

print("Forward once more")
a = forward(x, w, b)
show("z, layer 1", w[1] @ x + b[1])
show("a, layer 1", a[1])
show("z, layer 2", w[2] @ a[1] + b[2])
show("a, layer 2", a[2])
print(f"The cost is {cost(a, y, w, alpha=0):.3f}")
