"""Which requests to hold, whoever sends them."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

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
EVERYTHING = "everything"
"""What ``y`` gives."""


class HoldDialog(ModalScreen[str | None]):
    """Gives an operation's name, ``EVERYTHING``, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss", "Close", show=False, id="hold.close"),
        Binding("y", "everything", show=False, id="hold.everything"),
        *(
            Binding(str(digit), f"pick({digit})", show=False, id=f"hold.pick_{digit}")
            for digit in range(1, len(CHOICES) + 1)
        ),
    ]

    DEFAULT_CSS = """
    HoldDialog {
        align: center middle;
        #hold {
            width: 56; height: auto; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        Static { height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """The choices."""
        with Vertical(id="hold") as box:
            box.border_title = "Hold every request of one kind?"
            box.border_subtitle = "1-5 pick  y everything  esc cancel"
            yield Static(_text(), markup=False)

    def action_pick(self, digit: int) -> None:
        """The operation of a digit."""
        self.dismiss(CHOICES[digit - 1])

    def action_everything(self) -> None:
        """Whatever comes."""
        self.dismiss(EVERYTHING)


def _text() -> str:
    lines = [f"{digit}  {name}" for digit, name in enumerate(CHOICES, start=1)]
    end = [
        "y  everything that clients ask for",
        "",
        "Each waits for you, then goes on by itself.",
        "The hold ends after 10 min, or with I.",
    ]
    return "\n".join(["", *lines, "", *end])
