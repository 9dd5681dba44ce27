"""An HTTP response in parts that can be read and changed, and its bytes."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Response:
    """The status line, the header lines in order, and the body."""

    status_line: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    @classmethod
    def parse(cls, data: bytes) -> "Response":
        """Read all bytes of an answer."""
        head, _, body = data.partition(_END)
        first, *lines = head.split(b"\r\n")
        pairs = (line.partition(b": ") for line in lines)
        return cls(first, tuple((name, value) for name, _, value in pairs), body)

    @property
    def status(self) -> int:
        """The status code; 0 where the first line is none of HTTP's."""
        words = self.status_line.split(b" ", 2)
        is_http = len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit()
        return int(words[1]) if is_http else 0

    @property
    def head(self) -> bytes:
        """The bytes up to the empty line, and that line."""
        lines = b"".join(b"%s: %s\r\n" % pair for pair in self.headers)
        return self.status_line + b"\r\n" + lines + b"\r\n"

    @property
    def data(self) -> bytes:
        """All bytes."""
        return self.head + self.body

    def header(self, name: str) -> bytes | None:
        """A header's value; None where there is none."""
        wanted = name.lower().encode()
        return next((value for one, value in self.headers if one.lower() == wanted), None)

    def having(self, name: str, value: bytes | str | None) -> "Response":
        """The same with one header set in its place, added at the end, or without it (None)."""
        new = value.encode("latin-1", "replace") if isinstance(value, str) else value
        wanted = name.lower().encode()
        kept = [(one, new if one.lower() == wanted else old) for one, old in self.headers]
        if new is not None and self.header(name) is None:
            kept.append((name.encode("latin-1", "replace"), new))
        return replace(self, headers=tuple((one, old) for one, old in kept if old is not None))

    def saying(self, body: bytes) -> "Response":
        """The same with another body and the length that fits it."""
        return replace(self, body=body).having("Content-Length", str(len(body)))

    def changing(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> "Response":
        """The same with its JSON changed; what is no JSON object stays, and so does what says the same."""
        try:
            members = json.loads(self.body)
        except (ValueError, RecursionError):
            return self
        if not isinstance(members, dict):
            return self
        body = json.dumps(change(members), separators=(",", ":"))
        is_same = body == json.dumps(members, separators=(",", ":"))
        return self if is_same else self.saying(body.encode("ascii"))


def json_members(body: bytes) -> dict[str, Any]:
    """The members of a JSON object; none where the body is no such object."""
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}


_ORIGIN = re.compile(r"https?://[^/?#]*", re.ASCII | re.IGNORECASE)


def path_of(target: str) -> str:
    """Return the path in a request target, undecoded and without query.

    An absolute-form target loses scheme and authority (the guard has judged them); authority-form
    and ``*`` come back unchanged and belong to no route.
    """
    if not target.startswith("/"):
        origin = _ORIGIN.match(target)
        if origin is None:
            return target
        target = target[origin.end() :]
        if not target.startswith("/"):
            target = "/" + target
    return target.partition("?")[0]


def query_of(target: str) -> str:
    """Return the query in a request target, undecoded and without its question mark."""
    return target.partition("?")[2]
