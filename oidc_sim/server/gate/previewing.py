"""Previews the answer to a held request at this instant, without doing what it asks for.

The services that would answer it are made a second time, over a simulator that decides about commands
and lets nothing happen: deciding is pure, so state, record and journal stay as they are, and the answer
is the service's own to the last byte. New ids and secrets in it belong to nobody;
``wire.edited`` puts the real ones in their place when somebody edited such an answer.

A sign-in in a browser waits for a decision, so it has no preview.
"""

from collections.abc import Callable
from typing import TypeVar

from aiohttp.web import BaseRequest

from oidc_sim.engine import decide
from oidc_sim.engine.commands import Command
from oidc_sim.engine.model import Ids
from oidc_sim.server.aws.oidc import Oidc, OidcOptions
from oidc_sim.server.aws.portal import Portal
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.aws.sts import Sts
from oidc_sim.server.http.responses import RawResponse
from oidc_sim.server.http.routes import Routes
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.answers import Answer, ErrorTypeForm
from oidc_sim.wire.http import path_of, query_of

R = TypeVar("R")


class Rehearsal(Simulator):
    """Replies to commands; nothing that would follow from them happens."""

    def __init__(self, real: Simulator, ids: Ids) -> None:
        super().__init__(real.state.policy, ids, real.clock, exchanges_kept=1)
        self.state = real.state

    def dispatch(self, command: Command[R]) -> R:
        """Return the reply alone."""
        _, reply = decide(self.state, command, self.clock.now(), self.ids)
        return reply


class Blotter(Scribe):
    """Writes the heads of answers, and records nothing."""

    def record(
        self,
        request: BaseRequest,
        operation: str | None,
        body: bytes,
        answer: Answer,
        top: bytes,
        took_s: float,
    ) -> None:
        """Do nothing."""


def routes_of(
    real: Simulator, ids: Ids, scribe: Scribe, options: OidcOptions, error_type: ErrorTypeForm
) -> Routes:
    """Make the services that have previews, over a rehearsal; the portal's quota does not count."""
    rehearsal = Rehearsal(real, ids)
    blotter = Blotter(rehearsal, scribe.request_id, error_type)
    key = options.signing_key
    services = (
        Oidc(rehearsal, options, blotter),
        Portal(rehearsal, blotter, key),
        Sts(rehearsal, blotter, key),
    )
    return Routes(route for service in services for route in service.routes())


async def preview_answer(
    request: BaseRequest, routes: Routes, on_fault: Callable[[BaseException], object]
) -> bytes | None:
    """Return all bytes of the answer to a request whose body was kept; None if no service has it."""
    method = "GET" if request.method == "HEAD" else request.method
    found = routes.find(method, path_of(request.raw_path), query_of(request.raw_path))
    if found is None:
        return None
    route, match = found
    try:
        response = await route.endpoint(request, match)
    except Exception as error:  # noqa: BLE001 - the person at the dialog loses nothing but the prefill
        on_fault(error)
        return None
    return response.whole if isinstance(response, RawResponse) else None
