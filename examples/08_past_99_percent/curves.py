"""Keep the scores of each run in a file of its own, and draw those of all runs in one picture.

    keep(folder, settings, scores)   writes scores_amount_0.5_seed_0_4711.txt, or another name
    draw(folder)                     returns a figure with the scores of all runs

A file holds JSON: {"settings": {"amount": 0.5, "seed": 0, ...}, "scores": [0.96, 0.97, ...]}. The
number at the end of its name is made from the settings. So the same run again has the same file,
and no other run can overwrite it. Delete the files that you no longer want to see.
"""

import json
import zlib
from pathlib import Path

import matplotlib.pyplot as plt

from workshop import files


def keep(folder, settings, scores):
    """Write the scores of a run, one an epoch, into the folder; raises OSError if it cannot."""
    text = json.dumps({"settings": settings, "scores": scores}, indent=1)
    number = zlib.crc32(json.dumps(settings).encode())
    name = f"scores_amount_{settings['amount']}_seed_{settings['seed']}_{number}.txt"
    files.write(Path(folder) / name, text)


def read_all(folder):
    """Return the runs that are kept in the folder: a list of (settings, scores)."""
    runs = []
    for path in sorted(Path(folder).glob("scores_*.txt")):
        try:
            run = json.loads(path.read_text(encoding="utf-8"))
            runs.append((dict(run["settings"]), [float(score) for score in run["scores"]]))
        except (OSError, ValueError, TypeError, KeyError):
            print(path.name, "is not drawn: it holds no scores of this step.")
    return runs


def label(settings, runs):
    """Return what tells this run from the others: the settings that differ, in one line."""
    differing = [
        name for name in settings if any(settings[name] != other.get(name) for other, _ in runs)
    ]
    return ", ".join(f"{name} {settings.get(name)}" for name in differing or ["amount"])


def draw(folder):
    """Return a figure with the scores of all runs that are kept in the folder."""
    runs = read_all(folder)
    figure, ax = plt.subplots(figsize=(7, 4.5 + 0.2 * len(runs)), layout="constrained")
    for settings, scores in runs:
        ax.plot(range(1, len(scores) + 1), scores, "o-", label=label(settings, runs))
    # Close to the best: a run that was stopped early, or went wrong, must not flatten the others.
    best = max((max(scores) for _, scores in runs if scores), default=1)
    ax.set_ylim(best - 0.03, best + 0.002)
    ax.set(xlabel="epoch (pass over the training images)", ylabel="score on the validation images")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(alpha=0.3)
    figure.legend(loc="outside lower center", fontsize="small")
    return figure
