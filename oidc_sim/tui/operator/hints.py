"""Sentences of the hint line: the last key's result, news from elsewhere, else a tip.

Tips are in ``tips``; the sentences of each key stand at the key, in ``operator/``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

from oidc_sim.engine.arrival import Rule
from oidc_sim.engine.events import (
    AutoApproveSet,
    ClientExpired,
    ClientRestored,
    DecisionMade,
    DecisionUndone,
    Polled,
)
from oidc_sim.engine.held import BY_ITSELF
from oidc_sim.engine.model import Actor, Decision, Device, DeviceState
from oidc_sim.engine.waiting_events import HeldDecided, PollAnswered
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Log
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.bar import Hint
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.decisions import (
    Armed,
    Decided,
    Decisions,
    Hindered,
    Noted,
    Result,
    TakenBack,
    kind_of,
)
from oidc_sim.tui.glyphs import UNICODE, Glyphs, Look, clock, spoken_ago, spoken_span, variable_of
from oidc_sim.tui.lists.clients import short_id
from oidc_sim.tui.lists.devices import has_heard, silent_for
from oidc_sim.tui.operator.tips import browser_left, tip
from oidc_sim.tui.panels import Panel

Elsewhere = (
    AutoApproveSet | ClientExpired | ClientRestored | DecisionMade | DecisionUndone | HeldDecided
)
"""Events that the hint line reports when somebody else decided, or nobody in time."""


@dataclass(frozen=True, slots=True)
class News:
    """Events between two looks."""

    from_elsewhere: Elsewhere | None = None
    """The last thing that somebody else decided, on the page, by a script or automatically."""
    moved_totals: bool = False
    """Whether more happened than polls."""


class NewsReader:
    """Reads each log entry once; of those that the ring dropped unread it hears nothing."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._read = 0

    def read(self) -> News:
        """The news since the last look."""
        decided: Elsewhere | None = None
        moved = False
        for entry in self._log.entries.since(self._read):
            what = entry.what
            if isinstance(what, Exchange | Polled | PollAnswered):
                continue
            moved = True
            if isinstance(what, DecisionMade | DecisionUndone | ClientExpired | ClientRestored):
                decided = decided if what.by is Actor.OPERATOR else what
            elif isinstance(what, AutoApproveSet) or _is_by_itself(what):
                decided = what
        self._read = self._log.seq
        return News(decided, moved)


def _is_by_itself(what: object) -> TypeGuard[HeldDecided]:
    """Whether a held request was let go because its time was over."""
    return isinstance(what, HeldDecided) and what.decision.how == BY_ITSELF


def count_pending(simulator: Simulator) -> int:
    """Number of device codes that wait for a decision."""
    at = simulator.now().at
    devices = simulator.state.devices.values()
    return sum(device.state(at) is DeviceState.PENDING for device in devices)


def count_releasing(simulator: Simulator) -> int:
    """Number of held requests that are decided and still here: the server lets them go by and by."""
    return len(simulator.state.decided)


STAYS_S = 10.0
"""Seconds after which a reason or a piece of news makes way for a tip."""
KEY_RESULT_STAYS_S = 5.0
"""Seconds for which news from elsewhere does not take the place of what a key did."""


class Hints:
    """Remembers the last thing worth saying; says it as things stand now."""

    def __init__(
        self,
        simulator: Simulator,
        decisions: Decisions,
        glyphs: Glyphs = UNICODE,
        speak: Callable[[str], str] = str,
    ) -> None:
        """Begin with nothing to say; ``speak`` puts this user's keys where a sentence mentions their actions."""
        self._simulator = simulator
        self._decisions = decisions
        self._glyphs = glyphs
        self._speak = speak
        self._last: Result | None = None
        self._said_tick = self._pressed_tick = -math.inf

    def note(self, result: Result) -> None:
        """Say the result of a key."""
        self._pressed_tick = self._simulator.now().tick
        self._say(result)

    def clear(self) -> None:
        """Drop a sentence about another row, or about something done since; a decision stays."""
        is_about_move = isinstance(self._last, Noted) and self._last.is_about_move
        if not isinstance(self._last, Decided) and not is_about_move:
            self._last = None

    def hear(self, news: Elsewhere) -> None:
        """Report somebody else's decision, unless a key was pressed just now."""
        if self._simulator.now().tick - self._pressed_tick >= KEY_RESULT_STAYS_S:
            self._say(Noted(self._heard(news)))

    def _say(self, result: Result) -> None:
        self._last, self._said_tick = result, self._simulator.now().tick

    def hint(self, selected: str | None, panel: Panel, held: str = "") -> Hint:
        """The line for the selected user code and the focused panel, with the effect of ``u``.

        ``held`` is the tip about held requests of the selection; empty where there are none.
        """
        text, style, about = self._text(selected, panel, held)
        return Hint(printable(self._speak(text)), style, self._undo(selected, about))

    def _text(
        self, selected: str | None, panel: Panel, held: str
    ) -> tuple[str, str, tuple[str, Decision] | None]:
        match self._fresh():
            case Decided() as done if done.was_undone:
                return self._undone(done), "", None
            case Decided() as done:
                return self._done(done), _style_of(done.decision), (done.user_code, done.decision)
            case Hindered(why):
                return why, "$text-warning", None
            case Noted(text) | TakenBack(text):
                return text, "", None
            case Armed(rule_id, text) if self._lies_in_wait(rule_id):
                return text, "", None
            case _:
                return held or tip(self._simulator, selected, panel), "dim", None

    def _lies_in_wait(self, rule_id: int) -> bool:
        rule = self._simulator.state.rules.get(rule_id)
        return rule is not None and not rule.over_because

    def _fresh(self) -> Result | None:
        """The last result unless it is old; a decision stays, because ``u`` does."""
        is_old = self._simulator.now().tick - self._said_tick > STAYS_S
        return None if is_old and not isinstance(self._last, Decided) else self._last

    def _undo(self, selected: str | None, about: tuple[str, Decision] | None) -> Printable | None:
        if (removed := self._decisions.rule_to_restore()) is not None:
            return printable(f"undo removing rule {removed}")
        rule = self._decisions.rule_to_undo()
        if rule is not None:
            return None if rule.done else self._undo_rule(rule)
        target = self._decisions.next_undo(selected)
        if target is None:
            return None
        if target == about:
            return printable("undo")
        user_code, decision = target
        return printable(f"undo {decision.typed} {user_code}")

    def _undo_rule(self, rule: Rule) -> Printable:
        last = self._fresh()
        is_said = isinstance(last, Armed) and last.rule_id == rule.rule_id
        return printable("undo" if is_said else f"undo {kind_of(rule)}")

    def _done(self, done: Decided) -> str:
        when = spoken_ago(self._simulator.now().tick - done.tick)
        text = f"{self._sign(done.decision)} {done.decision.participle} {done.user_code} {when}"
        device = self._simulator.state.devices.get(done.user_code)
        return text if device is None else f"{text}{self._consequence(device, done.decision)}"

    def _consequence(self, device: Device, decision: Decision) -> str:
        if device.collected_at is not None:
            return f", token collected at {clock(device.collected_at)}."
        at = self._simulator.now().at
        state = device.state(at)
        if device.browser is not None and (left := browser_left(device, at)):
            return f"; {left}."
        if state is DeviceState.APPROVED:
            if device.browser is not None and device.code_digest:
                return ", the browser has the code; not yet redeemed."
            return f"{self._but_silent(device) or ', not yet collected'}."
        if (
            state in {DeviceState.DENIED, DeviceState.EXPIRED}
            and decision is not Decision.SLOW_DOWN
        ):
            if device.browser is not None:
                return _TURNED_AWAY[device.was_turned_away]
            timeline = self._simulator.stories[device.user_code].timeline
            if has_heard(timeline, state):
                return ", the client knows."
            return f"{self._but_silent(device) or ', not yet told'}."
        if decision is Decision.SLOW_DOWN:
            owed = device.slow_downs_owed
            heard = f"{owed} slow_down owed" if owed else "the client knows"
            return f": {heard}, interval {device.interval_s} s."
        return "."

    def _but_silent(self, device: Device) -> str:
        silent_s = silent_for(self._simulator, device)
        if silent_s is None:
            return ""
        return f", but its client has been silent for {spoken_span(silent_s)}"

    def _undone(self, done: Decided) -> str:
        device = self._simulator.state.devices.get(done.user_code)
        state = device.state(self._simulator.now().at) if device else "gone"
        text = f"took back {done.decision.typed} {done.user_code}; "
        if device and done.decision is Decision.SLOW_DOWN:
            if done.has_heard:
                return f"{text}{state} now; its client was told, and waits {device.interval_s} s."
            return f"{text}it is {state} now, interval {device.interval_s} s."
        if device and self._knows(device, done.decision):
            return f"{text}{state} now; {_MAY_HAVE_QUIT}."
        return f"{text}it is {state} now."

    def _knows(self, device: Device, decision: Decision) -> bool:
        """Whether its client heard, with its last poll, of what was taken back."""
        timeline = self._simulator.stories[device.user_code].timeline
        is_refusal = decision in {Decision.DENY, Decision.EXPIRE}
        return is_refusal and has_heard(timeline, decision.leads_to, is_undone=True)

    def _heard(self, news: Elsewhere) -> str:
        if isinstance(news, AutoApproveSet):
            return AUTO_APPROVE_HINTS[news.is_on]
        if isinstance(news, ClientExpired | ClientRestored):
            done = "expired" if isinstance(news, ClientExpired) else "restored"
            return f"client {short_id(news.client_id)} {done} {news.by.credit}."
        if isinstance(news, HeldDecided):
            held_s = self._simulator.state.policy.hold_s
            return f"#{news.number} was let go by itself: nobody decided within {held_s:.0f} s."
        if isinstance(news, DecisionUndone):
            return f"the {news.by} took back {news.decision.typed} {news.user_code}."
        return f"{self._sign(news.decision)} {news.user_code} {news.decision.participle} {news.by.credit}."

    def _sign(self, decision: Decision) -> str:
        return self._glyphs.signs[Look(decision.leads_to)]


def _style_of(decision: Decision) -> str:
    return f"${variable_of(Look(decision.leads_to).role)}"


_MAY_HAVE_QUIT = "its client was told, may have quit"
_TURNED_AWAY = {True: ", the browser is sent back.", False: ", the browser was not yet told."}
AUTO_APPROVE_HINTS = {
    True: "AUTO-APPROVE is on, for every sign-in; ⟦auto_approve⟧ stops it.",
    False: "auto-approve is off: sign-ins wait for you.",
}
