"""What search.py, lead.py and join.py share: Dask as they all want it, and the room's key."""

import argparse
import logging
import re
import socket
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

import dask
import trustme
from cryptography import x509
from distributed import Security

KEY = Path(__file__).resolve().with_name("room_key")  # the folder that is handed round
AUTHORITY = "authority.pem"  # the certificate of who vouches for the members
MEMBER = "member.pem"  # a member's certificate, and the private key to it
HOUR = timedelta(hours=1)

dask.config.set(
    {
        "distributed.scheduler.worker-ttl": "20s",  # silent for longer: its work goes to others
        "distributed.scheduler.allowed-failures": 20,  # laptops go to sleep; no network's fault
        "distributed.scheduler.work-stealing-interval": "200ms",
        "distributed.scheduler.http.routes": [],  # no web pages: they would ask for no key
        "distributed.worker.http.routes": [],
        "distributed.comm.timeouts.connect": "10s",
        "distributed.comm.timeouts.tcp": "20s",
        "distributed.worker.profile.enabled": False,
        # Dask would have NumPy give back all memory at once, and fetch it again the next moment.
        "distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1},
        "distributed.worker.memory.target": False,  # nothing is kept there that could be moved
        "distributed.worker.memory.spill": False,
        "distributed.worker.memory.pause": False,
    }
)
QUIET = logging.CRITICAL  # our own lines say what matters
for handler in logging.getLogger("distributed").handlers:
    handler.setLevel(QUIET)
logging.getLogger("asyncio").setLevel(QUIET)


def make_key(folder):
    """Make the key of today in a folder: an authority, and a certificate for which it vouches.

    Everybody has the same certificate, for everybody may do the same. The authority's own private
    key is never written, so nobody can ever make another certificate that this room would accept.
    """
    now = datetime.now(timezone.utc)
    authority = trustme.CA(organization_name="the workshop's room")
    member = authority.issue_cert(
        "member",
        not_before=now - HOUR,  # not all clocks in a room agree
        not_after=now + 24 * HOUR,
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority.cert_pem.write_to_path(folder / AUTHORITY)
    (folder / MEMBER).touch(mode=0o600)
    member.private_key_and_cert_chain_pem.write_to_path(folder / MEMBER)


def hours_left(folder):
    """Return for how many hours the key in a folder is good: 0 or less if it is not, or missing."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / MEMBER).read_bytes())
    except (OSError, ValueError):
        return 0
    left = certificate.not_valid_after_utc - datetime.now(timezone.utc)
    return left / HOUR


def security(folder):
    """Return Dask's settings for TLS: speak to nobody, and listen to nobody, without this key."""
    if hours_left(folder) <= 0:
        sys.exit(
            f"There is no key of the room, or none that is good today, in {folder}.\n"
            f"Ask whoever leads for the folder {KEY.name}, and put it beside this script."
        )
    authority, member = str(folder / AUTHORITY), str(folder / MEMBER)
    return Security(
        require_encryption=True,
        tls_ca_file=authority,
        tls_scheduler_cert=member,
        tls_worker_cert=member,
        tls_client_cert=member,
    )


def own_address(scheduler="tls://192.0.2.1:1"):
    """Return the address by which this computer would call the scheduler; nothing is sent.

    Without a scheduler: the one that it has in the network; 127.0.0.1 if it is in none.
    """
    parts = urlsplit(scheduler)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.connect((parts.hostname, parts.port))
            return caller.getsockname()[0]
    except OSError:
        return "127.0.0.1"


def differences(theirs, ours):
    """Say in words what differs between two computers' versions; "" if nothing does."""
    return " and ".join(
        f"has {one}, where this computer has {other}"
        for one, other in zip(theirs.split(", "), ours.split(", "))
        if one != other
    )


# What is typed behind an option; argparse prints what is wrong with it.


def address(text):
    if not re.fullmatch(r"tls://\S+:\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} does not look like tls://192.168.0.5:8786")
    return text


def at_least_one(text):
    if not re.fullmatch(r"0*[1-9]\d*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def port(text):
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 65535")
    return int(text)
