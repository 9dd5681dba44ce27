"""What an empty screen says."""

from collections.abc import Callable
from urllib.parse import urlsplit

from oidc_sim.tui.cells import Printable, printable

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
