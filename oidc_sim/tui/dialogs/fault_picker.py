"""Dialog that picks a fault, whose requests it is for, and how often."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oidc_sim.actions.typed_settings import WordsError
from oidc_sim.engine.arrival import Trigger
from oidc_sim.faults.catalogue import BY_NAME, CATALOGUE, objection_to_aim
from oidc_sim.faults.row import Fault
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.cells import named, printable
from oidc_sim.tui.dialogs.questions import ChoiceList
from oidc_sim.tui.dialogs.rule_line import (
    Aim,
    Injection,
    Scope,
    aimed,
    at_known,
    injection_text,
    is_rule_word,
    pairs_of,
    settings_from,
    settings_line,
)

TIMES: tuple[int | None, ...] = (1, 2, 3, 5, 10, None)
"""What ``t`` goes round; None is always."""
ORDERED = tuple(sorted(CATALOGUE, key=lambda fault: fault.digit or len(CATALOGUE)))
"""The catalogue, faults with a digit first."""
_DIGITS = 9


class FaultPicker(ModalScreen[Injection | None]):
    """Asks for a fault: a digit is enough; the arrows and a search reach the whole catalogue."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False, id="fault.close"),
        Binding("t", "times", show=False, id="fault.times"),
        Binding("s", "scope", show=False, id="fault.scope"),
        Binding("slash", "go('#search')", show=False, id="fault.search"),
        Binding("equals_sign", "go('#settings')", show=False, id="fault.set"),
        Binding("plus", "go('#more')", show=False, id="fault.more"),
        Binding("y", "confirm", show=False, id="fault.everything"),
        Binding("n", "leave", show=False, id="fault.no"),
        *(
            Binding(str(digit), f"pick({digit})", show=False, id=f"fault.pick_{digit}")
            for digit in range(1, _DIGITS + 1)
        ),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]  # noqa: RUF012 - Textual annotates it so

    DEFAULT_CSS = """
    FaultPicker {
        align: center middle;
        #fault {
            width: 76; max-width: 96%; height: auto; max-height: 100%; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        ChoiceList, ChoiceList:focus { height: 9; }
        Static { height: auto; }
        Input, Input:focus { border: none; height: 1; padding: 0; background: $panel; }
        #meant { height: 2; }
        #meant.-wrong { color: $text-error; }
        &.-low #fault { height: 100%; }
        &.-low ChoiceList { height: 1fr; }
    }
    """

    def __init__(
        self,
        simulator: Simulator,
        scopes: Sequence[Scope],
        seed: int | None,
        held: Sequence[int] = (),
    ) -> None:
        """Offer scopes, the first at first; a fault answers the requests numbered ``held`` at once.

        Chance starts from ``seed`` where no other is typed; None is 0.
        """
        super().__init__()
        self._simulator = simulator
        self._scopes = scopes
        self._held = held
        self._trigger = Trigger(seed=seed or 0)
        self._scope = 0
        self._times = 0
        """How often ``t`` was pressed."""
        self._asked: Injection | None = None
        """What would spoil everything, until it is confirmed."""

    def compose(self) -> ComposeResult:
        """The list, what it would do, and three lines to type in."""
        with Vertical(id="fault") as box:
            box.border_title = "Inject a fault"
            box.border_subtitle = "1-9 inject  ↵ the chosen one  esc cancel"
            yield ChoiceList(*map(_option, ORDERED), markup=False)
            yield Static("", markup=False, id="how")
            yield Input(placeholder="/ search by name", id="search", max_length=40)
            yield Input(placeholder="= settings: name=value …", id="settings", max_length=400)
            yield Input(placeholder=_MORE, id="more", max_length=400)
            yield Static("", markup=False, id="meant")

    def on_mount(self) -> None:
        """The first is chosen."""
        self.query_one(ChoiceList).highlighted = 0
        self.query_one(ChoiceList).focus()
        self._tell()

    def action_pick(self, digit: int) -> None:
        """Inject the fault of a digit, with its own settings."""
        fault = next(fault for fault in CATALOGUE if fault.digit == digit)
        self._give(fault, "")

    def action_times(self) -> None:
        """The next number of times."""
        self._times = (self._times + 1) % len(TIMES)
        self._tell()

    def action_scope(self) -> None:
        """The next wider target."""
        self._scope = (self._scope + 1) % len(self._scopes)
        self._tell()

    def action_go(self, line: str) -> None:
        """Go to a line: the search, the settings, or what is seldom needed."""
        self.query_one(line, Input).focus()

    def action_leave(self) -> None:
        """Back to the list, or out."""
        options = self.query_one(ChoiceList)
        if options.has_focus and self._asked is None:
            self.dismiss(None)
        else:
            options.focus()
            self._tell()

    def action_confirm(self) -> None:
        """Everything, once that was asked."""
        if self._asked is not None:
            self.dismiss(self._asked)

    @on(Input.Changed, "#search")
    def _search(self, message: Input.Changed) -> None:
        words = message.value.lower().split()
        found = [it for it in ORDERED if all(word in _searched(it) for word in words)]
        options = self.query_one(ChoiceList)
        options.clear_options()
        options.add_options(map(_option, found))
        options.highlighted = 0 if found else None
        self._tell()

    @on(OptionList.OptionHighlighted)
    def _fill_in(self) -> None:
        fault = self._chosen()
        line = settings_line(fault) if fault else ""
        self.query_one("#settings", Input).value = line
        self._tell()

    @on(Input.Changed, "#settings")
    @on(Input.Changed, "#more")
    def _look(self) -> None:
        self._tell()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _inject(self) -> None:
        fault = self._chosen()
        if fault is None:
            self._say("no fault has that name", is_wrong=True)
        else:
            self._give(fault, self.query_one("#settings", Input).value)

    def _give(self, fault: Fault, settings: str) -> None:
        try:
            injection = self._read(fault, settings)
        except WordsError as error:
            self._say(str(error), is_wrong=True)
            return
        if not injection.aim.target.is_everything:
            self.dismiss(injection)
            return
        self._asked = injection
        self.query_one(ChoiceList).focus()  # where y is no letter of a setting
        self._say(f"{fault.title}: {_ASKS}")

    def _read(self, fault: Fault, settings: str) -> Injection:
        """Read choice and lines.

        A name that both the fault and the rule have is the fault's among its settings, else the rule's.
        """
        own = {it.name for it in fault.parameters}
        words = pairs_of(settings)
        more = pairs_of(self.query_one("#more", Input).value)
        of_fault = [it for it in words if it[0] in own or not is_rule_word(it[0])]
        of_rule = [it for it in words if it not in of_fault]
        of_rule += [it for it in more if is_rule_word(it[0]) or it[0] not in own]
        of_fault += [it for it in more if it not in of_rule]
        scope = self._scopes[self._scope]
        chosen = Aim(target=scope.target, trigger=replace(self._trigger, times=self._often(fault)))
        injection = Injection(
            fault=fault,
            settings=settings_from(fault, of_fault),
            aim=at_known(self._simulator, aimed(chosen, of_rule)),
            whose=scope.whose,
            is_plain=not (self._scope or self._times or of_rule),
        )
        why = objection_to_aim(fault.name, injection.settings, injection.aim.target)
        if why is not None and not injection.is_plain:  # a plain one may answer what is held
            raise WordsError(why)
        return injection

    def _often(self, fault: Fault | None) -> int | None:
        """How many requests: as the fault has it, and on from there with each ``t``."""
        usual = TIMES.index(fault.times if fault else 1)
        return TIMES[(usual + self._times) % len(TIMES)]

    def _chosen(self) -> Fault | None:
        options = self.query_one(ChoiceList)
        if options.highlighted is None or not options.option_count:
            return None
        return BY_NAME.get(options.get_option_at_index(options.highlighted).id or "")

    def _tell(self) -> None:
        """Show what would be done, or what is not clear about it."""
        self._asked = None
        fault, scope = self._chosen(), self._scopes[self._scope]
        times = self._often(fault)
        often = "always" if times is None else f"{times} time{'' if times == 1 else 's'}"
        text = f"\nt  {often}    s  {named(scope.label)[:_NAME]}\n{fault.help if fault else ''}"
        self.query_one("#how", Static).update(_lines(text))
        if fault is None:
            self._say("")
            return
        try:
            injection = self._read(fault, self.query_one("#settings", Input).value)
        except WordsError as error:
            self._say(str(error), is_wrong=True)
        else:
            self._say(self._at_once() if injection.is_plain else injection_text(injection))

    def _at_once(self) -> str:
        """What becomes of those that wait; nothing where none does."""
        if not self._held:
            return ""
        first, more = self._held[0], len(self._held) - 1
        return f"answers #{first}{f' and {more:,} more' if more else ''} now, held as it is"

    def _say(self, text: str, *, is_wrong: bool = False) -> None:
        line = self.query_one("#meant", Static)
        line.set_class(is_wrong, "-wrong")
        line.update(printable(text))


_ASKS = "every request of every client?  y injects  n goes back"
_MORE = '+ more: skip=2 p=0.5 for=10m op=CreateToken filter="client:aws*"'
_NAME = 54
"""Characters of a scope."""


def _lines(text: str) -> str:
    """Each line printable by itself."""
    return "\n".join(printable(line) for line in text.split("\n"))


def _option(fault: Fault) -> Option:
    digit = str(fault.digit) if fault.digit else " "
    return Option(printable(f"{digit}  {fault.title:<26}{fault.shows}"), id=fault.name)


def _searched(fault: Fault) -> str:
    return f"{fault.name} {fault.title} {fault.shows} {fault.help}".lower()
