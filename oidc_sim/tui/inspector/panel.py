"""Panel 4: the inspector, which shows the selected row in five views."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from textual import events

from oidc_sim.record.exchange import Exchange
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.page import BLANK, MARGIN, Line, Page, Tone, TonedText, muted, plain
from oidc_sim.tui.cells import Printable, named, printable
from oidc_sim.tui.glyphs import UNICODE, Glyphs, fine_clock
from oidc_sim.tui.inspector.client import client_lines, session_lines
from oidc_sim.tui.inspector.device import Place, device_lines, whole_next_lines
from oidc_sim.tui.inspector.exchange import (
    curl_lines,
    exchange_facts,
    not_yet_lines,
    request_lines,
    response_lines,
)
from oidc_sim.tui.lists.requests import waiting_outcome
from oidc_sim.tui.lists.row_source import RowId
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.answers import ErrorTypeForm


class View(StrEnum):
    """The inspector's views, in the order of their tabs."""

    CLIENT = "Client"
    TIMELINE = "Timeline"
    REQUEST = "Request"
    RESPONSE = "Response"
    CURL = "curl"
    NEXT = "Next"


@dataclass(frozen=True, slots=True)
class Subject:
    """The selected row of a list."""

    panel: Panel
    """The list."""
    row_id: RowId | None
    """None when the list has no selection."""

    def exchange(self, simulator: Simulator) -> Exchange | None:
        """The request itself, or the newest one about the device; None when there is none."""
        number: int | None = None
        if self.panel is Panel.REQUESTS and isinstance(self.row_id, int):
            number = self.row_id
        elif self.panel is Panel.DEVICES and isinstance(self.row_id, str):
            story = simulator.stories.get(self.row_id)
            number = story.last_exchange if story else None
        return simulator.log.exchanges.get(number) if number else None

    def user_code(self, simulator: Simulator) -> str | None:
        """The device that keys act on: the selected one, or the one that the request was about."""
        if self.panel is Panel.DEVICES and isinstance(self.row_id, str):
            return self.row_id
        exchange = self.exchange(simulator) if self.panel is Panel.REQUESTS else None
        return exchange.user_code if exchange else None

    def title(self, simulator: Simulator) -> Printable:
        """The subject's name in the inspector's border."""
        if self.row_id is None:
            return printable("")
        if self.panel is Panel.CLIENTS:
            client = simulator.state.clients.get(str(self.row_id))
            return printable(named(client.name)[:_TITLE] if client else "")
        if self.panel is Panel.REQUESTS:
            user_code = self.user_code(simulator)
            return printable(f"#{self.row_id}{'  ' + user_code if user_code else ''}")
        return printable(str(self.row_id))


_TITLE = 40
"""Characters of a client's name in the border."""


_NOTHING_SELECTED = {
    Panel.CLIENTS: ("No client is selected.",),
    Panel.DEVICES: (
        "No device code yet.",
        "",
        "Here you will see its state, its polls, and what its client gets next.",
    ),
    Panel.REQUESTS: ("No request is selected.", "", "↑ selects one and stops following."),
}


def views_of(subject: Subject) -> tuple[View, ...]:
    """The views of a subject: HTTP belongs to device codes and requests."""
    return (View.CLIENT,) if subject.panel is Panel.CLIENTS else _VIEWS


def about(simulator: Simulator, subject: Subject, view: View, place: Place) -> list[Line]:
    """The lines of one view of a subject."""
    if subject.row_id is None:
        return [plain(text) for text in _NOTHING_SELECTED[subject.panel]]
    if view in {View.CLIENT, View.TIMELINE}:
        return _story(simulator, subject, place)
    if view is View.NEXT:
        return _whole_next(simulator, subject, place)
    exchange = subject.exchange(simulator)
    if exchange is None:
        return [muted(_NO_EXCHANGE[subject.panel])]
    waiting = waiting_outcome(simulator, exchange)
    if view is View.RESPONSE and waiting is not None:
        return [*_which(exchange, subject), *not_yet_lines(waiting)]
    return [*_which(exchange, subject), *_http(exchange, view, place)]


def _http(exchange: Exchange, view: View, place: Place) -> list[Line]:
    if view is View.CURL:
        return curl_lines(exchange, place.url)
    lines = request_lines if view is View.REQUEST else response_lines
    return lines(exchange, is_folded=place.is_folded)


def _which(exchange: Exchange, subject: Subject) -> list[Line]:
    """Say which request is shown of a device code: the newest, which changes while one reads."""
    if subject.panel is Panel.REQUESTS:
        return []
    return [muted(f"newest request, #{exchange.number} at {fine_clock(exchange.at)}"), BLANK]


def _story(simulator: Simulator, subject: Subject, place: Place) -> list[Line]:
    if subject.panel is Panel.CLIENTS:
        if str(subject.row_id) not in simulator.state.clients:
            return [plain("This client is forgotten.")]
        return client_lines(simulator, str(subject.row_id), place.glyphs)
    lines: list[Line] = []
    if subject.panel is Panel.REQUESTS:
        exchange = subject.exchange(simulator)
        if exchange is None:
            return [muted(_NO_EXCHANGE[Panel.REQUESTS])]
        lines = [*exchange_facts(exchange, waiting_outcome(simulator, exchange)), BLANK]
    return [*lines, *_device(simulator, subject, place)]


def _whole_next(simulator: Simulator, subject: Subject, place: Place) -> list[Line]:
    user_code = subject.user_code(simulator)
    if user_code is None:
        return [muted("It was about no device code.")]
    if user_code not in simulator.state.devices:
        return [plain(f"The device code {user_code} is forgotten.")]
    return whole_next_lines(simulator, simulator.state.devices[user_code], place)


def _device(simulator: Simulator, subject: Subject, place: Place) -> list[Line]:
    user_code = subject.user_code(simulator)
    if user_code is None:
        return [muted("It was about no device code.")]
    if user_code not in simulator.state.devices:
        session = session_lines(simulator, user_code, place.glyphs)
        return session or [plain(f"The device code {user_code} is forgotten.")]
    return device_lines(simulator, user_code, place)


_VIEWS = (View.TIMELINE, View.REQUEST, View.RESPONSE, View.CURL, View.NEXT)
_NO_EXCHANGE = {
    Panel.DEVICES: "Its last request is older than the list of requests goes back.",
    Panel.REQUESTS: "This request is older than the list of requests goes back.",
}


_TABS = 2
"""Lines above the text: the tabs and what is drawn below them."""


class Inspector(Page):
    """Shows one view of one subject; looks at the simulator in ``pull``."""

    def __init__(
        self,
        simulator: Simulator,
        url: str,
        *,
        error_type: ErrorTypeForm = ErrorTypeForm.FULL,
        glyphs: Glyphs = UNICODE,
        has_blocks: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.subject = Subject(Panel.DEVICES, None)
        self._chosen = View.TIMELINE
        self._simulator = simulator
        self._url = url
        self._error_type = error_type
        self._glyphs = glyphs
        self._has_blocks = has_blocks
        self._pulled: Hashable = None
        self.is_folded = False
        """Whether of JSON only the outermost members are shown."""

    def inspect(self, subject: Subject) -> None:
        """Turn to another subject; the view stays, so that rows can be compared."""
        self.subject = subject
        self.pull()

    @property
    def view(self) -> View:
        """What is shown: what was chosen, if there is such a view of the subject."""
        views = views_of(self.subject)
        return self._chosen if self._chosen in views else views[0]

    def turn(self, by: int) -> bool:
        """Turn to the next view, or with -1 to the one before; False if there is no other."""
        views = views_of(self.subject)
        self._chosen = views[(views.index(self.view) + by) % len(views)]
        self.pull()
        return len(views) > 1

    def fold(self) -> bool:
        """Fold what lies in JSON's members, or unfold it; returns whether it is folded now."""
        self.is_folded = not self.is_folded
        self.pull()
        return self.is_folded

    @property
    def text_height(self) -> int:
        """Lines that can be seen at once, below the tabs."""
        return max(0, self.size.height - _TABS)

    def pull(self) -> None:
        """Take in what is new about the subject; to be called on a timer."""
        sized = (self.text_width, self.text_height, self.is_folded)
        version = (self.subject, self.view, sized, self._version())
        if version == self._pulled:
            return
        self._pulled = version
        place = Place(
            self.text_width,
            self._url,
            self._error_type,
            self._glyphs,
            height=self.text_height,
            has_blocks=self._has_blocks,
            is_folded=self.is_folded,
        )
        lines = about(self._simulator, self.subject, self.view, place)
        self.show(lines, self._tab_lines(), key=(self.subject, self.view))

    def on_resize(self) -> None:
        """Tells a narrow panel's story in shorter words."""
        self.pull()
        super().on_resize()

    def on_click(self, event: events.Click) -> None:
        """Turns to the view whose tab was clicked."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y != 0:
            return
        right = MARGIN
        for by, tab in enumerate(self._tabs()):
            right += len(tab.text)
            if offset.x < right:
                self.turn(by - views_of(self.subject).index(self.view))
                return

    def _version(self) -> Hashable:
        """Differs when the view may: a story with the log and the second, an exchange with its answer."""
        if self.view in {View.TIMELINE, View.CLIENT, View.NEXT}:
            return self._simulator.log.seq, int(self._simulator.now().at)
        exchange = self.subject.exchange(self._simulator)
        return (exchange.number, exchange.status, exchange.took_s) if exchange else None

    def _tab_lines(self) -> tuple[Line, ...]:
        width = self.text_width
        return Line(tuple(self._tabs())), Line((TonedText(printable("─" * width), Tone.MUTED),))

    def _tabs(self) -> Iterator[TonedText]:
        """Each tab with a blank on either side; before it only, where both take too many cells."""
        views = views_of(self.subject)
        is_wide = sum(len(view) + len("  ") for view in views) <= self.text_width
        for view in views:
            tone = Tone.CHOSEN if view is self.view else Tone.MUTED
            yield TonedText(printable(f" {view} " if is_wide else f" {view}"), tone)
