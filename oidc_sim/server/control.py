"""The control API under ``/_sim/``: the table of actions over HTTP, and the log as a stream of events.

Every route but health wants the bearer token of the ready file; the entrance checks it, together
with Origin and the content type, before anything here runs (T-11).

The events are pulled on a timer, as the screen does. By hand rather than with aiohttp-sse: that pushes
one message a call and writes chunks, and here the bytes of many entries leave in one write, under their
numbers in the log.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from aiohttp.abc import AbstractStreamWriter
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.actions.answer import (
    Act,
    ControlAnswer,
    ControlRequest,
    Later,
    bad_request,
    number_of,
)
from oidc_sim.actions.aside import MOST_AT_ONCE, aside
from oidc_sim.actions.operations import EVENTS, Journal, more_routes, operations
from oidc_sim.actions.table import ACTIONS
from oidc_sim.demo.demos import Demos
from oidc_sim.record.lines import entry_json
from oidc_sim.record.log import Entry, Log
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.responses import (
    RawResponse,
    encoded_json_reply,
    json_reply,
    stream_start,
)
from oidc_sim.server.http.routes import Endpoint, Protection, Route
from oidc_sim.simulator.simulator import Simulator

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


class Control:
    """Makes the control routes of one simulator."""

    def __init__(self, simulator: Simulator, demos: Demos, url: str, journal: Journal) -> None:
        self._simulator = simulator
        self._acts = operations(simulator, demos, url, journal)

    def routes(self) -> Iterable[Route]:
        """All of them; actions that share a route share its work."""
        yield Route("GET", "/_sim/health", self._health, Protection.OPEN)
        yield Route("GET", "/_sim/events", self._events, Protection.TOKEN)
        acts = {it.route: self._acts[it.id] for it in ACTIONS if it.id != EVENTS}
        for route, act in {**acts, **dict(more_routes(self._simulator))}.items():
            method, _, path = route.partition(" ")
            yield Route(method, path, _endpoint(act), Protection.TOKEN)

    async def _health(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return json_reply(200, {"status": "ok"})

    async def _events(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        since = request.query.get("since") or request.headers.get("Last-Event-ID") or "0"
        if (number := number_of(since)) is None:
            return _reply(bad_request("since is a number of the log"))
        return await stream_events(request, self._simulator.log, number)


def _endpoint(act: Act) -> Endpoint:
    at_once = asyncio.Semaphore(MOST_AT_ONCE)

    async def answer(request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        body = await read_body(request)
        answered = act(ControlRequest(texts=match, query=request.query, body=body))
        for _ in answered.turns:
            await asyncio.sleep(0)
        if answered.later is not None:
            async with at_once:  # others wait meanwhile
                return await aside(partial(_reply_later, answered, answered.later))
        return _reply(answered)

    return answer


def _reply(answer: ControlAnswer) -> RawResponse:
    return json_reply(answer.status, answer.members)


def _reply_later(answer: ControlAnswer, later: Later, go_on: Callable[[], None]) -> RawResponse:
    """Encode in pieces, in a thread: encoding all at one go would stop the other threads meanwhile."""
    from oidc_sim.evidence.folder import json_pieces  # evidence alone takes long

    pieces = []
    for piece in json_pieces(later(go_on)):
        go_on()
        pieces.append(piece)
    return encoded_json_reply(answer.status, b"".join(pieces))
