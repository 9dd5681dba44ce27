"""What became of a sign-in, in a line: the browser's way back, the session, and what it was used for."""

from typing import assert_never

from oidc_sim.engine import events as e
from oidc_sim.text.durations import spoken

SignInEvent = (
    e.CodeIssued
    | e.CodeRevoked
    | e.BrowserTurnedAway
    | e.BrowserLeft
    | e.BrowserCameBack
    | e.TokenRefreshed
    | e.SessionEnded
    | e.SessionForgotten
    | e.CredentialsIssued
    | e.AssertionSpent
    | e.AutoApproveSet
    | e.ClockStepped
    | e.ClockFrozen
    | e.ClientExpired
    | e.ClientRestored
)


def sign_in_text(event: SignInEvent) -> str | None:
    """One line for people, without the time; None for what another line tells."""
    match event:
        case e.CodeIssued() | e.CodeRevoked() | e.BrowserTurnedAway():
            return _code(event)
        case e.BrowserLeft() | e.BrowserCameBack():
            moved = "left" if isinstance(event, e.BrowserLeft) else "came back"
            return f"{moved}: the browser of {event.user_code}"
        case e.ClockStepped():
            return f"advanced the clock by {spoken(event.by_s)}"
        case e.ClockFrozen():
            return "froze the clock" if event.is_frozen else "let the clock go on"
        case e.AutoApproveSet():
            return f"switched {HANDS_FREE}" if event.is_on else "switched auto-approve off"
        case e.ClientExpired():
            return f"expired client {event.client_id} {event.by.credit}"
        case e.ClientRestored():
            return f"restored client {event.client_id} {event.by.credit}"
        case _:
            return _session(event)


def _code(event: e.CodeIssued | e.CodeRevoked | e.BrowserTurnedAway) -> str:
    match event:
        case e.CodeIssued():
            return f"sent the browser of {event.user_code} back with a code"
        case e.BrowserTurnedAway():
            return f"sent the browser of {event.user_code} back without a code: {event.error}"
        case e.CodeRevoked():
            return f"revoked the code of {event.user_code}: it came with the wrong proof"


HANDS_FREE = "AUTO-APPROVE ON: every sign-in is approved by itself"


def _session(
    event: e.TokenRefreshed
    | e.SessionEnded
    | e.SessionForgotten
    | e.CredentialsIssued
    | e.AssertionSpent,
) -> str | None:
    match event:
        case e.TokenRefreshed():
            return f"refreshed the token of {event.session_id}"
        case e.SessionEnded():
            return f"ended the session of {event.session_id}: {event.why}"
        case e.SessionForgotten():
            return f"forgot the session of {event.session_id}"
        case e.CredentialsIssued():
            role = f"{event.role_name} in {event.account_id}"
            return f"issued credentials to {event.session_id}: {role}"
        case e.AssertionSpent():
            return None  # the token that it was exchanged for tells it
        case _:
            assert_never(event)
