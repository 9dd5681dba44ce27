"""The log as server-sent events: pulled on a timer, like the screen does."""

import asyncio
import json

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.record.lines import entry_json
from oidc_sim.record.log import Entry, Log

LOOK_EVERY_S = 0.1
HEARTBEAT_EVERY_S = 15.0
"""A comment now and then shows a vanished reader, and keeps proxies from closing."""
BATCH = 500
"""Entries written before others get their turn."""


async def stream_events(request: BaseRequest, log: Log, since: int) -> StreamResponse:
    """Write every entry newer than ``since``, then new ones as they come, until the reader leaves."""
    response = StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    loop = asyncio.get_running_loop()
    quiet_since = loop.time()
    await response.write(b": oidc-sim events\n\n")
    while True:
        if log.seq > since:
            since = await _write_batch(response, log, since)
            quiet_since = loop.time()
            continue
        if loop.time() - quiet_since > HEARTBEAT_EVERY_S:
            await response.write(b": still here\n\n")
            quiet_since = loop.time()
        await asyncio.sleep(LOOK_EVERY_S)


async def _write_batch(response: StreamResponse, log: Log, since: int) -> int:
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
    await response.write(b"".join(lines))
    return since


def _entry_event(entry: Entry) -> bytes:
    members = entry_json(entry)
    return _event(members["type"], members, entry.seq)


def _event(kind: str, members: dict[str, object], seq: int) -> bytes:
    """JSON in ASCII, so that no client's text can break a line or a terminal (threats.md T-04)."""
    return f"id: {seq}\nevent: {kind}\ndata: {json.dumps(members)}\n\n".encode()
