"""What a browser is told by the page of a code, and what it is sent back to its client with.

A redirect is spoilt in the moment that it is sent, whichever request of the browser's is answered so: the
first, with auto-approve; a program's, that was held; or one from our page (RFC 6749 §4.1.2).
"""

from collections.abc import Callable
from functools import partial
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from oidc_sim.engine.arrival import PAGE_DECISION, REDIRECT, Fit
from oidc_sim.faults.row import Family, Fault, Parameter, When
from oidc_sim.faults.steps import Case, Pause, Plan, whole, with_head
from oidc_sim.wire import errors
from oidc_sim.wire.http import Response

_FAVICON = "/favicon.ico"
_PAGE = (
    '<!doctype html><html lang="en"><title>Signed in</title><link rel="icon" href="data:,">'
    '<img src="{}" alt=""></html>\n'
)
"""Its icon is empty: else browsers ask this server for one now and then."""
_Query = list[tuple[str, str]]
_browser = partial(Fault, family=Family.BROWSER, when=When.AFTER)


def _page_refuses(case: Case) -> Plan:
    """Raw, as the service's page got it for a start URL or region that was wrong (aws-cli#5058)."""
    return whole(with_head(case, errors.INVALID_CODE.answer()))


def _location(response: Response) -> str:
    return (response.header("Location") or b"").decode("latin-1")


def _redirect(
    response: Response, change: Callable[[_Query], _Query], *, port: int | None = None
) -> Response:
    """The same with another query or port; only what leads back to a client is changed."""
    parts = urlsplit(_location(response))
    query = parse_qsl(parts.query, keep_blank_values=True)
    if not {"code", "error"} & {name for name, _ in query}:
        return response
    place = parts.netloc if port is None else f"{parts.hostname}:{port}"
    changed = parts._replace(netloc=place, query=urlencode(change(query)))
    return response.having("Location", urlunsplit(changed))


def _callback_error(case: Case) -> Plan:
    form = case.text("form")

    def change(query: _Query) -> _Query:
        new = [("error", "access_denied")]
        if form != "no-description":
            new.append(("error_description", "Access denied"))
        return new + [pair for pair in query if pair[0] == "state" and form != "no-state"]

    return whole(_redirect(case.true, change))


def _callback_state(case: Case) -> Plan:
    form = case.text("form")

    def change(query: _Query) -> _Query:
        others = [pair for pair in query if pair[0] != "state"]
        states = [pair for pair in query if pair[0] == "state"]
        new = {
            "wrong": [("state", "wrong")],
            "missing": [],
            "twice": states * 2,
            "other-path": states,
        }
        return others + new[form]

    response = _redirect(case.true, change)
    return whole(_elsewhere(response) if form == "other-path" else response)


def _elsewhere(response: Response) -> Response:
    parts = urlsplit(_location(response))._replace(path=_FAVICON)
    return response.having("Location", urlunsplit(parts))


def _favicon(location: str) -> str:
    """At the same server, as browsers ask for it by themselves."""
    return urlunsplit(urlsplit(location)._replace(path=_FAVICON, query="", fragment=""))


def _callback_twice(case: Case) -> Plan:
    """A page, since one redirect leads to one address: it has a picture there, then it goes on."""
    location = _location(case.true)
    first = location if case.text("first") == "callback" else _favicon(location)
    page = _PAGE.format(escape(first)).encode("ascii", "xmlcharrefreplace")
    response = Response(b"HTTP/1.1 200 OK", case.true.headers).having("Location", None)
    response = response.having("Content-Type", "text/html")
    return whole(response.having("Refresh", f"0; url={location}").saying(page))


def _callback_late(case: Case) -> Plan:
    if case.settings["is_refused"]:
        return whole(_redirect(case.true, lambda query: query, port=1))
    return (Pause(case.number("seconds")), *whole(case.true))


BROWSER = (
    _browser(
        name="page-refuses",
        title="page says invalid_grant",
        shows="400  invalid_grant, polls go on",
        help="Who decides on the page of a code is told invalid_grant, and nothing is decided",
        fit=Fit(frozenset({PAGE_DECISION})),
        when=When.INSTEAD,
        make=_page_refuses,
    ),
    _browser(
        name="callback-error",
        title="callback with an error",
        shows="302  ?error=access_denied",
        help="The browser comes back to its client with an error, whatever was decided",
        fit=Fit(frozenset({REDIRECT})),
        parameters=(
            Parameter(
                name="form",
                help="what stands beside the error",
                default="full",
                choices=("full", "no-description", "no-state"),
            ),
        ),
        make=_callback_error,
    ),
    _browser(
        name="callback-state",
        title="callback with odd state",
        shows="302  state wrong",
        help="The state comes back wrong, missing or twice, or all of it to another path",
        fit=Fit(frozenset({REDIRECT})),
        parameters=(
            Parameter(
                name="form",
                help="of the state",
                default="wrong",
                choices=("wrong", "missing", "twice", "other-path"),
            ),
        ),
        make=_callback_state,
    ),
    _browser(
        name="callback-twice",
        title="two callbacks",
        shows="200  a page that calls twice",
        help="A page of which the browser calls back twice, or asks for /favicon.ico first",
        fit=Fit(frozenset({REDIRECT})),
        parameters=(
            Parameter(
                name="first",
                help="what is asked for before the callback",
                default="callback",
                choices=("callback", "favicon"),
            ),
        ),
        make=_callback_twice,
    ),
    _browser(
        name="callback-late",
        title="callback late or refused",
        shows="302  after 601 s",
        help="The browser comes back late, or to a port where nobody listens",
        fit=Fit(frozenset({REDIRECT})),
        parameters=(
            Parameter(name="seconds", help="until then", default=601, least=0, most=3600),
            Parameter(name="is_refused", help="to port 1 instead", default=False),
        ),
        make=_callback_late,
    ),
)
