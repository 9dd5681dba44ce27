"""Keys that hold requests, answer held ones and inject faults, with their sentences."""

from collections.abc import Iterator
from dataclasses import replace

from oidc_sim.actions.rules import act_on_held, is_known, known_target
from oidc_sim.engine.arrival import Held, Rule, Target
from oidc_sim.engine.commands import AddRule, DecideHeld, ReleaseAll, RemoveRule
from oidc_sim.engine.held import DROP, HOW_ENDED, RELEASE, undecided
from oidc_sim.engine.model import Actor, Decision
from oidc_sim.engine.replies import Impossible, RuleStands
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.decisions import Armed, Hindered, Noted, Result, hindered
from oidc_sim.tui.dialogs.rule_line import Aim, Injection, Scope, injection_text, requests_meant
from oidc_sim.tui.dialogs.rules import RulesScreen
from oidc_sim.tui.inspector.panel import Subject
from oidc_sim.tui.operator.work import KeyActions
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.operations import CREATE_TOKEN, OPERATION_NAMES

NONE_HELD = "no held request selected"


def held_requests(simulator: Simulator, subject: Subject) -> Iterator[Held]:
    """Undecided held requests of the selection: the request itself, or all of its device or client."""
    held = simulator.state.held.values()
    return (one for one in held if one.decision is None and _is_of(one, subject))


def _is_of(held: Held, subject: Subject) -> bool:
    if subject.panel is Panel.REQUESTS:
        return held.number == subject.row_id
    if subject.panel is Panel.DEVICES:
        return subject.row_id is not None and held.arrival.user_code == subject.row_id
    return subject.row_id is not None and held.arrival.client_id == subject.row_id


def target_of(simulator: Simulator, subject: Subject) -> tuple[Target, str] | None:
    """Target of the selection's next request, and its name for a person."""
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
    rules = simulator.state.rules.values()
    return (rule for rule in rules if not rule.over_because and rule.target == target)


def armed(reply: RuleStands | Impossible, text: str) -> Armed | Hindered:
    """What a new rule does, for as long as it is active."""
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
            return Noted(f"the next request of {name[:_NAME]} goes through")
    return hold(simulator, Aim(target=target), name[:_NAME])


def hold(simulator: Simulator, aim: Aim, whose: str = "") -> Result:
    """Hold the requests of an aim; ``whose`` names its device or client for a person."""
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


def act(simulator: Simulator, subject: Subject, name: str) -> Noted | Hindered:
    """Do one of ``HELD_ACTIONS`` to the selection's held requests, each by itself."""
    numbers = [held.number for held in held_requests(simulator, subject)]
    if not numbers:
        return Hindered(NONE_HELD)
    for number in numbers:
        reply = act_on_held(simulator, number, name, Actor.OPERATOR)
        if isinstance(reply, Impossible):
            return hindered(reply)
    return Noted(f"{_named(numbers)} {HOW_ENDED[name]}")


def release_all(simulator: Simulator) -> Noted | Hindered:
    """Let all held requests go."""
    count = undecided(simulator.state)
    if not count:
        return Hindered("no request is held")
    simulator.dispatch(ReleaseAll())
    stays = "; ⟦fault.rules⟧ ends what still holds" if simulator.state.lies_in_wait else ""
    return Noted(f"released {count:,} request{'' if count == 1 else 's'}{stays}")


def _named(numbers: list[int]) -> str:
    return f"#{numbers[0]}" if len(numbers) == 1 else f"{len(numbers):,} requests"


_COLLECTED = " (has its token)"
"""Then the next request is a refresh, or one to the portal."""
_NAME = 40
"""Characters of a client's name on the hint line."""


def inject(simulator: Simulator, subject: Subject, injection: Injection) -> Result:
    """Answer the selected held requests so, or else arm a rule for the target's next ones."""
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
    return armed(simulator.dispatch(command), injection_text(injection))


def _answer(simulator: Simulator, numbers: list[int], injection: Injection) -> Result:
    from oidc_sim.faults.catalogue import fault_decision  # seldom asked for

    decision = fault_decision(injection.fault.name, injection.settings)
    for number in numbers:
        reply = simulator.dispatch(DecideHeld(number=number, decision=decision))
        if isinstance(reply, Impossible):
            return hindered(reply)
    return Noted(f"↯ #{numbers[0]} gets {injection.fault.title}")


EVERYTHING = Scope("whatever the filter means", Target())
"""Which is everything as long as none is typed."""


def scopes_of(simulator: Simulator, subject: Subject) -> list[Scope]:
    """The selection first, then its client, the same operation of whoever, everything.

    None where nothing is selected that has requests.
    """
    is_request = subject.panel is Panel.REQUESTS
    exchange = subject.exchange(simulator) if is_request else None
    operation = exchange.operation if exchange else CREATE_TOKEN.name
    scopes = list(_narrow(simulator, subject))
    if exchange is None and not scopes:
        return []
    if operation in OPERATION_NAMES:  # no rule looks at what is not served
        scopes.append(Scope(f"{operation} only, of whoever", Target(operation=operation)))
    return [*scopes, EVERYTHING]


def _narrow(simulator: Simulator, subject: Subject) -> Iterator[Scope]:
    """The selected device and its client, or the client alone."""
    found = target_of(simulator, subject)
    if found is None or not is_known(simulator, found[0]):
        exchange = subject.exchange(simulator)
        if exchange is not None:
            yield from _client(simulator, exchange.client_id)
        return
    target, name = found
    if target.client_id is not None:
        yield Scope(f"this client, {name}", target, name)
        return
    yield Scope(f"this device, {name}", target, name)
    device = simulator.state.devices.get(target.user_code or "")
    yield from _client(simulator, device.client_id if device else None)


def _client(simulator: Simulator, client_id: str | None) -> Iterator[Scope]:
    client = simulator.state.clients.get(client_id or "")
    if client is not None:
        meant = Target(client_id=client.client_id)
        yield Scope(f"this client, {client.name}", meant, client.name)


class HeldKeys(KeyActions):
    """``space``, ``H``, ``r``, ``R``, ``E`` and ``x``."""

    def hold(self) -> None:
        """Hold the next request of the selection, or let go what is held."""
        self._note(self._work.why_gone() or toggle_hold(self._simulator, self._panels.subject))

    def hold_all(self) -> None:
        """Ask which requests to hold, whoever sends them."""
        from oidc_sim.tui.dialogs.hold import HoldDialog  # seldom asked for

        dialog = HoldDialog(self._simulator, self._server.settings.seed)
        self._ask(dialog, self._hold_all)

    def release(self) -> None:
        """Let the selected held request go."""
        self._note(act(self._simulator, self._panels.subject, RELEASE))

    def release_all(self) -> None:
        """Let every held request go."""
        self._note(release_all(self._simulator))

    async def edit(self) -> None:
        """Write the answer of the selected held request; of several, the oldest one's."""
        found = list(held_requests(self._simulator, self._panels.subject))
        if not found:
            self._note(Hindered(NONE_HELD))
            return
        from oidc_sim.tui.dialogs.answer_editor import AnswerEditor  # seldom asked for

        oldest = min(found, key=lambda held: held.number)
        whole = await self._server.preview_answer(oldest.number)
        editor = AnswerEditor(self._simulator, oldest, whole, of=len(found))
        self._ask(editor, self._note_edited)

    def drop(self) -> None:
        """Close the connection of the selected held request."""
        self._note(act(self._simulator, self._panels.subject, DROP))

    def dimmed(self) -> frozenset[str]:
        """Ids of keys for holds and faults that would do nothing to the selection."""
        if self._panels.is_on_ghost:
            return frozenset({"hold.toggle", "fault.inject"})
        subject = self._panels.subject
        can = {
            "hold.toggle": can_hold(self._simulator, subject),
            "fault.inject": bool(scopes_of(self._simulator, subject)),
        }
        return frozenset(id_ for id_, is_possible in can.items() if not is_possible)

    def answer(self, decision: Decision) -> bool:
        """Whether a decision's key answered the selected held request instead of deciding for its device."""
        subject = self._panels.subject
        is_held = any(held_requests(self._simulator, subject))
        if not is_held or decision is Decision.APPROVE:
            return False
        self._note(act(self._simulator, subject, decision.typed))
        return True

    def let_go(self) -> None:
        """Release held requests of the selection, now that it is approved."""
        act(self._simulator, self._panels.subject, RELEASE)

    def _note_edited(self, result: Result | None) -> None:
        if result is not None:
            self._note(result)

    def _hold_all(self, aim: Aim | None) -> None:
        if aim is not None:
            self._note(hold(self._simulator, aim))

    def inject(self) -> None:
        """Pick a fault for the selection's next request, or for the held one."""
        if (gone := self._work.why_gone()) is not None:
            self._note(gone)
            return
        scopes = scopes_of(self._simulator, self._panels.subject)
        if not scopes:
            self._note(Hindered("select a device code, a client or a request first"))
            return
        from oidc_sim.tui.dialogs.fault_picker import FaultPicker  # seldom asked for

        held = [it.number for it in held_requests(self._simulator, self._panels.subject)]
        picker = FaultPicker(self._simulator, scopes, self._server.settings.seed, held)
        self._ask(picker, self._inject)

    def list_rules(self) -> None:
        """List the active holds and faults."""
        if not self._simulator.state.rules:
            self._note(
                Hindered("no rule is active; ⟦fault.inject⟧ injects a fault, ⟦hold.toggle⟧ holds")
            )
            return
        self._ask(RulesScreen(self._simulator, self._work.decisions, self._note))

    def _inject(self, injection: Injection | None) -> None:
        if injection is not None:
            self._note(inject(self._simulator, self._panels.subject, injection))
