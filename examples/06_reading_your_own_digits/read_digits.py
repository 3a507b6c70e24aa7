"""Read your own handwriting: photos, scans or drawings of digits, one digit in each file.

Run it:

    python read_digits.py samples/photo_of_a_7.jpg

Name as many files as you like. A file may be a picture, or a text in which a digit is drawn with #.
With --show, the stages from the file to what the network sees are saved as stages.png.
"""

import argparse
import glob
import sys
from pathlib import Path

import matplotlib.pyplot as plt

import digit_image
import digit_network

parser = argparse.ArgumentParser(description="Read handwritten digits, one in each file.")
parser.add_argument("files", nargs="+", help="a picture, or a text with a digit drawn with #")
parser.add_argument("--show", action="store_true", help="save how each file was prepared")
arguments = parser.parse_args()

# 1. The files. (Not every terminal replaces samples/*.jpg by the files' names, so we do it.)
paths = []
for name in arguments.files:
    paths += sorted(glob.glob(name)) or [name]
sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may hold any character

# 2. The network: trained on first use, then kept.
try:
    layers = digit_network.load()
except KeyboardInterrupt:
    sys.exit("Stopped before the network was ready. Run this again, and it starts anew.")

# 3. Each file: prepare it as MNIST's makers did, and let the network read it.
readable = {}
for path in paths:
    try:
        stages = digit_image.prepare(path)
    except digit_image.DigitError as error:
        print(f"{path}: {error}")
        continue
    readable[path] = stages
    pixels = stages["28 x 28"]
    sureness = digit_network.probabilities(layers, pixels)
    first, second, third = sureness.argsort()[::-1][:3]  # the likeliest digits
    print(
        f"{path}: {first} ({sureness[first]:.0%}), "
        f"then {second} ({sureness[second]:.0%}), {third} ({sureness[third]:.0%})"
    )
    print("What the network sees:")
    print(digit_image.in_characters(pixels))

# 4. With --show: a row of pictures for each file, a stage in each.
if arguments.show and readable:
    figure, axes = plt.subplots(
        len(readable), 5, figsize=(10, 2.2 * len(readable)), layout="constrained", squeeze=False
    )
    for row, (path, stages) in zip(axes, readable.items()):
        for ax, (stage, pixels) in zip(row, stages.items()):
            ax.imshow(pixels, cmap="gray_r", vmin=0, vmax=1)
            ax.set_title(stage)
            ax.set_xticks([])
            ax.set_yticks([])
        row[0].set_ylabel(Path(path).name)
    picture = Path(__file__).resolve().parent / "stages.png"
    figure.savefig(picture)
    print("The stages are in", picture)

# 5. Tell whoever called this script whether all went well.
if len(readable) < len(paths):
    sys.exit(1)
