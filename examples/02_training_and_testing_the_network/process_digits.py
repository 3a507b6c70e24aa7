"""Train a neural network to read handwritten digits, and count how many it reads right.

Run it:

    python process_digits.py

Then change a hyperparameter (one of the settings of MLPClassifier below), run it again, and
compare. Change one at a time, so that you know what made the difference. Ctrl-C ends the training
early; what the network has learned by then is scored all the same.
"""

from sklearn.neural_network import MLPClassifier

import mnist

# 1. The data: 28 x 28 pixels are 784 numbers per image, from 0 (paper) to 255 (ink).
# float32 is the kind of number the network computes with. Given whole numbers, it would make
# copies of 64 bits each, which need more time and memory.
training_images, training_labels, test_images, test_labels = mnist.load(dtype="float32")
print(len(training_images), "images to learn from,", len(test_images), "to be tested on.")

# 2. The network: 784 inputs, two hidden layers, 10 outputs.
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

# 3. Training: after each pass over the images, the loss says how wrong the network still is.
print("Training a network with hidden layers of", classifier.hidden_layer_sizes, "neurons.")
print("Its loss should fall, in at most", classifier.max_iter, "passes. Ctrl-C ends it early.")
classifier.fit(training_images, training_labels)

# 4. Testing: let it read the images that it has never seen, and compare with the labels.
predictions = classifier.predict(test_images)
number_right = 0
for prediction, label in zip(predictions, test_labels):
    if prediction == label:
        number_right += 1

print("It read", number_right, "of", len(test_labels), "test images right.")
print("We have a score of", number_right / len(test_labels))
print("Can you do better? Change one hyperparameter in this script, and run it again.")
