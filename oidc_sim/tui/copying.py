"""Copies to the terminal's clipboard (OSC 52), and says so: the terminal acknowledges nothing."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.app import App

from oidc_sim.actions.running_server import Desk
from oidc_sim.evidence.allowance import Allowance
from oidc_sim.evidence.exchange import exchange_json
from oidc_sim.evidence.har import har_entry
from oidc_sim.record.exchange import Exchange
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.first_steps import shell_lines
from oidc_sim.tui.hints import Told
from oidc_sim.tui.inspector.exchange import curl_of

AGAIN_WITHIN_S = 5.0
"""Seconds in which a second press means: with the secrets."""


class Copying:
    """What was copied last decides whether the next copy has secrets in it."""

    def __init__(self, app: App[Any], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._last: tuple[str, int, float] | None = None
        """Form, number and instant of the last copy that has its secrets cut."""

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
        return self._copy_request(exchange, "curl", partial(curl_of, exchange, self._desk.url))

    def copy_json(self, exchange: Exchange) -> Told | Hindered:
        """The same as JSON, with its response."""

        def text_of(*, shows_secrets: bool) -> str:
            return json.dumps(exchange_json(exchange, shows_secrets=shows_secrets), indent=2) + "\n"

        return self._copy_request(exchange, "JSON", text_of)

    def copy_har(self, exchange: Exchange) -> Told | Hindered:
        """Copy an entry of an HTTP Archive; its secrets are always cut."""
        text = json.dumps(har_entry(exchange, self._desk.url, Allowance()), indent=2) + "\n"
        return self.copy(text, f"#{exchange.number} as HAR entry, secrets cut,")

    def _copy_request(
        self, exchange: Exchange, form: str, text_of: Callable[..., str]
    ) -> Told | Hindered:
        tick, name = self._desk.simulator.now().tick, f"#{exchange.number} as {form}"
        last_form, last_number, last_tick = self._last or ("", 0, 0.0)
        is_again = (last_form, last_number) == (form, exchange.number)
        if is_again and tick - last_tick < AGAIN_WITHIN_S:
            return self.copy(text_of(shows_secrets=True), f"{name}, SECRETS IN FULL,")
        told = self.copy(text_of(shows_secrets=False), f"{name}, secrets cut,")
        self._last = (form, exchange.number, tick)
        return told
