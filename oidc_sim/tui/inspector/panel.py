"""Panel 4: all about the selected row, in five views."""

from collections.abc import Hashable, Iterator

from textual import events

from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.lines import Line, Span, Tone
from oidc_sim.tui.bars.page import MARGIN, Page
from oidc_sim.tui.cells import printable
from oidc_sim.tui.glyphs import UNICODE, Glyphs
from oidc_sim.tui.inspector.about import about, views_of
from oidc_sim.tui.inspector.device import Place
from oidc_sim.tui.inspector.subject import Subject, View
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.envelope import ErrorTypeForm

_TABS = 2
"""Lines above the text: the tabs and what is drawn below them."""


class Inspector(Page):
    """Shows one view of one subject; looks at the simulator when told to pull."""

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
        """A story moves with the log and the second; an exchange with its answer, and it may go."""
        if self.view in {View.TIMELINE, View.CLIENT, View.NEXT}:
            return self._simulator.log.seq, int(self._simulator.now().at)
        exchange = self.subject.exchange(self._simulator)
        return (exchange.number, exchange.status, exchange.took_s) if exchange else None

    def _tab_lines(self) -> tuple[Line, ...]:
        width = self.text_width
        return Line(tuple(self._tabs())), Line((Span(printable("─" * width), Tone.MUTED),))

    def _tabs(self) -> Iterator[Span]:
        """With a blank on either side; where that takes too many cells, before each only."""
        views = views_of(self.subject)
        is_wide = sum(len(view) + len("  ") for view in views) <= self.text_width
        for view in views:
            tone = Tone.CHOSEN if view is self.view else Tone.MUTED
            yield Span(printable(f" {view} " if is_wide else f" {view}"), tone)
