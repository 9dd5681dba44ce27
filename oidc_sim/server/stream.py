"""The log as server-sent events: pulled on a timer, like the screen does.

By hand rather than with aiohttp-sse: that pushes one message a call and writes chunks, and here the
bytes of many entries leave in one write, under their numbers in the log.
"""

import asyncio
import json

from aiohttp.abc import AbstractStreamWriter
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.record.lines import entry_json
from oidc_sim.record.log import Entry, Log
from oidc_sim.server.http.plain import stream_start

LOOK_EVERY_S = 0.1
HEARTBEAT_EVERY_S = 15.0
"""A comment now and then shows a vanished reader, and keeps proxies from closing."""
BATCH = 500
"""Entries written before others get their turn."""


async def stream_events(request: BaseRequest, log: Log, since: int) -> StreamResponse:
    """Write every entry newer than ``since``, then new ones as they come, until the reader leaves.

    A ``since`` that the log has not reached is of an earlier run: then all entries are new.

    Raises:
        ConnectionError: The reader has left.
    """
    response = stream_start("text/event-stream")
    await response.prepare(request)
    if request.method != "HEAD":
        await _follow(request.writer, log, since if since <= log.seq else 0)
    return response


async def _follow(writer: AbstractStreamWriter, log: Log, since: int) -> None:
    now = asyncio.get_running_loop().time
    quiet_since = now()
    await writer.write(b": oidc-sim events\n\n")
    while True:
        if log.seq > since:
            since = await _write_batch(writer, log, since)
            quiet_since = now()
        elif now() - quiet_since > HEARTBEAT_EVERY_S:
            await writer.write(b": still here\n\n")
            quiet_since = now()
        await asyncio.sleep(0 if log.seq > since else LOOK_EVERY_S)


async def _write_batch(writer: AbstractStreamWriter, log: Log, since: int) -> int:
    """Write some entries; returns the number of the last one written."""
    lines: list[bytes] = []
    missed = log.entries.dropped - since
    if missed > 0:
        since += missed
        lines.append(_event("dropped", {"type": "dropped", "count": missed}, since))
    for entry in log.entries.since(since):
        lines.append(_entry_event(entry))
        since = entry.seq
        if len(lines) >= BATCH:
            break
    await writer.write(b"".join(lines))
    return since


def _entry_event(entry: Entry) -> bytes:
    members = entry_json(entry)
    return _event(members["type"], members, entry.seq)


def _event(kind: str, members: dict[str, object], seq: int) -> bytes:
    """JSON in ASCII, so that no client's text can break a line or a terminal (T-04)."""
    return f"id: {seq}\nevent: {kind}\ndata: {json.dumps(members)}\n\n".encode()
