"""What an operator does to simulated time, and what lapses by it."""

from oidc_sim.engine.commands import FreezeClock, StepClock
from oidc_sim.engine.events import ClockFrozen, ClockStepped, Event
from oidc_sim.engine.model import Ids, Now, State
from oidc_sim.engine.replies import ClockMoved, Hindrance, Impossible, Lapses
from oidc_sim.engine.upkeep import overdue

LEAST_STEP_S = 1
MOST_STEP_S = 10 * 365 * 86400
"""Ten years: beyond it nothing lives that could still lapse."""
LATEST = 32_503_680_000.0
"""The end of the year 2999, in seconds since 1970: steps add up, and four digits of a year end at 9999."""


def step_clock(
    state: State, command: StepClock, now: Now, _ids: Ids
) -> tuple[list[Event], ClockMoved | Impossible]:
    """Jump forwards, and carry out what is overdue then."""
    if (why := objection_to_step(command.by_s, now)) is not None:
        return [], Impossible("", Hindrance.CONFLICT, why)
    then = now._replace(at=now.at + command.by_s)
    lapses = lapses_between(state, now.at, then.at)
    stepped = ClockStepped(at=then.at, by_s=command.by_s)
    return [stepped, *overdue(state, then)], ClockMoved(lapses)


def objection_to_step(by_s: float, now: Now) -> str | None:
    """Why the clock does not jump so far, in a sentence; None when it may."""
    if not LEAST_STEP_S <= by_s <= MOST_STEP_S:
        return "the clock steps from 1 s to 10 years forwards"
    if now.at + by_s >= LATEST:
        return "the clock goes no further than the year 2999; a reset brings real time back"
    return None


def freeze_clock(
    _state: State, command: FreezeClock, now: Now, _ids: Ids
) -> tuple[list[Event], ClockMoved]:
    """Stand still, or go on; the same wish twice changes nothing."""
    return [ClockFrozen(at=now.at, is_frozen=command.is_frozen)], ClockMoved(Lapses())


def lapses_between(state: State, before: float, after: float) -> Lapses:
    """How much is good at the one instant and over at the other, by time alone."""

    def ends(expires_at: float) -> bool:
        return before < expires_at <= after

    live = [it for it in state.sessions.values() if not it.is_over(before)]
    codes = [it for it in state.devices.values() if it.collected_at is None and not it.was_expired]
    lapsed = [it for it in codes if ends(it.expires_at)]
    return Lapses(
        codes=len(lapsed),
        forgotten=sum(it.forget_at() <= after for it in lapsed),
        tokens=sum(ends(min(at, it.expires_at)) for it in live for at in it.tokens.values()),
        sessions=sum(ends(it.expires_at) for it in live),
        registrations=sum(
            ends(it.expires_at) for it in state.clients.values() if not it.was_expired
        ),
        credentials=sum(ends(it.expires_at) for one in live for it in one.credentials),
    )
