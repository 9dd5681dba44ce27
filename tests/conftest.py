"""What all tests share: the marker for parts that pip cannot install, and Hypothesis' profile."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.register_profile("fast", deadline=None, max_examples=10)
settings.load_profile("untimed")

TESTS = Path(__file__).parent
PARTS: dict[str, Callable[[], bool]] = {
    "tmux": lambda: shutil.which("tmux") is not None,
    "awscli": lambda: bool(os.environ.get("OIDC_SIM_AWS_CLI")),
    "chromium": lambda: None not in map(shutil.which, ("chromium", "chromedriver")),
}
MUST_HAVE_ALL = bool(os.environ.get("OIDC_SIM_ALL_PARTS"))
"""Set by .ci/run: a missing part is a failure, not a skip."""

FAST = frozenset(
    {
        "conformance",
        "engine",
        "faults",
        "files",
        "filtering",
        "record",
        "settings",
        "simulator",
        "text",
        "wire",
    }
)
"""Folders of the inner loop, ``pytest -m fast``: without what starts a process or plays long games."""
LONG = frozenset(
    {"test_allowance.py", "test_machine.py", "test_replay.py", "test_waiting_machine.py"}
)
"""Files of these folders with tests that take seconds each."""


def pytest_configure(config: pytest.Config) -> None:
    """In the inner loop, properties are looked at with few examples."""
    if config.option.markexpr == "fast" and not config.getoption("--hypothesis-profile"):
        settings.load_profile("fast")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in FAST and isinstance(item, pytest.Function) and not is_slow(item):
            item.add_marker("fast")


def is_slow(test: pytest.Function) -> bool:
    """Whether it plays long games or is of a file that starts processes."""
    return test.path.name in LONG or hasattr(test.module, "subprocess")


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
