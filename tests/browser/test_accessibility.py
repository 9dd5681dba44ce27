"""Every page in both colour schemes against axe-core's rules, and at 320 pixels (WCAG 1.4.10)."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from oidc_sim.engine.commands import Deny, Reset
from tests.browser.callback import Callback
from tests.browser.hands import click, complaints, sees
from tests.browser.served import Served
from tests.browser.test_sign_in_in_chromium import open_page

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.usefixtures("_still")]

AXE = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
RUN = "axe.run({preload: false}).then(arguments[arguments.length - 1])"
NARROW = {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": False}
Show = Callable[[Chrome, Served, Callback], None]


def home(browser: Chrome, served: Served, _callback: Callback) -> None:
    browser.get(f"{served.url}/")
    sees(browser, "A simulated AWS sign-in")


def enter_code(browser: Chrome, served: Served, _callback: Callback) -> None:
    browser.get(f"{served.url}/start/")
    sees(browser, "Enter the code from your terminal")


def wrong_code(browser: Chrome, served: Served, _callback: Callback) -> None:
    browser.get(f"{served.url}/device?user_code=BCDF-GHJK")
    sees(browser, "Enter the code from your terminal")


def too_many_codes(browser: Chrome, served: Served, _callback: Callback) -> None:
    for _ in range(6):
        browser.get(f"{served.url}/device?user_code=BCDF-GHJK")
    sees(browser, "Too many wrong codes")


def device(browser: Chrome, served: Served, _callback: Callback) -> None:
    browser.get(f"{served.url}/device?user_code={served.device_client().user_code}")
    sees(browser, "Does this code match the one in your terminal?")


def hostile_device(browser: Chrome, served: Served, _callback: Callback) -> None:
    name = "</title><b>" + "W" * 200 + "\u202e\x1b]52;c;x\x07"
    browser.get(f"{served.url}/device?user_code={served.device_client(name).user_code}")
    sees(browser, "Does this code match the one in your terminal?")


def approved(browser: Chrome, served: Served, callback: Callback) -> None:
    device(browser, served, callback)
    click(browser, "button.approve")
    sees(browser, "Approved")


def denied(browser: Chrome, served: Served, callback: Callback) -> None:
    device(browser, served, callback)
    click(browser, "button.deny")
    sees(browser, "Denied")


def sign_in(browser: Chrome, served: Served, callback: Callback) -> None:
    open_page(browser, served, callback)


def signed_in(browser: Chrome, served: Served, callback: Callback) -> None:
    _, user_code = open_page(browser, served, callback)
    address = browser.current_url
    served.do(Deny(user_code))
    browser.get(address)
    browser.get(address)
    sees(browser, "Denied")


def forgotten(browser: Chrome, served: Served, callback: Callback) -> None:
    open_page(browser, served, callback)
    served.do(Reset())
    browser.refresh()
    sees(browser, "This sign-in is over")


def elsewhere(browser: Chrome, served: Served, callback: Callback) -> None:
    open_page(browser, served, callback)
    browser.delete_all_cookies()
    browser.refresh()
    sees(browser, "Not in this browser")


PAGES = [
    home,
    enter_code,
    wrong_code,
    too_many_codes,
    device,
    hostile_device,
    approved,
    denied,
    sign_in,
    signed_in,
    forgotten,
    elsewhere,
]
every_page = pytest.mark.parametrize("show", PAGES, ids=lambda it: it.__name__)


def violations(browser: Chrome) -> list[str]:
    """What axe objects to, with where it is."""
    browser.execute_script(AXE)
    found: dict[str, Any] = browser.execute_async_script(RUN)
    assert found["passes"], "axe looked at nothing"
    return [
        f"{it['id']}: {it['help']}: {[node['html'] for node in it['nodes']]}"
        for it in found["violations"]
    ]


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_violates_a_rule_of_axe(
    browser: Chrome, served: Served, callback: Callback, show: Show, scheme: str
) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    try:
        show(browser, served, callback)
        ground = browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")
        assert violations(browser) == []
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert ground in {"light": {"rgba(244, 245, 247, 1)"}, "dark": {"rgba(16, 19, 25, 1)"}}[scheme]
    _only_statuses(browser)


@every_page
def test_every_page_fits_a_narrow_window(
    browser: Chrome, served: Served, callback: Callback, show: Show
) -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", NARROW)
    try:
        show(browser, served, callback)
        width = browser.execute_script("return document.scrollingElement.scrollWidth")
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert width <= NARROW["width"]
    _only_statuses(browser)


def _only_statuses(browser: Chrome) -> None:
    """Chromium notes it when a page comes with an error's status, as the pages of errors do."""
    notes = complaints(browser)
    assert [it for it in notes if "the server responded with a status of 4" not in it] == []
