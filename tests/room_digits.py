"""Make room_digits.npz of step 11: the strokes of five hands, drawn on the page of the phone.

    python tests/room_digits.py

Each hand draws four rounds, the first as it is written down in strokes.py, the others varied. All
is drawn with touches in a real browser, and fetched from a real board.
"""

import io
import shutil
import tempfile
from pathlib import Path

import numpy as np
from boards import STEP, Board, draw_round, start_drawing, wait_for
from browser import browser
from scripts import TOP
from strokes import HANDS, strokes, varied

ROUNDS = 4


def draw_all(board, rounds=ROUNDS):
    """Draw on a board's page; return the arrays of its room_digits.npz, by hand and digit."""
    random = np.random.default_rng(0)
    # Drawn by chance beforehand, since each phone asks for the digits in another order.
    variants = {
        (hand, digit, turn): varied(hand, digit, random) if turn else strokes(hand, digit)
        for turn in range(rounds)
        for hand in HANDS
        for digit in range(10)
    }
    with browser(390, 844, touch=True) as driver:
        for hand in HANDS:
            driver.get(board.address)
            driver.execute_script("localStorage.clear()")
            driver.refresh()
            start_drawing(driver, hand)
            for turn in range(rounds):
                if turn:
                    driver.find_element("css selector", "#again").click()
                draw_round(driver, hand, lambda *which, turn=turn: variants[(*which, turn)])
            while driver.execute_script("return state.queue.length"):
                pass
            wait_for(driver, "#thanks", f"{10 * rounds} digits by {hand}")
    assert board.post("open", board.leader).ok
    with np.load(io.BytesIO(board.get("room_digits.npz").content)) as arrays:
        images, labels, hands = (arrays[name] for name in ("images", "labels", "hands"))
    order = np.lexsort((labels, hands))
    return {"images": images[order], "labels": labels[order], "hands": hands[order]}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        examples = Path(folder) / "examples"
        unwanted = shutil.ignore_patterns("*.sqlite*")
        shutil.copytree(TOP / "examples", examples, ignore=unwanted)
        board = Board(Path(folder) / STEP)
        try:
            arrays = draw_all(board)
        finally:
            board.kill()
    path = TOP / STEP / "room_digits.npz"
    np.savez_compressed(path, **arrays)
    print(len(arrays["labels"]), "digits are in", path)
