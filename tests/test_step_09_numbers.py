"""The page of step 09 in a real browser: every number is right, and what people draw is read."""

import base64
from itertools import pairwise

import numpy as np
import pytest
from browser import browser
from PIL import Image
from scipy import ndimage
from scripts import TOP
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
from strokes import HANDS, strokes, varied

import mnist

pytestmark = pytest.mark.slow
TRY_IT = TOP / "examples/09_watching_it_think/try_it.html"

# What a network at one moment makes of pixels: its ten probabilities.
READ = """
const reads = (moment, { sizes, activation, divide_pixels_by }, pixels) => {
  moment.layers ??= decodeLayers(moment.numbers, moment.kind, sizes);
  const inputs = pixels.map((value) => (value * 255) / divide_pixels_by);
  return think(moment.layers, activation, inputs).activations.at(-1);
};
"""
# Strokes as events, without waiting for a frame after each: for many drawings.
DRAW = """
const square = byId("square");
square.setPointerCapture = () => {}; // there is no real pointer
const box = square.getBoundingClientRect();
const draw = (strokes) => {
  clear();
  for (const stroke of strokes) {
    stroke.forEach(([x, y], i) => {
      const [clientX, clientY] = [box.left + x * box.width, box.top + y * box.height];
      const all = { pointerId: 7, clientX, clientY };
      const happen = (type) => square.dispatchEvent(new PointerEvent(type, all));
      happen(i === 0 ? "pointerdown" : "pointermove");
      if (i === stroke.length - 1) happen("pointerup");
    });
  }
};
"""


@pytest.fixture(scope="module")
def page():
    with browser() as driver:
        driver.get(TRY_IT.as_uri())
        yield driver


@pytest.fixture(scope="module")
def test_digits():
    _, _, images, labels = mnist.load()
    return images, labels


def text(images):
    """Pixels, as the tests hand them to the page."""
    return base64.b64encode(np.uint8(images).tobytes()).decode()


def classifier(network, moment):
    """A network of the page as an MLPClassifier, which reads pixels from 0 to 255."""
    sizes = network["sizes"]
    kind = np.dtype(moment["kind"]).newbyteorder("<")
    numbers = np.frombuffer(base64.b64decode(moment["numbers"]), kind)
    result = MLPClassifier(tuple(sizes[1:-1]), activation=network["activation"], max_iter=1)
    with pytest.warns(UserWarning):  # one epoch is enough to have all parts
        result.fit(np.zeros((10, 784), "float32"), np.arange(10))
    for i, (before, after) in enumerate(pairwise(sizes)):
        weights, biases, numbers = np.split(numbers, [before * after, before * after + after])
        result.coefs_[i], result.intercepts_[i] = weights.reshape(before, after), biases
    assert len(numbers) == 0
    result.coefs_ = [np.float32(array) for array in result.coefs_]
    result.intercepts_ = [np.float32(array) for array in result.intercepts_]
    return result


def test_every_number_is_scikit_learns(page, test_digits):
    images, labels = test_digits
    networks = page.execute_script("return page.networks")
    assert [network["sizes"] for network in networks] == [[784, 14, 14, 10], [784, 512, 128, 10]]
    assert [moment["epoch"] for moment in networks[0]["moments"]] == [0, 1, 2, 3, 5, 8, 13, 20, 30]
    for i, network in enumerate(networks):
        seen = np.float32(images / network["divide_pixels_by"])
        for j, moment in enumerate(network["moments"]):
            expected = classifier(network, moment)
            answers = page.execute_script(
                f"""{READ} const [i, j, text, count] = arguments;
                const [network, bytes] = [page.networks[i], decodeBytes(text)];
                const all = Array.from({{ length: bytes.length / 784 }}, (_, k) => {{
                    const pixels = bytes.subarray(784 * k, 784 * (k + 1));
                    const inks = Float32Array.from(pixels, (value) => value / 255);
                    return reads(network.moments[j], network, inks);
                }});
                const likeliest = all.map((row) => ranked(row)[0]);
                return [all.slice(0, count).map((row) => [...row]), likeliest];
                """,
                *(i, j, text(images), 1000),
            )
            probabilities, answers = map(np.array, answers)
            assert np.abs(probabilities - expected.predict_proba(seen[:1000])).max() < 1e-3
            score = np.mean(answers == labels)
            assert abs(score - expected.score(seen, labels)) <= 0.0005
            assert abs(score - moment["score"]) <= 0.0005


def prepared(ink):
    """Cut out and centred, with Pillow and SciPy: what step 06 does with the ink it has found."""
    digit = cut_to_ink(ink)
    fine = max(digit.shape) / 20
    digit = np.pad(digit, 1 + int(1.9 * fine))
    inside, outside = (ndimage.distance_transform_edt(side) for side in (digit > 0.5, digit <= 0.5))
    depth = np.where(digit > 0.5, inside - 0.5, 0.5 - outside)
    thickness = 4 * depth[digit > 0.5].mean()
    change = np.clip(thickness, 1.9 * fine, 4.4 * fine) - thickness
    if change != 0:
        digit = np.clip(depth + change / 2 + 0.5, 0, 1)
    digit = cut_to_ink(digit)
    height, width = (max(1, int(length * 20 / max(digit.shape) + 0.5)) for length in digit.shape)
    digit = Image.fromarray(digit.astype("float32")).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    digit = np.clip(np.asarray(digit), 0, 1)
    top, left = (14 - int(middle + 0.5 - 1e-6) for middle in ndimage.center_of_mass(digit))
    page = np.zeros((84, 84))
    page[28 + top : 28 + top + height, 28 + left : 28 + left + width] = digit
    return page[28:56, 28:56]


def cut_to_ink(ink):
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def test_drawings_are_cut_out_and_centred_as_in_python(page):
    random = np.random.default_rng(9)
    some = [varied(hand, digit, random) for hand in HANDS for digit in range(10) for _ in range(3)]
    small = [strokes(hand, digit, 0.25) for hand in HANDS for digit in range(10)]
    results = page.execute_script(
        f"""{DRAW} return arguments[0].map((strokes) => {{
            draw(strokes);
            return [[...ink], [...cutOutAndCentre(ink)], [...makeSmaller(ink)]];
        }});""",
        [[stroke.tolist() for stroke in drawing] for drawing in some + small],
    )
    assert len(results) == 200
    for ink, centred, smaller in results:
        ink = np.array(ink).reshape(140, 140)
        assert np.abs(prepared(ink).ravel() - centred).max() <= 2 / 255
        blocks = np.asarray(Image.fromarray(ink.astype("float32")).reduce(5))
        assert np.abs(blocks.ravel() - smaller).max() <= 2 / 255


def read_drawings(page, drawings):
    """What both networks read in drawings, cut out and centred: an array (drawings, networks)."""
    answers = page.execute_script(
        f"""{READ} {DRAW} return arguments[0].map((strokes) => {{
            draw(strokes);
            return page.networks.map((network) => ranked(
                reads(network.moments.at(-1), network, cutOutAndCentre(ink)))[0]);
        }});""",
        [[stroke.tolist() for stroke in drawing] for drawing in drawings],
    )
    return np.array(answers)


def test_a_few_hundred_drawings_are_read(page):
    random = np.random.default_rng(0)
    labels = np.tile(np.arange(10), 8 * len(HANDS))
    hands = np.repeat(list(HANDS), 80)
    drawings = [varied(hand, digit, random) for hand, digit in zip(hands, labels)]
    small, larger = (read_drawings(page, drawings) == labels[:, np.newaxis]).mean(axis=0)
    print(f"drawings: the small network reads {small:.3f}, the larger {larger:.3f}")
    assert larger >= 0.95


def test_digits_that_are_not_mnists_are_read(page):
    images, labels = load_digits(return_X_y=True)
    inks = np.zeros((len(images), 140, 140), "uint8")
    for ink, image in zip(inks, images.reshape(-1, 8, 8).astype("float32") / 16):
        large = Image.fromarray(image).resize((80, 80), Image.Resampling.BICUBIC)
        ink[30:110, 30:110] = np.asarray(large) > 0.5
    answers = page.execute_script(
        f"""{READ} const all = decodeBytes(arguments[0]);
        return Array.from({{ length: all.length / 19600 }}, (_, i) => {{
            const ink = Float32Array.from(all.subarray(19600 * i, 19600 * (i + 1)));
            const seen = cutOutAndCentre(ink);
            return page.networks.map((network) => ranked(
                reads(network.moments.at(-1), network, seen))[0]);
        }});""",
        text(inks),
    )
    small, larger = (np.array(answers) == labels[:, np.newaxis]).mean(axis=0)
    print(f"load_digits: the small network reads {small:.3f}, the larger {larger:.3f}")
    assert larger >= 0.88
