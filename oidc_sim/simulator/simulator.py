"""The one door: HTTP handlers, keys, control requests and standard input all come through here."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from oidc_sim.conformance.cadence import Cadence
from oidc_sim.engine import decide, evolve, preview
from oidc_sim.engine.commands import Command
from oidc_sim.engine.directory import SEEDED, Directory
from oidc_sim.engine.events import (
    ClockFrozen,
    ClockStepped,
    DeviceAuthorized,
    DeviceForgotten,
    Event,
    Polled,
    WasReset,
)
from oidc_sim.engine.model import SLOW_DOWN_STEP_S, Ids, Now, Policy, State
from oidc_sim.engine.replies import Refused, Tokens
from oidc_sim.engine.waiting_events import PollAnswered, RequestLookedAt, RuleGivenBack
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import EXCHANGES_KEPT, Log
from oidc_sim.record.timeline import Timeline, subject_of
from oidc_sim.simulator.clock import Clock

R = TypeVar("R")
_UNLOGGED = frozenset({RequestLookedAt, RuleGivenBack})
"""Events that only change the rules' counts."""


@dataclass(slots=True)
class Story:
    """Tells of one device what the engine does not need."""

    cadence: Cadence
    timeline: Timeline = field(default_factory=Timeline)
    last_exchange: int | None = None
    """Number of the newest exchange about it."""


class Simulator:
    """Owns state, clock, ids and log. Synchronous, so there are no locks and no torn states.

    ``state``, ``log`` and ``stories`` are for reading; only ``dispatch`` and ``record`` change them.
    """

    def __init__(
        self,
        policy: Policy,
        ids: Ids,
        clock: Clock | None = None,
        exchanges_kept: int = EXCHANGES_KEPT,
        sink: Callable[[Sequence[Event]], object] | None = None,
        directory: Directory = SEEDED,
        log: Log | None = None,
        *,
        auto_approves: bool = False,
    ) -> None:
        self.clock = clock or Clock()
        self.ids = ids
        self.state = State(policy=policy, directory=directory, auto_approves=auto_approves)
        self.log = log or Log(exchanges_kept)
        self.stories: dict[str, Story] = {}
        """By user code."""
        self.under_way: dict[int, float] = {}
        """Requests that have a row and no answer yet: number to the tick of arrival."""
        self.awaiting: Counter[str] = Counter()
        """Number of these requests for each user code and client id: whoever sent them waits for us."""
        self._whose: dict[int, tuple[str, ...]] = {}
        self._sink = sink

    def adopt(self) -> None:
        """Take note of what an earlier process left in ``state``; before anything is dispatched."""
        for device in self.state.devices.values():
            story = self.stories[device.user_code] = Story(self._cadence(device.announced_s))
            is_browser = device.browser is not None
            story.timeline.begin(device.issued_at, device.expires_at, is_browser=is_browser)

    def now(self) -> Now:
        """Give this instant."""
        return self.clock.now()

    def dispatch(self, command: Command[R]) -> R:
        """Carry a command out: its events are true, in the log and written when this returns."""
        events, reply = decide(self.state, command, self.clock.now(), self.ids)
        for event in events:
            evolve(self.state, event)
            if type(event) not in _UNLOGGED:
                self.log.note(event)
            self._tell(event)
        if events and self._sink is not None:
            self._sink(events)
        return reply

    def preview(self, user_code: str) -> Tokens | Refused:
        """Give the reply that this device's client would get if it polled now."""
        return preview(self.state, user_code, self.clock.now())

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange, whose number is ``log.exchanges.seen + 1``."""
        self.log.record(exchange)
        self._tell_exchange(exchange)

    def turn_away(self) -> None:
        """Count a request that is refused and gets no row."""
        self.log.turned_away += 1

    def newest_about(self, user_code: str | None) -> Exchange | None:
        """Give the newest kept exchange about a device, answered or not."""
        story = self.stories.get(user_code) if user_code else None
        if story is None or story.last_exchange is None:
            return None
        return self.log.exchanges.get(story.last_exchange)

    def reserve(self, exchange: Exchange) -> None:
        """Give a request without an answer its row: number ``log.exchanges.seen + 1``, status 0."""
        self.log.reserve(exchange)
        self.under_way[exchange.number] = self.clock.tick()
        whose = tuple(it for it in (exchange.user_code, exchange.client_id) if it)
        self._whose[exchange.number] = whose
        self.awaiting.update(whose)
        self._tell_exchange(exchange)

    def amend(self, exchange: Exchange) -> None:
        """Say more in the row of a request that is still without an answer."""
        self.log.exchanges.replace(exchange.number, exchange)

    def complete(self, exchange: Exchange) -> None:
        """Put the answer into the row that was reserved under its number."""
        self.log.complete(exchange)
        self.under_way.pop(exchange.number, None)
        for one in self._whose.pop(exchange.number, ()):
            self.awaiting[one] -= 1
            if not self.awaiting[one]:
                del self.awaiting[one]

    def _tell_exchange(self, exchange: Exchange) -> None:
        story = self.stories.get(exchange.user_code) if exchange.user_code else None
        if story is not None:
            story.last_exchange = exchange.number

    def _tell(self, event: Event) -> None:
        """Keep the stories in step with the devices."""
        match event:
            case Polled() | PollAnswered():  # first, because nearly all are
                self._tell_poll(event)
                return
            case DeviceAuthorized():
                self.stories[event.user_code] = Story(self._cadence(event.interval_s))
            case DeviceForgotten():
                self.stories.pop(event.user_code, None)
            case ClockStepped():
                self.clock.advance(event.by_s)
            case ClockFrozen(is_frozen=True):
                self.clock.freeze()
            case ClockFrozen():
                self.clock.thaw()
            case WasReset():
                self.stories.clear()
                self.clock.reset()
            case _:
                pass
        story = self.stories.get(subject_of(event))
        if story is not None:
            story.timeline.note(event)

    def _cadence(self, announced_s: int) -> Cadence:
        """Make the measure of a client's pace, as the engine does, which throttles a second poll like any other."""
        return Cadence(announced_s, allows_second=not self.state.policy.throttles)

    def _tell_poll(self, poll: Polled | PollAnswered) -> None:
        """Note a poll whoever answers it; each ``slow_down`` counts (RFC 8628 §3.5)."""
        story = self.stories.get(poll.user_code)
        if story is None:
            return
        story.timeline.note_poll(poll)
        if not poll.is_paced:
            return
        cadence = story.cadence
        slowed_to_s = cadence.announced_s + SLOW_DOWN_STEP_S if poll.is_slowed else None
        cadence.note(poll.tick, slowed_to_s, poll.held_s, poll.kept_s, is_own=poll.is_own)
