"""Nine networks on a grid, and nine by chance: how many learning rates does each of them try?

    python draw_chance.py

Two settings are searched. One matters much, the learning rate, and one hardly, alpha; only, nobody
knows that before. It trains some forty small networks and draws chance.png beside this script.
"""

import random
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from halving import draw
from training import train
from workshop import pictures  # missing? pip install -r requirements.txt

space = {"learning_rate_init": (0.001, 1), "alpha": (0.000001, 0.01)}
epochs = 2  # for each network; try 5
seed = 0  # where chance begins; try 1


def score(learning_rate, alpha):
    """Train a small network, and return its score on the validation images."""
    settings = {"learning_rate_init": learning_rate, "alpha": alpha}
    settings |= {"solver": "sgd", "activation": "relu", "hidden_layer_sizes": (64,)}
    return train(settings, epochs, seed)[0]


# 1. What nobody knows before the search: the score at each learning rate.
print("Training small networks ...", flush=True)
rates = np.geomspace(0.001, 1, 16)
curve = [score(rate, 0.0001) for rate in rates]

# 2. Nine tries on a grid: three learning rates, each with three alphas. And nine tries by chance.
grid = [(rate, alpha) for rate in (0.001, 0.03, 1) for alpha in (0.000001, 0.0001, 0.01)]
chance = random.Random(seed)
drawn = [tuple(draw(space, chance).values()) for _ in range(9)]

# 3. The picture: below, what was tried; above, what it scored.
figure, axes = plt.subplots(
    2, 2, figsize=(9, 6), sharex=True, sharey="row", height_ratios=[1, 1.2], layout="constrained"
)
for column, name, tries in ((0, "On a grid", grid), (1, "By chance", drawn)):
    scores = [score(*settings) for settings in tries]
    different = len({rate for rate, _ in tries})
    print(f"{name}: nine networks, {different} learning rates, the best scores {max(scores):.4f}")
    above, below = axes[:, column]
    above.plot(rates, curve, color="0.7")
    for (rate, alpha), result in zip(tries, scores):
        above.plot([rate, rate], [0, result], color="C0", linewidth=0.8)
        above.plot(rate, result, "o", color="C0")
        below.plot(rate, alpha, "o", color="C1")
        below.axvline(rate, color="C0", linewidth=0.8)
    above.set(title=f"{name}: {different} learning rates", xscale="log", ylim=(0.8, 1))
    below.set(xlabel="learning rate (matters)", yscale="log")
axes[0, 0].set_ylabel("score")
axes[1, 0].set_ylabel("alpha (hardly matters)")
path = Path(__file__).resolve().with_name("chance.png")
pictures.save(figure, path, "What each of them tried is")
