"""HTTP by hand over a socket: sends exactly the bytes that a test gives, and reads what comes back."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

PATIENCE_S = 10.0
"""How long a test waits for what must come; it fails then. Nothing waits for time to pass."""
_CHUNKED = "chunked"


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One response as it came."""

    head: bytes
    body: bytes

    @property
    def version(self) -> str:
        return self.head.split(b" ", 1)[0].decode("ascii")

    @property
    def status(self) -> int:
        return int(self.head.split(b" ", 2)[1])

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Names and values in order, spelled as they came."""
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return [(name, value.strip()) for name, _, value in (it.partition(":") for it in lines)]

    def header(self, name: str) -> str | None:
        """The value of the only header of that name, in any case; None if there is none."""
        found = [value for it, value in self.headers if it.lower() == name.lower()]
        assert len(found) <= 1, f"{name} came {len(found)} times"
        return found[0] if found else None

    def json(self) -> Any:
        return json.loads(self.body)


class RawClient:
    """A connected client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, *, to_head: bool = False) -> RawAnswer:
        """Read one response, framed by Content-Length, by chunks, or by the end of the connection."""
        async with asyncio.timeout(PATIENCE_S):
            head = await self.reader.readuntil(b"\r\n\r\n")
            answer = RawAnswer(head, b"")
            if to_head or answer.status < 200 or answer.status in {204, 304}:
                return answer
            return RawAnswer(head, await self._body(answer))

    async def _body(self, answer: RawAnswer) -> bytes:
        if answer.header("Transfer-Encoding") == _CHUNKED:
            return await self._chunks()
        length = answer.header("Content-Length")
        if length is None:
            return await self.reader.read()
        return await self.reader.readexactly(int(length))

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size)
            await self.reader.readline()
        await self.reader.readline()
        return body

    async def rest(self) -> bytes:
        """Read what comes until the server closes the connection, and fail if it does not."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


@asynccontextmanager
async def connected(port: int, host: str = "127.0.0.1") -> AsyncIterator[RawClient]:
    """A client for the time of the block."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        yield RawClient(reader, writer)
    finally:
        writer.close()


async def exchange(port: int, data: bytes) -> tuple[RawAnswer, bytes]:
    """Send, and read until the server closes: the first answer, and whatever came after it."""
    async with connected(port) as client:
        await client.send(data)
        return await client.answer(), await client.rest()


def request(
    method: str = "POST",
    target: str = "/token",
    body: bytes = b"",
    *,
    port: int = 0,
    headers: tuple[str, ...] = (),
    version: str = "1.1",
) -> bytes:
    """The bytes of a well-formed request; a Host among ``headers`` replaces the usual one."""
    names = {it.split(":", 1)[0].lower() for it in headers}
    lines = [f"{method} {target} HTTP/{version}"]
    if "host" not in names:
        lines.append(f"Host: 127.0.0.1:{port}")
    lines += headers
    if (body or method == "POST") and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body
