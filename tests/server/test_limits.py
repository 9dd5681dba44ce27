import resource

import pytest

from oidc_sim.server.limits import limits_for, raise_open_files


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


def test_a_system_that_refuses_keeps_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 2**63 - 1))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert raise_open_files() == 256


@pytest.mark.parametrize(
    ("open_files", "most"), [(None, 12_000), (10**6, 12_000), (1024, 768), (256, 512)]
)
def test_as_many_connections_as_open_files_allow(open_files: int | None, most: int) -> None:
    assert limits_for(open_files).max_connections == most
