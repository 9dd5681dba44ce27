"""The operator's decisions by key: those done, the one that ``u`` takes back, those impossible now."""

from dataclasses import dataclass

from oidc_sim.engine.arrival import Rule
from oidc_sim.engine.commands import DECISIONS, RemoveRule, RestoreRule, Undo
from oidc_sim.engine.decisions import objection_to, objection_to_restoring, objection_to_undo
from oidc_sim.engine.model import Actor, Decision, Device
from oidc_sim.engine.replies import Impossible
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.glyphs import clock

MAX_REMEMBERED = 100
"""Decisions that ``u`` finds again without the row being selected."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A key did this."""

    user_code: str
    decision: Decision
    tick: float
    """Real monotonic seconds."""
    was_undone: bool = False
    has_heard: bool = False
    """Whether the undone decision is a slow_down that its client has got."""


@dataclass(frozen=True, slots=True)
class EndedClient:
    """The operator ended a registration."""

    client_id: str


@dataclass(frozen=True, slots=True)
class RemovedRule:
    """The operator removed a hold or a fault from the list of rules."""

    rule_id: int


_Done = str | int | EndedClient | RemovedRule


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A key took back a hold or a fault that had caught nothing, or that one was removed."""

    text: str


@dataclass(frozen=True, slots=True)
class Hindered:
    """A key did nothing, for this reason."""

    why: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A key did something that is no decision, such as copying."""

    text: str
    is_about_move: bool = False
    """Whether it says that the selection moved: then the move does not make it old."""


@dataclass(frozen=True, slots=True)
class Armed:
    """A key armed a rule; said until it has caught all that it should."""

    rule_id: int
    text: str


Result = Decided | Hindered | Noted | Armed | TakenBack
"""The result of a key, as the hint line says it."""


class Decisions:
    """Carries the operator's wishes to the simulator and remembers them in order."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._done: list[_Done] = []
        """The operator's decisions that were not undone, the last at the end."""

    def decide(self, decision: Decision, user_code: str) -> Decided | Hindered:
        """Carry out this decision on a device."""
        command = DECISIONS[decision](user_code, Actor.OPERATOR)
        reply = self._simulator.dispatch(command)
        if isinstance(reply, Impossible):
            return hindered(reply)
        self.remember(user_code)
        return Decided(user_code, decision, self._simulator.now().tick)

    def remember(self, *done: _Done) -> None:
        """The operator did these, the last at the end: decisions on user codes, rules, ended clients."""
        self._done = [*self._done, *done][-MAX_REMEMBERED:]

    @property
    def is_rule_last(self) -> bool:
        """Whether the operator's last decision is about a hold or a fault: it was added or removed."""
        self._drop_gone()
        return bool(self._done) and isinstance(self._done[-1], int | RemovedRule)

    def rule_to_undo(self) -> Rule | None:
        """The hold or fault that ``u`` is about, being the operator's last decision.

        One that has caught a request stands before older decisions until that was said, once.
        """
        self._drop_gone()
        others = EndedClient | RemovedRule
        last = next((it for it in reversed(self._done) if not isinstance(it, others)), None)
        return self._simulator.state.rules.get(last) if isinstance(last, int) else None

    def remove(self, rule: Rule) -> TakenBack:
        """Remove a rule, which ``u`` takes back."""
        self._simulator.dispatch(RemoveRule(rule.rule_id))
        self.remember(RemovedRule(rule.rule_id))
        return TakenBack(f"removed rule {rule.rule_id}, {kind_of(rule)}.")

    def rule_to_restore(self) -> int | None:
        """The rule that was removed, where that is the operator's last decision."""
        self._drop_gone()
        last = self._done[-1] if self._done else None
        return last.rule_id if isinstance(last, RemovedRule) else None

    def restore(self) -> TakenBack | Hindered:
        """Take back that a rule was removed: it has the counts that it had."""
        rule_id = self.rule_to_restore()
        if rule_id is None:
            return Hindered("no rule was removed last")
        reply = self._simulator.dispatch(RestoreRule(rule_id))
        if isinstance(reply, Impossible):
            return hindered(reply)
        rule = self._simulator.state.rules[rule_id]
        return TakenBack(f"rule {rule_id}, {kind_of(rule)}, is there again.")

    def undo(self, selected: str | None) -> Decided | Hindered | TakenBack:
        """Take back a rule if that is the last decision, else the selected device's last, else the operator's.

        Never one before the last: who presses ``u`` a moment too late must not change another code.
        """
        if self.rule_to_restore() is not None:
            return self.restore()
        rule = self.rule_to_undo()
        return self._undo_decision(selected) if rule is None else self._undo_rule(rule)

    def _undo_rule(self, rule: Rule) -> Hindered | TakenBack:
        if rule.done:
            self._done.remove(rule.rule_id)  # the next press goes on to what the hint names then
            return Hindered(_too_late(rule))
        self._simulator.dispatch(RemoveRule(rule.rule_id))
        whose = f" for {rule.target.user_code}" if rule.target.user_code else ""
        return TakenBack(f"took back {kind_of(rule)}{whose}; it caught nothing.")

    def _undo_decision(self, selected: str | None) -> Decided | Hindered:
        user_code = self._to_undo(selected)
        if user_code is None:
            return Hindered("nothing to undo")
        device = self._simulator.state.devices.get(user_code)
        decision = device.decisions[-1] if device and device.decisions else None
        has_heard = (
            decision is Decision.SLOW_DOWN and device is not None and not device.slow_downs_owed
        )
        reply = self._simulator.dispatch(Undo(user_code, Actor.OPERATOR))
        if isinstance(reply, Impossible) or decision is None:
            why = hindered(reply).why if isinstance(reply, Impossible) else "nothing to undo"
            return Hindered(why if user_code == selected else f"{user_code}: {why}")
        self._forget(user_code)
        tick = self._simulator.now().tick
        return Decided(user_code, decision, tick, was_undone=True, has_heard=has_heard)

    def next_undo(self, selected: str | None) -> tuple[str, Decision] | None:
        """User code and decision that ``u`` would take back now; None when it would do nothing."""
        user_code = self._to_undo(selected)
        device = self._simulator.state.devices.get(user_code) if user_code else None
        if device is None or objection_to_undo(device) is not None:
            return None
        return device.user_code, device.decisions[-1]

    def impossible_now(self, user_code: str | None) -> frozenset[str]:
        """Ids of the actions that would do nothing to this device."""
        device = self._simulator.state.devices.get(user_code) if user_code else None
        now = self._simulator.now()
        ids = {
            f"device.{decision}"
            for decision in Decision
            if device is None or objection_to(device, decision, now)
        }
        rule = self.rule_to_undo()
        can_undo = not rule.done if rule else self.next_undo(user_code) is not None
        can_undo = can_undo or self.rule_to_restore() is not None
        return frozenset(ids if can_undo else {*ids, "device.undo"})

    def _to_undo(self, selected: str | None) -> str | None:
        self._drop_gone()
        codes = [it for it in self._done if isinstance(it, str)]
        if _has_decisions(self._simulator.state.devices.get(selected or "")) or not codes:
            return selected
        return codes[-1]

    def _drop_gone(self) -> None:
        """Forget the last decisions as long as there is nothing left of them."""
        while self._done and not self._stands(self._done[-1]):
            self._done.pop()

    def _stands(self, done: _Done) -> bool:
        state = self._simulator.state
        if isinstance(done, RemovedRule):
            return done.rule_id in state.removed_rules
        if isinstance(done, str):
            return done in state.devices
        if isinstance(done, int):
            rule = state.rules.get(done)
            return rule is not None and bool(rule.done or not rule.over_because)
        client = state.clients.get(done.client_id)
        return client is not None and not objection_to_restoring(client, self._simulator.now())

    def _forget(self, user_code: str) -> None:
        """Forget the code's last decision; one from elsewhere was never here."""
        for at in reversed(range(len(self._done))):
            if self._done[at] == user_code:
                del self._done[at]
                return


def hindered(reply: Impossible) -> Hindered:
    """The reason with its time, as ``token already collected at 12:41:09``."""
    when = "" if reply.since is None else f" at {clock(reply.since)}"
    return Hindered(reply.why + when)


def _too_late(rule: Rule) -> str:
    """Say which request the rule caught and when: a delayed one may have got nothing yet."""
    when = "" if rule.caught_at is None else f" at {clock(rule.caught_at)}"
    rest = "" if rule.over_because else "; ⟦fault.rules⟧ ends what is left"
    return f"{kind_of(rule)} caught #{rule.caught_number} already{when}{rest}"


def kind_of(rule: Rule) -> str:
    """``hold``, or ``fault delay``: ``drop`` alone is what is done to a held request, too."""
    return f"fault {rule.fault}" if rule.fault else "hold"


def _has_decisions(device: Device | None) -> bool:
    return device is not None and bool(device.decisions)
