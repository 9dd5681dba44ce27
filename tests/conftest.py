"""What all tests share: the marker for parts that pip cannot install, and Hypothesis' profile."""

import os
import shutil
import signal
from collections.abc import Callable

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

PARTS: dict[str, Callable[[], bool]] = {
    "tmux": lambda: shutil.which("tmux") is not None,
    "awscli": lambda: bool(os.environ.get("OIDC_SIM_AWS_CLI")),
    "chromium": lambda: None not in map(shutil.which, ("chromium", "chromedriver")),
}
MUST_HAVE_ALL = bool(os.environ.get("OIDC_SIM_ALL_PARTS"))
"""Set by .ci/run: a missing part is a failure, not a skip."""


def pytest_sessionstart() -> None:
    """Children must be able to be interrupted, though a shell's background jobs (``.ci/run &``) are not."""
    for number, usual in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGQUIT, signal.SIG_DFL),
    ):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        for part in marker.args:
            if PARTS[part]():
                continue
            if MUST_HAVE_ALL:
                pytest.fail(f"{part} is missing, and OIDC_SIM_ALL_PARTS is set")
            pytest.skip(f"{part} is missing; .ci/run installs it")
