"""Small questions over the screen: confirmations, by how much the clock jumps, which demo client to run."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oidc_sim.demo.demos import MOST
from oidc_sim.demo.performance import PERFORMANCES, STOP
from oidc_sim.engine.clock import LEAST_STEP_S, MOST_STEP_S
from oidc_sim.text.durations import parse_duration, spoken
from oidc_sim.tui.cells import fit, printable
from oidc_sim.tui.keymap import Holder, bindings


class ConfirmDialog(ModalScreen[bool]):
    """Gives whether to do it; only ``y`` does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n,enter", "answer(False)", show=False, id="confirm.no"),
        Binding("y", "answer(True)", show=False, id="confirm.yes"),
    ]

    DEFAULT_CSS = """
    ConfirmDialog {
        align: center middle;
        #confirm {
            width: 56; height: auto; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        Static { height: auto; }
    }
    """

    def __init__(self, title: str, consequence: str, *, yes: str, no: str) -> None:
        """Ask ``title`` and show its consequence; ``yes`` and ``no`` say what keys do."""
        super().__init__()
        self._words = title, consequence, f"y {yes}  n esc {no}"

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        title, consequence, keys = self._words
        with Vertical(id="confirm") as box:
            box.border_title, box.border_subtitle = Content(title), Content(keys)
            yield Static(f"\n{consequence}\n", markup=False)

    def action_answer(self, is_wanted: bool) -> None:  # noqa: FBT001
        """Do it, or leave things as they are."""
        self.dismiss(is_wanted)


def quit_dialog(held: int) -> ConfirmDialog:
    """Ask whether to leave while this many requests are held."""
    requests = "request is" if held == 1 else "requests are"
    consequence = f"{held:,} {requests} held. Quitting releases all first."
    return ConfirmDialog("Quit?", consequence, yes="release all and quit", no="stay")


def reset_dialog(clients: int, devices: int, rules: int) -> ConfirmDialog:
    """Ask whether to forget so many of each."""
    parts = (("client", clients), ("sign-in", devices), ("rule", rules))
    counts = ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for name, count in parts)
    consequence = (
        f"This forgets {counts}.\nClients are told invalid_client until they register anew."
    )
    return ConfirmDialog("Reset?", consequence, yes="forget everything", no="keep it")


_IN_A_LINE = 4
_OTHER_LINES = 11
"""Lines of the dialog without the codes, and one of the screen above and below it."""
_MOST_LINES = 8


def approve_all_dialog(
    user_codes: Sequence[str], notes: Sequence[str], height: int
) -> ConfirmDialog:
    """Ask whether to approve these user codes, newest first as on the screen behind.

    ``notes`` are sentences about held requests and about what is left out; ``height`` is the window's.
    """
    consequence = "\n".join(map(printable, _lines(user_codes, notes, height)))
    yes = f"approve {len(user_codes):,}"
    return ConfirmDialog("Approve all pending?", consequence, yes=yes, no="keep them pending")


def _lines(codes: Sequence[str], notes: Sequence[str], height: int) -> Iterator[str]:
    count = len(codes)
    yield f"This approves {count:,} sign-in{'' if count == 1 else 's'}. Clients may collect"
    yield "tokens within 1 s; collected tokens can't be undone."
    yield from notes
    yield ""
    room = height - _OTHER_LINES - max(0, len(notes) - 1)
    yield from _code_lines(codes, max(1, min(_MOST_LINES, room)))


def _code_lines(codes: Sequence[str], room: int) -> Iterator[str]:
    for at in range(0, min(len(codes), room * _IN_A_LINE), _IN_A_LINE):
        yield "  " + "  ".join(codes[at : at + _IN_A_LINE])
    if (more := len(codes) - room * _IN_A_LINE) > 0:
        yield f"  and {more:,} more"


class ChoiceList(OptionList):
    """Lines to choose from, each on one row; enter takes the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Holder.LIST)]

    DEFAULT_CSS = """
    ChoiceList, ChoiceList:focus {
        height: auto; border: none; background: $surface; padding: 0;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def action_move(self, by: int) -> None:
        """Go down by lines, negative is up; it ends at both ends, as in the live lists."""
        if self.option_count:
            chosen = -1 if self.highlighted is None else self.highlighted
            self.highlighted = max(0, min(chosen + by, self.option_count - 1))

    def action_page(self, by: int) -> None:
        """Go down by windows."""
        page = self.action_page_down if by > 0 else self.action_page_up
        page()  # type: ignore[no-untyped-call]

    def action_start(self) -> None:
        """Go to the first line."""
        self.action_first()

    def action_end(self) -> None:
        """Go to the last line."""
        self.action_last()


STEPS_S = (60, 600, 3600, 8 * 3600, 90 * 86400)
"""Seconds by digit: a poll or two, a code's life, a token's, a session's, a registration's."""
_ENDS = ("", "a device code", "a token", "a session", "a registration")


class ClockScreen(ModalScreen[int | None]):
    """Asks by how many seconds the clock jumps; None is not at all, a digit is enough."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", show=False, id="clock.close"),
        *(
            Binding(str(digit), f"pick({digit})", show=False, id=f"clock.pick_{digit}")
            for digit in range(10)
        ),
        Binding("slash", "type", show=False, id="clock.type"),
    ]
    AUTO_FOCUS = "ChoiceList"

    DEFAULT_CSS = """
    ClockScreen {
        align: center middle;
        #clock {
            width: 52; height: auto; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        Static { height: auto; }
        Input, Input:focus { border: none; height: 1; padding: 0; background: $panel; }
        #wrong { color: $text-error; height: 1; }
    }
    """

    def compose(self) -> ComposeResult:
        """The steps, a line to type in, and what is wrong with it."""
        with Vertical(id="clock") as box:
            box.border_title = "Advance the clock"
            box.border_subtitle = "1-5 pick  / type  esc cancel"
            yield Static(markup=False)
            yield ChoiceList(*_steps(), markup=False)
            yield Static(_TYPED, markup=False)
            yield Input(max_length=30, select_on_focus=False, id="typed")
            yield Static("", markup=False, id="wrong")

    def action_pick(self, digit: int) -> None:
        """Take the step of a digit, or say that it has none."""
        if 1 <= digit <= len(STEPS_S):
            self.dismiss(STEPS_S[digit - 1])
        else:
            self._complain(f"{digit} is none of these: press 1-{len(STEPS_S)}")

    def on_mount(self) -> None:
        """The first step is chosen."""
        self.query_one(ChoiceList).highlighted = 0

    @on(OptionList.OptionSelected)
    def _take_chosen(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(STEPS_S[message.option_index])

    def action_type(self) -> None:
        """Go to the line."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _take(self, message: Input.Submitted) -> None:
        try:
            by_s = parse_duration(message.value)
        except ValueError as error:
            self._complain(str(error))
            return
        if LEAST_STEP_S <= by_s <= MOST_STEP_S:
            self.dismiss(by_s)
        else:
            self._complain("from 1 s to 10 years")

    @on(Input.Changed)
    def _forgive(self) -> None:
        self._complain("")

    def _complain(self, text: str) -> None:
        self.query_one("#wrong", Static).update(text)


def _steps() -> list[str]:
    return [
        f"{digit}  {spoken(step_s):<7}{f'  {ends} is over' if ends else ''}"
        for digit, (step_s, ends) in enumerate(zip(STEPS_S, _ENDS, strict=True), start=1)
    ]


_TYPED = "\n/  type a time, such as 45s or 1h30m, then ↵"


_KEY_CELLS = 4
_NAME_CELLS = 15
_OTHERS = [str(digit) for digit in range(10) if not 1 <= digit <= len(PERFORMANCES)]
"""Digits that stand for nothing."""


class DemoDialog(ModalScreen[str | None]):
    """Asks for a demo client; gives the name of its performance, ``STOP``, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(digit), f"choose('{name}')", name, show=False, id=f"demo.{name}")
            for digit, name in enumerate(PERFORMANCES, 1)
        ),
        Binding(",".join(_OTHERS), "refuse", show=False, id="demo.none"),
        Binding("x,D,shift+d", f"choose('{STOP}')", "Stop", show=False, id="demo.stop"),
        Binding("escape,n", "dismiss", "Close", show=False, id="demo.close"),
    ]

    DEFAULT_CSS = """
    DemoDialog {
        align: center middle;
        #demo {
            width: 90%; max-width: 76; height: auto; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        ChoiceList { text-wrap: wrap; }
        Static { height: auto; }
    }
    """

    def __init__(self, running: int) -> None:
        super().__init__()
        self._count = running

    def compose(self) -> ComposeResult:
        """The list, and what they do."""
        with Vertical(id="demo") as box:
            box.border_title = "Demo client"
            box.border_subtitle = Content(f"1-{len(PERFORMANCES)} run  x stop  esc closes")
            yield ChoiceList(*_choices(self._count), markup=False)
            yield Static(_ABOUT, markup=False)

    def on_mount(self) -> None:
        """The first is chosen."""
        self.query_one(ChoiceList).highlighted = 0

    @on(OptionList.OptionSelected)
    def _take_chosen(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(message.option_id)

    def action_refuse(self) -> None:
        """Say which digits there are."""
        box = self.query_one("#demo")
        box.border_subtitle = Content(f"no such digit: press 1-{len(PERFORMANCES)} or x")

    def action_choose(self, name: str) -> None:
        """End with a choice."""
        self.dismiss(name)


_ABOUT = """
They sign in over this server's own port and end by themselves
when they have their token, are denied, or their code expires."""


def _choices(running: int) -> Iterator[Option]:
    for digit, (name, performance) in enumerate(PERFORMANCES.items(), 1):
        yield _choice(str(digit), performance.client, performance.help, name)
    yield _choice("x", "stop", f"{running} of at most {MOST} running", STOP)


def _choice(key: str, name: str, text: str, id_: str) -> Option:
    shown = f"{fit(printable(key), _KEY_CELLS)}{fit(printable(name), _NAME_CELLS)}{text}"
    return Option(printable(shown), id=id_)
