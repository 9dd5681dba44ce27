"""A browser sign-in in a real browser: decided there, or by the operator while the page waits."""

import threading

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from oidc_sim.engine.commands import Approve, Deny
from oidc_sim.server.pages.sign_in import Outcome, WaitingRoom
from tests.browser.callback import Callback
from tests.browser.hands import click, comes_to, complaints, focused, press, sees
from tests.browser.served import Served
from tests.server.raw_http import PATIENCE_S
from tests.server.sign_in_site import STATE, CodeClient
from tests.waiting import wait_until

pytestmark = pytest.mark.needs("chromium")
still = pytest.mark.usefixtures("_still")


def open_page(browser: Chrome, served: Served, callback: Callback) -> tuple[CodeClient, str]:
    """Do what a client does: open the browser at ``/authorize``; gives the user code, too."""
    client = served.code_client()
    browser.get(served.url + client.address(redirect_uri=callback.redirect_uri))
    sees(browser, "Do you approve this sign-in?")
    return client, browser.find_element(By.CSS_SELECTOR, ".code code").text


def assert_signed_in(served: Served, callback: Callback, client: CodeClient) -> None:
    told = callback.told()
    assert list(told) == ["code", "state"]
    assert told["state"] == STATE
    redeemed = served.call(lambda: client.redeem(told["code"], redirect_uri=callback.redirect_uri))
    assert redeemed == "token"


def assert_refused(callback: Callback) -> None:
    assert callback.told() == {
        "error": "access_denied",
        "error_description": "Access denied",
        "state": STATE,
    }


@still
def test_a_click_on_approve_leads_to_the_client_with_a_code(
    browser: Chrome, served: Served, callback: Callback
) -> None:
    client, _ = open_page(browser, served, callback)
    click(browser, "button.approve")
    assert_signed_in(served, callback, client)
    comes_to(browser, "Back")


@still
def test_a_click_on_deny_leads_to_the_client_with_an_error(
    browser: Chrome, served: Served, callback: Callback
) -> None:
    open_page(browser, served, callback)
    click(browser, "button.deny")
    assert_refused(callback)
    comes_to(browser, "Back")


@still
@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_a_person_signs_in_by_keyboard_alone(
    browser: Chrome, served: Served, callback: Callback, decision: str
) -> None:
    client, _ = open_page(browser, served, callback)
    press(browser, *([Keys.TAB] * (1 if decision == "approve" else 2)))
    assert focused(browser) == decision
    press(browser, Keys.ENTER)
    if decision == "approve":
        assert_signed_in(served, callback, client)
    else:
        assert_refused(callback)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Is set when a page has begun to wait."""
    began = threading.Event()
    real = WaitingRoom.wait

    async def wait(room: WaitingRoom, user_code: str, at_most_s: float) -> Outcome:
        began.set()
        return await real(room, user_code, at_most_s)

    monkeypatch.setattr(WaitingRoom, "wait", wait)
    return began


def test_the_page_goes_on_by_itself_when_the_operator_approves(
    browser: Chrome, served: Served, callback: Callback, waits: threading.Event
) -> None:
    client, user_code = open_page(browser, served, callback)
    assert waits.wait(PATIENCE_S)
    served.do(Approve(user_code))
    assert_signed_in(served, callback, client)
    comes_to(browser, "Back")


def test_the_page_goes_on_by_itself_when_the_operator_denies(
    browser: Chrome, served: Served, callback: Callback, waits: threading.Event
) -> None:
    _, user_code = open_page(browser, served, callback)
    assert waits.wait(PATIENCE_S)
    served.do(Deny(user_code))
    assert_refused(callback)
    comes_to(browser, "Back")


def test_the_page_stays_as_it_is_and_at_hand_while_it_waits(
    browser: Chrome, served: Served, callback: Callback, waits: threading.Event
) -> None:
    """DevTools rest meanwhile, so the key is pressed by the page itself, on what has the focus then."""
    client, _ = open_page(browser, served, callback)
    press(browser, Keys.TAB)
    browser.execute_script("setTimeout(() => document.activeElement.click(), 3000)")
    assert waits.wait(PATIENCE_S)
    assert callback.visits.empty()
    assert_signed_in(served, callback, client)


@still
def test_a_reload_finds_the_same_sign_in(
    browser: Chrome, served: Served, callback: Callback
) -> None:
    _, user_code = open_page(browser, served, callback)
    browser.refresh()
    assert browser.find_element(By.CSS_SELECTOR, ".code code").text == user_code


@still
def test_the_back_button_leads_to_no_second_code(
    browser: Chrome, served: Served, callback: Callback
) -> None:
    client, _ = open_page(browser, served, callback)
    click(browser, "button.approve")
    assert_signed_in(served, callback, client)
    comes_to(browser, "Back")
    browser.back()
    for button in browser.find_elements(By.CSS_SELECTOR, "button.approve"):
        button.click()  # Chromium shows the page as it was left, even one that is not to be stored
    sees(browser, "Signed in")
    assert callback.visits.empty()
    (complaint,) = complaints(browser)
    assert "410" in complaint


@still
def test_another_site_s_link_begins_a_sign_in_all_the_same(
    browser: Chrome, served: Served, callback: Callback
) -> None:
    client = served.code_client()
    target = served.url + client.address(redirect_uri=callback.redirect_uri)
    browser.get("data:text/html,<a id=go>go</a>")
    browser.execute_script("document.getElementById('go').href = arguments[0]", target)
    browser.find_element(By.ID, "go").click()
    sees(browser, "Do you approve this sign-in?")
    click(browser, "button.approve")
    assert_signed_in(served, callback, client)


def test_a_tab_that_went_elsewhere_has_left_and_the_same_address_brings_it_back(
    browser: Chrome, served: Served, callback: Callback, waits: threading.Event
) -> None:
    """The tab goes while its request is held, so it is missed at once."""
    client, user_code = open_page(browser, served, callback)
    elsewhere = f"http://127.0.0.1:{callback.port}/elsewhere"
    browser.execute_script(f"setTimeout(() => location.assign('{elsewhere}'), 3000)")
    assert waits.wait(PATIENCE_S)
    assert served.device(user_code).browser_left_at is None
    comes_to(browser, "Back")
    wait_until(lambda: served.device(user_code).browser_left_at is not None)
    browser.get(served.url + client.address(redirect_uri=callback.redirect_uri))
    sees(browser, "Do you approve this sign-in?")
    assert browser.find_element(By.CSS_SELECTOR, ".code code").text == user_code
    assert served.device(user_code).browser_left_at is None
    assert callback.visits.get(timeout=PATIENCE_S) == "/elsewhere"


@still
def test_a_second_tab_is_no_second_sign_in(
    browser: Chrome, served: Served, callback: Callback
) -> None:
    client, user_code = open_page(browser, served, callback)
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    browser.get(served.url + client.address(redirect_uri=callback.redirect_uri))
    sees(browser, "Do you approve this sign-in?")
    assert browser.find_element(By.CSS_SELECTOR, ".code code").text == user_code
    click(browser, "button.approve")
    assert_signed_in(served, callback, client)
    browser.close()
    browser.switch_to.window(first)
