"""Tells one device's story in few lines: what happened again is counted in one line.

A sign-in's session is part of its device's story: both go by the same user code.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from oidc_sim.engine import events as e
from oidc_sim.engine.model import Actor
from oidc_sim.engine.waiting_events import PollAnswered

MOMENTS_KEPT = 100
UNDONE = "undone"
"""Marks the line of a decision that was taken back."""
TIME_RAN_OUT = "its time ran out"
"""Reason of a code's expiry that nobody caused."""


class Caught(StrEnum):
    """A detour of a poll, whose line has a sign for it."""

    HELD = "held"
    SPOILT = "fault"


@dataclass(slots=True)
class Moment:
    """One line. ``what`` and ``detail`` are our own words, never a client's."""

    at: float
    """Simulated time of the first, seconds since 1970."""
    what: str
    detail: str
    first: int = 0
    """For polls: the number of the first in this line; 0 for all else."""
    last: int = 0
    """For polls: the number of the last in this line."""
    times: int = 1
    """Times that it happened in a row; ``detail`` says it too. For polls see ``first`` and ``last``."""
    answer_word: str = ""
    """For polls: the answer that their client got, in RFC 8628 §3.5's words; empty for anything else."""
    caught: Caught | None = None
    """For polls that were held, or spoilt by a fault."""


@dataclass(slots=True)
class Timeline:
    """The last lines of a device's story."""

    moments: deque[Moment] = field(default_factory=lambda: deque(maxlen=MOMENTS_KEPT))
    polls: int = 0
    dropped: int = 0
    """Lines that are gone."""
    is_session_over: bool = False
    """Whether a line says how the session ended."""

    @property
    def noted(self) -> int:
        """Number of lines that there ever were; it moves with each that begins."""
        return self.dropped + len(self.moments)

    def note(self, event: e.Event) -> None:
        """Add what an event says about the device that it names."""
        match event:
            case e.Polled() | PollAnswered():
                self.note_poll(event)
            case e.DeviceAuthorized():
                self.begin(event.at, event.expires_at, is_browser=event.browser is not None)
            case e.DecisionMade():
                self._add(event.at, event.decision.participle, _by(event.by))
            case e.DecisionUndone():
                decision = event.decision.replace("_", " ")
                self._add(event.at, UNDONE, f"{decision}{_by(event.by, ', ')}")
            case e.DeviceExpired():
                self._add(event.at, "expired", TIME_RAN_OUT)
            case e.CodeIssued() | e.CodeRevoked() | e.BrowserTurnedAway():
                self._note_browser(event)
            case e.BrowserLeft():
                self._add(event.at, "browser left", "")
            case e.BrowserCameBack():
                self._add(event.at, "browser back", "")
            case _:
                self._note_session(event)

    def begin(self, issued_at: float, expires_at: float, *, is_browser: bool = False) -> None:
        """Add that the code was issued, or a browser came; times in seconds since 1970."""
        span = f"for {expires_at - issued_at:.0f} s"
        self._add(issued_at, "authorized", f"a browser waits {span}" if is_browser else span)

    def _note_browser(self, event: e.CodeIssued | e.CodeRevoked | e.BrowserTurnedAway) -> None:
        match event:
            case e.CodeIssued():
                life_s = event.expires_at - event.at
                self._add(event.at, "sent back", f"with a code, for {life_s:.0f} s")
            case e.BrowserTurnedAway():
                self._add(event.at, "sent back", f"with {event.error}")
            case e.CodeRevoked():
                self._add(event.at, "code revoked", "it came with the wrong proof")

    def _note_session(self, event: e.Event) -> None:
        match event:
            case e.TokenIssued() if not self._has_polled_for_it():
                self._add(event.at, "redeemed", "token issued")
            case e.TokenRefreshed():
                self._count(event.at, "refreshed", "a new token")
            case e.CredentialsIssued():
                self._count(event.at, "credentials", f"{event.role_name} in {event.account_id}")
            case e.SessionEnded():
                self.is_session_over = True
                self._add(event.at, *_ENDS[event.why])
            case e.SessionForgotten() if not self.is_session_over:
                self._add(event.at, "session over", "its time ran out")
            case _:
                pass

    def _has_polled_for_it(self) -> bool:
        newest = self.moments[-1] if self.moments else None
        return (
            newest is not None and bool(newest.last) and newest.answer_word == e.PollOutcome.TOKEN
        )

    def _count(self, at: float, what: str, detail: str) -> None:
        newest = self.moments[-1] if self.moments else None
        if newest and (newest.what, newest.detail) == (what, _times(detail, newest.times)):
            newest.times += 1
            newest.detail = _times(detail, newest.times)
        else:
            self._add(at, what, detail)

    def note_poll(self, event: e.Polled | PollAnswered) -> None:
        """Add a poll, to the newest line if that has polls with the same outcome."""
        self.polls += 1
        newest = self.moments[-1] if self.moments else None
        caught = _caught(event)
        detail = _outcome(event) if caught is None else _detour(event)
        if newest and newest.last and (newest.detail, newest.caught) == (detail, caught):
            newest.last = self.polls
            return
        self._add(event.at, "poll", detail, self.polls)
        self.moments[-1].caught = caught
        self.moments[-1].answer_word = _error_code(event)

    def _add(self, at: float, what: str, detail: str, poll: int = 0) -> None:
        self.dropped += len(self.moments) == MOMENTS_KEPT
        self.moments.append(Moment(at, what, detail, poll, poll))


def _caught(event: e.Polled | PollAnswered) -> Caught | None:
    if event.held_s is not None:
        return Caught.HELD
    return Caught.SPOILT if event.fault else None


def _outcome(event: e.Polled | PollAnswered) -> str:
    return str(event.outcome) if isinstance(event, e.Polled) else event.answer_word


def _error_code(event: e.Polled | PollAnswered) -> str:
    """Give the error code alone: some outcomes say more than the client learns."""
    return event.outcome.partition(",")[0] if isinstance(event, e.Polled) else event.error


def _detour(event: e.Polled | PollAnswered) -> str:
    """Describe what became of a poll: ``held 12 s, access_denied``, or ``delay, authorization_pending``."""
    held = "" if event.held_s is None else f"held {event.held_s:.0f} s"
    outcome = _outcome(event)
    parts = (held, event.fault or "", "" if outcome == event.fault else outcome)
    return ", ".join(part for part in parts if part)


_ENDS = {
    e.SessionEnd.SIGNED_OUT: ("signed out", ""),
    e.SessionEnd.CODE_REPLAYED: ("session over", "its code came twice"),
    e.SessionEnd.REFRESH_REPLAYED: ("session over", "a rotated refresh token came back"),
    e.SessionEnd.NO_ROOM: ("session over", "dropped for a newer one"),
}


def subject_of(event: e.Event) -> str:
    """Give the user code of the device or session that an event is about; empty for none."""
    return getattr(event, "user_code", "") or getattr(event, "session_id", "")


def _times(detail: str, times: int) -> str:
    return detail if times == 1 else f"{detail}, {times:,} times"


def _by(actor: Actor, joint: str = "") -> str:
    """Name who did it, where it was not the operator, whose screen this is."""
    return "" if actor is Actor.OPERATOR else f"{joint}{actor.credit}"
