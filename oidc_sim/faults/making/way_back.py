"""Redirects that bring a browser back to its client, spoilt (RFC 6749 §4.1.2)."""

from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from oidc_sim.faults.making.refusals import Maker
from oidc_sim.faults.making.steps import Pause, Plan, Spoiling, Told, whole

_FAVICON = "/favicon.ico"
_PAGE = (
    '<!doctype html><html lang="en"><title>Signed in</title><link rel="icon" href="data:,">'
    '<img src="{}" alt=""></html>\n'
)
"""Its icon is empty: else browsers ask this server for one now and then."""
_Query = list[tuple[str, str]]


def _redirect(told: Told, change: Callable[[_Query], _Query], *, port: int | None = None) -> Told:
    """The same with another query or port; only what leads back to a client is changed."""
    location = (told.header("Location") or b"").decode("latin-1")
    parts = urlsplit(location)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if not {"code", "error"} & {name for name, _ in query}:
        return told
    place = parts.netloc if port is None else f"{parts.hostname}:{port}"
    changed = parts._replace(netloc=place, query=urlencode(change(query)))
    return told.having("Location", urlunsplit(changed))


def _error(it: Spoiling) -> Plan:
    form = it.text("form")

    def change(query: _Query) -> _Query:
        new = [("error", "access_denied")]
        if form != "no-description":
            new.append(("error_description", "Access denied"))
        return new + [pair for pair in query if pair[0] == "state" and form != "no-state"]

    return whole(_redirect(it.true, change))


def _state(it: Spoiling) -> Plan:
    form = it.text("form")

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

    told = _redirect(it.true, change)
    return whole(_elsewhere(told) if form == "other-path" else told)


def _elsewhere(told: Told) -> Told:
    location = (told.header("Location") or b"").decode("latin-1")
    return told.having("Location", urlunsplit(urlsplit(location)._replace(path=_FAVICON)))


def _favicon(location: str) -> str:
    """At the same server, as browsers ask for it by themselves."""
    return urlunsplit(urlsplit(location)._replace(path=_FAVICON, query="", fragment=""))


def _twice(it: Spoiling) -> Plan:
    """A page, since one redirect leads to one address: it has a picture there, then it goes on."""
    location = (it.true.header("Location") or b"").decode("latin-1")
    first = location if it.text("first") == "callback" else _favicon(location)
    page = _PAGE.format(escape(first)).encode("ascii", "xmlcharrefreplace")
    told = Told(b"HTTP/1.1 200 OK", it.true.headers).having("Location", None)
    told = told.having("Content-Type", "text/html").having("Refresh", f"0; url={location}")
    return whole(told.saying(page))


def _late(it: Spoiling) -> Plan:
    if it.settings["is_refused"]:
        return whole(_redirect(it.true, lambda query: query, port=1))
    return (Pause(it.number("seconds")), *whole(it.true))


WAY_BACK: Mapping[str, Maker] = {
    "callback-error": _error,
    "callback-state": _state,
    "callback-twice": _twice,
    "callback-late": _late,
}
