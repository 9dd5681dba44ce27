"""Shows each request on its way to AWS's services to the rules that are active.

While none is, a request passes untouched. One that is caught has its row in the record at once.
One that is held waits with its connection open, its command not yet dispatched, so a decision that
comes meanwhile is in its answer. An edited answer (``wire.edited``) is sent instead of doing what the
request asks for, or in place of the true answer after doing it.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import partial

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine import held
from oidc_sim.engine.arrival import Arrival, HeldDecision
from oidc_sim.engine.commands import Admit, EndHeld
from oidc_sim.engine.model import DEVICE_CODE_GRANT, Device
from oidc_sim.engine.replies import Admitted, Reason, Refused
from oidc_sim.record.exchange import Exchange
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.gate.arrivals import arrival_of, decision_of, is_retry, way_back_of
from oidc_sim.server.gate.caught import (
    EDITED,
    HELD,
    CaughtRequest,
    answer_of_poll,
    give_row,
    note_answer,
    pending_exchange,
    row_of,
    take_row,
)
from oidc_sim.server.gate.faults import FaultInjector, Truth
from oidc_sim.server.gate.holding import HoldingRoom
from oidc_sim.server.http.body import keep_body, read_body
from oidc_sim.server.http.responses import RawResponse
from oidc_sim.server.http.routes import Route
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire import errors
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.edited import edited_response, is_of_its_kind, with_true_values
from oidc_sim.wire.http import Response


def answer_as_edited(decision: HeldDecision, row: CaughtRequest) -> RawResponse:
    """Answer as somebody wrote it, with the true values of a request that has been done.

    Where the true answer is of another kind than the preview, none of its values fits: the text is sent
    as it was written, and the outcome in the row says which the true one was.
    """
    outcome, done = EDITED, row.answered or row.pending
    if decision.previewed:
        true = Response.parse(done.response_head + done.response_body)
        if is_of_its_kind(Response.parse(decision.previewed), true):
            decision = with_true_values(decision, true)
        else:
            outcome = f"{EDITED} (true: {done.outcome})"
    response = edited_response(decision)
    note_answer(row, response.status, outcome, response.head, response.body)
    return RawResponse.of(response)


MOST_WAITING = 10_000
FULL = "as many requests are held as there is room for: others are let through"
DROPPED = "dropped"
NO_ANSWER = "no answer"
_GONE = held.HUNG_UP
HUNG_UP_HELD = f"{_GONE} while held"
_AT_QUIT = "released at quit"
_REFUSALS = {
    held.DENY: Reason.ACCESS_DENIED,
    held.EXPIRE: Reason.EXPIRED_TOKEN,
    held.SLOW_DOWN: Reason.SLOW_DOWN,
}


class Gate:
    """Lets requests through to their services, later, spoilt, or not at all."""

    def __init__(
        self,
        simulator: Simulator,
        scribe: Scribe,
        injector: FaultInjector,
        most_waiting: int = MOST_WAITING,
        on_note: Callable[[str], object] = lambda _: None,
    ) -> None:
        """Make a gate that is open.

        It holds at most ``most_waiting`` requests and lets others through; ``on_note`` then gets a sentence.
        """
        self._simulator = simulator
        self._most_waiting = most_waiting
        self._on_note = on_note
        self._scribe = scribe
        self._injector = injector
        self._room = HoldingRoom(simulator)
        self.waiting: dict[int, BaseRequest] = {}
        """Requests that are held, by number."""
        self._is_closing = False

    @property
    def is_open(self) -> bool:
        """True while no rule is active, so that requests need not come by here."""
        return not self._simulator.state.lies_in_wait or self._is_closing

    async def close(self) -> None:
        """Release every held request, and catch none any more: the server stops."""
        self._is_closing = True
        await self._room.let_all_go()

    async def pass_through(
        self, request: BaseRequest, route: Route, match: Mapping[str, str]
    ) -> StreamResponse:
        """Answer a request by its service, unless a rule catches it."""
        truth = partial(route.endpoint, request, match)
        if self.is_open:
            return await truth()
        body = await read_body(request)
        keep_body(request, body)
        now, log = self._simulator.now(), self._simulator.log
        arrival = arrival_of(request, route.operation, body, self._simulator.state, now)
        admitted = self._simulator.dispatch(Admit(arrival=arrival, number=log.exchanges.seen + 1))
        if admitted.rule_id is None:
            return await truth()
        row = self._reserve(request, arrival, body, admitted)
        return await self._answer(request, row, admitted, truth)

    @property
    def _is_full(self) -> bool:
        """True if more wait than there are connections or memory for: they would lock everybody out."""
        waiting, log = len(self._simulator.under_way), self._simulator.log
        return waiting > self._most_waiting or not log.has_room

    async def send_back(
        self, request: BaseRequest, given: Answer, form: bytes, truth: Truth
    ) -> StreamResponse:
        """Send a browser back to its client, unless a fault of the redirect is active.

        The browser's newest request may have been caught itself. ``given`` is for the record.
        """
        if self.is_open:
            return await truth()
        state, now = self._simulator.state, self._simulator.now()
        arrival = way_back_of(request, given.user_code, given.client_id, state, now)
        return await self._at_moment(request, arrival, form, truth)

    async def decide(
        self, request: BaseRequest, device: Device, form: bytes, truth: Truth
    ) -> StreamResponse:
        """Carry out a person's decision on the page, unless a fault of that is active."""
        if self.is_open:
            return await truth()
        arrival = decision_of(request, device, self._simulator.now())
        return await self._at_moment(request, arrival, form, truth)

    async def _at_moment(
        self, request: BaseRequest, arrival: Arrival, form: bytes, truth: Truth
    ) -> StreamResponse:
        row = row_of(request)
        number = row.number if row else self._simulator.log.exchanges.seen + 1
        admitted = self._simulator.dispatch(Admit(arrival=arrival, number=number))
        if admitted.rule_id is None:
            return await truth()
        if row is not None:
            return await self._spoil(request, row, admitted, truth)
        row = self._reserve(request, arrival, form, admitted)
        return await self._answer(request, row, admitted, truth)

    def _reserve(
        self, request: BaseRequest, arrival: Arrival, body: bytes, admitted: Admitted
    ) -> CaughtRequest:
        """Give a caught request its row in the record."""
        now, number = self._simulator.now(), self._simulator.log.exchanges.seen + 1
        outcome = HELD if admitted.is_held else admitted.fault or ""
        pending = pending_exchange(request, arrival, body, number, now.at, outcome)
        pending = pending._replace(fault=admitted.fault)
        row = CaughtRequest(pending, arrival, now.tick, admitted.rule_id)
        row.is_retry = is_retry(request.headers, self._simulator.newest_about(arrival.user_code))
        self._simulator.reserve(pending)
        return row

    async def _answer(
        self, request: BaseRequest, row: CaughtRequest, admitted: Admitted, truth: Truth
    ) -> StreamResponse:
        """Answer a caught request, and complete its row however that ends."""
        give_row(request, row)
        truth = _counted(row, truth)
        outcome = _GONE
        try:
            if not admitted.is_held:
                return await self._spoil(request, row, admitted, truth)
            if self._is_full:
                return await self._let_through(row, truth)
            decision = await self._wait(request, row)
            if decision.how == held.DROP:
                outcome = DROPPED
            return await self._carry_out(decision, request, row, truth)
        except asyncio.CancelledError:
            outcome = HUNG_UP_HELD if row.number in self._simulator.state.held else _GONE
            raise
        finally:
            self._end(row, held.HUNG_UP)
            take_row(request)
            self._complete(row, outcome)

    async def _let_through(self, row: CaughtRequest, truth: Truth) -> StreamResponse:
        """Answer truly a request that there is no room to hold."""
        self._on_note(FULL)
        self._end(row, held.BY_ITSELF)
        return await truth()

    async def _wait(self, request: BaseRequest, row: CaughtRequest) -> HeldDecision:
        self.waiting[row.number] = request
        try:
            decision = await self._room.decision(row.number)
        finally:
            del self.waiting[row.number]
            row.held_s = self._simulator.now().tick - row.tick
        how = held.HOW_ENDED.get(decision.how, decision.how)
        self._end(row, _AT_QUIT if self._is_closing else how)
        return decision

    def _end(self, row: CaughtRequest, how: str) -> None:
        """Note that a request is not held any more, if it was."""
        self._simulator.dispatch(EndHeld(number=row.number, how=how))

    async def _carry_out(
        self, decision: HeldDecision, request: BaseRequest, row: CaughtRequest, truth: Truth
    ) -> StreamResponse:
        if decision.how == held.DROP:
            _hang_up(request)
        if decision.how == held.FAULT:
            return await self._spoil(request, row, self._by_hand(decision, row), truth)
        row.is_edited = decision.how == held.EDIT
        if row.is_edited:
            if decision.is_done:
                await truth()
            return answer_as_edited(decision, row)
        if decision.how in _REFUSALS:
            return self._refuse(_REFUSALS[decision.how], request, row)
        return await truth()

    def _by_hand(self, decision: HeldDecision, row: CaughtRequest) -> Admitted:
        """Treat a fault chosen by hand as if the hold, where it is still there, had been its rule."""
        known = row.rule_id in self._simulator.state.rules
        return Admitted(
            rule_id=row.rule_id if known else None,
            fault=decision.fault,
            settings=decision.settings,
        )

    def _refuse(self, reason: Reason, request: BaseRequest, row: CaughtRequest) -> RawResponse:
        """Refuse this request alone; nothing that it asks for is done."""
        refused = Refused(reason, row.arrival.user_code, row.arrival.client_id)
        answer = errors.refused(refused, DEVICE_CODE_GRANT)
        body = row.pending.request_body
        began = time.perf_counter()
        return self._scribe.send(request, row.arrival.operation, body, answer, began)

    async def _spoil(
        self, request: BaseRequest, row: CaughtRequest, admitted: Admitted, truth: Truth
    ) -> StreamResponse:
        """Answer by a fault; the record has that answer, and the true one where there was one."""
        fault, settings = admitted.fault, admitted.settings
        if row.pending.fault != fault:  # it was held
            row.pending = row.pending._replace(fault=fault, outcome=fault or "")
            self._simulator.amend(row.pending)
        try:
            given = await self._injector.inject(
                fault or "", settings, request, row.arrival, truth, admitted.rule_id
            )
        except ConnectionError:
            note_answer(row, 0, NO_ANSWER)
            raise
        note_answer(row, given.status, given.outcome, given.head, given.body)
        return given.response

    def _complete(self, row: CaughtRequest, outcome: str) -> None:
        """Put the outcome of a request into its row, and tell the engine of a poll's."""
        exchange: Exchange = row.answered or row.pending._replace(outcome=outcome)
        took_s = self._simulator.now().tick - row.tick
        self._simulator.complete(exchange._replace(took_s=took_s))
        if (answered := answer_of_poll(row, exchange)) is not None:
            self._simulator.dispatch(answered)


def _counted(row: CaughtRequest, truth: Truth) -> Truth:
    """Count in the row how often the truth is asked for: then the engine knows of the request."""

    async def counted() -> StreamResponse:
        row.times_done += 1
        return await truth()

    return counted


def _hang_up(request: BaseRequest) -> None:
    """End the connection without an answer.

    Raises:
        ConnectionResetError: Always; aiohttp's loop takes it as the end.
    """
    if request.transport is not None:
        request.transport.close()
    raise ConnectionResetError("the operator dropped the request")
