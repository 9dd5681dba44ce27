from pathlib import Path

import pytest

from oidc_sim.files.directories import runtime_directory, state_directory

HOME = {"HOME": "/home/sim"}


@pytest.mark.parametrize(
    ("environment", "runtime"),
    [
        (HOME | {"XDG_RUNTIME_DIR": "/run/user/1"}, "/run/user/1/oidc-sim"),
        (HOME | {"XDG_STATE_HOME": "/state"}, "/state/oidc-sim/running"),
        (HOME, "/home/sim/.local/state/oidc-sim/running"),
        (HOME | {"XDG_RUNTIME_DIR": ""}, "/home/sim/.local/state/oidc-sim/running"),
        (HOME | {"XDG_RUNTIME_DIR": "relative"}, "/home/sim/.local/state/oidc-sim/running"),
        (HOME | {"XDG_STATE_HOME": "relative"}, "/home/sim/.local/state/oidc-sim/running"),
    ],
)
def test_running_servers_are_looked_for_where_xdg_says(
    environment: dict[str, str], runtime: str
) -> None:
    assert runtime_directory(environment, None) == Path(runtime)


def test_a_chosen_state_directory_is_the_state_directory() -> None:
    assert state_directory(HOME, Path("/chosen")) == Path("/chosen")
    assert runtime_directory(HOME, Path("/chosen")) == Path("/chosen/running")


def test_without_a_home_the_password_file_is_asked() -> None:
    assert state_directory({}, None) == Path.home() / ".local" / "state" / "oidc-sim"
