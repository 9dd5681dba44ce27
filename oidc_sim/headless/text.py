"""Writes log entries as lines, for people or for programs."""

import json
import time
from collections.abc import Iterable, Iterator
from typing import assert_never

from oidc_sim.engine import events as e
from oidc_sim.engine import waiting_events as waiting
from oidc_sim.engine.arrival import Target
from oidc_sim.engine.waiting_events import PassingEvent
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.lines import entry_json
from oidc_sim.record.log import Entry
from oidc_sim.settings.model import Output
from oidc_sim.text.durations import spoken
from oidc_sim.text.printable import Printable, printable, printable_json
from oidc_sim.text.redact import redact_text
from oidc_sim.wire.operations import (
    AUTHORIZE,
    CREATE_TOKEN,
    GET_CALLER_IDENTITY,
    LIST_ACCOUNT_ROLES,
    LIST_ACCOUNTS,
)

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
    """Say an event of a sign-in in one line, without the time; None for what another line says."""
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


def waiting_text(event: waiting.PassingEvent) -> str | None:
    """Say an event of rules and held requests in one line, without the time; None for what another line says."""
    match event:
        case waiting.RequestHeld():
            whose = f" for {event.arrival.user_code}" if event.arrival.user_code else ""
            for_s = event.ends_tick - event.tick
            asked = event.arrival.operation or event.arrival.endpoint
            return f"held request {event.number}: {asked}{whose}, for {for_s:.0f} s"
        case waiting.HeldEnded():
            whose = f" for {event.user_code}" if event.user_code else ""
            return f"let go of request {event.number}{whose}: {event.how}"
        case waiting.HeldPaused() | waiting.HeldDecided() | waiting.AllReleased():
            return None
        case waiting.PollAnswered() | waiting.RequestLookedAt() | waiting.RuleGivenBack():
            return None  # its exchange tells it
        case _:
            return _rule(event)


def _rule(
    event: waiting.RuleAdded
    | waiting.RulePaused
    | waiting.RuleEnded
    | waiting.RuleRemoved
    | waiting.RuleRestored,
) -> str:
    rule = f"rule {event.rule_id}"
    match event:
        case waiting.RuleAdded():
            what = f"fault {event.fault}" if event.fault else "hold"
            return f"added {rule}: {what} for {target_text(event.target)}"
        case waiting.RulePaused():
            return f"{'paused' if event.is_paused else 'resumed'} {rule}"
        case waiting.RuleEnded():
            return f"ended {rule}: its time is over"
        case waiting.RuleRemoved():
            return f"removed {rule}"
        case waiting.RuleRestored():
            return f"restored {rule}"
        case _:
            assert_never(event)


def target_text(target: Target) -> str:
    """Say in words which requests are meant."""
    named = (target.operation, target.user_code, target.client_id, target.filter.text)
    return " ".join(part for part in named if part) or "everything"


QUOTED_CHARACTERS = 60
"""Characters of a client's own words in one line."""
_SUCCEEDED = 200
_LOOKED_UP = {LIST_ACCOUNTS.name, LIST_ACCOUNT_ROLES.name, GET_CALLER_IDENTITY}
"""Operations that change nothing, so no event says them."""
_OTHER_GRANTS = (b'"refresh_token"', b'"authorization_code"')
"""In a body."""


def greeting(url: str, output: Output) -> str:
    """Make the first line: where the server answers."""
    if output is Output.JSON:
        return json.dumps({"type": "listening", "url": url})
    return f"oidc-sim serves on {url}"


def lines_of(entries: Iterable[Entry], output: Output) -> Iterator[str]:
    """Make the lines that ``serve`` prints of some entries that it looks at together.

    In text, equal polls in a row become one line with their number: nobody reads thousands a second.
    """
    match output:
        case Output.NONE:
            return
        case Output.JSON:
            for entry in entries:
                yield printable_json(json.dumps(entry_json(entry)))
        case _:
            yield from _texts(entries)


def _texts(entries: Iterable[Entry]) -> Iterator[str]:
    polls: dict[tuple[str | None, str], list[Exchange]] = {}
    for entry in entries:
        what = entry.what
        if isinstance(what, Exchange) and _is_refused_poll(what):
            polls.setdefault((what.user_code, what.outcome), []).append(what)
        elif (sentence := text_of(entry)) is not None:
            yield from _once_each(polls)
            yield sentence
    yield from _once_each(polls)


def _once_each(polls: dict[tuple[str | None, str], list[Exchange]]) -> Iterator[str]:
    for equal in polls.values():
        times = f", {len(equal)} times" if len(equal) > 1 else ""
        yield _line(equal[0].at, f"{_exchange(equal[0])}{times}")
    polls.clear()


def text_of(entry: Entry) -> Printable | None:
    """Make one line for people, ``06:38:22 approved QFJW-LZFB by the script``, in local time.

    What happened comes first, as a past participle, then whom it happened to. A request has one line: of
    what it led to, or of itself where it led to nothing.
    """
    what = entry.what
    if isinstance(what, Exchange):
        sentence = _exchange(what)
    else:
        sentence = waiting_text(what) if isinstance(what, PassingEvent) else _event(what)
    return None if sentence is None else _line(what.at, sentence)


def _line(at: float, sentence: str) -> Printable:
    sentence = redact_text(sentence)
    return printable(f"{time.strftime('%H:%M:%S', time.localtime(at))} {sentence}")


def _is_refused_poll(exchange: Exchange) -> bool:
    """Whether a code that is known was polled for; a refused exchange is not noted with its grant."""
    is_known = exchange.operation == CREATE_TOKEN.name and exchange.user_code is not None
    is_refused = is_known and exchange.status != _SUCCEEDED
    return is_refused and not any(grant in exchange.request_body for grant in _OTHER_GRANTS)


def _exchange(exchange: Exchange) -> str | None:
    if exchange.operation is None:
        path = _cut(exchange.target.partition("?")[0])
        return f"refused {_cut(exchange.method)} {path}: {exchange.status} {_cut(exchange.outcome)}"
    whose = f" for {exchange.user_code}" if exchange.user_code else ""
    if exchange.status == _SUCCEEDED and exchange.operation in _LOOKED_UP:
        return f"answered {exchange.operation}{whose}, {exchange.outcome}"
    if exchange.status == _SUCCEEDED or _is_way_of_browser(exchange):
        return None  # its event tells it
    if _is_refused_poll(exchange):
        return f"polled {exchange.user_code}: {exchange.outcome}"
    return f"refused {exchange.operation}{whose}: {exchange.status} {exchange.outcome}"


def _is_way_of_browser(exchange: Exchange) -> bool:
    """Whether a browser was sent on for a sign-in that is known."""
    return exchange.operation == AUTHORIZE.name and exchange.user_code is not None


def _event(event: e.KeptEvent) -> str | None:
    match event:
        case e.ClientRegistered():
            return f"registered {_quoted(event.name)}"
        case e.DeviceAuthorized():
            return _begun(event)
        case e.DecisionMade():
            return f"{event.decision.participle} {event.user_code} {event.by.credit}"
        case e.DecisionUndone():
            done = event.decision.participle
            return f"undone: {event.user_code} is not {done} any more, {event.by.credit}"
        case e.TokenIssued():
            return f"signed in with {event.user_code}: token issued"
        case e.Polled():
            return None  # its exchange tells it, together with what a stranger's poll got
        case e.DeviceExpired() | e.DeviceForgotten() | e.ClientForgotten() | e.WasReset():
            return _end(event)
        case _:
            return sign_in_text(event)


def _begun(event: e.DeviceAuthorized) -> str:
    to_whom = f"{_quoted(event.client_name)}, for {event.expires_at - event.at:.0f} s"
    if event.browser is not None:
        return f"opened {event.user_code} in a browser of {to_whom}"
    return f"issued {event.user_code} to {to_whom}"


def _end(event: e.DeviceExpired | e.DeviceForgotten | e.ClientForgotten | e.WasReset) -> str:
    match event:
        case e.DeviceExpired():
            return f"expired {event.user_code}: its time ran out"
        case e.DeviceForgotten():
            return f"forgot {event.user_code}: its polls get invalid_grant now"
        case e.ClientForgotten():
            return f"forgot client {event.client_id}"
        case e.WasReset():
            return "reset: every client and device is forgotten"
        case _:
            assert_never(event)


def _quoted(name: str) -> str:
    """Put a client's name in quotation marks, so that no name looks like words of ours."""
    return _cut(json.dumps(name, ensure_ascii=False))


def _cut(text: str) -> str:
    shown = printable(redact_text(text))
    return shown if len(shown) <= QUOTED_CHARACTERS else shown[:QUOTED_CHARACTERS] + "..."
