"""Step 06 reads what people really hand in: pictures of every kind, and files that are none."""

import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scripts import TOP, WINDOWS, assert_printed, blocks, change, edit, interrupt, run
from sklearn.neural_network import MLPClassifier

import mnist
from workshop import network_file

STEP = "examples/06_reading_your_own_digits"
SAMPLES = TOP / STEP / "samples"
DRAWING = SAMPLES / "drawing_of_a_7.txt"


def copy_step(folder):
    """A copy of the step without a trained network, whatever lies in this repository."""
    unwanted = shutil.ignore_patterns("*.npz", "*.png", "*.part", "__pycache__")
    shutil.copytree(TOP / STEP, folder / STEP, ignore=unwanted)
    return folder / STEP


@pytest.fixture(scope="module")
def other_network(tmp_path_factory):
    """The file of another network, quickly trained on pixels from 0 to 255."""
    images, labels, _, _ = mnist.load("float32")
    classifier = MLPClassifier((64,), learning_rate_init=0.003, random_state=0)
    for _ in range(2):
        classifier.partial_fit(images, labels, classes=range(10))
    path = tmp_path_factory.mktemp("other") / "other.npz"
    network_file.save(path, classifier.coefs_, classifier.intercepts_, "relu", 1)
    return path


@pytest.fixture(scope="module")
def seven():
    """A picture of a 7, black on white."""
    with Image.open(SAMPLES / "photo_of_a_7.jpg") as photo:
        return photo.convert("L").point(lambda grey: 255 * (grey > 110))


@pytest.fixture
def read(other_network):
    """Run read_digits.py with the quick network on files in a folder."""
    script = TOP / STEP / "read_digits.py"
    return lambda folder, *files: run(script, "--network", other_network, *files, cwd=folder)


def readings(output):
    """What was read in each file, as {name: digit}."""
    lines = re.findall(
        r"^(.+): (\d) \((?:not sure: )?\d+%\), then \d \(\d+%\), \d \(\d+%\)$", output, re.MULTILINE
    )
    return {os.path.basename(path): int(digit) for path, digit in lines}


@pytest.mark.slow
def test_python_digit_network_makes_the_network_once(tmp_path):
    step = copy_step(tmp_path)
    edit(step / "digit_network.py", HIDDEN_LAYERS="(16)", EPOCHS=1)  # no comma, as people write it
    first = run(step / "digit_network.py", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "epoch 1 of 1: loss" in first.stdout
    kept = step / "network.npz"
    assert first.stdout.endswith(f"The network is in {kept}\n")
    network = network_file.load(kept)
    assert [w.shape for w in network["weights"]] == [(784, 16), (16, 10)]
    assert network["made_by"] and network["divide_pixels_by"] == 255

    # It reads with that, without another training; of one file, it shows what the network sees.
    result = run("read_digits.py", DRAWING, cwd=step)
    assert "epoch" not in result.stdout
    assert "What the network sees:" in result.stdout and "@@" in result.stdout


def test_pictures_of_every_kind_are_read(read, seven, tmp_path):
    dark_on_light, ink = seven, seven.point(lambda grey: 255 - grey)
    ink.save(tmp_path / "light_on_dark.png")
    dark_on_light.convert("1").save(tmp_path / "one_bit.png")
    dark_on_light.convert("P").save(tmp_path / "palette.gif")
    dark_on_light.convert("P").save(tmp_path / "palette.png", transparency=255)
    dark_on_light.convert("CMYK").save(tmp_path / "cmyk.jpg")
    sixteen = np.asarray(dark_on_light).astype("uint16") * 257
    Image.fromarray(sixteen).save(tmp_path / "sixteen_bit.png")
    black, white = Image.new("L", seven.size, 0), Image.new("L", seven.size, 255)
    Image.merge("RGBA", [black, black, black, ink]).save(tmp_path / "transparent.png")
    Image.merge("RGBA", [white, white, white, ink]).save(tmp_path / "transparent_white_ink.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    dark_on_light.rotate(90, expand=True).save(tmp_path / "turned.jpg", exif=exif)
    dark_on_light.resize((12000, 9000)).save(tmp_path / "huge.jpg")  # 108 megapixels
    dark_on_light.resize((40, 30)).save(tmp_path / "small.png")
    dark_on_light.crop(ink.getbbox()).save(tmp_path / "no_margin.png")
    dark_on_light.save(tmp_path / "with [odd] (name) \u00e9.png")
    drawing = DRAWING.read_text(encoding="utf-8")
    (tmp_path / "utf16.txt").write_text(drawing, encoding="utf-16")
    (tmp_path / "utf16_without_mark.txt").write_text(drawing, encoding="utf-16-le")
    (tmp_path / "empty_lines.txt").write_text("\n\n" + drawing, encoding="utf-8")
    (tmp_path / "bom_and_dots.txt").write_text(drawing.replace(" ", "."), encoding="utf-8-sig")

    for name, paper, ink, width in (
        ("thin.png", "white", "black", 2),
        ("pencil.png", (240, 238, 235), (190, 188, 188), 5),
        ("yellow.png", "white", "yellow", 8),
        ("chalk.png", (30, 70, 50), (230, 230, 225), 12),
        ("squared_paper.png", "white", (30, 30, 80), 6),
    ):
        image = Image.new("RGB", (800, 600), paper)
        pen = ImageDraw.Draw(image)
        for start in range(20, 800, 40) if name == "squared_paper.png" else ():
            pen.line([(0, start), (800, start)], fill=(170, 190, 235), width=2)
            pen.line([(start, 0), (start, 600)], fill=(170, 190, 235), width=2)
        pen.line([(300, 150), (450, 150), (350, 420)], fill=ink, width=width)
        image.save(tmp_path / name)
    y, x = np.mgrid[-1:1:300j, -1:1:400j]
    light = 0.75 + 0.2 * x - 0.1 * (x * x + y * y)  # from 0.95 down to 0.35
    reflected = np.where(np.asarray(seven), 255, 100) * light
    Image.fromarray(np.uint8(reflected)).save(tmp_path / "uneven_light.png")

    # A table that shows along one edge, two or four.
    for edges in ("l", "lt", "rb", "lr", "lrtb"):
        table = Image.new("RGB", (800, 600), (90, 60, 40))
        photo = Image.open(SAMPLES / "photo_of_a_7.jpg")
        corner = (50 * ("l" in edges), 40 * ("t" in edges))
        size = (800 - corner[0] - 50 * ("r" in edges), 600 - corner[1] - 40 * ("b" in edges))
        table.paste(photo.resize(size), corner)
        table.save(tmp_path / f"table_{edges}.jpg")

    names = sorted(path.name for path in tmp_path.iterdir())
    # The pattern comes as it stands, as on Windows, where no shell replaces it by names.
    result = read(tmp_path, "*")
    assert result.returncode == 0, result.stdout + result.stderr
    assert readings(result.stdout) == dict.fromkeys(names, 7)
    assert result.stdout.splitlines()[-1] == f"{len(names)} of {len(names)} files were answered."


def test_what_cannot_be_read_gets_a_sentence_and_is_drawn_as_far_as_it_came(
    other_network, seven, tmp_path
):
    step = copy_step(tmp_path)
    (tmp_path / "pictures").mkdir()
    tmp_path /= "pictures"
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "text.txt").write_text("Hello!", encoding="utf-8")
    (tmp_path / "bytes.png").write_bytes(bytes(range(255, -1, -1)))
    (tmp_path / "nothing.png").write_bytes(b"")
    (tmp_path / "dots.txt").write_text("....\n....\n", encoding="utf-8")
    Image.new("L", (2000, 1), 255).save(tmp_path / "narrow.png")
    Image.new("RGB", (400, 300), "white").save(tmp_path / "empty_page.png")
    ruled = Image.new("L", (700, 900), 255)
    for row in range(30, 900, 50):
        ImageDraw.Draw(ruled).line([(0, row), (700, row + 9)], 60, 3)
    ruled.save(tmp_path / "ruled_page.png")
    seven.save(tmp_path / "damaged.png")
    (tmp_path / "damaged.png").write_bytes((tmp_path / "damaged.png").read_bytes()[:400])
    random = np.random.default_rng(0)
    grain = random.normal(180, 6, size=(300, 400)).clip(0, 255)
    Image.fromarray(grain.astype("uint8")).save(tmp_path / "empty_grey_page.jpg")
    two = Image.new("L", (800, 300), 255)
    two.paste(seven, (0, 0))
    two.paste(seven, (300, 0))
    two.save(tmp_path / "two.png")
    Image.new("1", (20000, 20000), 1).save(tmp_path / "bomb.png")
    bad = {
        "missing.png": "there is no such file",
        "folder.png": "this is a folder",
        "text.txt": "neither a picture nor a drawing",
        "bytes.png": "this is no picture",
        "nothing.png": "this file is empty",
        "dots.txt": "no ink",
        "narrow.png": "2000 x 1 pixels",
        "ruled_page.png": "nothing on this page but lines",
        "empty_page.png": "the page is empty",
        "empty_grey_page.jpg": "the page is empty",
        "damaged.png": "a damaged one",
        "two.png": "several digits",
        "bomb.png": "too many",
    }
    script, photo = step / "read_digits.py", SAMPLES / "photo_of_a_7.jpg"
    result = run(script, "--show", "--network", other_network, *bad, photo, cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    for line, (name, sentence) in zip(lines, bad.items()):
        assert line.startswith(f"{name}: ") and sentence in line
        assert line.endswith(".")
    assert readings(result.stdout) == {"photo_of_a_7.jpg": 7}
    assert lines[-2] == f"1 of {len(bad) + 1} files were answered."
    with Image.open(step / "stages.png") as picture:  # rows: the 7, three empty pages, two digits
        assert picture.height == 5 * 220


PREPARED = """
import sys
import numpy as np
import digit_image, mnist, papers
_, _, images, labels = mnist.load()
random = np.random.default_rng(0)
plain = {}
for kind in papers.KINDS:
    for digit in (2, 3):
        papers.page(images[labels == digit][7], kind, random).save(sys.argv[1])
        pixels = digit_image.prepare(sys.argv[1], {})
        if kind == "plain":
            plain[digit] = pixels
        print(kind, digit, np.corrcoef(pixels.ravel(), plain[digit].ravel())[0, 1], sep=",")
"""


def test_on_every_kind_of_paper_the_network_sees_the_digit_alone(tmp_path):
    (tmp_path / "prepared.py").write_text(PREPARED, encoding="utf-8")
    path = os.pathsep.join([str(TOP), str(TOP / STEP)])
    script, photo = tmp_path / "prepared.py", tmp_path / "photo.jpg"
    output = run(script, photo, cwd=tmp_path, PYTHONPATH=path).stdout
    alike = [float(line.split(",")[2]) for line in output.splitlines()]
    assert len(alike) == 32 and sum(number > 0.6 for number in alike) >= 28


def test_each_file_is_read_once_and_a_name_with_brackets_is_that_file(read, seven, tmp_path):
    seven.save(tmp_path / "d1.jpg")
    shutil.copy(SAMPLES / "photo_of_a_3.jpg", tmp_path / "d[1].jpg")
    result = read(tmp_path, "d[1].jpg", "d[1].jpg")
    assert (result.returncode, readings(result.stdout)) == (0, {"d[1].jpg": 3})


def test_two_strokes_that_do_not_touch_are_one_digit_if_their_columns_overlap(read, tmp_path):
    for name, last_column in (("4.png", 184), ("two.png", 165)):
        page = Image.new("L", (400, 300), 255)
        pen = ImageDraw.Draw(page)
        pen.line([(150, 60), (130, 175), (last_column, 170)], 0, 8, joint="curve")
        pen.line([(215, 60), (185, 210)], 0, 8)
        page.save(tmp_path / name)
    result = read(tmp_path, "4.png", "two.png")
    assert list(readings(result.stdout)) == ["4.png"]
    assert "two.png: there seem to be several digits" in result.stdout


def test_a_slip_is_told_at_once_before_a_network_is_trained(tmp_path):
    step = copy_step(tmp_path)
    result = run("read_digits.py", "missing.png", cwd=step)
    assert result.stdout == "missing.png: there is no such file.\n"
    result = run("read_digits.py", "--network", "none.npz", DRAWING, cwd=step)
    assert result.stderr == (
        "There is no file none.npz. Step 04 keeps a network in best_network.npz, "
        "once you have run its process_digits.py.\n"
    )
    assert not (step / "network.npz").exists()


@pytest.mark.skipif(WINDOWS, reason="there is no head on Windows")
def test_head_ends_it_in_silence(other_network):
    command = f"{sys.executable} -u read_digits.py --network {other_network} samples/* | head -1"
    result = subprocess.run(command, shell=True, cwd=TOP / STEP, capture_output=True, text=True)
    assert readings(result.stdout) == {"drawing_of_a_2.txt": 2}
    assert result.stderr == ""


# The step's own network, trained in full


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """The step's folder after its first use, with the trained network, and what that printed."""
    step = copy_step(tmp_path_factory.mktemp("first"))
    result = run("read_digits.py", "samples/photo_of_a_7.jpg", cwd=step)
    assert result.returncode == 0, result.stderr
    return step, result.stdout


@pytest.mark.slow
def test_the_readme_shows_what_is_printed_and_measured(first_run):
    step, output = first_run
    shown = blocks(TOP / STEP / "README.md", "text")
    assert_printed(shown[0], output)
    result = run("read_digits.py", "samples/*", cwd=step)
    assert result.returncode == 0, result.stdout + result.stderr
    read = readings(result.stdout)
    assert read.keys() == {path.name for path in SAMPLES.iterdir()}
    assert {name: digit for name, digit in read.items() if f"a_{digit}." not in name} == {}

    result = run("measure.py", cwd=step)
    assert result.returncode == 0, result.stderr
    assert_printed(shown[1], result.stdout)
    shares = [float(share) for share in re.findall(r"([\d.]+)% read right", result.stdout)]
    photos, turned, narrow, others, strokes = shares[::2]
    on_paper = [int(right) for right in re.findall(r"(\d+) read right: ", result.stdout)]
    assert len(on_paper) == 16 and min(on_paper) >= 8 and sum(on_paper) >= 150
    assert photos >= 96 and turned >= 80 and narrow >= 80 and others >= 85 and strokes >= 90
    assert shares[1] < 0.6 * photos


@pytest.mark.slow
def test_a_network_that_is_damaged_or_of_other_settings_is_made_anew(tmp_path):
    step = copy_step(tmp_path)
    edit(step / "digit_network.py", HIDDEN_LAYERS="(16,)", EPOCHS=1)
    first = run("digit_network.py", cwd=step)
    kept = step / "network.npz"
    content = kept.read_bytes()
    for damage in (content[: len(content) // 2], content.replace(b"\0\0", b"\1\2")):
        kept.write_bytes(damage)
        again = run("digit_network.py", cwd=step)
        assert (again.returncode, again.stdout) == (0, first.stdout)
    assert [path.name for path in step.glob("network.*")] == ["network.npz"]
    change(step / "digit_network.py", blocks(TOP / STEP / "README.md", "diff")[0])
    assert "epoch 1 of 1" in run("digit_network.py", cwd=step).stdout


@pytest.mark.slow
@pytest.mark.skipif(WINDOWS, reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_in_the_training_says_what_to_do(tmp_path):
    step = copy_step(tmp_path)
    edit(step / "digit_network.py", HIDDEN_LAYERS="(16,)")
    for script, *files in (("read_digits.py", DRAWING), ("digit_network.py",)):
        _, _, errors = interrupt(script, *files, cwd=step, after="epoch 1 of", exit_status=1)
        assert (
            errors == "Stopped before the network was ready. Run this again, and it starts anew.\n"
        )
        assert not (step / "network.npz").exists()


@pytest.mark.slow
def test_the_pictures_are_what_the_scripts_make(tmp_path):
    step = copy_step(tmp_path)
    names = sorted(path.name for path in SAMPLES.glob("*.jpg"))
    for name in names:
        (step / "samples" / name).unlink()
    for script in ("make_samples.py", "variants.py"):
        result = run(script, cwd=step)
        assert result.returncode == 0, result.stderr
    pairs = [(step / "samples" / name, SAMPLES / name) for name in names]
    pairs += [(step / "variants.png", TOP / STEP / "images" / "variants.png")]
    for made, committed in pairs:
        with Image.open(made) as made, Image.open(committed) as committed:
            difference = np.asarray(made, dtype=float) - np.asarray(committed, dtype=float)
        assert np.abs(difference).mean() < 1
