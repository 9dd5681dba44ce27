"""The operator's screen: four panels, a line above, two below."""

from inspect import isawaitable
from typing import ClassVar

from textual import actions, events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.tui.bars.bar import HintLine, KeyFooter
from oidc_sim.tui.bars.top_bar import Card, TooSmall, TopBar, Totals, Traffic
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.decisions import Decisions, Hindered, Result
from oidc_sim.tui.dialogs.pages import HelpScreen
from oidc_sim.tui.glyphs import UNICODE, Look, clock_word, running_time
from oidc_sim.tui.keymap import UNDO, Holder, bindings
from oidc_sim.tui.lists.row_list import RowList
from oidc_sim.tui.moved_keys import MovedKeys
from oidc_sim.tui.operator.copying import Copying
from oidc_sim.tui.operator.decision_keys import DecisionKeys, SimulationKeys
from oidc_sim.tui.operator.held_keys import HeldKeys
from oidc_sim.tui.operator.hints import Hints, NewsReader, count_pending, count_releasing
from oidc_sim.tui.operator.panel_area import PanelArea
from oidc_sim.tui.operator.panel_keys import FindKeys, InspectKeys, OrderKeys, PanelKeys
from oidc_sim.tui.operator.tips import held_tip
from oidc_sim.tui.operator.work import KeyActions, OpenPage, Work
from oidc_sim.tui.panels import Window


class OperatorScreen(Screen[None]):
    """Shows panels and lines, pulled from the simulator; its objects carry out the keys' actions."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Holder.SCREEN)]
    AUTO_FOCUS = "#devices"

    DEFAULT_CSS = """
    OperatorScreen {
        layers: below above;
        overflow: hidden;
        TooSmall { layer: above; width: 100%; height: 100%; }
        &.-too-small TooSmall { display: block; }
        &.-short #devices { height: 10fr; }
        &.-short #requests { height: 11fr; }
    }
    """

    def __init__(self, server: RunningServer, copying: Copying, open_page: OpenPage) -> None:
        super().__init__()
        self._server = server
        self._simulator = server.simulator
        self._began = self._simulator.now().tick
        self._traffic = Traffic(self._began)
        self._news = NewsReader(self._simulator.log)
        self._pending = 0
        self._moved = MovedKeys(server.settings.keys, is_ascii=server.settings.ascii)
        decisions = Decisions(self._simulator)
        self.hints = Hints(self._simulator, decisions, speak=self._moved.spoken)
        self._top = TopBar(id="top")
        self._hint_line = HintLine(self._moved.shown(UNDO), id="hint")
        self._footer = KeyFooter(self._moved, id="footer")
        self._card = TooSmall(id="card")
        self.panels = PanelArea(
            self._simulator,
            server.url,
            server.settings.error_type,
            has_blocks=not (server.settings.ascii or server.settings.plain),
            speak=self._moved.spoken,
        )
        self._work = work = Work(server, self.panels, decisions, self._moved, self, self._say)
        self.held, self.order = HeldKeys(work), OrderKeys(work)
        self.decide = DecisionKeys(work, self.held)
        self._does: dict[str, KeyActions] = {
            "decide": self.decide,
            "held": self.held,
            "simulation": SimulationKeys(work),
            "find": FindKeys(work),
            "order": self.order,
            "panels": PanelKeys(work, self.order),
            "inspect": InspectKeys(work, copying, open_page),
        }
        """By the first word of the actions in the keymap, such as ``held.release``."""

    def compose(self) -> ComposeResult:
        """From top to bottom; the card lies over all of it."""
        yield self._top
        yield self.panels
        yield self._hint_line
        yield self._footer
        yield self._card

    # What is seen.

    def pull(self) -> None:
        """Take in what is new; to be called ten times a second, and after each key."""
        news = self._news.read()
        if news.from_elsewhere is not None:
            self.hints.hear(news.from_elsewhere)
        is_new_second = self._traffic.note(
            self._simulator.now().tick, self._simulator.log.exchanges.seen
        )
        if news.moved_totals or is_new_second:
            self._pending = count_pending(self._simulator)
        self.panels.pull(self._pending)
        self._tell()

    @on(events.Resize)
    def _fit(self, event: events.Resize) -> None:
        window = Window(event.size.width, event.size.height)
        self.set_class(window.is_too_small, "-too-small")
        self.set_class(not window.is_tall, "-short")
        self.panels.fit(window)
        self.call_after_refresh(self.pull)

    @on(RowList.Selected)
    def _look_at_row(self, message: RowList.Selected) -> None:
        if message.row_id is not None:
            self.hints.clear()  # it was about another row
        self.pull()

    @on(events.DescendantFocus)
    def _look_at_panel(self) -> None:
        self.hints.clear()
        self.pull()

    def _tell(self) -> None:
        """Fill the lines around the panels; each paints only when it says something else."""
        simulator = self._simulator
        selected = self._work.selected_code()
        held = held_tip(simulator, self.panels.subject)
        hint = self.decide.with_undo(self.hints.hint(selected, self.panels.panel, held))
        self._hint_line.tell(hint)
        self._top.tell(
            Totals(
                url=self._server.url,
                up=running_time(simulator.now().tick - self._began),
                clients=len(simulator.state.clients),
                pending=self._pending,
                rate=self._traffic.rate,
                sparkline=self._sparkline(),
                seed=self._server.settings.seed,
                clock=clock_word(simulator.clock.offset_s, is_off=simulator.clock.is_off),
                held=len(simulator.state.held),
                rules=sum(not rule.over_because for rule in simulator.state.rules.values()),
                is_frozen=simulator.clock.is_frozen,
                releasing=count_releasing(simulator),
                auto_approves=simulator.state.auto_approves,
                is_saved=not (self._server.journal() or {}).get("stopped_because"),
            )
        )
        self._footer.tell(self.panels.panel, self.decide.dimmed() | self.held.dimmed())
        if self.has_class("-too-small"):
            self._card.tell(
                Card(
                    window=Window(*self.size),
                    url=self._server.url,
                    pending=self._pending,
                    selected=self._on_card(),
                    hint=hint.text,
                )
            )

    def _sparkline(self) -> Printable:
        return printable("") if self._server.settings.plain else self._traffic.sparkline()

    def _on_card(self) -> tuple[Printable, ...]:
        """The device that keys act on, in full and in short."""
        device = self._simulator.state.devices.get(self._work.selected_code() or "")
        if device is None:
            return ()
        look = Look(device.state(self._simulator.now().at).value)
        code, sign = device.user_code, UNICODE.signs[look]
        forms = (f"▸ {UNICODE.label(look)}  {code}", f"{sign} {code}", code)
        return tuple(map(printable, forms))

    # What keys do.

    async def action_do(self, what: str) -> None:
        """Carry out a key's action, such as ``held.release`` or ``order.sort(1)``."""
        part, name, arguments = actions.parse(what)
        done = getattr(self._does[part], name)(*arguments)
        if isawaitable(done):
            await done

    def action_help(self) -> None:
        """Show every key."""
        self.app.push_screen(HelpScreen(self._moved))

    def on_mount(self) -> None:
        """Reports a demo client's failure on the hint line from here on."""
        self._server.demos.tell = lambda why: self._say(Hindered(why))

    def on_unmount(self) -> None:
        """Reports such failures as notes again: there is no hint line any more."""
        self._server.demos.tell = self._server.notes.append

    @on(KeyFooter.Pressed)
    async def _press(self, message: KeyFooter.Pressed) -> None:
        await self.run_action(message.key.action)

    def _say(self, result: Result) -> None:
        self.hints.note(result)
        self.pull()
