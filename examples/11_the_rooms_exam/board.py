"""The board of the contest: phones draw digits for it, networks are handed in and measured.

    python board.py
    python board.py --address 192.168.0.5 --port 8000
    python board.py --forget              delete all that the board has kept

It prints the address for the room, and opens the board in your browser. Ctrl-C ends it; started
again, it goes on with the same address, names, drawings and networks.
"""

import argparse
import logging
import socket
import sqlite3
import sys
import threading
import webbrowser

from threadpoolctl import threadpool_limits

import mnist
import store

try:
    import segno
    import waitress

    import measuring
    import pages
except ImportError as error:
    sys.exit(f"The board needs {error.name}, which is missing: pip install -r requirements.txt")

BANNER = """
======================================================================

  For everybody's phone:   {address}

  For everybody's network:

      python hand_in.py {address} --name anna

  Only for you, and open in your browser already, or so it should be:

      {leader}

  Ctrl-C ends the board. All is kept in {file}.

======================================================================
"""


def own_address():
    """Return the address that this computer has in its network; 127.0.0.1 if it is in none."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.connect(("192.0.2.1", 1))  # nothing is sent
            return caller.getsockname()[0]
    except OSError:
        return "127.0.0.1"


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--address", help="of this computer, in the room's network")
parser.add_argument("--port", type=int, default=8000)
parser.add_argument("--no-browser", action="store_true", help="do not open the board")
parser.add_argument("--forget", action="store_true", help="delete all that was kept, and end")
options = parser.parse_args()

if options.forget:
    try:
        store.FILE.unlink(missing_ok=True)
    except OSError as error:
        sys.exit(f"{store.FILE} cannot be deleted ({error.strerror}). Is the board running?")
    sys.exit("Names, drawings and networks: all that the board had kept is deleted.")

# 1. What is kept already, and the words of today.
try:
    word, leaders_word = store.words()
    drawn, hands, _ = store.counts()
except sqlite3.Error as error:
    sys.exit(
        f"The board keeps all in {store.FILE}, and cannot: {error}.\n"
        "Is the disk full, or this folder read-only? If the file is damaged, move it away."
    )
if drawn:
    print(f"There are {drawn} drawings of {hands} hands from before. (--forget deletes them.)")

# 2. The images by which networks are measured.
threadpool_limits(1)  # networks are measured on one core; the other one answers the phones
images, labels, test_images, test_labels = mnist.load()
validation = images[50000:].copy(), labels[50000:].copy()
del images
measurer = threading.Thread(
    target=measuring.keep_measuring, args=(validation, (test_images, test_labels)), daemon=True
)

# 3. The server. Connections that say nothing cost it no thread, and are closed after a while.
host = options.address or own_address()
if host == "127.0.0.1" and not options.address:
    print("This computer is in no network, so only its own browser finds the board: draw here,")
    print("or open a phone's hotspot, join it, and start the board again.")
address = f"http://{host}:{options.port}/{word}"
app = pages.create(address, word, leaders_word, validation[1], test_labels)
logging.getLogger("waitress").setLevel(logging.ERROR)
try:
    server = waitress.create_server(
        app,
        host=host,
        port=options.port,
        threads=8,
        connection_limit=450,  # Windows can watch 512
        channel_timeout=20,  # seconds
        cleanup_interval=5,
        max_request_body_size=measuring.MOST_PACKED + 2**20,
        asyncore_use_poll=True,
        ident=None,
    )
except (OSError, ValueError) as error:
    sys.exit(
        f"The board cannot start at {host}, port {options.port}: {error}.\n"
        "Is another board running? Then end that one, or take another --port."
    )
measurer.start()
leader = f"{address}/lead/{leaders_word}"
print(BANNER.format(address=address, leader=leader, file=store.FILE.name), flush=True)
if sys.stdout.isatty():
    segno.make(address, micro=False).terminal(border=2)
if not options.no_browser:
    webbrowser.open(leader)
server.run()
print("The board is closed. Started again, it goes on where it was.")
