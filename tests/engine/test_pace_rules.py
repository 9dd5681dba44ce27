"""No conforming client is told off, nor throttled, and one that is too fast always is (RFC 8628 §3.5).

A client here is how it waits: from the start of a poll (a ticker, as golang/oauth2), from its answer (a
sleeper, as botocore), or by slices of a second (as MSAL); its clock is off by up to a tenth. What is done
to it: slow_downs by key, by fault and by the profile, holds, slow answers, failures that its SDK retries,
a machine that sleeps.
"""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_sim.conformance.cadence import Cadence, Finding, verdict_on
from oidc_sim.engine.arrival import Detour
from oidc_sim.engine.commands import AnswerPoll, AuthorizeDevice, Poll, RegisterClient, SlowDown
from oidc_sim.engine.events import Polled, PollOutcome
from oidc_sim.engine.model import Device, Policy
from oidc_sim.engine.replies import Authorized, Registered
from oidc_sim.simulator.clock import Clock
from oidc_sim.simulator.simulator import Simulator
from tests.engine.world import CountingIds, said

BLINK_S = 0.003
"""What a request takes."""
THINGS = ("nothing", "slow-down", "fault", "hold", "delay", "retry", "sleep")
Happenings = list[tuple[str, float]]
"""What happens to each poll, and a number of seconds."""


@dataclass
class Course:
    """A client and a server, and the real time that passes."""

    policy: Policy
    tick: float = 5_000.0

    def __post_init__(self) -> None:
        clock = Clock(wall=lambda: 1_000_000.0 + self.tick, monotonic=lambda: self.tick)
        self.simulator = Simulator(self.policy, CountingIds(), clock)
        client = self.simulator.dispatch(RegisterClient(name="pc", client_type="public"))
        assert isinstance(client, Registered)
        client_id, secret = client.client.client_id, client.client_secret
        given_ = self.simulator.dispatch(AuthorizeDevice(client_id=client_id, client_secret=secret))
        assert isinstance(given_, Authorized)
        self.user_code = given_.device.user_code
        self.request = Poll(
            device_code=given_.device_code, client_id=client_id, client_secret=secret
        )

    @property
    def device(self) -> Device:
        return self.simulator.state.devices[self.user_code]

    @property
    def cadence(self) -> Cadence:
        return self.simulator.stories[self.user_code].cadence

    def poll(self, thing: str = "nothing", span_s: float = 0.0) -> bool:
        """Poll, with something done to it; returns whether it was told to slow down."""
        came = self.tick
        if thing == "slow-down":
            self.simulator.dispatch(SlowDown(self.user_code))
        if thing == "fault":
            return self._answered_by_others(came, "slow_down")
        if thing == "retry":
            self._answered_by_others(came, "server_error")
            self.tick += span_s / 10
            return self._asked(Detour(tick=self.tick, is_retry=True))
        self.tick += span_s if thing in {"hold", "delay"} else 0
        if thing == "hold":
            return self._asked(Detour(tick=came, held_s=self.tick - came))
        return self._asked(Detour(tick=came, fault="delay") if thing == "delay" else None)

    def _asked(self, detour: Detour | None) -> bool:
        return said(self.simulator.dispatch(replace(self.request, detour=detour))) == "slow_down"

    def _answered_by_others(self, came: float, error: str) -> bool:
        detour = Detour(tick=came, fault=error)
        client_id = self.device.client_id
        answer = AnswerPoll(
            user_code=self.user_code,
            client_id=client_id,
            detour=detour,
            answer_word=error,
            error=error,
        )
        self.simulator.dispatch(answer)
        return error == "slow_down"

    def outcomes(self) -> list[PollOutcome]:
        entries = self.simulator.log.entries.since(0)
        return [it.what.outcome for it in entries if isinstance(it.what, Polled)]


@dataclass
class Waits:
    """How a conforming client waits, by a clock of which a second takes ``speed``."""

    way: str
    speed: float
    interval_s: float
    due: float
    """When the ticker's next tick comes."""

    def after(self, answered: float, slept_s: float, *, is_slowed: bool) -> float:
        """When the next poll starts; a ticker keeps one tick that nobody waited for, and drops the others."""
        if is_slowed:
            self.interval_s += 5
        period = self.interval_s * self.speed
        if self.way == "sleeper":
            return answered + slept_s + period
        if self.way == "slices":
            return answered + slept_s + period + 0.001 * self.interval_s
        if is_slowed:
            self.due = answered + period
        start = max(self.due, answered + slept_s)
        while self.due <= start:
            self.due += period
        return start


def run(course: Course, waits: Waits, happenings: Happenings) -> None:
    """Let a conforming client poll, each poll with what happens to it."""
    for thing, span_s in happenings:
        is_slowed = course.poll(thing, span_s)
        slept_s = 61 + 3 * waits.interval_s + span_s if thing == "sleep" else 0.0
        course.tick = waits.after(course.tick + BLINK_S, slept_s, is_slowed=is_slowed)
        assert not course.cadence.is_too_fast, (thing, course.cadence.waits)
        assert course.cadence.announced_s == course.device.announced_s == waits.interval_s


happenings = st.lists(st.tuples(st.sampled_from(THINGS), st.floats(0.05, 40)), max_size=20)


@settings(max_examples=150, deadline=None)
@given(
    way=st.sampled_from(["ticker", "sleeper", "slices"]),
    speed=st.floats(0.905, 1.1),
    interval_s=st.sampled_from([1, 5, 15]),
    things=happenings,
    throttles=st.booleans(),
    probes=st.booleans(),
)
def test_no_conforming_client_is_ever_told_off(
    way: str, speed: float, interval_s: int, things: Happenings, *, throttles: bool, probes: bool
) -> None:
    course = Course(Policy(interval_s=interval_s, throttles=throttles, lifetime_s=100_000))
    if probes and not throttles:  # twice at once at the start, as AWS CLI
        course.poll()
        course.tick += BLINK_S
    waits = Waits(way, speed, interval_s, course.tick + interval_s * speed)
    run(course, waits, things)
    assert course.cadence.early_polls == 0
    assert PollOutcome.THROTTLED not in course.outcomes()


@settings(max_examples=100, deadline=None)
@given(
    gaps=st.lists(st.floats(0, 30), min_size=1, max_size=25),
    things=st.lists(st.sampled_from(THINGS[:-1]), min_size=25, max_size=25),
    span_s=st.floats(0.05, 8),
)
def test_the_screen_and_the_rfc_profile_judge_alike_whatever_the_client_does(
    gaps: list[float], things: list[str], span_s: float
) -> None:
    """Who is told slow_down for its pace is too fast on the screen, and nobody else is."""
    course = Course(Policy(interval_s=5, throttles=True, lifetime_s=100_000))
    course.poll()
    for gap, thing in zip(gaps, things, strict=False):
        course.tick += gap
        early, announced_s = course.cadence.early_polls, course.cadence.announced_s
        if thing == "retry":
            course.poll()
            course.tick += 0.1
            assert not course._asked(Detour(tick=course.tick, is_retry=True))
        else:
            course.poll(thing, span_s)
        if thing in {"nothing", "hold", "delay"}:
            is_throttled = course.outcomes()[-1] is PollOutcome.THROTTLED
            assert is_throttled is (course.cadence.early_polls > early)
            assert course.cadence.announced_s == announced_s + 5 * is_throttled
        assert course.cadence.announced_s == course.device.announced_s


@settings(max_examples=50, deadline=None)
@given(
    interval_s=st.integers(1, 30),
    pace=st.floats(0, 0.7),
    throttles=st.booleans(),
    slow_downs=st.lists(st.booleans(), min_size=4, max_size=12),
)
def test_a_client_that_waits_too_short_is_found_out_at_each_poll(
    interval_s: int, pace: float, slow_downs: list[bool], *, throttles: bool
) -> None:
    """It adds the 5 s too, and waits for too small a part of it all."""
    course = Course(Policy(interval_s=interval_s, throttles=throttles, lifetime_s=100_000))
    course.poll()
    course.tick += interval_s
    course.poll()
    for count, is_slowed in enumerate(slow_downs, start=1):
        course.tick += pace * course.cadence.announced_s
        course.poll("slow-down" if is_slowed else "nothing")
        assert course.cadence.early_polls == count
        found = verdict_on(course.cadence)
        assert found is not None
        assert found.finding is Finding.TOO_FAST


@pytest.mark.parametrize("forgets", ["every slow_down", "all but the newest", "after one poll"])
def test_one_that_does_not_keep_what_it_was_told_is_found_out(forgets: str) -> None:
    course = Course(Policy(interval_s=1))
    course.poll()
    told = 1.0
    for thing in ("nothing", "slow-down", "slow-down", "nothing", "nothing"):
        course.tick += told
        is_slowed = course.poll(thing)
        if forgets == "all but the newest":
            told = 6.0 if is_slowed else told
        elif forgets == "after one poll":
            told = course.cadence.announced_s if is_slowed else 1.0
    assert course.cadence.early_polls >= 1
