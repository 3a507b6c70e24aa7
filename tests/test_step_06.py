"""Step 06 reads what people really hand in: pictures of every kind, and files that are none."""

import os
import re
import shutil

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scripts import TOP, assert_printed, blocks, edit, interrupt, run

STEP = "examples/06_reading_your_own_digits"
SAMPLES = TOP / STEP / "samples"


def copy_step(folder):
    """A copy of the step without a trained network, whatever lies in this repository."""
    unwanted = shutil.ignore_patterns("*.npz", "*.png", "*.part", "__pycache__")
    shutil.copytree(TOP / STEP, folder / STEP, ignore=unwanted)
    return folder / STEP


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """The step's folder after its first use, with the trained network, and what that printed."""
    step = copy_step(tmp_path_factory.mktemp("first"))
    result = run("read_digits.py", "samples/photo_of_a_7.jpg", cwd=step)
    assert result.returncode == 0, result.stderr
    return step, result.stdout


@pytest.fixture
def step(first_run):
    """The step's folder with a trained network."""
    return first_run[0]


@pytest.fixture
def untrained(tmp_path):
    """A copy of the step whose network is small and trained in a second or two."""
    step = copy_step(tmp_path)
    edit(step / "digit_network.py", HIDDEN_LAYERS="(16,)", EPOCHS=1)
    return step


@pytest.fixture
def seven():
    """A picture of a 7, black on white."""
    with Image.open(SAMPLES / "photo_of_a_7.jpg") as photo:
        return photo.convert("L").point(lambda grey: 255 * (grey > 110))


def readings(output):
    """What was read in each file, as {name: digit}."""
    lines = re.findall(
        r"^(.+): (\d) \(\d+%\), then \d \(\d+%\), \d \(\d+%\)$", output, re.MULTILINE
    )
    return {os.path.basename(path): int(digit) for path, digit in lines}


def test_on_first_use_the_network_is_trained_and_kept(first_run):
    step, output = first_run
    assert "epoch 1 of" in output and "s left" in output
    with np.load(step / "network.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
    assert readings(output) == {"photo_of_a_7.jpg": 7}
    again = run(step / "read_digits.py", step / "samples/photo_of_a_7.jpg", cwd=step.parent)
    assert "epoch" not in again.stdout
    assert readings(again.stdout) == {"photo_of_a_7.jpg": 7}


def test_the_readme_shows_what_is_printed(first_run):
    assert_printed(blocks(TOP / STEP / "README.md", "text")[0], first_run[1])


def test_all_samples_are_read_right(step):
    # The pattern comes as it stands, as on Windows, where no shell replaces it by names.
    result = run("read_digits.py", "samples/*", cwd=step)
    assert result.returncode == 0, result.stdout + result.stderr
    read = readings(result.stdout)
    assert read.keys() == {path.name for path in SAMPLES.iterdir()}
    assert {name: digit for name, digit in read.items() if f"a_{digit}." not in name} == {}


def test_it_reads_as_much_as_the_readme_says(step):
    result = run("measure.py", cwd=step)
    assert result.returncode == 0, result.stderr
    shares = [float(share) for share in re.findall(r"([\d.]+)% read right", result.stdout)]
    photos, photos_resized, others, others_resized, with_strokes = shares
    assert photos >= 95
    assert others >= 85
    assert with_strokes >= 90
    assert photos_resized < 0.6 * photos
    assert others_resized < 0.8 * others
    assert_printed(blocks(TOP / STEP / "README.md", "text")[1], result.stdout)


def test_pictures_of_every_kind_are_read(step, seven, tmp_path):
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
    dark_on_light.resize((12000, 9000)).convert("1").save(tmp_path / "huge.png")
    dark_on_light.resize((40, 30)).save(tmp_path / "small.png")
    dark_on_light.crop(ink.getbbox()).save(tmp_path / "no_margin.png")
    dark_on_light.save(tmp_path / "with [odd] (name) \u00e9.png")
    drawing = (SAMPLES / "drawing_of_a_7.txt").read_text(encoding="utf-8")
    (tmp_path / "utf16.txt").write_text(drawing, encoding="utf-16")
    (tmp_path / "bom_and_dots.txt").write_text(drawing.replace(" ", "."), encoding="utf-8-sig")

    names = sorted(path.name for path in tmp_path.iterdir())
    result = run(step / "read_digits.py", *names, cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert readings(result.stdout) == dict.fromkeys(names, 7)


def test_thin_pens_colours_uneven_light_and_squared_paper_are_read(step, seven, tmp_path):
    def draw(name, paper, ink, width, lines=()):
        image = Image.new("RGB", (800, 600), paper)
        pen = ImageDraw.Draw(image)
        for start in lines:
            pen.line([(0, start), (800, start)], fill=(170, 190, 235), width=2)
            pen.line([(start, 0), (start, 600)], fill=(170, 190, 235), width=2)
        pen.line([(300, 150), (450, 150), (350, 420)], fill=ink, width=width)
        pen.line([(330, 290), (440, 280)], fill=ink, width=width)
        image.save(tmp_path / name)

    draw("thin.png", "white", "black", 2)
    draw("pencil.png", (240, 238, 235), (190, 188, 188), 5)
    draw("yellow.png", "white", "yellow", 8)
    draw("chalk.png", (30, 70, 50), (230, 230, 225), 12)
    draw("squared_paper.png", "white", (30, 30, 80), 6, lines=range(20, 800, 40))
    y, x = np.mgrid[-1:1:300j, -1:1:400j]
    light = 0.75 + 0.2 * x - 0.1 * (x * x + y * y)  # from 0.95 down to 0.35
    reflected = np.where(np.asarray(seven), 255, 100) * light
    Image.fromarray(np.uint8(reflected)).save(tmp_path / "uneven_light.png")
    names = sorted(path.name for path in tmp_path.iterdir())
    result = run(step / "read_digits.py", *names, cwd=tmp_path)
    assert readings(result.stdout) == dict.fromkeys(names, 7), result.stdout


def test_what_cannot_be_read_gets_a_sentence_and_the_others_are_read(step, seven, tmp_path):
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "text.txt").write_text("Hello!", encoding="utf-8")
    (tmp_path / "bytes.png").write_bytes(bytes(range(255, -1, -1)))
    (tmp_path / "nothing.png").write_bytes(b"")
    Image.new("RGB", (400, 300), "white").save(tmp_path / "empty_page.png")
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
        "text.txt": "no picture, and no drawing",
        "bytes.png": "this is no picture",
        "nothing.png": "this file is empty",
        "empty_page.png": "the page is empty",
        "empty_grey_page.jpg": "the page is empty",
        "damaged.png": "a damaged one",
        "two.png": "several digits",
        "bomb.png": "too many",
    }
    result = run(step / "read_digits.py", *bad, SAMPLES / "photo_of_a_7.jpg", cwd=tmp_path)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    lines = result.stdout.splitlines()
    for line, (name, sentence) in zip(lines, bad.items()):
        assert line.startswith(f"{name}: ") and sentence in line
        assert line.endswith(".")
    assert readings(result.stdout) == {"photo_of_a_7.jpg": 7}


def test_the_stages_are_drawn(step):
    (step / "stages.png").unlink(missing_ok=True)
    files = ["samples/photo_of_a_7.jpg", "missing.png", "samples/drawing_of_a_2.txt"]
    result = run("read_digits.py", "--show", *files, cwd=step)
    assert result.returncode == 1
    with Image.open(step / "stages.png") as picture:
        assert picture.width > picture.height > 300


def test_a_damaged_network_is_made_anew(untrained):
    first = run("read_digits.py", "samples/drawing_of_a_7.txt", cwd=untrained)
    kept = untrained / "network.npz"
    content = kept.read_bytes()
    for damage in (content[: len(content) // 2], content.replace(b"\0\0", b"\1\2")):
        kept.write_bytes(damage)
        again = run("read_digits.py", "samples/drawing_of_a_7.txt", cwd=untrained)
        assert again.returncode == 0, again.stderr
        assert again.stdout == first.stdout
        assert kept.read_bytes() != damage
    assert [path.name for path in untrained.glob("network.*")] == ["network.npz"]


def test_a_stale_network_is_made_anew(untrained):
    run("read_digits.py", "samples/drawing_of_a_7.txt", cwd=untrained)
    assert "epoch" not in run("read_digits.py", "samples/drawing_of_a_7.txt", cwd=untrained).stdout
    edit(untrained / "digit_network.py", HIDDEN_LAYERS="(12, 12)")
    again = run("read_digits.py", "samples/drawing_of_a_7.txt", cwd=untrained)
    assert "epoch 1 of 1" in again.stdout
    with np.load(untrained / "network.npz") as arrays:
        assert arrays["weights_1"].shape == (12, 12)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_in_the_training_says_what_to_do(untrained):
    edit(untrained / "digit_network.py", EPOCHS=1000)
    drawing = "samples/drawing_of_a_7.txt"
    _, _, errors = interrupt(
        "read_digits.py", drawing, cwd=untrained, after="epoch 1 of", exit_status=1
    )
    assert "Traceback" not in errors
    assert "Run this again" in errors
    assert not (untrained / "network.npz").exists()


def test_the_samples_are_what_the_script_makes(tmp_path):
    step = copy_step(tmp_path)
    names = sorted(path.name for path in SAMPLES.glob("*.jpg"))
    for name in names:
        (step / "samples" / name).unlink()
    result = run("make_samples.py", cwd=step)
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in (step / "samples").glob("*.jpg")) == names
    for name in names:
        with Image.open(step / "samples" / name) as made, Image.open(SAMPLES / name) as committed:
            difference = np.asarray(made, dtype=float) - np.asarray(committed, dtype=float)
        assert np.abs(difference).mean() < 1, name
