"""Train one network, and report how it scores: what each computer that helps does.

Nothing but settings comes in, and nothing but a score goes out: the images are read from this
computer's own copy of the workshop.
"""

import functools
import hashlib
import signal
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
from distributed import get_worker
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import mnist


def _versions():
    """Return, in one line, what must be the same on all computers that search together.

    Of mnist.py and of this file it gives the beginning of their SHA-256, whatever their line ends.
    """
    parts = []
    for file in (mnist.__file__, __file__):
        text = Path(file).read_text(encoding="utf-8")
        parts.append(f"{Path(file).name} {hashlib.sha256(text.encode()).hexdigest()[:8]}")
    for package in ("scikit-learn", "numpy", "distributed"):
        parts.append(f"{package} {version(package)}")
    return ", ".join(parts)


VERSIONS = _versions()  # once, of what this process has imported, whatever is saved later


@functools.cache
def data():
    """Return the images, with pixels from 0 to 1, and the labels; read once by each worker."""
    images, labels, test_images, test_labels = mnist.load(dtype="float32")
    images /= 255
    test_images /= 255
    return images, labels, test_images, test_labels


def train(settings, epochs, seed, unlock_test_set=False):
    """Train one network on 50,000 images, and return its score on the other 10,000.

    Parameters
    ----------
    settings : dict of what MLPClassifier takes
    epochs : int, at most
    seed : int, where chance begins
    unlock_test_set : bool, score it on the test set in place of the validation images

    Returns
    -------
    score : float from 0 to 1; 0.0 if the weights grew beyond every number
    seconds : float, how long it took
    """
    images, labels, test_images, test_labels = data()
    classifier = MLPClassifier(**settings, max_iter=epochs, random_state=seed)
    start = time.perf_counter()
    with warnings.catch_warnings(), np.errstate(all="ignore"), threadpool_limits(1):
        warnings.simplefilter("ignore")  # most networks are meant to end early, and some blow up
        try:
            classifier.fit(images[:50000], labels[:50000])
        except ValueError as error:
            if "non-finite" not in str(error):
                raise
            return 0.0, time.perf_counter() - start
        if unlock_test_set:
            score = classifier.score(test_images, test_labels)
        else:
            score = classifier.score(images[50000:], labels[50000:])
    return float(score), time.perf_counter() - start


def problem_with(settings):
    """Say in a sentence why MLPClassifier does not take these settings; "" if it does."""
    try:
        classifier = MLPClassifier(**{**settings, "max_iter": 1})
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            classifier.fit(np.zeros((10, 4)), range(10))
    except (ValueError, TypeError) as error:
        return "" if "non-finite" in str(error) else str(error)
    return ""


def report(topic, name, settings, epochs, seed):
    """Train one network, and tell whoever listens to the topic how it went: what a worker is given.

    A result that a task returns stays with the worker until it is fetched, and for that somebody
    must be able to call the worker, which firewalls forbid. An event goes out at once, on the line
    by which the work came in.
    """
    score, seconds = train(settings, epochs, seed)
    worker = get_worker()
    event = {"name": name, "score": score, "seconds": seconds, "computer": str(worker.name)}
    worker.log_event(topic, {**event, "versions": VERSIONS})


def dask_setup(worker):
    """Prepare a worker process, before it gets work: Dask calls this, and the name is Dask's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started it
    # Work is given to those who have the same versions. A process that had to be started again
    # may have read another file than the one before it, so each says what it has itself.
    worker.state.total_resources[VERSIONS] = 1
    worker.state.available_resources[VERSIONS] = 1
    data()
