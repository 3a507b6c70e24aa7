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
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from distributed import Security

KEY = Path(__file__).resolve().with_name("room_key")  # the folder that is handed round
AUTHORITY = "authority.pem"  # the certificate of who vouches for the members
MEMBER = "member.pem"  # a member's certificate, and the private key to it
DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)

dask.config.set(
    {
        "distributed.scheduler.worker-ttl": "20s",  # silent for longer: its work goes to others
        "distributed.scheduler.allowed-failures": 20,  # laptops go to sleep; no network's fault
        "distributed.scheduler.work-stealing-interval": "200ms",
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


def make_key(folder):
    """Make the key of today in a folder: an authority, and a certificate for which it vouches.

    Everybody has the same certificate, for everybody may do the same. The authority's own private
    key is thrown away, so nobody can ever make another certificate that this room would accept.
    """
    authority_key = ec.generate_private_key(ec.SECP256R1())
    member_key = ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("authority", authority_key, "authority", authority_key)
    member = _certificate("member", member_key, "authority", authority_key)
    private = member_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = serialization.Encoding.PEM
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / AUTHORITY).write_bytes(authority.public_bytes(pem))
    (folder / MEMBER).touch(mode=0o600)
    (folder / MEMBER).write_bytes(member.public_bytes(pem) + private)


def _certificate(name, key, issuer, issuer_key):
    """Return a certificate for a key, signed by the issuer's; it is good for a day."""
    now = datetime.now(timezone.utc)
    is_authority = key is issuer_key
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - HOUR)  # not all clocks in a room agree
        .not_valid_after(now + DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .add_extension(_usage(is_authority), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def _name(role):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"workshop {role}")])


def _usage(is_authority):
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def hours_left(folder):
    """Return for how many hours the key in a folder is good: 0 or less if it is not, or missing."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / MEMBER).read_bytes())
    except (OSError, ValueError):
        return 0
    left = certificate.not_valid_after_utc - datetime.now(timezone.utc)
    return left / HOUR


def address(text):
    """Return the address of a scheduler as it was typed, if it is one; for argparse."""
    if not re.fullmatch(r"tls://\S+:\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} does not look like tls://192.168.0.5:8786")
    return text


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
        f"has {one}, where we have {other}"
        for one, other in zip(theirs.split(", "), ours.split(", "))
        if one != other
    )
