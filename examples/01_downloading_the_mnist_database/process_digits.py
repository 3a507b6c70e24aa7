"""Get the handwritten digits, and look at them.

Run it:

    python process_digits.py

It prints one digit, pixel by pixel, and saves a picture of many beside this script.
"""

from pathlib import Path

import matplotlib.pyplot as plt

import mnist
from workshop import pictures  # missing? pip install -r requirements.txt

# 1. The data, as four arrays of numbers.
training_images, training_labels, test_images, test_labels = mnist.load()
print("We have successfully loaded the MNIST data!")
print("training images:", training_images.shape, "labels:", training_labels.shape)
print("test images:    ", test_images.shape, "labels:", test_labels.shape)

# 2. One digit: its 784 numbers, laid out again as 28 rows of 28 pixels.
index = 0  # which training image to look at; try any number up to 59999
digit = training_images[index].reshape(28, 28)
print("Training image", index, "has the label", training_labels[index])
print("One of its 28 rows of pixels, from 0 (paper) to 255 (ink):")
print(digit[14])

# 3. The same digit as a picture: the more ink, the denser the character.
shades = " .:-=+*#%@"
for row in digit:
    line = ""
    for pixel in row:
        shade = shades[pixel // 26]  # 0 to 25 is " ", 26 to 51 is ".", and so on up to "@"
        line += shade + shade  # twice, since a character is about twice as high as it is wide
    print(line)

# 4. Many digits, in a picture of their own.
figure, axes = plt.subplots(4, 10, figsize=(10, 4.8), layout="constrained")
for i, ax in enumerate(axes.flat):
    ax.imshow(training_images[i].reshape(28, 28), cmap="gray_r")
    ax.set_title(training_labels[i])
    ax.axis("off")
picture = Path(__file__).resolve().parent / "digits.png"
pictures.save(figure, picture, "The first 40 digits and their labels are")
