"""Write a file whole, or not at all."""

import contextlib
import os
import time
import uuid
from pathlib import Path


def write(path, content):
    """Put content into the file at path in one step.

    It is written under another name in the same folder first, and then takes the place of path.
    Whoever reads path, or stops this program, finds the old file or the new one, never a half.

    Parameters
    ----------
    path : str or Path
    content : bytes, or str, which is written as UTF-8, with the line ends that it has

    Raises OSError if it cannot be written; an earlier file is then as it was.
    """
    path = Path(path)
    temporary = path.with_name(f"{path.stem}.{uuid.uuid4().hex}.part")
    try:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        _replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _replace(temporary, path):
    """Let temporary take the place of path; Windows refuses while somebody is reading path."""
    for seconds in (0.1, 0.2, 0.4, 0.8):
        with contextlib.suppress(PermissionError):
            return os.replace(temporary, path)
        time.sleep(seconds)
    os.replace(temporary, path)
