"""Better, or lucky? Train two sets of settings with five seeds each, and compare.

Run it:

    python better_or_lucky.py

A network starts with random weights, and looks at the images in a random order. Another seed gives
another score, although no setting was changed. So one run that scores a little more than another
proves nothing. Here five networks learn with the settings in process_digits.py, and five with a
second set, side by side on the cores of this computer. Ctrl-C stops them all.
"""

import argparse
import math
import os
import signal
import statistics
import sys
import time
import warnings

from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

import mnist
from process_digits import classifier, divide_pixels_by

# 1. The two sets. A is what stands in process_digits.py, B is the same but for this:
changes = dict(learning_rate_init=0.5)  # one change or several; try dict(activation="relu")
epochs = 10  # for both sets, so that you need not wait long; None: as many as process_digits.py
seeds = [0, 1, 2, 3, 4]  # one network of each set per seed; more seeds tell smaller differences


def train(name, seed, settings, images, labels):
    """Train a network with a set of settings; return the set's name, the seed, the score."""
    network = clone(classifier).set_params(**settings, random_state=seed, verbose=False)
    network.fit(images[:50000], labels[:50000])
    return name, seed, network.score(images[50000:], labels[50000:])


def describe(name, scores):
    """Print the scores of one set, their mean and their spread."""
    numbers = " ".join(f"{score:.4f}" for score in sorted(scores))
    mean, spread = statistics.mean(scores), statistics.stdev(scores)
    print(f"{name}: {numbers}  mean {mean:.4f}, spread {spread:.4f}")


def verdict(scores_a, scores_b):
    """Return in words whether B is better than A: if their means are further apart than by luck.

    Another few seeds would give another mean. How far it moves is the mean's standard error: the
    spread, divided by the square root of how many scores there are. The difference of two means
    has sqrt(s_A^2 / n + s_B^2 / n). More than twice that is seldom luck: five networks and another
    five with the same settings were told apart about 8 of 100 times. (This is Welch's test.)
    """
    difference = statistics.mean(scores_b) - statistics.mean(scores_a)
    squares = [statistics.variance(scores) / len(scores) for scores in (scores_a, scores_b)]
    luck = 2 * math.sqrt(sum(squares))
    numbers = f"The means differ by {abs(difference):.4f}; luck alone seldom makes it {luck:.4f}"
    if difference > luck:
        return f"{numbers}.\nVerdict: B is better than A."
    if difference < -luck:
        return f"{numbers}.\nVerdict: A is better than B."
    return f"{numbers}.\nVerdict: these runs cannot tell which is better."


if __name__ == "__main__":
    as_it_stands = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=__doc__, formatter_class=as_it_stands).parse_args()
    if len(seeds) < 2 or len(set(seeds)) < len(seeds):
        sys.exit(
            "seeds must be two or more, all different: one shows nothing of how scores spread."
        )
    if "random_state" in changes:
        sys.exit("random_state is what seeds are for; change something else.")
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once, with all its networks
    warnings.simplefilter("ignore", ConvergenceWarning)  # we choose how many epochs there are
    set_a = {} if epochs is None else {"max_iter": epochs}
    set_b = {**set_a, **changes}
    all_of_a = {**classifier.get_params(), "divide_pixels_by": divide_pixels_by, **set_a}
    if {**all_of_a, **changes} == all_of_a:
        sys.exit(f"B would be the same as A, which has {changes}, too: change something else.")
    images, labels, _, _ = mnist.load(dtype="float32")
    images_b = images / set_b.pop("divide_pixels_by", divide_pixels_by)
    images /= divide_pixels_by

    # 2. The training: as many networks at a time as there are cores, each on one core.
    jobs = []
    for seed in seeds:
        jobs.append(("A", seed, set_a, images, labels))
        jobs.append(("B", seed, set_b, images_b, labels))
    print("A: the settings in process_digits.py", "" if epochs is None else f"with {epochs} epochs")
    print("B: the same, but for", changes)
    print(
        f"{len(jobs)} networks to train, {min(len(jobs), os.cpu_count())} at a time ...", flush=True
    )
    start = time.perf_counter()
    scores = {"A": [], "B": []}
    parallel = Parallel(n_jobs=-1, prefer="threads", return_as="generator_unordered")
    try:
        for name, seed, score in parallel(delayed(train)(*job) for job in jobs):
            scores[name].append(score)
            to_go = len(jobs) - len(scores["A"]) - len(scores["B"])
            seconds = time.perf_counter() - start
            print(f"{name} with seed {seed} scores {score:.4f}  ({to_go} to go, {seconds:.0f} s)")
            sys.stdout.flush()
    except (ValueError, TypeError) as error:
        sys.exit(f"A network could not be trained: {error}")

    # 3. The comparison.
    describe("A", scores["A"])
    describe("B", scores["B"])
    print(verdict(scores["A"], scores["B"]))
