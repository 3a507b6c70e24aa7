"""What the board answers: to phones, to hand_in.py, and to the leader's browser.

All paths begin with the room's word; another word finds nothing. Answers that say no are JSON with
a "sentence" for the person who asked. What others sent is checked here and never run or shown as
HTML: the pages are files that stay as they are, and fetch what they show.
"""

import hmac
import io
import json
import sqlite3
import threading
from pathlib import Path

import flask
import numpy as np
import segno

import exam
import measuring
import store

FOLDER = Path(__file__).resolve().parent / "pages"
STEP_09 = FOLDER.parent.parent / "09_watching_it_think"
MOST_BYTES = 10_000  # of anything that is sent, but a network
POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
LONGEST_NAME = 20  # characters
READ_BY_LEADER = 30  # drawings, if the leader likes

room = flask.Blueprint("room", __name__, url_prefix="/<word>")


def create(address, word, leader, validation_labels, test_labels):
    """Return the Flask application.

    address : of the room, for the QR code
    word, leader : the room's word, and the leader's
    """
    app = flask.Flask(__name__, static_folder=None)
    app.config.update(
        ADDRESS=address,
        WORD=word,
        LEADER=leader,
        LABELS=(validation_labels, test_labels),
        MAX_CONTENT_LENGTH=measuring.MOST_PACKED,
    )
    app.register_blueprint(room)
    app.register_error_handler(404, nothing_here)
    app.register_error_handler(store.RoomError, lambda error: no(409, str(error)))
    app.register_error_handler(ValueError, lambda error: no(400, str(error)))
    app.register_error_handler(sqlite3.Error, cannot_keep)
    app.after_request(add_headers)
    return app


def no(status, sentence):
    return flask.jsonify(sentence=sentence), status


def nothing_here(_):
    return no(404, "Nothing is here. The address ends with the six letters that the board shows.")


def cannot_keep(error):
    print(f"{store.FILE.name} cannot be used: {error}. Is the disk full?", flush=True)
    return no(503, f"The board cannot keep anything at the moment ({error}). Tell who leads.")


def add_headers(response):
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@room.url_value_preprocessor
def check_word(_, values):
    if not same(values.pop("word").lower(), flask.current_app.config["WORD"]):
        flask.abort(404)


def same(one, other):
    return hmac.compare_digest(one.encode(), other.encode())


def is_leader():
    return same(flask.request.cookies.get("leader", ""), flask.current_app.config["LEADER"])


def only_for_leader():
    if not is_leader():
        raise store.RoomError("Only the leader's browser may do this.")


def sent():
    """Return the JSON that was sent, a dict. Raises ValueError."""
    if (flask.request.content_length or MOST_BYTES + 1) > MOST_BYTES:
        raise ValueError("This is too large.")
    data = flask.request.get_json(force=True, silent=True)
    if not isinstance(data, dict):
        raise ValueError("This is not what the pages send.")
    return data


def checked_name(name):
    """Return a name without the spaces around it. Raises ValueError."""
    name = " ".join(name.split()) if isinstance(name, str) else ""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"A name has 1 to {LONGEST_NAME} letters or digits.")
    return name


def checked_token(token):
    if not isinstance(token, str) or not 16 <= len(token) <= 64 or not token.isalnum():
        raise ValueError("This is not what the pages send.")
    return token


def whole_number(value, lowest, highest):
    if type(value) is not int or not lowest <= value <= highest:
        raise ValueError(f"This must be a whole number from {lowest} to {highest}.")
    return value


# Files


@room.get("/")
def phone():
    return flask.send_from_directory(FOLDER, "phone.html")


@room.get("/board")
def board():
    return flask.send_from_directory(FOLDER, "board.html")


@room.get("/exam")
def exam_page():
    return flask.send_from_directory(FOLDER, "exam.html")


@room.get("/sheet")
def sheet_page():
    only_for_leader()
    return flask.send_from_directory(FOLDER, "sheet.html")


@room.get("/files/<name>")
def file(name):
    folder = STEP_09 if name == "drawing.js" else FOLDER
    return flask.send_from_directory(folder, name)


@room.get("/qr.svg")
def qr_code():
    code = segno.make(flask.current_app.config["ADDRESS"], micro=False)
    svg = io.BytesIO()
    code.save(svg, kind="svg", scale=10, light="white")
    return flask.Response(svg.getvalue(), mimetype="image/svg+xml")


# Phones


@room.post("/hands")
def hand():
    data = sent()
    store.claim("hand", checked_name(data.get("name")), checked_token(data.get("token")))
    return {}


@room.post("/drawings")
def drawing():
    data = sent()
    pixels = data.get("pixels")
    if not isinstance(pixels, list) or len(pixels) != 784:
        raise ValueError("A drawing has 784 pixels.")
    pixels = bytes(whole_number(pixel, 0, 255) for pixel in pixels)
    if not any(pixels):
        raise ValueError("This drawing is empty.")
    store.add_drawing(
        checked_name(data.get("name")),
        checked_token(data.get("token")),
        checked_token(data.get("id")),
        whole_number(data.get("digit"), 0, 9),
        pixels,
    )
    return {}


# hand_in.py and learn_from_room.py


@room.post("/networks")
def network():
    name = checked_name(flask.request.args.get("name"))
    token = checked_token(flask.request.headers.get("Token"))
    content = flask.request.get_data()
    weights = measuring.count_weights(measuring.read(content))
    number = store.add_network(name, token, weights, content)
    measuring.NEW.set()
    return {"number": number}


@room.get("/networks/<int:number>")
def network_result(number):
    rows = store.networks()
    found = next((row for row in rows if row["number"] == number), None)
    if found is None:
        flask.abort(404)
    best = store.best(rows)
    theirs = next((row for row in best if row["name"] == found["name"]), None)
    return {
        "validation": found["validation"],
        "refused": found["refused"],
        "best": theirs and theirs["validation"],
        "place": theirs and store.place(theirs, best),
        "of": len(best),
    }


@room.get("/room_digits.npz")
def room_digits():
    rows = store.drawings(exam=True)
    if not rows:
        raise store.RoomError("The exam is not open yet. After it, everybody may have the digits.")
    images, labels = exam.arrays(rows)
    content = io.BytesIO()
    hands = np.array([row["name"] for row in rows])
    np.savez_compressed(content, images=images, labels=labels, hands=hands)
    content.seek(0)
    return flask.send_file(content, "application/octet-stream", True, "room_digits.npz")


# The board


@room.get("/events")
def events():
    """Send what the board shows, as a server-sent event, and end.

    An answer that stays open would hold one of the few threads for each page that somebody looks
    at. So it ends, and the browser comes again after a second, by itself.
    """
    data = json.dumps(state())
    return flask.Response(f"retry: 1000\ndata: {data}\n\n", mimetype="text/event-stream")


def state():
    drawn, hands, exam_open = store.counts()
    rows = store.networks()
    best = store.best(rows)
    return {
        "address": flask.current_app.config["ADDRESS"],
        "leader": is_leader(),
        "drawings": drawn,
        "hands": hands,
        "exam": exam_open,
        "networks": [
            {
                "place": store.place(row, best),
                **{key: row[key] for key in ("name", "validation", "weights")},
            }
            for row in best
        ],
        "last": last_change(rows),
    }


def last_change(rows):
    """Say in a sentence what the last network that was measured has changed."""
    rows = [row for row in rows if row["validation"] is not None]
    if not rows:
        return ""
    new = rows[-1]
    theirs, earlier = (
        next((row for row in store.best(some) if row["name"] == new["name"]), None)
        for some in (rows, rows[:-1])
    )
    now = store.place(theirs, store.best(rows))
    sentence = f"Just in: {new['name']} with {new['validation']:.4f}."
    if earlier is None:
        return f"{sentence} New, in place {now}."
    if theirs["number"] != new["number"]:
        return f"{sentence} Their best is still {theirs['validation']:.4f}, in place {now}."
    before = store.place(earlier, store.best(rows[:-1]))
    moved = f"Still in place {now}" if before == now else f"From place {before} to place {now}"
    return f"{sentence} It was {earlier['validation']:.4f}. {moved}."


# The leader


@room.get("/lead/<leader>")
def lead(leader):
    """Make this browser the leader's."""
    if not same(leader, flask.current_app.config["LEADER"]):
        flask.abort(404)
    response = flask.redirect("../board")
    response.set_cookie("leader", leader, httponly=True, samesite="Strict")
    return response


@room.get("/sheet.json")
def all_drawings():
    only_for_leader()
    rows = store.drawings()
    kept = [row for row in rows if not row["taken_out"]]
    to_read = sorted(kept, key=lambda row: row["id"])[:READ_BY_LEADER]  # ids are by chance
    return {
        "drawings": [
            {**drawing, "taken_out": row["taken_out"]}
            for row, drawing in zip(rows, exam.sheet(rows))
        ],
        "to_read": [row["number"] for row in to_read if row["read_by_leader"] is None],
        "exam": store.counts()[2],
    }


@room.post("/mark")
def mark():
    only_for_leader()
    data = sent()
    number = whole_number(data.get("number"), 1, 2**31)
    for column, highest in (("taken_out", 1), ("read_by_leader", 9)):
        if column in data:
            store.mark(number, column, whole_number(data[column], 0, highest))
    return {}


@room.post("/open")
def open_exam():
    only_for_leader()
    store.open_exam()
    return {}


once = threading.Lock()  # sixty browsers ask for the exam at the same moment; it is made once
made = {}  # by what it was made from


@room.get("/exam.json")
def exam_results():
    if not store.counts()[2]:
        raise store.RoomError("The exam is not open yet.")
    with once:
        version = store.version()
        if made.get("version") != version:
            results = exam.results(*flask.current_app.config["LABELS"])
            made.update(version=version, json=json.dumps(results))
    return flask.Response(made["json"], mimetype="application/json")
