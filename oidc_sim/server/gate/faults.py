"""Tells the faults of the catalogue: asks for the truth where there is one, plans, and delivers.

What needs a memory has one for each rule: quotas, stalls, tokens that were seen before. It goes with the
rule, and so with a reset.

What a rule's fault has to remember between two requests. Bounded: the oldest goes.

What the gate asks of whoever knows the faults: an answer that is spoilt, and its record.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.arrival import Arrival, Setting
from oidc_sim.engine.commands import Approve, SpareRule
from oidc_sim.engine.model import Actor, digest
from oidc_sim.faults import making as wire
from oidc_sim.faults.catalogue import BY_NAME
from oidc_sim.faults.catalogue.settings import settings_of
from oidc_sim.faults.making import Pause, Send, Spoiling, Told
from oidc_sim.faults.making.content import edited
from oidc_sim.faults.making.steps import whole
from oidc_sim.faults.row import When
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.http.absence import Leave, Way
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.delivery import Delivery, Sleep
from oidc_sim.server.http.responses import RawResponse
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.envelope import ErrorTypeForm, http_date

_MOST = 10_000
_DEFAULT_S = 28_800


class FaultMemory:
    """Quotas, stalls, tokens. Ticks are real monotonic seconds."""

    def __init__(self) -> None:
        self._answered: deque[float] = deque(maxlen=1_000_000)
        self._stall_ends = 0.0
        self._refreshed: dict[Any, float] = {}
        self._revoked: dict[str, None] = {}
        self._logins: dict[str, tuple[str, float]] = {}

    def objects(
        self, fault: str, it: Spoiling, body: dict[str, Any], client_id: str, tick: float
    ) -> float | None:
        """Seconds to tell a client that is refused; None lets it through."""
        if fault == "quota":
            return self._quota(it, tick)
        return self._reuse(it, body, client_id, tick)

    def _quota(self, it: Spoiling, tick: float) -> float | None:
        window_s = it.number("window_s")
        while self._answered and self._answered[0] <= tick - window_s:
            self._answered.popleft()
        if len(self._answered) < it.number("requests"):
            self._answered.append(tick)
            return None
        oldest = self._answered[0] if self._answered else tick
        return oldest + window_s - tick

    def _reuse(
        self, it: Spoiling, body: dict[str, Any], client_id: str, tick: float
    ) -> float | None:
        """Refuse a refresh token's second use after its grace, and its client from then on."""
        token = body.get("refreshToken")
        if not isinstance(token, str):
            return None
        used = self._refreshed.setdefault(digest(token), tick)
        _forget(self._refreshed)
        if used != tick and tick - used >= it.number("grace_s"):
            self._revoked[client_id] = None
            _forget(self._revoked)
        return 0.0 if client_id in self._revoked else None

    def stall_left(self, seconds: float, tick: float) -> float:
        """Until the stall that is on is over; else a new one begins."""
        if tick >= self._stall_ends:
            self._stall_ends = tick + seconds
        return self._stall_ends - tick

    def same_again(self, told: Told, client_id: str, at: float) -> Told:
        """The first login's token for each later one of a client, with what is left of its life."""

        def change(members: dict[str, Any]) -> dict[str, Any]:
            token = members.get("accessToken")
            if not isinstance(token, str):
                return members
            life_s = members.get("expiresIn", _DEFAULT_S)
            first, ends = self._logins.setdefault(client_id, (token, at + life_s))
            _forget(self._logins)
            return {**members, "accessToken": first, "expiresIn": max(0, int(ends - at))}

        return edited(told, change)


def _forget(known: dict[Any, Any]) -> None:
    while len(known) > _MOST:
        del known[next(iter(known))]


Truth = Callable[[], Awaitable[StreamResponse]]
"""Has the service answer truly: what that commits stays. A fault that acts instead never calls it."""


class Delivered(NamedTuple):
    """What a fault answers a request with."""

    response: StreamResponse
    """Sends itself when aiohttp prepares it, however slowly or badly the fault wants that."""
    status: int
    """For the record; 0 where no answer goes out."""
    outcome: str
    head: bytes = b""
    body: bytes = b""
    """What goes out, for the record."""


class FaultTeller(Protocol):
    """Knows the catalogue of faults."""

    async def tell(
        self,
        fault: str,
        settings: Mapping[str, Setting],
        request: BaseRequest,
        arrival: Arrival,
        truth: Truth,
        rule_id: int | None = None,
    ) -> Delivered:
        """Answer one request with a fault.

        Args:
            fault: Name in the catalogue.
            settings: Values of its parameters.
            request: As aiohttp gave it; its body has been read.
            arrival: What is known of it.
            truth: Called by faults that act before or after the true answer.
            rule_id: The rule that caught or held the request; None where that is gone.

        Raises:
            ConnectionError: No answer goes out at all, and the connection has been ended.
        """


class LateTeller:
    """Loads who knows the catalogue when it is first asked: starting does without it."""

    def __init__(self, load: Callable[[], FaultTeller]) -> None:
        self._load = load

    @cached_property
    def real(self) -> FaultTeller:
        """The one that knows."""
        return self._load()

    async def tell(
        self,
        fault: str,
        settings: Mapping[str, Setting],
        request: BaseRequest,
        arrival: Arrival,
        truth: Truth,
        rule_id: int | None = None,
    ) -> Delivered:
        """As the one that knows does."""
        return await self.real.tell(fault, settings, request, arrival, truth, rule_id)


UNTOUCHED = "quota", "refresh-rotation"
"""Answered truly unless the memory objects."""


class CatalogueTeller:
    """Knows the whole catalogue."""

    def __init__(
        self,
        simulator: Simulator,
        scribe: Scribe,
        url: str,
        error_type: ErrorTypeForm,
        leave: Callable[[Leave], object],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._simulator = simulator
        self._scribe = scribe
        self._url = url
        self._error_type = error_type
        self.sleep = sleep
        """Waits for real seconds, where a fault pauses."""
        self._leave = leave
        self._memories: dict[int, FaultMemory] = {}

    async def tell(
        self,
        fault: str,
        settings: Mapping[str, Setting],
        request: BaseRequest,
        arrival: Arrival,
        truth: Truth,
        rule_id: int | None = None,
    ) -> Delivered:
        """Answer one request with a fault of the catalogue."""
        row = BY_NAME.get(fault)
        chosen = settings_of(row, settings) if row else None
        if row is None or not isinstance(chosen, dict):  # of a journal of another version
            return _true(await truth(), f"fault {fault} is unknown")
        it = self._spoiling(chosen, arrival, rule_id)
        memory = self._memory_of(rule_id)
        if fault in set(Way):
            self._leave(_leave(Way(fault), it, rule_id))
        if row.when is When.INSTEAD:
            return self._deliver(fault, it)
        if row.when is When.BEFORE:
            return await self._before(fault, it, request, arrival, truth, memory)
        return await self._after(fault, it, arrival, truth, memory, rule_id)

    def _spoiling(
        self, settings: dict[str, Setting], arrival: Arrival, rule_id: int | None
    ) -> Spoiling:
        at = self._simulator.now().at
        rule = self._simulator.state.rules.get(rule_id or 0)
        return Spoiling(
            settings=settings,
            operation=arrival.operation,
            request_id=self._scribe.request_id(),
            date=http_date(at),
            at=at,
            error_type=self._error_type,
            url=self._url,
            turn=rule.done - 1 if rule else 0,
        )

    def _memory_of(self, rule_id: int | None) -> FaultMemory:
        """The rule's own; those of rules that are no more go."""
        rules = self._simulator.state.rules
        for gone in self._memories.keys() - rules.keys():
            del self._memories[gone]
        return (
            FaultMemory() if rule_id is None else self._memories.setdefault(rule_id, FaultMemory())
        )

    async def _before(
        self,
        fault: str,
        it: Spoiling,
        request: BaseRequest,
        arrival: Arrival,
        truth: Truth,
        memory: FaultMemory,
    ) -> Delivered:
        """Wait, or object; else the truth."""
        tick = self._simulator.now().tick
        if fault in UNTOUCHED:
            body = _members(await read_body(request))
            wait_s = memory.objects(fault, it, body, arrival.client_id or "", tick)
            if wait_s is None:
                return _true(await truth(), fault)
            return self._deliver(fault, _with(it, wait_s=wait_s))
        if fault == "stall":
            it = _with(it, wait_s=memory.stall_left(it.number("seconds"), tick))
        for step in wire.plan(fault, it):
            if isinstance(step, Pause):
                await self.sleep(step.seconds)
        return _true(await truth(), fault)

    async def _after(
        self,
        fault: str,
        it: Spoiling,
        arrival: Arrival,
        truth: Truth,
        memory: FaultMemory,
        rule_id: int | None,
    ) -> Delivered:
        """Spoil the true answer; a page that streams itself is left as it is."""
        response = await truth()
        if fault == "duplicate":
            response = await truth()
        if not isinstance(response, RawResponse):
            return self._spared(response, fault, "not for a page", rule_id)
        told = wire.Told.read(response.head, response.content)
        members = _members(told.body)
        has_acted = fault == "duplicate"
        if fault == "pre-authorized" and isinstance(code := members.get("userCode"), str):
            self._simulator.dispatch(Approve(code, Actor.SCRIPT))
            has_acted = True
        if fault == "stale-login":
            has_acted = "accessToken" in members
            told = memory.same_again(told, arrival.client_id or "", it.at)
        it = _with(it, truth=told)
        if not has_acted and wire.plan(fault, it) == whole(told):
            return self._spared(response, fault, "nothing to change", rule_id)
        return self._deliver(fault, it)

    def _spared(
        self, response: StreamResponse, fault: str, why: str, rule_id: int | None
    ) -> Delivered:
        """The truth; the rule waits for a request at which it can do something."""
        rule = self._simulator.state.rules.get(rule_id or 0)
        # a fault that was chosen by hand has come by a hold's rule
        if rule is not None and rule.fault == fault:
            self._simulator.dispatch(SpareRule(rule.rule_id))
        return _true(response, f"{fault}: {why}")

    def _deliver(self, fault: str, it: Spoiling) -> Delivered:
        plan = wire.plan(fault, it)
        sent = b"".join(step.data for step in plan if isinstance(step, Send))
        head, _, body = sent.partition(b"\r\n\r\n")
        status = _status(head)
        response = Delivery(plan, status or 200, self.sleep)
        return Delivered(response, status, fault, head + b"\r\n\r\n" if body or head else b"", body)


def _with(it: Spoiling, **changes: Any) -> Spoiling:
    return replace(it, **changes)


def _leave(way: Way, it: Spoiling, rule_id: int | None) -> Leave:
    return Leave(
        way=way,
        seconds=it.number("seconds"),
        rule_id=rule_id,
        forgets=bool(it.settings.get("forgets")),
        backlog=int(it.number("backlog")) if "backlog" in it.settings else 0,
    )


def _status(head: bytes) -> int:
    """As the status line says; 0 where there is none."""
    words = head.split(b" ", 2)
    is_http = len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit()
    return int(words[1]) if is_http else 0


def _true(response: StreamResponse, outcome: str) -> Delivered:
    if isinstance(response, RawResponse):
        return Delivered(response, response.status, outcome, response.head, response.content)
    return Delivered(response, response.status, outcome)


def _members(body: bytes) -> dict[str, Any]:
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}
