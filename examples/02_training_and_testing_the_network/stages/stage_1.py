import mnist

data = mnist.load(dtype="float32")
training_images, training_labels, test_images, test_labels = data
print("We have", len(training_images), "images to learn from.")
print("The shape of training_images is", training_images.shape)
