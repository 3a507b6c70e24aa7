"""Search for good settings: draw many by chance, train all a little, and the best ones more.

    python search.py                     on all cores of this computer
    python search.py --networks 27       fewer networks; --epochs and --seed can be given, too
    python search.py --test              at the end, score the best network on the test set
    python search.py --scheduler tls://192.168.0.5:8786     on all computers of the room

Whatever was trained is kept in results.sqlite beside this script, and not trained again. So you may
press Ctrl-C at any time: the next run goes on from there.
"""

import argparse
import os
import random
import sys
import time
from pathlib import Path

import cluster
import common
import mnist
import picture
import results
from halving import counted, draw, rounds
from training import VERSIONS, problem_with, train
from workshop import pictures  # missing? pip install -r requirements.txt

# 1. What to search: (lowest, highest) is a range, [one, another] are choices.
space = {
    "learning_rate_init": (0.0003, 1.0),  # the size of a step
    "hidden_layer_sizes": [(64,), (128,), (256,), (256, 128)],  # neurons in each hidden layer
    "activation": ["logistic", "tanh", "relu"],  # what a neuron does with its sum
    "solver": ["sgd", "adam"],  # how to learn
    "batch_size": [50, 100, 200, 500],  # images looked at for each step
    "alpha": (0.000001, 0.1),  # how strongly large weights are punished
}
networks = 81  # that begin; the best third goes on, until about nine are left; try 243
epochs = 18  # for those in the last round; try 27
minutes = None  # after so many, nothing more is begun; None: no limit, the seed decides everything
seed = 0  # where chance begins: the same number, the same search; try 1


def in_a_line(settings):
    """Return settings in one line, in the order of the space."""
    return " ".join(str(value).replace(" ", "") for value in settings.values())


def rank(result):
    """Return what results are sorted by: the score; of equals, who was drawn first comes first."""
    return result["score"], -result["number"]


def search(drawn, plan, seed, address, security):
    """Train the networks, round by round, and print a line as each has finished.

    Parameters
    ----------
    drawn : list of settings, one for each network
    plan : list of (networks, epochs), one for each round
    seed : int, for all networks
    address, security : of the scheduler that gives out the work

    Returns
    -------
    found : list of dict: number (of the network), epochs, score, seconds and computer
    """
    found = []
    epochs_left = sum(size * length for size, length in plan)
    epochs_done = 0
    start = time.monotonic()
    until = start + 60 * minutes if minutes else float("inf")
    going_on = range(len(drawn))
    for number_of_round, (size, length) in enumerate(plan, start=1):
        print(
            f"Round {number_of_round} of {len(plan)}:",
            f"{counted(size, 'network')}, {counted(length, 'epoch')} each.",
        )
        print("   done  score   best    left  worker    settings")
        jobs = {number: (drawn[number], length, seed) for number in going_on}
        kept = results.find(jobs, VERSIONS)
        new = {number: job for number, job in jobs.items() if number not in kept}
        epochs_left -= len(kept) * length
        if kept:
            print(f"Trained earlier, and kept: {len(kept)}", flush=True)
        this_round = [{"number": number, "epochs": length, **kept[number]} for number in kept]
        for number, result in cluster.train(new, address, security, until):
            results.add(jobs[number], result.pop("versions"), result)
            this_round.append({"number": number, "epochs": length, **result})
            epochs_done += length
            epochs_left -= length
            seconds = round((time.monotonic() - start) / epochs_done * epochs_left)
            best = max(found + this_round, key=rank)
            print(
                f"{len(this_round):4}/{size:<3} {result['score']:.4f} {best['score']:.4f}"
                f" {seconds // 60:4}:{seconds % 60:02}  {result['computer']:<8} ",
                in_a_line(drawn[number]),
                flush=True,
            )
        found += this_round
        if len(this_round) < size:
            print("The time is up.")
            break
        this_round.sort(key=rank, reverse=True)
        best_third = this_round[: size // 3]
        best_third.sort(key=lambda result: result["seconds"], reverse=True)  # the slowest go first
        going_on = [result["number"] for result in best_third]
    return found


# Dask's worker processes read this file, too; what follows is not for them.
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", type=common.at_least_one, default=networks)
    parser.add_argument("--epochs", type=common.at_least_one, default=epochs)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument(
        "--cores", type=common.at_least_one, default=os.cpu_count(), help="of this computer"
    )
    parser.add_argument("--scheduler", type=common.address, help="such as tls://192.168.0.5:8786")
    parser.add_argument("--key", type=Path, default=common.KEY, help="the folder of the room's key")
    parser.add_argument("--test", action="store_true", help="score the best on the test set")
    options = parser.parse_args()

    # 2. The draw. A slip in the space is better met now, with a sentence.
    chance = random.Random(options.seed)
    drawn = [draw(space, chance) for _ in range(options.networks)]
    for settings in drawn:
        if problem_with(settings):
            sys.exit(f"MLPClassifier refuses {in_a_line(settings)}: {problem_with(settings)}")

    # 3. The search.
    plan = rounds(options.networks, options.epochs)
    try:
        mnist.load()  # unpacks the images, if nobody has: once, and not in each worker
        with cluster.at(options.scheduler, options.key, options.cores) as (address, security):
            print("The settings stand in this order:")
            print(", ".join(space))
            found = search(drawn, plan, options.seed, address, security)
    except KeyboardInterrupt:
        sys.exit("Stopped. What was trained is kept: run this again, and it goes on from there.")
    except (RuntimeError, mnist.MNISTError) as error:
        sys.exit(str(error))

    if not found:
        sys.exit("The time was up before the first network was trained: give it more minutes.")

    # 4. What was found.
    found.sort(key=rank, reverse=True)
    print("The ten best, each with its best score:")
    print("score   epochs  settings")
    best_of_each = {}
    for result in found:
        best_of_each.setdefault(result["number"], result)
    for result in list(best_of_each.values())[:10]:
        print(f"{result['score']:.4f} {result['epochs']:7}  {in_a_line(drawn[result['number']])}")
    best = found[0]
    print("The lines for step 04, where MLPClassifier( stands:")
    for name, value in drawn[best["number"]].items():
        print(f"    {name}={value!r},")
    print(f"    max_iter={best['epochs']},")
    print(f"    random_state={options.seed},")

    # 5. A picture: the score against each setting.
    path = Path(__file__).resolve().with_name("search.png")
    rows = [(drawn[result["number"]], result["epochs"], result["score"]) for result in found]
    pictures.save(picture.draw(space, rows), path, "Which settings mattered is")

    # 6. The exam, for which there is only one try.
    if options.test:
        print("Training the best once more, for the test set ...", flush=True)
        job = drawn[best["number"]], best["epochs"], options.seed
        score, _ = train(*job, unlock_test_set=True)
        print("On the test set, which none of them has ever seen, it scores", score)
