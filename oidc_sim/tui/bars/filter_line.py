"""The line that a filter is typed into: filters with each key, and says what it means or where it is wrong."""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from oidc_sim.filtering import (
    EVERY_FIELD,
    Expression,
    Fields,
    FilterError,
    completions,
    in_english,
    parse,
)
from oidc_sim.filtering.english import completed
from oidc_sim.tui.cells import printable

MAX_TYPED = 200


class FilterInput(Input):
    """Input for a filter; tab writes the next word that fits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False, id="filter.complete", priority=True),
    ]

    fields: Fields = EVERY_FIELD
    """Fields that can be asked for."""

    @property
    def next_word(self) -> str:
        """The word that tab would write; empty where none fits."""
        return next(iter(completions(self.value, self.cursor_position, self.fields)), "")

    def action_complete(self) -> None:
        """Write the next word that fits."""
        if word := self.next_word:
            text, caret = completed(self.value, self.cursor_position, word)
            self.value, self.cursor_position = text, caret


def marked(error: FilterError, width: int) -> str:
    """A caret below the mistake with the expected words beside it, or below it in a narrow line.

    ``width`` is in cells; a list of fields can take two lines.
    """
    caret, problem = f"{' ' * min(error.at, max(0, width - 1))}^", printable(error.message)
    beside = f"{caret} {problem}"
    return beside if cell_len(beside) <= width else f"{caret}\n{problem}"


class FilterLine(ModalScreen[None]):
    """Tells each readable filter on; Enter keeps it, Esc clears it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", show=False, id="filter.clear", priority=True),
    ]

    DEFAULT_CSS = """
    FilterLine {
        background: transparent;
        #filter { dock: bottom; height: auto; background: $panel; }
        Input, Input:focus { border: none; height: 1; padding: 0 1; background: $panel; }
        Static { height: 1; padding: 0 1; }
        Static.-wrong { height: auto; color: $text-error; }
    }
    """

    def __init__(
        self, text: str, rows: str, fields: Fields, tell: Callable[[Expression], str]
    ) -> None:
        """Begin with the list's present filter; ``rows`` are called so, such as ``requests``.

        ``tell`` shows the rows that fit, and says how many do, of how many, if that is known yet.
        """
        super().__init__()
        self._text = text
        self._rows = rows
        self._fields = fields
        self._show = tell

    def compose(self) -> ComposeResult:
        """What is typed, and what it means."""
        with Vertical(id="filter"):
            line = FilterInput(self._text, max_length=MAX_TYPED, select_on_focus=False)
            line.fields = self._fields
            yield line
            yield Static("", markup=False)

    def on_mount(self) -> None:
        """Says what the text means."""
        self._read()

    def action_clear(self) -> None:
        """Show all rows again."""
        self.query_one(Input).value = ""
        self._read()
        self.dismiss(None)

    @on(Input.Submitted)
    def _keep(self) -> None:
        if isinstance(parse(self.query_one(Input).value, self._fields), Expression):
            self.dismiss(None)

    @on(Input.Changed)
    def _read(self) -> None:
        line, about = self.query_one(FilterInput), self.query_one(Static)
        found = parse(line.value, self._fields)
        about.set_class(isinstance(found, FilterError), "-wrong")
        if isinstance(found, FilterError):
            about.update(marked(found, self.size.width - _PADDING))
            everything = parse("")
            assert isinstance(everything, Expression)  # noqa: S101 - nothing was asked
            self._show(everything)  # half a filter hides nothing
            return
        fitting = self._show(found)
        offered = f"  tab: {line.next_word} " if line.next_word and line.value else ""
        meaning = in_english(found, of=self._rows) if line.value.strip() else _syntax(self._fields)
        about.update(printable(f"{fitting}{offered}  {meaning}".lstrip()))


_PADDING = 2
_EXAMPLES = {
    "client": "client:aws*",
    "state": "state:pending",
    "status": "status>=400",
    "ms": "ms>50",
    "held": "held fault error",
}


def _syntax(fields: Fields) -> str:
    asked = "  ".join(example for name, example in _EXAMPLES.items() if name in fields.names)
    return f"word  {asked}  & | ! ( )  esc clears"
