"""A request that a rule caught, on its way through the server.

It has its row among the requests from the start, and keeps that number whatever comes meanwhile. The
services do not know of it: their exchange goes into the row when the answer is complete.
"""

import re
from dataclasses import dataclass

from aiohttp.web import BaseRequest, RequestKey

from oidc_sim.engine.arrival import Arrival, Detour
from oidc_sim.engine.commands import AnswerPoll
from oidc_sim.engine.held import HUNG_UP
from oidc_sim.engine.model import DEVICE_CODE_GRANT
from oidc_sim.record.exchange import Exchange, packed
from oidc_sim.wire.http import json_members
from oidc_sim.wire.operations import CREATE_TOKEN

HELD = "held"
"""The outcome that is shown while a request is held."""
EDITED = "edited answer"
"""The outcome of a request that was answered with what the operator wrote."""


@dataclass(slots=True)
class CaughtRequest:
    """A caught request's place in the record."""

    pending: Exchange
    """The exchange that the record has until there is an answer."""
    arrival: Arrival
    tick: float
    """Real monotonic seconds at which it came."""
    rule_id: int | None = None
    """The rule that caught it."""
    answered: Exchange | None = None
    """The service's exchange, with its own answer."""
    held_s: float | None = None
    """Real seconds for which it was held; None if it was not."""
    is_edited: bool = False
    """True if the operator wrote its answer."""
    is_retry: bool = False
    """True if its client's SDK sends it again."""
    times_done: int = 0
    """Times that its service was asked for the true answer."""

    @property
    def number(self) -> int:
        """The request's number in the record."""
        return self.pending.number

    def detour(self) -> Detour:
        """Return what the rules have made of it so far; to be called when it is done, or over."""
        return Detour(
            tick=self.tick,
            held_s=self.held_s,
            fault=EDITED if self.is_edited else self.pending.fault,
            is_repeat=self.times_done > 1,
            is_retry=self.is_retry,
        )


def note_answer(
    row: CaughtRequest, status: int, outcome: str, head: bytes = b"", body: bytes = b""
) -> None:
    """Note the answer that replaces the true one, and the true one too where there was one."""
    true = row.answered
    row.answered = (true or row.pending)._replace(
        status=status,
        outcome=outcome,
        response_head=head,
        response_body=body,
        fault=row.pending.fault,
        true_response=true.response_head + true.response_body if true else b"",
    )


_ROW = RequestKey("oidc_sim.row", CaughtRequest)


def row_of(request: BaseRequest) -> CaughtRequest | None:
    """Return the row that waits for this request's answer; None if no rule caught it."""
    return request.get(_ROW)


def give_row(request: BaseRequest, row: CaughtRequest) -> None:
    """Let the exchange of a request go into this row from here on."""
    request[_ROW] = row


def take_row(request: BaseRequest) -> None:
    """Let the exchange of a request go into the record by itself from here on."""
    del request[_ROW]


def pending_exchange(
    request: BaseRequest, arrival: Arrival, body: bytes, number: int, at: float, outcome: str
) -> Exchange:
    """The row of a request that has no answer yet: its status is 0."""
    return Exchange(
        number=number,
        at=at,
        method=request.method,
        target=request.raw_path,
        operation=arrival.operation,
        status=0,
        outcome=outcome,
        user_code=arrival.user_code,
        client_id=arrival.client_id,
        took_s=0.0,
        packed_headers=packed(request.raw_headers),
        request_body=body,
        response_head=b"",
        response_body=b"",
    )


_CODE = re.compile(r"[a-z_]{1,40}")
"""An error code as RFC 6749 and RFC 8628 write theirs; an operator may write anything, even a secret."""


def answer_of_poll(row: CaughtRequest, exchange: Exchange) -> AnswerPoll | None:
    """Record a poll's outcome in the engine when a rule answered it instead of the service; else None."""
    arrival = row.arrival
    is_poll = arrival.operation == CREATE_TOKEN.name and arrival.grant_type == DEVICE_CODE_GRANT
    if not is_poll or row.times_done or arrival.user_code is None:
        return None
    return AnswerPoll(
        user_code=arrival.user_code,
        client_id=arrival.client_id,
        detour=row.detour(),
        answer_word=HUNG_UP if exchange.outcome.startswith(HUNG_UP) else exchange.outcome,
        error=error_of(exchange.response_body),
    )


def error_of(body: bytes) -> str:
    """Return the error code in a body as the client reads it (RFC 6749 §5.2); empty if there is none."""
    code = json_members(body).get("error")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
