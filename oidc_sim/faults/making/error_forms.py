"""An error that is carried otherwise than the service carries it."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from oidc_sim.faults.making.refusals import PROBLEMS, Maker, told
from oidc_sim.faults.making.steps import Plan, Spoiling, Told, whole
from oidc_sim.wire.answers import compact_json

_HEADER = "x-amzn-ErrorType"
_NAMESPACE = "com.amazonaws.ssooidc#"
_OK = b"HTTP/1.1 200 OK"


class _Named(NamedTuple):
    """What an answer says of its error, wherever it does."""

    header: str
    kind: str
    """As in the member ``__type``."""
    word: str
    """As in the member ``error``: OAuth's, or the exception where there is none."""


def _named(answer: Told) -> _Named | None:
    """The error of an answer; None for one that is no error, or has none that is named."""
    if answer.status < HTTPStatus.BAD_REQUEST:
        return None
    members = _members(answer.body)
    header = (answer.header(_HEADER) or b"").decode("latin-1")
    kind = str(members.get("__type", ""))
    name = header.partition(":")[0] or kind.rpartition("#")[2]
    if not name:
        return None
    word = str(members.get("error", name))
    return _Named(header or name, kind or _NAMESPACE + name, word)


def _members(body: bytes) -> dict[str, Any]:
    try:
        members = json.loads(body)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def _carried(answer: Told, form: str) -> Told:
    error = _named(answer)
    if error is None:
        return answer
    if form == "status-200":
        return Told(_OK, answer.headers, answer.body)
    bodies: Mapping[str, dict[str, object]] = {
        "header": {"message": error.word},
        "type": {"__type": error.kind},
        "error": {"error": error.word},
    }
    header = error.header if form == "header" else None
    return answer.saying(compact_json(bodies[form])).having(_HEADER, header)


def _chosen(it: Spoiling) -> Plan:
    answer = PROBLEMS[it.text("error")].answer()
    return whole(_carried(told(it, answer), it.text("form")))


def _own(it: Spoiling) -> Plan:
    return whole(_carried(it.true, it.text("form")))


ERROR_FORMS: Mapping[str, Maker] = {"error-form": _chosen, "true-error-form": _own}
