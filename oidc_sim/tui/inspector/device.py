"""Lines about a device code or browser sign-in: facts, pace, the next answer to its client, timeline."""

from collections.abc import Iterator
from dataclasses import dataclass

from oidc_sim.conformance.cadence import RULE as RFC
from oidc_sim.conformance.cadence import Cadence, Finding, verdict_on
from oidc_sim.engine.arrival import Arrival
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    Decision,
    Device,
    DeviceState,
)
from oidc_sim.engine.replies import Refused, Tokens
from oidc_sim.engine.rules import catcher_of
from oidc_sim.record.timeline import Caught, Moment
from oidc_sim.simulator.simulator import Simulator, Story
from oidc_sim.tui.bars.page import (
    BLANK,
    NAME_CELLS,
    RULE,
    Line,
    Tone,
    TonedText,
    fact,
    line,
    listed,
    muted,
    rule,
    stranger,
    toned,
)
from oidc_sim.tui.cells import Printable, fit, named, printable
from oidc_sim.tui.glyphs import ASCII, UNICODE, Glyphs, Look, Role, clock, seconds
from oidc_sim.tui.inspector.client import next_step, session_lines, sign_in_facts
from oidc_sim.tui.inspector.exchange import body_lines, head_lines
from oidc_sim.tui.inspector.qr import with_code
from oidc_sim.tui.lists.devices import left_of, silence
from oidc_sim.wire import answers, errors
from oidc_sim.wire.answers import Answer, ErrorTypeForm, head, http_date
from oidc_sim.wire.operations import CREATE_TOKEN
from oidc_sim.wire.verification import verification_uri, verification_uri_complete

_FEWEST = 2
"""Fewest waits for which a chart says more than the verdict."""
TOO_FAST = "!"


def chart_lines(cadence: Cadence, glyphs: Glyphs, width: int) -> Iterator[Line]:
    """A bar for each of the newest waits that fit, as high as it was long; too fast ones are marked below.

    The middle bar is the interval that was asked for then; ``width`` is in cells.
    """
    waits = [*cadence.waits][-max(1, width - NAME_CELLS) :]
    if len(waits) < _FEWEST:
        return
    bars = [_bar(waited_s / max(1, asked_s), glyphs) for waited_s, asked_s, _ in waits]
    tones = [Role.BAD if is_early else Tone.PLAIN for _, _, is_early in waits]
    yield fact("waits", *(TonedText(bar, tone) for bar, tone in zip(bars, tones, strict=True)))
    marks = "".join(TOO_FAST if is_early else " " for _, _, is_early in waits).rstrip()
    if marks:
        yield fact("", TonedText(printable(marks), Role.BAD))
    asked = {asked_s for _, asked_s, _ in waits}
    interval = f"{asked.pop()} s" if len(asked) == 1 else "as"
    early = f", {TOO_FAST} too fast" if marks else ""
    middle = glyphs.bars[_middle(glyphs)]
    yield fact("", TonedText(printable(f"{middle} = {interval} asked{early}"), Tone.MUTED))


def _middle(glyphs: Glyphs) -> int:
    return (len(glyphs.bars) - 1) // 2


def _bar(share: float, glyphs: Glyphs) -> Printable:
    return printable(glyphs.bars[min(len(glyphs.bars) - 1, round(share * _middle(glyphs)))])


def lines_in_wait(simulator: Simulator, device: Device, glyphs: Glyphs) -> Iterator[Line]:
    """The rule that catches the next poll; nothing nearly always.

    Facts that only the request itself has, such as its user agent, are taken as empty.
    """
    if not simulator.state.lies_in_wait or device.browser is not None:
        return
    rule = catcher_of(simulator.state, poll_of(simulator, device), simulator.now())
    if rule is None:
        return
    if rule.fault is None:
        text, role = f"{glyphs.signs[Look.HELD]} rule {rule.rule_id} holds it; then:", Role.HELD
    else:
        sign = glyphs.signs[Look.FAULTY]
        text, role = f"{sign} {rule.fault}, by rule {rule.rule_id}; without it:", Role.FAULT
    yield line(toned(printable(text), role))
    yield BLANK


def poll_of(simulator: Simulator, device: Device) -> Arrival:
    """The next poll of a device's client, as the gate will see it."""
    return Arrival(
        operation=CREATE_TOKEN.name,
        endpoint=CREATE_TOKEN.path,
        client_id=device.client_id,
        client_name=device.client_name,
        user_code=device.user_code,
        grant_type=DEVICE_CODE_GRANT,
        scopes=device.scopes,
        state=device.state(simulator.now().at).value,
    )


_ROOM_FOR_FULL_WORDS = 46
"""Cells from which a poll's outcome is shown in the wire's word."""
_WHAT_CELLS = 12
_NEW_ID = "(a new id)"
_HEAD_LINES = 1
"""Lines shown of the next answer's head: its status; the rest is in every response."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place where lines are shown, and the server's settings that they depend on."""

    width: int
    """Cells of a line."""
    url: str
    """The server's base URL."""
    error_type: ErrorTypeForm = ErrorTypeForm.FULL
    glyphs: Glyphs = UNICODE
    height: int = 0
    """Lines that can be seen at once."""
    has_blocks: bool = True
    """Whether blocks and bars can be drawn: not under ``--ascii`` and ``--plain``."""
    is_folded: bool = False
    """Whether of JSON only the outermost members are shown."""


def device_lines(simulator: Simulator, user_code: str, place: Place) -> list[Line]:
    """All lines about a known device code or browser sign-in."""
    device = simulator.state.devices[user_code]
    story = simulator.stories[user_code]
    lines = [
        *_facts(simulator, device, story, place),
        BLANK,
        *session_lines(simulator, user_code, place.glyphs),
        *_next(simulator, device, place),
        BLANK,
        rule(printable("timeline, newest first"), RULE),
        *_timeline(simulator, device, story, place.width, place.glyphs),
    ]
    is_waiting = device.state(simulator.now().at) is DeviceState.PENDING
    if device.browser is not None or not is_waiting or not place.has_blocks:
        return lines
    return with_code(lines, page_url(place.url, user_code), place.width, place.height)


def whole_next_lines(simulator: Simulator, device: Device, place: Place) -> list[Line]:
    """The next answer to a device's client as it would be sent now: status, headers, body."""
    grant_type = AUTHORIZATION_CODE_GRANT if device.browser else None
    answer = _answer(simulator.preview(device.user_code), grant_type)
    at = simulator.now().at
    top = head(answer, request_id=_NEW_ID, date=http_date(at), error_type=place.error_type)
    whole = [*head_lines(top), BLANK, *body_lines(answer.body, is_folded=place.is_folded)]
    if device.browser is not None:
        return [*next_step(device, device.browser, at, whole)]
    heading = muted("if it polled now; ids and secrets are made when it does")
    return [heading, BLANK, *lines_in_wait(simulator, device, place.glyphs), *whole]


def _next(simulator: Simulator, device: Device, place: Place) -> Iterator[Line]:
    grant_type = AUTHORIZATION_CODE_GRANT if device.browser else None
    answer = next_lines(simulator.preview(device.user_code), place, grant_type)
    if device.browser is None:
        yield rule(printable("what the client gets next"), RULE)
        yield from lines_in_wait(simulator, device, place.glyphs)
        yield from answer
    else:
        yield rule(printable("what happens next"), RULE)
        yield from next_step(device, device.browser, simulator.now().at, answer)


def page_url(url: str, user_code: str) -> str:
    """The verification page of this server with the code filled in."""
    return verification_uri_complete(verification_uri("", url), user_code)


def next_lines(
    reply: Tokens | Refused, place: Place, grant_type: str | None = None
) -> Iterator[Line]:
    """The engine's reply in AWS's form; ids and secrets are placeholders.

    ``grant_type`` is None for a poll; some grants have words of their own.
    """
    answer = _answer(reply, grant_type)
    top = head_lines(head(answer, request_id="", date="", error_type=place.error_type))
    yield from top[:_HEAD_LINES]
    if answer.error_type:
        yield line(printable(answer.error_type))
    yield from body_lines(answer.body)


def _answer(reply: Tokens | Refused, grant_type: str | None) -> Answer:
    if isinstance(reply, Refused):
        return errors.refused(reply, grant_type)
    return answers.tokens(reply)


def verdict(cadence: Cadence, glyphs: Glyphs) -> Line | None:
    """Judge a client's pace against RFC 8628, by its last poll; None before its second."""
    found = verdict_on(cadence)
    if found is None:
        return None
    match found.finding:
        case Finding.TOO_FAST:
            text = f"{glyphs.signs[Look.DENIED]} {found.text}"
            return _judged(toned(printable(text), Role.BAD))
        case Finding.NOT_JUDGED:
            return _judged(TonedText(printable(found.text)))
        case Finding.KEEPS_PACE:
            return _judged(TonedText(printable(f"{glyphs.signs[Look.APPROVED]} {found.text}")))


def _judged(sentence: TonedText) -> Line:
    return line(TonedText(printable(f"{RFC}  "), Tone.MUTED), sentence, hang=NAME_CELLS)


def _facts(simulator: Simulator, device: Device, story: Story, place: Place) -> Iterator[Line]:
    at = simulator.now().at
    look = Look(device.state(at).value)
    label = toned(place.glyphs.label(look), look.role)
    yield fact("state", label, _until(device, at))
    yield fact("client", stranger(named(device.client_name)))
    yield fact("scopes", listed(device.scopes))
    if device.browser is not None:
        yield from sign_in_facts(device, device.browser, at)
        return
    yield fact("interval", printable(f"{device.interval_s} s"), _polls_every(story.cadence))
    if heading := silence(simulator, device):
        yield fact("", toned(printable(f"{heading}: it may have quit"), Role.PENDING))
    yield fact("verify", printable(page_url(place.url, device.user_code)))
    judged = verdict(story.cadence, place.glyphs)
    if judged is not None:
        yield judged
    yield from chart_lines(story.cadence, place.glyphs if place.has_blocks else ASCII, place.width)


def _until(device: Device, at: float) -> Printable:
    if device.collected_at is not None:
        return printable(f"   at {clock(device.collected_at)}")
    return printable(f"   left {left_of(device, at)}")


def _polls_every(cadence: Cadence) -> Printable:
    if cadence.every_s is None:
        return printable("")
    return printable(f"   polls every {seconds(cadence.every_s)}")


def _timeline(
    simulator: Simulator, device: Device, story: Story, width: int, glyphs: Glyphs
) -> Iterator[Line]:
    for moment in reversed(story.timeline.moments):
        yield _moment(moment, width, glyphs)
    if story.timeline.dropped:
        yield muted(f"{story.timeline.dropped:,} earlier lines are gone")
    client = simulator.state.clients.get(device.client_id)
    if client is not None:
        yield _moment_line(client.issued_at, "registered", "the client", Tone.PLAIN)


def _moment(moment: Moment, width: int, glyphs: Glyphs) -> Line:
    what, detail = moment.what, moment.detail
    if moment.last:
        what = f"poll {moment.first:,}"
    if moment.last > moment.first:
        what = f"polls {moment.first:,}\N{EN DASH}{moment.last:,}"
    if width < _ROOM_FOR_FULL_WORDS:
        detail = _in_short(detail, moment.caught)
    if moment.caught is not None:
        detail = f"{glyphs.signs[_CAUGHT[moment.caught]]} {detail}"
    return _moment_line(moment.at, what, detail, _tone(moment))


def _in_short(detail: str, caught: Caught | None) -> str:
    """Shorten the wire's long words; the sign of a held poll says already that it was held."""
    if caught is None:
        return _SHORT.get(detail, detail)
    if caught is Caught.HELD:
        detail = detail.removeprefix("held ").replace(" s, ", "s, ", 1)
    first, joint, last = detail.rpartition(", ")
    return f"{first}{joint}{_SHORT_CAUGHT.get(last, last)}"


def _moment_line(at: float, what: str, detail: str, tone: Tone | Role) -> Line:
    gap = printable("  ")
    time = TonedText(clock(at), Tone.MUTED)
    action = TonedText(_padded(what), tone)
    return line(time, gap, action, printable(detail), hang=len(time.text) + len(gap))


def _padded(what: str) -> Printable:
    text = printable(what)
    return fit(text, max(_WHAT_CELLS, len(text) + 1))


def _tone(moment: Moment) -> Tone | Role:
    if moment.caught is not None:
        return _CAUGHT[moment.caught].role
    if moment.last:
        return Role.GOOD if moment.detail == "token issued" else Tone.PLAIN
    return _TONES.get(moment.what, Tone.PLAIN)


_TONES: dict[str, Role] = {
    **{decision.participle: Look(decision.leads_to).role for decision in Decision},
    "undone": Role.HELD,
    "code revoked": Role.BAD,
    "session over": Role.BAD,
}
_CAUGHT = {Caught.HELD: Look.HELD, Caught.SPOILT: Look.FAULTY}
_SHORT = {
    "authorization_pending": "pending",
    "slow_down, polled too early": "slow_down, early",
    "its time ran out": "time ran out",
}
_SHORT_CAUGHT = {
    **_SHORT,
    "access_denied": "denied",
    "expired_token": "expired",
    "client hung up": "hung up",
    "edited answer": "edited",
}
