"""Sends one request on one connection: HTTP/1.1 over asyncio's streams.

By hand, because aiohttp is the server's alone, and urllib would need a thread that cannot be ended.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 65.0
"""Seconds without an answer until a client gives up; the page of a sign-in is held for 50."""
_MOST_BYTES = 1 << 20


class UnansweredError(Exception):
    """Nobody answered, or not in HTTP; the text is for a person."""


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    """A response that came back."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters; of several with one name the last."""
    body: bytes

    @property
    def members(self) -> dict[str, Any]:
        """Members of the JSON object in the body; none where there is no such object."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Asking:
    """A client's way to the server."""

    url: str
    """Base URL, without a slash at its end."""
    agent: str
    """The client's user agent."""

    async def post(self, path: str, members: Mapping[str, Any]) -> DemoAnswer:
        """Send a JSON object; raises ``NoAnswerError`` when there is no answer."""
        body = json.dumps(members).encode()
        return await self._ask("POST", path, {"Content-Type": "application/json"}, body)

    async def get(self, target: str, headers: Mapping[str, str]) -> DemoAnswer:
        """Open a path with its query; raises ``NoAnswerError`` when there is no answer."""
        return await self._ask("GET", target, headers)

    async def _ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b""
    ) -> DemoAnswer:
        there = urlsplit(self.url)
        sent = {
            "Host": there.netloc,
            "User-Agent": self.agent,
            "Connection": "close",
            **headers,
            **({"Content-Length": str(len(body))} if body else {}),
        }
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {it}" for name, it in sent.items())]
        head = "".join(f"{line}\r\n" for line in lines) + "\r\n"
        try:
            async with asyncio.timeout(PATIENCE_S):
                said = await _exchange(there.hostname or "", there.port, head.encode() + body)
        except TimeoutError:
            raise UnansweredError(f"no answer within {PATIENCE_S:.0f} s") from None
        except OSError as error:
            raise UnansweredError(error.strerror or type(error).__name__) from None
        return _answer(said)


async def _exchange(host: str, port: int | None, request: bytes) -> bytes:
    """Read all that comes until the server closes."""
    reader, writer = await asyncio.open_connection(host, port, limit=_MOST_BYTES)
    try:
        writer.write(request)
        await writer.drain()
        return await _read(reader)
    finally:
        writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> bytes:
    said = b""
    while len(said) < _MOST_BYTES and (more := await reader.read(_MOST_BYTES)):
        said += more
    return said


def _answer(said: bytes) -> DemoAnswer:
    head, _, body = said.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    status = rest[:3]
    if not (version.startswith("HTTP/1.") and status.isascii() and status.isdigit()):
        raise UnansweredError("the connection broke off" if not said else "the answer was no HTTP")
    pairs = (line.partition(":") for line in lines)
    return DemoAnswer(int(status), {name.lower(): it.strip() for name, _, it in pairs}, body)
