"""The slides in a browser: everything fits, loads, moves as it says, and has the right numbers."""

import math
import re
import time
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from browser import browser, errors, faults, requests
from scripts import output_here
from test_slides import MINUTES, PAGE, SECTIONS, STEP_00, numbers_in, seconds

Keys = pytest.importorskip("selenium.webdriver").Keys
pytestmark = pytest.mark.slow

CHECK_SLIDE = Path(__file__).with_name("slide_faults.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def driver():
    with browser(1280, 720) as driver:
        yield driver


def show(driver, slide="", query=""):
    """Open the deck anew, at the slide with this id."""
    driver.get("about:blank")
    errors(driver), requests(driver)  # what an earlier page has left
    driver.get(f"{PAGE.as_uri()}{query}#/{slide}")
    return driver


def current(driver):
    return driver.execute_script("return Reveal.getCurrentSlide().id")


def find(driver, selector):
    return driver.find_element("css selector", selector)


def text(driver, selector):
    return find(driver, selector).text.replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize("width, height", [(1280, 720), (1920, 1080), (1366, 768)])
def test_every_slide_fits(width, height):
    with browser(width, height) as driver:
        show(driver)
        driver.execute_script("Reveal.configure({fragments: false})")
        for number in range(len(SECTIONS)):
            driver.execute_script(f"Reveal.slide({number})")
            time.sleep(0.1)
            assert driver.execute_script(CHECK_SLIDE) == [], number + 1
        page = find(driver, ".slide-number")
        assert page.text.split() == [str(len(SECTIONS)), "/", str(len(SECTIONS))]
        size = float(page.value_of_css_property("font-size").removesuffix("px"))
        assert size == pytest.approx(24 * width / 1280, abs=0.1)
        assert errors(driver) == [] and requests(driver) == []


@pytest.mark.parametrize("minutes", MINUTES)
def test_the_speaker_view_knows_the_time(driver, minutes):
    show(driver, query=f"?minutes={minutes}")
    kept = [tag for tag, _ in SECTIONS if seconds(tag, minutes)]
    assert driver.execute_script("return Reveal.getTotalSlides()") == len(kept)
    driver.execute_script(f"Reveal.slide({len(kept) - 1})")
    driver.execute_script("const open = window.open; window.open = (...a) => (popup = open(...a))")
    find(driver, "body").send_keys("s")
    view = "popup.document.body.innerText"
    wait(lambda: f"to {minutes}:00" in driver.execute_script(f"return {view}"))
    assert "PACING" in driver.execute_script(f"return {view}")
    driver.execute_script("popup.close()")
    assert errors(driver) == [] and requests(driver) == []


def test_a_short_version_speaks_of_no_slide_that_it_left_out(driver):
    for minutes in MINUTES:
        show(driver, query=f"?minutes={minutes}")
        page = driver.execute_script("return document.querySelector('.slides').textContent")
        assert ("Remember the flat zones" in page) == bool(driver.find_elements("id", "flat"))
        assert "no plan for" not in page
    show(driver, query="?minutes=45")
    assert "no plan for 45 minutes" in text(driver, "section.present")
    assert driver.execute_script("return Reveal.getTotalSlides()") == len(SECTIONS)


def test_the_bar_below_fills_with_what_is_done(driver):
    show(driver)
    bar = find(driver, ".progress span")
    driver.execute_script("Reveal.slide(20)")
    colours = [bar.value_of_css_property("background-color"), paper(driver, ".progress")]
    assert colours[0] == "rgba(0, 90, 143, 1)" and colours[1] != colours[0]


def paper(driver, selector):
    return find(driver, selector).value_of_css_property("background-color")


def wait(happens):
    for _ in range(100):
        if happens():
            return
        time.sleep(0.1)
    assert happens()


CHECK_PAGES = """
return [...document.querySelectorAll(".pdf-page")].filter((page) => {
  const [paper, box] = [page, page.querySelector("h1,h2")].map((e) => e.getBoundingClientRect());
  const bottoms = [...page.querySelectorAll("section > :not(aside)")].map(
    (e) => e.getBoundingClientRect().bottom - paper.top);
  return box.left - paper.left < 50 || box.top - paper.top < 50 || Math.max(...bottoms) > 720;
}).map((page) => page.textContent.trim().slice(0, 40));
"""


def print_pages(driver):
    """Print the deck as a person does: how many sheets there are."""
    options = {"preferCSSPageSize": True, "printBackground": True}
    pdf = b64decode(driver.execute_cdp_cmd("Page.printToPDF", options)["data"])
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_printed_it_has_a_page_for_each_slide_and_nobody_is_kept_out(driver):
    show(driver, query="?print-pdf")
    wait(lambda: driver.find_elements("css selector", ".pdf-page"))
    assert print_pages(driver) == len(SECTIONS)
    assert driver.execute_script(CHECK_PAGES) == []
    assert not [
        frame for frame in driver.find_elements("tag name", "iframe") if frame.is_displayed()
    ]
    assert all(picture.is_displayed() for picture in driver.find_elements("tag name", "img"))
    number = find(driver, ".slide-number-pdf")
    assert number.text == "1" and number.value_of_css_property("color") == "rgba(95, 95, 95, 1)"
    assert errors(driver) == [] and requests(driver) == []
    driver.execute_script("document.querySelectorAll('iframe').forEach((frame) => frame.remove())")
    assert faults(driver) == []  # of all slides at once; step 09's own tests look into its page


def test_printed_with_notes_it_has_no_empty_sheet(driver):
    show(driver, query="?print-pdf&showNotes=separate-page")
    wait(lambda: driver.find_elements("css selector", ".speaker-notes-pdf"))
    assert print_pages(driver) == 2 * len(SECTIONS)


STEPS = """
const rows = [], cell = (name) => document.querySelector(`#descent td.${name}`).textContent;
document.querySelector(`#descent [data-mu="${arguments[0]}"]`).click();
for (let step = 0; step <= 400; step += 1) {
  rows.push(["step", "w", "b", "cost"].map(cell));
  document.querySelector("#descent [name=step]").click();
}
return [rows, document.querySelector("#descent .verdict").textContent];
"""


@pytest.mark.about(STEP_00)
def test_gradient_descent_has_the_numbers_of_step_00_to_the_last_digit(driver, workshop):
    output = output_here(workshop / STEP_00)
    show(driver, "descent")
    for part in output.split("\nmu = ")[1::2]:
        mu, table = part.split("\n", 1)
        (rows, verdict) = driver.execute_script(STEPS, mu)
        printed = [line.split() for line in table.split("\n") if re.match(r" +\d", line)]
        assert len(printed) > 5
        for row in printed:
            assert row in rows
        stopped = re.search(r"Stopped at step (\d+), where w = (\S+) and b = (\S+)\.\n", table)
        assert not stopped or list(stopped.groups()) == rows[-1][:3]
        assert verdict.split()[-2:] == output.split(f"\nmu = {mu}: ")[1].split("\n")[0].split()[-2:]
    assert driver.execute_script(CHECK_SLIDE) == []  # with its longest numbers


def test_gradient_descent_runs_and_stops_by_mouse_and_takes_other_rates(driver):
    show(driver, "descent")
    find(driver, "#descent [name=run]").click()
    wait(lambda: int(text(driver, "#descent td.step")) > 3)
    find(driver, "#descent [name=run]").click()
    stopped = text(driver, "#descent td.step")
    time.sleep(0.8)
    assert text(driver, "#descent td.step") == stopped
    find(driver, "#descent [name=start]").click()
    assert text(driver, "#descent td.step") == "0"
    find(driver, "#descent [type=number]").click()
    find(driver, "#descent [type=number]").send_keys(Keys.BACKSPACE * 6 + "0.0115\n")
    assert driver.execute_script("return document.activeElement.tagName") == "BODY"
    driver.execute_script(
        "for (let i = 0; i < 400; i += 1) document.querySelector('#descent [name=step]').click()"
    )
    assert "blows up" in text(driver, "#descent .verdict")


def test_a_rate_that_no_number_can_stand_gets_a_sentence(driver):
    from selenium.webdriver.common.keys import Keys

    show(driver, "descent")
    find(driver, "#descent [type=number]").send_keys(Keys.BACKSPACE * 6 + "1e308\n")
    assert "a number from -1000 to 1000" in text(driver, "#descent .verdict")
    find(driver, "#descent [name=step]").click()
    assert text(driver, "#descent td.w") == "-1.461"  # still 0.01
    find(driver, "#descent [type=number]").send_keys(Keys.BACKSPACE * 6 + "1000\n")
    driver.execute_script(
        "for (let i = 0; i < 400; i += 1) document.querySelector('#descent [name=step]').click()"
    )
    assert "blows up" in text(driver, "#descent .verdict") and errors(driver) == []


def test_a_run_ends_when_the_slide_is_left(driver):
    show(driver, "descent")
    find(driver, "#descent [name=run]").click()
    wait(lambda: int(text(driver, "#descent td.step")) > 1)
    driver.execute_script("Reveal.next()")
    step = "return document.querySelector('#descent td.step').textContent"
    left_at = driver.execute_script(step)
    time.sleep(0.8)
    assert driver.execute_script(step) == left_at


def test_a_neuron_by_keys_and_the_clicker_turns_the_page(driver):
    show(driver, "neuron")
    slider = find(driver, "#w2")
    slider.send_keys(Keys.ARROW_RIGHT * 15)  # from -1 to 0.5
    assert current(driver) == "neuron"
    z = 2 * 1 + 0.5 * 0.5 - 0.5
    assert text(driver, "#neuron .sum").endswith(f"= {z:.2f}")
    assert text(driver, "#neuron .activation").endswith(f"= {1 / (1 + math.exp(-z)):.2f}")
    slider.send_keys(Keys.PAGE_DOWN)
    assert current(driver) != "neuron"


def test_everything_moves_by_keys_and_the_page_stays(driver):
    for slide, control, key, result in (
        ("neuron", "#b", Keys.ARROW_RIGHT, "output[for=b]"),
        ("by-hand", "#line-w", Keys.ARROW_LEFT, ".cost"),
        ("by-hand", "button", Keys.SPACE, ".best"),
        ("descent", "[name=step]", Keys.SPACE, "td.step"),
        ("descent", "[data-mu='0.1']", Keys.ENTER, "[aria-pressed=true]"),
        ("flat", "#raw-sum", Keys.ARROW_LEFT, "em.sum"),
    ):
        show(driver, slide)
        before = text(driver, f"#{slide} {result}")
        find(driver, f"#{slide} {control}").send_keys(key)
        assert text(driver, f"#{slide} {result}") != before, (slide, control)
        assert current(driver) == slide


def centre(driver, selector, part=0.5):
    """A place on an element, in the window: part of its width from the left."""
    box = find(driver, selector).rect
    return {"x": box["x"] + part * box["width"], "y": box["y"] + box["height"] / 2}


def drag(driver, selector, begin, end):
    parts = (begin, (begin + end) / 2, end, end)
    for kind, part in zip(("Pressed", "Moved", "Moved", "Released"), parts):
        event = {"type": f"mouse{kind}", "button": "left", "buttons": 1, "clickCount": 1}
        event.update(centre(driver, selector, part))
        driver.execute_cdp_cmd("Input.dispatchMouseEvent", event)


def swipe(driver, selector, *parts):
    for kind, part in [("Start", parts[0]), *(("Move", part) for part in parts[1:]), ("End", None)]:
        points = [] if part is None else [centre(driver, selector, part)]
        event = {"type": f"touch{kind}", "touchPoints": points}
        driver.execute_cdp_cmd("Input.dispatchTouchEvent", event)


def test_a_neuron_by_mouse(driver):
    show(driver, "neuron")
    drag(driver, "#x1", 0.98, 0.2)
    x1 = float(text(driver, "#neuron output[for=x1]"))
    assert 0.1 < x1 < 0.3
    assert text(driver, "#neuron .sum").endswith(f"= {2 * x1 - 0.5 - 0.5:.2f}")


def test_a_line_by_mouse_and_the_rooms_lowest_cost(driver):
    show(driver, "by-hand")
    x, y = np.array(numbers_in("X")), np.array(numbers_in("Y"))
    lowest = math.inf
    for selector, end in (("#line-w", 0.35), ("#line-b", 0.6), ("#line-w", 0.9)):
        drag(driver, selector, 0.75 if selector == "#line-w" else 1 / 3, end)
        w, b = float(text(driver, "#by-hand .w")), float(text(driver, "#by-hand .b"))
        cost = np.sum((b + w * x - y) ** 2)
        assert text(driver, "#by-hand .cost") == f"{cost:.2f}"
        lowest = min(lowest, cost)
        assert text(driver, "#by-hand .lowest") == f"{lowest:.2f}"
        assert driver.execute_script("return document.activeElement.tagName") == "BODY"
    find(driver, "#by-hand button").click()
    assert (text(driver, "#by-hand .w"), text(driver, "#by-hand .b")) == ("-0.68", "2.75")
    assert text(driver, "#by-hand .best") == "1.03"
    assert text(driver, "#by-hand .lowest") == f"{lowest:.2f}"  # the button is no try of the room
    assert driver.execute_script(CHECK_SLIDE) == []


def test_by_touch_sliders_move_and_the_page_stays():
    with browser(1280, 720, touch=True) as driver:
        for slide, slider, place, value in (
            ("by-hand", "#line-w", 0.75, ".w"),
            ("neuron", "#x1", 0.98, "output[for=x1]"),
        ):
            show(driver, slide)
            before = text(driver, f"#{slide} {value}")
            swipe(driver, slider, place, 0.5, 0.2)
            assert float(text(driver, f"#{slide} {value}")) < float(before)
            assert current(driver) == slide
        show(driver, "flat")
        swipe(driver, "#flat svg", 0.6, 0.45, 0.3)
        assert float(text(driver, "#flat em.sum")) < -3
        show(driver, "descent")
        tap(driver, "#descent [name=step]")
        wait(lambda: text(driver, "#descent td.w") == "-1.461")
        find(driver, "body").send_keys(" ")  # the keys are the deck's again
        assert driver.execute_script("return Reveal.getCurrentSlide().id") != "descent"
        show(driver, "flat")
        tap(driver, "#flat label:has([type=checkbox])")
        wait(lambda: find(driver, "#flat [type=checkbox]").is_selected())
        assert driver.execute_script("return document.activeElement.tagName") == "BODY"


def tap(driver, selector):
    """A tap of a finger, from which the browser makes mouse events and a click."""
    points = [centre(driver, selector)]
    for kind, touching in (("Start", points), ("End", [])):
        event = {"type": f"touch{kind}", "touchPoints": touching}
        driver.execute_cdp_cmd("Input.dispatchTouchEvent", event)


def test_the_flat_zones_before_and_after_dividing(driver):
    show(driver, "flat")
    assert text(driver, "#flat em.sum") == "60.00" and text(driver, "#flat em.slope") == "0.0000"
    find(driver, "#flat [type=checkbox]").send_keys(Keys.SPACE)
    a = 1 / (1 + math.exp(-60 / 255))
    assert text(driver, "#flat em.activation") == f"{a:.4f}"
    assert text(driver, "#flat em.slope") == f"{a * (1 - a):.4f}"
    find(driver, "#flat [type=checkbox]").send_keys(Keys.SPACE)
    drag(driver, "#flat svg", 0.5, 0.6)
    assert 0 < float(text(driver, "#flat em.sum")) < 6


def test_step_09s_page_is_in_its_frame(driver):
    number = next(i for i, (_, body) in enumerate(SECTIONS) if "Watch it think" in body)
    show(driver)
    driver.execute_script(f"Reveal.slide({number})")
    driver.switch_to.frame(find(driver, "iframe[src]"))
    wait(lambda: driver.execute_script("return document.readyState") == "complete")
    assert "canvas" in driver.page_source
    driver.switch_to.default_content()
    assert errors(driver) == [] and requests(driver) == []
