"""Held requests: somebody decides about them, or they are released by themselves."""

from itertools import islice

from oidc_sim.engine.arrival import Held, HeldDecision
from oidc_sim.engine.commands import DecideHeld, EndHeld, PauseHeld, ReleaseAll
from oidc_sim.engine.events import Event
from oidc_sim.engine.model import Decision, Ids, Now, State
from oidc_sim.engine.replies import Done, Hindrance, Impossible
from oidc_sim.engine.waiting_events import AllReleased, HeldDecided, HeldEnded, HeldPaused

RELEASE = "release"
"""It goes on as if it had not been held."""
DROP = "drop"
"""Its connection is closed without an answer."""
FAULT = "fault"
"""A fault of the catalogue answers it."""
EDIT = "edit"
"""It is answered with what the operator wrote."""
DENY, EXPIRE, SLOW_DOWN = Decision.DENY.typed, Decision.EXPIRE.typed, Decision.SLOW_DOWN.typed
"""It alone is answered so; its device stays as it is."""
BY_ITSELF = "released by itself"
"""Nobody decided in time."""
HUNG_UP = "client hung up"
OVERDUE_AT_ONCE = 100
"""Released by themselves in one sweep; the next ones follow, so that thousands stop nothing."""
HOW_ENDED = {
    RELEASE: "released",
    DROP: "dropped",
    FAULT: "answered with a fault",
    EDIT: "answered with an edited answer",
    DENY: "answered with access_denied",
    EXPIRE: "answered with expired_token",
    SLOW_DOWN: "answered with slow_down",
    BY_ITSELF: BY_ITSELF,
}
"""What a decision makes of a request, for a person."""


def decide_held(
    state: State, command: DecideHeld, now: Now, _ids: Ids
) -> tuple[list[Event], Done | Impossible]:
    """Decide about a held request, once: one that is decided is on its way already."""
    held = state.held.get(command.number)
    if (objection := _objection(held, command.number)) is not None:
        return [], objection
    if (why := _unfit(held, command.decision)) is not None:
        return [], Impossible("", Hindrance.CONFLICT, why)
    return [HeldDecided(at=now.at, number=command.number, decision=command.decision)], Done()


def release_all(
    state: State, _command: ReleaseAll, now: Now, _ids: Ids
) -> tuple[list[Event], Done]:
    """Release every one that nothing is decided about."""
    requests = undecided(state)
    return [AllReleased(at=now.at, requests=requests)] if requests else [], Done()


def pause_held(
    state: State, command: PauseHeld, now: Now, _ids: Ids
) -> tuple[list[Event], Done | Impossible]:
    """Let the countdown of a held request stand still, or go on."""
    held = state.held.get(command.number)
    if (objection := _objection(held, command.number)) is not None:
        return [], objection
    assert held is not None  # noqa: S101 - or there had been an objection
    if (held.paused_tick is not None) == command.is_paused:
        return [], Done()
    paused = HeldPaused(
        at=now.at, tick=now.tick, number=command.number, is_paused=command.is_paused
    )
    return [paused], Done()


def end_held(state: State, command: EndHeld, now: Now, _ids: Ids) -> tuple[list[Event], Done]:
    """Note that a request is not held any more; one that was not is no mistake."""
    held = state.held.get(command.number)
    if held is None:
        return [], Done()
    code = held.arrival.user_code
    return [HeldEnded(at=now.at, number=held.number, how=command.how, user_code=code)], Done()


def undecided(state: State) -> int:
    """How many held requests nobody has decided about."""
    return len(state.held) - len(state.decided)


def overdue_held(state: State, now: Now) -> list[Event]:
    """Release those that nobody decided about in time, the oldest first."""
    overdue = (
        HeldDecided(at=now.at, number=held.number, decision=HeldDecision(how=BY_ITSELF))
        for held in state.held.values()
        if held.decision is None and held.paused_tick is None and held.ends_tick <= now.tick
    )
    return list(islice(overdue, OVERDUE_AT_ONCE))


def _unfit(held: Held | None, decision: HeldDecision) -> str | None:
    if held is None or decision.how != FAULT:
        return None
    why = decision.fit.objection_to(held.arrival)
    return None if why is None else f"request {held.number} cannot get {decision.fault}: {why}"


def _objection(held: Held | None, number: int) -> Impossible | None:
    if held is None:
        return Impossible("", Hindrance.UNKNOWN, f"no request {number} is held")
    if held.decision is None:
        return None
    how = HOW_ENDED.get(held.decision.how, held.decision.how)
    return Impossible("", Hindrance.CONFLICT, f"request {number} is decided already: {how}")
