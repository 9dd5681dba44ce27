from dataclasses import dataclass

import pytest

from oidc_sim.engine.model import Now
from oidc_sim.simulator.clock import Clock


@dataclass
class Machine:
    """A machine's two clocks, in seconds."""

    wall_s: float = 1_700_000_000.0
    monotonic_s: float = 40.0

    def wait(self, seconds: float) -> None:
        self.wall_s += seconds
        self.monotonic_s += seconds

    def clock(self) -> Clock:
        return Clock(wall=lambda: self.wall_s, monotonic=lambda: self.monotonic_s)


def test_simulated_time_starts_where_the_wall_clock_stands() -> None:
    assert Machine().clock().now() == Now(at=1_700_000_000.0, tick=40.0)


def test_both_times_pass_as_the_machine_counts() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wait(12.5)
    assert clock.now() == Now(at=1_700_000_012.5, tick=52.5)


@pytest.mark.parametrize("step_s", [-3600.0, -1.0, 1.0, 3600.0, 10**9])
def test_a_step_of_the_wall_clock_ages_nothing(step_s: float) -> None:
    """T-53: NTP, suspend, a person who sets the date."""
    machine = Machine()
    clock = machine.clock()
    before = clock.now()
    machine.wall_s += step_s
    assert clock.now() == before
    machine.wait(1)
    assert clock.now() == Now(at=before.at + 1, tick=before.tick + 1)


def test_time_never_runs_backwards_on_a_real_machine() -> None:
    clock = Clock()
    first, second = clock.now(), clock.now()
    assert first.at <= second.at
    assert first.tick <= second.tick


def test_it_jumps_and_time_goes_on_from_there() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.advance(3600)
    machine.wait(1)
    assert clock.now() == Now(at=1_700_003_601.0, tick=41.0)
    assert clock.offset_s == 3600


def test_it_stands_still_and_the_tick_does_not() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.freeze()
    machine.wait(10)
    assert clock.now() == Now(at=1_700_000_000.0, tick=50.0)
    assert clock.offset_s == -10
    clock.thaw()
    machine.wait(1)
    assert clock.now() == Now(at=1_700_000_001.0, tick=51.0)
    assert clock.is_off


def test_a_clock_that_stands_still_can_jump() -> None:
    clock = Machine().clock()
    clock.freeze()
    clock.advance(600)
    assert clock.now().at == 1_700_000_600.0
    assert clock.is_frozen


def test_freezing_or_thawing_twice_changes_nothing() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.thaw()
    clock.freeze()
    machine.wait(5)
    clock.freeze()
    assert clock.now().at == 1_700_000_000.0


def test_a_reset_shows_real_time_again() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.advance(99)
    clock.freeze()
    machine.wait(1)
    clock.reset()
    assert clock.now().at == 1_700_000_001.0
    assert not clock.is_off
