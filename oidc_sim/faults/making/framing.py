"""Heads that lie about the body, and what is no HTTP."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from oidc_sim.faults.making.refusals import Maker, told
from oidc_sim.faults.making.steps import End, How, Plan, Send, Spoiling, Told, whole
from oidc_sim.wire.answers import Answer

_BY = 10
_LATIN = b"\xe9"
_TEXT = re.compile(rb':\s*"')
"""What a text of the JSON starts with, that is no name."""


def _length(by: int) -> Maker:
    """Another length than the body's; with one that is too small the rest follows all the same."""

    def make(it: Spoiling) -> Plan:
        length = max(0, len(it.true.body) + by)
        return whole(it.true.having("Content-Length", str(length)))

    return make


def _missing_length(it: Spoiling) -> Plan:
    return (Send(it.true.having("Content-Length", None).whole), End(How.KEEP))


def _bad_chunk(it: Spoiling) -> Plan:
    top = it.true.having("Content-Length", None).having("Transfer-Encoding", "chunked")
    return (Send(top.head + b"zz\r\n" + it.true.body + b"\r\n"), End(How.CLOSE))


def _gzip(it: Spoiling) -> Plan:
    return whole(it.true.having("Content-Encoding", "gzip"))


def _mark(it: Spoiling) -> Plan:
    return whole(it.true.saying(b"\xef\xbb\xbf" + it.true.body))


def _latin(it: Spoiling) -> Plan:
    """At the start of the first text: a name stays as it is, so that a client meets it in a value."""
    body = it.true.body
    found = _TEXT.search(body)
    at = found.end() if found else 0
    return whole(it.true.saying(body[:at] + _LATIN + body[at:]) if found else it.true)


def _old(it: Spoiling) -> Plan:
    line = it.true.status_line.replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    return whole(Told(line, it.true.headers, it.true.body).having("Connection", "close"))


def _empty(it: Spoiling) -> Plan:
    status = int(it.number("status"))
    answer = told(it, Answer(status, b"", None, "empty"))
    return whole(answer if status == HTTPStatus.OK else answer.having("Content-Length", None))


def _not_http(it: Spoiling) -> Plan:
    return (Send(it.text("text").encode("utf-8", "surrogatepass")), End(How.CLOSE))


FRAMING: Mapping[str, Maker] = {
    "short-length": _length(-_BY),
    "long-length": _length(_BY),
    "missing-length": _missing_length,
    "bad-chunk": _bad_chunk,
    "gzip-header": _gzip,
    "byte-order-mark": _mark,
    "latin-1": _latin,
    "http-1-0": _old,
    "empty-success": _empty,
    "not-http": _not_http,
}
