"""How often does step 04's better_or_lucky.py call two sets better or worse that are the same?

    python benchmarks/lucky.py [NETWORKS]

It trains networks that differ in their seeds only (60, without a number), and keeps their scores.
Then it draws, 2000 times, two lots of five scores, and asks for the verdict.
"""

import random
import statistics
import sys
import warnings
from pathlib import Path

from sklearn.exceptions import ConvergenceWarning

import mnist

STEP = Path(__file__).resolve().parent.parent / "examples" / "04_improving_the_score"
SETTINGS = dict(learning_rate_init=0.1, max_iter=10)  # set A of the step's page
SEEDS, DRAWS = 5, 2000


def told_apart(verdict, scores):
    """Return the share of draws of two lots, from the same scores, that the verdict parts."""
    chance = random.Random(0)
    apart = 0
    for _ in range(DRAWS):
        drawn = chance.sample(scores, 2 * SEEDS)
        apart += "is better than" in verdict(drawn[:SEEDS], drawn[SEEDS:])
    return apart / DRAWS


if __name__ == "__main__":
    sys.path.insert(0, str(STEP))
    import better_or_lucky

    warnings.simplefilter("ignore", ConvergenceWarning)
    images, labels, _, _ = mnist.load("float32")
    images /= 255
    scores = []
    for seed in range(int(sys.argv[1]) if sys.argv[1:] else 60):
        _, _, score = better_or_lucky.train("A", seed, SETTINGS, images, labels)
        scores.append(score)
        print(f"seed {seed}: {score:.4f}", flush=True)
    print(f"{min(scores):.4f} to {max(scores):.4f}, spread {statistics.stdev(scores):.4f}")
    print(f"Told apart: {told_apart(better_or_lucky.verdict, scores):.1%} of {DRAWS} draws")
