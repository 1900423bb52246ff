#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Reads the documentation site as a visitor does, in Chromium: the search finds lstm, no page scrolls sideways on a phone,
the dark colours can be chosen, text can be read in both, and no script fails. Writes screenshots.

usage: browser.py FOLDER SCREENSHOTS
"""
import functools
import http.server
import re
import sys
import threading
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

PHONE, DESKTOP = (390, 844), (1280, 900)
WAIT_SECONDS = 20
WCAG_CONTRAST = 4.5


def luminance(colour):
    """The relative luminance of WCAG 2."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Visitor:
    def __init__(self, address, screenshots):
        options = webdriver.ChromeOptions()
        for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"):
            options.add_argument(option)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.address = address
        self.screenshots = screenshots
        self.complaints = []

    def expect(self, condition, complaint):
        if not condition:
            self.complaints.append(complaint)

    def screen(self, size):
        """The size of the page itself, which is smaller than any window."""
        width, height = size
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def open(self, page):
        self.browser.get(f"{self.address}/{page}")

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def wait(self, condition):
        return WebDriverWait(self.browser, WAIT_SECONDS).until(condition)

    def picture(self, name):
        self.browser.save_screenshot(str(self.screenshots / f"{name}.png"))

    def searches(self, word, page):
        self.open("index.html")
        self.find(".md-search__input").send_keys(word)
        selector = ".md-search-result__link"
        self.wait(lambda browser: browser.find_elements(By.CSS_SELECTOR, selector))
        found = [link.get_attribute("href") for link in self.browser.find_elements(By.CSS_SELECTOR, selector)]
        self.expect(any(f"/{page}" in link for link in found), f"the search for {word} does not find {page}: {found}")
        self.picture("search")

    def colour(self, selector, which="color"):
        """Red, green and blue, each from 0 to 255."""
        text = self.browser.execute_script(
            "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", selector, which)
        return [float(number) for number in re.findall(r"[\d.]+", text)[:3]]

    def is_readable(self, colours):
        background = self.colour("body", "backgroundColor")
        for what, selector in (("text", ".md-typeset"), ("links", ".md-typeset a:not(.headerlink)")):
            ratio = contrast(self.colour(selector), background)
            self.expect(ratio >= WCAG_CONTRAST, f"{what} in {colours} colours have a contrast of only {ratio:.1f}")

    def chooses_dark(self):
        def background():
            return self.colour("body", "backgroundColor")

        self.open("docs/layers.html")
        light = background()
        self.is_readable("light")
        self.picture("light")
        self.browser.execute_script("document.querySelector('label[for=__palette_2]').click()")
        self.wait(lambda _: background() != light)
        # Opened again, because the colours of links change gradually; and the choice must be remembered.
        self.open("docs/layers.html")
        self.expect(background() != light, "the dark colours are forgotten on the next page")
        self.is_readable("dark")
        self.picture("dark")
        self.browser.execute_script("localStorage.clear()")

    def fits(self, page):
        self.open(page)
        width = self.browser.execute_script("return document.documentElement.scrollWidth")
        self.expect(width <= PHONE[0], f"{page} is {width} pixels wide on a phone of {PHONE[0]}")

    def no_script_failed(self):
        severe = [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
        self.expect(not severe, f"the browser complains: {severe}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, screenshots = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    screenshots.mkdir(parents=True, exist_ok=True)
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        visitor = Visitor(f"http://127.0.0.1:{server.server_port}", screenshots)
        try:
            visitor.screen(DESKTOP)
            visitor.open("index.html")
            visitor.picture("start")
            visitor.searches("lstm", "docs/layers.html")
            visitor.chooses_dark()
            visitor.screen(PHONE)
            pages = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.html"))
            for page in pages:
                visitor.fits(page)
            for page in ("index", "docs/layers", "docs/how-to"):
                visitor.open(f"{page}.html")
                visitor.picture("phone-" + page.replace("/", "-"))
            visitor.no_script_failed()
        finally:
            visitor.browser.quit()
        server.shutdown()
    if visitor.complaints:
        sys.exit("\n".join(visitor.complaints))
    print(f"{len(pages)} pages in a browser: the search finds, a phone shows them, the dark colours can be chosen")


if __name__ == "__main__":
    main()
