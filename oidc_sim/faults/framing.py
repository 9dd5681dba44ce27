"""The bytes are not what HTTP or the head says they are: heads that lie about the body, and no HTTP."""

import re
from functools import partial
from http import HTTPStatus

from oidc_sim.engine.arrival import ANYTHING
from oidc_sim.faults.row import JSON, Family, Fault, Parameter, When
from oidc_sim.faults.steps import Case, End, How, Maker, Plan, Send, whole, with_head
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.http import Response

_BY = 10
_LATIN = b"\xe9"
_TEXT = re.compile(rb':\s*"')
"""The start of a text in JSON that is no name."""
_framing = partial(Fault, family=Family.FRAMING, when=When.AFTER)


def _length(by: int) -> Maker:
    """Another length than the body's; with one that is too small the rest follows all the same."""

    def make(case: Case) -> Plan:
        length = max(0, len(case.true.body) + by)
        return whole(case.true.having("Content-Length", str(length)))

    return make


def _missing_length(case: Case) -> Plan:
    return (Send(case.true.having("Content-Length", None).data), End(How.KEEP))


def _bad_chunk(case: Case) -> Plan:
    top = case.true.having("Content-Length", None).having("Transfer-Encoding", "chunked")
    return (Send(top.head + b"zz\r\n" + case.true.body + b"\r\n"), End(How.CLOSE))


def _gzip_header(case: Case) -> Plan:
    return whole(case.true.having("Content-Encoding", "gzip"))


def _byte_order_mark(case: Case) -> Plan:
    return whole(case.true.saying(b"\xef\xbb\xbf" + case.true.body))


def _latin_1(case: Case) -> Plan:
    """At the start of the first text: a name stays as it is, so that a client meets it in a value."""
    body = case.true.body
    found = _TEXT.search(body)
    at = found.end() if found else 0
    return whole(case.true.saying(body[:at] + _LATIN + body[at:]) if found else case.true)


def _http_1_0(case: Case) -> Plan:
    true = case.true
    line = true.status_line.replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    return whole(Response(line, true.headers, true.body).having("Connection", "close"))


def _empty_success(case: Case) -> Plan:
    status = int(case.number("status"))
    answer = with_head(case, Answer(status, b"", None, "empty"))
    return whole(answer if status == HTTPStatus.OK else answer.having("Content-Length", None))


def _not_http(case: Case) -> Plan:
    return (Send(case.text("text").encode("utf-8", "surrogatepass")), End(How.CLOSE))


FRAMING = (
    _framing(
        name="short-length",
        title="Content-Length too small",
        shows="200  length 10 short",
        help="The length is ten bytes too small, so that the rest looks like an answer",
        fit=ANYTHING,
        make=_length(-_BY),
    ),
    _framing(
        name="long-length",
        title="Content-Length too long",
        shows="200  length 10 long",
        help="The length is ten bytes too long, and the connection stays",
        fit=ANYTHING,
        make=_length(_BY),
    ),
    _framing(
        name="missing-length",
        title="no Content-Length",
        shows="200  and kept alive",
        help="Neither length nor end: the client cannot know where the body ends",
        fit=ANYTHING,
        make=_missing_length,
    ),
    _framing(
        name="bad-chunk",
        title="bad chunk",
        shows="200  chunk size zz",
        help="Chunked, with a size that is no number, then closed",
        fit=ANYTHING,
        make=_bad_chunk,
    ),
    _framing(
        name="gzip-header",
        title="gzip that is none",
        shows="200  Content-Encoding: gzip",
        help="The head says gzip and the body is plain",
        fit=ANYTHING,
        make=_gzip_header,
    ),
    _framing(
        name="byte-order-mark",
        title="byte order mark",
        shows="200  EF BB BF first",
        help="The JSON starts with a byte order mark",
        fit=JSON,
        make=_byte_order_mark,
    ),
    _framing(
        name="latin-1",
        title="Latin-1",
        shows="200  a byte that is no UTF-8",
        help="A text in the JSON is in Latin-1",
        fit=JSON,
        make=_latin_1,
    ),
    _framing(
        name="http-1-0",
        title="HTTP/1.0",
        shows="200  HTTP/1.0, then closed",
        help="The answer is in HTTP/1.0 and the connection ends",
        fit=ANYTHING,
        make=_http_1_0,
    ),
    _framing(
        name="empty-success",
        title="empty success",
        shows="200  no body",
        help="A success without a body",
        fit=ANYTHING,
        when=When.INSTEAD,
        parameters=(Parameter(name="status", help="of HTTP", default=200, choices=(200, 204)),),
        make=_empty_success,
    ),
    _framing(
        name="not-http",
        title="not HTTP",
        shows="···  bytes, then closed",
        help="Bytes that are no HTTP instead of a status line",
        fit=ANYTHING,
        when=When.INSTEAD,
        parameters=(
            Parameter(name="text", help="what is sent", default="SSH-2.0-OpenSSH_9.6\r\n"),
        ),
        make=_not_http,
    ),
)
