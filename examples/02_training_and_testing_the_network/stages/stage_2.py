import mnist

data = mnist.load(dtype="float32")
training_images, training_labels, test_images, test_labels = data
print("We have", len(training_images), "images to learn from.")
print("The shape of training_images is", training_images.shape)

digit = training_images[0].reshape(28, 28)
for row in digit:
    line = ""
    for pixel in row:
        line += "##" if pixel > 127 else "  "
    print(line)
print("The label says that this is a", training_labels[0])
