"""STS, as far as a client needs it to see that its credentials work: GetCallerIdentity."""

import time
from collections.abc import Iterable, Mapping

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.routes import Protection, Route
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire import sts
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.http import path_of, query_of
from oidc_sim.wire.operations import GET_CALLER_IDENTITY
from oidc_sim.wire.sigv4 import SignedRequest
from oidc_sim.wire.sts import StsProblem, identify


def signed_request(request: BaseRequest, body: bytes) -> SignedRequest:
    """Return the request as the client signed it: raw, before anything was decoded."""
    return SignedRequest(
        method=request.method,
        path=path_of(request.raw_path),
        query=query_of(request.raw_path),
        headers=request.raw_headers,
        body=body,
    )


class Sts:
    """Makes its two routes. ``GET /`` without ``Action`` is the start page of the simulator."""

    def __init__(self, simulator: Simulator, scribe: Scribe, signing_key: bytes) -> None:
        self._simulator = simulator
        self._scribe = scribe
        self._signing_key = signing_key

    def routes(self) -> Iterable[Route]:
        """Both forms of the query protocol: a form, or a query, as presigned requests have it."""
        name = GET_CALLER_IDENTITY
        yield Route("POST", "/", self._serve, Protection.OPEN, operation=name)
        yield Route("GET", "/", self._serve, Protection.OPEN, "Action", operation=name)

    async def _serve(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        body = await read_body(request)
        began = time.perf_counter()
        request_id = self._scribe.request_id()
        asked = signed_request(request, body)
        operation = None
        answer = sts.INVALID_ACTION.answer(request_id)
        if sts.asks_for_caller_identity(asked.query, body):
            operation = GET_CALLER_IDENTITY
            answer = self._get_caller_identity(asked, request_id)
        return self._scribe.send(request, operation, body, answer, began, request_id)

    def _get_caller_identity(self, asked: SignedRequest, request_id: str) -> Answer:
        caller = identify(asked, self._signing_key, self._simulator.now().at)
        if isinstance(caller, StsProblem):
            return caller.answer(request_id)
        session = self._simulator.state.sessions.get(caller.role.session_id)
        client_id = session.client_id if session else None
        return sts.caller_identity(caller.role, request_id)._replace(client_id=client_id)
