"""Is this computer ready?"""

import re
import shutil
import subprocess
import sys
from importlib import metadata

from . import ACTIVATE, INSTALL, STEP, TOP
from .meanings import MEANINGS

PROOF = "import sklearn.neural_network, threadpoolctl, mnist; mnist.load()"


def problems_of_this_computer():
    """Return what is wrong with Python, the packages, the disk or the data: a list of sentences."""
    problems = []
    if sys.version_info < (3, 10):  # noqa: UP036, it is just what is asked here
        problems.append(f"This is Python {sys.version.split()[0]}; 3.10 or newer is needed.")
    for name, wanted in re.findall(
        r"^([\w-]+)>=([\d.]+)", (TOP / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    ):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            problems.append(f"The package {name} is missing.")
        else:
            if numbers(found) < numbers(wanted):
                problems.append(f"The package {name} is too old: {found}, and not {wanted}.")
    if problems and sys.prefix == sys.base_prefix and (TOP / ".venv").exists():
        problems.append(f"The environment is not active. Type this, and try again: {ACTIVATE}")
    elif problems:
        problems.append(f"This mends it (if not, do the quick start again): {INSTALL}")
    if shutil.disk_usage(TOP).free < 200e6:
        problems.append("The disk is nearly full: make 200 MB free.")
    if not problems:
        # From a step's folder, so that it is seen whether `import mnist` works there, too.
        proof = subprocess.run(
            [sys.executable, "-c", PROOF], cwd=STEP, stderr=subprocess.PIPE, text=True
        )
        if proof.returncode:
            last = proof.stderr.strip().splitlines()[-1]
            meanings = [sentence for pattern, sentence in MEANINGS if re.search(pattern, last)]
            problems += [f"The packages do not work: {last}", *meanings[:1]]
    return problems


def numbers(version):
    return [int(number) for number in re.findall(r"\d+", version)[:2]]
