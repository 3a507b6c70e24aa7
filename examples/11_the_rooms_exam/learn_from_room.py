"""Go on training your network with the digits that the room has drawn.

    python learn_from_room.py                                    the digits in room_digits.npz
    python learn_from_room.py http://192.168.0.5:8000/kwvxmz     those of your room, from the board
    python learn_from_room.py room_2026-05-07.npz --mine anna    only those that anna has drawn

It learns from the digits of half of the hands, and is tested on those of the other hands, which it
has never seen.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

import numpy as np
import requests
from threadpoolctl import threadpool_limits

import going_on
import mnist
from workshop import files, network_file

seed = 0  # where chance begins: which hands it learns from; try 1

folder = Path(__file__).resolve().parent
best_network = folder.parent / "04_improving_the_score" / "best_network.npz"
parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("digits", nargs="?", default=folder / "room_digits.npz", help="file or address")
parser.add_argument(
    "--network", type=Path, default=best_network, help="that of step 04 if not named"
)
parser.add_argument("--mine", metavar="NAME", help="learn only from the digits of this hand")
options = parser.parse_args()
threadpool_limits(1)  # one core: on a busy computer, two would mostly wait for each other

# 1. The room's digits; what comes from the board is kept, to be used again at home.
if str(options.digits).startswith("http"):
    try:
        answer = requests.get(f"{options.digits.rstrip('/')}/room_digits.npz", timeout=60)
    except requests.exceptions.RequestException:
        sys.exit(f"Nothing answers at {options.digits}. Are you in the same Wi-Fi as the board?")
    if not answer.ok:
        sys.exit("The board does not hand out its digits yet: first the exam is opened.")
    options.digits = folder / f"room_{date.today()}.npz"
    files.write(options.digits, answer.content)
    print("The room's digits are in", options.digits)
try:
    with np.load(options.digits, allow_pickle=False) as arrays:
        images, labels, hands = arrays["images"], arrays["labels"], arrays["hands"]
    network = network_file.load(options.network)
except FileNotFoundError as error:
    sys.exit(f"There is no {error.filename}. (Step 04 keeps your best network when you run it.)")
except (OSError, KeyError, ValueError) as error:
    sys.exit(f"This file holds no digits of a room, or no network: {error}")

# 2. Who is learned from, and who is for the exam. No hand is in both.
random = np.random.default_rng(seed)
names = random.permutation(np.unique(hands))
learned = np.isin(hands, names[: len(names) // 2])
tests = {"the other hands": ~learned}
if options.mine:
    mine = np.flatnonzero(hands == options.mine)
    if len(mine) < 2:
        sys.exit(f"{options.mine} has not drawn here. These have: {', '.join(sorted(names))}")
    learned = np.isin(np.arange(len(hands)), random.permutation(mine)[: len(mine) // 2])
    tests = {
        "the rest of your own": ~learned & (hands == options.mine),
        "the other hands": hands != options.mine,
    }
elif len(names) < 2:
    sys.exit("All digits are from one hand. Say whose with --mine, or let somebody else draw, too.")
print(len(labels), "digits of", len(names), "hands.")
print("Learning from", learned.sum(), "of them, by", ", ".join(np.unique(hands[learned])))

# 3. Go on training, on MNIST and on them: on them alone, it would forget the rest.
mnist_images, mnist_labels, _, _ = mnist.load()
after = going_on.go_on(
    network, mnist_images[:50000], mnist_labels[:50000], images[learned], labels[learned], seed
)

# 4. The scores before and after.
print(f"{'Score on':24}{'images':>8}{'before':>8}{'after':>8}")
rows = [(name, images[chosen], labels[chosen]) for name, chosen in tests.items()]
rows.append(("MNIST's validation", mnist_images[50000:], mnist_labels[50000:]))
for name, *digits in rows:
    scores = [going_on.score(one, *digits) for one in (network, after)]
    print(f"{name:24}{len(digits[1]):8}{scores[0]:8.3f}{scores[1]:8.3f}")
path = folder / "learned_from_room.npz"
try:
    network_file.save(
        path, after["weights"], after["biases"], after["activation"], after["divide_pixels_by"]
    )
    print("The network that has learned from them is in", path)
except OSError as error:
    print(f"{path.name} cannot be written: {error.strerror}")
