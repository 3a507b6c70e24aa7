"""Train a network as in step 02, then look at its mistakes, and into it.

Run it:

    python process_digits.py

It prints how well each digit is read, and saves four pictures beside this script.
"""

from pathlib import Path

import matplotlib.pyplot as plt
from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix
from sklearn.neural_network import MLPClassifier

import mnist

folder = Path(__file__).resolve().parent  # where the pictures go

# 1. The data and the network of step 02. Change the hyperparameters, and look again.
training_images, training_labels, test_images, test_labels = mnist.load(dtype="float32")
classifier = MLPClassifier(
    solver="sgd",  # how to learn: stochastic gradient descent; try "adam"
    activation="logistic",  # what a neuron does with its sum: the sigmoid; try "tanh"
    hidden_layer_sizes=(14, 14),  # neurons in each hidden layer; start here: try (64,)
    learning_rate="constant",  # how the steps change over time; try "adaptive"
    learning_rate_init=0.01,  # the size of a step; try 0.001 or 0.1
    max_iter=100,  # passes over the training images at most; try 10 or 200
    random_state=0,  # where chance begins: the same number, the same run; try 1
    verbose=True,  # print the loss after each pass, so that you see it move
)
print("Training as in step 02, in at most", classifier.max_iter, "passes. Ctrl-C ends it early.")
classifier.fit(training_images, training_labels)
predictions = classifier.predict(test_images)
print("We have a score of", classifier.score(test_images, test_labels))

# 2. One score for each digit. matrix[4, 9] says how many fours were read as nines.
matrix = confusion_matrix(test_labels, predictions)
print("digit  images  right  score  most often taken for")
for digit in range(10):
    images = matrix[digit].sum()
    right = matrix[digit, digit]
    wrong = matrix[digit].copy()
    wrong[digit] = 0  # the right ones set aside, so that the largest number left is a mistake
    taken_for = wrong.argmax()
    score = right / images
    print(f"{digit:5}{images:8}{right:7}{score:7.2f}  {taken_for} ({wrong[taken_for]} times)")

# 3. The same matrix as a picture: a row for each true digit, a column for each reading.
figure, ax = plt.subplots(figsize=(7, 7), layout="constrained")
ConfusionMatrixDisplay(matrix).plot(ax=ax, cmap="Blues", colorbar=False)
ax.set(xlabel="read as", ylabel="is", title="How often each digit is read as which")
figure.savefig(folder / "confusion_matrix.png")
print("Which digit is taken for which is in", folder / "confusion_matrix.png")

# 4. The mistakes it was most sure of. probabilities has a row for each image, ten numbers in each.
probabilities = classifier.predict_proba(test_images)
sureness = probabilities.max(axis=1)
mistakes = (predictions != test_labels).nonzero()[0]  # the numbers of the misread images
order = sureness[mistakes].argsort()[::-1]  # from the most sure to the least
figure, axes = plt.subplots(4, 5, figsize=(10, 9), layout="constrained")
for ax, i in zip(axes.flat, mistakes[order]):
    ax.imshow(test_images[i].reshape(28, 28), cmap="gray_r")
    ax.set_title(f"read as {predictions[i]} ({sureness[i]:.0%}), is {test_labels[i]}")
for ax in axes.flat:
    ax.axis("off")
figure.savefig(folder / "mistakes.png")
print("The mistakes it was most sure of are in", folder / "mistakes.png")

# 5. What the neurons of the first hidden layer look for: 784 weights each, one for each pixel.
weights = classifier.coefs_[0]  # a row for each pixel, a column for each neuron
largest = abs(weights).max()
figure, axes = plt.subplots(2, 7, figsize=(14, 4.4), layout="constrained")
for i, ax in enumerate(axes.flat):
    ax.axis("off")
    if i < weights.shape[1]:  # the number of neurons: more than 14 are not shown
        picture = ax.imshow(weights[:, i].reshape(28, 28), cmap="PuOr", vmin=-largest, vmax=largest)
        ax.set_title(f"neuron {i}")
figure.colorbar(picture, ax=axes, label="weight")
figure.savefig(folder / "neurons.png")
print("What its first neurons look for is in", folder / "neurons.png")

# 6. How the loss fell, pass after pass.
losses = getattr(classifier, "loss_curve_", [])  # the solver "lbfgs" keeps no such record
figure, ax = plt.subplots(figsize=(7, 5), layout="constrained")
ax.plot(range(1, len(losses) + 1), losses, "o-")
ax.set(xlabel="pass over the training images", ylabel="loss", title="The loss while it learned")
figure.savefig(folder / "loss_curve.png")
print("How the loss fell is in", folder / "loss_curve.png")
