"""Copies to the terminal's clipboard (OSC 52), and says so: the terminal acknowledges nothing."""

from typing import Any

from textual.app import App

from oidc_sim.desk import Desk
from oidc_sim.record.exchange import Exchange
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.first_steps import shell_lines
from oidc_sim.tui.hints import Told
from oidc_sim.tui.inspection.exchange import curl_of

AGAIN_WITHIN_S = 5.0
"""Seconds in which a second press means: with the secrets."""


class Copying:
    """What was copied last decides whether the next copy has secrets in it (ui.md rule 11)."""

    def __init__(self, app: App[Any], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._last: tuple[int, float] | None = None

    def copy(self, text: str, name: str) -> Told | Hindered:
        """Copy a text, and say what it was and how long."""
        self._last = None
        self._app.copy_to_clipboard(text)
        size = len(text.encode())
        return Told(f"sent {name} to the terminal's clipboard ({size:,} bytes)")

    def copy_shell_lines(self) -> Told | Hindered:
        """Copy what to type in another terminal."""
        return self.copy("\n".join(shell_lines(self._desk.url)) + "\n", "the shell lines")

    def copy_curl(self, exchange: Exchange) -> Told | Hindered:
        """Copy a request, secrets cut; the same one again within five seconds in full."""
        tick = self._desk.simulator.now().tick
        is_again = self._last is not None and (
            self._last[0] == exchange.number and tick - self._last[1] < AGAIN_WITHIN_S
        )
        text = curl_of(exchange, self._desk.url, shows_secrets=is_again)
        if is_again:
            return self.copy(text, f"#{exchange.number} as curl, SECRETS IN FULL,")
        told = self.copy(text, f"#{exchange.number} as curl, secrets cut,")
        self._last = (exchange.number, tick)
        return told
