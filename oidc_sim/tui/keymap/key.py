"""What a key is, and what it can sit on."""

from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding

from oidc_sim.tui.panels import LISTS, Panel

ANYWHERE = frozenset(Panel)
ON_A_ROW = frozenset({Panel.DEVICES, Panel.REQUESTS, Panel.INSPECTOR})
ALL_LISTS = frozenset(LISTS)
IN_REQUESTS = frozenset({Panel.REQUESTS})
IN_INSPECTOR = frozenset({Panel.INSPECTOR})


class Topic(StrEnum):
    """The headings of the help."""

    DECIDE = "Decide about a device code"
    CLOCK = "Move the clock"
    HOLD = "Hold and inject"
    LOOK = "Look closer"
    COPY = "Copy and open"
    PANELS = "Panels"
    MOVE = "Move"
    PROGRAM = "Program"


class Holder(StrEnum):
    """What the binding sits on."""

    SCREEN = "screen"
    """The operator screen."""
    LIST = "list"
    """Each live list."""
    PAGE = "page"
    """The inspector's text and the help."""
    APP = "app"
    """The app, also above a dialog."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One thing that a key does."""

    id: str
    """The action's name for ever, such as ``device.approve``."""
    keys: str
    """Textual's names of its keys, with commas."""
    shown: str
    """Its keys as a person reads them."""
    action: str
    """Textual's action, on the holder."""
    label: str
    """In the footer and the palette."""
    short: str
    """In the footer of a narrow window."""
    help: str
    """What it does, in a sentence without a full stop."""
    topic: Topic
    where: frozenset[Panel] = ANYWHERE
    """The panels in which it has something to act on; elsewhere it says why not."""
    holder: Holder = Holder.SCREEN
    footer: int | None = None
    """Its rank in the footer, the lowest first to be shown and last to be dropped."""
    at: str = ""
    """The id of the key that does this too, of what has none of its own: it moves with that one."""
    is_in_palette: bool = True
    is_priority: bool = False

    @property
    def title(self) -> str:
        """The label with a capital letter in front; QR and JSON keep theirs."""
        return self.label[:1].upper() + self.label[1:]

    def binding(self) -> Binding:
        """The binding; labels and help never come from Textual's own footer or panel."""
        return Binding(
            self.keys, self.action, self.label, show=False, id=self.id, priority=self.is_priority
        )
