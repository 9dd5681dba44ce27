"""Carries a fault's plan out on a connection, byte for byte and pause for pause.

aiohttp's request loop gets a response that has sent itself. A client that leaves and a server that
stops cancel it like any handler; that is no failure of ours.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_exceptions import ClientConnectionResetError
from aiohttp.web import BaseRequest

from oidc_sim.faults.steps import End, How, Pause, Plan, Send
from oidc_sim.server.http.responses import SelfSent
from oidc_sim.server.http.sockets import linger_not

Sleep = Callable[[float], Awaitable[object]]


class Delivery(SelfSent):
    """A plan as a response."""

    def __init__(self, plan: Plan, status: int = 200, sleep: Sleep = asyncio.sleep) -> None:
        """Take a plan that ends with an ``End``; ``status`` is for aiohttp alone, not sent."""
        super().__init__(status)
        self._plan = plan
        self._sleep = sleep
        self._sent = 0

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        """Take every step.

        Raises:
            ConnectionError: the client has gone, or the plan has reset the connection.
        """
        if self.prepared:
            return None
        for step in self._plan:
            await self._take(step, request)
        self._sent_bytes = request.writer.output_size = self._sent
        return request.writer

    async def _take(self, step: Send | Pause | End, request: BaseRequest) -> None:
        match step:
            case Send(data):
                self._send(data, request)
                await request.writer.drain()
            case Pause(seconds):
                await self._sleep(seconds)
            case End(how):
                await self._end(how, request)

    def _send(self, data: bytes, request: BaseRequest) -> None:
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ClientConnectionResetError("the client has gone")
        self._sent += len(data)
        transport.write(data)

    async def _end(self, how: How, request: BaseRequest) -> None:
        if how is How.NEVER:
            await asyncio.get_running_loop().create_future()
        if how is How.RESET:
            reset(request)
        self._stays = how is How.KEEP and request.keep_alive


def reset(request: BaseRequest) -> None:
    """End the connection with RST.

    Raises:
        ClientConnectionResetError: Always; aiohttp's loop takes it as the end.
    """
    if (transport := request.transport) is not None:
        linger_not(transport)
        transport.abort()
    raise ClientConnectionResetError("a fault has reset the connection")
