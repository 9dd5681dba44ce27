"""Real clients and a real server, each a process of its own; no network, no credentials."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.serving import Home, Server, open_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with open_home(tmp_path) as home:
        yield home


@pytest.fixture
def server(home: Home) -> Server:
    return home.serve("--output", "none")
