"""The operator's screen: four panels, a line above, two below."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from oidc_sim.actions.running_server import Desk
from oidc_sim.engine.commands import SetAutoApprove
from oidc_sim.engine.model import Decision
from oidc_sim.tui.bars.bar import HintLine, KeyFooter
from oidc_sim.tui.bars.top_bar import Card, TooSmall, TopBar, Totals, Traffic, can_name_code
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.decisions import Armed, Decided, Decisions, Hindered, Result, Told
from oidc_sim.tui.dialogs.pages import HelpScreen
from oidc_sim.tui.glyphs import UNICODE, Look, clock_word, running_time
from oidc_sim.tui.inspector.device import page_url
from oidc_sim.tui.keymap import UNDO, Holder, bindings
from oidc_sim.tui.lists.row_list import RowList
from oidc_sim.tui.moved_keys import MovedKeys
from oidc_sim.tui.operator.copying import Copying
from oidc_sim.tui.operator.decision_keys import (
    ApproveAllKeys,
    ClientKeys,
    ClockKeys,
    DemoKeys,
    ResetKeys,
)
from oidc_sim.tui.operator.hints import (
    AUTO_APPROVE_TOLD,
    Hints,
    NewsReader,
    count_pending,
    count_releasing,
)
from oidc_sim.tui.operator.list_keys import FindKeys, OrderKeys
from oidc_sim.tui.operator.panel_area import PanelArea
from oidc_sim.tui.operator.request_keys import FaultKeys, HoldKeys, InspectKeys
from oidc_sim.tui.operator.tips import held_tip
from oidc_sim.tui.panels import Panel, Window

_BLIND = Hindered("no room for the code that keys act on")
OpenPage = Callable[[str], Awaitable[bool]]


class OperatorScreen(
    ApproveAllKeys,
    FindKeys,
    FaultKeys,
    HoldKeys,
    ClockKeys,
    ClientKeys,
    DemoKeys,
    InspectKeys,
    OrderKeys,
    ResetKeys,
):
    """Turns keys into commands, and what became of them into a hint. Pulls; is told nothing."""

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

    def __init__(self, desk: Desk, copying: Copying, open_page: OpenPage) -> None:
        super().__init__()
        self._desk = desk
        self._simulator = desk.simulator
        self._copying = copying
        self._open_page = open_page
        self._began = self._simulator.now().tick
        self._traffic = Traffic(self._began)
        self._news = NewsReader(self._simulator.log)
        self._pending = 0
        self._jumps = []
        self._decisions = Decisions(self._simulator)
        self._moved = MovedKeys(desk.settings.keys, is_ascii=desk.settings.ascii)
        self._hints = Hints(self._simulator, self._decisions, speak=self._moved.spoken)
        self._top = TopBar(id="top")
        self._hint_line = HintLine(self._moved.shown(UNDO), id="hint")
        self._footer = KeyFooter(self._moved, id="footer")
        self._card = TooSmall(id="card")
        self.panels = PanelArea(
            self._simulator,
            desk.url,
            desk.settings.error_type,
            has_blocks=not (desk.settings.ascii or desk.settings.plain),
            speak=self._moved.spoken,
        )

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
            self._hints.hear(news.from_elsewhere)
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
            self._hints.clear()  # it was about another row
        self.pull()

    @on(events.DescendantFocus)
    def _look_at_panel(self) -> None:
        self._hints.clear()
        self.pull()

    def _tell(self) -> None:
        """Fill the lines around the panels; each paints only when it says something else."""
        simulator = self._simulator
        selected = self._selected_code()
        held = held_tip(simulator, self.panels.subject)
        hint = self._with_client_undo(self._hints.hint(selected, self.panels.panel, held))
        self._hint_line.tell(hint)
        self._top.tell(
            Totals(
                url=self._desk.url,
                up=running_time(simulator.now().tick - self._began),
                clients=len(simulator.state.clients),
                pending=self._pending,
                rate=self._traffic.rate,
                sparkline=self._sparkline(),
                seed=self._desk.settings.seed,
                clock=clock_word(simulator.clock.offset_s, is_off=simulator.clock.is_off),
                held=len(simulator.state.held),
                rules=sum(not rule.over_because for rule in simulator.state.rules.values()),
                is_frozen=simulator.clock.is_frozen,
                releasing=count_releasing(simulator),
                auto_approves=simulator.state.auto_approves,
                is_saved=not (self._desk.journal() or {}).get("stopped_because"),
            )
        )
        self._footer.tell(
            self.panels.panel,
            self._dimmed_for_client(self._decisions.impossible_now(selected))
            | self._dimmed_on_gone(),
        )
        if self.has_class("-too-small"):
            self._card.tell(
                Card(
                    window=Window(*self.size),
                    url=self._desk.url,
                    pending=self._pending,
                    selected=self._on_card(),
                    hint=hint.text,
                )
            )

    def _sparkline(self) -> Printable:
        """The bars, unless none were wanted."""
        return printable("") if self._desk.settings.plain else self._traffic.sparkline()

    def _on_card(self) -> tuple[Printable, ...]:
        """The device that keys act on, in full and in short."""
        device = self._simulator.state.devices.get(self._selected_code() or "")
        if device is None:
            return ()
        look = Look(device.state(self._simulator.now().at).value)
        code, sign = device.user_code, UNICODE.signs[look]
        forms = (f"▸ {UNICODE.label(look)}  {code}", f"{sign} {code}", code)
        return tuple(map(printable, forms))

    # What is selected.

    def _is_blind(self) -> bool:
        """Whether the window has no room to say what a key would act on."""
        window = Window(*self.size)
        return window.is_too_small and not can_name_code(window)

    def _selected_code(self) -> str | None:
        if self.panels.is_on_ghost:
            return None
        return self.panels.subject.user_code(self._simulator)

    def _why_no_code(self) -> Hindered:
        subject = self.panels.subject
        if self.panels.is_on_ghost:
            return Hindered(self.panels.about_ghost)
        if subject.panel is not Panel.REQUESTS or subject.row_id is None:
            return Hindered("no device code selected")
        return Hindered("that request was about no device code")

    def _note(self, result: Result) -> None:
        if isinstance(result, Armed):
            self._decisions.remember(result.rule_id)
        self._hints.note(result)
        self.pull()

    # What keys do.

    def action_decide(self, name: str) -> None:
        """Decide for the selected device."""
        decision = Decision(name)
        if decision is Decision.EXPIRE and self._is_about_clients():
            self._note(self._expire_client())
            return
        user_code = self._selected_code()
        if self._answer_held(decision):
            return
        if user_code is None:
            self._note(self._why_no_code())
        elif self._is_blind():
            self._note(_BLIND)
        else:
            decided = self._decisions.decide(decision, user_code)
            if decision is Decision.APPROVE and isinstance(decided, Decided):
                self._let_go()
            self._note(decided)

    def action_undo(self) -> None:
        """Take the selected device's last decision back, else the operator's last one."""
        if (restored := self._restore_client()) is not None:
            self._note(restored)
        else:
            selected = self._selected_code()
            self._note(_BLIND if self._is_blind() else self._decisions.undo(selected))

    def action_auto_approve(self) -> None:
        """Approve sign-ins without anybody's hand, or no longer."""
        is_on = not self._simulator.state.auto_approves
        self._simulator.dispatch(SetAutoApprove(is_on=is_on))
        self._note(Told(AUTO_APPROVE_TOLD[is_on]))

    def action_inspect(self) -> None:
        """Go to the inspector."""
        if self.panels.panel is Panel.INSPECTOR:
            self._note(Hindered("this is the inspector; ⟦back⟧ goes back"))
        elif self.panels.subject.row_id is None:
            self._note(Hindered("no row selected"))
        else:
            self.panels.go_to(Panel.INSPECTOR)

    def action_back(self) -> None:
        """Leave the zoom or the inspector, else the order by a column."""
        if not self.panels.go_back() and not self._end_sort():
            self._note(Hindered("nothing to go back from; ⟦quit⟧ quits"))

    def action_inspect_tab(self, by: int) -> None:
        """Turn the inspector to another view."""
        if self.panels.subject.row_id is None:
            self._note(Hindered("no row selected"))
        elif not self.panels.is_inspector_shown:
            self._note(Hindered("the inspector is not shown; ⟦inspect⟧ opens it"))
        elif not self.panels.inspector.turn(by):
            self._note(Hindered("a client has one view only"))

    def action_zoom(self) -> None:
        """Give the focused panel the whole window, or put it back."""
        if not self.panels.zoom():
            self._note(Hindered("it has the whole window already; ⟦back⟧ goes back"))

    def action_panel(self, digit: int) -> None:
        """Focus a panel."""
        if self.panels.panel is Panel(digit):
            self._note(Hindered(f"this is {Panel(digit).title}"))
        self.panels.go_to(Panel(digit))

    def action_next_panel(self, by: int) -> None:
        """Focus the next panel that is shown."""
        self.panels.go_round(by)

    def action_copy_code(self) -> None:
        """Copy the user code, or the shell lines where there is no code yet."""
        user_code = self._selected_code()
        if user_code is not None:
            self._note(self._copying.copy(user_code, user_code))
        elif self._simulator.state.devices:
            self._note(self._why_no_code())
        else:
            self._note(self._copying.copy_shell_lines())

    def action_copy_curl(self) -> None:
        """Copy the selected request, or the device's newest, as curl."""
        exchange = self.panels.subject.exchange(self._simulator)
        self._note(
            Hindered("no request selected")
            if exchange is None
            else self._copying.copy_curl(exchange)
        )

    def action_open_page(self) -> None:
        """Open the verification page of the selected device."""
        user_code = self._selected_code()
        if user_code is None:
            self._note(self._why_no_code())
            return
        device = self._simulator.state.devices.get(user_code)
        if device is not None and device.browser is not None:
            self._note(Hindered("only the browser that waits can show the page of this sign-in"))
            return
        url = page_url(self._desk.url, user_code)
        self._note(Told(f"opening {url}"))
        self.run_worker(self._open(url), exclusive=True, group="browser")

    def action_help(self) -> None:
        """Show every key."""
        self.app.push_screen(HelpScreen(self._moved))

    @on(KeyFooter.Pressed)
    async def _press(self, message: KeyFooter.Pressed) -> None:
        await self.run_action(message.key.action)

    async def _open(self, url: str) -> None:
        if not await self._open_page(url):
            self._note(Hindered(f"no browser on this host; open {url}"))
