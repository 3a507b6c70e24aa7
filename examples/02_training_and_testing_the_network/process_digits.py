"""Train a neural network to read handwritten digits, and count how many it reads right.

Run it:

    python process_digits.py

Then change a hyperparameter (one of the settings of MLPClassifier below), run it again, and
compare the losses. Change one at a time, so that you know what made the difference. Ctrl-C ends
the training early; what the network has learned by then is scored all the same.
"""

from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist

threadpool_limits(1)  # one core: on a busy computer, two would mostly wait for each other

# 1. The data: 28 x 28 pixels are 784 numbers per image, from 0 (paper) to 255 (ink).
# float32 is the kind of number the network computes with. Given whole numbers, it would make
# copies of 64 bits each, which need more time and memory.
data = mnist.load(dtype="float32")
training_images, training_labels, test_images, test_labels = data
print("We have", len(training_images), "images to learn from.")

# 2. The network: 784 inputs, two hidden layers, 10 outputs.
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

# 3. Training: after each epoch, the loss says how wrong the network still is.
classifier.fit(training_images, training_labels)

# 4. Testing: let it read images that it has never seen, and compare with the labels.
predictions = classifier.predict(test_images)
number_right = 0
for prediction, label in zip(predictions, test_labels):
    if prediction == label:
        number_right += 1
score = number_right / len(test_labels)
print("We have a score of", score)
print("Can you do better? Go on with examples/04_improving_the_score")
