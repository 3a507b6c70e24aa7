"""A mirror on 127.0.0.1 that serves the real archives, and misbehaves in many ways on request.

The first part of an address says how it behaves, the second is a number of its own:
http://127.0.0.1:PORT/flipped/1/train-images-idx3-ubyte.gz has one bit flipped.
"""

import itertools
import random
import socket
import struct
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from scripts import TOP

FILES = {path.name: path.read_bytes() for path in (TOP / "data").glob("*.gz")}


class Mirror(ThreadingHTTPServer):
    """Serves in threads of its own until closed; remembers each path asked for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.number = itertools.count()
        self.bytes_sent = Counter()  # by address
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, behaviour):
        """Return a new base URL for MNIST_MIRRORS that behaves in this way."""
        if behaviour == "refused":
            with socket.socket() as unused:
                unused.bind(("127.0.0.1", 0))
                return f"http://127.0.0.1:{unused.getsockname()[1]}/"
        return f"http://127.0.0.1:{self.server_port}/{behaviour}/{next(self.number)}/"

    def asked_of(self, url):
        """Return the file names asked of a base URL, in order."""
        prefix = urlsplit(url).path
        return [path.split("/")[-1] for path in self.asked if path.startswith(prefix)]

    def close(self):
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        pass  # clients hang up on a misbehaving mirror; that is what they should do


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        behaviour, _, name = self.path.strip("/").split("/")
        times_before = self.server.asked.count(self.path)
        self.server.asked.append(self.path)
        self.address = f"http://127.0.0.1:{self.server.server_port}{self.path}"
        file = FILES[name]

        if behaviour == "503_twice" and times_before < 2:
            self.send_error(503)
        elif behaviour in ("good", "503_twice"):
            self.send_file(file)
        elif behaviour.isdigit():
            self.send_error(int(behaviour))
        elif behaviour == "reset":
            self.reset()
        elif behaviour == "silent":
            self.server.closing.wait(60)
        elif behaviour == "stalled":
            self.send_file(file, up_to=len(file) // 2)
            self.server.closing.wait(60)
        elif behaviour == "dropped_once":
            self.send_file(file, up_to=len(file) // 2 if times_before == 0 else None)
        elif behaviour == "dropped":
            self.send_file(file, up_to=len(file) // 8)
        elif behaviour == "half":
            self.send_body(file[: len(file) // 2])
        elif behaviour == "empty":
            self.send_body(b"")
        elif behaviour == "login":
            self.send_body(b"<html>Welcome! Please log in.</html>", content_type="text/html")
        elif behaviour == "random":
            self.send_body(random.Random(0).randbytes(len(file)))
        elif behaviour == "flipped":
            middle = len(file) // 2
            self.send_body(file[:middle] + bytes([file[middle] ^ 1]) + file[middle + 1 :])
        elif behaviour == "another":
            other = "labels-idx1" if "images" in name else "images-idx3"
            self.send_body(FILES[f"t10k-{other}-ubyte.gz"])
        elif behaviour == "endless":
            self.send_endlessly()
        elif behaviour == "redirect":
            self.redirect(f"/good/redirected/{name}")
        elif behaviour == "redirect_loop":
            self.redirect(self.path)
        elif behaviour == "content_encoding":
            self.send_body(file, extra=("Content-Encoding", "gzip"))

    def send_file(self, file, up_to=None):
        """Send the file, or from where a Range header asks; hang up after up_to bytes of it."""
        wanted = self.headers.get("Range")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(file) - 1}/{len(file)}")
        self.send_header("Content-Type", "application/x-gzip")
        self.send_header("Content-Length", str(len(file) - start))
        self.end_headers()
        part = file[start:] if up_to is None else file[start : start + up_to]
        self.server.bytes_sent[self.address] += len(part)
        self.wfile.write(part)

    def send_body(self, body, content_type="application/x-gzip", extra=None):
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if extra:
            self.send_header(*extra)
        self.end_headers()
        self.wfile.write(body)

    def send_endlessly(self):
        self.send_response(200)
        self.end_headers()
        while not self.server.closing.is_set():
            self.wfile.write(bytes(2**16))
            self.server.bytes_sent[self.address] += 2**16

    def redirect(self, path):
        self.send_response(302)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def reset(self):
        """Hang up in such a way that the client sees a reset and no orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, *arguments):
        pass
