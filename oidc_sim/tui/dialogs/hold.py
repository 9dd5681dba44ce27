"""Dialog that picks requests to hold, whoever sends them: of one kind, by a filter, or all."""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from oidc_sim.actions.typed_settings import WordsError
from oidc_sim.engine.arrival import Target, Trigger, arrival_fields
from oidc_sim.filtering import FilterError
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.filter_line import MAX_TYPED, FilterInput, marked
from oidc_sim.tui.cells import printable
from oidc_sim.tui.dialogs.questions import ChoiceList
from oidc_sim.tui.dialogs.rule_line import (
    Aim,
    aimed,
    at_known,
    pairs_of,
    read_request_filter,
    requests_meant,
)
from oidc_sim.wire.operations import (
    CREATE_TOKEN,
    GET_ROLE_CREDENTIALS,
    LIST_ACCOUNTS,
    REGISTER_CLIENT,
    START_DEVICE_AUTHORIZATION,
)

CHOICES = (
    CREATE_TOKEN.name,
    START_DEVICE_AUTHORIZATION.name,
    REGISTER_CLIENT.name,
    LIST_ACCOUNTS.name,
    GET_ROLE_CREDENTIALS.name,
)
"""By digit, from 1; 0 is any kind."""
TIMES: tuple[int | None, ...] = (None, 1, 2, 3, 5, 10)
"""What ``t`` goes round; None is always."""
_ASKS = "That is every request of every client.  y holds them  n goes back"
_ASKS_NEARLY = "The filter names only what is left out, or nothing: hold nearly all?  y  n"


class HoldDialog(ModalScreen[Aim | None]):
    """Asks which requests to hold: a digit is enough, a filter and settings say more; all needs a yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False, id="hold.close"),
        Binding("n", "leave", show=False, id="hold.no"),
        Binding("y", "confirm", show=False, id="hold.everything"),
        Binding("t", "times", show=False, id="hold.times"),
        Binding("slash", "go('#which')", show=False, id="hold.filter"),
        Binding("equals_sign", "go('#when')", show=False, id="hold.set"),
        *(
            Binding(str(digit), f"pick({digit})", show=False, id=f"hold.pick_{digit}")
            for digit in range(10)
        ),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012 - Textual annotates it so

    DEFAULT_CSS = """
    HoldDialog {
        align: center middle;
        #hold {
            width: 76; max-width: 96%; height: auto; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        Static { height: 1; }
        #about { height: auto; min-height: 1; }
        Input, Input:focus { border: none; height: 1; padding: 0; background: $panel; }
        #meant { height: 2; margin-top: 1; }
        .-wrong { color: $text-error; }
        &.-low .gap { display: none; }
        &.-low #meant { margin-top: 0; }
    }
    """

    def __init__(self, simulator: Simulator, seed: int | None = None) -> None:
        """Offer kinds; chance starts from ``seed`` where no other is typed, None is 0."""
        super().__init__()
        self._simulator = simulator
        self._trigger = Trigger(seed=seed or 0)
        self._times = 0
        self._is_asking = False

    def compose(self) -> ComposeResult:
        """The kinds, two lines to type in, each with what it means."""
        kinds = ["0  any kind", *(f"{digit}  {name}" for digit, name in enumerate(CHOICES, 1))]
        with Vertical(id="hold") as box:
            box.border_title = "Hold requests, whoever sends them"
            box.border_subtitle = "0-5 hold a kind  ↵ the chosen  t times  esc cancel"
            yield Static(markup=False, classes="gap")
            yield ChoiceList(*kinds, markup=False)
            yield Static(markup=False, classes="gap")
            which = FilterInput(
                placeholder="/ filter, such as client:aws* & !state:approved",
                id="which",
                max_length=MAX_TYPED,
            )
            which.fields = arrival_fields()
            yield which
            yield Static("", markup=False, id="about")
            yield Input(placeholder="= skip=2 p=0.5 for=30m times=3", id="when", max_length=100)
            yield Static("", markup=False, id="wrong")
            yield Static("", markup=False, id="meant")

    def on_mount(self) -> None:
        """Any kind is chosen."""
        self.query_one(ChoiceList).highlighted = 0
        self.query_one(ChoiceList).focus()
        self._tell()

    def action_pick(self, digit: int) -> None:
        """Hold the kind of a digit, with what is typed; say so where it has none."""
        if digit > len(CHOICES):
            self._say("#meant", f"{digit} is no kind: press 0-{len(CHOICES)}")
            return
        self.query_one(ChoiceList).highlighted = digit
        self._give()

    def action_times(self) -> None:
        """The next number of times."""
        self._times = (self._times + 1) % len(TIMES)
        self._tell()

    def action_go(self, line: str) -> None:
        """Go to a line."""
        self.query_one(line, Input).focus()

    def action_leave(self) -> None:
        """Back to the kinds, or out."""
        if self._is_asking or not self.query_one(ChoiceList).has_focus:
            self._is_asking = False
            self.query_one(ChoiceList).focus()
            self._tell()
        else:
            self.dismiss(None)

    def action_confirm(self) -> None:
        """Everything, once that was asked."""
        if self._is_asking:
            self.dismiss(self._read())

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _give(self) -> None:
        aim = self._read()
        if aim is None:
            return
        if not aim.target.is_everything:
            self.dismiss(aim)
            return
        self._is_asking = True
        self.query_one(ChoiceList).focus()  # where y is no letter of a filter
        self._tell()

    @on(Input.Changed)
    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        aim = self._read()
        self._is_asking = self._is_asking and aim is not None and aim.target.is_everything
        meant = "" if aim is None else printable(f"holds {requests_meant(aim)}")
        has_filter = aim is not None and aim.target.filter.text
        asks = _ASKS_NEARLY if has_filter else _ASKS
        self.query_one("#meant", Static).update(asks if self._is_asking else meant)

    def _read(self) -> Aim | None:
        """Read choice and lines; None where they are not clear, which is said below the line."""
        chosen = self.query_one(ChoiceList).highlighted or 0
        which = self._read_which(CHOICES[chosen - 1] if chosen else None)
        try:
            times = Aim(trigger=replace(self._trigger, times=TIMES[self._times]))
            aim = at_known(
                self._simulator, aimed(times, pairs_of(self.query_one("#when", Input).value))
            )
        except WordsError as error:
            self._say("#wrong", str(error), is_wrong=True)
            return None
        self._say("#wrong", "")
        return None if which is None else replace(aim, target=_both(which, aim.target))

    def _read_which(self, operation: str | None) -> Target | None:
        line = self.query_one(FilterInput)
        found = read_request_filter(line.value)
        if isinstance(found, FilterError):
            self._say("#about", marked(found, line.size.width), is_wrong=True)
            return None
        offered = f"tab: {line.next_word}" if line.value and line.next_word else ""
        self._say("#about", offered)
        return Target(operation=operation, filter=found)

    def _say(self, where: str, text: str, *, is_wrong: bool = False) -> None:
        line = self.query_one(where, Static)
        line.set_class(is_wrong, "-wrong")
        line.update("\n".join(map(printable, text.split("\n"))))


def _both(chosen: Target, typed: Target) -> Target:
    """Join the chosen target and the words'; a filter line goes before a filter among the words."""
    return Target(
        operation=chosen.operation or typed.operation,
        client_id=typed.client_id,
        user_code=typed.user_code,
        filter=chosen.filter if chosen.filter.text else typed.filter,
    )
