"""A client: its registration, and its device codes."""

from collections.abc import Iterator
from itertools import islice

from oidc_sim.engine.model import DEVICE_CODE_GRANT, Client, Device
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.lines import BLANK, Line, line, rule
from oidc_sim.tui.cells import Printable, named, printable
from oidc_sim.tui.glyphs import Glyphs, Look, Role, age, clock, day
from oidc_sim.tui.inspector.facts import RULE, fact, listed, muted, plain, stranger, toned
from oidc_sim.tui.lists.clients import seen

MAX_DEVICES = 20
_URN = DEVICE_CODE_GRANT.rpartition(":")[0] + ":"


def client_lines(simulator: Simulator, client_id: str, glyphs: Glyphs) -> list[Line]:
    """All about one client that is registered."""
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
    told = "is told invalid_client until it registers anew"
    if client.was_expired and left_s > 0:
        early = toned(printable("over before its time"), Role.BAD)
        return fact("expires", early, printable(f": it {told}"))
    if left_s > 0:
        return fact("expires", day(client.expires_at), printable(f", in {age(left_s)}"))
    over = toned(printable(f"over for {age(-left_s)}"), Role.BAD)
    return fact("expires", day(client.expires_at), printable(", "), over, printable(f": it {told}"))


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
