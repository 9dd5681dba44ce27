import os
import resource
import sys
from pathlib import Path

import pytest

from oidc_sim.server.http.limits import USUAL_FILES, files_in_use, limits_for, raise_open_files


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The limits that were set; the process's own stay as they are."""
    made: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: made.append(pair))
    return made


def test_the_soft_limit_becomes_the_hard_one(
    limits: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    assert raise_open_files() == 4096
    assert limits == [(4096, 4096)]


def test_a_limit_that_is_high_already_is_left_alone(
    limits: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (4096, 4096))
    assert raise_open_files() == 4096
    assert limits == []


@pytest.mark.parametrize(("refused_above", "gets"), [(0, 256), (10_240, 10_240), (4_096, 4_096)])
def test_a_system_that_refuses_its_own_hard_limit_is_asked_for_less(
    monkeypatch: pytest.MonkeyPatch, refused_above: int, gets: int
) -> None:
    """macOS says that there is no hard limit, starts with 256, and takes no more than 10,240."""

    def refuse(_: object, pair: tuple[int, int]) -> None:
        if not 0 <= pair[0] <= refused_above:
            raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert raise_open_files() == gets


def test_no_limit_at_all_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    none = resource.RLIM_INFINITY
    monkeypatch.setattr(resource, "getrlimit", lambda _: (none, none))
    assert raise_open_files() is None


def test_an_infinite_hard_limit_that_is_taken_is_none_too(
    limits: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    none = resource.RLIM_INFINITY
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, none))
    assert raise_open_files() is None
    assert limits == [(none, none)]


@pytest.mark.parametrize(
    ("open_files", "in_use", "most"),
    [
        (None, 6, 12_000),
        (10**6, 6, 12_000),
        (1024, 6, 768),
        (1024, 106, 668),
        (256, 6, 192),
        (64, 3, 32),
        (48, 6, 16),
        (1, 6, 1),
    ],
)
def test_as_many_connections_as_open_files_allow(
    open_files: int | None, in_use: int, most: int
) -> None:
    limits = limits_for(open_files, in_use)
    assert limits.max_connections == most
    assert 0 < limits.max_waiting <= most
    assert limits.accepts <= 16


def test_what_the_system_does_not_tell_is_what_is_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    before = files_in_use()
    with Path(os.devnull).open("rb"):
        assert files_in_use() == before + 1
    monkeypatch.setattr(Path, "iterdir", lambda _: Path("/missing").stat())
    assert files_in_use() == USUAL_FILES


def test_a_python_that_knows_no_limits_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert raise_open_files() is None
