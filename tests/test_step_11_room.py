"""A whole room in step 11: phones in a real browser, a killed board, the exam; sixty at once."""

import itertools
import secrets
import threading
import time

import numpy as np
import pytest
from boards import STEP, Board, draw_digit, draw_round, network_bytes, start_drawing, wait_for
from browser import browser, emulate, errors, faults, requests
from room_digits import draw_all
from scripts import TOP, copy_workshop
from strokes import strokes

import mnist

for package in ("flask", "waitress", "segno", "selenium"):
    pytest.importorskip(package, reason=f"this test needs {package}")
pytestmark = pytest.mark.slow
PHONE, LAPTOP, PROJECTOR = (390, 844), (1280, 800), (1920, 1080)


@pytest.fixture
def folder(tmp_path):
    return copy_workshop(tmp_path, "examples") / STEP


@pytest.fixture
def board(folder):
    board = Board(folder)
    yield board
    board.kill()


def hand_in(board, folder, name, digit, count=1):
    """Hand in a network that always says one digit."""
    layers = {"weights": [np.zeros((784, 10))], "biases": [np.eye(10)[digit]]}
    answer = board.hand_in(network_bytes(folder, **layers), name, secrets.token_hex(16))
    board.result(answer.json()["number"])


def click(driver, selector):
    driver.find_element("css selector", selector).click()


def assert_alone(driver, board):
    """Nothing was asked of any other computer, and nothing complained of."""
    ours = f"http://127.0.0.1:{board.port}/"
    outside = [address for address in requests(driver) if not address.startswith(ours)]
    assert not outside and not errors(driver)


def test_a_room_from_the_first_stroke_to_the_exam(board, tmp_path):
    with browser(*PHONE, touch=True) as phone, browser(*PROJECTOR) as projector:
        projector.get(board.leaders_address)
        wait_for(projector, "#none", "hand_in.py")
        assert "/lead/" not in projector.current_url  # the projector shows the address line, too
        phone.get(board.address.upper().replace("HTTP", "http"))
        assert "nothing else" in phone.find_element("css selector", "#start").text
        start_drawing(phone, "<b>greta")
        draw_digit(phone, strokes("wide", 5))
        click(phone, "#undo")
        assert phone.execute_script("return strokes.length") == 1  # the bar is gone
        click(phone, "#clear")
        assert not phone.find_element("css selector", "#next").is_enabled()
        draw_round(phone, "school", strokes)
        assert_alone(phone, board)
        wait_for(projector, "#counts", "10 digits by 1 hand")
        hand_in(board, tmp_path, "<script>alert(1)", 1)
        wait_for(projector, "#networks", "<script>alert(1)")
        hand_in(board, tmp_path, "bert", 7)
        wait_for(projector, "#last", "Just in: bert")

        # The leader reads one drawing, takes one out, and opens the exam.
        click(projector, "#sheet")
        wait_for(projector, "#read")
        click(projector, "#read")
        wait_for(projector, "#left", "10 to go")
        projector.find_elements("css selector", "#answers button")[3].click()
        wait_for(projector, "#left", "9 to go")
        click(projector, "#look")
        drawings = projector.find_elements("css selector", "#drawings button")
        assert len(drawings) == 10
        drawings[0].click()
        wait_for(projector, "#drawings .out")
        assert faults(projector) == []
        click(projector, "#open")
        wait_for(projector, "#counts", "9 digits by 1 hand")
        text = projector.find_element("css selector", "#table").text
        assert '"always 1"' in text and "a person, who read 1" in text
        click(projector, "#table button")
        wait_for(projector, "#one-title", "reads 1 of 9")
        assert len(projector.find_elements("css selector", "#one-drawings .wrong")) == 8
        assert "fingers" in projector.find_element("css selector", "#why").text
        assert len(projector.find_elements("css selector", "#unread figure")) == 7
        assert_alone(projector, board)


def test_what_was_drawn_while_the_board_was_dead_is_sent_later_and_once(board, folder):
    with browser(*PHONE, touch=True) as phone, browser(*PROJECTOR) as projector:
        projector.get(board.address + "/board")
        phone.get(board.address)
        start_drawing(phone, "greta")
        digit = int(phone.find_element("css selector", "#digit").text)
        draw_digit(phone, strokes("school", digit))
        click(phone, "#next")
        wait_for(projector, "#counts", "1 digit by 1 hand")
        board.kill()
        for waiting in (1, 2):
            digit = int(phone.find_element("css selector", "#digit").text)
            draw_digit(phone, strokes("school", digit))
            click(phone, "#next")
            wait_for(phone, "#waiting", f"{waiting} drawing")
        wait_for(phone, "#sentence", "does not answer")
        wait_for(projector, "#sentence", "does not answer")
        board.process = (again := Board(folder, board.port)).process
        phone.get(board.address)  # the page was closed, and is opened again
        wait_for(projector, "#counts", "3 digits by 1 hand", seconds=40)
        wait_for(phone, "#progress", "Digit 4 of 10")
        assert phone.find_element("css selector", "#waiting").text == ""
        assert again.state()["drawings"] == 3


def test_a_page_draws_what_lies_in_room_digits(board):
    drawn = draw_all(board, rounds=1)
    with np.load(TOP / STEP / "room_digits.npz") as arrays:
        for image, label, hand in zip(drawn["images"], drawn["labels"], drawn["hands"]):
            same = (arrays["hands"] == hand) & (arrays["labels"] == label)
            assert (arrays["images"][same] == image).all(axis=1).any()


def test_pages_keep_nobody_out(board, tmp_path):
    test_images, test_labels = mnist.load()[2:]
    for i in range(30):
        board.draw(test_labels[i], test_images[i], "a name of 20 letters", "a" * 32)
    for i, digit in enumerate((1, 7, 9)):
        hand_in(board, tmp_path, f"a name of 20 lette {i}", digit)
    with browser(*PROJECTOR) as driver:
        driver.get(board.leaders_address)
        board.post("open", board.leader)
        for window in (PHONE, LAPTOP, PROJECTOR):
            emulate(driver, *window, touch=window == PHONE)
            for page, sign in (("", "#start"), ("board", "#networks"), ("exam", "#table tr")):
                driver.get(f"{board.address}/{page}")
                wait_for(driver, sign)
                assert faults(driver) == [], (window, page)
                assert driver.execute_script("return document.body.scrollWidth") <= window[0]
        assert_alone(driver, board)


def test_sixty_phones_and_thirty_networks_lose_nothing(board, tmp_path):
    images, labels = mnist.load()[2:]
    seconds, waits = [], []  # for a drawing, and until a network is measured

    def phone(number):
        time.sleep(number / 20)
        for i in range(number * 10, number * 10 + 10):
            began = time.monotonic()
            assert board.draw(labels[i], images[i], f"hand {number}", f"{number:032}").ok
            seconds.append(time.monotonic() - began)
            time.sleep(2.5)

    def laptop(number, content):
        time.sleep(number)
        began = time.monotonic()
        answer = board.hand_in(content, f"laptop {number}", f"{number:032}")
        assert board.result(answer.json()["number"])["validation"] is not None
        waits.append(time.monotonic() - began)

    sizes = itertools.cycle([(784, 14, 14, 10), (784, 256, 10), (784, 512, 256, 10)])
    contents = [network_bytes(tmp_path, next(sizes), seed) for seed in range(30)]
    threads = [threading.Thread(target=phone, args=(number,)) for number in range(60)]
    threads += [threading.Thread(target=laptop, args=each) for each in enumerate(contents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = board.state()
    assert (len(seconds), len(waits)) == (600, 30)
    assert (state["drawings"], state["hands"], len(state["networks"])) == (600, 60, 30)
    board.post("open", board.leader)
    began = time.monotonic()
    exam = board.get("exam.json").json()
    assert len(exam["drawings"]) == 600 and len(exam["networks"]) == 30
    print(
        f"A drawing, 95th percentile: {np.percentile(seconds, 95) * 1000:.0f} ms. "
        f"A network, at most: {max(waits):.1f} s. The exam: {time.monotonic() - began:.1f} s."
    )
