"""Teach a single neuron to draw a line through ten points, by gradient descent.

Run it:

    python train_neuron.py

The neuron knows two numbers, a weight w and a bias b, and computes b + w x. Step by step it changes
both so that its line comes closer to the points. How far it goes in one step is the learning rate,
mu. Watch what three learning rates do, then change the numbers below and run it again.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import PillowWriter

from workshop import pictures  # missing? pip install -r requirements.txt

learning_rates = [0.001, 0.01, 0.1]  # mu, how far a step goes; try 0.005, 0.011 or 0.012
start_w = 1.0  # where the weight begins; try -3
start_b = 1.0  # where the bias begins; try 5
steps = 400  # how often w and b are changed; try 50 or 1000
steps_in_table = [0, 1, 2, 3, 4, 7, 17, 35, 56, 125, 356]  # the ones to print; try range(20)
steps_in_film = 30  # how many of them the film shows; try 60

if not learning_rates or steps < 1 or steps_in_film < 1:
    sys.exit("There must be at least one learning rate, one step, and one step in the film.")

# 1. The data: ten points, and the line that fits them best, to compare with.
x = np.array([-2.0, 3.7, 4.7, 1.0, 3.4, 1.9, 0.5, 3.7, -3.7, -1.4])
y = np.array(
    [
        4.416856407182695,
        0.47057967159614744,
        -0.29887819819469424,
        1.4013832483099857,
        0.4316035832132115,
        1.4101057523285265,
        2.0118609471559328,
        0.5242922714864773,
        5.620627159141899,
        3.494602189431038,
    ]
)
best_w, best_b = np.polyfit(x, y, 1)
best_cost = np.sum((best_b + best_w * x - y) ** 2)
print(f"The best line, by the method of least squares, is y = {best_w:.2f}x + {best_b:.2f}")
print(f"Its cost is {best_cost:.4g}. A line has arrived when its cost is within 1% of that.")

# 2. Learning: from the same start with each learning rate.
too_large = 1e100  # computers cannot count past 1e308, and the cost squares its numbers
paths = []  # for each learning rate: w, b and cost at each step
endings = []  # and how it ended
for mu in learning_rates:
    print(f"\nmu = {mu}\n step           w           b        cost")
    w = float(start_w)
    b = float(start_b)
    path = []
    for step in range(steps + 1):
        if abs(w) > too_large or abs(b) > too_large:
            print(f"Stopped at step {step}, where w = {w:.4g} and b = {b:.4g}.")
            print(f"With mu = {mu} the line gets worse and worse. Try a smaller mu, but above 0.")
            break
        error = b + w * x - y  # how far the line is above each of the ten points
        cost = np.sum(error**2)
        path.append([w, b, cost])
        if step in steps_in_table or step == steps:
            print(f"{step:5d}{w:12.4g}{b:12.4g}{cost:12.4g}")

        dw = np.sum(2 * x * error)  # the derivative of the cost with respect to w
        db = np.sum(2 * error)  # and with respect to b
        w = w - mu * dw
        b = b - mu * db
    path = np.array(path)
    arrived = path[:, 2] <= 1.01 * best_cost  # True or False, for each step
    if len(path) <= steps or cost > path[0, 2]:
        ending = "blows up"
    elif arrived[-1]:
        ending = f"arrived at step {arrived.argmax()}"  # argmax: where the first True is
    else:
        ending = f"not arrived by step {steps}"
    print(f"mu = {mu}: {ending}")
    paths.append(path)
    endings.append(ending)

# 3. Pictures, saved beside this script.
folder = Path(__file__).resolve().parent
blue, orange, grey = "#0072B2", "#D55E00", "#777777"  # colours that everybody can tell apart
plt.rcParams.update({"font.size": 13, "axes.spines.top": False, "axes.spines.right": False})
ends = np.array([-5.0, 6.0])  # the x where a line begins and ends


print()
figure, ax = plt.subplots(figsize=(7, 5), layout="constrained")
ax.set(xlabel="x", ylabel="y", title="The points", xlim=ends)
ax.set_ylim(y.min() - 1.5, y.max() + 1.5)
ax.plot(x, y, "o", color=blue, markersize=10)
pictures.save(figure, folder / "data.png", "The points are")

ax.vlines(x, y, best_b + best_w * x, color=grey, linewidth=2, zorder=1)
ax.plot(ends, best_b + best_w * ends, color=orange, linewidth=3, zorder=3)
ax.set_title(f"The best line: y = {best_w:.2f}x + {best_b:.2f}")
pictures.save(figure, folder / "regression_line.png", "The best line is")

# The cost is a landscape over w and b. Its logarithm shows the steep slopes and the flat valley.
all_w = np.linspace(min(start_w, best_w) - 2, max(start_w, best_w) + 2, 200)
all_b = np.linspace(min(start_b, best_b) - 2, max(start_b, best_b) + 2, 200)
landscape = np.zeros((200, 200))
for xi, yi in zip(x, y):
    landscape += (all_b[:, np.newaxis] + all_w * xi - yi) ** 2

columns = len(paths)
figure, axes = plt.subplots(
    1, columns, figsize=(4.5 * columns, 6), sharey=True, squeeze=False, layout="constrained"
)
for ax, mu, path, ending in zip(axes.flat, learning_rates, paths, endings):
    ax.contourf(all_w, all_b, np.log10(landscape), levels=15, cmap="Blues")
    near = path[abs(path[:, 0]) < 1000]  # lines from and to farther away would only cross it out
    ax.plot(near[:, 0], near[:, 1], "o-", color="black", markersize=5, linewidth=1)
    ax.plot(start_w, start_b, "s", color=orange, markersize=12)
    ax.plot(best_w, best_b, "*", color=orange, markersize=20)
    ax.set(xlabel="w", xlim=(all_w[0], all_w[-1]), ylim=(all_b[0], all_b[-1]))
    ax.set_title(f"mu = {mu}\n{ending}")
axes[0, 0].set_ylabel("b")
figure.suptitle("From the square to the star:\nthe lighter the colour, the lower the cost")
pictures.save(figure, folder / "learning_rates.png", "The way of each learning rate is")

# The film shows the learning rate that came closest.
closest = min(range(columns), key=lambda i: paths[i][-1, 2])
path = paths[closest][: steps_in_film + 1]
print("Drawing the film,", len(path), "frames...", flush=True)
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5))
left.set(xlabel="x", ylabel="y", xlim=ends, ylim=(y.min() - 6.5, y.max() + 3.5))
left.plot(x, y, "o", color=blue, markersize=8)
(line,) = left.plot(ends, ends, color=orange, linewidth=3)
right.set(xlabel="step", ylabel="cost")
right.plot(path[:, 2], color=grey)
(dot,) = right.plot([0], path[:1, 2], "o", color=orange, markersize=10)
figure.tight_layout(pad=2)
film = PillowWriter(fps=4)
film.setup(figure, folder / "learning.gif", dpi=72)
for step, (w, b, cost) in enumerate(path):
    line.set_ydata(b + w * ends)
    sticks = left.vlines(x, y, b + w * x, color=grey, zorder=1)
    left.set_title(f"step {step}: y = {w:.3g}x + {b:.3g}")
    dot.set_data([step], [cost])
    right.set_title(f"mu = {learning_rates[closest]}, cost {cost:.4g}")
    film.grab_frame()
    sticks.remove()
for _ in range(8):  # the last picture again, to rest on
    film.grab_frame()
try:
    film.finish()
    print("The film is in", folder / "learning.gif")
except OSError as error:
    print("learning.gif could not be saved:", error)
