"""Step 09 puts networks into a page, and loses no earlier page whatever happens to it."""

import base64
import json
import re
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from scripts import TOP, WINDOWS, assert_printed, blocks, change, edit, interrupt, run, run_here

from workshop import network_file

STEP = "examples/09_watching_it_think"
TRY_IT = TOP / STEP / "try_it.html"
EARLIER = "an earlier page, which somebody may want to keep"


@pytest.fixture
def step(workshop):
    """The step's folder, with a script that is soon done, and an earlier page in it."""
    folder = workshop / STEP
    edit(folder / "make_page.py", epochs_kept="[1]")
    (folder / "digits.html").write_text(EARLIER, encoding="utf-8")
    keep_network(workshop / "examples/06_reading_your_own_digits/network.npz", (20,))
    return folder


def keep_network(path, hidden):
    """Keep a network that has learned nothing, as a step keeps its own."""
    random = np.random.default_rng(0)
    sizes = (784, *hidden, 10)
    weights = [random.normal(size=size) / 20 for size in pairwise(sizes)]
    network_file.save(path, weights, [np.zeros(size) for size in sizes[1:]], "relu", 255)


def only_the_page(step):
    """Nothing half written has been left behind."""
    assert not list(step.glob("*.part"))
    return (step / "digits.html").read_text(encoding="utf-8")


def test_it_puts_networks_into_the_page_that_try_it_shows(step):
    keep_network(step / "my_own.npz", (30, 20))
    result = run("make_page.py", "--no-browser", "my_own.npz", cwd=step)
    assert result.returncode == 0, result.stderr
    assert re.search(r"^    1 +[01]\.\d{3} +0\.[78]\d{3}$", result.stdout, flags=re.MULTILINE)
    assert re.search(
        r"^The network of my_own has a score of 0\.\d{4}$", result.stdout, re.MULTILINE
    )
    page = only_the_page(step)
    assert '"sizes": [784, 14, 14, 10]' in page and '"sizes": [784, 20, 10]' in page
    assert '"name": "my_own", "sizes": [784, 30, 20, 10]' in page
    kept = (step / "networks.json").read_text(encoding="utf-8")
    assert page.replace(data_in(page), "") == TRY_IT.read_text(encoding="utf-8").replace(kept, "")


def test_try_it_is_what_its_sources_give(step):
    (step / "try_it.html").unlink()
    _, ending = run_with(step, "--try-it")
    assert ending is None, ending
    made = (step / "try_it.html").read_text(encoding="utf-8")
    sentence = "A file of the page has changed since: python make_page.py --try-it"
    assert made == TRY_IT.read_text(encoding="utf-8"), sentence


def test_the_page_forbids_every_request_and_is_small_enough_to_send():
    html = TRY_IT.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy"\s+content="([^"]*)"', html)[1]
    rules = [rule.strip() for rule in policy.split(";")]
    assert rules[0] == "default-src 'none'"
    allowed = {word for rule in rules for word in rule.split()[1:]}
    assert allowed == {"'none'", "'unsafe-inline'", "data:"}
    assert TRY_IT.stat().st_size <= 2_000_000


def test_from_the_top_twice_at_once_and_without_the_network_of_step_06(step, workshop):
    step_06 = workshop / "examples/06_reading_your_own_digits"
    (step_06 / "network.npz").write_bytes(b"PK\x03\x04 and nothing more")
    script = "import os\nos.system('ls -l /proc/%d/fd' % os.getppid())\nprint('not today')"
    (step_06 / "digit_network.py").write_text(script, encoding="utf-8")
    command = [sys.executable, f"{STEP}/make_page.py", "--no-browser"]
    options = {"cwd": workshop, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, **options) for _ in range(2)]
    for process in both:
        output, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        assert "so the page is made without it" in output and "not today" in output
        assert "network.npz" not in output  # Windows replaces no file that somebody has open
    assert only_the_page(step).count('"sizes"') == 1


@pytest.mark.skipif(WINDOWS, reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_leaves_the_earlier_page(step):
    edit(step / "make_page.py", epochs_kept="[1, 1000]")
    _, _, errors = interrupt(
        "make_page.py", "--no-browser", cwd=step, after="    0 ", exit_status=1
    )
    assert errors == "Stopped. No page was written; an earlier one is as it was.\n"
    assert only_the_page(step) == EARLIER


def test_a_full_disk_leaves_the_earlier_page(step):
    resource = pytest.importorskip("resource", reason="only here can a test make a disk full")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        output, ending = run_with(step, "--no-browser")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert ending.startswith("The page could not be written: ") and "\n" not in ending
    assert "epoch   loss   score" in output
    assert only_the_page(step) == EARLIER


def run_with(step, *arguments):
    """Run the step's script in this process; return what it printed, and how it ended."""
    return run_here(step / "make_page.py", *arguments)


def test_a_file_that_is_no_network_gets_a_sentence_at_once(step, tmp_path):
    (tmp_path / "notes.npz").write_text("no network", encoding="utf-8")
    for name, sentence in (
        ("notes.npz", "notes.npz is not a network that this workshop saved."),
        ("none.npz", "No such file or directory"),
    ):
        output, ending = run_with(step, "--no-browser", tmp_path / name)
        assert ending == f"{tmp_path / name} cannot be read: {sentence}" and not output


@pytest.mark.slow
def test_a_full_run_prints_what_the_readme_says_and_rounds_little(workshop):
    step, step_06 = workshop / STEP, workshop / "examples/06_reading_your_own_digits"
    result = run(f"{STEP}/make_page.py", "--no-browser", cwd=workshop)  # it starts step 06, too
    assert result.returncode == 0, result.stderr
    assert_printed(blocks(step / "README.md", "text")[0], result.stdout)
    assert (step / "digits.html").stat().st_size <= 2_000_000

    network = network_file.load(step_06 / "network.npz")
    moment = networks_in(step / "digits.html")[1]["moments"][0]
    numbers = np.frombuffer(base64.b64decode(moment["numbers"]), moment["kind"])
    arrays = [array for pair in zip(network["weights"], network["biases"]) for array in pair]
    whole = np.concatenate([array.ravel() for array in arrays])
    assert np.abs(numbers - whole).max() < 0.001 * np.abs(whole).max()


@pytest.mark.slow
def test_the_exercises_do_what_they_say(step, workshop):
    more, eleven = blocks(step / "README.md", "diff")
    edit(step / "make_page.py", epochs_kept="[1, 30]")
    keep = (step / "make_page.py").read_text(encoding="utf-8")
    for exercise, sizes, lowest in (
        (more, [784, 100, 10], 0.97),
        (eleven, [784, 14, 14, 11], 0.93),
    ):
        (step / "make_page.py").write_text(keep, encoding="utf-8")
        change(step / "make_page.py", exercise)
        result = run("make_page.py", "--no-browser", cwd=step)
        assert result.returncode == 0, result.stderr
        network = networks_in(step / "digits.html")[0]
        assert network["sizes"] == sizes and network["moments"][-1]["score"] >= lowest


def data_in(html):
    """The networks and digits of a page, as JSON."""
    return re.search(r'id="data">(.*?)</script>', html)[1]


def networks_in(page):
    """The networks that a page has, as make_page.py put them in."""
    return json.loads(data_in(page.read_text(encoding="utf-8")))["networks"]
