"""Copies to the terminal's clipboard (OSC 52), and says so, for the terminal acknowledges nothing.

What an empty screen says stands here too, since its shell lines can be copied.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from textual.app import App

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.evidence.allowance import Allowance
from oidc_sim.evidence.har import exchange_json, har_entry
from oidc_sim.record.exchange import Exchange
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.decisions import Hindered, Noted
from oidc_sim.tui.inspector.exchange import curl_of

_LOGIN = "aws sso login --use-device-code --no-browser"
"""Without ``--use-device-code`` AWS CLI from 2.22 on takes another flow (wire.md#79)."""
_ENDPOINT = "AWS_ENDPOINT_URL_SSO_OIDC"

NO_CLIENTS = (printable("Programs that register will be listed here."),)
NO_REQUESTS = (printable("Every request will be listed here, with what it was answered."),)


def shell_lines(url: str) -> tuple[str, ...]:
    """What to type in another terminal so that the AWS CLI signs in here.

    ``exec`` brings a profile and a home of its own, so it works for whoever has none. On two lines, for
    narrow windows.
    """
    return (f"oidc-sim exec --port {urlsplit(url).port} -- \\", f"  {_LOGIN}")


def no_devices(url: str, speak: Callable[[str], str] = str) -> list[Printable]:
    """The empty Device codes panel, what matters most at the top: low windows cut it.

    ``speak`` puts this user's keys where they are mentioned.
    """
    return [
        printable("No device codes yet. Sign in from another terminal:"),
        *(printable(f"  {line}") for line in shell_lines(url)),
        printable(speak("⟦copy.code⟧  copy that      ⟦demo⟧  demo client      ⟦help⟧  every key")),
        printable(""),
        printable(f'A client of your own:  eval "$(oidc-sim env --port {urlsplit(url).port})"'),
        printable(f"which sets {_ENDPOINT}={url} and the like."),
    ]


AGAIN_WITHIN_S = 5.0
"""Seconds in which a second press means: with the secrets."""


class Copying:
    """Copies requests; the last copy decides whether the next has secrets in it."""

    def __init__(self, app: App[Any], running_server: RunningServer) -> None:
        self._app = app
        self._running_server = running_server
        self._last: tuple[str, int, float] | None = None
        """Form, number and instant of the last copy that has its secrets cut."""

    def copy(self, text: str, name: str) -> Noted | Hindered:
        """Copy a text, and say what it was and how long."""
        self._last = None
        self._app.copy_to_clipboard(text)
        size = len(text.encode())
        return Noted(f"sent {name} to the terminal's clipboard ({size:,} bytes)")

    def copy_shell_lines(self) -> Noted | Hindered:
        """Copy what to type in another terminal."""
        return self.copy("\n".join(shell_lines(self._running_server.url)) + "\n", "the shell lines")

    def copy_curl(self, exchange: Exchange) -> Noted | Hindered:
        """Copy a request, secrets cut; the same one again within five seconds in full."""
        text_of = partial(curl_of, exchange, self._running_server.url)
        return self._copy_request(exchange, "curl", text_of)

    def copy_json(self, exchange: Exchange) -> Noted | Hindered:
        """Copy a request as JSON with its response, by the same rule about secrets."""

        def text_of(*, shows_secrets: bool) -> str:
            return json.dumps(exchange_json(exchange, shows_secrets=shows_secrets), indent=2) + "\n"

        return self._copy_request(exchange, "JSON", text_of)

    def copy_har(self, exchange: Exchange) -> Noted | Hindered:
        """Copy an entry of an HTTP Archive; its secrets are always cut."""
        entry = har_entry(exchange, self._running_server.url, Allowance())
        text = json.dumps(entry, indent=2) + "\n"
        return self.copy(text, f"#{exchange.number} as HAR entry, secrets cut,")

    def _copy_request(
        self, exchange: Exchange, form: str, text_of: Callable[..., str]
    ) -> Noted | Hindered:
        tick, name = self._running_server.simulator.now().tick, f"#{exchange.number} as {form}"
        last_form, last_number, last_tick = self._last or ("", 0, 0.0)
        is_again = (last_form, last_number) == (form, exchange.number)
        if is_again and tick - last_tick < AGAIN_WITHIN_S:
            return self.copy(text_of(shows_secrets=True), f"{name}, SECRETS IN FULL,")
        sentence = self.copy(text_of(shows_secrets=False), f"{name}, secrets cut,")
        self._last = (form, exchange.number, tick)
        return sentence
