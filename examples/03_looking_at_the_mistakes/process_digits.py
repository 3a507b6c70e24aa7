"""Train a network as in step 02, then look at its mistakes, and into it.

Run it:

    python process_digits.py

It prints how well each digit is read, and saves six pictures beside this script. The network learns
from 50,000 of the training images; what is looked at are the other 10,000, the validation images.
"""

from pathlib import Path

import matplotlib.pyplot as plt
from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from workshop import pictures  # missing? pip install -r requirements.txt

threadpool_limits(1)  # one core: on a busy computer, two would mostly wait for each other

folder = Path(__file__).resolve().parent  # where the pictures go
number = 531  # the validation image to look at more closely; try any number up to 9999
look_at = (4, 9)  # images that are a 4 and were read as a 9; try (9, 4), or what the table shows

# 1. The data: the last 10,000 of the training images are the validation images.
images, labels, _, _ = mnist.load(dtype="float32")
training_images, training_labels = images[:50000], labels[:50000]
validation_images, validation_labels = images[50000:], labels[50000:]
one_image, its_label = validation_images[number], validation_labels[number]

# 2. The network of step 02. Change the hyperparameters, and look again.
classifier = MLPClassifier(
    solver="sgd",  # how to learn: stochastic gradient descent; try "adam"
    activation="logistic",  # what a neuron does with its sum: the sigmoid; try "tanh"
    hidden_layer_sizes=(14, 14),  # neurons in each hidden layer; try (64,)
    learning_rate="constant",  # whether the learning rate changes; try "adaptive"
    learning_rate_init=0.01,  # the learning rate, how far a step goes; try 0.001 or 0.1
    max_iter=100,  # epochs at most: passes over the training images; try 10
    random_state=0,  # where chance begins: the same number, the same run; try 1
    verbose=True,  # print the loss after each epoch, so that you see it move
)
print("Training the network of step 02. Ctrl-C ends it early.")
classifier.fit(training_images, training_labels)
predictions = classifier.predict(validation_images)
print("We have a score of", (predictions == validation_labels).mean())

# 3. One score for each digit. matrix[4, 9] says how many fours were read as nines.
matrix = confusion_matrix(validation_labels, predictions)
print("digit  images  right  score  most often taken for")
for digit in range(10):
    shown = matrix[digit].sum()
    right = matrix[digit, digit]
    wrong = matrix[digit].copy()
    wrong[digit] = 0  # the right ones set aside, so that the largest number left is a mistake
    taken_for = wrong.argmax()
    score = right / shown
    print(f"{digit:5}{shown:8}{right:7}{score:7.2f}  {taken_for} ({wrong[taken_for]} times)")

# 4. What it makes of the one image: ten probabilities, one for each digit.
probabilities = classifier.predict_proba(validation_images)  # a row for each image
print(f"Validation image {number} is a {its_label}. The network gives each digit a probability:")
for digit in range(10):
    print(f"{digit:5}{probabilities[number, digit]:7.2f}")

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
left.imshow(one_image.reshape(28, 28), cmap="gray_r")
left.set_title(f"is {its_label}")
left.axis("off")
right.bar(range(10), probabilities[number])
right.set(xlabel="read as", ylabel="probability", xticks=range(10), ylim=(0, 1))
pictures.save(figure, folder / "probabilities.png", "The image and its probabilities are")

# 5. The table of section 3 as a picture: a row for each true digit, a column for each reading.
figure, ax = plt.subplots(figsize=(7, 7), layout="constrained")
ConfusionMatrixDisplay(matrix).plot(ax=ax, cmap="Blues", colorbar=False)
ax.set(xlabel="read as", ylabel="is", title="How often each digit is read as which")
pictures.save(figure, folder / "confusion_matrix.png", "Which digit is taken for which is")

# 6. The mistakes it was most sure of.
sureness = probabilities.max(axis=1)
mistakes = (predictions != validation_labels).nonzero()[0]  # the numbers of the misread images
order = sureness[mistakes].argsort()[::-1]  # from the most sure to the least
figure, axes = plt.subplots(4, 5, figsize=(10, 9), layout="constrained")
for ax, i in zip(axes.flat, mistakes[order]):
    ax.imshow(validation_images[i].reshape(28, 28), cmap="gray_r")
    ax.set_title(f"read as {predictions[i]} ({sureness[i]:.0%}), is {validation_labels[i]}")
for ax in axes.flat:
    ax.axis("off")
pictures.save(figure, folder / "mistakes.png", "The mistakes it was most sure of are")

# 7. One cell of the table: which images are those? The surest come first, 50 at most.
true_digit, reading = look_at
cell = ((validation_labels == true_digit) & (predictions == reading)).nonzero()[0]
cell = cell[sureness[cell].argsort()[::-1]]
figure, axes = plt.subplots(5, 10, figsize=(10, 6), layout="constrained")
figure.suptitle(f"{len(cell)} images are a {true_digit} and were read as a {reading}")
for ax, i in zip(axes.flat, cell):
    ax.imshow(validation_images[i].reshape(28, 28), cmap="gray_r")
    ax.set_title(f"{sureness[i]:.0%}")
for ax in axes.flat:
    ax.axis("off")
what = f"The {len(cell)} images that are a {true_digit} and were read as a {reading} are"
pictures.save(figure, folder / "look_at.png", what)

# 8. What the neurons of the first hidden layer look for: 784 weights each, one for each pixel.
weights = classifier.coefs_[0]  # a row for each pixel, a column for each neuron
largest = abs(weights).max()
figure, axes = plt.subplots(2, 7, figsize=(14, 4.4), layout="constrained")
for i, ax in enumerate(axes.flat):
    ax.axis("off")
    if i < weights.shape[1]:  # the number of neurons: more than 14 are not shown
        picture = ax.imshow(weights[:, i].reshape(28, 28), cmap="PuOr", vmin=-largest, vmax=largest)
        ax.set_title(f"neuron {i}")
figure.colorbar(picture, ax=axes, label="weight")
pictures.save(figure, folder / "neurons.png", "What its first neurons look for is")

# 9. How the loss fell, epoch after epoch.
losses = getattr(classifier, "loss_curve_", [])  # the solver "lbfgs" keeps no such record
figure, ax = plt.subplots(figsize=(7, 5), layout="constrained")
ax.plot(range(1, len(losses) + 1), losses, "o-")
ax.set(xlabel="epoch", ylabel="loss", title="The loss while it learned")
pictures.save(figure, folder / "loss_curve.png", "How the loss fell is")
