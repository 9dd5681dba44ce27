"""The SSO OIDC service: turns bytes into a command, and the engine's reply into AWS's bytes."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from aiohttp.http_parser import RawRequestMessage
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.arrival import Detour
from oidc_sim.engine.commands import Poll, RedeemCode, Refresh
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    REFRESH_TOKEN_GRANT,
    digest,
)
from oidc_sim.engine.replies import Refused
from oidc_sim.record.log import same_bytes
from oidc_sim.server.aws.portal import RateBound
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.aws.sts import signed_request
from oidc_sim.server.gate.arrivals import is_again, is_retry
from oidc_sim.server.gate.caught import row_of
from oidc_sim.server.http.body import FOREIGN_HOST, OF_ANOTHER_SITE, read_body
from oidc_sim.server.http.routes import Endpoint, Route, operation_route
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire import answers, errors
from oidc_sim.wire.answers import TOKEN_ISSUED, TOKEN_REFRESHED, Answer, Endpoints
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.iam import CreateTokenWithIAMBody, SignatureGate, application_tokens
from oidc_sim.wire.operations import (
    AUTHORIZE,
    CREATE_TOKEN,
    CREATE_TOKEN_WITH_IAM,
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

_GRANT_TYPES = {
    Poll: DEVICE_CODE_GRANT,
    Refresh: REFRESH_TOKEN_GRANT,
    RedeemCode: AUTHORIZATION_CODE_GRANT,
}


@dataclass(frozen=True, slots=True)
class OidcOptions:
    """The settings that change AWS's bytes."""

    own_url: str
    """Base URL of this server, without a slash at its end."""
    region: str
    signing_key: bytes
    verification_uri: VerificationUri = VerificationUri.LOCAL
    announces_endpoints: bool = False
    """True if RegisterClient says where ``/authorize`` and ``/token`` are."""

    @property
    def endpoints(self) -> Endpoints:
        """The endpoints that RegisterClient says."""
        if not self.announces_endpoints:
            return Endpoints()  # both null
        return Endpoints(self.own_url + AUTHORIZE.path, self.own_url + CREATE_TOKEN.path)


class Oidc:
    """Makes the service's routes; each request becomes one ``dispatch`` and one exchange."""

    def __init__(self, simulator: Simulator, options: OidcOptions, scribe: Scribe) -> None:
        self._simulator = simulator
        self._options = options
        self._scribe = scribe
        self._for_others = RateBound(1)
        self._gate = SignatureGate(options.signing_key, options.region, options.own_url)

    def routes(self) -> Iterable[Route]:
        """One for each operation."""
        yield operation_route(CREATE_TOKEN, self._serve_create_token, self._create_token_at_once)
        for operation, work in (
            (REGISTER_CLIENT, self._register_client),
            (START_DEVICE_AUTHORIZATION, self._start_device_authorization),
        ):
            at_once = partial(self._scribe.at_once, operation.name, work)
            yield operation_route(operation, self._endpoint(operation, work), at_once)
        yield operation_route(CREATE_TOKEN_WITH_IAM, self._serve_create_token_with_iam)

    def answer(self, operation: Operation, body: bytes) -> Answer:
        """Answer a device flow's request without HTTP around it, and record nothing."""
        if operation is CREATE_TOKEN:
            return self._create_token(body)
        if operation is REGISTER_CLIENT:
            return self._register_client(body)
        return self._start_device_authorization(body)

    async def answer_unknown(self, request: BaseRequest, allowed: Iterable[str]) -> StreamResponse:
        """Answer a path that is no operation, or a method that it does not have."""
        body = same_bytes(await read_body(request))
        methods = ", ".join(sorted(allowed))
        problem = errors.wrong_method(methods) if methods else errors.UNKNOWN_OPERATION
        return self._scribe.send(request, None, body, problem.answer(), time.perf_counter())

    def turn_away(self) -> StreamResponse:
        """Refuse a request that a page of another site had a browser send.

        It is counted and not recorded: such a page could fill the record, and push clients' requests out.
        """
        self._simulator.turn_away()
        return self._scribe.unrecorded(OF_ANOTHER_SITE.answer())

    def note_refusal(self, request: BaseRequest, problem: Problem) -> None:
        """Record a request that the transport refused; of those for other names one a second.

        A page whose own name leads here can send thousands.
        """
        if problem is FOREIGN_HOST and not self._for_others.allows(self._simulator.now().tick):
            self._simulator.turn_away()
            return
        answer = problem.answer()._replace(outcome=problem.text)
        self._scribe.record(request, None, b"", answer, b"", 0.0)

    def _endpoint(self, operation: Operation, work: Callable[[bytes], Answer]) -> Endpoint:
        async def serve(request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
            body = same_bytes(await read_body(request))
            began = time.perf_counter()
            return self._scribe.send(request, operation.name, body, work(body), began)

        return serve

    def _register_client(self, body: bytes) -> Answer:
        asked = RegisterClientBody.parse(body)
        command = asked if isinstance(asked, Problem) else asked.command()
        if isinstance(command, Problem):
            return command.answer()
        reply = self._simulator.dispatch(command)
        if isinstance(reply, Refused):
            return errors.refused(reply)
        return answers.registered(reply, self._options.endpoints)

    def _start_device_authorization(self, body: bytes) -> Answer:
        asked = StartDeviceAuthorizationBody.parse(body)
        if isinstance(asked, Problem):
            return asked.answer()
        command = asked.command()
        if isinstance(command, Problem):
            return command.answer()
        reply = self._simulator.dispatch(command)
        if isinstance(reply, Refused):
            return errors.refused(reply)
        options = self._options
        uri = verification_uri(asked.start_url or "", options.own_url, options.verification_uri)
        return answers.authorized(reply, uri)

    async def _serve_create_token(
        self, request: BaseRequest, _match: Mapping[str, str]
    ) -> StreamResponse:
        body = same_bytes(await read_body(request))
        began = time.perf_counter()
        row = row_of(request)
        detour = row.detour() if row else self._detour_of_retry(request.headers, body)
        answer = self._create_token(body, detour)
        return self._scribe.send(request, CREATE_TOKEN.name, body, answer, began)

    def _create_token_at_once(self, message: RawRequestMessage, body: bytes) -> bytes:
        work: Callable[[bytes], Answer] = self._create_token
        if is_again(message.headers):  # looked at for every poll, so it costs a look-up
            detour = self._detour_of_retry(message.headers, body)
            work = partial(self._create_token, detour=detour)
        return self._scribe.at_once(CREATE_TOKEN.name, work, message, body)

    def _detour_of_retry(self, headers: Mapping[str, str], body: bytes) -> Detour | None:
        """Return the detour of a poll that an SDK sends again; None for any other request."""
        command = create_token_command(body) if is_again(headers) else None
        if not isinstance(command, Poll):
            return None
        user_code = self._simulator.state.user_codes.get(digest(command.device_code))
        if not is_retry(headers, self._simulator.newest_about(user_code)):
            return None
        return Detour(tick=self._simulator.clock.tick(), is_retry=True)

    def _create_token(self, body: bytes, detour: Detour | None = None) -> Answer:
        command = create_token_command(body)
        if isinstance(command, Problem):
            return command.answer()
        if detour is not None and isinstance(command, Poll):
            command = replace(command, detour=detour)
        reply = self._simulator.dispatch(command)
        if isinstance(reply, Refused):
            return errors.refused(reply, _GRANT_TYPES[type(command)])
        outcome = TOKEN_REFRESHED if isinstance(command, Refresh) else TOKEN_ISSUED
        return answers.tokens(reply, outcome)

    async def _serve_create_token_with_iam(
        self, request: BaseRequest, _match: Mapping[str, str]
    ) -> StreamResponse:
        body = same_bytes(await read_body(request))
        began = time.perf_counter()
        objection = self._gate.objection_to(signed_request(request, body), self._simulator.now().at)
        answer = objection.answer() if objection else self._create_token_with_iam(body)
        return self._scribe.send(request, CREATE_TOKEN_WITH_IAM.name, body, answer, began)

    def _create_token_with_iam(self, body: bytes) -> Answer:
        asked = CreateTokenWithIAMBody.parse(body)
        command = asked if isinstance(asked, Problem) else asked.command()
        if isinstance(command, Problem):
            return command.answer()
        reply = self._simulator.dispatch(command)
        if isinstance(reply, Refused):
            return errors.refused(reply, command.grant_type)
        return application_tokens(reply, self._options.region, self._options.signing_key)
