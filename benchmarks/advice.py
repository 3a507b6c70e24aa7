"""How good each advice of step 04's coach is: followed with five seeds, how often does it help?

    python benchmarks/advice.py

For each start it trains with each seed, asks the coach, does what it says first, and trains again.
About half an hour on one core. Prints, for each start: the sign that the coach saw, its advice,
the lowest and highest score before and after, their spreads, and in how many seeds it helped.
"""

import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist

STEP = Path(__file__).resolve().parent.parent / "examples" / "04_improving_the_score"
sys.path.insert(0, str(STEP))
import coach  # noqa: E402
import scoreboard  # noqa: E402

SEEDS = [0, 1, 2, 3, 4]
TEN = {"max_iter": 10}
FAST = {"learning_rate_init": 0.1}
RELU = {**TEN, "activation": "relu"}
STARTS = [
    # The ladder
    TEN,
    {**TEN, **FAST},
    {**TEN, **FAST, "hidden_layer_sizes": (256,)},
    {**RELU, **FAST, "hidden_layer_sizes": (256,)},
    # Each with another sign
    {**TEN, "divide_pixels_by": 1},
    {"max_iter": 1},
    {**TEN, "batch_size": 10000},
    {**TEN, "alpha": 100},
    {**TEN, "learning_rate": "invscaling"},
    {**TEN, "hidden_layer_sizes": (14,) * 6},
    {**TEN, **FAST, "hidden_layer_sizes": (2,)},
    {**TEN, "activation": "identity", "learning_rate_init": 0.05},
    {**RELU, "learning_rate_init": 5},
    {**TEN, **FAST, "solver": "adam"},
    {"solver": "lbfgs", "max_iter": 3},
    {**RELU, "hidden_layer_sizes": (64,), "learning_rate_init": 0.5},
    {**RELU, "hidden_layer_sizes": (256,), "learning_rate_init": 0.02},
    {**FAST, "hidden_layer_sizes": (64,), "tol": 0.05, "n_iter_no_change": 3},
    {**RELU, **FAST, "hidden_layer_sizes": (64,), "max_iter": 60},
    {
        "max_iter": 20,
        "activation": "tanh",
        "hidden_layer_sizes": (64, 64),
        "learning_rate_init": 0.35,
    },
    # What only saves time
    {},
    {"max_iter": 3, "batch_size": 2},
]


def train(settings):
    """Train with settings that differ from the script's; return the coach's signs of the run."""
    settings = {**scoreboard.STEP_02, "divide_pixels_by": 255, **settings}
    key = repr(settings)
    if key not in done:
        pixels = images / settings["divide_pixels_by"]
        names = set(MLPClassifier().get_params()) & set(settings)
        classifier = MLPClassifier(**{name: settings[name] for name in names})
        start = time.perf_counter()
        classifier.fit(pixels[:50000], labels[:50000])
        seconds = time.perf_counter() - start
        score = classifier.score(pixels[50000:], labels[50000:])
        training_score = classifier.score(pixels[:10000], labels[:10000])
        run = scoreboard.add(score, training_score, seconds, classifier.n_iter_, False, settings)[
            -1
        ]
        done[key] = coach.look(classifier, pixels[:50000], run)
    return done[key]


def ask(signs):
    """Return the name of the sign that the coach speaks of, the setting, and its new value."""
    for advice in coach.ADVICE:
        found = advice(signs)
        if found and not coach.tried(*found[1:], [signs]):
            return advice.__name__, *found[1:]
    return "nothing", None, None


def measure(start):
    """Print what the coach's advice does from one start, with each of the seeds."""
    before, after, advice = [], [], set()
    for seed in SEEDS:
        signs = train({**start, "random_state": seed})
        sign, name, value = ask(signs)
        advice.add(f"{sign}: {name} = {value}")
        if name:
            before.append(signs["score"])
            after.append(train({**start, "random_state": seed, name: value})["score"])
    better = sum(b > a for a, b in zip(before, after))
    print(", ".join(f"{name}={value!r}" for name, value in start.items()) or "as it is")
    for scores in (before, after):
        if len(scores) > 1:
            limits = f"{min(scores):.4f} to {max(scores):.4f}"
            print(f"    {limits}, spread {statistics.stdev(scores):.4f}")
    print(f"    {'; '.join(sorted(advice))}: better in {better} of {len(before)}", flush=True)


if __name__ == "__main__":
    threadpool_limits(1)
    warnings.simplefilter("ignore", ConvergenceWarning)
    images, labels, _, _ = mnist.load(dtype="float32")
    done = {}
    with tempfile.TemporaryDirectory() as folder:
        scoreboard.FILE = Path(folder, "runs.sqlite")
        for start in STARTS:
            measure(start)
