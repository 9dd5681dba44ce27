"""By how much the clock is to jump."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from oidc_sim.engine.clock import LEAST_STEP_S, MOST_STEP_S
from oidc_sim.text.durations import parse_duration, spoken
from oidc_sim.tui.dialogs.choice_list import ChoiceList

STEPS_S = (60, 600, 3600, 8 * 3600, 90 * 86400)
"""What the digits stand for: a poll or two, a code's life, a token's, a session's, a registration's."""
_ENDS = ("", "a device code", "a token", "a session", "a registration")


class ClockScreen(ModalScreen[int | None]):
    """Gives seconds, or None; a digit is enough."""

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
            yield ChoiceList(*_choices(), markup=False)
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


def _choices() -> list[str]:
    return [
        f"{digit}  {spoken(step_s):<7}{f'  {ends} is over' if ends else ''}"
        for digit, (step_s, ends) in enumerate(zip(STEPS_S, _ENDS, strict=True), start=1)
    ]


_TYPED = "\n/  type a time, such as 45s or 1h30m, then ↵"
