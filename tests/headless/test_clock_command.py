"""``clock 8h`` on standard input."""

import pytest

from oidc_sim.headless.commands import Commands
from oidc_sim.simulator.simulator import Simulator
from tests.headless.test_switch_command import commands, complaints, simulator

__all__ = ["commands", "complaints", "simulator"]


def test_a_line_steps_the_clock(
    simulator: Simulator, commands: Commands, complaints: list[str]
) -> None:
    commands.obey("clock 8h")
    assert simulator.clock.offset_s == pytest.approx(8 * 3600, abs=1)
    commands.obey("clock freeze")
    assert simulator.clock.is_frozen
    assert complaints == []


def test_a_line_lets_the_clock_go_on(simulator: Simulator, commands: Commands) -> None:
    commands.obey("clock freeze")
    commands.obey("clock unfreeze")
    assert not simulator.clock.is_frozen


@pytest.mark.parametrize("wish", ["soon", "0s", "99999d"])
def test_a_line_that_is_no_time_moves_nothing(
    simulator: Simulator, commands: Commands, complaints: list[str], wish: str
) -> None:
    commands.obey(f"clock {wish}")
    assert not simulator.clock.is_off
    assert len(complaints) == 1
