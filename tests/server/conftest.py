"""A listener on a free port with a handler of the test's own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.guard import HostGuard
from oidc_sim.server.http.listener import Handler, Listener
from oidc_sim.server.http.responses import RawResponse
from oidc_sim.server.http.sockets import bind
from oidc_sim.wire.errors import Problem
from tests.server.aws_site import AwsSite, open_aws_site
from tests.server.page_site import Site, open_site
from tests.server.world import World, open_world


@dataclass
class FakeClock:
    """Seconds that pass when the test says so."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Serving:
    """A listener at work, and what it told us."""

    listener: Listener
    port: int
    clock: FakeClock
    faults: list[BaseException] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)

    def pass_time(self, seconds: float) -> None:
        """Move the clock and let the deadlines be looked at."""
        self.clock.now_s += seconds
        self.listener.sweep()


Serve = Callable[..., Awaitable[Serving]]


def raw(body: bytes, status: int = 200) -> RawResponse:
    """A minimal answer with the bytes given."""
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
    return RawResponse(status, head.encode(), body)


async def echo(request: BaseRequest) -> StreamResponse:
    """Answer with what was understood of the request."""
    body = await read_body(request)
    return raw(f"{request.method} {request.raw_path} {len(body)}".encode("utf-8", "replace"))


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts listeners: ``await serve(handler, allow_hosts=..., limits=...)``."""
    running: list[Listener] = []

    async def start(
        handler: Handler = echo, *, allow_hosts: tuple[str, ...] = (), **options: Any
    ) -> Serving:
        bound = bind("127.0.0.1")
        guard = HostGuard(bound.port, bound.addresses, allow_hosts)
        clock, faults = FakeClock(), list[BaseException]()
        refused: list[Problem] = []
        listener = Listener(
            handler,
            guard,
            clock=clock,
            on_fault=faults.append,
            on_refusal=lambda _request, problem: refused.append(problem),
            **options,
        )
        running.append(listener)
        await listener.open(bound.sockets)
        return Serving(listener, bound.port, clock, faults, refused)

    yield start
    for listener in running:
        await listener.stop()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """The whole server, as it is assembled, for the pages."""
    async with open_site() as site:
        yield site


@pytest.fixture
async def aws(request: pytest.FixtureRequest) -> AsyncIterator[AwsSite]:
    """The whole server for AWS's clients; its parameter, if there is one, is the settings."""
    async with open_aws_site(**getattr(request, "param", {})) as site:
        yield site


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """The whole server, as it is assembled, for clients and for control."""
    async with open_world() as world:
        yield world
