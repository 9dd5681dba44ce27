"""The SSO portal: accounts and roles of a person, and credentials for them (wire.md#5)."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.commands import SignOut, TakeRole, UseToken
from oidc_sim.engine.directory import Session
from oidc_sim.engine.replies import Bearer, Refused
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.routes import Endpoint, Route, operation_route
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire import portal
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.http import query_of
from oidc_sim.wire.operations import (
    GET_ROLE_CREDENTIALS,
    LIST_ACCOUNT_ROLES,
    LIST_ACCOUNTS,
    LOGOUT,
    PORTAL_OPERATIONS,
    Operation,
)
from oidc_sim.wire.portal import PortalProblem, next_token, read_page


class RateBound:
    """A bound of requests a second for all clients together, as AWS's portal has one (wire.md#65).

    A bucket that holds one second's worth: a burst of that many passes, and then as many as come
    back with time.
    """

    def __init__(self, per_s: int) -> None:
        """Take the bound; 0 is none."""
        self._per_s = per_s
        self._left = float(per_s)
        self._looked_at = 0.0

    def allows(self, tick: float) -> bool:
        """Count one request at this real monotonic second; False when there are too many."""
        if not self._per_s:
            return True
        came_back = (tick - self._looked_at) * self._per_s
        self._left = min(float(self._per_s), self._left + came_back)
        self._looked_at = tick
        if self._left < 1:
            return False
        self._left -= 1
        return True


_PATHS = frozenset(operation.path for operation in PORTAL_OPERATIONS)
_PREFIXES = ("/assignment/", "/federation/")


def is_portals(path: str) -> bool:
    """Say whether a path, be it an operation's or not, is the portal's to answer."""
    return path in _PATHS or path.startswith(_PREFIXES)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request with a token that opens the portal."""

    token: str
    session: Session
    query: Mapping[str, str]


LookUp = Callable[[_Asked], Answer | PortalProblem]


class Portal:
    """Makes the portal's routes. The token is looked at first, then the query (INFER)."""

    def __init__(
        self, simulator: Simulator, scribe: Scribe, signing_key: bytes, requests_per_s: int = 0
    ) -> None:
        self._simulator = simulator
        self._scribe = scribe
        self._signing_key = signing_key
        self._pace = RateBound(requests_per_s)

    def routes(self) -> Iterable[Route]:
        """One for each operation."""
        for operation, work in (
            (LIST_ACCOUNTS, partial(self._look_up, self._list_accounts)),
            (LIST_ACCOUNT_ROLES, partial(self._look_up, self._list_account_roles)),
            (GET_ROLE_CREDENTIALS, partial(self._look_up, self._get_role_credentials)),
            (LOGOUT, self._logout),
        ):
            yield operation_route(operation, self._endpoint(operation, work))

    async def answer_unknown(self, request: BaseRequest, allowed: Iterable[str]) -> StreamResponse:
        """Answer a path that is no operation, or a method that it does not have."""
        body = await read_body(request)
        methods = ", ".join(sorted(allowed))
        problem = portal.wrong_method(methods) if methods else portal.RESOURCE_NOT_FOUND
        return self._scribe.send(request, None, body, problem.answer(), time.perf_counter())

    def _endpoint(self, operation: Operation, work: Callable[[BaseRequest], Answer]) -> Endpoint:
        async def serve(request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
            body = await read_body(request)
            began = time.perf_counter()
            is_in_time = self._pace.allows(self._simulator.now().tick)
            answer = work(request) if is_in_time else portal.TOO_MANY_REQUESTS.answer()
            return self._scribe.send(request, operation.name, body, answer, began)

        return serve

    def _look_up(self, work: LookUp, request: BaseRequest) -> Answer:
        token = request.headers.get(portal.TOKEN_HEADER, "")
        reply = self._simulator.dispatch(UseToken(token))
        if isinstance(reply, Refused):
            return portal.refused(reply)
        session = reply.session
        query = portal.read_query(query_of(request.raw_path))
        found = query if isinstance(query, PortalProblem) else work(_Asked(token, session, query))
        if isinstance(found, PortalProblem):
            return found.answer(session.session_id, session.client_id)
        return found

    def _list_accounts(self, asked: _Asked) -> Answer | PortalProblem:
        page = read_page(asked.query, "accounts", self._signing_key)
        if isinstance(page, PortalProblem):
            return page
        accounts = self._simulator.state.directory.accounts
        listed = accounts[page.start : page.end]
        token = next_token(page, len(accounts), "accounts", self._signing_key)
        body = portal.account_list(listed, token)
        return _found(f"accounts: {len(listed)} of {len(accounts)}", body, asked.session)

    def _list_account_roles(self, asked: _Asked) -> Answer | PortalProblem:
        account_id = asked.query.get("account_id")
        if not account_id:
            return portal.missing("account_id")
        page = read_page(asked.query, account_id, self._signing_key)
        if isinstance(page, PortalProblem):
            return page
        account = self._simulator.state.directory.account(account_id)
        if account is None:
            return portal.FORBIDDEN  # unknown, or another's: the same answer (wire.md#64)
        listed = account.roles[page.start : page.end]
        token = next_token(page, len(account.roles), account_id, self._signing_key)
        body = portal.role_list(account_id, listed, token)
        return _found(f"roles: {len(listed)} of {len(account.roles)}", body, asked.session)

    def _get_role_credentials(self, asked: _Asked) -> Answer | PortalProblem:
        account_id, role_name = asked.query.get("account_id"), asked.query.get("role_name")
        if not account_id:
            return portal.missing("account_id")
        if not role_name:
            return portal.missing("role_name")
        reply = self._simulator.dispatch(
            TakeRole(access_token=asked.token, account_id=account_id, role_name=role_name)
        )
        if isinstance(reply, Refused):
            return portal.refused(reply)
        return portal.role_credentials(reply)

    def _logout(self, request: BaseRequest) -> Answer:
        """A token that does not open the portal can be signed out too."""
        token = request.headers.get(portal.TOKEN_HEADER, "")
        found = self._simulator.dispatch(UseToken(token))
        if isinstance(self._simulator.dispatch(SignOut(token)), Refused):
            return portal.UNAUTHORIZED.answer()
        if isinstance(found, Bearer):
            return _found("signed out", b"", found.session)
        return Answer(200, b"", None, "signed out", found.user_code, found.client_id)


def _found(outcome: str, body: bytes, session: Session) -> Answer:
    return Answer(200, body, None, outcome, session.session_id, session.client_id)
