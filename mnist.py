"""MNIST, the handwritten digits, as NumPy arrays.

    import mnist
    training_images, training_labels, test_images, test_labels = mnist.load()

The first load verifies the four archives, downloads those that are missing, and keeps the unpacked
arrays in one file, mnist.npz, so that every later load takes a moment only. In a terminal:

    python mnist.py                verify the archives, download what is missing, unpack
    python mnist.py --download     download all four archives, even if they are here

Two environment variables change where the data lie and where they come from:

    MNIST_DATA_DIR    the folder of the archives and of mnist.npz (else data/ beside this file)
    MNIST_MIRRORS     base URLs, separated by spaces, to ask in order (else two public mirrors)

This file needs only NumPy and requests, and works on its own in any folder.

Source of the data: Yann LeCun and Corinna Cortes, licence CC BY-SA 3.0.
The archives are in idx format: a big-endian header (16 bytes for images, 8 for labels), then the
pixels or labels, one byte each.
"""

import argparse
import contextlib
import gzip
import hashlib
import io
import os
import struct
import sys
import time
import uuid
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import requests

__all__ = ["MNISTError", "init", "load"]

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
CACHE = "mnist.npz"
CONNECT_SECONDS = 5
SILENCE_SECONDS = 10  # without a byte for so long, a mirror has failed
TRIES = 3  # of one mirror, when it is overloaded or drops the connection
BACK_OFF_SECONDS = 0.5  # before the second try; doubled before each further one
CHUNK_BYTES = 2**14
STALE_SECONDS = 600  # a temporary file this old belongs to a run that was killed


class MNISTError(OSError):
    """The data could not be had; the message says why and what to do."""


class Archive(NamedTuple):
    """What is known of one of the four files, and of the array it holds."""

    array: str  # the array's name in mnist.npz
    file: str
    size: int  # bytes of the archive
    sha256: str  # of the archive
    shape: tuple  # of the array, which is uint8
    checksum: int  # of the array, see _checksum()


ARCHIVES = (
    Archive(
        "training_images",
        "train-images-idx3-ubyte.gz",
        9912422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        (60000, 784),
        0xFCB7D4AD,
    ),
    Archive(
        "test_images",
        "t10k-images-idx3-ubyte.gz",
        1648877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        (10000, 784),
        0xACA3780E,
    ),
    Archive(
        "training_labels",
        "train-labels-idx1-ubyte.gz",
        28881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        (60000,),
        0x9C9D5DB7,
    ),
    Archive(
        "test_labels",
        "t10k-labels-idx1-ubyte.gz",
        4542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        (10000,),
        0xEE8604D9,
    ),
)


def load(dtype="uint8"):
    """Return the digits, from mnist.npz or, where that is missing or damaged, from the archives.

    Parameters
    ----------
    dtype : NumPy dtype of the images, of numbers that can be 0 to 255.

    Returns
    -------
    training_images : array (60000, 784) of dtype, a row per image, its 28 rows of pixels one after
        the other; 0 is paper, 255 is ink
    training_labels : array (60000,) of uint8, the digits 0 to 9
    test_images : array (10000, 784) of dtype
    test_labels : array (10000,) of uint8

    Raises
    ------
    TypeError : there is no such dtype.
    ValueError : the dtype cannot hold 0 to 255.
    MNISTError : an archive is missing or damaged and no mirror has it.
    """
    dtype = np.dtype(dtype)
    if dtype.kind not in "uif" or not np.can_cast(np.uint8, dtype):
        raise ValueError(f"dtype {dtype} cannot hold pixels from 0 to 255; try uint8 or float32.")
    arrays = _read_cache(_data_folder() / CACHE)
    if arrays is None:
        arrays, problem = _load_archives()
        if problem:
            print(problem, "The data are loaded all the same.")
    # pop lets go of the bytes once they are converted: at no time are all there twice.
    return (
        arrays.pop("training_images").astype(dtype, copy=False),
        arrays["training_labels"],
        arrays.pop("test_images").astype(dtype, copy=False),
        arrays["test_labels"],
    )


def init(download=False):
    """Verify the archives, download those that are missing or damaged, and write mnist.npz anew.

    Parameters
    ----------
    download : bool, download all four, even those that are here.

    Raises
    ------
    MNISTError : an archive is missing or damaged and no mirror has it, or the folder cannot be
        written to.
    """
    _, problem = _load_archives(download)
    if problem:
        raise MNISTError(problem)


def _data_folder():
    folder = os.environ.get("MNIST_DATA_DIR")
    return Path(folder).expanduser() if folder else Path(__file__).resolve().parent / "data"


def _load_archives(download=False):
    """Return the four arrays by name, and a sentence if they could not be saved (else None).

    The archives are verified, those that are missing or damaged (all four, if download is true)
    are downloaded, and mnist.npz is written anew.
    """
    folder = _data_folder()
    if folder.exists() and not folder.is_dir():
        raise MNISTError(
            f"{folder} is a file, not a folder: move it, or set MNIST_DATA_DIR to a folder."
        )

    arrays = {}
    missing = list(ARCHIVES)
    if not download:
        for archive in ARCHIVES:
            packed = _read_archive(folder / archive.file, archive)
            if packed is not None:
                arrays[archive.array] = _unpack(packed, archive)
                missing.remove(archive)

    problem = None
    failed = {}  # mirror: what it answered; it is not asked again
    for archive in missing:
        packed = _download(archive, folder, failed)
        problem = _save(folder / archive.file, packed) or problem
        arrays[archive.array] = _unpack(packed, archive)
    if missing:
        print("Download complete.")

    cache = io.BytesIO()
    np.savez(cache, **arrays)
    problem = _save(folder / CACHE, cache.getbuffer()) or problem
    if not problem:
        print("Save complete.")
    return arrays, problem


def _read_cache(path):
    """Return the arrays in mnist.npz by name, or None if it is not there or not right.

    Does what np.load(path, allow_pickle=False) does, but reads each array in one go: np.load reads
    an .npz file in small pieces, and would be slower than the pickle that this file replaces.
    """
    arrays = {}
    try:
        with zipfile.ZipFile(path) as members, open(path, "rb") as file:
            for archive in ARCHIVES:
                # A member begins with 30 bytes, of which the last four say how long the two fields
                # are that stand between them and the array.
                file.seek(members.getinfo(archive.array + ".npy").header_offset + 26)
                name_length, extra_length = struct.unpack("<HH", file.read(4))
                file.seek(name_length + extra_length, os.SEEK_CUR)
                array = np.lib.format.read_array(file, allow_pickle=False)
                if (array.shape, array.dtype) != (archive.shape, np.uint8):
                    return None
                if _checksum(array) != archive.checksum:
                    return None
                arrays[archive.array] = array
    except Exception:  # damage has many faces, and the archives mend them all
        return None
    return arrays


def _checksum(array):
    """Return a number that tells whether an array of the cache was damaged.

    The bytes are cut into pieces of 10,000, and the CRC-32 is that of all pieces combined by
    exclusive or: a CRC-32 of every byte would take longer than reading them.
    """
    words = array.reshape(-1, 10_000).view(np.uint64)
    return zlib.crc32(np.bitwise_xor.reduce(words, axis=0))


def _is_right(packed, archive):
    return hashlib.sha256(packed).hexdigest() == archive.sha256


def _read_archive(path, archive):
    """Return the archive's bytes from the disk, or None if it is not there or not right."""
    try:
        packed = path.read_bytes()
    except OSError:
        return None
    if not _is_right(packed, archive):
        print(f"{archive.file} is here but damaged; it will be fetched again.")
        return None
    print(f"{archive.file} is here, and its checksum is right.")
    return packed


def _unpack(packed, archive):
    """Return the pixels or labels in an archive's bytes, as an array that can be written to."""
    content = gzip.decompress(packed)
    header_length = 4 + 4 * (3 if "idx3" in archive.file else 1)
    return np.frombuffer(bytearray(content), np.uint8, offset=header_length).reshape(archive.shape)


def _save(path, content):
    """Put content into path in one step; return a sentence if that fails (else None).

    The bytes go to a temporary file beside path, which then takes its place: whoever reads path
    finds the old file or the new one, never half of one.
    """
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale_files(path)
        try:
            temporary.write_bytes(content)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        return f"{path.name} could not be saved in {path.parent}: {error.strerror or error}."
    return None


def _remove_stale_files(path):
    """Remove what runs that were killed while they wrote path have left behind."""
    for temporary in path.parent.glob(f"{path.name}.*.part"):
        with contextlib.suppress(OSError):
            if time.time() - temporary.stat().st_mtime > STALE_SECONDS:
                temporary.unlink()


def _download(archive, folder, failed):
    """Return the archive's bytes from the first mirror that has them."""
    mirrors = os.environ.get("MNIST_MIRRORS", "").split() or MIRRORS
    print(f"Downloading {archive.file}...", end="" if sys.stdout.isatty() else "\n", flush=True)
    for mirror in mirrors:
        if mirror in failed:
            continue
        try:
            packed = _fetch(mirror, archive)
        except _MirrorError as error:
            failed[mirror] = str(error)
            _end_progress()
            print(f"  {mirror}: {error}")
        else:
            _end_progress()
            return packed

    answers = "\n".join(f"  {mirror}: {failed[mirror]}" for mirror in mirrors)
    raise MNISTError(
        f"{archive.file} could not be downloaded.\n{answers}\n"
        f"Go online and try again, or put the file by hand into\n  {folder}\n"
        f"It has {archive.size} bytes and the SHA-256\n  {archive.sha256}"
    )


class _MirrorError(Exception):
    """A mirror did not send the file; the message says why in plain words."""


class _TemporaryError(_MirrorError):
    """A failure that may be gone when the same mirror is asked again."""


def _fetch(mirror, archive):
    """Return the archive's bytes from one mirror, which gets a few tries."""
    url = mirror.rstrip("/") + "/" + archive.file
    packed = bytearray()
    for attempt in range(TRIES):
        try:
            _receive(url, archive, packed)
            break
        except _TemporaryError:
            if attempt == TRIES - 1:
                raise
            time.sleep(BACK_OFF_SECONDS * 2**attempt)
    if not _is_right(packed, archive):
        raise _MirrorError("sent a file with the wrong checksum")
    return bytes(packed)


def _receive(url, archive, packed):
    """Append to packed what is still missing of the archive; stop where more than that comes."""
    headers = {"Accept-Encoding": "identity"}
    if packed:
        headers["Range"] = f"bytes={len(packed)}-"
    try:
        with requests.get(
            url, headers=headers, stream=True, timeout=(CONNECT_SECONDS, SILENCE_SECONDS)
        ) as response:
            _check_headers(response, archive, packed)
            for chunk in response.iter_content(CHUNK_BYTES):
                packed += chunk
                if len(packed) > archive.size:
                    raise _MirrorError(f"sent more than the file's {archive.size} bytes")
                _show_progress(archive, packed)
    except requests.RequestException as error:
        if len(packed) != archive.size:  # else it broke off after the last byte
            raise _in_plain_words(error) from None
    if len(packed) < archive.size:
        raise _TemporaryError("dropped the connection")


def _check_headers(response, archive, packed):
    """Raise _MirrorError if the answer is not what is missing; empty packed if it is all."""
    status = response.status_code
    if status == 429 or status >= 500:
        raise _TemporaryError(f"answered HTTP {status}")
    if status not in (200, 206):
        raise _MirrorError(f"answered HTTP {status}")
    if "html" in response.headers.get("Content-Type", ""):
        raise _MirrorError("sent a web page in place of the file (a log-in page of this network?)")
    if status == 200:
        packed.clear()
    missing = archive.size - len(packed)
    length = response.headers.get("Content-Length", missing)
    if str(length) != str(missing):
        raise _MirrorError(f"offered {length} bytes where {missing} were due")
    # Some servers call the archive itself an encoding of its content: it must stay packed.
    response.raw.headers.pop("Content-Encoding", None)


def _in_plain_words(error):
    """Return the _MirrorError that says what an exception of requests means."""
    text = str(error)
    if isinstance(error, requests.ConnectTimeout):
        return _MirrorError(f"could not be reached within {CONNECT_SECONDS} seconds")
    # While a body comes in, requests reports silence as a ConnectionError.
    if isinstance(error, requests.Timeout) or "timed out" in text:
        return _MirrorError(f"sent nothing for {SILENCE_SECONDS} seconds")
    if isinstance(error, requests.exceptions.ChunkedEncodingError) or "Connection aborted" in text:
        return _TemporaryError("dropped the connection")
    if isinstance(error, requests.exceptions.ProxyError):
        return _MirrorError("could not be reached through the proxy")
    if isinstance(error, requests.exceptions.SSLError):
        return _MirrorError("could not prove who it is (certificate error)")
    if isinstance(error, requests.ConnectionError):
        return _MirrorError("could not be reached")
    if isinstance(error, requests.TooManyRedirects):
        return _MirrorError("redirects without end")
    return _MirrorError(f"is no usable address ({text})")


def _show_progress(archive, packed):
    done, total = len(packed) / 1e6, archive.size / 1e6
    if sys.stdout.isatty():
        print(f"\rDownloading {archive.file}... {done:.1f} of {total:.1f} MB", end="", flush=True)


def _end_progress():
    if sys.stdout.isatty():
        print()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--download", action="store_true", help="download all four archives")
    try:
        init(parser.parse_args().download)
    except MNISTError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Each file that was finished is kept; run this again to go on.")
