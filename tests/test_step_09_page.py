"""The page of step 09 as people use it: with mouse, finger and keys, on a phone and a projector."""

import json
import shutil
from itertools import pairwise

import numpy as np
import pytest
from browser import browser, emulate, errors, faults, requests
from scripts import TOP
from strokes import HANDS, strokes

webdriver = pytest.importorskip("selenium.webdriver", reason="Selenium is missing.")
ActionChains, Keys = webdriver.ActionChains, webdriver.Keys

pytestmark = pytest.mark.slow
TRY_IT = TOP / "examples/09_watching_it_think/try_it.html"
PHONE, LAPTOP, PROJECTOR = (360, 740), (1280, 800), (1920, 1080)


@pytest.fixture(scope="module")
def driver():
    with browser() as driver:
        yield driver


@pytest.fixture
def page(driver):
    """The page, opened anew; at the end, nothing was asked for and nothing complained of."""
    emulate(driver, *LAPTOP)
    driver.get(TRY_IT.as_uri())
    yield driver
    assert not errors(driver)
    assert not requests(driver)


def find(page, selector):
    return page.find_element("css selector", selector)


def wait_for_a_frame(page):
    """Wait until all that was done is shown."""
    page.execute_async_script(
        "requestAnimationFrame(() => requestAnimationFrame(arguments[arguments.length - 1]))"
    )


def draw(page, drawing):
    """Draw with the mouse, in a square that is in sight."""
    square = find(page, "#square")
    width, height = square.size["width"], square.size["height"]
    mouse = ActionChains(page, duration=0)
    for stroke in drawing:
        for i, (x, y) in enumerate(stroke):
            mouse.move_to_element_with_offset(square, (x - 0.5) * width, (y - 0.5) * height)
            if i == 0:
                mouse.click_and_hold()
        mouse.release()
    mouse.perform()
    wait_for_a_frame(page)


def place_of(page, selector):
    """Where an element is in the window."""
    return page.execute_script(
        "return arguments[0].getBoundingClientRect().toJSON()", find(page, selector)
    )


def read(page):
    """The digit that the page says it reads; None for an empty square."""
    wait_for_a_frame(page)
    digits = page.find_elements("css selector", "#answer strong")
    return int(digits[0].text) if digits else None


def choose_larger(page):
    page.find_elements("css selector", "#networks input")[1].click()


def number(text):
    return float(text.replace("\u2212", "-").replace("%", "e-2"))


@pytest.mark.parametrize("hand", HANDS)
def test_a_phone_reads_what_a_finger_draws(page, hand):
    emulate(page, *PHONE, touch=True)
    page.refresh()
    choose_larger(page)
    page.execute_script('byId("square").scrollIntoView({ block: "center" })')
    box = place_of(page, "#square")
    assert box["left"] >= 0 and box["right"] <= PHONE[0]

    def touch(kind, *places):
        points = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in places
        ]
        page.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    right = 0
    for digit in range(10):
        for stroke in strokes(hand, digit, steps=3):
            touch("touchStart", stroke[0])
            for place in stroke[1:]:
                touch("touchMove", place)
            touch("touchEnd")
        right += read(page) == digit
        find(page, "#clear").click()
        assert read(page) is None
        assert place_of(page, "#square") == box  # no finger has scrolled the page
    assert right >= 9


def test_the_mouse_draws_undoes_and_clears(page):
    choose_larger(page)
    bar = strokes("European", 7)[1:]
    draw(page, strokes("European", 7)[:1])
    assert read(page) == 7
    before = page.execute_script("return [...ink]")
    draw(page, bar)
    assert page.execute_script("return state.drawing.strokes.length") == 2
    find(page, "#undo").click()
    wait_for_a_frame(page)
    assert page.execute_script("return [...ink]") == before
    find(page, "#clear").click()
    assert read(page) is None
    assert find(page, "#clear").get_attribute("aria-disabled") == "true"
    find(page, "#undo").click()
    assert read(page) == 7
    corner = strokes("school", 3, size=0.4, place=(0.24, 0.24))
    find(page, "#clear").click()
    draw(page, corner)
    assert read(page) == 3
    find(page, '[value="drawn"]').click()  # the lesson of step 06
    assert read(page) != 3 and "you changed what it sees" in find(page, "#changed").text


@pytest.mark.parametrize("keys", [(Keys.CONTROL, "z"), (Keys.BACKSPACE,), (Keys.DELETE,), (" ",)])
def test_a_stroke_ends_where_something_else_begins(page, keys):
    draw(page, strokes("European", 7)[:1])
    first = page.execute_script("return state.drawing")
    square = find(page, "#square")
    mouse = ActionChains(page, duration=0).move_to_element(square).click_and_hold()
    mouse.move_by_offset(20, 0)
    for key in keys:
        mouse.key_down(key)
    for key in keys:
        mouse.key_up(key)
    mouse.move_by_offset(20, 20).move_by_offset(20, 0).release().perform()
    wait_for_a_frame(page)
    drawing = page.execute_script("return state.drawing")
    if keys == (Keys.DELETE,):
        assert drawing["strokes"] == []
        find(page, "#undo").click()
        drawing = page.execute_script("return state.drawing")
    assert drawing["strokes"][:1] == first["strokes"]  # nothing was glued onto it
    before = len(drawing["strokes"])
    draw(page, strokes("European", 7)[1:])
    assert page.execute_script("return state.drawing.strokes.length") == before + 1
    find(page, "#undo").click()  # takes one stroke back
    assert page.execute_script("return state.drawing") == drawing


def test_the_keys_end_a_stroke_that_was_taken_back(page):
    keys = ActionChains(page).send_keys(Keys.TAB, " ").key_down(Keys.CONTROL).send_keys("z")
    keys.key_up(Keys.CONTROL).send_keys(Keys.ARROW_UP, Keys.ARROW_LEFT).perform()
    assert read(page) is None
    ActionChains(page).send_keys(" ", Keys.ARROW_UP, " ").perform()
    assert page.execute_script("return state.drawing.strokes.map((s) => s.length)") == [2]


def test_an_empty_square_gets_no_answer(page):
    spy = """window.texts = []; const fill = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
            texts.push(`${text}`);
            fill.call(this, text, ...place);
        };"""
    page.execute_script(spy + "select({ l: 2, neuron: 5 })")
    wait_for_a_frame(page)
    assert "5" in page.execute_script("return texts")
    assert not any("%" in text for text in page.execute_script("return texts"))
    assert "%" not in find(page, "main").text.replace("94.7%", "")
    draw(page, strokes("European", 7)[:1])
    assert any("%" in text for text in page.execute_script("return texts"))
    assert (
        "It read" not in find(page, "#changed").text and "Since" not in find(page, "#inside").text
    )
    assert page.execute_script("return changedNeurons().length") == 0
    find(page, "#clear").click()
    wait_for_a_frame(page)
    assert "It read" not in find(page, "#changed").text
    assert page.execute_script("return changedNeurons().length") == 0


def test_clear_and_undo_keep_the_focus(page):
    draw(page, strokes("school", 3))
    for button in ("#clear", "#undo", "#undo"):
        find(page, button).send_keys(Keys.ENTER)
        wait_for_a_frame(page)
        assert page.switch_to.active_element == find(page, button)
    assert read(page) is None


@pytest.mark.parametrize("window", [(667, 375), (640, 400), (320, 640)])
def test_a_small_window_leaves_room_to_scroll_and_to_read(page, window):
    emulate(page, *window, touch=True)
    page.refresh()
    draw(page, strokes("school", 3))
    square, seen = place_of(page, "#square"), place_of(page, "#seen")
    assert square["width"] == pytest.approx(square["height"], abs=1)
    assert square["height"] <= 0.7 * window[1] + 1
    assert seen["width"] == seen["height"] and seen["width"] % 28 == 0  # no pixel is blurred
    # No two titles of the network lie on one another.
    titles = page.execute_script(
        """const titles = []; const fill = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
            const { width } = this.measureText(text);
            const start = { left: x, center: x - width / 2, right: x - width }[this.textAlign];
            if (text !== "") titles.push([y, start, start + width]);
            fill.call(this, text, x, y);
        };
        drawTitles(byId("network").getContext("2d"), byId("network").clientWidth);
        CanvasRenderingContext2D.prototype.fillText = fill;
        return titles.sort(([y, x], [otherY, otherX]) => y - otherY || x - otherX);"""
    )
    for (y, _, end), (next_y, start, _) in pairwise(titles):
        assert next_y > y or start > end


def test_a_tapped_neuron_says_where_to_read_on(page):
    emulate(page, *PHONE, touch=True)
    page.refresh()
    assert not find(page, "#look").is_displayed()
    page.execute_script("byId('network').scrollIntoView()")
    box = place_of(page, "#network")
    x, y = page.execute_script("return layout.columns[1].points[4]")
    finger = [{"x": box["x"] + x, "y": box["y"] + y}]
    for kind, points in (("touchStart", finger), ("touchEnd", [])):
        page.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    wait_for_a_frame(page)
    link = find(page, "#look")
    assert "Neuron 5 of the second hidden layer" in link.text
    assert place_of(page, "#look")["bottom"] <= PHONE[1]
    link.click()
    wait_for_a_frame(page)
    assert 0 <= place_of(page, "#neuron")["top"] < PHONE[1] - 60
    assert not link.is_displayed()


def test_networks_have_names_also_one_without_hidden_layers(page, tmp_path):
    data = (TRY_IT.parent / "networks.json").read_text(encoding="utf-8")
    networks = json.loads(data)
    moment = {"epoch": 0, "score": 0.9, "kind": "float16", "numbers": "AAAA" * (7850 * 2 // 3 + 1)}
    plain = {"name": "mine", "sizes": [784, 10], "activation": "relu", "moments": [moment]}
    networks["networks"].append({**plain, "divide_pixels_by": 255, "losses": []})
    copy = tmp_path / "three.html"
    html = TRY_IT.read_text(encoding="utf-8").replace(data, json.dumps(networks))
    copy.write_text(html, encoding="utf-8")
    page.get(copy.as_uri())
    names = [label.text for label in page.find_elements("css selector", "#networks label")]
    small, larger = "The small one: 14 + 14 neurons", "The larger one: 512 + 128 neurons"
    assert names == [small, larger, "Mine: no hidden neurons"]
    page.find_elements("css selector", "#networks input")[2].click()
    for window in (LAPTOP, PHONE):
        emulate(page, *window)
        draw(page, strokes("school", 3))
        page.execute_script("select({ l: 0, neuron: 3 })")
        wait_for_a_frame(page)
        assert find(page, "#neuron h2").text == "The output for 3"


def test_the_keys_draw_and_walk_through_the_network(page):
    keys = ActionChains(page)
    keys.send_keys(Keys.TAB).perform()
    assert page.switch_to.active_element == find(page, "#square")
    down = [Keys.ARROW_UP] * 9 + [" "] + [Keys.ARROW_DOWN] * 19 + [" "]
    ActionChains(page).send_keys(*down).perform()
    choose_larger(page)
    assert read(page) == 1
    find(page, "#square").send_keys(Keys.BACKSPACE)
    assert read(page) is None

    network = find(page, "#network")
    network.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    wait_for_a_frame(page)
    assert find(page, "#neuron h2").text == "Neuron 2 of the second hidden layer"
    network.send_keys(Keys.ARROW_RIGHT)
    assert find(page, "#said").text == "The output for 1"
    network.send_keys(Keys.ESCAPE)
    wait_for_a_frame(page)
    assert find(page, "#neuron h2").text == "Look inside a neuron"


def test_a_neuron_says_how_it_adds_up(page):
    draw(page, strokes("school", 7))
    draw(page, strokes("European", 7)[1:])
    for layer, (width, height) in enumerate([LAPTOP, PHONE, LAPTOP]):
        emulate(page, width, height)
        wait_for_a_frame(page)
        x, y = page.execute_script("return layout.columns[arguments[0]].points[4]", layer)
        network = find(page, "#network")
        page.execute_script("arguments[0].scrollIntoView({ block: 'center' })", network)
        wide, high = network.size["width"], network.size["height"]
        mouse = ActionChains(page, duration=0)
        mouse.move_to_element_with_offset(network, x - wide / 2, y - high / 2).click().perform()
        wait_for_a_frame(page)
        layers = page.execute_script(
            "return thought.layers.map(({ weights, biases }) => [[...weights], [...biases]])"
        )
        activations = page.execute_script("return thought.activations.map((a) => [...a])")
        weights, biases = (np.array(numbers) for numbers in layers[layer])
        adds = np.array(activations[layer]) * weights.reshape(-1, len(biases))[:, 4]
        said = [number(b.text) for b in page.find_elements("css selector", "#neuron p b")]
        expected = [adds.sum(), biases[4], adds.sum() + biases[4], activations[layer + 1][4]]
        assert said == pytest.approx(expected, abs=0.0051)
        if layer > 0:
            cells = page.find_elements("css selector", "#neuron td:last-child")
            assert sum(number(cell.text) for cell in cells) == pytest.approx(adds.sum(), abs=0.05)
        assert len(page.find_elements("css selector", "#neuron canvas")) == 3


def test_it_says_which_neurons_changed_their_mind(page):
    draw(page, strokes("European", 7)[:1])
    then = page.execute_script("return thought.activations.slice(1, 3).map((a) => [...a])")
    draw(page, strokes("European", 7)[1:])
    now = page.execute_script("return thought.activations.slice(1, 3).map((a) => [...a])")
    changed = np.abs(np.array(now) - np.array(then)) >= 0.5
    assert changed.any()
    text = find(page, "#changed").text
    assert text.startswith("Since your last stroke\nIt read 7 (")
    named = page.find_elements("css selector", "#changed li button")
    assert len(named) == min(5, changed.sum())
    for button in named:
        layer = ["first", "second"].index(button.text.split(" hidden")[0].split()[-1])
        neuron = int(button.text.split()[1]) - 1
        assert changed[layer, neuron]
        assert f"{then[layer][neuron]:.2f} \u2192 {now[layer][neuron]:.2f}" in button.text
    named[0].click()
    wait_for_a_frame(page)
    assert find(page, "#neuron h2").text == named[0].text.split(":")[0]
    assert page.switch_to.active_element == named[0]


def test_the_slider_goes_back_to_what_it_knew_then(page):
    draw(page, strokes("school", 3))
    assert read(page) == 3
    slider = find(page, "#epoch")
    slider.send_keys(Keys.HOME)
    wait_for_a_frame(page)
    assert find(page, "#moment").text.startswith("Before it learned: loss 2.")
    assert page.execute_script("return Math.max(...thought.activations.at(-1))") < 0.5
    slider.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    wait_for_a_frame(page)
    assert find(page, "#moment").text.startswith("After 3 epochs: loss 0.")
    choose_larger(page)
    wait_for_a_frame(page)
    assert not slider.is_displayed()


def test_ten_test_digits_two_of_them_misread(page):
    buttons = page.find_elements("css selector", "#digits button")
    labels = [int(button.get_attribute("aria-label")[-1]) for button in buttons]
    answers = []
    for button in buttons:
        button.click()
        answers.append(read(page))
    assert labels == list(range(10))
    misread = [label for label, answer in zip(labels, answers) if label != answer]
    assert len(misread) == 2
    assert "wrong" in find(page, "#misread").text
    assert all(f"the {label}" in find(page, "#misread").text for label in misread)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("window", [PHONE, LAPTOP, PROJECTOR], ids=["phone", "laptop", "projector"])
def test_it_keeps_nobody_out(page, window, dark):
    emulate(page, *window, touch=window == PHONE, dark=dark, calm=True)
    page.refresh()
    page.execute_script("document.querySelectorAll('#digits button')[3].click()")
    page.execute_script("select({ l: 1, neuron: 2 })")
    wait_for_a_frame(page)
    assert faults(page) == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= window[0]


def test_a_copy_under_another_name_works(page, tmp_path):
    copy = tmp_path / "for my phone (copy).html"
    shutil.copy(TRY_IT, copy)
    page.get(copy.as_uri())
    draw(page, strokes("wide", 0))
    assert read(page) == 0
    assert not find(page, "#steps").is_displayed()  # here it would lead nowhere
