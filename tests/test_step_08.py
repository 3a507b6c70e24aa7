"""Past 99 percent: the script, its Ctrl-C, and what each distortion does to a digit."""

import os
import re
import sys

import numpy as np
import pytest
from scipy import ndimage
from scripts import TOP, assert_printed, blocks, edit, interrupt, run

import mnist

STEP = "examples/08_past_99_percent"
QUICK = {"hidden_layer_sizes": "(64,)", "batch_sizes": "2 * [200]"}  # a few seconds


def score(output):
    return float(re.search(r"^We have a score of (\d\.\d+)$", output, flags=re.MULTILINE)[1])


def held_out_scores(output):
    return [float(found) for found in re.findall(r"^Pass.+score (\d\.\d+)", output, re.MULTILINE)]


@pytest.fixture(scope="module")
def images():
    return mnist.load(dtype="float32")[0][:300] / 255


@pytest.fixture
def distortions(monkeypatch):
    monkeypatch.syspath_prepend(str(TOP / STEP))
    monkeypatch.delitem(sys.modules, "distortions", raising=False)
    import distortions

    yield distortions
    del sys.modules["distortions"]


def test_as_it_stands_it_passes_99_percent_and_prints_what_the_readme_shows(workshop):
    result = run(workshop / STEP / "process_digits.py", cwd=workshop)
    assert result.returncode == 0, result.stderr
    assert 0.988 < score(result.stdout) < 0.996
    scores = held_out_scores(result.stdout)
    assert scores[0] < 0.98 < 0.987 < scores[-1]
    for block in blocks(TOP / STEP / "README.md", "text"):
        assert_printed(block, result.stdout)
    for picture in ("distortions.png", "accuracy.png", "mistakes.png"):
        assert (workshop / STEP / picture).stat().st_size > 10_000


def test_the_second_run_is_drawn_beside_the_first(workshop):
    script = workshop / STEP / "process_digits.py"
    edit(script, **QUICK)
    first = run(script, cwd=workshop / STEP)
    assert first.returncode == 0, first.stderr
    assert 0.9 < score(first.stdout) < 0.98
    alone = (workshop / STEP / "accuracy.png").read_bytes()

    edit(script, amount=0)
    second = run(script, cwd=workshop / STEP)
    assert second.returncode == 0, second.stderr
    # The first pass is the same; the second is not, as its images are not distorted.
    assert held_out_scores(second.stdout)[0] == held_out_scores(first.stdout)[0]
    assert held_out_scores(second.stdout)[1] != held_out_scores(first.stdout)[1]
    assert (workshop / STEP / "accuracy.png").read_bytes() != alone


@pytest.mark.parametrize(
    "change",
    [{"amount": '"0.5"'}, {"amount": -1}, {"batch_sizes": "200"}, {"held_out": 0}],
)
def test_a_slip_in_the_settings_is_named(workshop, change):
    edit(workshop / STEP / "process_digits.py", **change)
    result = run("process_digits.py", cwd=workshop / STEP)
    assert result.returncode == 1
    assert f"{next(iter(change))} must be" in result.stderr
    assert "Traceback" not in result.stderr and not result.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_ends_the_training_and_still_scores(workshop):
    script = workshop / STEP / "process_digits.py"
    edit(script, hidden_layer_sizes="(64,)", batch_sizes="50 * [200]")
    output, rest, errors = interrupt(script, cwd=workshop, after="Pass  2")
    assert "Traceback" not in errors
    assert len(held_out_scores(output + rest)) <= 4
    assert score(rest) > 0.9


def test_a_distorted_digit_is_near_the_one_it_was(distortions, images):
    distorted = distortions.distort(images, np.random.default_rng(0), 0.5)
    assert distorted.shape == images.shape
    assert distorted.dtype == np.float32
    assert distorted.min() >= 0
    assert distorted.max() <= 1
    alike = [np.corrcoef(a, b)[0, 1] for a, b in zip(images, distorted)]
    assert 0.5 < np.median(alike) < 0.95
    ink = distorted.sum(axis=1) / images.sum(axis=1)
    assert 0.5 < ink.min() < ink.max() < 2


def test_the_seed_decides_and_every_call_is_another(distortions, images):
    generator = np.random.default_rng(1)
    first = distortions.distort(images, generator)
    assert not np.array_equal(distortions.distort(images, generator), first)
    assert np.array_equal(distortions.distort(images, np.random.default_rng(1)), first)


def test_without_any_distortion_the_images_stay_as_they_are(distortions, images):
    same = distortions.distort(images, np.random.default_rng(0), amount=0)
    np.testing.assert_allclose(same, images, atol=1e-5)


def test_each_affine_setting_does_what_its_name_says(distortions):
    nothing = dict.fromkeys(["degrees", "slant", "scaling", "shift"], 0)

    def positions(**setting):
        generator = np.random.default_rng(0)
        return distortions.affine_positions(1000, generator, **{**nothing, **setting})

    rows, columns = positions(shift=2)
    assert np.ptp(rows[:, 0, 0]) == pytest.approx(4, abs=0.1)
    np.testing.assert_allclose(np.diff(columns, axis=2), 1, atol=1e-4)

    rows, columns = positions(degrees=30)  # lengths stay, and angles are at most 30 degrees
    down, right = rows[:, 27, 0] - rows[:, 0, 0], columns[:, 27, 0] - columns[:, 0, 0]
    np.testing.assert_allclose(np.hypot(down, right), 27, atol=1e-3)
    angles = np.degrees(np.arctan2(right, down))
    assert 29 < angles.max() < 30 > -angles.min() > 29

    rows, columns = positions(scaling=0.2)
    heights = (rows[:, 27, 0] - rows[:, 0, 0]) / 27
    assert 0.8 < heights.min() < 0.81 < 1.19 < heights.max() < 1.2

    rows, columns = positions(slant=0.5)
    np.testing.assert_allclose(
        rows, np.broadcast_to(np.mgrid[0:28, 0:28][0], rows.shape), atol=1e-4
    )
    assert abs(columns[:, 0, 0] - columns[:, 27, 0]).max() == pytest.approx(13.5, abs=0.1)


def test_displacements_are_those_of_a_gaussian_filter(distortions):
    got = distortions.elastic_displacements(3, np.random.default_rng(0), 34, 4)
    numbers = 2 * np.random.default_rng(0).random((3, 28, 28), dtype=np.float32) - 1
    for displacement, drawn in zip(got, numbers):
        blurred = ndimage.gaussian_filter(drawn, 4, mode="constant", truncate=8)
        np.testing.assert_allclose(displacement, 34 * blurred, atol=1e-4)


def test_looking_up_is_what_map_coordinates_does(distortions, images):
    generator = np.random.default_rng(0)
    rows, columns = distortions.affine_positions(300, generator, 20, 0.2, 0.4, 6)
    got = distortions.look_up(images, rows, columns)
    for i in range(300):
        framed = np.pad(images[i].reshape(28, 28), 20)
        expected = ndimage.map_coordinates(framed, [rows[i] + 20, columns[i] + 20], order=1)
        np.testing.assert_allclose(got[i], expected.ravel(), atol=2e-3)
