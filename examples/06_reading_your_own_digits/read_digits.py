"""Read your own handwriting: photos, scans or drawings of digits, one digit in each file.

Run it:

    python read_digits.py samples/photo_of_a_7.jpg

Name as many files as you like. A file may be a picture, or a text in which a digit is drawn with #.
With --show, the stages from the file to what the network sees are drawn into stages.png. With
--network FILE, another network reads: one that you have trained and kept in another step.
"""

import argparse
import glob
import signal
import sys
from pathlib import Path

import digit_image
import digit_network
from workshop import network_file, pictures  # missing? pip install -r requirements.txt

MOST_SHOWN = 20  # files whose stages are drawn
SURE = 0.7  # an answer that is less sure is marked

parser = argparse.ArgumentParser(description="Read handwritten digits, one in each file.")
parser.add_argument("files", nargs="+", help="a picture, or a text with a digit drawn with #")
parser.add_argument("--show", action="store_true", help="draw how each file was prepared")
parser.add_argument("--network", metavar="FILE", help="a network to read with, such as kept.npz")
arguments = parser.parse_args()

if hasattr(signal, "SIGPIPE"):  # in "python read_digits.py ... | head", head stops reading early
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)

# 1. The files, each once. (Not every terminal replaces samples/*.jpg by names, so we do it.)
paths = []
for name in arguments.files:
    paths += [name] if Path(name).exists() else sorted(glob.glob(name)) or [name]
paths = list(dict.fromkeys(paths))

# 2. The network: from the file that was named; or this step's own, once the first file needs it.
network = None
if arguments.network:
    try:
        network = network_file.load(arguments.network)
    except FileNotFoundError:
        sys.exit(
            f"There is no file {arguments.network}. Step 04 keeps a network in best_network.npz, "
            "once you have run its process_digits.py."
        )
    except OSError as error:
        sys.exit(f"{arguments.network} cannot be opened: {error.strerror}.")
    except ValueError as error:
        sys.exit(str(error))

# 3. Each file: prepare it as MNIST's makers did, and let the network read it.
number_answered = 0
shown = {}
for path in paths:
    stages = {}
    if len(shown) < MOST_SHOWN:
        shown[path] = stages
    try:
        pixels = digit_image.prepare(path, stages)
    except digit_image.DigitError as error:
        print(f"{path}: {error}")
        continue
    network = network or digit_network.load_or_train()
    sureness = digit_network.probabilities(network, pixels)
    first, second, third = sureness.argsort()[::-1][:3]  # the likeliest digits
    doubt = "" if sureness[first] >= SURE else "not sure: "
    print(
        f"{path}: {first} ({doubt}{sureness[first]:.0%}), "
        f"then {second} ({sureness[second]:.0%}), {third} ({sureness[third]:.0%})"
    )
    number_answered += 1
    if len(paths) == 1:
        print("What the network sees:")
        print(digit_image.in_characters(pixels))
if len(paths) > 1:
    print(f"{number_answered} of {len(paths)} files were answered.")

# 4. With --show: a row of pictures for each file, as far as its stages go.
shown = {path: stages for path, stages in shown.items() if stages}
if arguments.show and shown:
    import matplotlib.pyplot as plt  # only here, since it takes a moment

    columns = max(len(stages) for stages in shown.values())
    size = (2 * columns, 2.2 * len(shown))
    figure, axes = plt.subplots(
        len(shown), columns, figsize=size, layout="constrained", squeeze=False
    )
    for row, (path, stages) in zip(axes, shown.items()):
        for ax, (stage, pixels) in zip(row, stages.items()):
            ax.imshow(pixels, cmap="gray_r", vmin=0, vmax=1)
            ax.set_title(stage)
        for ax in row:
            ax.set(xticks=[], yticks=[], visible=ax.has_data())
        row[0].set_ylabel(Path(path).name)
    picture = Path(__file__).resolve().parent / "stages.png"
    pictures.save(figure, picture, "The stages are")

# 5. Tell whoever called this script whether all went well.
if number_answered < len(paths):
    sys.exit(1)
