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

Source of the data: Yann LeCun and Corinna Cortes, licence CC BY-SA 3.0. The archives are in idx
format: a big-endian header (16 bytes for images, 8 for labels), then a byte per pixel or label.
"""

import argparse
import contextlib
import gzip
import hashlib
import io
import os
import sys
import time
import uuid
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
    sha256_unpacked: str  # of the file inside
    shape: tuple  # of the array, which is uint8


ARCHIVES = (
    Archive(
        "training_images",
        "train-images-idx3-ubyte.gz",
        9912422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        (60000, 784),
    ),
    Archive(
        "test_images",
        "t10k-images-idx3-ubyte.gz",
        1648877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        (10000, 784),
    ),
    Archive(
        "training_labels",
        "train-labels-idx1-ubyte.gz",
        28881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        (60000,),
    ),
    Archive(
        "test_labels",
        "t10k-labels-idx1-ubyte.gz",
        4542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        (10000,),
    ),
)
CRC32 = 0x34A89C1D  # of the four arrays' bytes, one after the other


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
    _remove_stale_files(_data_folder())
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
    MNISTError : an archive is missing or damaged and no mirror has it, or it cannot be saved.
    """
    _remove_stale_files(_data_folder())
    _, problem = _load_archives(download)
    if problem:
        raise MNISTError(problem)


def _data_folder():
    folder = os.environ.get("MNIST_DATA_DIR")
    return Path(folder).expanduser() if folder else Path(__file__).resolve().parent / "data"


def _load_archives(download=False):
    """Return the four arrays by name, and a sentence if they could not be saved (else None)."""
    folder = _data_folder()
    if folder.exists() and not folder.is_dir():
        raise MNISTError(f"{folder} is a file, not a folder: move it, or set MNIST_DATA_DIR.")
    contents = {}
    if not download:
        contents = {archive: _read(folder, archive) for archive in ARCHIVES}
    missing = [archive for archive in ARCHIVES if not contents.get(archive)]
    problem = None
    failed = {}  # mirror: what it answered; it is not asked again
    for archive in missing:
        packed = _download(archive, folder, failed)
        problem = _save(folder / archive.file, packed) or problem
        contents[archive] = gzip.decompress(packed)
    if missing:
        print("Download complete.")

    arrays = {archive.array: _array(contents.pop(archive), archive) for archive in ARCHIVES}
    cache = io.BytesIO()
    np.savez(cache, sha256=[archive.sha256 for archive in ARCHIVES], **arrays)
    problem = _save(folder / CACHE, cache.getbuffer()) or problem
    if not problem:
        print("Save complete.")
    return arrays, problem


def _read_cache(path):
    """Return the arrays in mnist.npz by name, or None if it is not there or not right."""
    arrays = {}
    crc32 = 0
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as cache:
            if cache["sha256"].tolist() != [archive.sha256 for archive in ARCHIVES]:
                return None
            for archive in ARCHIVES:
                array = cache[archive.array]
                if (array.shape, array.dtype) != (archive.shape, np.uint8):
                    return None
                arrays[archive.array] = array
                crc32 = zlib.crc32(array, crc32)
    except Exception:  # damage has many faces, and the archives mend them all
        return None
    return arrays if crc32 == CRC32 else None


def _read(folder, archive):
    """Return the bytes of the file inside an archive, or None if no right one is in the folder.

    Browsers and people unpack what they download, under one of two names: that counts, too.
    """
    unpacked = archive.file.removesuffix(".gz")
    for file, sha256 in (
        (archive.file, archive.sha256),
        (unpacked, archive.sha256_unpacked),
        (unpacked.replace("-idx", ".idx"), archive.sha256_unpacked),
    ):
        try:
            content = (folder / file).read_bytes()
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() == sha256:
            print(f"{file} is here, and its checksum is right.")
            return gzip.decompress(content) if file == archive.file else content
        print(f"{file} is here but damaged, so it is not used.")
    return None


def _array(content, archive):
    """Return the pixels or labels in an idx file, as an array that can be written to."""
    header_length = 16 if "idx3" in archive.file else 8
    return np.frombuffer(bytearray(content), np.uint8, offset=header_length).reshape(archive.shape)


def _save(path, content):
    """Put content into path in one step; return a sentence if that fails (else None).

    The bytes go to a temporary file beside path, which then takes its place: whoever reads path
    finds the old file or the new one, never half of one.
    """
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        _replace(temporary, path)
    except OSError as error:
        return f"{path.name} could not be saved in {path.parent}: {error.strerror or error}."
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    return None


def _replace(temporary, path):
    """Let temporary take the place of path; Windows refuses while somebody is reading path."""
    for seconds in (0.1, 0.2, 0.4, 0.8):
        with contextlib.suppress(PermissionError):
            return os.replace(temporary, path)
        time.sleep(seconds)
    os.replace(temporary, path)


def _remove_stale_files(folder):
    """Remove what runs that were killed while they wrote have left behind."""
    for name in (CACHE, *(archive.file for archive in ARCHIVES)):
        for temporary in folder.glob(f"{name}.*.part"):
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
            return _fetch(mirror, archive)
        except _MirrorError as error:
            failed[mirror] = str(error)
        finally:
            if sys.stdout.isatty():
                print()  # ends the line of the megabytes
        print(f"  {mirror}: {failed[mirror]}")

    answers = "\n".join(f"  {mirror}: {failed[mirror]}" for mirror in mirrors)
    raise MNISTError(
        f"{archive.file} could not be downloaded.\n{answers}\n"
        f"Go online and try again, or put the file by hand (unpacked will do) into\n  {folder}\n"
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
    if hashlib.sha256(packed).hexdigest() != archive.sha256:
        raise _MirrorError("sent a file with the wrong checksum")
    return bytes(packed)


def _receive(url, archive, packed):
    """Append to packed what is still missing of the archive; stop where more than that comes."""
    headers = {"Accept-Encoding": "identity"}
    if packed:
        headers["Range"] = f"bytes={len(packed)}-"
    timeout = (CONNECT_SECONDS, SILENCE_SECONDS)
    try:
        with requests.get(url, headers=headers, stream=True, timeout=timeout) as response:
            _check_headers(response, archive, packed)
            for chunk in response.iter_content(CHUNK_BYTES):
                packed += chunk
                if len(packed) > archive.size:
                    raise _MirrorError(f"sent more than the file's {archive.size} bytes")
                _show_progress(archive, packed)
    except (OSError, ValueError) as error:  # requests lets some through that are not its own
        if len(packed) != archive.size:  # else it broke off after the last byte
            raise _in_plain_words(error) from None
    if len(packed) < archive.size:
        raise _TemporaryError("dropped the connection")


def _check_headers(response, archive, packed):
    """Raise _MirrorError if the answer is not what is missing; empty packed if it is all."""
    status = response.status_code
    if status not in (200, 206):
        kind = _TemporaryError if status == 429 or status >= 500 else _MirrorError
        raise kind(f"answered HTTP {status}")
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
    silent = f"sent nothing for {SILENCE_SECONDS} seconds"
    if isinstance(error, requests.exceptions.ChunkedEncodingError) or "Connection aborted" in text:
        return _TemporaryError("dropped the connection")
    if "Read timed out" in text:  # while a body comes in, this is a ConnectionError
        return _MirrorError(silent)
    if "CA certificate" in text:
        return _MirrorError("was not asked, as REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names no file")
    for kind, words in (
        (requests.ConnectTimeout, f"could not be reached within {CONNECT_SECONDS} seconds"),
        (requests.Timeout, silent),
        (requests.exceptions.ProxyError, "could not be reached through the proxy"),
        (requests.exceptions.SSLError, "could not prove who it is (certificate error)"),
        (requests.ConnectionError, "could not be reached"),
        (requests.TooManyRedirects, "redirects without end"),
    ):
        if isinstance(error, kind):
            return _MirrorError(words)
    return _MirrorError(f"is no usable address ({text})")


def _show_progress(archive, packed):
    done, total = len(packed) / 1e6, archive.size / 1e6
    if sys.stdout.isatty():
        print(f"\rDownloading {archive.file}... {done:.1f} of {total:.1f} MB", end="", flush=True)


if __name__ == "__main__":
    as_it_stands = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_it_stands)
    parser.add_argument("--download", action="store_true", help="download all four archives")
    try:
        init(parser.parse_args().download)
    except MNISTError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Each file that was finished is kept; run this again to go on.")
