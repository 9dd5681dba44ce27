"""Finds the route of a request that passed the Host guard, and checks its protection."""

import hmac
import re
from collections.abc import Callable, Mapping

from aiohttp import hdrs
from aiohttp.http_parser import RawRequestMessage
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.aws.oidc import Oidc
from oidc_sim.server.aws.portal import Portal, is_portals
from oidc_sim.server.aws.unserved import Unserved
from oidc_sim.server.gate.gate import Gate
from oidc_sim.server.http import body
from oidc_sim.server.http.body import RefusedError
from oidc_sim.server.http.guard import browser_check, is_navigation, is_of_another_site
from oidc_sim.server.http.responses import json_reply
from oidc_sim.server.http.routes import AtOnce, Protection, Route, Routes
from oidc_sim.server.http.sockets import is_loopback
from oidc_sim.wire.http import path_of, query_of

CONTROL_PREFIX = "/_sim/"
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]{1,80}(:[0-9]{1,5})?")
"""An origin that can be shown as it is."""
_READING = frozenset({"GET", "HEAD"})


class Entrance:
    """The one handler of the listener."""

    def __init__(
        self,
        routes: Routes,
        oidc: Oidc,
        portal: Portal,
        unserved: Unserved,
        control_token: str,
        gate: Gate,
        on_note: Callable[[str], object],
    ) -> None:
        self._routes = routes
        self._gate = gate
        self._oidc = oidc
        self._portal = portal
        self._unserved = unserved
        self._token = control_token.encode()
        self._on_note = on_note
        self._has_warned_of_a_page = False
        self._at_once = {(it.method, it.path): it.at_once for it in routes if it.at_once}

    def at_once(self, message: RawRequestMessage) -> AtOnce | None:
        """Return the function that can answer a whole request without waiting for anything, if any."""
        if not self._gate.is_open:
            return None
        return self._at_once.get((message.method, message.path))

    async def handle(self, request: BaseRequest) -> StreamResponse:
        """Answer one request that names this server in Host."""
        path = path_of(request.raw_path)
        if path.startswith(CONTROL_PREFIX) and not _came_by_loopback(request):
            return _refused(404, "unknown", "the control API is on this machine's loopback only")
        method = "GET" if request.method == "HEAD" else request.method
        route, match = self._routes.find(method, path, query_of(request.raw_path)) or (None, {})
        if _is_for_programs(route, path) and _is_planted(request):
            return self._turn_away(request)
        for_others = await self._answer_for_others(request, path, route)
        return await self._serve(request, path, route, match) if for_others is None else for_others

    async def _serve(
        self, request: BaseRequest, path: str, route: Route | None, match: Mapping[str, str]
    ) -> StreamResponse:
        if hdrs.CONTENT_ENCODING in request.headers:
            raise RefusedError(body.BODY_IS_ENCODED)
        if route is None:
            return await self._answer_unknown(request, path)
        if route.protection is not Protection.OPEN:
            refusal = self._objection(request, route)
            if refusal is not None:
                return refusal
        if route.operation is not None:
            return await self._gate.pass_through(request, route, match)
        return await route.endpoint(request, match)

    def _turn_away(self, request: BaseRequest) -> StreamResponse:
        """Refuse a request of another site's page, and warn of the first one."""
        answer = self._oidc.turn_away()
        if not self._has_warned_of_a_page:
            self._has_warned_of_a_page = True
            whose = request.headers.get(hdrs.ORIGIN, "")
            page = f"a page of {whose}" if _ORIGIN.fullmatch(whose) else "a page of another site"
            self._on_note(f"{page} calls AWS's operations here: it is refused, counted, not listed")
        return answer

    async def _answer_for_others(
        self, request: BaseRequest, path: str, route: Route | None
    ) -> StreamResponse | None:
        """Answer a call of an AWS service that is not served; None for a request that is ours to answer.

        ``/`` is both: STS and the start page are there, and half of AWS's services. A request of another
        site's page is no such call, and must not fill the record.
        """
        if _is_planted(request):
            return None
        is_operation = route is not None and route.operation is not None and path != "/"
        if is_operation or path.startswith(CONTROL_PREFIX) or is_portals(path):
            return None
        is_known = path != "/" and (route is not None or bool(self._routes.methods(path)))
        return await self._unserved.answer(request, is_known_path=is_known)

    def _objection(self, request: BaseRequest, route: Route) -> StreamResponse | None:
        """Return the refusal of a request that may not use a route that changes something (T-11)."""
        reason = browser_check(request.headers, is_form=route.protection is Protection.PAGE)
        if reason is None and route.protection is Protection.TOKEN:
            if not self._has_token(request):
                return _refused(
                    401,
                    "unauthorized",
                    "send Authorization: Bearer, with the control token of the ready file",
                    {hdrs.WWW_AUTHENTICATE: 'Bearer realm="oidc-sim control"'},
                )
            reason = _objection_to_content_type(request)
        return None if reason is None else _refused(403, "forbidden", reason)

    def _has_token(self, request: BaseRequest) -> bool:
        """Compare in constant time; the scheme's case does not count (RFC 9110 §11.1)."""
        scheme, _, sent = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        is_right = hmac.compare_digest(sent.encode("utf-8", "surrogateescape"), self._token)
        return is_right and scheme.lower() == "bearer"

    async def _answer_unknown(self, request: BaseRequest, path: str) -> StreamResponse:
        allowed = self._routes.methods(path)
        if is_portals(path):
            return await self._portal.answer_unknown(request, allowed)
        if not path.startswith(CONTROL_PREFIX):
            return await self._oidc.answer_unknown(request, allowed)
        if allowed:
            methods = ", ".join(sorted(allowed))
            return _refused(405, "method_not_allowed", f"use {methods}", {hdrs.ALLOW: methods})
        return _refused(404, "unknown", "no such control route")


def _is_for_programs(route: Route | None, path: str) -> bool:
    """Say whether a request is for an operation of AWS's or an unknown path; both are recorded."""
    if route is None:
        return not path.startswith(CONTROL_PREFIX)
    return route.operation is not None


def _is_planted(request: BaseRequest) -> bool:
    """Say whether a page of another site had a browser send this, and no person followed a link.

    Such a page needs no answer to do harm: 10,000 registrations would push real ones out (T-11, T-46).
    """
    if not is_of_another_site(request.headers):
        return False
    return request.method not in _READING or not is_navigation(request)


def _came_by_loopback(request: BaseRequest) -> bool:
    """Say whether the client used an address that no other machine can reach (T-51)."""
    transport = request.transport
    return transport is not None and is_loopback(transport.get_extra_info("sockname")[0])


def _objection_to_content_type(request: BaseRequest) -> str | None:
    """Refuse bodies other than JSON: a web page can send a form or plain text without asking."""
    is_bodiless = request.method in _READING or not request.body_exists
    if is_bodiless or request.content_type == "application/json":
        return None
    return "a control request with a body must be application/json"


def _refused(
    status: int, error: str, reason: str, headers: Mapping[str, str] | None = None
) -> StreamResponse:
    return json_reply(status, {"error": error, "reason": reason}, headers)
