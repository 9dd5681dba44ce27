"""Faults of the way back as a real browser carries them out: what comes to the client's own server."""

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from oidc_sim.engine.arrival import Setting, Target
from oidc_sim.faults.catalogue import fault_rule
from tests.browser.callback import Callback
from tests.browser.hands import click, comes_to, sees
from tests.browser.served import Served
from tests.server.raw_http import PATIENCE_S
from tests.server.sign_in_site import STATE

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.usefixtures("_still")]


def approve(
    browser: Chrome, served: Served, callback: Callback, fault: str, **settings: Setting
) -> None:
    """Inject a fault for a sign-in whose page stands, and press the button."""
    client = served.code_client()
    browser.get(served.url + client.address(redirect_uri=callback.redirect_uri))
    sees(browser, "Do you approve this sign-in?")
    user_code = browser.find_element(By.CSS_SELECTOR, ".code code").text
    served.do(fault_rule(fault, settings, Target(user_code=user_code)))
    click(browser, "button.approve")


def test_the_client_is_called_twice_with_the_same_code(
    browser: Chrome, served: Served, callback: Callback
) -> None:
    approve(browser, served, callback, "callback-twice")
    first, second = callback.told(), callback.told()
    assert first == second
    assert first["state"] == STATE
    comes_to(browser, "Back")


def test_the_favicon_is_asked_for_before_the_callback(
    browser: Chrome, served: Served, callback: Callback
) -> None:
    approve(browser, served, callback, "callback-twice", first="favicon")
    assert callback.visits.get(timeout=PATIENCE_S) == "/favicon.ico"
    assert callback.told()["state"] == STATE
    comes_to(browser, "Back")


def test_the_state_comes_back_wrong(browser: Chrome, served: Served, callback: Callback) -> None:
    approve(browser, served, callback, "callback-state")
    assert callback.told()["state"] == "wrong"
