"""A board of step 11 in a process of its own, on 127.0.0.1, for the tests."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
import requests

STEP = "examples/11_the_rooms_exam"


class Board:
    """A running board.py: its address with the room's word, and the leader's session.

    folder is that of the step; what is kept there stays for the next Board.
    """

    def __init__(self, folder, port=None):
        self.folder = folder
        self.port = port or free_port()
        options = ["--address", "127.0.0.1", "--port", str(self.port), "--no-browser"]
        self.process = subprocess.Popen(
            [sys.executable, "-u", "board.py", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
        )
        self.said = ""
        while "Ctrl-C ends" not in self.said:
            line = self.process.stdout.readline()
            assert line, self.said
            self.said += line
        self.address = re.search(r"phone: +(\S+)", self.said)[1]
        self.leaders_address = re.search(r"\S+/lead/\S+", self.said)[0]
        self.leader = requests.Session()
        assert self.leader.get(self.leaders_address, timeout=30).ok

    def kill(self):
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def interrupt(self):
        """Press Ctrl-C; return the exit status."""
        self.process.send_signal(signal.SIGINT)
        self.said += self.process.communicate(timeout=30)[0]
        return self.process.returncode

    def get(self, path, session=requests):
        return session.get(f"{self.address}/{path}", timeout=60)

    def post(self, path, session=requests, **data):
        return session.post(f"{self.address}/{path}", json=data, timeout=60)

    def draw(self, digit, pixels, name="anna", token="a" * 32, drawing_id=None):
        return self.post(
            "drawings",
            name=name,
            token=token,
            id=drawing_id or secrets.token_hex(16),
            digit=int(digit),
            pixels=[int(pixel) for pixel in pixels],
        )

    def hand_in(self, content, name="anna", token="a" * 32):
        return requests.post(
            f"{self.address}/networks",
            params={"name": name},
            headers={"Token": token},
            data=content,
            timeout=60,
        )

    def result(self, number):
        """Wait until a network is measured, and return what the board says of it."""
        for _ in range(600):
            result = self.get(f"networks/{number}").json()
            if result["validation"] is not None or result["refused"]:
                return result
            time.sleep(0.1)
        raise TimeoutError

    def state(self, session=requests):
        """What the board's page is sent."""
        answer = self.get("events", session).text
        return requests.compat.json.loads(answer.split("data: ")[1])


def draw_digit(driver, drawn):
    """Draw strokes, as tests/strokes.py has them, with a finger on the open page of a phone."""
    box = driver.execute_script("return byId('square').getBoundingClientRect().toJSON()")

    def touch(kind, *places):
        points = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in places
        ]
        driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for stroke in drawn:
        touch("touchStart", stroke[0])
        for place in stroke[1:]:
            touch("touchMove", place)
        touch("touchEnd")


def start_drawing(driver, name):
    """Say a nickname on the open page of a phone."""
    driver.find_element("css selector", "#name").send_keys(name)
    driver.find_element("css selector", "#start button").click()
    wait_for(driver, "#square")


def draw_round(driver, hand, draw):
    """Draw the ten digits that the page asks for; draw(hand, digit) returns their strokes."""
    for _ in range(10):
        digit = int(driver.find_element("css selector", "#digit").text)
        draw_digit(driver, draw(hand, digit))
        driver.find_element("css selector", "#next").click()
    wait_for(driver, "#thanks")


def wait_for(driver, selector, text="", seconds=20):
    """Wait until the page shows an element, with a text in it; return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for element in driver.find_elements("css selector", selector):
            if element.is_displayed() and text in element.text:
                return element
        time.sleep(0.05)
    raise TimeoutError(f"{selector} {text}: {driver.find_element('css selector', 'body').text}")


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def network_bytes(folder, sizes=(784, 14, 10), seed=0, **changes):
    """The bytes of a network's file, with weights by chance; changes are to network_file.save."""
    from workshop import network_file

    random = np.random.default_rng(seed)
    pairs = list(pairwise(sizes))
    network = {
        "weights": [random.normal(0, 0.1, size=pair).astype("float32") for pair in pairs],
        "biases": [random.normal(0, 0.1, size=pair[1]).astype("float32") for pair in pairs],
        "activation": "relu",
        "divide_pixels_by": 255,
        **changes,
    }
    path = folder / "made.npz"
    network_file.save(path, **network)
    return path.read_bytes()
