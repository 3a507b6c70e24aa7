"""What Windows does otherwise, as far as another system can show it, in every Python that starts.

    PYTHONPATH=$PWD/tests/as_on_windows python -m pytest

Python imports this file by its name. Text files get \\r\\n and, where no encoding is named, are
cp1252; a file that is open can be neither replaced nor renamed nor removed; what Windows has not is
not there; and what is printed must be in cp1252 and in cp437, the code pages of its consoles.
"""

import builtins
import codecs
import contextlib
import glob
import io
import os
import signal
import subprocess
import sys

# Text


class Encoder(codecs.IncrementalEncoder):
    def encode(self, text, final=False):
        for page in ("cp1252", "cp437"):
            text.encode(page, self.errors)
        return text.encode("utf-8")  # which the tests read


def console(name):
    if name == "windows_console":
        utf_8 = codecs.lookup("utf-8")
        return codecs.CodecInfo(utf_8.encode, utf_8.decode, incrementalencoder=Encoder, name=name)
    return None


def open_text(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, **more):
    if file == "/dev/null":
        raise FileNotFoundError(2, "No such file or directory", file)
    if "b" not in mode:
        encoding = "cp1252" if encoding in (None, "locale") else encoding
        newline = "\r\n" if newline is None and "r" not in mode else newline
    return io_open(file, mode, buffering, encoding, errors, newline, **more)


io_open = io.open
builtins.open = io.open = open_text
os.devnull = "/proc/self/root/dev/null"  # Windows has another name for it, too
codecs.register(console)
for stream in (sys.stdout, sys.stderr):
    if stream.encoding.lower() == "utf-8":
        stream.reconfigure(encoding="windows_console", newline="\r\n")

# Files that are open


def refuse_what_is_open(*paths):
    """Raise PermissionError if any process has one of these files, or one in this folder, open."""
    paths = [os.path.realpath(path) for path in paths]
    for link in glob.iglob("/proc/[0-9]*/fd/*"):
        try:
            opened = os.readlink(link)
        except OSError:
            continue
        if any(opened == path or opened.startswith(path + "/") for path in paths):
            raise PermissionError(13, "The process cannot access the file", opened)


def guarded(function):
    def call(*paths, **folders):
        if not folders:  # shutil.rmtree() gives them
            refuse_what_is_open(*paths)
        if function is os_rename and os.path.exists(paths[1]):
            raise FileExistsError(17, "The file exists", paths[1])
        return function(*paths, **folders)

    return call


os_rename = os.rename
for name in ("remove", "rename", "replace", "unlink"):
    setattr(os, name, guarded(getattr(os, name)))

# Processes


def send_signal(process, number):
    if number != signal.SIGTERM:
        raise ValueError(f"Unsupported signal: {number}")
    process.terminate()


def end(process):
    if process.poll() is None:
        os_kill(process.pid, 9)


os_kill = os.kill
os.kill = lambda pid, number: os_kill(pid, 9)  # whatever the number
subprocess.Popen.send_signal = send_signal
subprocess.Popen.kill = subprocess.Popen.terminate = end
del os.fork, os.killpg, signal.SIGKILL
with contextlib.suppress(ImportError):
    import psutil  # noqa: F401, it knows that this is Linux, and needs resource; nobody else gets it
sys.modules["resource"] = None
