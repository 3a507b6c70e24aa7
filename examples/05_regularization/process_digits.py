"""Watch a network learn its training images by heart: overfitting.

Run it:

    python process_digits.py

A network with 79,510 weights and biases gets only 1,000 images. After each pass the script asks it
to read the images that it learns from, and others that it never sees. Both scores and both losses
are drawn beside this script. The cures are in cures.py.
"""

import signal
import sys
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.neural_network import MLPClassifier

import mnist

number_of_images = 1000  # to learn from; try 200 or 5000
neurons = 100  # in the one hidden layer; try 10 or 300
epochs = 60  # passes over the training images; try 10

if number_of_images not in range(1, 50001):
    sys.exit("number_of_images must be from 1 to 50000: the other 10,000 are for validation.")
if epochs not in range(1, 10001):
    sys.exit("epochs must be a whole number from 1 to 10000.")
signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the script at once, without a traceback

# 1. The data. The network learns from the first 1,000 images and is checked on the last 10,000 of
# the 60,000; the test images stay locked.
training_images, training_labels, _, _ = mnist.load(dtype="float32")
training_images /= 255  # inputs from 0 to 1 suit the first weights, which are small (see step 04)
validation_images, validation_labels = training_images[50000:], training_labels[50000:]
training_images = training_images[:number_of_images]
training_labels = training_labels[:number_of_images]

# 2. The network: far too large for so few images.
classifier = MLPClassifier(
    solver="sgd",
    activation="relu",
    hidden_layer_sizes=(neurons,),
    learning_rate_init=0.2,
    alpha=0.0,  # how strongly large weights are punished; try 1.0
    random_state=0,
)


def score_and_loss(images, labels):
    """Return the part of the images that is read right, and how wrong the answers are."""
    probabilities = classifier.predict_proba(images)  # ten for each image, one for each digit
    score = np.mean(probabilities.argmax(axis=1) == labels)
    of_the_label = probabilities[np.arange(len(labels)), labels]
    loss = np.mean(-np.log(np.maximum(of_the_label, 1e-15)))  # a logarithm of 0 has no value
    return score, loss


# 3. Training, one pass at a time.
print("Learning from", len(training_images), "images, checked on", len(validation_images))
print("                score                   loss")
print("epoch   training  validation   training  validation")
training = []
validation = []
warnings.filterwarnings("ignore", message="Got `batch_size`")  # fewer than 200 images are fine
for epoch in range(1, epochs + 1):
    classifier.partial_fit(training_images, training_labels, classes=np.arange(10))
    training.append(score_and_loss(training_images, training_labels))
    validation.append(score_and_loss(validation_images, validation_labels))
    if epoch in (1, 2, 5) or epoch % 10 == 0:
        score, loss = training[-1]
        new_score, new_loss = validation[-1]
        print(
            f"{epoch:5} {score:10.3f} {new_score:11.3f} {loss:10.3f} {new_loss:11.3f}", flush=True
        )

losses = [loss for score, loss in validation]
best_epoch = 1 + int(np.argmin(losses))
print(f"The validation loss was lowest after epoch {best_epoch}: {min(losses):.3f}")
print(f"Gap between the scores at the end: {training[-1][0] - validation[-1][0]:.3f}")

# 4. The picture: both scores, both losses.
figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
passes = range(1, epochs + 1)
for column, name in enumerate(["score", "loss"]):
    axes[column].plot(passes, [pair[column] for pair in training], label="training", color="C0")
    axes[column].plot(
        passes, [pair[column] for pair in validation], "--", label="validation", color="C1"
    )
    axes[column].set(xlabel="epoch (pass over the training images)", ylabel=name)
    axes[column].grid(alpha=0.3)
axes[0].set(title="Score", ylim=(0.6, 1.02))
axes[0].legend()
axes[1].set(title="Loss", ylim=(0, 1.5))
axes[1].axvline(best_epoch, color="gray", linestyle=":", label=f"lowest: epoch {best_epoch}")
axes[1].legend()
picture = Path(__file__).resolve().parent / "overfitting.png"
figure.savefig(picture)
print("Both curves are in", picture)
