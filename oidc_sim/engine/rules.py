"""Active rules, and the requests that they catch.

The first rule that catches a request has it; those behind it do not count it. A rule that has caught
all that it should, or whose time is over, stays in the list for the person, as done.
"""

import hashlib

from oidc_sim.engine.arrival import TARGET_PARTS, Arrival, Rule, Trigger
from oidc_sim.engine.commands import (
    AddRule,
    Admit,
    GiveBackRule,
    PauseRule,
    RemoveRule,
    RestoreRule,
)
from oidc_sim.engine.events import Event
from oidc_sim.engine.evolve_waiting import TIME_OVER
from oidc_sim.engine.model import Ids, Now, State
from oidc_sim.engine.replies import Admitted, Done, Hindrance, Impossible, RuleStands
from oidc_sim.engine.waiting_events import (
    RequestHeld,
    RequestLookedAt,
    RuleAdded,
    RuleEnded,
    RuleGivenBack,
    RulePaused,
    RuleRemoved,
    RuleRestored,
)

MAX_RULES = 100
"""Rules that can still catch something."""
MAX_DONE = 50
"""Rules that are over, kept for the person; the oldest goes."""
MAX_HELD = 10_000
"""Requests; a hold lets the next one through."""
MAX_LIFETIME_S = 86_400.0
"""A rule that is forgotten is over by tomorrow."""
MAX_COUNT = 1_000_000
_HASH_BYTES = 8


def add_rule(
    state: State, command: AddRule, now: Now, _ids: Ids
) -> tuple[list[Event], RuleStands | Impossible]:
    """Arm a rule, unless its trigger makes no sense or too many are armed already."""
    if (why := objection_to(command.trigger) or _objection_to_more(state)) is not None:
        return [], Impossible("", Hindrance.CONFLICT, why)
    added = RuleAdded(
        at=now.at,
        tick=now.tick,
        rule_id=state.last_rule_id + 1,
        fault=command.fault,
        settings=dict(command.settings),
        fit=command.fit,
        target=command.target,
        trigger=command.trigger,
    )
    return [*_make_room(state, now), added], RuleStands(added.rule_id)


def pause_rule(
    state: State, command: PauseRule, now: Now, _ids: Ids
) -> tuple[list[Event], Done | Impossible]:
    """Let a rule rest, or act again; its time goes on meanwhile."""
    rule = state.rules.get(command.rule_id)
    if rule is None:
        return [], _unknown(command.rule_id)
    if over := over_because(rule, now.tick):
        why = f"rule {rule.rule_id} is over: {over}"
        return [], Impossible("", Hindrance.CONFLICT, why)
    if rule.is_paused == command.is_paused:
        return [], Done()
    return [RulePaused(at=now.at, rule_id=rule.rule_id, is_paused=command.is_paused)], Done()


def give_back_rule(
    state: State, command: GiveBackRule, now: Now, _ids: Ids
) -> tuple[list[Event], Done | Impossible]:
    """Give back what a rule was charged for a request at which it could do nothing."""
    rule = state.rules.get(command.rule_id)
    if rule is None:
        return [], _unknown(command.rule_id)
    return [RuleGivenBack(at=now.at, rule_id=rule.rule_id)] if rule.done else [], Done()


def remove_rule(
    state: State, command: RemoveRule, now: Now, _ids: Ids
) -> tuple[list[Event], Done | Impossible]:
    """Forget a rule; requests that it holds stay held."""
    if command.rule_id not in state.rules:
        return [], _unknown(command.rule_id)
    return [RuleRemoved(at=now.at, rule_id=command.rule_id)], Done()


def restore_rule(
    state: State, command: RestoreRule, now: Now, _ids: Ids
) -> tuple[list[Event], Done | Impossible]:
    """Put a removed rule back as it was; its time went on meanwhile."""
    if (rule := state.removed_rules.get(command.rule_id)) is None:
        return [], _unknown(command.rule_id)
    if not rule.over_because and (why := _objection_to_more(state)) is not None:
        return [], Impossible("", Hindrance.CONFLICT, why)
    return [RuleRestored(at=now.at, rule_id=command.rule_id)], Done()


def admit(state: State, command: Admit, now: Now, _ids: Ids) -> tuple[list[Event], Admitted]:
    """Say which rule catches this request, if one does."""
    misses: list[tuple[int, tuple[str, ...]]] = []
    catcher: Rule | None = None
    for rule in state.rules.values():
        if not _is_in_force(rule, now):
            continue
        if command.arrival.stage is not None and not _is_of_stage(rule, command.arrival):
            continue
        missed = _missed(rule, command.arrival)
        misses.append((rule.rule_id, missed))
        if not missed and _catches(state, rule):
            catcher = rule
            break
    events: list[Event] = []
    if misses:
        events.append(_looked_at(command, now, misses, catcher))
    if catcher is None:
        return events, Admitted()
    if catcher.fault is None:
        events.append(_held(state, command, now, catcher.rule_id))
    return events, Admitted(
        rule_id=catcher.rule_id,
        fault=catcher.fault,
        settings=catcher.settings,
        is_held=catcher.fault is None,
    )


def catcher_of(state: State, arrival: Arrival, now: Now) -> Rule | None:
    """The rule that would catch this request if it came now; nothing is counted."""
    for rule in state.rules.values():
        if _is_in_force(rule, now) and not _missed(rule, arrival) and _catches(state, rule):
            return rule
    return None


def overdue_rules(state: State, now: Now) -> list[Event]:
    """End the rules whose time is over."""
    return [
        RuleEnded(at=now.at, rule_id=rule.rule_id)
        for rule in state.rules.values()
        if not rule.over_because and now.tick >= rule.ends_tick()
    ]


def over_because(rule: Rule, tick: float) -> str:
    """Say why a rule catches nothing any more, though nobody may have noted yet that its time is over."""
    return rule.over_because or (TIME_OVER if tick >= rule.ends_tick() else "")


def near_miss(rule: Rule) -> str:
    """Tell how near to catching anything a rule came, in a sentence for the person who waits."""
    requests = "1 request" if rule.looked_at == 1 else f"{rule.looked_at:,} requests"
    so_far = f"matched {rule.matched:,} of {requests}"
    if rule.matched or rule.nearest_number is None:
        return so_far
    return f"{so_far}; nearest was #{rule.nearest_number}: {', '.join(_what_missed(rule))}"


def _is_of_stage(rule: Rule, arrival: Arrival) -> bool:
    """True when a rule can act on this stage; all others looked when the request came."""
    return rule.fault is not None and rule.fit.objection_to(arrival) is None


def _missed(rule: Rule, arrival: Arrival) -> tuple[str, ...]:
    missed = rule.target.misses(arrival)
    why = rule.fit.objection_to(arrival)
    return missed if why is None else (*missed, why)


def _what_missed(rule: Rule) -> list[str]:
    """Clauses that say which parts of the target fit the nearest request, which did not, and why its fault did not."""
    missed = [part for part in TARGET_PARTS if part in rule.nearest]
    fitting = [part for part in rule.target.named if part not in missed]
    clauses = [f"{_listed(fitting)} {'fits' if len(fitting) == 1 else 'fit'}"] if fitting else []
    if missed:
        does_not = "does not" if len(missed) == 1 else "do not"
        clauses.append(f"{_listed(missed)} {does_not}{'' if fitting else ' fit'}")
    return clauses + [why for why in rule.nearest if why not in TARGET_PARTS]


def objection_to(trigger: Trigger) -> str | None:
    """Say what is wrong with a trigger, in a sentence."""
    if not 0 <= trigger.skip <= MAX_COUNT:
        return f"skip is a number from 0 to {MAX_COUNT}"
    if trigger.times is not None and not 1 <= trigger.times <= MAX_COUNT:
        return f"times is a number from 1 to {MAX_COUNT}, or none for always"
    if not 0 <= trigger.probability <= 1:
        return "a probability is between 0 and 1"
    if not 0 < trigger.lifetime_s <= MAX_LIFETIME_S:
        return f"a rule lasts more than 0 and at most {MAX_LIFETIME_S:.0f} seconds"
    return None


def _objection_to_more(state: State) -> str | None:
    if sum(not it.over_because for it in state.rules.values()) < MAX_RULES:
        return None
    return f"{MAX_RULES} rules are active already: remove one first"


def _is_in_force(rule: Rule, now: Now) -> bool:
    return not (rule.over_because or rule.is_paused) and now.tick < rule.ends_tick()


def _catches(state: State, rule: Rule) -> bool:
    """Apply limit, skip count and probability to a request that matches the target."""
    if rule.fault is None and len(state.held) >= MAX_HELD:
        return False
    trigger = rule.trigger
    return rule.matched >= trigger.skip and (
        trigger.probability >= 1 or chance(trigger.seed, rule.matched) < trigger.probability
    )


def chance(seed: int, turn: int) -> float:
    """A number in [0, 1) that looks like chance, and is the same for the same two."""
    drawn = hashlib.blake2b(f"{seed}:{turn}".encode(), digest_size=_HASH_BYTES).digest()
    return float(int.from_bytes(drawn) >> 11) / float(1 << 53)


def _looked_at(
    command: Admit, now: Now, misses: list[tuple[int, tuple[str, ...]]], catcher: Rule | None
) -> RequestLookedAt:
    return RequestLookedAt(
        at=now.at,
        number=command.number,
        misses=tuple(misses),
        caught_by=catcher.rule_id if catcher else None,
        client_id=command.arrival.client_id if catcher else None,
    )


def _held(state: State, command: Admit, now: Now, rule_id: int) -> RequestHeld:
    return RequestHeld(
        at=now.at,
        tick=now.tick,
        number=command.number,
        rule_id=rule_id,
        arrival=command.arrival,
        ends_tick=now.tick + state.policy.hold_s,
    )


def _make_room(state: State, now: Now) -> list[Event]:
    done = [rule.rule_id for rule in state.rules.values() if rule.over_because]
    return [RuleRemoved(at=now.at, rule_id=it) for it in done[: max(0, len(done) + 1 - MAX_DONE)]]


def _unknown(rule_id: int) -> Impossible:
    return Impossible("", Hindrance.UNKNOWN, f"no rule {rule_id} is known")


def _listed(parts: tuple[str, ...] | list[str]) -> str:
    """``the operation, device and client``."""
    first, last = ", ".join(parts[:-1]), parts[-1]
    return f"the {first} and {last}" if first else f"the {last}"
