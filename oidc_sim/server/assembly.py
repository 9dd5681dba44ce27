"""Puts the server together from settings."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from oidc_sim.demo.demos import Demos
from oidc_sim.server.aws.authorize import Authorize
from oidc_sim.server.aws.oidc import Oidc, OidcOptions
from oidc_sim.server.aws.portal import Portal
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.aws.sts import Sts
from oidc_sim.server.aws.unserved import Unserved, may_be_call
from oidc_sim.server.control import Control
from oidc_sim.server.entrance import Entrance
from oidc_sim.server.gate.faults import FaultInjector
from oidc_sim.server.gate.gate import Gate
from oidc_sim.server.http.absence import Absences
from oidc_sim.server.http.guard import HostGuard
from oidc_sim.server.http.limits import DEFAULT, Limits
from oidc_sim.server.http.listener import Listener
from oidc_sim.server.http.routes import Routes
from oidc_sim.server.http.sockets import Bound
from oidc_sim.server.pages.pages import Pages
from oidc_sim.settings.model import Settings
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator

FULL = "as many clients are connected as may be ({:,}): idle ones are closed to let others in"
PreviewAnswer = Callable[[int], Awaitable[bytes | None]]
"""Gives the answer that a held request, by its number, would get now; None where that is unknown."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is not yet open, and the parts of it that others use."""

    listener: Listener
    control_token: str
    routes: Routes
    """All that it answers; to be walked by tests."""
    gate: Gate
    injector: FaultInjector
    preview_answer: PreviewAnswer
    absences: Absences
    authorize: Authorize

    async def stop(self) -> None:
        """Release all held requests, then stop serving."""
        self.absences.close()
        self.authorize.close()
        await self.gate.close()
        await self.listener.stop()


def assemble(
    settings: Settings,
    simulator: Simulator,
    ids: RandomIds,
    bound: Bound,
    on_fault: Callable[[BaseException], object],
    journal: Callable[[], Mapping[str, Any] | None] = lambda: None,
    demos: Demos | None = None,
    limits: Limits = DEFAULT,
    on_note: Callable[[str], object] = lambda _: None,
    on_limit: Callable[[str], object] = lambda _: None,
) -> Server:
    """Make the server of one simulator.

    Args:
        settings: The user's.
        simulator: Answers the requests.
        ids: The source of request ids, with the signing key.
        bound: The sockets to listen on.
        on_fault: Called with every failure of ours that a client got a 500 for.
        journal: Gives the journal as the control API shows it.
        demos: The demo clients that the control API starts; the caller ends them.
        limits: Bounds of what strangers can make it do.
        on_note: Gets a sentence when it goes away on purpose and is back, or first refuses a page.
        on_limit: Gets a sentence, again and again, while a bound is in force.
    """
    token = secrets.token_urlsafe(32)
    scribe = Scribe(simulator, ids.request_id, settings.error_type)
    options = _oidc_options(settings, ids, bound)
    oidc = Oidc(simulator, options, scribe)
    portal = Portal(simulator, scribe, ids.signing_key, settings.portal_rate)
    sts = Sts(simulator, scribe, ids.signing_key)
    injector = FaultInjector(simulator, scribe, bound.url, lambda it: absences.begin(it))  # noqa: PLW0108 - made last
    gate = Gate(simulator, scribe, injector, limits.max_waiting, on_limit)
    authorize = Authorize(simulator, scribe, bound.port, gate)
    pages = Pages(simulator, bound.port, gate)
    control = Control(simulator, demos or Demos(bound.url, lambda _: None), bound.url, journal)
    routes = Routes(
        it for at in (oidc, portal, sts, pages, authorize, control) for it in at.routes()
    )
    entrance = Entrance(routes, oidc, portal, Unserved(simulator, scribe), token, gate, on_note)
    listener = _listener(settings, entrance, oidc, bound, on_fault, on_limit, limits)
    absences = Absences(listener, bound, simulator, on_note)
    preview_answer = partial(_preview_answer, simulator, scribe, options, settings, gate, on_fault)
    return Server(listener, token, routes, gate, injector, preview_answer, absences, authorize)


def _oidc_options(settings: Settings, ids: RandomIds, bound: Bound) -> OidcOptions:
    return OidcOptions(
        bound.url,
        ids.region,
        ids.signing_key,
        settings.verification_uri,
        settings.announce_endpoints,
    )


async def _preview_answer(
    simulator: Simulator,
    scribe: Scribe,
    options: OidcOptions,
    settings: Settings,
    gate: Gate,
    on_fault: Callable[[BaseException], object],
    number: int,
) -> bytes | None:
    """Preview an answer, with ids that are not those that a seed gives next."""
    from oidc_sim.server.gate import previewing  # seldom asked for

    request = gate.waiting.get(number)
    if request is None:
        return None
    ids = RandomIds.from_secrets(options.region, options.signing_key)
    routes = previewing.routes_of(simulator, ids, scribe, options, settings.error_type)
    return await previewing.preview_answer(request, routes, on_fault)


def _listener(
    settings: Settings,
    entrance: Entrance,
    oidc: Oidc,
    bound: Bound,
    on_fault: Callable[[BaseException], object],
    on_limit: Callable[[str], object],
    limits: Limits,
) -> Listener:
    return Listener(
        entrance.handle,
        HostGuard(bound.port, bound.addresses, settings.allow_host),
        limits=limits,
        error_type=settings.error_type,
        on_fault=on_fault,
        on_refusal=oidc.note_refusal,
        on_full=partial(on_limit, FULL.format(limits.max_connections)),
        at_once=entrance.at_once,
        may_be_encoded=may_be_call,
    )
