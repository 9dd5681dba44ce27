"""Changes of rules and held requests by events."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from oidc_sim.engine import waiting_events as e
from oidc_sim.engine.arrival import Held, HeldDecision, Rule
from oidc_sim.engine.events import Polled
from oidc_sim.engine.eviction import AWAITED
from oidc_sim.engine.evolve_session import see_client
from oidc_sim.engine.model import SLOW_DOWN_STEP_S, Device, State

MAX_REMOVED = 50
"""Rules that can be restored; the oldest goes."""
USED_UP = "it caught all that it should"
TIME_OVER = "its time is over"
_RELEASED = HeldDecision(how="release")


def forget_waiting(state: State) -> None:
    """Forget all rules, and let everything that is held go: there is nothing left to hold it for."""
    state.rules.clear()
    state.removed_rules.clear()
    state.lies_in_wait = False
    _release_all(state)


def _release_all(state: State, _event: e.AllReleased | None = None) -> None:
    for number, held in state.held.items():
        held.decision = held.decision or _RELEASED
        state.decided[number] = None


def _add(state: State, event: e.RuleAdded) -> None:
    state.last_rule_id = event.rule_id
    state.rules[event.rule_id] = Rule(
        rule_id=event.rule_id,
        fault=event.fault,
        settings=event.settings,
        fit=event.fit,
        target=event.target,
        trigger=event.trigger,
        since_tick=event.tick,
    )
    _look_who_waits(state)


def _pause(state: State, event: e.RulePaused) -> None:
    if rule := state.rules.get(event.rule_id):
        rule.is_paused = event.is_paused
    _look_who_waits(state)


def _give_back(state: State, event: e.RuleGivenBack) -> None:
    if rule := state.rules.get(event.rule_id):
        rule.done -= 1
        if rule.over_because == USED_UP:
            rule.over_because = ""
    _look_who_waits(state)


def _end(state: State, event: e.RuleEnded) -> None:
    if rule := state.rules.get(event.rule_id):
        rule.over_because = TIME_OVER
    _look_who_waits(state)


def _remove(state: State, event: e.RuleRemoved) -> None:
    if rule := state.rules.pop(event.rule_id, None):
        state.removed_rules[event.rule_id] = rule
        if len(state.removed_rules) > MAX_REMOVED:
            del state.removed_rules[next(iter(state.removed_rules))]
    _look_who_waits(state)


def _restore(state: State, event: e.RuleRestored) -> None:
    """Put a rule back in its old place: the first rule that catches a request has it."""
    if rule := state.removed_rules.pop(event.rule_id, None):
        state.rules = dict(sorted({**state.rules, event.rule_id: rule}.items()))
    _look_who_waits(state)


def _look_at(state: State, event: e.RequestLookedAt) -> None:
    for rule_id, missed in event.misses:
        if rule := state.rules.get(rule_id):
            _count(rule, event.number, missed)
    if client := state.clients.get(event.client_id or ""):
        client.last_seen_at = event.at
    caught = state.rules.get(event.caught_by) if event.caught_by is not None else None
    if caught is not None:
        caught.done += 1
        caught.caught_number, caught.caught_at = event.number, event.at
        if caught.left() == 0:
            caught.over_because = USED_UP
            _look_who_waits(state)


def _answer_poll(state: State, event: e.PollAnswered) -> None:
    """Count a caught poll: for its client it is a poll like any other, and a ``slow_down`` too."""
    if device := state.devices.get(event.user_code):
        device.polls += 1
        device.last_poll_at = event.at
        if device.polls == 1:
            state.device_order.place(event.user_code, AWAITED)
        see_client(state, device.client_id, event.at)
        if state.policy.throttles:
            keep_pace(device, event)
        if event.is_slowed:
            device.interval_s += SLOW_DOWN_STEP_S


def keep_pace(device: Device, event: Polled | e.PollAnswered) -> None:
    """Let throttling measure from this poll, before the interval becomes longer by it."""
    if not event.is_own:
        device.pace.note_again(event.tick, device.announced_s, kept_s=event.kept_s)
        return
    device.pace.note(
        event.tick,
        device.announced_s,
        is_slowed=event.is_slowed,
        held_s=event.held_s,
        kept_s=event.kept_s,
    )


def _count(rule: Rule, number: int, missed: tuple[str, ...]) -> None:
    rule.looked_at += 1
    if not missed:
        rule.matched += 1
    elif rule.nearest_number is None or len(missed) <= len(rule.nearest):
        rule.nearest = missed
        rule.nearest_number = number


def _look_who_waits(state: State) -> None:
    state.lies_in_wait = any(
        not (rule.over_because or rule.is_paused) for rule in state.rules.values()
    )


def _hold(state: State, event: e.RequestHeld) -> None:
    state.held[event.number] = Held(
        number=event.number,
        arrival=event.arrival,
        at=event.at,
        since_tick=event.tick,
        ends_tick=event.ends_tick,
    )


def _pause_held(state: State, event: e.HeldPaused) -> None:
    held = state.held.get(event.number)
    if held is None:
        return
    if event.is_paused:
        held.paused_tick = event.tick
    elif held.paused_tick is not None:
        held.ends_tick += event.tick - held.paused_tick
        held.paused_tick = None


def _decide(state: State, event: e.HeldDecided) -> None:
    if held := state.held.get(event.number):
        held.decision = replace(event.decision)
        state.decided[event.number] = None


def _end_held(state: State, event: e.HeldEnded) -> None:
    state.held.pop(event.number, None)
    state.decided.pop(event.number, None)


WAITING_CHANGES: dict[type[Any], Callable[[State, Any], None]] = {
    e.RuleAdded: _add,
    e.RulePaused: _pause,
    e.RuleGivenBack: _give_back,
    e.RuleEnded: _end,
    e.RuleRemoved: _remove,
    e.RuleRestored: _restore,
    e.RequestLookedAt: _look_at,
    e.PollAnswered: _answer_poll,
    e.RequestHeld: _hold,
    e.HeldPaused: _pause_held,
    e.HeldDecided: _decide,
    e.AllReleased: _release_all,
    e.HeldEnded: _end_held,
}
"""One for each of these events."""
