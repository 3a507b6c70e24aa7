"""Draw what a search has found: the score against each setting."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from halving import counted

LOWEST = 0.9  # scores below are drawn at this height
COLORS = ("0.75", "C0", "C1", "C2", "C3", "C4")


def draw(space, rows):
    """Return a figure of score against setting, one panel for each setting of the space.

    rows : list of (settings, epochs, score)
    """
    columns = 3
    lines = -(-len(space) // columns)  # rounded up
    size = (3.4 * columns, 3 * lines + 0.6)
    figure, axes = plt.subplots(
        lines, columns, figsize=size, sharey=True, squeeze=False, layout="constrained"
    )
    lengths = sorted({epochs for _, epochs, _ in rows})
    for ax in axes.flat[len(space) :]:
        ax.axis("off")
    for ax, (name, values) in zip(axes.flat, space.items()):
        for length, color in zip(lengths, COLORS):
            chosen = [row for row in rows if row[1] == length]
            if isinstance(values, tuple):
                xs = [settings[name] for settings, _, _ in chosen]
            else:
                xs = [values.index(settings[name]) for settings, _, _ in chosen]
            ys = [max(score, LOWEST) for _, _, score in chosen]
            name_of_row = counted(length, "epoch")
            ax.plot(xs, ys, "o", color=color, alpha=0.8, markersize=5, label=name_of_row)
        if isinstance(values, tuple):
            ax.set_xscale("log")
        else:
            ax.set_xticks(range(len(values)), [str(value) for value in values])
            ax.set_xlim(-0.5, len(values) - 0.5)
        ax.set_title(name)
        ax.grid(alpha=0.3)
    for ax in axes[:, 0]:
        ax.set_ylabel(f"score ({LOWEST} or less at the bottom)")
    handles, names = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper right", ncols=len(lengths))
    return figure
