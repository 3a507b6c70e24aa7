"""Hand in a network for the contest: the board measures it, and says where you stand.

    python hand_in.py http://192.168.0.5:8000/kwvxmz --name anna

The address is the one on the board. It hands in best_network.npz of step 04, or another network:

    python hand_in.py http://192.168.0.5:8000/kwvxmz --name anna --network my_network.npz
"""

import argparse
import secrets
import sys
import time
from pathlib import Path

import requests

folder = Path(__file__).resolve().parent
step_04 = folder.parent / "04_improving_the_score"
token_file = folder / "my_token.txt"  # by which the board knows that a name is yours

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("address", help="the one on the board, as http://192.168.0.5:8000/kwvxmz")
parser.add_argument("--network", type=Path, default=step_04 / "best_network.npz")
parser.add_argument("--name", required=True, help="what the board shall call you")
options = parser.parse_args()
board = options.address.rstrip("/")


def answer_of(response):
    """Return what the board has answered, a dict; if it says no, end with its sentence."""
    try:
        answer = response.json()
    except ValueError:
        sys.exit(f"{options.address} answers, but it is not a board of the contest.")
    if not response.ok:
        sys.exit(answer.get("sentence", "The board has a problem. Tell whoever leads."))
    return answer


def ordinal(number):
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}" + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


# 1. The network, and the token: made once, then kept.
try:
    content = options.network.read_bytes()
    if not token_file.exists():
        token_file.write_text(secrets.token_hex(16), encoding="utf-8")
    token = token_file.read_text(encoding="utf-8").strip()
except OSError as error:
    sys.exit(
        f"{error.filename}: {error.strerror}.\n"
        "Your best network is kept when you run process_digits.py of step 04."
    )
if len(content) > 8 * 2**20:
    sys.exit(f"{options.network.name} has more than 8 MB: too much for the board.")

# 2. Hand it in, and ask every half second whether it is measured.
try:
    response = requests.post(
        f"{board}/networks",
        params={"name": options.name},
        headers={"Token": token},
        data=content,
        timeout=60,
    )
    number = answer_of(response)["number"]
    print("Handed in. The board measures it.", flush=True)
    result = {"validation": None, "refused": None}
    while result["validation"] is None and result["refused"] is None:
        time.sleep(0.5)
        result = answer_of(requests.get(f"{board}/networks/{number}", timeout=60))
except requests.exceptions.RequestException:
    sys.exit(
        f"Nothing answers at {options.address}.\n"
        "Is it the address on the board, and are you in the same Wi-Fi as the board?"
    )

# 3. What it says.
if result["refused"]:
    sys.exit(result["refused"])
print(f"{result['validation']:.4f} on the validation images.", end=" ")
if result["validation"] < result["best"]:
    print(f"Your best is still {result['best']:.4f}.", end=" ")
print(f"You are {ordinal(result['place'])} of {result['of']}.")
