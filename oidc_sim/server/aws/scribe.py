"""Writes the head of each answer and records the exchange, for every service that plays AWS's."""

import time
from collections.abc import Callable
from typing import NamedTuple

from aiohttp.http_parser import RawRequestMessage
from aiohttp.web import BaseRequest

from oidc_sim.record.exchange import Exchange, RawHeaders, packed
from oidc_sim.record.log import same_bytes
from oidc_sim.server.gate.caught import row_of
from oidc_sim.server.http.responses import RawResponse
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.answers import Answer, ErrorTypeForm, head, http_date


class Asked(NamedTuple):
    """The parts of a request that the record keeps; the message of aiohttp's parser has the same."""

    method: str
    path: str
    """The target as it came, query included."""
    raw_headers: RawHeaders


class Scribe:
    """Puts AWS's head before an answer, and each exchange into the log."""

    def __init__(
        self,
        simulator: Simulator,
        request_id: Callable[[], str],
        error_type: ErrorTypeForm = ErrorTypeForm.FULL,
    ) -> None:
        self._simulator = simulator
        self.request_id = request_id
        """Gives a new id: for ``send``, where the body has the same one in it."""
        self.error_type = error_type
        self._date = (0, "")

    def at_once(
        self,
        operation: str,
        work: Callable[[bytes], Answer],
        message: RawRequestMessage,
        body: bytes,
    ) -> bytes:
        """Do the work for a whole request; returns all bytes of the answer."""
        came = self._simulator.clock.now()
        body = same_bytes(body)
        answer = work(body)
        top = head(
            answer,
            request_id=self.request_id(),
            date=self._date_of(int(came.at)),
            error_type=self.error_type,
        )
        took_s = self._simulator.clock.tick() - came.tick
        self._keep(message, operation, body, answer, top, came.at, took_s)
        return top + answer.body

    def send(
        self,
        request: BaseRequest,
        operation: str | None,
        body: bytes,
        answer: Answer,
        began: float,
        request_id: str | None = None,
    ) -> RawResponse:
        """Record an exchange, and return its response.

        Args:
            request: As aiohttp gave it.
            operation: AWS's name of it; None if it is no operation.
            body: The request's; where it may come again, the first of equal ones (``same_bytes``).
            answer: The answer without its head.
            began: Start of the work, by ``time.perf_counter``.
            request_id: The id that the body has in it; else there is a new one.
        """
        top = head(
            answer,
            request_id=request_id or self.request_id(),
            date=self._date_of(int(self._simulator.now().at)),
            error_type=self.error_type,
        )
        took_s = time.perf_counter() - began
        self.record(request, operation, body, answer, top, took_s)
        return RawResponse(answer.status, top, answer.body)

    def unrecorded(self, answer: Answer) -> RawResponse:
        """Return the response to a request that must not be in the record."""
        date = self._date_of(int(self._simulator.now().at))
        top = head(answer, request_id=self.request_id(), date=date, error_type=self.error_type)
        return RawResponse(answer.status, top, answer.body)

    def record(
        self,
        request: BaseRequest,
        operation: str | None,
        body: bytes,
        answer: Answer,
        top: bytes,
        took_s: float,
    ) -> None:
        """Record an exchange whose answer others send; ``top`` is its head, where it is known."""
        asked = Asked(request.method, request.raw_path, request.raw_headers)
        at = self._simulator.now().at
        if (row := row_of(request)) is None:
            self._keep(asked, operation, body, answer, top, at, took_s)
        else:
            number, at = row.number, row.pending.at
            row.answered = _exchange(number, asked, operation, body, answer, top, at, took_s)

    def _keep(
        self,
        asked: Asked | RawRequestMessage,
        operation: str | None,
        body: bytes,
        answer: Answer,
        top: bytes,
        at: float,
        took_s: float,
    ) -> None:
        number = self._simulator.log.exchanges.seen + 1
        self._simulator.record(_exchange(number, asked, operation, body, answer, top, at, took_s))

    def _date_of(self, second: int) -> str:
        """Return the Date header by the simulated clock, made once a second."""
        if second != self._date[0]:
            self._date = (second, http_date(second))
        return self._date[1]


def _exchange(
    number: int,
    asked: Asked | RawRequestMessage,
    operation: str | None,
    body: bytes,
    answer: Answer,
    top: bytes,
    at: float,
    took_s: float,
) -> Exchange:
    return Exchange(
        number=number,
        at=at,
        method=asked.method,
        target=asked.path,
        operation=operation,
        status=answer.status,
        outcome=answer.outcome,
        user_code=answer.user_code,
        client_id=answer.client_id,
        took_s=took_s,
        packed_headers=packed(asked.raw_headers),
        request_body=body,
        response_head=top,
        response_body=same_bytes(answer.body),
    )
