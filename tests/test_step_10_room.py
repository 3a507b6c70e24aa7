"""Step 10 in a room: a scheduler, workers and a search on 127.0.0.1, and nothing breaks them."""

import os
import re
import shutil
import signal
import sqlite3
import time

import pytest
from laptops import LINE, SMALL, STEP, Relay, Room, found, make_quick, workshop_of_its_own
from scripts import TOP, replace, run

pytest.importorskip("distributed", reason="step 10 needs Dask: its README says how to install it")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals as on Linux and macOS"),
]


@pytest.fixture
def room(workshop):
    make_quick(workshop / STEP)
    room = Room(workshop / STEP)
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


def test_a_worker_killed_in_the_middle_loses_nothing(room, undisturbed):
    room.lead()
    room.join("anna", "--cores", 1)
    room.join("bert", "--cores", 1)
    room.wait("bert", "is ready")
    room.search()
    room.wait("search", LINE, times=4)
    room.signal("bert", signal.SIGKILL)
    assert room.found() == undisturbed


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
    assert f"Trained earlier, and kept: {len(lines)}\n" in room.said("search")
    assert total == 27 + 9


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


def test_only_who_has_the_key_gets_in(room, tmp_path):
    from distributed import Client, Security

    room.lead()
    room.start("maker", "-c", "import pathlib, common; common.make_key(pathlib.Path('other_key'))")
    assert room.processes["maker"].wait(60) == 0
    room.join("eve", "--key", "other_key")
    room.wait("eve", "refuses your key")
    room.search("--key", "other_key")
    assert room.processes["search"].wait(120) == 1
    assert "refuses your key: it is not the room's.\n" in room.said("search")
    room.join("none", "--key", "nowhere")
    assert room.processes["none"].wait(60) == 1
    assert "Ask whoever leads for the folder" in room.said("none")
    for security in (None, Security.temporary()):
        address = room.address if security else room.address.replace("tls", "tcp")
        with pytest.raises(OSError):
            Client(address, security=security, timeout=5, set_as_default=False)
    assert "eve-1" not in room.said("lead")
    if os.name != "nt":
        assert (room.folder / "room_key" / "member.pem").stat().st_mode & 0o077 == 0


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
        "lead",
        "carl-1 joins: .*\n  but gets no work: it has mnist.py .*, where this computer has mnist",
    )
    room.wait("carl", "You will get no work: the room has mnist.py")
    room.search()
    room.wait("search", LINE, times=12)
    room.signal("bert", signal.SIGKILL)
    room.found()
    room.wait("lead", "^bert-1 leaves: 2 cores in the room")
    said = room.said("search")
    assert "carl-1 gets no work: it has mnist.py" in said
    assert " anna-1 " in said and " bert-1 " in said and not re.search(LINE + ".* carl", said, re.M)


def test_a_worker_that_came_back_with_other_code_gets_no_work(room):
    """The scheduler, and who searches, have the code as it was; anna edits hers, and is killed."""
    psutil = pytest.importorskip("psutil")
    anna = room.folder.parent / "annas"
    shutil.copytree(room.folder, anna)
    room.lead()
    room.join("anna", "--cores", 1, "--key", room.folder / "room_key", cwd=anna)
    room.wait("anna", "is ready")
    replace(anna / "training.py", "    return float(score)", "    return 0.4242")
    everything = psutil.Process(room.processes["anna"].pid).children(recursive=True)
    (worker,) = [p for p in everything if "spawn_main" in " ".join(p.cmdline())]
    worker.kill()
    room.wait("lead", "anna-1 joins: .*\n  but gets no work: it has training.py", seconds=60)
    room.search()
    room.wait("search", "anna-1 gets no work: it has training.py .*, where this computer has")
    room.wait("search", "Nobody else has joined yet.")
    room.join("bert", "--cores", 1)
    room.found()
    assert "0.4242" not in room.said("search")


def test_a_comment_that_is_saved_during_a_search_stops_nothing(room):
    room.start("search", "search.py", *SMALL, "--cores", 2)
    room.wait("search", LINE, times=2)
    with open(room.folder / "training.py", "a", encoding="utf-8") as file:
        file.write("# a thought\n")
    room.found()
    results = sqlite3.connect(room.folder / "results.sqlite")
    assert results.execute("SELECT COUNT(DISTINCT versions) FROM results").fetchone() == (1,)


def test_a_leader_that_may_open_few_files_says_how_many_cores_fit(room):
    """With 32 files, fourteen cores are too many: what cannot come in is not told for ever."""
    import resource

    few = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32)); "
    few += "sys.argv[0] = 'lead.py'; runpy.run_path('lead.py', run_name='__main__')"
    room.start("lead", "-c", few, "--address", "127.0.0.1", "--port", room.port)
    room.wait("lead", "This computer may open 32 files: about 6 cores can join.")
    room.wait("lead", "python join.py")
    room.join("anna", "--cores", 14)
    room.wait("lead", "joins", times=4)
    time.sleep(5)
    assert len(room.said("lead").splitlines()) < 100
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 32


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


def test_who_joins_need_not_be_called_so_no_firewall_stops_them(room):
    with open(room.folder / "training.py", "a", encoding="utf-8") as file:
        file.write("    for listener in worker.listeners:\n        listener.stop()\n")
    room.lead()
    room.join("anna", "--cores", 1)
    room.start("search", "search.py", "--networks", 4, "--epochs", 1, "--scheduler", room.address)
    assert room.found()
