"""What the tests of the screen share."""

from collections.abc import Iterator

import pytest

from tests.tui.screen_text import Golden
from tests.tui.showing import in_utc


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the screens of tests/golden/tui instead of comparing (give tests/tui as path)",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    # The default is for a run that found this file too late to know the option.
    return Golden(is_updating=bool(request.config.getoption("--update-golden", default=False)))


@pytest.fixture(autouse=True)
def _in_utc() -> Iterator[None]:
    """Times of day do not depend on where the test runs."""
    with in_utc():
        yield
