"""The load generator's ceiling: a server that answers each read with constant bytes, without HTTP.

``python -m tests.benchmarks.echo`` prints its port and serves until its standard input closes.
"""

import asyncio
import sys

ANSWER = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}"


class Constant(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(ANSWER)


async def serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Constant, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the parent reads the port
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
