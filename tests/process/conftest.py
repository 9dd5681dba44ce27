"""A home for the processes of each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.serving import Home, open_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with open_home(tmp_path) as home:
        yield home
