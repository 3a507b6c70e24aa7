"""Step 10: settings are searched on one computer or many, and nothing that breaks loses a result.

The slow tests start a scheduler, workers and searches as people do, on 127.0.0.1, and harm them.
"""

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
import venv

import pytest
from scripts import TOP, assert_drawn, edit, run, run_here

import mnist

pytest.importorskip("distributed", reason="step 10 needs Dask: its README says how to install it")
STEP = "examples/10_searching_together"
SMALL = ["--networks", 27, "--epochs", 9, "--seed", 3]
sys.path.insert(0, str(TOP / STEP))
import halving  # noqa: E402

sys.path.pop(0)
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as on Linux and macOS")


@pytest.fixture
def step(workshop):
    """The step's folder in a copy of the workshop, with a space of small, quick networks."""
    folder = workshop / STEP
    make_quick(folder)
    return folder


def make_quick(folder):
    text = (folder / "search.py").read_text(encoding="utf-8")
    text = re.sub(r'("hidden_layer_sizes":) .*?\],', r"\1 [(16,), (24,)],", text)
    text = re.sub(r'("batch_size":) .*?\],', r"\1 [200, 500],", text)
    (folder / "search.py").write_text(text, encoding="utf-8")


def found(output):
    """What a search has found: the table of the best, and the lines to paste."""
    return re.search(r"^The ten best:\n.*^ +random_state=\d+,$", output, re.M | re.S)[0]


# The plan


def test_each_round_costs_the_same_and_the_last_has_nine():
    assert halving.rounds(81, 18) == [(81, 2), (27, 6), (9, 18)]
    assert halving.rounds(243, 27) == [(243, 1), (81, 3), (27, 9), (9, 27)]
    assert halving.rounds(9, 18) == [(9, 18)] and halving.rounds(1, 1) == [(1, 1)]
    assert halving.rounds(100, 3) == [(100, 1), (33, 1), (11, 3)]


def test_ranges_are_drawn_so_that_each_tenfold_is_as_likely():
    space = {"alpha": (0.001, 10), "solver": ["sgd", "adam"]}
    chance = random.Random(0)
    drawn = [halving.draw(space, chance) for _ in range(2000)]
    for lowest in (0.001, 0.01, 0.1, 1):
        assert 420 < sum(lowest <= settings["alpha"] < 10 * lowest for settings in drawn) < 580
    assert {settings["solver"] for settings in drawn} == {"sgd", "adam"}
    again = random.Random(0)
    assert drawn == [halving.draw(space, again) for _ in range(2000)]


# On this computer


def test_a_search_ends_with_lines_to_paste_and_the_next_trains_nothing_twice(step):
    options = ["--networks", 2, "--epochs", 1, "--cores", 1]
    first = run("search.py", *options, cwd=step)
    assert first.returncode == 0, first.stderr
    assert_drawn(step / "search.png")
    assert "Round 1 of 1: 2 networks, 1 epochs each." in first.stdout
    for line in ("    solver='", "    max_iter=1,", "    random_state=0,"):
        assert line in found(first.stdout)
    assert max(map(len, first.stdout.splitlines()[:-1])) <= 80


def test_a_slip_in_the_space_is_met_at_once(step):
    edit(step / "search.py", networks=2)
    text = (step / "search.py").read_text(encoding="utf-8")
    (step / "search.py").write_text(text.replace('"adam"', '"adan"'), encoding="utf-8")
    arguments, sys.argv = sys.argv, ["search.py", "--networks", "9"]
    try:
        output, ending = run_here(step / "search.py")
    finally:
        sys.argv = arguments
    assert "MLPClassifier refuses" in ending and "'adan'" in ending
    assert "Round" not in output


# In a room


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


@pytest.fixture
def room(step):
    room = Room(step)
    yield room
    room.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What a search finds that nobody disturbs."""
    folder = tmp_path_factory.mktemp("undisturbed") / "step"
    shutil.copytree(TOP / STEP, folder, ignore=shutil.ignore_patterns("*.sqlite*", "room_key"))
    make_quick(folder)
    result = run("search.py", *SMALL, "--cores", 2, cwd=folder)
    assert result.returncode == 0, result.stderr
    return found(result.stdout)


LINE = r"^ +\d+/\d+ +\d\.\d{4}"  # a network has finished


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing(room, undisturbed):
    room.lead()
    room.join("anna", "--cores", 1)
    room.join("bert", "--cores", 1)
    room.wait("bert", "is ready")
    room.search()
    room.wait("search", LINE, times=4)
    room.signal("bert", signal.SIGKILL)
    assert room.found() == undisturbed


@pytest.mark.slow
def test_a_worker_that_hangs_loses_nothing_and_may_come_back(room, undisturbed):
    room.lead()
    room.join("anna", "--cores", 1)
    room.join("bert", "--cores", 1)
    room.wait("anna", "is ready")
    room.wait("bert", "is ready")
    room.search()
    room.wait("search", LINE + r".* bert-1 ", times=2)
    room.signal("bert", signal.SIGSTOP)  # as if the lid were closed
    assert room.found() == undisturbed
    room.signal("bert", signal.SIGCONT)
    room.wait("bert", "is ready", times=2)


@pytest.mark.slow
def test_the_search_can_be_stopped_and_the_next_goes_on(room, undisturbed):
    room.lead()
    room.join("anna", "--cores", 2)
    room.search()
    room.wait("search", LINE, times=5)
    room.signal("search", signal.SIGINT)
    assert room.processes["search"].wait(60) == 1
    assert "What was trained is kept" in room.said("search")
    assert "Traceback" not in room.said("search")
    lines = re.findall(LINE, room.said("search"), re.M)
    room.search()
    assert room.found() == undisturbed
    total = len(re.findall(LINE, room.said("search"), re.M))
    assert f"{len(lines)} of them were trained earlier." in room.said("search")
    assert total == 27 + 9


@pytest.mark.slow
def test_the_scheduler_can_be_killed_and_started_again(room, undisturbed):
    room.lead()
    room.join("anna", "--cores", 2)
    room.search()
    room.wait("search", LINE, times=5)
    room.signal("lead", signal.SIGKILL)
    room.wait("search", "calling it again")
    room.lead()
    assert room.found() == undisturbed
    room.signal("anna", signal.SIGINT)  # and whoever wants the computer back, gets it back
    assert room.processes["anna"].wait(30) == 1
    assert room.said("anna").endswith("Your computer is yours again.\n")
    assert "Traceback" not in room.said("anna")


@pytest.mark.slow
def test_only_who_has_the_key_gets_in(room, tmp_path):
    from distributed import Client, Security

    room.lead()
    room.start("maker", "-c", "import pathlib, room; room.make_key(pathlib.Path('other_key'))")
    assert room.processes["maker"].wait(60) == 0
    room.join("eve", "--key", "other_key")
    room.wait("eve", "refuses your key")
    room.join("none", "--key", "nowhere")
    assert room.processes["none"].wait(60) == 1
    assert "Ask whoever leads for the folder" in room.said("none")
    for security in (None, Security.temporary()):
        address = room.address if security else room.address.replace("tls", "tcp")
        with pytest.raises(OSError):
            Client(address, security=security, timeout=5, set_as_default=False)
    assert "eve" not in room.said("lead")
    if os.name != "nt":
        assert (room.folder / "room_key" / "member.pem").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_two_folders_search_together_and_who_has_other_versions_gets_no_work(room, tmp_path):
    """Each folder has its own environment; one worker is killed, a third differs and is named."""
    room.lead()
    key = ["--cores", 1, "--key", room.folder / "room_key"]
    for name in ("anna", "bert", "carl"):
        python = workshop_of_its_own(tmp_path / name)
        if name == "carl":
            with open(tmp_path / name / "mnist.py", "a", encoding="utf-8") as file:
                file.write("# my own line\n")
        room.join(name, *key, cwd=tmp_path / name / STEP, python=python)
    room.wait(
        "lead", "carl-1 joins: .*\n  but gets no work: it has mnist.py .*, where we have mnist"
    )
    room.wait("carl", "You will get no work: the room has mnist.py")
    room.search()
    room.wait("search", LINE, times=12)
    room.signal("bert", signal.SIGKILL)
    room.found()
    said = room.said("search")
    assert "carl-1 gets no work: it has mnist.py" in said
    assert " anna-1 " in said and " bert-1 " in said and not re.search(LINE + ".* carl", said, re.M)


def workshop_of_its_own(folder):
    """A copy of what joins, with an environment of its own; return its Python."""
    shutil.copytree(TOP / STEP, folder / STEP, ignore=shutil.ignore_patterns("*.sqlite*"))
    shutil.copy(TOP / "mnist.py", folder)
    venv.create(folder / ".venv")
    packages = next((folder / ".venv").glob("lib/python*/site-packages"))
    places = [str(folder), *(path for path in sys.path if path.endswith("site-packages"))]
    (packages / "borrowed.pth").write_text("\n".join(places), encoding="utf-8")
    data = mnist._data_folder()
    (folder / "data").symlink_to(data, target_is_directory=True)
    return folder / ".venv" / "bin" / "python"


@pytest.mark.slow
def test_at_most_ten_kilobytes_travel_for_each_network(room):
    """A relay between the scheduler and all others counts them, encryption included."""
    room.lead()
    with Relay(room.port) as relay:
        room.port, room.address = relay.port, f"tls://127.0.0.1:{relay.port}"
        room.join("anna", "--cores", 1)
        room.wait("anna", "is ready")
        room.search()
        room.wait("search", LINE, times=1)
        before = relay.count
        room.wait("search", LINE, times=21)
        assert (relay.count - before) / 20 < 10_000
