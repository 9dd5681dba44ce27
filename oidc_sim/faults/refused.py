"""The service says no: each error of the model ``sso-oidc``, and what stands before the service."""

import json
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from oidc_sim.engine.arrival import ANYTHING, Fit
from oidc_sim.engine.model import REFRESH_TOKEN_GRANT
from oidc_sim.faults.memory import QuotaWindow
from oidc_sim.faults.portal import PORTAL as PORTAL_ROWS
from oidc_sim.faults.row import (
    DEVICE,
    OIDC,
    PORTAL,
    REGISTRATION,
    TOKEN,
    TOKENS,
    Family,
    Fault,
    Parameter,
    When,
)
from oidc_sim.faults.steps import Answering, Case, Plan, too_many, whole, with_head
from oidc_sim.wire import errors
from oidc_sim.wire.answers import compact_json
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.http import Response, json_members

_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>\r\n"
_HEADER = "x-amzn-ErrorType"
_NAMESPACE = "com.amazonaws.ssooidc#"
_OK = b"HTTP/1.1 200 OK"
_refusal = partial(Fault, family=Family.REFUSED, when=When.INSTEAD)


def _reason(case: Case) -> Mapping[str, object]:
    reason = case.text("reason")
    return {"reason": reason} if reason else {}


def _throttled(case: Case) -> Plan:
    return too_many(case, int(case.number("status")), int(case.number("retry_after")))


def _slow_down_interval(case: Case) -> Plan:
    answer = errors.SLOW_DOWN.answer()
    members = json.loads(answer.body) | {"interval": case.settings["interval"]}
    status = int(case.number("status"))
    return whole(with_head(case, answer._replace(body=compact_json(members), status=status)))


class _Named(NamedTuple):
    """What an answer says of its error, wherever it does."""

    header: str
    kind: str
    """As in the member ``__type``."""
    word: str
    """As in the member ``error``: OAuth's, or the exception where there is none."""


def _named(answer: Response) -> _Named | None:
    """The error of an answer; None for one that is no error, or has none that is named."""
    if answer.status < HTTPStatus.BAD_REQUEST:
        return None
    members = json_members(answer.body)
    header = (answer.header(_HEADER) or b"").decode("latin-1")
    kind = str(members.get("__type", ""))
    name = header.partition(":")[0] or kind.rpartition("#")[2]
    if not name:
        return None
    word = str(members.get("error", name))
    return _Named(header or name, kind or _NAMESPACE + name, word)


def _carried(answer: Response, form: str) -> Response:
    """The same error, carried otherwise than the service carries it."""
    error = _named(answer)
    if error is None:
        return answer
    if form == "status-200":
        return Response(_OK, answer.headers, answer.body)
    bodies: Mapping[str, dict[str, object]] = {
        "header": {"message": error.word},
        "type": {"__type": error.kind},
        "error": {"error": error.word},
    }
    header = error.header if form == "header" else None
    return answer.saying(compact_json(bodies[form])).having(_HEADER, header)


def _error_form(case: Case) -> Plan:
    answer = _NAMED[case.text("error")].problem.answer()
    return whole(_carried(with_head(case, answer), case.text("form")))


def _true_error_form(case: Case) -> Plan:
    return whole(_carried(case.true, case.text("form")))


def _page(case: Case, status: int) -> Response:
    """A page of something that is not the service: no header of AWS's."""
    phrase = HTTPStatus(status).phrase
    title = "Sign in to the network" if status == HTTPStatus.OK else f"{status} {phrase}"
    body = _PAGE.format(title).encode()
    headers = (
        (b"Date", case.date.encode()),
        (b"Content-Type", b"text/html"),
        (b"Content-Length", str(len(body)).encode()),
        (b"Connection", b"keep-alive"),
    )
    return Response(f"HTTP/1.1 {status} {phrase}".encode(), headers, body)


def _gateway_error(case: Case) -> Plan:
    return whole(_page(case, int(case.number("status"))))


def _captive_portal(case: Case) -> Plan:
    return whole(_page(case, HTTPStatus.OK))


def _proxy(case: Case) -> Plan:
    status = int(case.number("status"))
    page = _page(case, status)
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return whole(page.having("Proxy-Authenticate", 'Basic realm="proxy"'))
    return whole(page.having("Location", case.url + "/redirected"))


def _modelled(problem: Problem, name: str, help_text: str, fit: Fit, note: str = "") -> Fault:
    """A row that is its error and nothing else."""
    return _refusal(
        name=name,
        title=name.replace("-", "_"),
        note=note,
        help=help_text,
        fit=fit,
        make=Answering(problem),
    )


_FORM = Parameter(
    name="form",
    help="where the error stands",
    default="header",
    choices=("header", "type", "error", "status-200"),
)
_RETRY_AFTER = Parameter(
    name="retry_after", help="seconds that Retry-After says", default=5, least=0, most=86_400
)
_REFRESH = Fit(TOKEN, frozenset({REFRESH_TOKEN_GRANT}))
_ERRORS = (
    _refusal(
        name="slow-down",
        title="slow_down",
        note="slow",
        help="The poll is too fast, whatever its pace; a token that is ready waits",
        fit=Fit(OIDC),
        digit=1,
        make=Answering(errors.SLOW_DOWN),
    ),
    _refusal(
        name="expired-token",
        title="expired_token",
        note="expiry",
        help="The code is over for the client; the device stays",
        fit=Fit(TOKENS),
        digit=2,
        make=Answering(errors.EXPIRED_TOKEN),
    ),
    _refusal(
        name="access-denied",
        title="access_denied",
        note="denied",
        help="The user said no; with a reason where one is set",
        fit=Fit(TOKENS),
        digit=3,
        parameters=(Parameter(name="reason", help="the body's member reason", default=""),),
        make=Answering(errors.ACCESS_DENIED, _reason),
    ),
    _refusal(
        name="invalid-grant",
        title="invalid_grant",
        note="grant",
        help="The code or refresh token is none that is known, or was used before",
        fit=Fit(TOKENS),
        digit=4,
        make=Answering(errors.INVALID_GRANT),
    ),
    _refusal(
        name="server-error",
        title="server error",
        note="500",
        help="The service fails in its own words",
        fit=Fit(OIDC),
        digit=5,
        make=Answering(errors.INTERNAL_SERVER_ERROR),
    ),
)
_MORE_ERRORS = (
    _refusal(
        name="invalid-request",
        title="invalid_request",
        help="The request is wrong, such as its start URL; the description is empty",
        fit=Fit(OIDC),
        make=Answering(errors.INVALID_START_URL),
    ),
    _modelled(
        errors.AUTHORIZATION_PENDING,
        "authorization-pending",
        "The code never expires for the client",
        Fit(TOKENS),
    ),
    _modelled(
        errors.INVALID_CLIENT,
        "invalid-client",
        "The registration is expired or unknown",
        Fit(OIDC - REGISTRATION),
        note="401",
    ),
    _modelled(
        errors.INVALID_CLIENT_METADATA,
        "invalid-client-metadata",
        "What the client registers makes no sense",
        Fit(REGISTRATION),
    ),
    _modelled(
        errors.INVALID_REDIRECT_URI,
        "invalid-redirect-uri",
        "The redirect URI is none that is registered",
        Fit(REGISTRATION),
    ),
    _modelled(
        errors.INVALID_REQUEST_REGION,
        "invalid-request-region",
        "The region is another",
        Fit(TOKENS - TOKEN),
    ),
    _modelled(errors.INVALID_SCOPE, "invalid-scope", "A scope is unknown", Fit(OIDC - DEVICE)),
    _modelled(
        errors.UNAUTHORIZED_CLIENT,
        "unauthorized-client",
        "The client may not do this",
        Fit(OIDC - REGISTRATION),
    ),
    _modelled(
        errors.UNSUPPORTED_GRANT_TYPE,
        "unsupported-grant-type",
        "The grant is none that is known",
        Fit(OIDC - DEVICE),
    ),
    _refusal(
        name="refresh-refused",
        title="refresh refused",
        help="The refresh token is over: the session ended, or the token was used before",
        fit=_REFRESH,
        make=Answering(errors.INVALID_REFRESH_TOKEN),
    ),
)
_NAMED = {
    fault.name: fault.make
    for fault in (*_ERRORS, *_MORE_ERRORS, *PORTAL_ROWS)
    if isinstance(fault.make, Answering)
}
"""Faults whose answer is an error that has a name."""

REFUSED = (
    *_ERRORS,
    _refusal(
        name="throttled",
        title="throttled",
        note="429",
        shows="429  Retry-After 5",
        help="Too many requests, in the words of the portal or of the service",
        fit=ANYTHING,
        digit=6,
        parameters=(
            _RETRY_AFTER,
            Parameter(name="status", help="of HTTP", default=429, choices=(429, 503)),
        ),
        make=_throttled,
    ),
    *_MORE_ERRORS,
    _refusal(
        name="slow-down-interval",
        title="slow_down with interval",
        shows="400  slow_down, interval 10",
        help="The poll is too fast, and the body names an interval as GitHub does",
        fit=Fit(TOKENS),
        parameters=(
            Parameter(name="interval", help="seconds", default=10, least=-1, most=1e9),
            Parameter(name="status", help="of HTTP", default=400, choices=(400, 200)),
        ),
        make=_slow_down_interval,
    ),
    _refusal(
        name="error-form",
        title="error said elsewhere",
        shows="400  by x-amzn-ErrorType only",
        help="An error in the header alone, in __type alone, in error alone, or with status 200",
        fit=Fit(OIDC),
        parameters=(
            Parameter(name="error", help="which one", default="slow-down", choices=(*_NAMED,)),
            _FORM,
        ),
        make=_error_form,
    ),
    _refusal(
        name="true-error-form",
        title="true error elsewhere",
        shows="400  by x-amzn-ErrorType only",
        help="The request's own error in the header, __type or error alone, or with status 200",
        when=When.AFTER,
        fit=Fit(OIDC | PORTAL),
        parameters=(_FORM,),
        make=_true_error_form,
    ),
    _refusal(
        name="quota",
        title="rolling quota",
        times=None,
        shows="429  once 5 in 60 s went by",
        help="So many requests in a window are answered, then Retry-After counts down",
        when=When.BEFORE,
        fit=ANYTHING,
        parameters=(
            Parameter(name="requests", help="in a window", default=5, least=0, most=1e6),
            Parameter(name="window_s", help="seconds", default=60, least=1, most=86_400),
        ),
        make=QuotaWindow,
    ),
    _refusal(
        name="gateway-error",
        title="HTML from a gateway",
        note="502",
        shows="502  text/html Bad Gateway",
        help="What stands before the service answers with a page of its own",
        fit=ANYTHING,
        parameters=(
            Parameter(name="status", help="of HTTP", default=502, choices=(502, 503, 504)),
        ),
        make=_gateway_error,
    ),
    _refusal(
        name="captive-portal",
        title="captive portal",
        shows="200  text/html",
        help="A network's sign-in page comes with status 200",
        fit=ANYTHING,
        make=_captive_portal,
    ),
    _refusal(
        name="proxy",
        title="proxy or redirect",
        shows="407, 302 or 307",
        help="A proxy wants credentials, or sends elsewhere; TLS and CONNECT are beyond plain HTTP",
        fit=ANYTHING,
        parameters=(
            Parameter(name="status", help="of HTTP", default=407, choices=(407, 302, 307)),
        ),
        make=_proxy,
    ),
)
