"""Past 99 percent: the script, its Ctrl-C, its curves, and what each distortion does to a digit."""

import json
import re

import numpy as np
import pytest
from scipy import ndimage
from scripts import (
    TOP,
    assert_drawn,
    assert_printed,
    blocks,
    change,
    interrupt,
    output_here,
    output_of,
    replace,
    run_here,
    score,
    step_module,
)

import mnist

STEP = "examples/08_past_99_percent"
README = TOP / STEP / "README.md"
QUICK = {"hidden_layer_sizes": "(32,)", "batch_sizes": "2 * [50]", "averaged": 1}
PICTURES = ("distortions.png", "mistakes.png", "accuracy.png")


def epoch_scores(output):
    return [float(found) for found in re.findall(r"^Epoch.+score (\d\.\d+)", output, re.MULTILINE)]


def mistakes(output):
    return int(re.search(r"^It reads (\d+) of 5000", output, re.MULTILINE)[1])


def exam_score(output):
    return float(re.search(r"^On the test set.+ (\d\.\d+)$", output, re.MULTILINE)[1])


def kept(folder):
    """What the files of scores in a folder hold, by name."""
    return {path.name: json.loads(path.read_text()) for path in folder.glob("scores_*.txt")}


@pytest.fixture
def small(script):
    """The script, with 3,000 images to learn from in place of 55,000, so that it takes a second."""
    replace(script, "images[:55000], labels[:55000]", "images[:3000], labels[:3000]")
    return script


@pytest.fixture(scope="module")
def images():
    return mnist.load(dtype="float32")[0][:300] / 255


@pytest.fixture
def distortions():
    return step_module(STEP, "distortions")


@pytest.mark.slow
def test_as_it_stands_it_prints_what_the_readme_shows_and_the_distortions_bring_it(script):
    bent = output_of(script, cwd=TOP, unlock_test_set=True)
    assert_printed(blocks(README, "text")[0], bent)
    assert exam_score(bent) > 0.988
    change(script, blocks(README, "diff")[0])  # exercise 1: no distortions
    straight = output_of(script, cwd=TOP, unlock_test_set=True)
    assert exam_score(straight) < 0.987
    assert mistakes(straight) > mistakes(bent)


@pytest.mark.slow
def test_the_larger_network_of_the_last_exercise_reads_as_much_at_least(script):
    change(script, blocks(README, "diff")[1])
    output = output_of(script, cwd=TOP, unlock_test_set=True)
    assert 25 <= mistakes(output) <= 46
    assert exam_score(output) > 0.991


def test_the_second_run_is_drawn_beside_the_first_which_is_kept(small):
    bent = output_here(small, **QUICK, unlock_test_set='"False"')
    assert 0.8 < score(bent) < 0.95
    assert score(bent) == pytest.approx(1 - mistakes(bent) / 5000)
    assert "test set" not in bent
    assert_drawn(*(small.parent / name for name in PICTURES))
    before = kept(small.parent)
    ((settings, scores),) = [run.values() for run in before.values()]
    assert scores == epoch_scores(bent)
    assert [settings[name] for name in ("amount", "seed", "hidden_layer_sizes")] == [0.5, 0, [32]]
    alone = (small.parent / "accuracy.png").read_bytes()

    straight = output_here(small, **QUICK, amount=0)
    assert epoch_scores(straight)[0] == epoch_scores(bent)[0]  # the first epoch: as they are
    assert epoch_scores(straight)[1] != epoch_scores(bent)[1]
    assert before.items() < kept(small.parent).items()
    assert (small.parent / "accuracy.png").read_bytes() != alone


@pytest.mark.parametrize("change", [{"amount": -1}, {"batch_sizes": "[]"}, {"batch_sizes": "[0]"}])
def test_a_slip_in_the_settings_is_named_and_costs_no_curve(small, change):
    curve = small.parent / "scores_amount_0.5_1.txt"
    curve.write_text("[]")
    output, ending = run_here(small, **change)
    assert ending.startswith(f"{next(iter(change))} must be")
    assert not output
    assert [*small.parent.glob("scores_*")] == [curve] and curve.read_text() == "[]"


def test_ctrl_c_ends_the_training_and_still_scores(small):
    long = {**QUICK, "batch_sizes": "300 * [100]", "averaged": 5, "unlock_test_set": True}
    output, rest, errors = interrupt(small, cwd=TOP, after="Epoch  2", **long)
    assert not errors
    assert 2 <= len(epoch_scores(output + rest)) < 300
    assert score(rest) > 0.7
    assert exam_score(rest) > 0.7
    (run_kept,) = kept(small.parent).values()
    assert run_kept["scores"] == epoch_scores(output + rest)


def test_a_curve_has_its_own_file_and_is_named_by_the_settings_that_differ(tmp_path, capsys):
    curves = step_module(STEP, "curves")

    def drawn():
        return {line.get_label() for line in curves.draw(tmp_path).axes[0].lines}

    network = {"amount": 0.5, "seed": 0, "hidden_layer_sizes": (64,), "batch_sizes": "2 * [200]"}
    curves.keep(tmp_path, network, [0.95, 0.96])
    curves.keep(tmp_path, network, [0.95, 0.96])  # the same run again has the same file
    assert drawn() == {"amount 0.5"}
    curves.keep(tmp_path, {**network, "hidden_layer_sizes": (128, 64)}, [0.96, 0.97])
    curves.keep(tmp_path, {**network, "seed": 1}, [0.94, 0.95])
    assert len(kept(tmp_path)) == 3
    assert drawn() == {
        "seed 0, hidden_layer_sizes [64]",
        "seed 0, hidden_layer_sizes [128, 64]",
        "seed 1, hidden_layer_sizes [64]",
    }
    low, high = curves.draw(tmp_path).axes[0].get_ylim()
    assert (low, high) == pytest.approx((0.94, 0.972))
    curves.keep(tmp_path, {**network, "seed": 2}, [0.3])  # stopped early: the others stay as large
    assert curves.draw(tmp_path).axes[0].get_ylim() == (low, high)
    (tmp_path / "scores_of_mine.txt").write_text("0.965\n0.973\n")
    assert len(drawn()) == 4
    assert "scores_of_mine.txt is not drawn" in capsys.readouterr().out


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
