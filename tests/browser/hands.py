"""What a person does in a browser, and what they see."""

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.server.raw_http import PATIENCE_S

_BETWEEN_PAGES = (WebDriverException,)
"""What an element is asked for that has just gone, in several words of the driver's."""


def sees(browser: Chrome, heading: str) -> None:
    """See a page with this heading, as soon as it is there."""
    WebDriverWait(browser, PATIENCE_S, 0.02, _BETWEEN_PAGES).until(
        lambda it: it.find_element(By.TAG_NAME, "h1").text == heading, heading
    )


def comes_to(browser: Chrome, title: str) -> None:
    """See a page with this title, as soon as it is there."""
    WebDriverWait(browser, PATIENCE_S, 0.02).until(lambda it: it.title == title, title)


def click(browser: Chrome, selector: str) -> None:
    browser.find_element(By.CSS_SELECTOR, selector).click()


def can_type(browser: Chrome) -> None:
    """Wait for the field that the page gives the focus to: that comes after the page itself."""
    WebDriverWait(browser, PATIENCE_S, 0.02, _BETWEEN_PAGES).until(
        lambda it: it.switch_to.active_element.tag_name == "input", "a field with the focus"
    )


def press(browser: Chrome, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def focused(browser: Chrome) -> str | None:
    """The value of what a key would act on."""
    return browser.switch_to.active_element.get_attribute("value")


def complaints(browser: Chrome) -> list[str]:
    """What the browser's console says since it was last asked."""
    entries: list[dict[str, str]] = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [entry["message"] for entry in entries]
