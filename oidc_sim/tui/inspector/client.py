"""Lines about a client's registration, about a session, and about a browser sign-in.

A session is what an exchanged code led to; its secrets are not even known. The facts and the next step of
a browser sign-in take the place of a device code's interval and poll; ``device`` has the rest of both.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from oidc_sim.engine.directory import Directory, IssuedCredentials, Session
from oidc_sim.engine.model import DEVICE_CODE_GRANT, BrowserRequest, Client, Device, DeviceState
from oidc_sim.record.timeline import Timeline
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.page import (
    BLANK,
    RULE,
    Line,
    Tone,
    TonedText,
    fact,
    line,
    listed,
    muted,
    plain,
    rule,
    stranger,
    toned,
)
from oidc_sim.tui.cells import Printable, joined, named, printable
from oidc_sim.tui.glyphs import UNICODE, Glyphs, Look, Role, age, clock, day, spoken_ago, time_left
from oidc_sim.tui.lists.clients import seen

MAX_DEVICES = 20
_URN = DEVICE_CODE_GRANT.rpartition(":")[0] + ":"


def client_lines(simulator: Simulator, client_id: str, glyphs: Glyphs) -> list[Line]:
    """All lines about a registered client."""
    client = simulator.state.clients[client_id]
    at = simulator.now().at
    return [
        *_facts(simulator, client, at),
        fact("sessions", _sessions(simulator, client, at)),
        BLANK,
        rule(printable(f"device codes, {client.devices:,} so far"), RULE),
        *_devices(simulator, client, at, glyphs),
    ]


def _facts(simulator: Simulator, client: Client, at: float) -> Iterator[Line]:
    grants = tuple(grant.removeprefix(_URN) for grant in client.grant_types)
    yield fact("name", stranger(named(client.name)))
    yield fact("client id", printable(client.client_id))
    yield fact("type", printable("public"))
    yield fact("scopes", listed(client.scopes))
    yield fact(
        "grants", listed(grants) if grants else printable("device_code, refresh_token (none named)")
    )
    if client.redirect_uris:
        yield fact("redirects", listed(client.redirect_uris))
    yield fact("registered", day(client.issued_at))
    yield _expiry(client, at)
    yield fact("last seen", clock(client.last_seen_at), printable(", "), seen(simulator, client))
    if client.client_id in simulator.awaiting:
        yield fact("", toned(printable("waits for an answer"), Role.HELD))


def _expiry(client: Client, at: float) -> Line:
    left_s = client.expires_at - at
    consequence = "is told invalid_client until it registers anew"
    if client.was_expired and left_s > 0:
        early = toned(printable("over before its time"), Role.BAD)
        return fact("expires", early, printable(f": it {consequence}"))
    if left_s > 0:
        return fact("expires", day(client.expires_at), printable(f", in {age(left_s)}"))
    over = toned(printable(f"over for {age(-left_s)}"), Role.BAD)
    return fact(
        "expires", day(client.expires_at), printable(", "), over, printable(f": it {consequence}")
    )


def _sessions(simulator: Simulator, client: Client, at: float) -> Printable:
    own = [it for it in simulator.state.sessions.values() if it.client_id == client.client_id]
    good = sum(not session.is_over(at) for session in own)
    return printable(f"{len(own):,}, of them good now {good:,}" if own else "none")


def _devices(simulator: Simulator, client: Client, at: float, glyphs: Glyphs) -> Iterator[Line]:
    devices = reversed(simulator.state.devices.values())
    own = (device for device in devices if device.client_id == client.client_id)
    rows = [_device(device, at, glyphs) for device in islice(own, MAX_DEVICES)]
    yield from rows or [plain("None is known now.")]
    if client.devices > len(rows):
        yield muted(f"{client.devices - len(rows):,} more, older or forgotten")


def _device(device: Device, at: float, glyphs: Glyphs) -> Line:
    look = Look(device.state(at).value)
    polls = f"{device.polls:,} poll{'' if device.polls == 1 else 's'}"
    if device.browser is not None:
        polls = "browser"
    label = toned(printable(f"{glyphs.label(look):<11}"), look.role)
    return line(printable(f"{device.user_code}  "), label, printable(f"  {polls}"))


MAX_CREDENTIALS = 5
"""Newest credentials shown; a session remembers a few more."""
_ENDS = frozenset({"signed out", "session over"})
"""A timeline's words for the end of a session."""


def session_lines(simulator: Simulator, session_id: str, glyphs: Glyphs = UNICODE) -> list[Line]:
    """A session with its credentials and a blank line at its end; empty where none has this id."""
    session = simulator.state.sessions.get(session_id)
    if session is None:
        return []
    story = simulator.stories.get(session_id)
    at = simulator.now().at
    return [
        rule(printable("session"), RULE),
        *_session_facts(session, story.timeline if story else None, at, glyphs),
        BLANK,
        *_credentials(session, simulator.state.directory, at),
    ]


def _session_facts(
    session: Session, timeline: Timeline | None, at: float, glyphs: Glyphs
) -> Iterator[Line]:
    if session.is_over(at):
        over = toned(printable(f"{glyphs.signs[Look.EXPIRED]} over"), Role.BAD)
        yield fact("session", over, printable(f"   {_why(session, timeline)}"))
    else:
        good = toned(printable(f"{glyphs.signs[Look.APPROVED]} good"), Role.GOOD)
        yield fact("session", good, printable(f"   left {time_left(session.expires_at - at)}"))
    yield fact("tokens", printable(_tokens(session, at)))
    yield fact("refreshes", printable(_refreshes(session)))


def _why(session: Session, timeline: Timeline | None) -> str:
    if session.ended_at is None:
        return f"its time ran out at {clock(session.expires_at)}"
    for moment in reversed(timeline.moments if timeline else ()):
        if moment.what in _ENDS:
            return f"{moment.detail or moment.what}, {clock(session.ended_at)}"
    return f"ended at {clock(session.ended_at)}"


def _tokens(session: Session, at: float) -> str:
    good = [expires_at for expires_at in session.tokens.values() if expires_at > at]
    if session.is_over(at) or not good:
        return "none is good now"
    last = time_left(max(good) - at)
    return f"1 good, for {last}" if len(good) == 1 else f"{len(good):,} good, the last for {last}"


def _refreshes(session: Session) -> str:
    if session.refresh_digest is None:
        return "none: it has no refresh token"
    return f"{session.refreshes:,}"


def _credentials(session: Session, directory: Directory, at: float) -> Iterator[Line]:
    newest = session.credentials[: -1 - MAX_CREDENTIALS : -1]
    if not newest:
        return
    yield rule(printable("role credentials, newest first"), RULE)
    for issued in newest:
        yield from _issued(issued, directory, at)
    if len(session.credentials) > len(newest):
        yield muted(f"{len(session.credentials) - len(newest):,} before these")
    yield BLANK


def _issued(issued: IssuedCredentials, directory: Directory, at: float) -> Iterator[Line]:
    account = directory.account(issued.account_id)
    name = joined(printable(" "), stranger(account.name)) if account else printable("")
    time = TonedText(printable(f"{clock(issued.at)}  "), Tone.MUTED)
    role = joined(stranger(issued.role_name), printable(" in "), stranger(issued.account_id), name)
    yield line(time, role, hang=len(time.text))
    key = printable(f"{issued.access_key_id}  {_life(issued, at)}")
    yield line(printable(" " * len(time.text)), key, hang=len(time.text))


def _life(issued: IssuedCredentials, at: float) -> str:
    left_s = issued.expires_at - at
    return (
        f"good for {time_left(left_s)}" if left_s > 0 else f"over since {clock(issued.expires_at)}"
    )


_WITH_CODE = "with a code"
_WITH_ERROR = "with error=access_denied"
_WITH_THE_CODE = {
    DeviceState.APPROVED: "The code is redeemed for:",
    DeviceState.COLLECTED: "A second use of the code is told:",
}


def sign_in_facts(device: Device, browser: BrowserRequest, at: float) -> Iterator[Line]:
    """Facts of a browser sign-in: its request, and where browser and code are at simulated time ``at``."""
    yield fact("kind", printable("browser sign-in, PKCE S256"))
    yield fact("redirect", stranger(browser.redirect_uri))
    if browser.client_state is not None:
        yield fact("its state", stranger(browser.client_state))
    yield fact("browser", printable(_where(device, at)))
    if device.code_digest:
        yield fact("code", printable(_code(device, at)))


def next_step(
    device: Device, browser: BrowserRequest, at: float, answer: Iterable[Line]
) -> Iterator[Line]:
    """The browser's next place, or ``answer``, which its client gets when it brings the code now."""
    stands = device.state(at)
    if device.code_digest:
        yield plain(_WITH_THE_CODE.get(stands, "Whoever brings the code is told:"))
        yield from answer
    elif device.was_turned_away:
        yield _sent("it went back to ", browser, _WITH_ERROR)
        yield muted("Nothing more comes of it.")
    elif stands is DeviceState.PENDING:
        yield plain(_who_waits(device, at))
        yield _sent("a: it goes back to ", browser, _WITH_CODE)
        yield _sent("d: it goes back there ", None, _WITH_ERROR)
    else:
        with_what = _WITH_CODE if stands is DeviceState.APPROVED else _WITH_ERROR
        if device.browser_left_at is not None:
            yield plain(_who_waits(device, at))
        yield _sent("the browser goes back to ", browser, with_what)


def _who_waits(device: Device, at: float) -> str:
    if device.browser_left_at is None:
        return "The browser waits for you."
    return f"The browser left {spoken_ago(at - device.browser_left_at)}. When it comes back:"


def _sent(start: str, browser: BrowserRequest | None, with_what: str) -> Line:
    place = joined(stranger(browser.redirect_uri), printable(" ")) if browser else printable("")
    return line(printable(start), place, printable(with_what), hang=2)


def _where(device: Device, at: float) -> str:
    if device.code_digest:
        return "went back with a code"
    if device.was_turned_away:
        return "went back with an error"
    if device.browser_left_at is not None:
        return f"left {spoken_ago(at - device.browser_left_at)}"
    return "waits for you" if device.state(at) is DeviceState.PENDING else "about to go back"


def _code(device: Device, at: float) -> str:
    if device.collected_at is not None:
        return "redeemed"
    if device.state(at) is DeviceState.EXPIRED:
        return "good for nothing any more"
    return f"good for {time_left(device.expires_at - at)}, once"
