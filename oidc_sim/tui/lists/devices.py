"""Panel 2: the device codes, newest first, and the one note on each, such as ``next 500``."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from textual.cache import LRUCache

from oidc_sim.engine.arrival import Rule
from oidc_sim.engine.model import SETTLING, Actor, Decision, Device, DeviceState
from oidc_sim.record.timeline import TIME_RAN_OUT, UNDONE, Timeline
from oidc_sim.simulator.simulator import Simulator, Story
from oidc_sim.tui.cells import Printable, named, printable
from oidc_sim.tui.glyphs import UNICODE, Glyphs, Look, age, seconds, time_left
from oidc_sim.tui.lists.columns import Column, texts
from oidc_sim.tui.lists.row_source import MAX_ROWS, NewestFirst, Remembered, RowCells, RowId, short


def next_note(rules: Iterable[Rule], user_code: str) -> str:
    """The first rule for just this device, and how many stand behind it; nothing when there is none.

    ``next 500`` is once, ``500 x3`` so often, ``every 500`` always, ``500 +2`` has two others behind it.
    """
    waiting = [
        rule
        for rule in rules
        if rule.target.user_code == user_code and not (rule.over_because or rule.is_paused)
    ]
    if not waiting:
        return ""
    short, left = _short(waiting[0]), waiting[0].left()
    if len(waiting) > 1:
        return f"{short} +{len(waiting) - 1}"
    if left is None:
        return f"every {short}"
    return f"next {short}" if left == 1 else f"{short} x{left:,}"


def _short(rule: Rule) -> str:
    if rule.fault is None:
        return "hold"
    from oidc_sim.faults.catalogue import BY_NAME  # seldom asked for

    return (BY_NAME[rule.fault].note if rule.fault in BY_NAME else "") or rule.fault


_SETTLED = frozenset(decision.participle for decision in SETTLING)
"""A timeline's words for the decisions that settle a device."""
_DECIDED_BY = {
    Actor.USER.credit: "by the user",
    Actor.SCRIPT.credit: "by a script",
    Actor.AUTO.credit: "auto",
}
"""Who decided, by a timeline's words, in at most eleven cells."""


_STATES: Mapping[DeviceState, int] = {state: place for place, state in enumerate(DeviceState)}
_HELD_FIRST = -1
"""Before all states: held ones wait for somebody."""
HELD = " held"
"""End of a note that says how many requests of the device are held."""


def silence(simulator: Simulator, device: Device) -> str:
    """Time since a client should have asked and did not, as ``silent 42s``; empty while it keeps asking."""
    silent_s = silent_for(simulator, device)
    return "" if silent_s is None else f"silent {age(silent_s)}"


def silent_for(simulator: Simulator, device: Device) -> float | None:
    """Seconds since a client should have asked, until it got the decision; None while it keeps asking.

    None too while it waits for an answer that is held or delayed.
    """
    now, story = simulator.now(), simulator.stories[device.user_code]
    if device.browser is not None or device.user_code in simulator.awaiting:
        return None
    state = device.state(now.at)
    if state is DeviceState.COLLECTED or state is DeviceState.EXPIRED:
        return None
    if state is DeviceState.DENIED and has_heard(story.timeline, state):
        return None
    return story.cadence.silent_s(now.tick)


def absence(device: Device, at: float) -> str:
    """Time since the browser left that a decision is for, as ``away 42s``."""
    is_over = device.collected_at is not None or device.state(at) is DeviceState.EXPIRED
    if device.browser_left_at is None or device.is_sent_back or is_over:
        return ""
    return f"away {age(at - device.browser_left_at)}"


def left_of(device: Device, at: float) -> Printable:
    """Time left to a device code: ``0:00`` once expired, empty once collected."""
    if device.collected_at is not None:
        return printable("")
    return time_left(0 if device.was_expired else device.expires_at - at)


def pace(story: Story) -> Printable:
    """The usual gap between polls, ``0.3s!`` when the last one came too early."""
    every_s = story.cadence.every_s
    if every_s is None:
        return printable("")
    return printable(f"{seconds(every_s)}{'!' if story.cadence.is_too_fast else ' '}")


def note(device: Device, story: Story, state: DeviceState, interval_s: int) -> Printable:
    """The one thing to know about a device, in at most eleven cells up to thousands.

    A browser sign-in with nothing else to note shows its kind.
    """
    if device.browser is not None:
        return printable(_browser_note(device, story, state) or "browser")
    if state is DeviceState.PENDING:
        return printable(_pending_note(device, story, interval_s))
    who = decided_by(story.timeline)
    if state is DeviceState.APPROVED:
        return printable(who or "uncollected")
    if state is DeviceState.COLLECTED:
        return printable(who)
    return printable(who or ("told" if has_heard(story.timeline, state) else "not told"))


_HEARD = {
    DeviceState.DENIED: frozenset({"access_denied"}),
    DeviceState.EXPIRED: frozenset({"expired_token", "invalid_grant"}),
}


def has_heard(timeline: Timeline, state: DeviceState, *, is_undone: bool = False) -> bool:
    """Whether the client has heard, with a poll since then, that the code is denied or expired."""
    return heard_since(timeline, is_undone=is_undone) in _HEARD[state]


def was_revoked(device: Device) -> bool:
    """Whether its code came with the wrong proof: it expired, and by nobody's decision."""
    return device.was_expired and device.decisions[-1:] != [Decision.EXPIRE]


def _browser_note(device: Device, story: Story, state: DeviceState) -> str:
    if state is DeviceState.APPROVED and device.code_digest:
        return "code sent"
    if was_revoked(device):
        return "revoked"
    return "" if state is DeviceState.PENDING else decided_by(story.timeline)


def _pending_note(device: Device, story: Story, interval_s: int) -> str:
    if device.slow_downs_owed:
        return f"{device.slow_downs_owed} slow_down"
    if story.cadence.is_too_fast:
        return "too fast"
    return f"slowed {device.interval_s} s" if device.interval_s > interval_s else ""


def decided_by(timeline: Timeline) -> str:
    """Author of the decision, as ``by a script``; empty for the operator, or for none yet."""
    for moment in reversed(timeline.moments):
        if moment.what in _SETTLED:
            return _DECIDED_BY.get(moment.detail, "")
    return ""


def heard_since(timeline: Timeline, *, is_undone: bool = False) -> str:
    """The error code that answered the newest poll since the decision; empty where there is none.

    ``is_undone`` asks about the decision taken back last, as if it still stood.
    """
    for moment in reversed(timeline.moments):
        if moment.last:
            return moment.answer_word
        if moment.what == UNDONE and is_undone:
            is_undone = False
        elif moment.what == UNDONE or (moment.what in _SETTLED and moment.detail != TIME_RAN_OUT):
            break
    return ""


class DeviceRow(NamedTuple):
    """A device at an instant."""

    device: Device
    story: Story
    at: float
    state: DeviceState
    rows: "DeviceRows"
    known: str | None = None
    """The note that comes before any other, where it was looked up already."""

    @property
    def waiting(self) -> str:
        """The note that comes before any other."""
        return self.rows.waiting(self.device.user_code) if self.known is None else self.known

    @property
    def is_held(self) -> bool:
        """Whether a request of it is held."""
        return self.waiting.endswith(HELD)

    @property
    def look(self) -> Look:
        """The look of its state, or of being held."""
        return Look.HELD if self.is_held else Look(self.state.value)

    @property
    def left(self) -> Printable:
        """What is left of its time."""
        return left_of(self.device, self.at)

    @property
    def left_s(self) -> float | None:
        """Seconds left of its time; None once collected."""
        if self.device.collected_at is not None:
            return None
        return 0.0 if self.device.was_expired else max(0.0, self.device.expires_at - self.at)

    @property
    def polls(self) -> int | None:
        """Number of polls; None for a browser sign-in, which has none."""
        return None if self.device.browser else self.device.polls

    @property
    def note(self) -> Printable:
        """The one thing to know about it."""
        waiting = printable(self.waiting)
        return waiting or note(self.device, self.story, self.state, self.rows.interval_s)


# fmt: off
DEVICE_COLUMNS = (
    Column(title=printable("STATE"), width=11, priority=8, is_toned=True,
           cell=lambda row: row.rows.label(row.look),
           key=lambda row: _HELD_FIRST if row.is_held else _STATES[row.state]),
    Column(title=printable("USER CODE"), width=9, priority=9,
           cell=lambda row: printable(row.device.user_code), key=lambda row: row.device.user_code),
    Column(title=printable("CLIENT"), width=16, min_width=10, priority=6, grows=True,
           cell=lambda row: short(named(row.device.client_name)),
           key=lambda row: named(row.device.client_name).casefold()),
    Column(title=printable("POLLS"), width=5, priority=3, align="right", gap=1, is_largest_first=True,
           cell=lambda row: printable("" if row.polls is None else f"{row.polls:,}"),
           key=lambda row: row.polls),
    Column(title=printable("EVERY"), width=5, priority=4, align="right", gap=1, is_largest_first=True,
           cell=lambda row: pace(row.story), key=lambda row: row.story.cadence.every_s),
    Column(title=printable("LEFT"), width=5, priority=5, align="right", is_largest_first=True,
           cell=lambda row: row.left, key=lambda row: row.left_s),
    Column(title=printable("NOTE"), width=11, min_width=8, priority=2, grows=True,
           cell=lambda row: row.note, key=lambda row: row.note),
)
# fmt: on


class DeviceRows:
    """A row for each device authorization, in an order that no change of state moves."""

    columns = DEVICE_COLUMNS

    def __init__(self, simulator: Simulator, glyphs: Glyphs = UNICODE) -> None:
        self._simulator = simulator
        self._codes = NewestFirst(simulator.state.devices)
        self._made = Remembered()
        self._glyphs = glyphs
        self._shown: LRUCache[RowId, Device] = LRUCache(MAX_ROWS)
        """Devices of rows that were made, for what is to be said once they are gone."""
        self._held: Counter[str | None] = Counter()
        self._counted: Hashable = None

    @property
    def version(self) -> Hashable:
        """Moves with the log, and with the second for the countdowns."""
        return self._simulator.log.seq, int(self._simulator.now().at)

    def __len__(self) -> int:
        return len(self._codes)

    def id_at(self, index: int) -> RowId:
        """The user code."""
        return self._codes.at(index)

    def index_of(self, row_id: RowId) -> int | None:
        """Where a device is."""
        return self._codes.place_of(row_id)

    def row(self, row_id: RowId) -> DeviceRow:
        """What columns are made of."""
        user_code, at = str(row_id), self._simulator.now().at
        device, story = self._simulator.state.devices[user_code], self._simulator.stories[user_code]
        return DeviceRow(device, story, at, device.state(at), self)

    def cells(self, index: int) -> RowCells:
        """A text for each column."""
        user_code = self._codes.at(index)
        row = self.row(user_code)
        device = self._shown[user_code] = row.device
        waiting = self.waiting(user_code)
        version = (row.state, row.left, device.polls, row.story.timeline.noted, waiting)

        def make() -> RowCells:
            known = row._replace(known=waiting)
            return RowCells(texts(self.columns, known), version, role=known.look.role)

        return self._made.row(user_code, version, make)

    def label(self, look: Look) -> Printable:
        """Sign and word of a state."""
        return self._glyphs.label(look)

    @property
    def interval_s(self) -> int:
        """Seconds between polls of a client that nobody slowed down."""
        return self._simulator.state.policy.interval_s

    def last_seen(self, user_code: RowId, seen: RowCells) -> RowCells:
        """A forgotten device's row with the state that it was in then: a step of the clock skips some."""
        device, at = self._shown.get(user_code), self._simulator.now().at
        if device is None or self.label(Look(device.state(at).value)) == seen.cells[0]:
            return seen
        state, nothing = Look(device.state(at).value), printable("")
        now = {"STATE": self.label(state), "LEFT": left_of(device, at), "NOTE": nothing}
        cells = (now.get(it.title, old) for it, old in zip(self.columns, seen.cells, strict=True))
        return RowCells(tuple(cells), (state, seen.version), role=state.role)

    def waiting(self, user_code: str) -> str:
        """The note that comes before any other: held requests, an armed rule, a silent client."""
        device = self._simulator.state.devices[user_code]
        at = self._simulator.now().at
        return self._waiting(user_code) or silence(self._simulator, device) or absence(device, at)

    def _waiting(self, user_code: str) -> str:
        state = self._simulator.state
        if held := self._held_now().get(user_code):
            return f"{held:,}{HELD}"
        return next_note(state.rules.values(), user_code) if state.lies_in_wait else ""

    def _held_now(self) -> Counter[str | None]:
        """How many are held of each code; counted once for each change, for there may be thousands."""
        held = self._simulator.state.held
        version = len(held), next(reversed(held), None)  # as of NewestFirst: no number comes twice
        if version != self._counted:
            self._counted = version
            self._held = Counter(it.arrival.user_code for it in held.values())
        return self._held
