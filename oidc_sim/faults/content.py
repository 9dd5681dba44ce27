"""The answer is well framed, and says what the service would not: edits, and answers of one's own."""

import json
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from oidc_sim.engine.arrival import ANYTHING, Fit, Setting
from oidc_sim.engine.model import AUTHORIZATION_CODE_GRANT, DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT
from oidc_sim.faults.memory import FirstLogins, RefreshReuse
from oidc_sim.faults.row import (
    ABSENT,
    DEVICE,
    JSON,
    REGISTRATION,
    TOKEN,
    TOKENS,
    Family,
    Fault,
    Parameter,
    When,
)
from oidc_sim.faults.steps import Case, Maker, Plan, whole, with_head
from oidc_sim.wire.answers import Answer, http_date
from oidc_sim.wire.http import Response

_content = partial(Fault, family=Family.CONTENT, when=When.AFTER)
_HOSTILE = {
    "escape": "\x1b]0;owned\x07\x1b[31mred\x1b[0m",
    "bidi": "\u202egnp.exe\u202c\u2066\u200b",
    "long": "A" * 10_000,
}
_READ_BY_PEOPLE = ("userCode", "verificationUri", "verificationUriComplete", "error_description")
_ALSO_READ = ("accountName", "emailAddress", "roleName", "message")
_INSTANTS = {"clientIdIssuedAt": 1, "clientSecretExpiresAt": 1, "expiration": 1000}
"""Absolute times, with their unit in parts of a second."""
_UNKNOWN = {"xNull": None, "xList": [1, "two", {}], "xNumber": 1e30, "xFlag": True, "": ""}
_FLIPPED = 0x20
_SECRET_LEFT_S = 60


def _put(name: str, value: object) -> Callable[[Any], Any]:
    """Set a member in its place, or take it away."""

    def change(members: dict[str, Any]) -> dict[str, Any]:
        if value == ABSENT:
            return {it: old for it, old in members.items() if it != name}
        return {**members, name: value}

    return change


def _member(name: str) -> Maker:
    """Only in an answer that is a success."""

    def make(case: Case) -> Plan:
        if case.true.status != HTTPStatus.OK:
            return whole(case.true)
        return whole(case.true.changing(_put(name, case.settings["value"])))

    return make


def _secret_expires_at(case: Case) -> Plan:
    def change(members: dict[str, Any]) -> dict[str, Any]:
        value = case.settings["value"]
        values = {
            "in 60 s": int(case.at) + _SECRET_LEFT_S,
            "past": int(case.at) - _SECRET_LEFT_S,
            0: 0,
            "milliseconds": members.get("clientSecretExpiresAt", 0) * 1000,
        }
        return {**members, "clientSecretExpiresAt": values[value]}

    return whole(case.true.changing(change))


def _unknown_fields(case: Case) -> Plan:
    return whole(case.true.changing(lambda members: {**members, **_UNKNOWN}))


def _hostile_strings(case: Case) -> Plan:
    text = _HOSTILE[case.text("kind")]

    def change(value: Any) -> Any:
        if isinstance(value, list):
            return [change(it) for it in value]
        if not isinstance(value, dict):
            return value
        return {name: _spoilt(name, old, text, change) for name, old in value.items()}

    return whole(case.true.changing(change))


def _spoilt(name: str, old: Any, text: str, change: Callable[[Any], Any]) -> Any:
    is_read = name in _READ_BY_PEOPLE or name in _ALSO_READ
    return old + text if is_read and isinstance(old, str) else change(old)


def _edit(case: Case) -> Plan:
    answer = case.true
    if member := case.text("member"):
        answer = answer.changing(_put(member, _as_json(case.text("value"))))
    if header := case.text("header"):
        value = case.text("header_value")
        answer = answer.having(one_line(header), None if value == ABSENT else one_line(value))
    return whole(answer)


def _as_json(text: str) -> object:
    """JSON, or else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def one_line(text: str) -> str:
    """Without the ends of lines, which would make two headers of one."""
    return text.replace("\r", " ").replace("\n", " ")


def _custom(case: Case) -> Plan:
    status = int(case.number("status"))
    phrase = HTTPStatus(status).phrase if status in list(HTTPStatus) else "Custom"
    answer = Response(f"HTTP/1.1 {status} {phrase}".encode(), (), b"")
    for line in case.text("headers").splitlines():
        name, _, value = line.partition(":")
        answer = answer.having(name.strip(), value.strip())
    return whole(answer.saying(case.text("body").encode("utf-8", "surrogatepass")))


def _date_skew(case: Case) -> Plan:
    seconds = case.number("seconds")
    date = case.true.header("Date")
    sent = parsedate_to_datetime(date.decode()).timestamp() if date else case.at
    answer = case.true.having("Date", http_date(max(0, sent + seconds)))

    def change(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: old + int(seconds) * _INSTANTS[name] if name in _INSTANTS else change(old)
            for name, old in value.items()
        }

    return whole(answer.changing(change))


def _malformed_json(case: Case) -> Plan:
    return whole(with_head(case, Answer(200, b'{"accessTok', None, "malformed JSON")))


def _truncated_json(case: Case) -> Plan:
    return whole(case.true.saying(case.true.body[: len(case.true.body) // 2]))


def _trailing_garbage(case: Case) -> Plan:
    body = case.true.body
    if case.text("kind") == "garbage":
        return whole(case.true.saying(body + b"garbage}"))
    at = len(body) // 2
    return whole(
        case.true.saying(
            body[:at] + bytes(b ^ _FLIPPED for b in body[at : at + 1]) + body[at + 1 :]
        )
    )


def _value(default: Setting, *others: Setting) -> Parameter:
    return Parameter(name="value", help="what it is", default=default, choices=(default, *others))


CONTENT = (
    _content(
        name="malformed-json",
        title="malformed JSON",
        note="json",
        shows='200  {"accessTok',
        help="A success whose JSON stops in the middle; nothing is spent",
        fit=JSON,
        when=When.INSTEAD,
        digit=8,
        make=_malformed_json,
    ),
    _content(
        name="truncated-json",
        title="half the true JSON",
        shows="200  half the body",
        help="The first half of the true body, with a length that fits it",
        fit=JSON,
        make=_truncated_json,
    ),
    _content(
        name="interval",
        title="odd interval",
        shows="200  no interval",
        help="A device authorization names another interval, or none",
        fit=Fit(DEVICE),
        parameters=(_value(ABSENT, 0, "5", -1, 1_000_000_000, 5.5, None, 2, 15, 30, 31, 600),),
        make=_member("interval"),
    ),
    _content(
        name="expires-in",
        title="odd lifetime",
        shows="200  no lifetime",
        help="The code or token says another life than it has, or none",
        fit=Fit(DEVICE | TOKENS),
        parameters=(
            _value(ABSENT, 1, 59, 899, 2_147_483_648, "28800", 0, -1, 1_000_000_000, 5.5, None),
        ),
        make=_member("expiresIn"),
    ),
    _content(
        name="no-refresh-token",
        title="no refresh token",
        shows="200  without refreshToken",
        help="The token comes without a refresh token",
        fit=Fit(TOKENS),
        parameters=(_value(ABSENT, None),),
        make=_member("refreshToken"),
    ),
    _content(
        name="token-type",
        title="odd tokenType",
        shows="200  tokenType bearer",
        help="The token's type in another case, or none",
        fit=Fit(TOKENS),
        parameters=(_value("bearer", "BEARER", ABSENT, None),),
        make=_member("tokenType"),
    ),
    _content(
        name="secret-expires-at",
        title="odd secret expiry",
        shows="200  clientSecretExpiresAt",
        help="The registration says that it ends in a minute, is over, has no end, or milliseconds",
        fit=Fit(REGISTRATION),
        parameters=(_value("in 60 s", "past", 0, "milliseconds"),),
        make=_secret_expires_at,
    ),
    _content(
        name="unknown-fields",
        title="unknown members",
        shows="200  and members more",
        help="Members that nobody knows, with nulls, lists and numbers; RFC 6749 §5.1 has them ignored",
        fit=JSON,
        make=_unknown_fields,
    ),
    _content(
        name="hostile-strings",
        title="hostile strings",
        shows="200  ESC, bidi or 10 kB",
        help="Every text that a person reads carries something that a terminal obeys",
        fit=JSON,
        parameters=(
            Parameter(
                name="kind", help="of text", default="escape", choices=("escape", "bidi", "long")
            ),
        ),
        make=_hostile_strings,
    ),
    _content(
        name="edit",
        title="edit the true answer",
        shows="200  a member replaced",
        help="Set or remove one member of the JSON, or one header, and keep the rest",
        fit=ANYTHING,
        parameters=(
            Parameter(name="member", help="of the body; empty for none", default=""),
            Parameter(
                name="value",
                help="in JSON; absent removes the member",
                default=ABSENT,
                is_json=True,
            ),
            Parameter(name="header", help="its name; empty for none", default=""),
            Parameter(name="header_value", help="absent removes the header", default=ABSENT),
        ),
        make=_edit,
    ),
    _content(
        name="custom",
        title="custom answer",
        shows="any  what you type",
        help="A status, headers and a body of your own",
        fit=ANYTHING,
        when=When.INSTEAD,
        parameters=(
            Parameter(name="status", help="of HTTP", default=200, least=200, most=999),
            Parameter(
                name="headers",
                help="lines of Name: value",
                default="Content-Type: application/json",
            ),
            Parameter(name="body", help="text, sent in UTF-8", default="{}"),
        ),
        make=_custom,
    ),
    _content(
        name="date-skew",
        title="clock is wrong",
        shows="200  Date 1 h ahead",
        help="The header Date and the absolute times of the body are off",
        fit=ANYTHING,
        parameters=(
            Parameter(
                name="seconds",
                help="ahead; behind when negative",
                default=3600,
                least=-10 * 365.25 * 86_400,
                most=10 * 365.25 * 86_400,
            ),
        ),
        make=_date_skew,
    ),
    _content(
        name="stale-login",
        title="same token again",
        times=None,
        shows="200  accessToken as before",
        help="A client's next sign-in gets the token of its first, with the time that is left",
        fit=Fit(TOKEN, frozenset({DEVICE_CODE_GRANT, AUTHORIZATION_CODE_GRANT})),
        make=FirstLogins,
    ),
    _content(
        name="pre-authorized",
        title="first poll succeeds",
        shows="200  approved already",
        help="The device is approved as soon as its code is made",
        fit=Fit(DEVICE),
        make=lambda case: whole(case.true),
        approves=True,
    ),
    _content(
        name="refresh-rotation",
        title="refresh reuse detected",
        times=None,
        shows="400  second use of a token",
        help="A refresh token that comes twice is refused, and so is the client from then on",
        fit=Fit(TOKEN, frozenset({REFRESH_TOKEN_GRANT})),
        when=When.BEFORE,
        parameters=(Parameter(name="grace_s", help="seconds", default=0, choices=(0, 10, 60)),),
        make=RefreshReuse,
    ),
    _content(
        name="trailing-garbage",
        title="garbage after JSON",
        shows="200  {…}garbage",
        help="Garbage after the JSON, or one byte of it flipped",
        fit=JSON,
        parameters=(
            Parameter(
                name="kind", help="of damage", default="garbage", choices=("garbage", "flip")
            ),
        ),
        make=_trailing_garbage,
    ),
)
