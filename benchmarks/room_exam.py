"""Step 11's figures: five networks of this workshop, on digits that ever other people wrote.

    python benchmarks/room_exam.py train FOLDER    train them with five seeds, and keep them there
    python benchmarks/room_exam.py score FOLDER    their scores on four kinds of digits
    python benchmarks/room_exam.py learn FOLDER    what learn_from_room.py gains

The first takes about half an hour on one core; what lies in FOLDER already is not trained again.
All learn from 50,000 images, so that none has seen the 10,000 of the validation.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist
from workshop import network_file

STEPS = Path(__file__).resolve().parent.parent / "examples"
for step in ("06_reading_your_own_digits", "08_past_99_percent", "11_the_rooms_exam"):
    sys.path.insert(0, str(STEPS / step))
import digit_image  # noqa: E402
import distortions  # noqa: E402
import going_on  # noqa: E402
import variants  # noqa: E402

SEEDS = [0, 1, 2, 3, 4]
SGD = {"solver": "sgd", "activation": "logistic", "max_iter": 100}
PLAIN = {  # the settings of a network that simply learns, and what its pixels are divided by
    "step 02": (1, {**SGD, "hidden_layer_sizes": (14, 14), "learning_rate_init": 0.01}),
    "14 + 14, divided by 255": (
        255,
        {**SGD, "hidden_layer_sizes": (14, 14), "learning_rate_init": 0.01},
    ),
    "the coach's end": (
        255,
        {
            **SGD,
            "hidden_layer_sizes": (256,),
            "activation": "relu",
            "learning_rate_init": 0.1,
            "max_iter": 20,
        },
    ),
}
NAMES = [*PLAIN, "step 08", "step 06"]


# Training


def train(folder):
    """Train each network with each seed, and keep it in the folder."""
    folder.mkdir(exist_ok=True)
    images, labels, _, _ = mnist.load("float32")
    for seed in SEEDS:
        for name in NAMES:
            path = kept(folder, name, seed)
            if path.exists():
                continue
            divide_pixels_by, settings = PLAIN.get(name, (255, None))
            ours = images[:50000] / np.float32(divide_pixels_by)
            if settings:
                classifier = MLPClassifier(**settings, random_state=seed).fit(ours, labels[:50000])
                weights, biases = classifier.coefs_, classifier.intercepts_
            elif name == "step 08":
                weights, biases = as_step_08(ours, labels[:50000], seed)
            else:
                weights, biases = as_step_06(ours, labels[:50000], seed)
            activation = settings["activation"] if settings else "relu"
            network_file.save(path, weights, biases, activation, divide_pixels_by)
            print(path, flush=True)


def kept(folder, name, seed):
    return folder / f"{name.replace(' ', '_').replace(',', '')}_{seed}.npz"


def as_step_08(images, labels, seed):
    """Train as process_digits.py of step 08 does; return weights and biases."""
    generator = np.random.default_rng(seed)
    classifier = MLPClassifier(
        (512, 256), learning_rate_init=0.0015, random_state=np.random.RandomState(seed)
    )
    seen = images
    last = []
    for batch_size in 4 * [200] + 4 * [400] + 6 * [1000]:
        classifier.set_params(batch_size=batch_size)
        classifier.partial_fit(seen, labels, classes=range(10))
        last.append([w.copy() for w in classifier.coefs_ + classifier.intercepts_])
        seen = distortions.distort(images, generator, 0.5)
    return average(last[-5:])


def as_step_06(images, labels, seed):
    """Train as digit_network.py of step 06 does; return weights and biases."""
    random = np.random.default_rng(seed)
    classifier = MLPClassifier((512, 128), random_state=np.random.RandomState(seed))
    last = []
    for _ in range(8):
        order = random.permutation(len(images))
        for first in range(0, len(images), 2000):
            chosen = order[first : first + 2000]
            some = variants.vary(images[chosen], labels[chosen], random)
            classifier.partial_fit(some, labels[chosen], classes=range(10))
        last.append([w.copy() for w in classifier.coefs_ + classifier.intercepts_])
    return average(last[-4:])


def average(kept):
    """Return weights and biases, of which each is the mean of those that were kept."""
    arrays = [np.mean(some, axis=0) for some in zip(*kept)]
    return arrays[: len(arrays) // 2], arrays[len(arrays) // 2 :]


# The digits


def other_people():
    """Return scikit-learn's 1,797 digits of 43 people, prepared, (n, 784) uint8, and labels."""
    digits = load_digits()
    images = []
    for image in digits.images:  # (8, 8), from 0 (paper) to 16 (ink)
        small = Image.fromarray(np.uint8(image / 16 * 255))
        large = np.asarray(small.resize((80, 80), Image.Resampling.BICUBIC)) / 255
        ink = np.float32(np.clip(large, 0, 1))
        rows, columns = np.flatnonzero((ink > 0.2).any(axis=1)), np.flatnonzero((ink > 0.2).any(0))
        cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        images.append(digit_image.centre_by_mass(digit_image.fit_into_box(cut)))
    return np.uint8(np.round(np.reshape(images, (-1, 784)) * 255)), digits.target


def room_digits():
    """Return what lies in room_digits.npz: images, labels and hands."""
    with np.load(STEPS / "11_the_rooms_exam" / "room_digits.npz") as arrays:
        return arrays["images"], arrays["labels"], arrays["hands"]


# The figures


def score(folder):
    """Print the lowest and highest score of each network over the seeds."""
    images, labels, test_images, test_labels = mnist.load()
    strokes = room_digits()[:2]
    kinds = {
        "validation": (images[50000:], labels[50000:]),
        "MNIST's test": (test_images, test_labels),
        "five hands": strokes,
        "other people": other_people(),
    }
    print(f"{'':26}" + "".join(f"{kind:>18}" for kind in kinds))
    for name in NAMES:
        networks = [network_file.load(kept(folder, name, seed)) for seed in SEEDS]
        line = ""
        for digits in kinds.values():
            scores = [going_on.score(network, *digits) for network in networks]
            line += f"{span(scores):>18}"
        print(f"{name:26}{line}", flush=True)


def learn(folder):
    """Print what going on with other people's digits gains, and what it costs on MNIST."""
    images, labels, test_images, test_labels = mnist.load()
    images, labels = images[:50000], labels[:50000]
    people, digits = other_people()
    header = f"{'':26}{'learned from':>30}{'before':>18}{'after':>18}{'MNIST after':>18}"
    print(header)
    for name in NAMES:
        networks = [network_file.load(kept(folder, name, seed)) for seed in SEEDS]
        for count in (100, 300, 900):
            before, after, on_mnist = [], [], []
            for seed, network in zip(SEEDS, networks):
                order = np.random.default_rng(seed).permutation(len(people))
                some, others = order[:count], order[900:]
                taught = going_on.go_on(network, images, labels, people[some], digits[some], seed)
                before.append(going_on.score(network, people[others], digits[others]))
                after.append(going_on.score(taught, people[others], digits[others]))
                on_mnist.append(going_on.score(taught, test_images, test_labels))
            show(name, f"{count} of other people", before, after, on_mnist)
        strokes, which, hands = room_digits()
        for split in ("hands", "drawings"):
            before, after, on_mnist = [], [], []
            for seed, network in zip(SEEDS, networks):
                random = np.random.default_rng(seed)
                groups = hands if split == "hands" else np.arange(len(hands))
                names = random.permutation(np.unique(groups))
                learned = np.isin(groups, names[: len(names) // 2])
                taught = going_on.go_on(
                    network, images, labels, strokes[learned], which[learned], seed
                )
                before.append(going_on.score(network, strokes[~learned], which[~learned]))
                after.append(going_on.score(taught, strokes[~learned], which[~learned]))
                on_mnist.append(going_on.score(taught, test_images, test_labels))
            show(name, f"room_digits, split by {split}", before, after, on_mnist)


def show(name, source, *columns):
    line = "".join(f"{span(scores):>18}" for scores in columns)
    print(f"{name:26}{source:>30}{line}", flush=True)


def span(scores):
    return f"{min(scores):.3f} to {max(scores):.3f}"


if __name__ == "__main__":
    threadpool_limits(1)
    {"train": train, "score": score, "learn": learn}[sys.argv[1]](Path(sys.argv[2]))
