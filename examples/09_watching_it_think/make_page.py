"""Put networks into one web page, in which you draw a digit and watch them read it.

Run it:

    python make_page.py

It trains the workshop's small network, keeping its weights on the way, and takes the larger one of
step 06 beside it. The page, digits.html, needs nothing else: open it, copy it, send it to a phone.
To put a network in that you have kept yourself, name its file, as best_network.npz of step 04:

    python make_page.py ../04_improving_the_score/best_network.npz
"""

import argparse
import base64
import json
import signal
import subprocess
import sys
import webbrowser
from pathlib import Path

import numpy as np
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from workshop import files, network_file  # missing? pip install -r requirements.txt
from workshop.network_file import probabilities

hidden_layers = (14, 14)  # neurons in each hidden layer of the small network; try (30,)
activation = "logistic"  # what its neurons do with their sums: the sigmoid; try "tanh"
learning_rate = 0.1  # how far a step goes: ten times as far as at the top, and pixels from 0 to 1
epochs_kept = [1, 2, 3, 5, 8, 13, 20, 30]  # the epochs whose weights the slider shows
seed = 0  # where chance begins; try 1

folder = Path(__file__).resolve().parent
page = folder / "digits.html"
step_06 = folder.parent / "06_reading_your_own_digits"

parser = argparse.ArgumentParser(description="Put networks into one web page to draw into.")
parser.add_argument("files", nargs="*", metavar="FILE", help="a network that a step has kept")
parser.add_argument("--no-browser", action="store_true", help="do not open the page")
arguments = parser.parse_args()
threadpool_limits(1)  # one core: on a busy computer, two would mostly wait for each other


def stop(*_):
    sys.exit("Stopped. No page was written; an earlier one is as it was.")


def new_classifier(learning_rate):
    return MLPClassifier(
        hidden_layer_sizes=hidden_layers,
        activation=activation,
        solver="sgd",
        learning_rate_init=learning_rate,
        random_state=np.random.RandomState(seed),
    )


def network_of(classifier):
    """Return a classifier's network, a dict as network_file.load() returns it."""
    return {
        "weights": classifier.coefs_,
        "biases": classifier.intercepts_,
        "activation": activation,
        "divide_pixels_by": 255,
    }


def network_of_step_06():
    """Return the network of step 06; where it is missing, its own script makes it first."""
    try:
        return network_file.load(step_06 / "network.npz")
    except (OSError, ValueError):
        print("The network of step 06 is not there yet. Its own script makes it now.", flush=True)
        subprocess.run([sys.executable, "digit_network.py"], cwd=step_06, check=False)
        return network_file.load(step_06 / "network.npz")


def rounded(network, kind):
    """Return a network whose weights and biases were rounded to numbers of a kind."""
    arrays = {
        part: [array.astype(kind).astype("float32") for array in network[part]]
        for part in ("weights", "biases")
    }
    return {**network, **arrays}


def moment(network, epoch=0):
    """Return what the page is told of a network at one time: its score, and all its numbers.

    They take 2 bytes each, where that moves no probability by 0.001, and 4 bytes otherwise.
    """
    exact = probabilities(network, test_images)
    difference = probabilities(rounded(network, "float16"), test_images) - exact
    kind = "float16" if np.abs(difference).max() < 0.001 else "float32"
    arrays = [array for pair in zip(network["weights"], network["biases"]) for array in pair]
    numbers = np.concatenate([array.ravel() for array in arrays]).astype(kind)
    return {
        "epoch": epoch,
        "score": float(np.mean(exact.argmax(axis=1) == test_labels)),
        "kind": kind,
        "numbers": base64.b64encode(numbers.astype(numbers.dtype.newbyteorder("<"))).decode(),
    }


def entry(name, network, moments, losses=()):
    """Return what the page is told of a network."""
    return {
        "name": name,
        "sizes": [784, *map(len, network["biases"])],
        "activation": network["activation"],
        "divide_pixels_by": network["divide_pixels_by"],
        "moments": moments,
        "losses": losses,
    }


def choose_digits(small, larger):
    """Return ten test digits, one of each kind; two of them the small network reads wrong.

    These two are the ones in which the small network is surest of something wrong, and the larger
    one of what is right. small and larger are the probabilities of both, (10000, 10).
    """
    read = small.argmax(axis=1)
    surest = small.max(axis=1) + larger[np.arange(len(larger)), test_labels]
    wrong = np.flatnonzero(read != test_labels)
    chosen = {}
    for number in wrong[surest[wrong].argsort()[::-1]]:
        if len(chosen) < 2:
            chosen.setdefault(int(test_labels[number]), number)
    for digit in range(10):
        numbers = np.flatnonzero(test_labels == digit)
        chosen.setdefault(digit, numbers[(read[numbers] == digit).argmax()])
    return [chosen[digit] for digit in range(10)]


# 1. What may be wrong is looked at before anything takes long.
signal.signal(signal.SIGINT, stop)
named = []  # the networks in the files that were named, each with a name
for file in arguments.files:
    try:
        named.append((Path(file).stem, network_file.load(file)))
    except (OSError, ValueError) as error:
        sys.exit(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}")

# 2. The small network learns, an epoch at a time.
training_images, training_labels, test_images, test_labels = mnist.load(dtype="float32")
training_images /= 255
classes = np.arange(10)
print("The small network learns from", len(training_images), "images.")
print("epoch   loss   score")

# Before it learns: a step as short as this leaves the weights where chance has put them.
classifier = new_classifier(1e-30)
classifier.partial_fit(training_images[:200], training_labels[:200], classes=classes)
losses = [log_loss(training_labels, classifier.predict_proba(training_images))]
kept = [moment(network_of(classifier))]
print(f"{0:5} {losses[0]:6.3f} {kept[0]['score']:7.4f}", flush=True)

classifier = new_classifier(learning_rate)
for epoch in range(1, max(epochs_kept) + 1):
    classifier.partial_fit(training_images, training_labels, classes=classes)
    losses.append(classifier.loss_)
    if epoch in epochs_kept:
        kept.append(moment(network_of(classifier), epoch))
        print(f"{epoch:5} {losses[-1]:6.3f} {kept[-1]['score']:7.4f}", flush=True)
small = network_of(classifier)
networks = [entry("the small one", small, kept, losses)]

# 3. The larger network, of step 06, and those in the files that were named.
try:
    named.insert(0, ("step 06", network_of_step_06()))
except (OSError, ValueError):
    print("It could not be had, so the page is made without it.")
for name, network in named:
    networks.append(entry(name, network, [moment(network)]))
    print(f"The network of {name} has a score of {networks[-1]['moments'][0]['score']:.4f}")

# 4. Ten test digits to click on.
larger = named[0][1] if named else small
digits = [
    {
        "label": int(test_labels[number]),
        "pixels": base64.b64encode(np.uint8(test_images[number]).tobytes()).decode(),
    }
    for number in choose_digits(*(probabilities(each, test_images) for each in (small, larger)))
]

# 5. The page: a template, with the scripts and the numbers put in.
html = (folder / "page.html").read_text(encoding="utf-8")
data = json.dumps({"networks": networks, "digits": digits}).replace("<", "\\u003c")
for script in folder.glob("*.js"):
    html = html.replace("{{" + script.name + "}}", script.read_text(encoding="utf-8"))
html = html.replace("{{data}}", data)

try:
    files.write(page, html)
except OSError as error:
    sys.exit(f"The page could not be written: {error.strerror}. An earlier one is as it was.")
print(f"The page is {page.stat().st_size / 1e6:.1f} MB, in", page)
if not arguments.no_browser:
    webbrowser.open(page.as_uri())
