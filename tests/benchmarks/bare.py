"""The yardstick: aiohttp's Application with one route, a constant 400, access log off.

``python -m tests.benchmarks.bare`` prints its port and serves until its standard input closes.
"""

import asyncio
import sys

from aiohttp import web

BODY = b'{"error":"authorization_pending","error_description":"Authorization is still pending"}'


async def answer(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(status=400, body=BODY, content_type="application/json")


async def serve() -> None:
    app = web.Application()
    app.router.add_post("/token", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201 - the parent reads the port
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
