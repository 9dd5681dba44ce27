"""Reads what a page sends back: the code in a query, the decision in a form. Strictly.

A browser that was shown our page sends exactly what is read here. Everything else is somebody's
experiment, and is refused rather than interpreted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import parse_qsl

from aiohttp import hdrs

FORM_BYTES = 2048
"""The largest form body; ours are about 130 bytes."""
_FORM_TYPE = "application/x-www-form-urlencoded"
_FIELDS = frozenset({"user_code", "csrf_token", "decision"})
_MAX_QUERY_FIELDS = 50

Decision = Literal["approve", "deny"]


class FormError(Exception):
    """What was sent is no form of ours; the text says what is wrong with it, for a person."""


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """The form of the page that asks for a decision."""

    user_code: str
    csrf_token: str
    decision: Decision


def typed_code(target: str) -> str:
    """Return the user code in a request target's query, as it was typed; empty if there is none.

    Raises:
        FormError: there are two, or far too many fields.
    """
    query = target.partition("?")[2]
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_QUERY_FIELDS)
    except ValueError as error:
        raise FormError("The address has too many fields.") from error
    codes = [value for name, value in fields if name == "user_code"]
    if len(codes) > 1:
        raise FormError("The address has more than one user code.")
    return codes[0].strip() if codes else ""


def decision_form(headers: Mapping[str, str], body: bytes) -> DecisionForm:
    """Return the form in a request's body.

    Raises:
        FormError: it is none, or has a field too many, too few, or twice.
    """
    content_type = headers.get(hdrs.CONTENT_TYPE, "").partition(";")[0].strip().lower()
    if content_type != _FORM_TYPE:
        raise FormError("This is not a form.")
    fields = _fields(body)
    if fields["decision"] not in {"approve", "deny"}:
        raise FormError("The form has no such button.")
    decision = cast("Decision", fields["decision"])
    return DecisionForm(fields["user_code"], fields["csrf_token"], decision)


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=len(_FIELDS),
        )
    except ValueError as error:
        raise FormError("The form is not well-formed.") from error
    fields = dict(pairs)
    # At most as many pairs as there are names, and every name is there: so none came twice.
    if fields.keys() != _FIELDS:
        raise FormError("The form does not have the fields that it must have.")
    return fields
