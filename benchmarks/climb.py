"""Follow the coach of step 04 from run to run: always its first advice, until it has none.

    python benchmarks/climb.py                                             from step 02's settings
    python benchmarks/climb.py activation='"relu"' learning_rate_init=5    from these
    python benchmarks/climb.py --broken                                    from each of BROKEN

It edits and runs a copy of the step, as people do, and reads what is printed.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEP = Path(__file__).resolve().parent.parent / "examples" / "04_improving_the_score"
MOST = 12  # runs
BROKEN = [
    dict(activation='"relu"', learning_rate_init="5"),
    dict(activation='"identity"', learning_rate_init="0.5"),
    dict(solver='"adam"', learning_rate_init="0.1"),
    dict(hidden_layer_sizes="(2,)"),
    dict(activation='"tanh"', divide_pixels_by="1"),
    dict(max_iter="1"),
    dict(batch_size="10000"),
    dict(alpha="100"),
    dict(solver='"lbfgs"', max_iter="3"),
]


def climb(start):
    """Follow the coach from some settings, a dict of Python source by name.

    Yield for each run: the settings just changed (a dict), the validation score (None if the run
    failed), the seconds that the whole run took, and what the coach saw.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "process_digits.py")
        for file in STEP.glob("*.py"):
            shutil.copy(file, folder)
        changes = start
        for _ in range(MOST):
            change(script, changes)
            began = time.perf_counter()
            process = subprocess.run(
                [sys.executable, script], capture_output=True, text=True, encoding="utf-8"
            )
            seconds = time.perf_counter() - began
            score = re.search(r"^This run scores (\S+?)[:.] ", process.stdout, re.MULTILINE)
            saw = re.search(r"^What I saw: (.*?)(?:^Try next|\Z)", process.stdout, re.M | re.S)
            saw = " ".join(saw[1].split()) if saw else process.stdout + process.stderr
            yield changes, score and float(score[1]), seconds, saw
            advice = re.search(r"^Try next: +(\w+) = (.+)$", process.stdout, re.MULTILINE)
            if not advice:
                return
            changes = {advice[1]: advice[2]}


def change(script, settings):
    """Set the settings in the script; one that does not stand there is added."""
    text = script.read_text(encoding="utf-8")
    for name, value in settings.items():
        pattern = rf"^( *{name} ?= ?).+?(,?)(  #.*)?$"
        text, count = re.subn(pattern, rf"\g<1>{value}\2\3", text, count=1, flags=re.MULTILINE)
        if not count:
            text = text.replace("MLPClassifier(\n", f"MLPClassifier(\n    {name}={value},\n", 1)
    script.write_text(text, encoding="utf-8")


def show(start):
    """Climb from these settings, and print each run."""
    total = 0
    best = 0
    for number, (changes, score, seconds, saw) in enumerate(climb(start), start=1):
        total += seconds
        best = max(best, score or 0)
        settings = ", ".join(f"{name}={value}" for name, value in changes.items())
        printed = "failed" if score is None else f"{score:.4f}"
        print(f"{number:2} {printed} {seconds:5.0f} s  {settings}\n      {saw}", flush=True)
    print(f"Best {best:.4f}, after {number} runs and {total:.0f} s\n", flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--broken"]:
        for start in BROKEN:
            show(start)
    else:
        given = dict(argument.split("=", 1) for argument in sys.argv[1:])
        show(given or {"divide_pixels_by": "1"})
