"""Chromium without a window, for the tests of the pages: what it shows, asks for and complains of.

with browser(width=360, height=740, touch=True) as driver:
    driver.get(page.as_uri())
    assert not errors(driver) and not requests(driver) and not faults(driver)
"""

import contextlib
import json
import os
import shutil
import tempfile

import pytest

SWITCHES = """--headless=new --disable-gpu --no-first-run --disable-background-networking
    --disable-component-update --disable-sync"""
LOCAL = ("file:", "data:", "blob:", "about:", "chrome:", "devtools:")


def programs():
    """Return the paths of Chromium and chromedriver; skip this test where one is missing."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    driver = shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("There is no browser: this test wants Chromium and chromedriver.")
    return chromium, driver


@contextlib.contextmanager
def browser(width=1280, height=800, touch=False, dark=False, calm=False, scale=1):
    """Open a browser for a with block, and close it after that.

    Parameters
    ----------
    width, height : of the page's window, in CSS pixels
    touch : whether it is a phone: there is touch, and the page's viewport is respected
    dark, calm : whether the person prefers a dark page, and less motion
    scale : pixels of the screen for a CSS pixel

    Yields a Selenium driver; skips the test where there is no browser.
    """
    webdriver = pytest.importorskip("selenium.webdriver", reason="Selenium is missing.")
    chromium, chromedriver = programs()
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium's sandbox refuses root
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        window = f"--window-size={max(width, 500)},{height + 150}"
        for switch in (*SWITCHES.split(), window, f"--user-data-dir={profile}"):
            options.add_argument(switch)
        service = webdriver.ChromeService(chromedriver)
        driver = webdriver.Chrome(options, service)
        driver.set_script_timeout(300)  # seconds: a busy computer may need them
        try:
            emulate(driver, width, height, touch, dark, calm, scale)
            yield driver
        finally:
            driver.quit()


def emulate(driver, width, height, touch=False, dark=False, calm=False, scale=1):
    """Make the open page's window another one; what the parameters mean, browser() says."""
    screen = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": touch}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    fingers = {"enabled": touch, "maxTouchPoints": 5 if touch else 1}
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", fingers)
    features = [
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
        {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def errors(driver):
    """Return what the browser's console has complained of since it was last asked."""
    entries = driver.get_log("browser")
    return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]


def requests(driver):
    """Return the address of everything that was asked of another computer since last asked."""
    addresses = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            addresses.append(message["params"]["request"]["url"])
        elif message["method"] == "Network.webSocketCreated":
            addresses.append(message["params"]["url"])
    return [address for address in addresses if not address.startswith(LOCAL)]


def faults(driver):
    """Return axe-core's serious and critical faults of the open page, a line for each."""
    axe = pytest.importorskip("selenium_axe_python").Axe(driver)
    axe.inject()
    return [
        f"{fault['id']}: {node['failureSummary']} {node['html']}"
        for fault in axe.run()["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
