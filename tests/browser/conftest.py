"""A real Chromium without a window, driven by chromedriver; see ``.ci/run`` for what is needed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from oidc_sim.server.pages import sign_in
from tests.browser.callback import Callback, listening
from tests.browser.hands import complaints
from tests.browser.served import Served, serving

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NEVER_S = 100_000


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One for all tests of a worker: starting it takes longer than most of them."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for flag in (*FLAGS, f"--user-data-dir={_fresh(tmp_path_factory)}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service(str(shutil.which("chromedriver"))))
    driver.set_page_load_timeout(30)
    yield driver
    driver.quit()


def _fresh(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("chromium")


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """A browser that was nowhere yet, and that has nothing to complain of by the end."""
    chromium.delete_all_cookies()
    chromium.get("about:blank")
    complaints(chromium)
    yield chromium
    assert complaints(chromium) == []


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def callback() -> Iterator[Callback]:
    with listening() as callback:
        yield callback


@pytest.fixture
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page does not go on to wait: DevTools, and so the driver, rest while a browser does."""
    monkeypatch.setattr(sign_in, "SHOWN_S", NEVER_S)
