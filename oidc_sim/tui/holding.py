"""What the keys do to requests that are held, or shall be; says what came of it."""

from collections.abc import Iterator

from oidc_sim.engine import held as how
from oidc_sim.engine.arrival import Decision, Held, Rule, Target, Trigger
from oidc_sim.engine.commands import AddRule, DecideHeld, ReleaseAll, RemoveRule
from oidc_sim.engine.replies import Impossible
from oidc_sim.simulator import Simulator
from oidc_sim.tui.decisions import Hindered, hindered
from oidc_sim.tui.hints import Told
from oidc_sim.tui.inspection.subject import Subject
from oidc_sim.tui.panels import Panel

ANSWERS = {"deny": how.DENY, "expire": how.EXPIRE, "slow-down": how.SLOW_DOWN}
"""Deeds that a held request can be answered with, alone."""
_TOLD = {
    how.DENY: "told access_denied, this once",
    how.EXPIRE: "told expired_token, this once",
    how.SLOW_DOWN: "told slow_down, this once",
    how.RELEASE: "released",
    how.DROP: "dropped: its connection is closed",
}


def held_requests(simulator: Simulator, subject: Subject) -> Iterator[Held]:
    """Those of the selection that nothing is decided about: the request, or all of its device or client."""
    for held in simulator.state.held.values():
        if held.decision is None and _is_of(held, subject):
            yield held


def _is_of(held: Held, subject: Subject) -> bool:
    if subject.panel is Panel.REQUESTS:
        return held.number == subject.row_id
    if subject.panel is Panel.DEVICES:
        return subject.row_id is not None and held.arrival.user_code == subject.row_id
    return subject.row_id is not None and held.arrival.client_id == subject.row_id


def target_of(simulator: Simulator, subject: Subject) -> tuple[Target, str] | None:
    """Whose next request the selection means, and its name for a person."""
    if subject.row_id is None:
        return None
    if subject.panel is Panel.CLIENTS:
        client = simulator.state.clients.get(str(subject.row_id))
        if client is None:
            return None
        return Target(client_id=client.client_id), client.name
    user_code = subject.user_code(simulator)
    return (Target(user_code=user_code), user_code) if user_code else None


def waiting_rules(simulator: Simulator, target: Target) -> Iterator[Rule]:
    """Rules for just this target that can still catch something."""
    for rule in simulator.state.rules.values():
        if not rule.over_because and rule.target == target:
            yield rule


def toggle_hold(simulator: Simulator, subject: Subject) -> Told | Hindered:
    """Release what the selection holds; else take a hold back; else hold its next request."""
    if any(held_requests(simulator, subject)):
        return decide(simulator, subject, how.RELEASE)
    found = target_of(simulator, subject)
    if found is None:
        return Hindered("nothing to hold: select a device code, a client or a held request")
    target, name = found
    for rule in waiting_rules(simulator, target):
        if rule.fault is None:
            simulator.dispatch(RemoveRule(rule.rule_id))
            return Told(f"the next request of {name[:_NAME]} goes through")
    return hold(simulator, target, f"the next request of {name[:_NAME]}")


def hold(simulator: Simulator, target: Target, what: str, times: int | None = 1) -> Told | Hindered:
    """Hold what is meant; ``what`` is its name for a person, and None is every one."""
    reply = simulator.dispatch(AddRule(target=target, trigger=Trigger(times=times)))
    if isinstance(reply, Impossible):
        return hindered(reply)
    return Told(f"holds {what}; it shows here when it comes")


def decide(simulator: Simulator, subject: Subject, decision: str) -> Told | Hindered:
    """Let the selection's held requests have this decision."""
    numbers = [held.number for held in held_requests(simulator, subject)]
    if not numbers:
        return Hindered("no held request selected")
    for number in numbers:
        simulator.dispatch(DecideHeld(number=number, decision=Decision(how=decision)))
    return Told(f"{_named(numbers)} {_TOLD[decision]}")


def release_all(simulator: Simulator) -> Told | Hindered:
    """Let all go."""
    count = sum(held.decision is None for held in simulator.state.held.values())
    if not count:
        return Hindered("no request is held")
    simulator.dispatch(ReleaseAll())
    return Told(f"released {count:,} request{'' if count == 1 else 's'}")


def _named(numbers: list[int]) -> str:
    return f"#{numbers[0]}" if len(numbers) == 1 else f"{len(numbers):,} requests"


_NAME = 24
"""Characters of a client's name on the hint line."""
