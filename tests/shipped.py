"""Write shipped.json: the SHA-256 of every script that people may edit, as it is shipped.

    python tests/shipped.py

Run it after each change of a script. By these, the tests know a script that somebody has edited.
"""

import json

from scripts import SHIPPED, TOP, fingerprint


def scripts():
    """Return the scripts of the workshop: those at the top, and those of the examples."""
    here = [TOP / name for name in ("guide.py", "mnist.py", "process_digits.py")]
    return [path for path in [*here, *sorted((TOP / "examples").rglob("*.py"))] if path.exists()]


if __name__ == "__main__":
    shipped = {path.relative_to(TOP).as_posix(): fingerprint(path) for path in scripts()}
    SHIPPED.write_text(json.dumps(shipped, indent=1) + "\n", encoding="utf-8")
