"""Watch a network learn its training images by heart: overfitting.

Run it:

    python process_digits.py

A network with 79,510 weights and biases gets only 1,000 images. After each epoch (a pass over these
images) the script asks it to read the images that it learns from, and others that it never sees.
Both scores and both losses are drawn beside this script. The cures are in cures.py. Ctrl-C ends it.
"""

import signal
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from workshop import pictures  # missing? pip install -r requirements.txt

number_of_images = 1000  # to learn from; try 200 or 5000
neurons = 100  # in the one hidden layer; try 10 or 300
epochs = 60  # passes over the training images; try 10

if number_of_images not in range(1, 50001):
    sys.exit("number_of_images must be from 1 to 50000: the other 10,000 are for validation.")
signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the script at once, without a traceback
threadpool_limits(1)  # one core: on a busy computer, two would mostly wait for each other

# 1. The data. The network learns from the first 1,000 training images, and is checked on the last
# 10,000, the validation images. The test images stay locked.
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
    random_state=np.random.RandomState(0),  # a plain 0 would deal the same batches in every epoch
)


def score_and_loss(images, labels):
    """Return the part of the images that is read right, and how wrong the answers are."""
    probabilities = classifier.predict_proba(images)  # ten for each image, one for each digit
    score = np.mean(probabilities.argmax(axis=1) == labels)
    return score, log_loss(labels, probabilities, labels=range(10))


# 3. Training, one epoch at a time.
print("Learning from", len(training_images), "images, checked on", len(validation_images))
print("                score                   loss")
print("epoch   training  validation   training  validation")
training = []
validation = []
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
scores = [score for score, loss in validation]
print(f"The validation score was best after epoch {1 + int(np.argmax(scores))}: {max(scores):.3f}")
print(f"Gap between the scores at the end: {training[-1][0] - validation[-1][0]:.3f}")

# 4. The picture: both scores, both losses.
figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
numbers = range(1, epochs + 1)
for column, name in enumerate(["score", "loss"]):
    axes[column].plot(numbers, [pair[column] for pair in training], label="training")
    axes[column].plot(numbers, [pair[column] for pair in validation], "--", label="validation")
    axes[column].set(xlabel="epoch (pass over the training images)", ylabel=name)
    axes[column].grid(alpha=0.3)
axes[0].set(title="Score", ylim=(0.6, 1.02))
axes[0].legend()
axes[1].set(title="Loss", ylim=(0, 1.5))
axes[1].axvline(best_epoch, color="gray", linestyle=":", label=f"lowest: epoch {best_epoch}")
axes[1].legend()
picture = Path(__file__).resolve().parent / "overfitting.png"
pictures.save(figure, picture, "Both curves are")
