"""Our transport with a trivial handler: the same constant 400 through Listener and RawResponse.

What it costs over ``bare`` is the guard, the deadlines and the body limit; what it saves is aiohttp's
response path. ``python -m tests.benchmarks.light`` prints its port and serves until its standard
input closes.
"""

import asyncio
import sys

from aiohttp.web import BaseRequest

from oidc_sim.server.body import read_body
from oidc_sim.server.guard import HostGuard
from oidc_sim.server.listener import Listener
from oidc_sim.server.raw_response import RawResponse
from oidc_sim.server.sockets import bind

BODY = b'{"error":"authorization_pending","error_description":"Authorization is still pending"}'
HEAD = (
    b"HTTP/1.1 400 Bad Request\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\n"
    b"Content-Type: application/json\r\nContent-Length: 86\r\nConnection: keep-alive\r\n"
    b"x-amzn-RequestId: 3f1f0e4c-8d5e-4e69-a6a5-5a4a1c0f9b0d\r\n"
    b"x-amzn-ErrorType: AuthorizationPendingException:"
    b"http://internal.amazon.com/coral/com.amazonaws.sso.oidc/\r\n\r\n"
)


async def answer(request: BaseRequest) -> RawResponse:
    await read_body(request)
    return RawResponse(400, HEAD, BODY)


async def serve() -> None:
    bound = bind()
    listener = Listener(answer, HostGuard(bound.port, bound.addresses))
    await listener.open(bound.sockets)
    print(bound.port, flush=True)  # noqa: T201 - the parent reads the port
    await asyncio.to_thread(sys.stdin.read)
    await listener.stop()


if __name__ == "__main__":
    asyncio.run(serve())
