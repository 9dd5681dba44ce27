"""The four panels: which are shown, which is focused, what is selected."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from oidc_sim.filtering import Expression
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.bar import Titles
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.inspector.panel import Inspector, Subject
from oidc_sim.tui.lists import ClientRows, DeviceRows, RequestRows
from oidc_sim.tui.lists.filtered import Choosing
from oidc_sim.tui.lists.row_list import RowList
from oidc_sim.tui.lists.row_source import RowId
from oidc_sim.tui.lists.sorting import ColumnRows, RowSorter
from oidc_sim.tui.operator.copying import NO_CLIENTS, NO_REQUESTS, no_devices
from oidc_sim.tui.panels import LISTS, Panel, Window
from oidc_sim.wire.answers import ErrorTypeForm


class PanelArea(Horizontal):
    """Lists at the left, the inspector at the right or instead of them."""

    DEFAULT_CSS = """
    PanelArea {
        height: 1fr;
        #lists { width: 1fr; height: 1fr; }
        RowList, Inspector {
            border: round $panel-line;
            border-title-color: $panel-line; border-subtitle-color: $text-muted;
        }
        RowList:focus, Inspector:focus {
            border: heavy $panel-line-focused;
            border-title-color: $panel-line-focused; border-subtitle-color: $foreground;
        }
        #clients { height: 7; }
        #devices { height: 2fr; }
        #requests { height: 3fr; }
        #inspector { width: 35%; min-width: 40; }
        &.-stretched #clients { height: 1fr; }
        &.-stretched #inspector { width: 1fr; }
    }
    """

    def __init__(
        self,
        simulator: Simulator,
        url: str,
        error_type: ErrorTypeForm,
        *,
        has_blocks: bool = True,
        speak: Callable[[str], str] = str,
    ) -> None:
        super().__init__()
        self.panel = Panel.DEVICES
        """The focused panel, also while a dialog is open."""
        self.is_zoomed = False
        """Whether the focused panel has the whole window."""
        every = ClientRows(simulator), DeviceRows(simulator), RequestRows(simulator)
        self._choosing = Choosing(simulator, dict(zip(LISTS, every, strict=True)))
        self._lists = _row_lists(simulator, *every, no_devices(url, speak))
        self.clients = self._lists[Panel.CLIENTS]
        self.devices = self._lists[Panel.DEVICES]
        self.requests = self._lists[Panel.REQUESTS]
        self.inspector = Inspector(
            simulator, url, error_type=error_type, has_blocks=has_blocks, id="inspector"
        )
        self._left = Vertical(*self._lists.values(), id="lists")
        self._list_panel = Panel.DEVICES
        """The list whose selection is inspected."""
        self._window = Window(0, 0)
        self._titles = Titles()
        self._simulator = simulator

    def compose(self) -> ComposeResult:
        """The panels in the protocol's order."""
        yield self._left
        yield self.inspector

    @property
    def subject(self) -> Subject:
        """The row that is inspected, and acted on."""
        return Subject(self._list_panel, self._lists[self._list_panel].cursor_id)

    @property
    def focused_list(self) -> RowList | None:
        """The list that has the focus; None while the inspector has it."""
        return self._lists.get(self.panel)

    @property
    def is_on_ghost(self) -> bool:
        """Whether the selected row is gone."""
        return self._lists[self._list_panel].view.is_on_ghost

    @property
    def about_ghost(self) -> str:
        """The reason why keys have nothing to act on there."""
        is_hidden = self._lists[self._list_panel].view.is_on_hidden
        return "a filter hides that row" if is_hidden else "that row is gone"

    @property
    def is_inspector_shown(self) -> bool:
        """Whether the inspector can be seen."""
        return self.inspector.display

    def filter(self, panel: Panel, expression: Expression | None) -> str:
        """Show the rows of a list that fit; says how many do, of how many, if that is known yet."""
        self._lists[panel].show(self._choosing.choose(panel, expression))
        return self._fitting(panel) if self._choosing.is_whole(panel) else ""

    def _fitting(self, panel: Panel) -> str:
        more = "" if self._choosing.is_whole(panel) else "+"
        shown, total = len(self._lists[panel].source), self._choosing.total(panel)
        return f"{shown:,}{more} of {total:,}"

    def filter_text(self, panel: Panel) -> str:
        """The filter that lies over a list; empty for none."""
        expression = self._choosing.filters.get(panel)
        return expression.text if expression else ""

    def select(self, panel: Panel, row_id: RowId) -> bool:
        """Go to a row of a list; False when it does not show it."""
        if self._lists[panel].source.index_of(row_id) is None:
            return False
        self.go_to(panel)
        self._lists[panel].select(row_id)
        return True

    def fit(self, window: Window) -> None:
        """Lay the panels out for a terminal of another size."""
        self._window = window
        self._arrange()

    def go_to(self, panel: Panel) -> None:
        """Focus a panel, and show it if it is not."""
        self.panel = panel
        if panel in LISTS:
            self._list_panel = panel
        self._arrange()

    def go_round(self, by: int) -> None:
        """Focus the next of the panels that are shown, or with -1 the one before."""
        self.go_to(self._window.next_panel(self.panel, by))

    def go_back(self) -> bool:
        """Undo what hides the other panels, else leave the inspector; False if there is nothing to."""
        if self.is_zoomed:
            self.is_zoomed = False
            self._arrange()
        elif self.panel is Panel.INSPECTOR:
            self.go_to(self._list_panel)
        else:
            return False
        return True

    def zoom(self) -> bool:
        """Give the focused panel the whole window, or put it back; False if it has it anyway."""
        if self.panel is Panel.INSPECTOR and not self._window.is_wide:
            return False
        self.is_zoomed = not self.is_zoomed
        self._arrange()
        return True

    def pull(self, pending: int) -> None:
        """Take in what is new, where it can be seen."""
        if self._choosing.read_on():
            self.requests.sort_again()  # until now those that were read by and by stood aside
        for rows in self._lists.values():
            if rows.display:
                rows.pull()
        if self.inspector.display:
            self.inspector.inspect(self.subject)
        self._entitle(pending)

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        """A click focuses too."""
        focused = next((panel for panel in Panel if self._widget(panel) is event.widget), None)
        if focused is not None and focused is not self.panel:
            self.go_to(focused)

    def _widget(self, panel: Panel) -> Widget:
        return self._lists.get(panel, self.inspector)

    def _arrange(self) -> None:
        shown = self._window.shown(self.panel, is_zoomed=self.is_zoomed)
        for panel in Panel:
            self._widget(panel).display = panel in shown
        self._left.display = any(panel in shown for panel in LISTS)
        self.set_class(len(shown) == 1, "-stretched")
        if not self.screen.is_current or self._widget(self.panel).has_focus:
            return
        self.screen.set_focus(self._widget(self.panel))

    def _entitle(self, pending: int) -> None:
        state, exchanges = self._simulator.state, self._simulator.log.exchanges
        rights = {
            Panel.CLIENTS: f"{len(state.clients):,}",
            Panel.DEVICES: f"{pending:,} pending of {len(state.devices):,}",
            Panel.REQUESTS: _how_many(exchanges.seen, exchanges.dropped),
            Panel.INSPECTOR: "",
        }
        for panel, expression in self._choosing.filters.items():
            rights[panel] = f"/{expression.text}/ {self._fitting(panel)}"
        for panel, right in rights.items():
            if self._widget(panel).display:
                self._titles.set(self._widget(panel), self._title(panel), printable(right))

    def _title(self, panel: Panel) -> Printable:
        about = ""
        if panel is Panel.INSPECTOR:
            about = f"  {self.subject.title(self._simulator)}"
        return printable(f"{panel.value} {panel.title}{about}".rstrip())


def _how_many(seen: int, discarded: int) -> str:
    gone = f" (oldest {discarded:,} discarded)" if discarded else ""
    return f"{seen:,} request{'' if seen == 1 else 's'}{gone}"


def _row_lists(
    simulator: Simulator,
    clients: ClientRows,
    devices: DeviceRows,
    requests: RequestRows,
    no_devices: Sequence[Printable],
) -> Mapping[Panel, RowList]:
    """The three lists, each with its columns, its own order and what it says while it is empty."""
    by_code = RowList(
        devices.columns,
        devices,
        order=printable("newest first"),
        placeholder=no_devices,
        id="devices",
    )
    by_code.view.last_seen = devices.last_seen
    lists = {
        Panel.CLIENTS: RowList(clients.columns, clients, placeholder=NO_CLIENTS, id="clients"),
        Panel.DEVICES: by_code,
        Panel.REQUESTS: RowList(
            requests.columns, requests, can_follow=True, placeholder=NO_REQUESTS, id="requests"
        ),
    }
    every: tuple[ColumnRows, ...] = (clients, devices, requests)
    for rows, source in zip(lists.values(), every, strict=True):
        rows.sorter = RowSorter(source, lambda: simulator.now().at)
    return MappingProxyType(lists)
