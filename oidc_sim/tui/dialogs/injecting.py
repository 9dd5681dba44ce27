"""What the keys do with faults; says what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oidc_sim.actions.targets import known_target
from oidc_sim.engine import held as how
from oidc_sim.engine.arrival import Decision, Setting, Target
from oidc_sim.engine.commands import AddRule, DecideHeld
from oidc_sim.engine.replies import Impossible
from oidc_sim.faults.row import Fault
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.decisions import Hindered, hindered
from oidc_sim.tui.dialogs.rule_line import Aim, requests_meant
from oidc_sim.tui.hints import Result, Told
from oidc_sim.tui.holding import armed, held_requests
from oidc_sim.tui.inspector.subject import Subject


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose requests a fault is for."""

    label: str
    target: Target
    whose: str = ""
    """The name of its device or client for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """What the picker gives."""

    fault: Fault
    settings: Mapping[str, Setting] = field(default_factory=dict)
    aim: Aim
    whose: str = ""
    """The name of the target's device or client for a person."""
    is_plain: bool = True
    """Nothing but the fault was chosen: then it answers what is held already."""


def inject(simulator: Simulator, subject: Subject, injection: Injection) -> Result:
    """Answer the selected held requests so, or else lie in wait for the target's next ones."""
    if injection.is_plain and (held := list(held_requests(simulator, subject))):
        return _answer(simulator, [it.number for it in held], injection)
    from oidc_sim.faults.making.reach import objection_to_aim  # seldom asked for

    aim, fault = injection.aim, injection.fault.name
    target = known_target(simulator, aim.target)
    if isinstance(target, Impossible):
        return hindered(target)
    if (why := objection_to_aim(fault, injection.settings, target)) is not None:
        return Hindered(why)
    command = AddRule(
        target=target,
        trigger=aim.trigger,
        fault=fault,
        settings=injection.settings,
    )
    return armed(simulator.dispatch(command), told_injection(injection))


def told_injection(injection: Injection) -> str:
    """What a new rule will do, in English."""
    aim = injection.aim
    verb = "gets" if aim.trigger.times in {None, 1} else "get"
    return f"↯ {requests_meant(aim, injection.whose)} {verb} {injection.fault.title}"


def _answer(simulator: Simulator, numbers: list[int], injection: Injection) -> Result:
    decision = Decision(how=how.FAULT, fault=injection.fault.name, settings=injection.settings)
    for number in numbers:
        reply = simulator.dispatch(DecideHeld(number=number, decision=decision))
        if isinstance(reply, Impossible):
            return hindered(reply)
    return Told(f"↯ #{numbers[0]} gets {injection.fault.title}")
