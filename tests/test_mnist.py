"""The loader, against the real archives and a real mirror that misbehaves."""

import functools
import gzip
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from mirror import FILES, Mirror
from scripts import TOP, WINDOWS, interrupt, run

import mnist

pytestmark = pytest.mark.about("mnist.py")
ARRAYS = ("training_images", "training_labels", "test_images", "test_labels")
# Of each array: the archive, the header in it, and the SHA-256 of the unpacked file.
UNPACKED = (
    (
        "train-images-idx3-ubyte.gz",
        (2051, 60000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    (
        "train-labels-idx1-ubyte.gz",
        (2049, 60000),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    (
        "t10k-images-idx3-ubyte.gz",
        (2051, 10000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    (
        "t10k-labels-idx1-ubyte.gz",
        (2049, 10000),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)
LOAD = "import mnist; print([array.sum() for array in mnist.load()])"
UNIX = pytest.mark.skipif(WINDOWS, reason="needs signals and limits that Windows lacks")

# What a mirror can do, and what is said of it.
FAILURES = {
    "403": "answered HTTP 403",
    "404": "answered HTTP 404",
    "500": "answered HTTP 500",
    "refused": "could not be reached",
    "reset": "dropped the connection",
    "silent": "sent nothing for 1 seconds",
    "stalled": "sent nothing for 1 seconds",
    "dropped": "dropped the connection",
    "half": "offered 4956211 bytes where 9912422 were due",
    "empty": "offered 0 bytes where 9912422 were due",
    "login": "sent a web page in place of the file",
    "random": "sent a file with the wrong checksum",
    "flipped": "sent a file with the wrong checksum",
    "another": "offered 4542 bytes where 9912422 were due",
    "endless": "sent more than the file's 9912422 bytes",
    "redirect_loop": "redirects without end",
}
RECOVERIES = ("503_twice", "dropped_once", "redirect", "content_encoding")


@pytest.fixture(scope="module")
def mirror():
    server = Mirror()
    yield server
    server.close()


@functools.cache
def digits():
    """The four arrays, unpacked without mnist.py, and proved right by the SHA-256 of each file."""
    arrays = []
    for file, header, sha256 in UNPACKED:
        content = gzip.decompress(FILES[file])
        assert hashlib.sha256(content).hexdigest() == sha256
        start = 4 * len(header)
        assert content[:start] == np.array(header, ">i4").tobytes()
        array = np.frombuffer(content, np.uint8, offset=start)
        arrays.append(array.reshape(header[1], -1) if len(header) == 4 else array)
    return arrays


decompress = functools.cache(gzip.decompress)  # unpacked once, and not anew in every test


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty data folder; time-outs and waits are short, as a test should be."""
    monkeypatch.setattr(gzip, "decompress", decompress)
    folder = tmp_path / "data"
    monkeypatch.setenv("MNIST_DATA_DIR", str(folder))
    monkeypatch.delenv("MNIST_MIRRORS", raising=False)
    monkeypatch.setattr(mnist, "SILENCE_SECONDS", 1)
    monkeypatch.setattr(mnist, "BACK_OFF_SECONDS", 0.01)
    return folder


@pytest.fixture
def archives(folder):
    """The data folder with the four archives, and no cache."""
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def good_cache(tmp_path_factory):
    """A cache as mnist.py writes it."""
    folder = tmp_path_factory.mktemp("cache")
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_DATA_DIR", str(folder))
        mnist.init()
    return folder / "mnist.npz"


@pytest.fixture
def cache(archives, good_cache):
    """The cache in the data folder, beside the archives."""
    return Path(shutil.copy(good_cache, archives))


def assert_right(arrays):
    for array, right in zip(arrays, digits()):
        assert array.dtype == np.uint8
        assert np.array_equal(array, right)


def assert_tidy(folder):
    """The folder holds the archives and the cache, all of them right, and nothing else."""
    assert {path.name for path in folder.iterdir()} == {*FILES, "mnist.npz"}
    assert all((folder / name).read_bytes() == content for name, content in FILES.items())
    with np.load(folder / "mnist.npz", allow_pickle=False) as cache:
        assert_right([cache[name] for name in ARRAYS])


# Loading


def test_load_returns_the_real_digits(archives):
    arrays = mnist.load()
    assert_right(arrays)
    assert_right(mnist.load())  # now from the cache
    assert_tidy(archives)
    assert all(array.flags.writeable for array in arrays)


@pytest.mark.parametrize("dtype", ["float32", np.float64, "int16"])
def test_load_gives_the_images_the_dtype_asked_for(cache, dtype):
    arrays = mnist.load(dtype=dtype)
    assert [array.dtype for array in arrays] == [dtype, np.uint8, dtype, np.uint8]
    assert all(np.array_equal(a, b) for a, b in zip(arrays, digits()))


@pytest.mark.slow
def test_a_warm_load_takes_little_longer_than_reading_the_file(cache):
    def seconds(function):
        start = time.perf_counter()
        function()
        return time.perf_counter() - start

    def read():
        with np.load(cache) as file:
            return dict(file)

    pairs = [(seconds(mnist.load), seconds(read)) for _ in range(20)]
    load, plain = map(min, zip(*pairs))
    assert load < 2 * plain


@pytest.mark.parametrize(
    "dtype, error",
    [("int8", ValueError), ("bool", ValueError), ("S3", ValueError), ("flaot32", TypeError)],
)
def test_load_refuses_a_dtype_that_cannot_hold_the_pixels(archives, dtype, error):
    with pytest.raises(error, match=dtype):
        mnist.load(dtype=dtype)


def test_scripts_written_for_mnist_for_numpy_run(cache):
    result = run(
        "-c", "import mnist; mnist.init(); x, t, y, u = mnist.load(); print(x.shape)", cwd=TOP
    )
    assert result.stdout.splitlines()[-1] == "(60000, 784)"


# Mirrors that misbehave


@pytest.mark.parametrize("behaviour", [*FAILURES, *RECOVERIES])
def test_a_bad_first_mirror_is_made_good(folder, mirror, monkeypatch, capsys, behaviour):
    first, second = mirror.url(behaviour), mirror.url("good")
    monkeypatch.setenv("MNIST_MIRRORS", f"{first} {second}")
    assert_right(mnist.load())
    assert_tidy(folder)
    if behaviour in FAILURES:
        assert f"{first}: {FAILURES[behaviour]}" in capsys.readouterr().out
        if behaviour != "refused":
            assert set(mirror.asked_of(first)) == {"train-images-idx3-ubyte.gz"}  # never again
    else:
        assert not mirror.asked_of(second)


@pytest.mark.parametrize("behaviour", FAILURES)
def test_a_bad_only_mirror_is_one_clear_error(folder, mirror, monkeypatch, behaviour):
    only = mirror.url(behaviour)
    monkeypatch.setenv("MNIST_MIRRORS", only)
    with pytest.raises(mnist.MNISTError) as caught:
        mnist.load()
    message = str(caught.value)
    assert "train-images-idx3-ubyte.gz could not be downloaded" in message
    assert f"{only}: {FAILURES[behaviour]}" in message
    assert str(folder) in message and "put the file by hand" in message
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    assert not folder.exists() or not list(folder.iterdir())

    monkeypatch.setenv("MNIST_MIRRORS", mirror.url("good"))
    assert_right(mnist.load())
    assert_tidy(folder)


@pytest.mark.parametrize("behaviour", RECOVERIES)
def test_a_mirror_with_a_passing_trouble_is_enough(folder, mirror, monkeypatch, behaviour):
    monkeypatch.setenv("MNIST_MIRRORS", mirror.url(behaviour))
    assert_right(mnist.load())
    assert_tidy(folder)


def test_a_dropped_download_goes_on_where_it_broke_off(folder, mirror, monkeypatch):
    url = mirror.url("dropped_once")
    monkeypatch.setenv("MNIST_MIRRORS", url)
    mnist.load()
    for name, content in FILES.items():
        # A last chunk that came in half may be asked for again, but nothing more.
        assert 0 <= mirror.bytes_sent[url + name] - len(content) <= mnist.CHUNK_BYTES


def test_no_body_is_read_far_past_its_size(folder, mirror, monkeypatch):
    url = mirror.url("endless")
    monkeypatch.setenv("MNIST_MIRRORS", url)
    with pytest.raises(mnist.MNISTError):
        mnist.load()
    sent = mirror.bytes_sent[url + "train-images-idx3-ubyte.gz"]
    assert sent < 9912422 + 20_000_000  # what was under way between the sockets


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1/", "http://", "http://a..b/"])
def test_a_mirror_that_is_no_address_is_named(folder, monkeypatch, address):
    monkeypatch.setenv("MNIST_MIRRORS", address)
    with pytest.raises(mnist.MNISTError, match=f"{address}: is no usable address"):
        mnist.load()


def test_certificates_that_are_not_there_are_a_mirrors_failure(folder, mirror, monkeypatch, capsys):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
    monkeypatch.setenv("MNIST_MIRRORS", f"https://127.0.0.1/ {mirror.url('good')}")
    mnist.init()
    assert_tidy(folder)
    said = (
        "  https://127.0.0.1/: was not asked, as REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names no file"
    )
    assert said in capsys.readouterr().out.splitlines()


# Damage


def test_a_damaged_archive_is_replaced_or_kept(archives, mirror, monkeypatch, capsys):
    path = archives / "t10k-images-idx3-ubyte.gz"
    damaged = path.read_bytes()[:-1000]
    path.write_bytes(damaged)
    monkeypatch.setenv("MNIST_MIRRORS", mirror.url("404"))
    with pytest.raises(mnist.MNISTError, match=path.name):
        mnist.load()
    assert path.read_bytes() == damaged  # nothing better has come

    url = mirror.url("good")
    monkeypatch.setenv("MNIST_MIRRORS", url)
    assert_right(mnist.load())
    assert_tidy(archives)
    assert mirror.asked_of(url) == [path.name]
    assert f"{path.name} is here but damaged" in capsys.readouterr().out


@pytest.mark.parametrize("dot", ["-idx", ".idx"])
def test_unpacked_files_count_under_either_name_if_they_are_right(
    folder, mirror, monkeypatch, capsys, dot
):
    folder.mkdir()
    names = [name.removesuffix(".gz").replace("-idx", dot) for name in FILES]
    for name, packed in zip(names, FILES.values()):
        (folder / name).write_bytes(decompress(packed))
    monkeypatch.setenv("MNIST_MIRRORS", mirror.url("404"))
    assert_right(mnist.load())
    assert {path.name for path in folder.iterdir()} == {*names, "mnist.npz"}
    assert f"{names[0]} is here, and its checksum is right." in capsys.readouterr().out

    (folder / "mnist.npz").unlink()
    bit_flipped(folder / names[0])
    with pytest.raises(mnist.MNISTError, match=r"by hand .unpacked will do."):
        mnist.load()
    assert f"{names[0]} is here but damaged" in capsys.readouterr().out


class Bomb:
    """Something that, unpickled, says so."""

    def __reduce__(self):
        return (print, ("BOOM",))


def truncated(path):
    path.write_bytes(path.read_bytes()[:30_000_000])


def empty(path):
    path.write_bytes(b"")


def garbled(path):
    path.write_bytes(np.random.default_rng(0).bytes(1_000_000))


def bit_flipped(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def header_flipped(path):
    content = path.read_bytes()
    path.write_bytes(content.replace(b"(60000, 784)", b"(90000, 784)"))


def pickled(path):
    path.write_bytes(pickle.dumps(Bomb()))


def pickled_inside(path):
    with open(path, "wb") as file:
        np.savez(file, **dict.fromkeys(ARRAYS, np.array(Bomb(), dtype=object)))


def change(path, **changes):
    """Save the cache with some arrays changed, and all else as it was."""
    with np.load(path) as cache:
        arrays = dict(cache)
    for name, function in changes.items():
        arrays[name] = function(arrays[name])
    np.savez(path, **arrays)


def wrong_shaped(path):
    change(path, training_images=lambda images: images.reshape(784, 60000))


def other_dtype(path):
    change(path, test_labels=lambda labels: labels.astype("int8"))


def other_data(path):
    change(path, test_labels=lambda labels: labels[::-1])


def labels_rolled(path):
    change(path, training_labels=lambda labels: np.roll(labels, 10_000))


def images_rolled(path):
    change(path, training_images=lambda images: np.roll(images, 625, axis=0))


def columns_rolled(path):
    change(path, test_images=lambda images: np.roll(images, 56, axis=1))


def other_archives(path):
    change(path, sha256=lambda sha256: sha256[::-1])


def no_archives(path):
    with np.load(path) as cache:
        np.savez(path, **{name: cache[name] for name in ARRAYS})


def incomplete(path):
    with np.load(path) as cache:
        np.savez(path, sha256=cache["sha256"], training_images=cache["training_images"])


DAMAGES = [truncated, empty, garbled, bit_flipped, header_flipped, pickled, pickled_inside]
DAMAGES += [wrong_shaped, other_dtype, other_data, labels_rolled, images_rolled, columns_rolled]
DAMAGES += [other_archives, no_archives, incomplete]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_cache_is_rebuilt_without_a_word_to_worry_about(cache, capsys, damage):
    damage(cache)
    assert_right(mnist.load())
    assert_tidy(cache.parent)
    output, errors = capsys.readouterr()
    assert output.splitlines()[-1] == "Save complete."
    assert "damaged" not in output and "BOOM" not in output and not errors


def test_a_folder_in_the_place_of_the_cache_is_no_obstacle(archives, capsys):
    (archives / "mnist.npz").mkdir()
    assert_right(mnist.load())
    assert "mnist.npz could not be saved" in capsys.readouterr().out


# Folders


def test_a_data_folder_that_is_a_file_is_named_and_left_alone(folder):
    folder.write_text("my notes", encoding="utf-8")
    with pytest.raises(mnist.MNISTError, match="is a file, not a folder"):
        mnist.load()
    assert folder.read_text(encoding="utf-8") == "my notes"


def test_a_folder_name_may_have_spaces_and_accents(tmp_path, folder, mirror, monkeypatch):
    named = tmp_path / "Données de Zoë" / "mnist data"
    monkeypatch.setenv("MNIST_DATA_DIR", str(named))
    monkeypatch.setenv("MNIST_MIRRORS", mirror.url("good"))
    assert_right(mnist.load())
    assert_tidy(named)


@UNIX
def test_a_read_only_folder_with_good_data_loads(archives):
    os.chmod(archives, 0o555)
    # Root may write everywhere, so it becomes somebody else once the modules are loaded.
    code = "import os, mnist; os.geteuid() or os.seteuid(65534); mnist.load(); print('loaded')"
    result = run("-c", code, cwd=archives, MNIST_DATA_DIR=".")
    os.chmod(archives, 0o755)
    assert result.returncode == 0, result.stderr
    assert "mnist.npz could not be saved" in result.stdout
    assert result.stdout.splitlines()[-1] == "loaded"
    assert {path.name for path in archives.iterdir()} == set(FILES)


@UNIX
@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 1_000_000, 20_000_000])
def test_a_full_disk_is_said_and_leaves_nothing_behind(folder, mirror, limit):
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
    url = mirror.url("good")
    result = run("-c", limited + LOAD, cwd=TOP, MNIST_MIRRORS=url)
    assert result.returncode == 0, result.stderr  # the data are in memory all the same
    assert "could not be saved" in result.stdout
    assert not list(folder.glob("*.part")) and not (folder / "mnist.npz").exists()

    init = run("-c", limited + "import mnist; mnist.init()", cwd=TOP, MNIST_MIRRORS=url)
    assert init.returncode == 1 and "could not be saved" in init.stderr.splitlines()[-1]

    assert run("-c", LOAD, cwd=TOP, MNIST_MIRRORS=url).returncode == 0
    assert_tidy(folder)


# Many at once, and killed


@pytest.mark.slow
def test_sixteen_at_once_on_an_empty_folder(folder, mirror):
    environment = {**os.environ, "MNIST_MIRRORS": mirror.url("good")}
    command = [sys.executable, "-c", LOAD]
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(16)
    ]
    sums = {process.communicate()[0].splitlines()[-1] for process in processes}
    assert [process.returncode for process in processes] == [0] * 16
    assert len(sums) == 1
    assert_tidy(folder)


@UNIX
@pytest.mark.slow
@pytest.mark.parametrize("moment", range(12))
def test_killed_at_any_moment_the_next_run_starts_clean(folder, mirror, moment):
    environment = {**os.environ, "MNIST_MIRRORS": mirror.url("good")}
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", LOAD], env=environment, stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()  # the first download has begun
    time.sleep(moment * 0.07)
    process.kill()
    process.communicate()
    an_hour_ago = time.time() - 3600
    for path in folder.glob("*.part"):
        os.utime(path, (an_hour_ago, an_hour_ago))
    assert run("-c", LOAD, cwd=TOP, MNIST_MIRRORS=environment["MNIST_MIRRORS"]).returncode == 0
    assert_tidy(folder)


@pytest.mark.parametrize("start", [mnist.load, mnist.init])
def test_what_killed_runs_have_left_is_removed_and_what_another_writes_is_not(cache, start):
    for name in (*FILES, cache.name):
        for run_name, age in (("killed", 3600), ("writing", 0)):
            part = cache.with_name(f"{name}.{run_name}.part")
            part.write_bytes(b"half of it")
            os.utime(part, (time.time() - age, time.time() - age))
    start()
    left = {path.name for path in cache.parent.glob("*.part")}
    assert left == {f"{name}.writing.part" for name in (*FILES, cache.name)}


@pytest.mark.parametrize("refusals", [3, 100])
def test_a_file_that_somebody_reads_is_replaced_a_moment_later(archives, monkeypatch, refusals):
    """Windows refuses to replace a file as long as somebody reads it; here, os.replace does so."""
    replace = os.replace
    tries = []

    def busy_replace(source, target):
        tries.append(target)
        if len(tries) <= refusals:
            raise PermissionError(13, "Access is denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", busy_replace)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    if refusals == 3:
        mnist.init()
        assert_tidy(archives)
    else:
        with pytest.raises(mnist.MNISTError, match=r"mnist.npz could not be saved .* denied"):
            mnist.init()
        assert {path.name for path in archives.iterdir()} == set(FILES)


# python mnist.py


def test_alone_in_an_empty_folder_it_downloads_everything(tmp_path, mirror):
    alone = tmp_path / "mnist.py"
    alone.write_bytes((TOP / "mnist.py").read_bytes())
    result = run("mnist.py", cwd=tmp_path, MNIST_DATA_DIR="", MNIST_MIRRORS=mirror.url("good"))
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "Downloading train-images-idx3-ubyte.gz...",
        "Downloading t10k-images-idx3-ubyte.gz...",
        "Downloading train-labels-idx1-ubyte.gz...",
        "Downloading t10k-labels-idx1-ubyte.gz...",
        "Download complete.",
        "Save complete.",
    ]
    assert_tidy(tmp_path / "data")


def test_with_good_archives_it_downloads_nothing_unless_asked(archives, mirror):
    url = mirror.url("good")
    result = run("mnist.py", cwd=TOP, MNIST_MIRRORS=url)
    lines = result.stdout.splitlines()
    assert len(lines) == 5 and lines[-1] == "Save complete."
    assert all("is here" in line for line in lines[:4])
    assert not mirror.asked_of(url)

    result = run("mnist.py", "--download", cwd=TOP, MNIST_MIRRORS=url)
    assert "Download complete." in result.stdout
    assert sorted(mirror.asked_of(url)) == sorted(FILES)

    result = run("mnist.py", "--download", cwd=TOP, MNIST_MIRRORS=mirror.url("404"))
    assert result.returncode == 1
    assert_tidy(archives)  # the good archives are still there


def test_when_all_fails_it_prints_just_the_message(folder, mirror):
    urls = mirror.url("403"), mirror.url("refused")
    result = run("mnist.py", cwd=TOP, MNIST_MIRRORS=" ".join(urls))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert f"{urls[0]}: answered HTTP 403" in result.stderr
    assert f"{urls[1]}: could not be reached" in result.stderr


@UNIX
def test_ctrl_c_leaves_a_sentence_and_no_debris(folder, mirror, monkeypatch):
    monkeypatch.setenv("MNIST_MIRRORS", mirror.url("stalled"))
    _, _, errors = interrupt("mnist.py", cwd=TOP, after="Downloading", exit_status=1)
    assert errors.strip().startswith("Stopped.") and "Traceback" not in errors
    assert not folder.exists() or not list(folder.iterdir())


@UNIX
def test_in_a_terminal_the_megabytes_count_up(folder, mirror):
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "mnist.py"],
        cwd=TOP,
        env={**os.environ, "MNIST_MIRRORS": mirror.url("good")},
        stdout=theirs,
    ) as process:
        os.close(theirs)
        output = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:  # how Linux says that the other side is closed
                break
            if not chunk:
                break
            output += chunk
    os.close(ours)
    assert process.returncode == 0
    assert b"\rDownloading train-images-idx3-ubyte.gz... 5.0 of 9.9 MB" in output
    assert b"9.9 of 9.9 MB\r\n" in output
