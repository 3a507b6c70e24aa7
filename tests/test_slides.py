"""The slides say what the guide, the scripts and the plan say. In a browser: see the next file."""

import html
import math
import re

import numpy as np
import pytest
from scripts import TOP, alike, copy_workshop, output_here, run

import mnist
from workshop.guide import stages

SLIDES = TOP / "slides"
PAGE = SLIDES / "index.html"
TEXT = PAGE.read_text(encoding="utf-8")
SECTIONS = re.findall(r"<section([^>]*)>(.*?)</section>", TEXT, flags=re.DOTALL)
STAGES = "examples/02_training_and_testing_the_network/stages"
STEP_00 = "examples/00_training_a_single_neuron/train_neuron.py"
README = (SLIDES / "README.md").read_text(encoding="utf-8")
MINUTES = [120, 90, 60]


def attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found and html.unescape(found[1])


def seconds(tag, minutes):
    own = attribute(tag, f"data-{minutes}")
    return int(attribute(tag, "data-timing") if own is None else own)


def marked(body, name):
    """The text of each element with a class, without tags."""
    found = re.findall(rf'<\w+ class="[^"]*\b{name}\b[^"]*"[^>]*>(.*?)</', body, flags=re.DOTALL)
    return [html.unescape(text).strip("\n") for text in found]


@pytest.mark.parametrize("column, minutes", list(enumerate(MINUTES)))
def test_the_blocks_last_as_long_as_the_plan_says(column, minutes):
    lasts = {}
    for tag, _ in SECTIONS:
        block = attribute(tag, "data-block").split(",")[0].lower()
        lasts[block] = lasts.get(block, 0) + seconds(tag, minutes)
    assert sum(lasts.values()) == 60 * minutes
    for block, total in lasts.items():
        (row,) = re.findall(rf"^\| {block} (\|.*)\|$", README, flags=re.MULTILINE)
        assert row.split("|")[1 + column].strip() in (str(total / 60).removesuffix(".0"), "-")


def test_the_plan_names_the_minutes_and_the_slides_of_each_block():
    rows = re.findall(r"^\| (\d+)-(\d+) \| .* \| (\d+)(?:-(\d+))? \|$", README, flags=re.MULTILINE)
    begin = minute = 0
    for row in rows:
        start, end, first, last = (int(number) for number in (*row[:3], row[3] or row[2]))
        block = SECTIONS[first - 1 : last]
        minute += sum(seconds(tag, 120) for tag, _ in block) / 60
        assert (start, first, end) == (begin, first, minute)
        names = {attribute(tag, "data-block").split(",")[0] for tag, _ in block}
        assert len(names) == 1
        begin = end
    assert begin == 120 and int(rows[-1][3]) == len(SECTIONS)


def test_every_slide_has_a_heading_and_notes_to_speak_from():
    for tag, body in SECTIONS:
        assert re.search(r"<h[12]\b", body), tag
        notes = re.search(r'<aside class="notes">(.*?)</aside>', body, flags=re.DOTALL)[1]
        wanted = ["Say", "Do"] if "Break" in tag else ["Say", "Ask", "They say"]
        for word in wanted:
            assert f"<b>{word}.</b>" in notes, body


@pytest.mark.about(STAGES, "workshop")
@pytest.mark.parametrize("stage", range(1, 6))
def test_a_stage_says_what_the_guide_says(stage):
    (body,) = (body for tag, body in SECTIONS if attribute(tag, "data-stage") == str(stage))
    about = stages.STAGES[stage - 1]
    assert marked(body, "goal") == [about["goal"]] and marked(body, "guess") == [about["guess"]]
    lines = [line for _, _, new in stages.changes(stage) for line in new]
    assert "\n".join(marked(body, "lines")).split("\n") == lines


def assert_prints(output, name):
    """All lines that a slide says are printed by a script are in its output."""
    shown = re.search(rf'data-printed-by="{name}">(.*?)</pre>', TEXT, flags=re.DOTALL)[1]
    for line in shown.strip("\n").split("\n"):
        assert any(alike(line, printed) for printed in output.splitlines()), line


@pytest.mark.about(STAGES)
@pytest.mark.parametrize("stage", [1, 2, 3])
def test_what_a_stage_prints(stage):
    assert_prints(output_here(TOP / STAGES / f"stage_{stage}.py"), stage)


@pytest.mark.slow
@pytest.mark.about(STAGES)
@pytest.mark.parametrize("stage", [4, 5])
def test_what_a_network_scores(stage):
    assert_prints(run(f"{STAGES}/stage_{stage}.py", cwd=TOP).stdout, stage)


@pytest.mark.slow
@pytest.mark.about("guide.py", "workshop")
def test_what_the_guide_says_of_a_computer_that_is_ready(tmp_path):
    copy_workshop(tmp_path, "guide.py", "requirements.txt", "workshop", STAGES)
    assert_prints(run(tmp_path / "guide.py", cwd=tmp_path).stdout, "guide.py")


def numbers_in(name):
    text = (SLIDES / "points.js").read_text(encoding="utf-8")
    found = re.search(rf"^const {name} = \[(.*?)\];", text, flags=re.DOTALL | re.MULTILINE)[1]
    return [float(number) for number in re.findall(r"[-\d.]+", found)]


@pytest.mark.about(STEP_00)
def test_the_data_are_those_of_the_steps():
    digit = re.findall(r"\d+", (SLIDES / "five.js").read_text(encoding="utf-8").split("= [")[1])
    images, labels, _, _ = mnist.load()
    assert [int(pixel) for pixel in digit] == images[0].tolist() and labels[0] == 5
    script = (TOP / STEP_00).read_text(encoding="utf-8")
    for name in "xy":
        points = re.search(
            rf"^{name} = np.array\(\s*\[(.*?)\]", script, flags=re.DOTALL | re.MULTILINE
        )
        assert numbers_in(name.upper()) == [float(n) for n in points[1].split(",") if n.strip()]
    code = [line.split("#")[0].strip() for line in script.splitlines()]
    for lines in re.findall(r"<pre[^>]*data-script.*?>(.*?)</pre>", TEXT, flags=re.DOTALL):
        assert set(lines.strip().split("\n")) <= set(code)


def test_numbers_that_stand_on_slides():
    x, y = np.array(numbers_in("X")), np.array(numbers_in("Y"))
    w, b = np.polyfit(x, y, 1)
    assert f"y = {b:.2f} \N{MINUS SIGN} {-w:.2f} x" in TEXT
    ours, truth = np.sum((b + w * x - y) ** 2), np.sum((3 - 0.7 * x - y) ** 2)
    assert f"our line costs {ours:.2f}, and the true one\n            {truth:.2f}" in TEXT
    assert f"{784 * 14 + 14 * 14 + 14 * 10 + 14 + 14 + 10:,}" in TEXT
    for probability in (0.1, 0.001):
        assert f">{-math.log(probability):.1f}</td>" in TEXT
    assert f"\N{GREEK SMALL LETTER SIGMA}(1.0) = {1 / (1 + math.exp(-1)):.2f}" in TEXT


def test_links_lead_somewhere():
    known = README + (TOP / "README.md").read_text(encoding="utf-8")
    for address in re.findall(r'(?:href|src)="([^"#]+)"', TEXT):
        if address.startswith("http"):
            assert address in known, address
        else:
            assert (SLIDES / address).is_file(), address
    assert 'url=slides/index.html"' in (TOP / "index.html").read_text(encoding="utf-8")
