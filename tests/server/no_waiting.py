"""Faults that pause do not pause a test."""

from oidc_sim.server.assembly import Server
from oidc_sim.server.http.responses import Sleep


def pause_by(server: Server, sleep: Sleep) -> None:
    """Have the faults of a server call this instead of waiting."""
    server.injector.sleep = sleep
