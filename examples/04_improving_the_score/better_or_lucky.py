"""Better, or lucky? Train two sets of settings with five seeds each, and compare.

Run it:

    python better_or_lucky.py

A network starts with random weights, and looks at the images in a random order. Another seed gives
another score, although no setting was changed. So one run that scores a little more than another
proves nothing. Here five networks learn with the settings in process_digits.py, and five with a
second set, side by side on the cores of this computer. Ctrl-C stops them all.
"""

import multiprocessing
import os
import signal
import statistics
import sys
import time
import warnings
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

import mnist
from process_digits import classifier, divide_pixels_by

# 1. The two sets. A is what stands in process_digits.py, B is the same but for this:
changes = dict(learning_rate_init=0.5)  # one change or several; try dict(activation="relu")
passes = 10  # for both sets, so that you need not wait long; None: as many as process_digits.py
seeds = [0, 1, 2, 3, 4]  # one network of each set per seed; more seeds can tell smaller differences
processes = min(os.cpu_count() or 1, 5)  # networks that learn at once; each needs half a gigabyte


def train(settings, seed):
    """Train one network, and return its score on the held-out images, from 0 to 1."""
    images, labels, _, _ = mnist.load(dtype="float32")
    images /= settings.pop("divide_pixels_by", divide_pixels_by)
    network = clone(classifier).set_params(**settings, random_state=seed, verbose=False)
    warnings.simplefilter("ignore", ConvergenceWarning)  # that few passes are enough here is known
    with threadpool_limits(1):  # a network on each core: with two, they would wait for each other
        network.fit(images[:50000], labels[:50000])
        return network.score(images[50000:], labels[50000:])


def start_process():
    """Let Ctrl-C reach only the process that prints; it stops the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def describe(name, scores):
    """Print the scores of one set, their mean and their spread."""
    numbers = " ".join(f"{score:.4f}" for score in sorted(scores))
    mean, spread = statistics.mean(scores), statistics.stdev(scores)
    print(f"{name}: {numbers}  mean {mean:.4f}, spread {spread:.4f}")


def verdict(scores_a, scores_b):
    """Return in words whether B is better than A: if the means are further apart than the spreads.

    The spread of a set is its standard deviation: how far from the mean its scores usually are. If
    the means differ by more than both spreads together, it is hardly luck: with five seeds each,
    two equal sets would do so about once in 60 comparisons.
    """
    difference = statistics.mean(scores_b) - statistics.mean(scores_a)
    luck = statistics.stdev(scores_a) + statistics.stdev(scores_b)
    numbers = f"The means differ by {abs(difference):.4f}, the spreads add up to {luck:.4f}"
    if difference > luck:
        return f"{numbers}.\nVerdict: B is better than A."
    if difference < -luck:
        return f"{numbers}.\nVerdict: A is better than B."
    return f"{numbers}.\nVerdict: within luck. Nobody can say which is better."


if __name__ == "__main__":
    if len(seeds) < 2:
        sys.exit("seeds must be two or more: how far scores spread cannot be seen in one.")
    if "random_state" in changes:
        sys.exit("random_state is what seeds are for; change something else.")
    set_a = {} if passes is None else {"max_iter": passes}
    set_b = {**set_a, **changes}
    print("A: the settings in process_digits.py")
    print("B: the same, but for", changes)
    print(f"{2 * len(seeds)} networks to train, {processes} at a time ...", flush=True)

    scores = {"A": [], "B": []}
    start = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, start_process) as pool:
        try:
            waiting = {}
            for seed in seeds:
                waiting[pool.submit(train, set_a, seed)] = "A", seed
                waiting[pool.submit(train, set_b, seed)] = "B", seed
            while waiting:
                # It looks up once a second, since Windows notices Ctrl-C only in between.
                finished, _ = wait(waiting, timeout=1, return_when=FIRST_COMPLETED)
                for network in finished:
                    name, seed = waiting.pop(network)
                    scores[name].append(network.result())
                    seconds = time.perf_counter() - start
                    print(
                        f"{name} with seed {seed} scores {scores[name][-1]:.4f}"
                        f"  ({len(waiting)} to go, {seconds:.0f} s)",
                        flush=True,
                    )
        except (ValueError, TypeError, KeyboardInterrupt, BrokenProcessPool) as error:
            for process in multiprocessing.active_children():
                process.terminate()
            if isinstance(error, (ValueError, TypeError)):
                sys.exit(f"{name} with seed {seed} could not be trained: {error}")
            sys.exit("Stopped before all networks were trained.")

    describe("A", scores["A"])
    describe("B", scores["B"])
    print(verdict(scores["A"], scores["B"]))
