"""An answer that somebody wrote by hand: its bytes, what HTTP allows of it, and true values in it.

How long the body is and whether the connection stays is said by the server (RFC 9110 §5 and §15): a frame
that is broken on purpose is a fault's business.

An answer can be written over a preview, which has new ids, secrets and instants in it that belong to
nobody (``server.gate.previewing``). Where one of them still stands in what the person wrote, the true
answer's takes its place; all else stays as it was written, and what was deleted stays away.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from oidc_sim.engine.arrival import HeldDecision
from oidc_sim.wire.http import Response, json_members

OURS = frozenset({"content-length", "transfer-encoding", "connection"})
"""Headers that follow from the body and the connection, whatever is written."""
BODILESS = frozenset({204, 304})
"""Statuses that have no body (RFC 9110 §6.4.1)."""
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_LEAST, _MOST = 200, 599
STATUS_RULE = f"a status is a number from {_LEAST} to {_MOST}"
_SHORTEST = 8
"""Characters of the shortest text that is looked for wherever it stands: a user code has nine."""
_MEMBER = re.compile(r'("[^"\\]*")(\s*:\s*)("(?:[^"\\]|\\.)*"|[^\s",:\[\]{}]+)')
_ERROR_TYPE = "x-amzn-errortype"
_Scalar = str | int | float | bool | None
_Path = tuple[str | int, ...]


def objection_to(decision: HeldDecision) -> str | None:
    """What HTTP does not allow about an edited answer, in a sentence."""
    if decision.status is not None and not _LEAST <= decision.status <= _MOST:
        return STATUS_RULE
    for name, value in decision.headers:
        if not _TOKEN.fullmatch(name):
            return f"{name[:60]!r} is no name of a header"
        if not _VALUE.fullmatch(value):
            return f"the value of {name[:60]} has a character that no header may have"
    return None


def edited_response(decision: HeldDecision) -> Response:
    """The answer, of a decision that nothing was objected to."""
    status, body = int(decision.status or HTTPStatus.OK), decision.body or b""
    headers = [pair for pair in decision.headers if pair[0].lower() not in OURS]
    if status not in BODILESS:
        headers.append(("Content-Length", str(len(body))))
    headers.append(("Connection", "keep-alive"))
    return Response(
        f"HTTP/1.1 {status} {_phrase(status)}".encode("ascii"),
        tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers),
        b"" if status in BODILESS else body,
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def is_of_its_kind(preview: Response, true: Response) -> bool:
    """Whether the true answer is of the preview's kind, so that only made-up values differ."""
    return _kind(preview) == _kind(true)


def with_true_values(decision: HeldDecision, true: Response) -> HeldDecision:
    """The edited answer with what is real in place of what its preview made up.

    Args:
        decision: What was written, and the preview that it was made from.
        true: The true answer, of the preview's kind.
    """
    swap = _Swap(Response.parse(decision.previewed), true)
    return replace(
        decision,
        headers=tuple((name, swap.in_text(value)) for name, value in decision.headers),
        body=swap.in_body((decision.body or b"").decode("latin-1")).encode("latin-1"),
    )


class _Swap:
    """Puts one answer's values in place of the other's."""

    def __init__(self, old: Response, new: Response) -> None:
        self._members: dict[tuple[str, str], str] = {}
        self._texts: dict[str, str] = {}
        headers = _headers(new)
        for name, value in _headers(old).items():
            self._learn_text(value, headers.get(name, value))
        values = dict(_scalars(_json(new)))
        for path, was in _scalars(_json(old)):
            now = values.get(path, was)
            if now != was:
                self._learn_member(path, was, now)
        longest_first = sorted(self._texts, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def _learn_member(self, path: _Path, was: _Scalar, now: _Scalar) -> None:
        literal, new = json.dumps(was), json.dumps(now)
        if path and isinstance(path[-1], str):
            self._members.setdefault((json.dumps(path[-1]), literal), new)
        if isinstance(was, str) and isinstance(now, str):
            self._learn_text(literal[1:-1], new[1:-1])

    def _learn_text(self, was: str, now: str) -> None:
        if was != now and len(was) >= _SHORTEST:
            self._texts.setdefault(was, now)

    def in_text(self, text: str) -> str:
        """Wherever one stands, also as part of something longer, such as a code in a URI."""
        return self._any.sub(lambda found: self._texts[found[0]], text)

    def in_body(self, text: str) -> str:
        """The same, and numbers too where they are still the value of their member."""
        return self.in_text(_MEMBER.sub(self._member, text))

    def _member(self, found: re.Match[str]) -> str:
        name, colon, literal = found.groups()
        return f"{name}{colon}{self._members.get((name, literal), literal)}"


def _headers(response: Response) -> Mapping[str, str]:
    """By name in small letters."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1").strip()
        for name, value in response.headers
    }


def _json(response: Response) -> Any:
    """None where the body is none."""
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        return None


def _kind(response: Response) -> tuple[object, ...]:
    members = json_members(response.body)
    error = response.header(_ERROR_TYPE), members.get("error")
    return response.status_line, *error, frozenset(members)


def _scalars(value: Any, path: _Path = ()) -> Iterator[tuple[_Path, _Scalar]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _scalars(one, (*path, name))
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _scalars(one, (*path, at))
    else:
        yield path, value
