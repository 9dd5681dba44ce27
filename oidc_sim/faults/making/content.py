"""Edits of what a true answer says, and answers of one's own."""

import json
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from oidc_sim.faults.making.refusals import Maker, told
from oidc_sim.faults.making.steps import Plan, Spoiling, Told, whole
from oidc_sim.faults.row import ABSENT
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.envelope import http_date

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


def edited(answer: Told, change: Callable[[Any], Any]) -> Told:
    """The same with its JSON changed; what is no JSON object stays, and so does what says the same."""
    try:
        members = json.loads(answer.body)
    except ValueError:
        return answer
    if not isinstance(members, dict):
        return answer
    body = json.dumps(change(members), separators=(",", ":"))
    if body == json.dumps(members, separators=(",", ":")):
        return answer
    return answer.saying(body.encode("ascii"))


def _put(name: str, value: object) -> Callable[[Any], Any]:
    """Set a member in its place, or take it away."""

    def change(members: dict[str, Any]) -> dict[str, Any]:
        if value == ABSENT:
            return {it: old for it, old in members.items() if it != name}
        return {**members, name: value}

    return change


def _member(name: str) -> Maker:
    """Only in an answer that is a success."""

    def make(it: Spoiling) -> Plan:
        if it.true.status != HTTPStatus.OK:
            return whole(it.true)
        return whole(edited(it.true, _put(name, it.settings["value"])))

    return make


def _secret_expires_at(it: Spoiling) -> Plan:
    def change(members: dict[str, Any]) -> dict[str, Any]:
        value = it.settings["value"]
        values = {
            "in 60 s": int(it.at) + _SECRET_LEFT_S,
            "past": int(it.at) - _SECRET_LEFT_S,
            0: 0,
            "milliseconds": members.get("clientSecretExpiresAt", 0) * 1000,
        }
        return {**members, "clientSecretExpiresAt": values[value]}

    return whole(edited(it.true, change))


def _unknown_fields(it: Spoiling) -> Plan:
    return whole(edited(it.true, lambda members: {**members, **_UNKNOWN}))


def _hostile(it: Spoiling) -> Plan:
    text = _HOSTILE[it.text("kind")]

    def change(value: Any) -> Any:
        if isinstance(value, list):
            return [change(it) for it in value]
        if not isinstance(value, dict):
            return value
        return {name: _spoilt(name, old, text, change) for name, old in value.items()}

    return whole(edited(it.true, change))


def _spoilt(name: str, old: Any, text: str, change: Callable[[Any], Any]) -> Any:
    is_read = name in _READ_BY_PEOPLE or name in _ALSO_READ
    return old + text if is_read and isinstance(old, str) else change(old)


def _edit(it: Spoiling) -> Plan:
    answer = it.true
    if member := it.text("member"):
        answer = edited(answer, _put(member, _as_json(it.text("value"))))
    if header := it.text("header"):
        value = it.text("header_value")
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


def _custom(it: Spoiling) -> Plan:
    status = int(it.number("status"))
    phrase = HTTPStatus(status).phrase if status in list(HTTPStatus) else "Custom"
    answer = Told(f"HTTP/1.1 {status} {phrase}".encode(), (), b"")
    for line in it.text("headers").splitlines():
        name, _, value = line.partition(":")
        answer = answer.having(name.strip(), value.strip())
    return whole(answer.saying(it.text("body").encode("utf-8", "surrogatepass")))


def _date_skew(it: Spoiling) -> Plan:
    seconds = it.number("seconds")
    date = it.true.header("Date")
    sent = parsedate_to_datetime(date.decode()).timestamp() if date else it.at
    answer = it.true.having("Date", http_date(max(0, sent + seconds)))

    def change(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: old + int(seconds) * _INSTANTS[name] if name in _INSTANTS else change(old)
            for name, old in value.items()
        }

    return whole(edited(answer, change))


def _paging_loop(it: Spoiling) -> Plan:
    return whole(edited(it.true, _put("nextToken", "AAAA")))


def _many_accounts(it: Spoiling) -> Plan:
    def change(members: dict[str, Any]) -> dict[str, Any]:
        accounts = list(members.get("accountList", ()))
        for number in range(len(accounts), int(it.number("accounts"))):
            name = f"account-{number:04}"
            accounts.append(
                {
                    "accountId": f"{900_000_000_000 + number}",
                    "accountName": name,
                    "emailAddress": f"{name}@example.com",
                }
            )
        return {**members, "accountList": accounts}

    return whole(edited(it.true, change))


def _malformed(it: Spoiling) -> Plan:
    return whole(told(it, Answer(200, b'{"accessTok', None, "malformed JSON")))


def _truncated(it: Spoiling) -> Plan:
    return whole(it.true.saying(it.true.body[: len(it.true.body) // 2]))


def _trailing(it: Spoiling) -> Plan:
    body = it.true.body
    if it.text("kind") == "garbage":
        return whole(it.true.saying(body + b"garbage}"))
    at = len(body) // 2
    return whole(
        it.true.saying(body[:at] + bytes(b ^ _FLIPPED for b in body[at : at + 1]) + body[at + 1 :])
    )


CONTENT: Mapping[str, Maker] = {
    "interval": _member("interval"),
    "expires-in": _member("expiresIn"),
    "no-refresh-token": _member("refreshToken"),
    "token-type": _member("tokenType"),
    "secret-expires-at": _secret_expires_at,
    "unknown-fields": _unknown_fields,
    "hostile-strings": _hostile,
    "edit": _edit,
    "custom": _custom,
    "date-skew": _date_skew,
    "paging-loop": _paging_loop,
    "many-accounts": _many_accounts,
    "malformed-json": _malformed,
    "truncated-json": _truncated,
    "trailing-garbage": _trailing,
    "stale-login": lambda it: whole(it.true),
    "pre-authorized": lambda it: whole(it.true),
}
