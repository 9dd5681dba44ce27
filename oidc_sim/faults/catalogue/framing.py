"""The bytes are not what HTTP or the head says they are."""

from functools import partial

from oidc_sim.faults.row import Family, Fault, Parameter, When

_framing = partial(Fault, family=Family.FRAMING, when=When.AFTER)
_ROWS = {
    "short-length": ("F-15", "Content-Length too small", "200  length 10 short"),
    "long-length": ("F-47", "Content-Length too long", "200  length 10 long"),
    "missing-length": ("F-47", "no Content-Length", "200  and kept alive"),
    "bad-chunk": ("F-15", "bad chunk", "200  chunk size zz"),
    "gzip-header": ("F-15", "gzip that is none", "200  Content-Encoding: gzip"),
    "byte-order-mark": ("F-15", "byte order mark", "200  EF BB BF first"),
    "latin-1": ("F-15", "Latin-1", "200  a byte that is no UTF-8"),
    "http-1-0": ("F-38", "HTTP/1.0", "200  HTTP/1.0, then closed"),
}
_HELP = {
    "short-length": "The length is ten bytes too small, so that the rest looks like an answer",
    "long-length": "The length is ten bytes too long, and the connection stays",
    "missing-length": "Neither length nor end: the client cannot know where the body ends",
    "bad-chunk": "Chunked, with a size that is no number, then closed",
    "gzip-header": "The head says gzip and the body is plain",
    "byte-order-mark": "The JSON starts with a byte order mark",
    "latin-1": "A text in the JSON is in Latin-1",
    "http-1-0": "The answer is in HTTP/1.0 and the connection ends",
}

FRAMING = (
    *(
        _framing(name=name, covers=(covers,), title=title, shows=shows, help=_HELP[name])
        for name, (covers, title, shows) in _ROWS.items()
    ),
    _framing(
        name="empty-success",
        covers=("F-15",),
        title="empty success",
        shows="200  no body",
        help="A success without a body",
        when=When.INSTEAD,
        parameters=(Parameter(name="status", help="of HTTP", default=200, choices=(200, 204)),),
    ),
    _framing(
        name="not-http",
        covers=("F-42",),
        title="not HTTP",
        shows="···  bytes, then closed",
        help="Bytes that are no HTTP instead of a status line",
        when=When.INSTEAD,
        parameters=(
            Parameter(name="text", help="what is sent", default="SSH-2.0-OpenSSH_9.6\r\n"),
        ),
    ),
)
