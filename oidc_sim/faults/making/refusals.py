"""Answers instead of the service's: its own errors, and those of what stands before it."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus

from oidc_sim.faults.making.steps import Plan, Spoiling, Told, whole
from oidc_sim.wire import errors, portal
from oidc_sim.wire.answers import Answer, compact_json
from oidc_sim.wire.envelope import head
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.portal import PortalProblem

Maker = Callable[[Spoiling], Plan]
PORTAL_OPERATIONS = frozenset({"ListAccounts", "ListAccountRoles", "GetRoleCredentials", "Logout"})
_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>\r\n"
PROBLEMS: Mapping[str, Problem | PortalProblem] = {
    "access-denied": errors.ACCESS_DENIED,
    "slow-down": errors.SLOW_DOWN,
    "expired-token": errors.EXPIRED_TOKEN,
    "invalid-grant": errors.INVALID_GRANT,
    "server-error": errors.INTERNAL_SERVER_ERROR,
    "invalid-request": errors.INVALID_START_URL,
    "authorization-pending": errors.AUTHORIZATION_PENDING,
    "invalid-client": errors.INVALID_CLIENT,
    "invalid-client-metadata": errors.INVALID_CLIENT_METADATA,
    "invalid-redirect-uri": errors.INVALID_REDIRECT_URI,
    "invalid-request-region": errors.INVALID_REQUEST_REGION,
    "invalid-scope": errors.INVALID_SCOPE,
    "unauthorized-client": errors.UNAUTHORIZED_CLIENT,
    "unsupported-grant-type": errors.UNSUPPORTED_GRANT_TYPE,
    "refresh-refused": errors.INVALID_REFRESH_TOKEN,
    "refresh-rotation": errors.INVALID_REFRESH_TOKEN,
    "portal-unauthorized": portal.UNAUTHORIZED,
    "portal-forbidden": portal.FORBIDDEN,
    "portal-too-many-requests": portal.TOO_MANY_REQUESTS,
    "portal-not-found": portal.RESOURCE_NOT_FOUND,
    "portal-invalid-request": portal.INVALID_REQUEST,
    "portal-internal-error": portal.INTERNAL_ERROR,
}
"""Faults whose answer is one of the services' errors."""


def told(it: Spoiling, answer: Answer) -> Told:
    """An answer with AWS's head."""
    top = head(answer, request_id=it.request_id, date=it.date, error_type=it.error_type)
    return Told.read(top, answer.body)


def _problem(name: str) -> Maker:
    return lambda it: whole(told(it, PROBLEMS[name].answer()))


def _access_denied(it: Spoiling) -> Plan:
    answer = errors.ACCESS_DENIED.answer()
    if reason := it.text("reason"):
        members = json.loads(answer.body) | {"reason": reason}
        answer = answer._replace(body=compact_json(members))
    return whole(told(it, answer))


def _throttled(it: Spoiling) -> Plan:
    return _too_many(it, int(it.number("status")), int(it.number("retry_after")))


def _quota(it: Spoiling) -> Plan:
    return _too_many(it, 429, max(1, int(it.wait_s + 0.999)))


def _too_many(it: Spoiling, status: int, retry_after: int) -> Plan:
    """The portal's words for its operations, the service's framework's for the others."""
    if it.operation in PORTAL_OPERATIONS:
        answer = portal.TOO_MANY_REQUESTS.answer()._replace(status=status)
    else:
        body = compact_json({"message": "Too Many Requests"})
        answer = Answer(status, body, "TooManyRequestsException", "throttled")
    return whole(told(it, answer).having("Retry-After", str(retry_after)))


def _slow_down_interval(it: Spoiling) -> Plan:
    answer = errors.SLOW_DOWN.answer()
    members = json.loads(answer.body) | {"interval": it.settings["interval"]}
    status = int(it.number("status"))
    return whole(told(it, answer._replace(body=compact_json(members), status=status)))


def _page(status: int) -> Callable[[Spoiling], Told]:
    """A page of something that is not the service: no header of AWS's."""

    def make(it: Spoiling) -> Told:
        phrase = HTTPStatus(status).phrase
        title = "Sign in to the network" if status == HTTPStatus.OK else f"{status} {phrase}"
        body = _PAGE.format(title).encode()
        headers = (
            (b"Date", it.date.encode()),
            (b"Content-Type", b"text/html"),
            (b"Content-Length", str(len(body)).encode()),
            (b"Connection", b"keep-alive"),
        )
        return Told(f"HTTP/1.1 {status} {phrase}".encode(), headers, body)

    return make


def _gateway(it: Spoiling) -> Plan:
    return whole(_page(int(it.number("status")))(it))


def _captive_portal(it: Spoiling) -> Plan:
    return whole(_page(HTTPStatus.OK)(it))


def _page_refuses(it: Spoiling) -> Plan:
    """Raw, as the service's page got it for a start URL or region that was wrong (aws-cli#5058)."""
    return whole(told(it, errors.INVALID_CODE.answer()))


def _proxy(it: Spoiling) -> Plan:
    status = int(it.number("status"))
    page = _page(status)(it)
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return whole(page.having("Proxy-Authenticate", 'Basic realm="proxy"'))
    return whole(page.having("Location", it.url + "/redirected"))


REFUSALS: Mapping[str, Maker] = {
    **{name: _problem(name) for name in PROBLEMS},
    "access-denied": _access_denied,
    "throttled": _throttled,
    "quota": _quota,
    "slow-down-interval": _slow_down_interval,
    "gateway-error": _gateway,
    "captive-portal": _captive_portal,
    "proxy": _proxy,
    "page-refuses": _page_refuses,
}
