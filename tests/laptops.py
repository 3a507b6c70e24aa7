"""A room of laptops for the tests of step 10: processes on 127.0.0.1, started as people do."""

import contextlib
import os
import re
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time

from scripts import copy_workshop, make_environment

import mnist

STEP = "examples/10_searching_together"
SMALL = ["--networks", 27, "--epochs", 9, "--seed", 3]
LINE = r"^ +\d+/\d+ +\d\.\d{4}"  # a network has finished


def make_quick(folder):
    text = (folder / "search.py").read_text(encoding="utf-8")
    text = re.sub(r'("hidden_layer_sizes":) .*?\],', r"\1 [(16,), (24,)],", text)
    text = re.sub(r'("batch_size":) .*?\],', r"\1 [200, 500],", text)
    (folder / "search.py").write_text(text, encoding="utf-8")


def found(output):
    """What a search has found: the table of the best, and the lines to paste."""
    return re.search(r"^The ten best, .*^ +random_state=\d+,$", output, re.M | re.S)[0]


class Room:
    """Processes of a room on 127.0.0.1, and what they print."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tls://127.0.0.1:{self.port}"

    def start(self, name, script, *arguments, cwd=None, python=sys.executable):
        with open(self.folder / f"{name}.txt", "ab") as file:
            self.processes[name] = subprocess.Popen(
                [str(python), "-u", script, *map(str, arguments)],
                cwd=cwd or self.folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def lead(self):
        self.start("lead", "lead.py", "--address", "127.0.0.1", "--port", self.port)
        self.wait("lead", "python join.py " + self.address, times=self.said("lead").count("Then"))

    def join(self, name, *options, **places):
        self.start(name, "join.py", self.address, "--name", name, *options, **places)

    def search(self, *options):
        self.start("search", "search.py", *SMALL, "--scheduler", self.address, *options)

    def said(self, name):
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / f"{name}.txt").read_text(encoding="utf-8")
        return ""

    def wait(self, name, pattern, times=1, seconds=240):
        """Wait until a process has said something so many times."""
        until = time.monotonic() + seconds
        while len(re.findall(pattern, self.said(name), re.M)) < max(times, 1):
            late = time.monotonic() > until or self.processes[name].poll() is not None
            assert not late, f"{pattern} not in:\n{self.said(name)[-3000:]}"
            time.sleep(0.1)

    def signal(self, name, number):
        """Send a signal to a process and all that it has started, as a terminal does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, number)

    def found(self):
        """What the search has found, when it has ended."""
        assert self.processes["search"].wait(300) == 0, self.said("search")[-3000:]
        return found(self.said("search"))

    def close(self):
        for name, process in self.processes.items():
            self.signal(name, signal.SIGKILL)
            process.wait()


class Relay(socketserver.ThreadingTCPServer):
    """Hands on what is said to a port and what it answers, and counts the bytes."""

    daemon_threads = True

    def __init__(self, target):
        self.target, self.count = target, 0
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def finish_request(self, caller, _):
        with socket.create_connection(("127.0.0.1", self.target)) as called:
            back = threading.Thread(target=self.hand_on, args=(called, caller), daemon=True)
            back.start()
            self.hand_on(caller, called)
            back.join()

    def hand_on(self, one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                self.count += len(data)
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


def workshop_of_its_own(folder):
    """A copy of what joins, with an environment of its own; return its Python."""
    copy_workshop(folder, STEP, "mnist.py", "workshop")
    (folder / "data").symlink_to(mnist._data_folder(), target_is_directory=True)
    return make_environment(folder)
