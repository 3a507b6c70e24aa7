"""Draw images/one_weight.png, the way from one weight to the cost. Nobody needs to run this."""

from pathlib import Path

import matplotlib.pyplot as plt

from workshop import pictures

blue, orange, gray = "#0072b2", "#d55e00", "#bbbbbb"
columns = {1: 0.0, 2: 3.2, 3: 6.4, 4: 9.2}  # where each layer stands, and the cost
heights = {1: (3, 2, 1), 2: (3, 2, 1), 3: (3.5, 2.5, 1.5, 0.5)}
names = {
    1: ("", "$a^1_k$", ""),
    2: ("", "$z^2_j$  $a^2_j$", ""),
    3: ("$z^3_0$  $a^3_0$", "$z^3_1$  $a^3_1$", "...", "$z^3_9$  $a^3_9$"),
}

figure, ax = plt.subplots(figsize=(9, 4.2), dpi=90, layout="constrained")
arrow = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "mutation_scale": 16}


def half_width(layer, height):
    """Return how far a neuron's box reaches to the left and to the right of its middle."""
    if layer == 4:  # the cost has no box
        return 0.23
    name = names[layer][heights[layer].index(height)]
    return 0.42 if "z" in name else 0.23


def connect(layer, before, here, color, width):
    """Draw an arrow into a layer, from a neuron at height before to one at height here."""
    start = columns[layer - 1] + half_width(layer - 1, before)
    end = columns[layer] - half_width(layer, here)
    style = {**arrow, "color": color, "linewidth": width}
    ax.annotate("", (end, here), (start, before), arrowprops=style, zorder=1)


for layer in (2, 3):
    for before in heights[layer - 1]:
        for here in heights[layer]:
            connect(layer, before, here, gray, 0.8)
connect(2, 2, 2, orange, 3)
for here in heights[3]:
    connect(3, 2, here, blue, 2)
    connect(4, here, 2, blue, 2)

for layer in (1, 2, 3):
    for name, y in zip(names[layer], heights[layer]):
        ax.text(
            columns[layer],
            y,
            name if name else " ",
            ha="center",
            va="center",
            fontsize=14,
            zorder=2,
            bbox={
                "boxstyle": "round,pad=0.4",
                "facecolor": "white",
                "edgecolor": blue if name else gray,
            },
        )
ax.text(9.2, 2, "$C_x$", ha="center", va="center", fontsize=18)
paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}
ax.text(1.6, 2.16, "$w^2_{jk}$", ha="center", va="bottom", fontsize=16, color=orange, bbox=paper)
ax.text(4.6, 2.95, "$w^3_{ij}$", ha="center", va="bottom", fontsize=16, color=blue, bbox=paper)
for layer, title in ((1, "hidden layer 1"), (2, "hidden layer 2"), (3, "output, layer 3")):
    ax.text(columns[layer], 4.25, title, ha="center", fontsize=12)
ax.text(9.2, 4.25, "cost", ha="center", fontsize=12)
ax.set_xlim(-0.9, 9.7)
ax.set_ylim(0, 4.6)
ax.axis("off")

picture = Path(__file__).resolve().parent / "images" / "one_weight.png"
pictures.save(figure, picture, "The picture is")
