"""What the keys do to requests that are held, or shall be; says what came of it.

What the keys do with faults; says what came of it.
"""

from collections.abc import Iterator
from dataclasses import replace

from oidc_sim.actions.rules import act_on_held
from oidc_sim.actions.targets import is_known, known_target
from oidc_sim.engine.arrival import Held, Rule, Target
from oidc_sim.engine.commands import AddRule, DecideHeld, ReleaseAll, RemoveRule
from oidc_sim.engine.held import HOW_ENDED, RELEASE, undecided
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import Impossible, RuleStands
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.decisions import Armed, Hindered, Result, Told, hindered
from oidc_sim.tui.dialogs.rule_line import Aim, Injection, requests_meant, told_injection
from oidc_sim.tui.inspector.panel import Subject
from oidc_sim.tui.panels import Panel

NONE_HELD = "no held request selected"


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
    if user_code is None:
        return None
    device = simulator.state.devices.get(user_code)
    has_token = device is not None and device.collected_at is not None
    return Target(user_code=user_code), f"{user_code}{_COLLECTED if has_token else ''}"


def can_hold(simulator: Simulator, subject: Subject) -> bool:
    """Whether there is something to hold, or to let go."""
    found = target_of(simulator, subject)
    has_more = found is not None and is_known(simulator, found[0])
    return has_more or any(held_requests(simulator, subject))


def waiting_rules(simulator: Simulator, target: Target) -> Iterator[Rule]:
    """Rules for just this target that can still catch something."""
    for rule in simulator.state.rules.values():
        if not rule.over_because and rule.target == target:
            yield rule


def armed(reply: RuleStands | Impossible, text: str) -> Armed | Hindered:
    """What a new rule does, for as long as it lies in wait."""
    if isinstance(reply, RuleStands):
        return Armed(reply.rule_id, text)
    return hindered(reply)


def toggle_hold(simulator: Simulator, subject: Subject) -> Result:
    """Release what the selection holds; else take a hold back; else hold its next request."""
    if any(held_requests(simulator, subject)):
        return act(simulator, subject, RELEASE)
    found = target_of(simulator, subject)
    if found is None:
        return Hindered("nothing to hold: select a device code, a client or a held request")
    target, name = found
    for rule in waiting_rules(simulator, target):
        if rule.fault is None:
            simulator.dispatch(RemoveRule(rule.rule_id))
            return Told(f"the next request of {name[:_NAME]} goes through")
    return hold(simulator, Aim(target=target), name[:_NAME])


def hold(simulator: Simulator, aim: Aim, whose: str = "") -> Result:
    """Hold what is meant; ``whose`` is the name of its device or client for a person."""
    target = known_target(simulator, aim.target)
    if isinstance(target, Impossible):
        return hindered(target)
    aim = replace(aim, target=target)
    if (rule := _same_for_ever(simulator, aim)) is not None:
        return Hindered(f"rule {rule.rule_id} holds these already; ⟦fault.rules⟧ lists and ends it")
    reply = simulator.dispatch(AddRule(target=aim.target, trigger=aim.trigger))
    return armed(reply, f"holds {requests_meant(aim, whose)}")


def _same_for_ever(simulator: Simulator, aim: Aim) -> Rule | None:
    """A hold that already catches all that this one could; of those for so many requests, each counts."""
    is_for_ever = aim.trigger.times is None
    rules = waiting_rules(simulator, aim.target) if is_for_ever else iter(())
    wanted = (None, aim.trigger, False)
    return next((it for it in rules if (it.fault, it.trigger, it.is_paused) == wanted), None)


def act(simulator: Simulator, subject: Subject, name: str) -> Told | Hindered:
    """Do one of ``HELD_ACTIONS`` to the selection's held requests, each by itself."""
    numbers = [held.number for held in held_requests(simulator, subject)]
    if not numbers:
        return Hindered(NONE_HELD)
    for number in numbers:
        reply = act_on_held(simulator, number, name, Actor.OPERATOR)
        if isinstance(reply, Impossible):
            return hindered(reply)
    return Told(f"{_named(numbers)} {HOW_ENDED[name]}")


def release_all(simulator: Simulator) -> Told | Hindered:
    """Let all go."""
    count = undecided(simulator.state)
    if not count:
        return Hindered("no request is held")
    simulator.dispatch(ReleaseAll())
    stays = "; ⟦fault.rules⟧ ends what still holds" if simulator.state.lies_in_wait else ""
    return Told(f"released {count:,} request{'' if count == 1 else 's'}{stays}")


def _named(numbers: list[int]) -> str:
    return f"#{numbers[0]}" if len(numbers) == 1 else f"{len(numbers):,} requests"


_COLLECTED = " (has its token)"
"""Then the next request is a refresh, or one to the portal."""
_NAME = 40
"""Characters of a client's name on the hint line."""


def inject(simulator: Simulator, subject: Subject, injection: Injection) -> Result:
    """Answer the selected held requests so, or else lie in wait for the target's next ones."""
    if injection.is_plain and (held := list(held_requests(simulator, subject))):
        return _answer(simulator, [it.number for it in held], injection)
    from oidc_sim.faults.catalogue import fault_rule, objection_to_aim  # seldom asked for

    aim, fault = injection.aim, injection.fault.name
    target = known_target(simulator, aim.target)
    if isinstance(target, Impossible):
        return hindered(target)
    if (why := objection_to_aim(fault, injection.settings, target)) is not None:
        return Hindered(why)
    command = fault_rule(fault, injection.settings, target, aim.trigger)
    return armed(simulator.dispatch(command), told_injection(injection))


def _answer(simulator: Simulator, numbers: list[int], injection: Injection) -> Result:
    from oidc_sim.faults.catalogue import fault_decision  # seldom asked for

    decision = fault_decision(injection.fault.name, injection.settings)
    for number in numbers:
        reply = simulator.dispatch(DecideHeld(number=number, decision=decision))
        if isinstance(reply, Impossible):
            return hindered(reply)
    return Told(f"↯ #{numbers[0]} gets {injection.fault.title}")
