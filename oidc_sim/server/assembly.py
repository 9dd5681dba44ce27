"""Puts the server together from settings."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from oidc_sim.ids import RandomIds
from oidc_sim.server.control import Control
from oidc_sim.server.entrance import Entrance
from oidc_sim.server.guard import HostGuard
from oidc_sim.server.listener import Listener
from oidc_sim.server.oidc import Oidc, OidcOptions
from oidc_sim.server.pages import Pages
from oidc_sim.server.routes import Routes
from oidc_sim.server.sockets import Bound
from oidc_sim.settings import Settings
from oidc_sim.simulator import Simulator


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is not yet open, and what others need to reach it."""

    listener: Listener
    control_token: str
    routes: Routes
    """All that it answers; to be walked by tests."""


def assemble(
    settings: Settings,
    simulator: Simulator,
    ids: RandomIds,
    bound: Bound,
    on_fault: Callable[[BaseException], object],
) -> Server:
    """Make the server of one simulator.

    Args:
        settings: What the user chose.
        simulator: What answers.
        ids: Where request ids come from.
        bound: Where it will listen.
        on_fault: Told of every failure of ours that a client got a 500 for.
    """
    token = secrets.token_urlsafe(32)
    options = OidcOptions(bound.url, settings.error_type, settings.verification_uri)
    oidc = Oidc(simulator, options, ids.request_id)
    pages = Pages(simulator, bound.port)
    routes = Routes([*oidc.routes(), *pages.routes(), *Control(simulator).routes()])
    entrance = Entrance(routes, oidc, token)
    listener = Listener(
        entrance.handle,
        HostGuard(bound.port, bound.addresses, settings.allow_host),
        error_type=settings.error_type,
        on_fault=on_fault,
        on_refusal=oidc.note_refusal,
        at_once=entrance.at_once,
    )
    return Server(listener, token, routes)
