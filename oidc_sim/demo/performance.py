"""Lists what can be shown: the dialog, the route, ``ctl`` and stdin are made from this one table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Performance:
    """One kind of client."""

    name: str
    """Name as in ``oidc-sim ctl demo device``."""
    help: str
    """The client's behaviour in a few words."""
    pace: float = 1.0
    """Share of the interval that it waits between two polls."""
    heeds: bool = True
    """Whether ``slow_down`` adds 5 s to the interval, as RFC 8628 §3.5 wants."""
    is_browser: bool = False

    @property
    def client(self) -> str:
        """Name that it registers under."""
        return f"demo-{self.name}"


STOP = "stop"
"""The word that ends them, where a name could stand."""
PERFORMANCES = {
    it.name: it
    for it in (
        Performance("device", "device flow: asks for a code, polls as announced"),
        Performance("browser", "browser flow: opens /authorize, waits there", is_browser=True),
        Performance("hurried", "polls too fast: after 0.4 of the interval", pace=0.4),
        Performance("stubborn", "ignores slow_down: never waits longer", heeds=False),
    )
}
"""In the order of the dialog's digits."""
