"""Step 11's board, asked as phones and laptops ask it; attacked, killed, with a full disk."""

import contextlib
import io
import os
import pickle
import re
import secrets
import socket
import time
import zipfile

import numpy as np
import pytest
import requests
from boards import STEP, Board, free_port, network_bytes
from scripts import TOP, WINDOWS, copy_workshop, run

import mnist

for package in ("flask", "waitress", "segno"):
    pytest.importorskip(package, reason=f"step 11 needs {package}; its README installs it")

ANNA, BERT = "a" * 32, "b" * 32  # tokens


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    return copy_workshop(tmp_path_factory.mktemp("workshop"), "examples")


@pytest.fixture
def folder(examples):
    """The step's folder, in which no board has kept anything."""
    (examples / STEP / "room.sqlite").unlink(missing_ok=True)
    return examples / STEP


@pytest.fixture
def board(folder):
    board = Board(folder)
    yield board
    board.kill()


@pytest.fixture(scope="module")
def digits():
    """Images and labels of MNIST's test set."""
    return mnist.load()[2:]


def sentence(response, status):
    assert response.status_code == status, response.text
    return response.json()["sentence"]


# Drawings


def test_a_drawing_counts_once_however_often_it_is_sent(board, digits):
    image, label = digits[0][0], digits[1][0]
    for _ in range(3):
        assert board.draw(label, image, drawing_id="1" * 32).ok
    assert board.draw(label, image, name="bert", token=BERT).ok
    state = board.state()
    assert (state["drawings"], state["hands"], state["leader"]) == (2, 2, False)
    sheet = board.get("sheet.json", board.leader).json()
    assert [drawing["digit"] for drawing in sheet["drawings"]] == [label, label]


def test_only_784_pixels_with_some_ink_are_a_drawing(board):
    good = [0] * 783 + [255]
    wrong = [good[1:], [*good, 0], [0] * 784, [256, *good[1:]], [-1, *good[1:]]]
    wrong += [[0.5, *good[1:]], [True, *good[1:]], ["1", *good[1:]], "0" * 784, None, {}]
    entry = {"name": "anna", "token": ANNA, "id": ANNA, "digit": 7}
    for pixels in wrong:
        assert sentence(board.post("drawings", **entry, pixels=pixels), 400)
    for part in ({"digit": 10}, {"digit": "7"}, {"id": "../x"}, {"token": ""}, {"name": 3}):
        assert sentence(board.post("drawings", **{**entry, "pixels": good, **part}), 400)
    assert sentence(requests.post(f"{board.address}/drawings", data=b"no JSON"), 400)
    assert board.state()["drawings"] == 0


def test_a_name_belongs_to_who_took_it_first(board, digits, tmp_path):
    image = digits[0][0]
    assert board.post("hands", name=" anna ", token=ANNA).ok
    assert board.post("hands", name="anna", token=ANNA).ok
    assert "is called Anna already" in sentence(board.post("hands", name="Anna", token=BERT), 409)
    assert sentence(board.draw(7, image, "ANNA", BERT), 409)
    for name in ("", " ", "a" * 21, "a\nb\x07", "a\u202eb"):
        assert "1 to 20" in sentence(board.post("hands", name=name, token=BERT), 400)
    network = network_bytes(tmp_path)
    assert board.hand_in(network, "anna", BERT).ok  # a laptop's name is not a phone's
    assert "already" in sentence(board.hand_in(network, "anna", ANNA), 409)


def test_a_phone_may_send_40_drawings(board, digits):
    for image, label in zip(digits[0][:40], digits[1]):
        assert board.draw(label, image).ok
    assert "enough" in sentence(board.draw(0, digits[0][40]), 409)
    assert board.state()["drawings"] == 40


# Networks


def test_the_board_measures_and_keeps_the_best_of_each_name(board, tmp_path):
    images, labels = (part[50000:] for part in mnist.load()[:2])
    one = {"weights": [np.zeros((784, 10))], "biases": [np.eye(10)[1]]}  # always 1
    nine = {"weights": [np.zeros((784, 10))], "biases": [np.eye(10)[9]]}
    network = network_bytes(tmp_path, **one)
    result = board.result(board.hand_in(network).json()["number"])
    score = float((labels == 1).mean())
    expected = {"validation": score, "best": score, "place": 1, "of": 1, "refused": None}
    assert result == expected and len(images) == 10000
    assert "Wait for 5 seconds" in sentence(board.hand_in(network), 409)
    board.result(board.hand_in(network_bytes(tmp_path, **nine), "bert", BERT).json()["number"])
    state = board.state()
    assert [(row["name"], row["place"], row["weights"]) for row in state["networks"]] == [
        ("anna", 1, 7850),
        ("bert", 2, 7850),
    ]
    assert (
        state["last"].startswith("Just in: bert with 0.09") and "New, in place 2" in state["last"]
    )
    time.sleep(5)
    worse = board.result(board.hand_in(network_bytes(tmp_path, **nine)).json()["number"])
    assert worse["best"] == score and worse["place"] == 1
    assert "Their best is still 0.10" in board.state()["last"]


class Code:
    def __reduce__(self):
        return os.system, ("touch ran",)


def attacks(folder):
    """Files that are no networks, and what the board says of each."""

    def archive(**arrays):
        file = io.BytesIO()
        np.savez(file, **arrays)
        return file.getvalue()

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("weights_0.npy", bytes(100 * 2**20))
    liar = bomb.getvalue().replace((100 * 2**20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    nan = np.full((784, 10), np.nan)
    yield pickle.dumps(Code()), "not the file of a network"
    yield archive(weights_0=np.array([Code()], object)), "is not a network"
    yield bomb.getvalue(), "more than 32 MB"
    yield liar, "is not a network"
    yield network_bytes(folder, weights=[nan], biases=[np.zeros(10)]), "no finite numbers"
    yield network_bytes(folder, sizes=(784, 14, 9)), "784 inputs and 10 outputs"
    yield network_bytes(folder, divide_pixels_by=float("nan")), "784 inputs and 10 outputs"
    yield b"", "not the file of a network"
    yield b"PK\5\6" + bytes(18), "is not a network"


def test_no_file_harms_the_board(board, folder, tmp_path):
    for content, words in attacks(tmp_path):
        assert words in sentence(board.hand_in(content), 400)
    assert not list(folder.glob("ran")) and not list(tmp_path.glob("ran"))
    huge = network_bytes(tmp_path, weights=[np.full((784, 10), 3e38)], biases=[np.zeros(10)])
    number = board.hand_in(huge).json()["number"]
    assert board.result(number)["validation"] is not None
    for size in (9, 20):  # MB of junk; the server may hang up before all is sent
        with contextlib.suppress(requests.exceptions.ConnectionError):
            assert board.hand_in(secrets.token_bytes(size * 2**20)).status_code in (400, 413)
    assert board.state()["networks"]


# Strangers


def test_strangers_find_nothing(board):
    top = board.address.rsplit("/", 1)[0]
    wrong = "zzzzzz" if not board.address.endswith("z" * 6) else "yyyyyy"
    paths = ["/", "/board/", f"/{wrong}/", f"/{wrong}/sheet", "/%2e%2e/%2e%2e/etc/passwd"]
    word = board.address.rsplit("/", 1)[1]
    paths += [f"/{word}/files/{name}" for name in ("..%2fstore.py", "../store.py", "%2e%2e/x")]
    paths += [f"/{word}/files/..%2f..%2froom.sqlite", f"/{word}/lead/wrong", f"/{word}/x"]
    for path in paths:
        with socket.create_connection(("127.0.0.1", board.port)) as connection:  # as it stands
            connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            connection.settimeout(30)
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        assert " 404 " in answer.splitlines()[0], (path, answer)
        assert "sqlite" not in answer.lower()
    for path in ("/", f"/{word}/board"):
        headers = requests.get(top + path, timeout=30).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert requests.get(board.address.replace(word, word.upper()), timeout=30).ok  # phones do so


def test_only_the_leader_sees_the_drawings_and_opens_the_exam(board, digits):
    board.draw(digits[1][0], digits[0][0])
    for path in ("sheet", "sheet.json"):
        assert "Only the leader" in sentence(board.get(path), 409)
    for path in ("open", "mark"):
        assert "Only the leader" in sentence(board.post(path, number=1, taken_out=1), 409)
    for path in ("exam.json", "room_digits.npz"):
        assert "not open yet" in sentence(board.get(path), 409)
    assert not board.state()["exam"] and board.state()["drawings"] == 1
    assert board.state(board.leader)["leader"]


def test_connections_that_say_nothing_keep_nobody_out(board, digits):
    silent = [socket.create_connection(("127.0.0.1", board.port)) for _ in range(200)]
    try:
        for connection in silent[:50]:
            connection.sendall(b"POST /x HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
        for image, label in zip(digits[0][:20], digits[1]):
            assert board.draw(label, image).ok
    finally:
        for connection in silent:
            connection.close()


# The exam


def test_the_exam_compares_networks_a_person_and_always_1(board, digits, tmp_path):
    images, labels = digits[0][:60], digits[1][:60]
    for i, (image, label) in enumerate(zip(images, labels)):
        hand = i % 3
        assert board.draw(label, image, f"hand {hand}", f"{hand}" * 32).ok
    for digit, name in ((1, "anna"), (7, "bert")):
        layers = {"weights": [np.zeros((784, 10))], "biases": [np.eye(10)[digit]]}
        token = secrets.token_hex(16)
        number = board.hand_in(network_bytes(tmp_path, **layers), name, token).json()["number"]
        board.result(number)
    sheet = board.get("sheet.json", board.leader).json()
    assert len(sheet["drawings"]) == 60 and len(sheet["to_read"]) == 30
    kept = {drawing["number"]: drawing["digit"] for drawing in sheet["drawings"]}
    for number in sheet["to_read"]:
        assert board.post("mark", board.leader, number=number, read_by_leader=kept[number]).ok
    gone = next(number for number in kept if kept[number] == 1)
    assert board.post("mark", board.leader, number=gone, taken_out=1).ok
    assert board.post("open", board.leader).ok
    assert board.draw(1, images[0], "late", "f" * 32).ok  # is kept, and not in this exam

    exam = board.get("exam.json").json()
    while not exam["complete"]:
        exam = board.get("exam.json").json()
    assert len(exam["drawings"]) == 59 and exam["hands"] == 3
    rest = np.array([drawing["digit"] for drawing in exam["drawings"]])
    shares = {name: (rest == digit).mean() for digit, name in ((1, "anna"), (7, "bert"))}
    assert {row["name"]: row["room"] for row in exam["networks"]} == pytest.approx(shares)
    assert [row["place"] for row in exam["networks"]] == [1, 2]
    assert {row["name"]: row["before"] for row in exam["networks"]} == {"anna": 2, "bert": 1}
    one, person = exam["others"]
    assert (one["test"], one["room"]) == (0.1135, pytest.approx(shares["anna"]))
    assert person["room"] == 1 and person["read"] is None
    unread = {exam["drawings"][i]["digit"] for i in exam["unread"]}
    assert unread == set(rest) - {1, 7} and exam["digits"][1] == exam["digits"][7] == 0.5
    assert any("from place 1 to place 2" in line or "2 to place 1" in line for line in exam["why"])
    assert "contest is over" in sentence(board.hand_in(network_bytes(tmp_path), "c", "c" * 32), 409)

    with np.load(io.BytesIO(board.get("room_digits.npz").content)) as arrays:
        assert arrays["images"].shape == (59, 784) and arrays["images"].dtype == np.uint8
        assert np.array_equal(arrays["labels"], rest)
        assert set(arrays["hands"]) == {"hand 0", "hand 1", "hand 2"}


# Nothing is lost


def test_killed_and_started_again_it_goes_on(board, folder, digits, tmp_path):
    for image, label in zip(digits[0][:10], digits[1]):
        assert board.draw(label, image).ok
    number = board.hand_in(network_bytes(tmp_path)).json()["number"]
    board.kill()  # perhaps before the network is measured
    again = Board(folder, board.port)
    try:
        assert (again.address, again.leaders_address) == (board.address, board.leaders_address)
        assert "10 drawings of 1 hands" in again.said
        assert again.result(number)["place"] == 1
        assert "already" in sentence(again.post("hands", name="anna", token=BERT), 409)
        assert again.draw(digits[1][10], digits[0][10]).ok
        assert again.state(board.leader)["leader"]
    finally:
        again.kill()
    result = run("board.py", "--forget", cwd=folder)
    assert result.returncode == 1 and "is deleted" in result.stderr
    assert not list(folder.glob("room.sqlite*"))


def test_ctrl_c_ends_it_with_a_sentence(board):
    if WINDOWS:
        pytest.skip("signals as on Linux and macOS")
    assert board.interrupt() == 0
    assert "The board is closed." in board.said and "Traceback" not in board.said


def test_a_full_disk_gets_a_sentence_and_loses_nothing(board, digits):
    resource = pytest.importorskip("resource", reason="limits as on Linux")
    if not hasattr(resource, "prlimit"):
        pytest.skip("limits as on Linux")
    assert board.draw(digits[1][0], digits[0][0]).ok
    before = resource.prlimit(board.process.pid, resource.RLIMIT_FSIZE, (4096, -1))
    refused = board.draw(digits[1][1], digits[0][1], drawing_id=BERT)
    resource.prlimit(board.process.pid, resource.RLIMIT_FSIZE, before)
    assert "cannot keep anything at the moment" in sentence(refused, 503)
    assert board.draw(digits[1][1], digits[0][1], drawing_id=BERT).ok
    assert board.state()["drawings"] == 2


def test_what_keeps_it_from_starting_gets_a_sentence(folder, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        options = ("--address", "127.0.0.1", "--port", port, "--no-browser")
        result = run("board.py", *options, cwd=folder)
        assert f"cannot start at 127.0.0.1, port {port}" in result.stderr
        assert result.returncode == 1 and "Traceback" not in result.stderr
    (folder / "room.sqlite").write_text("no database " * 100, encoding="utf-8")
    result = run("board.py", "--no-browser", cwd=folder)
    assert "If the file is damaged, move it away" in result.stderr
    (folder / "room.sqlite").unlink()
    (tmp_path / "segno.py").write_text("raise ImportError('no', name='segno')", encoding="utf-8")
    result = run("board.py", cwd=folder, PYTHONPATH=str(tmp_path))
    assert "The board needs segno" in result.stderr and "Traceback" not in result.stderr


# hand_in.py and learn_from_room.py


def test_a_network_is_handed_in_and_learns_from_the_room(board, folder, tmp_path):
    file = tmp_path / "mine.npz"
    file.write_bytes(network_bytes(tmp_path))
    options = ("--network", file)
    result = run("hand_in.py", board.address + "/", "--name", "anna", *options, cwd=folder)
    assert result.returncode == 0, result.stderr
    last = result.stdout.splitlines()[-1]
    assert re.fullmatch(r"0\.\d{4} on the validation images\. You are 1st of 1\.", last)
    result = run("hand_in.py", board.address, "--name", "anna", *options, cwd=folder)
    assert "Wait for 5 seconds" in result.stderr and result.returncode == 1
    nowhere = f"http://127.0.0.1:{free_port()}/abcdef"
    result = run("hand_in.py", nowhere, "--name", "anna", *options, cwd=folder)
    assert "Nothing answers" in result.stderr and "Traceback" not in result.stderr

    result = run("learn_from_room.py", board.address, *options, cwd=folder)
    assert "first the exam is opened" in result.stderr
    with np.load(TOP / STEP / "room_digits.npz") as arrays:
        for image, label, hand in zip(arrays["images"], arrays["labels"], arrays["hands"]):
            token = str(hand).ljust(16, "0")
            board.draw(label, image, str(hand), token)
    board.post("open", board.leader)
    result = run("learn_from_room.py", board.address, *options, cwd=folder)
    assert result.returncode == 0, result.stderr
    before, after = (float(score) for score in scores(result.stdout, "the other hands"))
    assert after > before + 0.3  # it had weights by chance
    kept = next(folder.glob("room_2*.npz"))
    result = run("learn_from_room.py", kept, "--mine", "hasty", *options, cwd=folder)
    assert scores(result.stdout, "the rest of your own")[1] > "0.5", result.stderr
    result = run("learn_from_room.py", kept, "--mine", "nobody", *options, cwd=folder)
    assert "nobody has not drawn here. These have: European, hasty" in result.stderr


def scores(output, name):
    return re.search(rf"^{name} +\d+ +(\S+) +(\S+)$", output, re.M).groups()
