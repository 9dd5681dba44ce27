"""What an empty screen says (ui.md 7.6)."""

import shlex
from collections.abc import Callable

from oidc_sim.tui.printable import Printable, printable

_LOGIN = "aws sso login --profile YOUR-PROFILE --use-device-code --no-browser"
"""Without ``--use-device-code`` AWS CLI from 2.22 on takes another flow (wire.md 2.5)."""
ENDPOINTS = ("AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_STS")

NO_CLIENTS = (printable("Programs that register will be listed here."),)
NO_REQUESTS = (printable("Every request will be listed here, with what it was answered."),)


def shell_lines(url: str) -> tuple[str, ...]:
    """What to type in another terminal so that the AWS CLI signs in here."""
    return (*(f"export {name}={shlex.quote(url)}" for name in ENDPOINTS), _LOGIN)


def no_devices(url: str, speak: Callable[[str], str] = str) -> list[Printable]:
    """The empty Device codes panel; ``speak`` puts this user's keys where they are mentioned."""
    return [
        printable("No device codes yet. Point a client here, in another terminal:"),
        *(printable(f"  {line}") for line in shell_lines(url)),
        printable(""),
        printable(
            speak("⟦copy.code⟧  copy these lines      ⟦demo⟧  demo client      ⟦help⟧  every key")
        ),
    ]
