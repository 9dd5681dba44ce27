"""The SSO OIDC service: bytes to a command, the engine's reply to AWS's bytes, and a record of both."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from aiohttp.http_parser import RawRequestMessage
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.replies import Authorized, Refused, Registered, Reply, Tokens
from oidc_sim.record.exchange import Exchange, RawHeaders, packed
from oidc_sim.record.log import same_bytes
from oidc_sim.server.body import read_body
from oidc_sim.server.raw_response import RawResponse
from oidc_sim.server.routes import Endpoint, Protection, Route
from oidc_sim.simulator import Simulator
from oidc_sim.wire import answers, errors
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.envelope import ErrorTypeForm, head, http_date
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.operations import (
    CREATE_TOKEN,
    REGISTER_CLIENT,
    START_DEVICE_AUTHORIZATION,
    Operation,
)
from oidc_sim.wire.requests import (
    RegisterClientBody,
    StartDeviceAuthorizationBody,
    create_token_command,
)
from oidc_sim.wire.verification import VerificationUri, verification_uri


@dataclass(frozen=True, slots=True)
class OidcOptions:
    """What settings change about AWS's bytes."""

    own_url: str
    """Base URL of this server, without a slash at its end."""
    error_type: ErrorTypeForm = ErrorTypeForm.FULL
    verification_uri: VerificationUri = VerificationUri.LOCAL


class Asked(NamedTuple):
    """What the record keeps of a request that aiohttp made an object of.

    The message that aiohttp's parser makes has the same three.
    """

    method: str
    path: str
    """The target as it came, query included."""
    raw_headers: RawHeaders


class Oidc:
    """Makes the service's routes; each request becomes one ``dispatch`` and one exchange."""

    def __init__(
        self, simulator: Simulator, options: OidcOptions, request_id: Callable[[], str]
    ) -> None:
        self._simulator = simulator
        self._options = options
        self._request_id = request_id
        self._date = (0, "")

    def routes(self) -> Iterable[Route]:
        """One for each operation."""
        for operation, work in (
            (CREATE_TOKEN, self._create_token),
            (REGISTER_CLIENT, self._register_client),
            (START_DEVICE_AUTHORIZATION, self._start_device_authorization),
        ):
            yield Route(
                operation.method,
                operation.path,
                self._endpoint(operation, work),
                Protection.OPEN,
                partial(self._at_once, operation, work),
            )

    async def answer_unknown(self, request: BaseRequest, allowed: Iterable[str]) -> StreamResponse:
        """Answer a path that is no operation, or a method that it does not have."""
        body = same_bytes(await read_body(request))
        methods = ", ".join(sorted(allowed))
        problem = errors.wrong_method(methods) if methods else errors.UNKNOWN_OPERATION
        return self._respond(_asked(request), None, body, lambda _body: problem.answer())

    def note_refusal(self, request: BaseRequest, problem: Problem) -> None:
        """Record a request that the transport refused before any of this saw it."""
        answer = problem.answer()._replace(outcome=problem.text)
        at = self._simulator.clock.now().at
        self._record(_asked(request), None, b"", answer, b"", at, 0.0)

    def _endpoint(self, operation: Operation, work: Callable[[bytes], Answer]) -> Endpoint:
        async def serve(request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
            body = same_bytes(await read_body(request))
            return self._respond(_asked(request), operation.name, body, work)

        return serve

    def _respond(
        self, asked: Asked, operation: str | None, body: bytes, work: Callable[[bytes], Answer]
    ) -> RawResponse:
        answer, top = self._answer(asked, operation, body, work)
        return RawResponse(answer.status, top, answer.body)

    def _at_once(
        self,
        operation: Operation,
        work: Callable[[bytes], Answer],
        message: RawRequestMessage,
        body: bytes,
    ) -> bytes:
        answer, top = self._answer(message, operation.name, same_bytes(body), work)
        return top + answer.body

    def _register_client(self, body: bytes) -> Answer:
        asked = RegisterClientBody.parse(body)
        command = asked if isinstance(asked, Problem) else asked.command()
        if isinstance(command, Problem):
            return command.answer()
        return self._encode(self._simulator.dispatch(command))

    def _start_device_authorization(self, body: bytes) -> Answer:
        asked = StartDeviceAuthorizationBody.parse(body)
        if isinstance(asked, Problem):
            return asked.answer()
        command = asked.command()
        if isinstance(command, Problem):
            return command.answer()
        reply = self._simulator.dispatch(command)
        if not isinstance(reply, Authorized):
            return self._encode(reply)
        options = self._options
        uri = verification_uri(asked.start_url or "", options.own_url, options.verification_uri)
        return answers.authorized(reply, uri)

    def _create_token(self, body: bytes) -> Answer:
        command = create_token_command(body)
        if isinstance(command, Problem):
            return command.answer()
        reply = self._simulator.dispatch(command)
        return errors.refused(reply) if isinstance(reply, Refused) else self._encode(reply)

    @staticmethod
    def _encode(reply: Reply) -> Answer:
        match reply:
            case Refused():
                return errors.refused(reply)
            case Tokens():
                return answers.tokens(reply)
            case Registered():
                return answers.registered(reply)
            case _:
                raise TypeError(f"{type(reply).__name__} has no form on the wire")

    def _answer(
        self,
        asked: Asked | RawRequestMessage,
        operation: str | None,
        body: bytes,
        work: Callable[[bytes], Answer],
    ) -> tuple[Answer, bytes]:
        """Do the work and record it; returns the answer and its head."""
        came = self._simulator.clock.now()
        answer = work(body)
        top = head(
            answer,
            request_id=self._request_id(),
            date=self._date_of(int(came.at)),
            error_type=self._options.error_type,
        )
        took_s = self._simulator.clock.tick() - came.tick
        self._record(asked, operation, body, answer, top, came.at, took_s)
        return answer, top

    def _record(
        self,
        asked: Asked | RawRequestMessage,
        operation: str | None,
        body: bytes,
        answer: Answer,
        top: bytes,
        at: float,
        took_s: float,
    ) -> None:
        log = self._simulator.log
        exchange = Exchange(
            number=log.exchanges.seen + 1,
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
        self._simulator.record(exchange)

    def _date_of(self, second: int) -> str:
        """The Date header, made once a second."""
        if second != self._date[0]:
            self._date = (second, http_date(second))
        return self._date[1]


def _asked(request: BaseRequest) -> Asked:
    return Asked(request.method, request.raw_path, request.raw_headers)
