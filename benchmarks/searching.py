"""Figures of step 10, searching together. Run it alone, on a computer that does nothing else:

    python benchmarks/searching.py scores     search, random search, step 04's ladder; five seeds
    python benchmarks/searching.py luck       the best of many, on images that chose it, and others
    python benchmarks/searching.py workers    one worker, then two: how much faster
    python benchmarks/searching.py dask       what Dask adds to each task
    python benchmarks/searching.py many       200 workers and 5,000 tasks that only sleep

scores takes about an hour on two cores, and goes on where it was stopped: what it has trained
is kept in the step's results.sqlite.
"""

import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from dask import config as dask_config
from distributed import Client, LocalCluster, get_worker

STEP = Path(__file__).resolve().parent.parent / "examples" / "10_searching_together"
sys.path.insert(0, str(STEP))
import cluster  # noqa: E402
import halving  # noqa: E402
import results  # noqa: E402
import search  # noqa: E402
import training  # noqa: E402

SEEDS = range(5)
WAYS = "search", "search in half the time", "random search", "ladder"
RELU = dict(solver="sgd", activation="relu", hidden_layer_sizes=(256,), learning_rate_init=0.1)
ADAM = {**RELU, "solver": "adam"}
LADDER = [  # the rows of step 04's ladder that may win, and their epochs
    (RELU, 10),
    ({**ADAM, "learning_rate_init": 0.001}, 10),
    ({**ADAM, "learning_rate_init": 0.01}, 10),
    ({**RELU, "batch_size": 1000}, 10),
    ({**RELU, "batch_size": 50}, 10),
    (RELU, 20),
]


def scores():
    """Print the validation and the test score of the best of each way to search, for each seed."""
    plan = halving.rounds(search.networks, search.epochs)
    all_epochs = sum(size * length for size, length in plan)
    in_full = all_epochs // search.epochs
    half = halving.rounds(search.networks, search.epochs // 2)
    print(f"{all_epochs} epochs: {plan}, or {in_full} networks in full.")
    print("Validation and test score of", *WAYS, sep=", ")
    rows = []
    for seed in SEEDS:
        with cluster.at(None, None, 2) as place:
            start = time.perf_counter()
            row = [best(search.networks, plan, seed, seed, place)]
            seconds = time.perf_counter() - start
            row.append(best(search.networks, half, seed, seed, place))
            row.append(best(in_full, [(in_full, search.epochs)], seed, 1000 + seed, place))
            row.append(best_of_ladder(seed, place))
        rows.append(row)
        words = "   ".join(f"{score:.4f} {test:.4f}" for score, test in row)
        print(f"seed {seed}: {words}   ({seconds:.0f} s)", flush=True)
    for name, column in zip(WAYS, np.array(rows).transpose(1, 0, 2)):
        print(name, "means", column.mean(axis=0), "lowest", column.min(axis=0))


def best(networks, plan, seed, chance_seed, place):
    """Search; return the validation score of the best, and its test score."""
    chance = random.Random(chance_seed)
    drawn = [halving.draw(search.space, chance) for _ in range(networks)]
    winner = max(search.search(drawn, plan, seed, *place), key=search.rank)
    test, _ = training.train(drawn[winner["number"]], winner["epochs"], seed, unlock_test_set=True)
    return winner["score"], test


def best_of_ladder(seed, place):
    """Train the upper rows of step 04's ladder; return the best row's scores, as best does."""
    jobs = {number: (*row, seed) for number, row in enumerate(LADDER)}
    found = results.find(jobs, training.VERSIONS)
    new = {number: job for number, job in jobs.items() if number not in found}
    for number, result in cluster.train(new, *place):
        results.add(jobs[number], result.pop("versions"), result)
        found[number] = result
    winner = max(found, key=lambda number: found[number]["score"])
    test, _ = training.train(*jobs[winner], unlock_test_set=True)
    return found[winner]["score"], test


def luck(networks=40, chosen_on=500):
    """Print how good the best of several equal networks looks, and how good it is.

    All have the same settings, and began with other random numbers. Each figure is the mean of
    2,000 draws: of the networks tried, and of the validation images that chose.
    """
    images, labels, _, _ = training.data()
    settings = {**RELU, "hidden_layer_sizes": (64,)}
    right = []  # for each network: which of the validation images it reads right
    for seed in range(networks):
        network = training.MLPClassifier(**settings, max_iter=5, random_state=seed)
        with training.warnings.catch_warnings(), training.threadpool_limits(1):
            training.warnings.simplefilter("ignore")
            network.fit(images[:50000], labels[:50000])
        right.append(network.predict(images[50000:]) == labels[50000:])
    right = np.array(right)
    chance = np.random.default_rng(0)
    print(f"the best of   on the {chosen_on} that chose it   on the others")
    for tried in (1, 5, 10, 20, networks):
        rows = []
        for _ in range(2000):
            some = chance.permutation(networks)[:tried]
            few = np.zeros(10000, dtype=bool)
            few[chance.permutation(10000)[:chosen_on]] = True
            winner = max(some, key=lambda network: right[network, few].sum())
            rows.append((right[winner, few].mean(), right[winner, ~few].mean()))
        on_few, on_others = np.mean(rows, axis=0)
        print(f"{tried:11} {on_few:22.4f} {on_others:15.4f}")


def workers():
    """Print the seconds of the same search with one worker and with two, each on one core.

    Counted from the beginning of the first round to the end of the last.
    """
    seconds = {}
    for cores in (1, 2, 1, 2):
        with tempfile.TemporaryDirectory() as folder:
            for file in STEP.glob("*.py"):
                shutil.copy(file, folder)
            command = [sys.executable, "search.py", "--networks", "27", "--cores", str(cores)]
            with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as run:
                for line in run.stdout:
                    if line.startswith("Round 1"):
                        start = time.perf_counter()
                    elif line.startswith("The ten best"):
                        seconds.setdefault(cores, []).append(time.perf_counter() - start)
            if run.returncode:
                sys.exit("The search failed: see above.")
    one, two = min(seconds[1]), min(seconds[2])
    print(f"one worker {one:.0f} s, two workers {two:.0f} s: {one / two:.2f} times as fast")


def task(topic, name, seconds):
    """Sleep in place of training, and report as training.report does."""
    time.sleep(seconds)
    get_worker().log_event(topic, {"name": name})


def hand_out(client, tasks, seconds):
    """Have tasks done that sleep for some seconds; return how long all of them took."""
    arrived = []
    topic = f"{tasks} of {seconds}"
    client.subscribe_topic(topic, arrived.append)
    start = time.perf_counter()
    futures = [client.submit(task, topic, i, seconds, key=f"{topic} {i}") for i in range(tasks)]
    while len(arrived) < tasks:
        time.sleep(0.002)
    del futures
    return time.perf_counter() - start


def dask():
    """Print what Dask adds to each task: a worker process that has nothing to do but to report."""
    with cluster.at(None, None, 1) as (address, security), Client(address, security=security) as it:
        it.wait_for_workers(1)
        one_by_one = sum(hand_out(it, 1, i * 1e-9) for i in range(100)) / 100
        at_once = hand_out(it, 2000, 0) / 2000
    print(f"one at a time {1000 * one_by_one:.1f} ms a task, 2,000 at once {1000 * at_once:.1f} ms")


def many(workers=200, tasks=5000):
    """Print how long tasks that sleep take in a room of many workers, and how long they might."""
    patience = {
        "distributed.comm.timeouts.connect": "300s",
        "distributed.scheduler.worker-ttl": None,
    }
    with (
        dask_config.set(patience),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=False,
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
            silence_logs=50,  # CRITICAL
        ) as here,
        Client(here, timeout=300) as client,
    ):
        client.wait_for_workers(workers)
        for seconds in (0, 0.1, 0.5, 1, 2, 5):
            ideal = tasks * seconds / workers
            taken = hand_out(client, tasks, seconds)
            print(
                f"{tasks} tasks of {seconds} s: {taken:.0f} s, at best {ideal:.0f} s"
                f" ({100 * ideal / taken:.0f}%), {tasks / taken:.0f} tasks a second",
                flush=True,
            )


if __name__ == "__main__":
    ways = {way.__name__: way for way in (scores, luck, workers, dask, many)}
    if sys.argv[1:] and set(sys.argv[1:]) <= set(ways):
        for name in sys.argv[1:]:
            ways[name]()
    else:
        sys.exit(__doc__)
