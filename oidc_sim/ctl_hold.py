"""``oidc-sim ctl hold``, ``release`` and ``drop``."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from oidc_sim.actions import RELEASE_ALL
from oidc_sim.engine.held import DROP, HOW_ENDED, RELEASE
from oidc_sim.engine.user_code import canonical_user_code

HOLD_WHAT_FITS = "hold --filter"
"""The action ``hold`` where a condition is given in place of a code."""


class Asks(Protocol):
    """Asks a route of the running server."""

    def __call__(self, method: str, path: str, members: Mapping[str, Any] | None = None) -> Any:
        """What it answers, as JSON."""


def hold(asks: Asks, code: str) -> str:
    """Hold the next request about a device; returns what to tell the person."""
    user_code = canonical_user_code(code)
    rule = asks("POST", f"/_sim/devices/{user_code}/hold")
    return f"the next request of {user_code} is held: rule {rule['id']}"


def hold_what_fits(asks: Asks, text: str) -> str:
    """Hold the next request that fits a condition; returns what to tell the person."""
    rule = asks("POST", "/_sim/holds", {"filter": text})
    return f"the next request that fits is held: rule {rule['id']}"


def release(asks: Asks, which: str) -> str:
    """Let one or all go on; returns what to tell the person."""
    if which != RELEASE_ALL:
        return act(asks, which, RELEASE)
    return f"released {asks('POST', '/_sim/requests/release-all')['released']}"


def drop(asks: Asks, number: str) -> str:
    """Close one's connection; returns what to tell the person."""
    return act(asks, number, DROP)


def act(asks: Asks, number: str, name: str) -> str:
    """Do this to a held request; returns what to tell the person."""
    asks("POST", f"/_sim/requests/{int(number)}/{name}")
    return f"request {number} {HOW_ENDED[name]}"


HOLD_ACTIONS: Mapping[str, Callable[[Asks, str], str]] = {
    "hold": hold,
    HOLD_WHAT_FITS: hold_what_fits,
    RELEASE: release,
    DROP: drop,
}
"""By their names on the command line."""
