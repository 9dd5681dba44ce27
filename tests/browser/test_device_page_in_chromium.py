"""The verification page in a real browser: by click, and by keyboard alone."""

import pytest
from selenium.webdriver import Chrome, Keys

from oidc_sim.engine.model import DeviceState
from tests.browser.hands import can_type, click, focused, press, sees
from tests.browser.served import Served

pytestmark = pytest.mark.needs("chromium")

ENDS = pytest.mark.parametrize(
    ("decision", "state", "told"),
    [
        ("approve", DeviceState.APPROVED, "Approved"),
        ("deny", DeviceState.DENIED, "Denied"),
    ],
)


@ENDS
def test_a_person_decides_by_click(
    browser: Chrome, served: Served, decision: str, state: DeviceState, told: str
) -> None:
    code = served.device_client().user_code
    browser.get(f"{served.url}/device?user_code={code}")
    click(browser, f"button.{decision}")
    sees(browser, told)
    assert served.state(code) is state


@ENDS
def test_a_person_decides_by_keyboard_alone(
    browser: Chrome, served: Served, decision: str, state: DeviceState, told: str
) -> None:
    code = served.device_client().user_code
    browser.get(f"{served.url}/start")
    can_type(browser)
    press(browser, code.replace("-", "").lower(), Keys.ENTER)
    sees(browser, "Does this code match the one in your terminal?")
    press(browser, Keys.TAB, *([Keys.TAB] if decision == "deny" else []))
    assert focused(browser) == decision
    press(browser, Keys.ENTER)
    sees(browser, told)
    assert served.state(code) is state


def test_a_key_that_is_held_while_the_question_opens_decides_nothing(
    browser: Chrome, served: Served
) -> None:
    code = served.device_client().user_code
    browser.get(f"{served.url}/device")
    can_type(browser)
    press(browser, code, Keys.ENTER, Keys.ENTER, Keys.SPACE, Keys.ENTER)
    sees(browser, "Does this code match the one in your terminal?")
    assert served.state(code) is DeviceState.PENDING
