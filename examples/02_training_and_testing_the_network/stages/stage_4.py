from sklearn.neural_network import MLPClassifier

import mnist

data = mnist.load(dtype="float32")
training_images, training_labels, test_images, test_labels = data
print("We have", len(training_images), "images to learn from.")

classifier = MLPClassifier(
    solver="sgd",
    activation="logistic",
    hidden_layer_sizes=(14, 14),
    learning_rate_init=0.01, max_iter=5, verbose=True)
classifier.fit(training_images, training_labels)

predictions = classifier.predict(test_images)
number_right = 0
for prediction, label in zip(predictions, test_labels):
    if prediction == label:
        number_right += 1
score = number_right / len(test_labels)
print("We have a score of", score)
print("Can you do better? Go on with examples/04_improving_the_score")
