"""Takes what evidence is made of, at one go: afterwards the simulator may move on."""

from collections.abc import Iterable
from dataclasses import dataclass

from oidc_sim.conformance.cadence import Verdict, verdict_on
from oidc_sim.engine.model import Device
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Entry
from oidc_sim.record.timeline import Caught, Moment, subject_of
from oidc_sim.simulator.simulator import Simulator


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The subject of the evidence; with nothing named, everything that is kept."""

    user_code: str | None = None
    """A device code or browser sign-in: all that was asked with it."""
    client_id: str | None = None
    """A client: all that it asked, and all its sign-ins."""
    number: int | None = None
    """A request: itself alone."""

    @property
    def title(self) -> str:
        """The subject in a few words."""
        if self.number is not None:
            return f"request #{self.number}"
        if self.user_code is not None:
            return f"sign-in {self.user_code}"
        return f"client {self.client_id}" if self.client_id is not None else "everything"


@dataclass(frozen=True, slots=True)
class TakenMoment:
    """A line of a timeline, as it stood."""

    at: float
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class SelectedSignIn:
    """A device code or browser sign-in, as it stood."""

    user_code: str
    client_name: str
    kind: str
    state: str
    scopes: tuple[str, ...]
    interval_s: int
    polls: int
    verdict: Verdict | None
    early_polls: int
    waits: tuple[tuple[float, int, bool], ...]
    moments: tuple[TakenMoment, ...]
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Entries and sign-ins of a selection."""

    title: str
    at: float
    """Simulated time when it was taken, seconds since 1970."""
    url: str
    entries: tuple[Entry, ...]
    sign_ins: tuple[SelectedSignIn, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The requests among the entries, oldest first."""
        return tuple(it.what for it in self.entries if isinstance(it.what, Exchange))


def take(simulator: Simulator, selection: Selection, url: str) -> Taken | None:
    """Take all that is kept about the selection; None when that is nothing."""
    entries = tuple(_entries(simulator, selection))
    codes = {selection.user_code, *map(_code_of, entries)}
    devices = [each for each in simulator.state.devices.values() if each.user_code in codes]
    sign_ins = tuple(_sign_in(simulator, device) for device in devices)
    if not entries and not sign_ins and selection != Selection():
        return None
    return Taken(selection.title, simulator.now().at, url, entries, sign_ins)


def _entries(simulator: Simulator, selection: Selection) -> Iterable[Entry]:
    entries = simulator.log.entries.since(0)
    if selection.number is not None:
        number = selection.number
        return [it for it in entries if isinstance(it.what, Exchange) and it.what.number == number]
    if selection.user_code is not None:
        code = selection.user_code
        return [it for it in entries if _code_of(it) == code]
    if selection.client_id is None:
        return entries
    client, devices = selection.client_id, simulator.state.devices.values()
    own = {device.user_code for device in devices if device.client_id == client}
    return [
        entry
        for entry in entries
        if getattr(entry.what, "client_id", None) == client or _code_of(entry) in own
    ]


def _code_of(entry: Entry) -> str:
    what = entry.what
    return (what.user_code or "") if isinstance(what, Exchange) else subject_of(what)


def _sign_in(simulator: Simulator, device: Device) -> SelectedSignIn:
    story = simulator.stories[device.user_code]
    cadence = story.cadence
    return SelectedSignIn(
        user_code=device.user_code,
        client_name=device.client_name,
        kind="browser sign-in" if device.browser else "device code",
        state=device.state(simulator.now().at).value,
        scopes=device.scopes,
        interval_s=device.interval_s,
        polls=device.polls,
        verdict=verdict_on(cadence),
        early_polls=cadence.early_polls,
        waits=tuple(cadence.waits),
        moments=tuple(
            TakenMoment(it.at, _what(it.what, it.first, it.last), _detail(it))
            for it in story.timeline.moments
        ),
    )


def _what(what: str, first: int, last: int) -> str:
    if not last:
        return what
    return f"poll {first:,}" if first == last else f"polls {first:,} to {last:,}"


def _detail(moment: Moment) -> str:
    return f"fault {moment.detail}" if moment.caught is Caught.SPOILT else moment.detail
