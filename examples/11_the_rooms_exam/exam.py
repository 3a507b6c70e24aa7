"""The exam: what every network reads of the room's digits, and whose place changes by it."""

import base64
import math

import numpy as np

import measuring
import store


def sheet(rows):
    """Return the drawings of some rows for a page: their number, digit and pixels."""
    return [
        {
            "number": row["number"],
            "digit": row["digit"],
            "pixels": base64.b64encode(row["pixels"]).decode(),
        }
        for row in rows
    ]


def arrays(rows):
    """Return images, (n, 784) uint8, and labels, (n,) uint8, of some rows of drawings."""
    images = np.frombuffer(b"".join(row["pixels"] for row in rows), "uint8").reshape(-1, 784)
    return images, np.array([row["digit"] for row in rows], "uint8")


def results(validation_labels, test_labels):
    """Return all that the exam's page shows, as plain lists and dicts."""
    rows = store.drawings(exam=True)
    images, labels = arrays(rows)
    networks = []
    for row in store.best(store.networks(contents=True)):
        read = measuring.answers(measuring.read(row["content"]), images)
        networks.append(entry(row["name"], row["validation"], row["test"], read, labels, row))
    read = np.array([network["read"] for network in networks], int).reshape(-1, len(rows))
    right = read == labels
    for network in networks:
        for place, score in (("before", "validation"), ("place", "room")):
            better = [other for other in networks if other[score] > network[score]]
            network[place] = 1 + len(better)
    ranked = sorted(networks, key=lambda network: network["place"])
    one = np.full(len(rows), 1)
    scores = [float((kept == 1).mean()) for kept in (validation_labels, test_labels)]
    others = [entry('nothing but "always 1"', *scores, one, labels)]
    person = [i for i, row in enumerate(rows) if row["read_by_leader"] is not None]
    if person:
        theirs = np.array([rows[i]["read_by_leader"] for i in person])
        name = f"a person, who read {len(person)}"
        others.append(entry(name, None, None, theirs, labels[person]))
        others[-1]["read"] = None  # not of all drawings
    share = right.mean(axis=0) if networks else np.zeros(len(rows))
    divided = [disagreement(column) for column in read.T]
    return {
        "drawings": [
            {**drawing, "share": float(part)} for drawing, part in zip(sheet(rows), share)
        ],
        "hands": len({row["name"] for row in rows}),
        "networks": ranked,
        "others": others,
        "digits": [float(share[labels == d].mean()) if d in labels else None for d in range(10)],
        "unread": [i for i in range(len(rows)) if networks and share[i] == 0],
        "divided": int(np.argmax(divided)) if networks else None,
        "why": why(ranked, len(rows)),
        "complete": all(network["test"] is not None for network in networks),
    }


def entry(name, validation, test, read, labels, row=None):
    """Return a line of the exam's table."""
    return {
        "name": name,
        "weights": row and row["weights"],
        "validation": validation,
        "test": test,
        "room": float(np.mean(read == labels)),
        "read": [int(digit) for digit in read],
    }


def disagreement(answers):
    """Return how divided the networks are about a drawing: the entropy of their answers."""
    shares = np.unique(answers, return_counts=True)[1] / len(answers)
    return float(-(shares * np.log(shares)).sum())


def why(networks, count):
    """Say in sentences what has changed, why, and how much of it may be chance.

    networks : those of the exam, as results() has them, the best on the room's digits first
    count : of drawings
    """
    if not networks:
        return []
    room, test, validation = (
        [network[score] for network in networks if network[score] is not None]
        for score in ("room", "test", "validation")
    )
    mean = np.mean(room)
    sentences = [
        f"The networks read {mean:.1%} of your digits, and {np.mean(test or validation):.1%} of "
        "MNIST's, on average.",
        "MNIST's digits, those to learn from and those of the test, were all written with pens, in "
        "the USA, around 1990. Yours come from other people, and from fingers. A network that "
        "knows only what MNIST's have in common loses most.",
    ]
    if len(networks) > 1:
        sentences.append(
            f"Between the best and the last lay {np.ptp(validation):.3f} on the validation images; "
            f"on your digits it is {np.ptp(room):.3f}."
        )
    moved = max(networks, key=lambda network: abs(network["before"] - network["place"]))
    if moved["before"] != moved["place"]:
        how = "climbs" if moved["place"] < moved["before"] else "falls"
        places = f"from place {moved['before']} to place {moved['place']}"
        sentences.append(f"{moved['name']} {how} {places}.")
    luck = 2 * math.sqrt(mean * (1 - mean) / count)  # two standard deviations of one score
    sentences.append(f"Of {count} drawings, a difference of up to about {luck:.3f} may be luck.")
    return sentences
