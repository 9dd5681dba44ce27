"""From a stranger's bytes to a model, or to the problem with them; nothing is ever raised.

Pydantic's parser refuses deep nesting, huge integers, bad UTF-8, a BOM and lone surrogates by
itself. Two things it lets through are no JSON that means one thing: a name that occurs twice in an
object (it keeps the last), and NaN or Infinity in a member that nobody reads. Reading every body a
second time to find them would cost more than the poll itself, so a count of quotation marks comes
first: see ``_is_plain``.
"""

import json
from collections.abc import Iterable
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from oidc_sim.wire.errors import INVALID_REQUEST, Problem

Model = TypeVar("Model", bound=BaseModel)

NOT_JSON = INVALID_REQUEST.saying("The request body is not valid JSON")
NOT_AN_OBJECT = INVALID_REQUEST.saying("The request body is not a JSON object")
DUPLICATE_MEMBER = INVALID_REQUEST.saying("The request body has a member twice")


def parse(model: type[Model], body: bytes) -> Model | Problem:
    """The body as this model, or what is wrong with it. What AWS says is unknown (wire.md#91)."""
    try:
        read = model.model_validate_json(body)
    except ValidationError as error:
        return _problem(error.errors(include_url=False, include_context=False)[0])
    return read if _is_plain(read, body) else _flaw(body) or read


def missing(member: str) -> Problem:
    """A required member is absent or null. The text is ours (wire.md#91)."""
    return INVALID_REQUEST.saying(f"Missing required member {member}")


def _is_plain(read: BaseModel, body: bytes) -> bool:
    """Whether the body holds the string members that were read, once each, and nothing else.

    Each string that was read stood in the body at least once, as a name and a value, with four
    quotation marks. Any further string adds two or more, however it is escaped, and any further
    member has a string for its name. So if there are four for each, and no more, then no name came
    twice and no member was skipped. A body with more to it is read again, in full, by ``_flaw``.
    """
    strings = list(map(type, read.__dict__.values())).count(str)
    return body.count(b'"') == 4 * strings


def _flaw(body: bytes) -> Problem | None:
    """What pydantic overlooked, at any depth and in unknown members too."""
    try:
        json.loads(body, object_pairs_hook=_refuse_duplicates, parse_constant=_refuse_constant)
    except _DuplicateError:
        return DUPLICATE_MEMBER
    except (ValueError, RecursionError):
        return NOT_JSON
    return None


class _DuplicateError(Exception):
    """A name occurs twice in one object."""


def _refuse_duplicates(pairs: Iterable[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise _DuplicateError
        seen.add(name)


def _refuse_constant(_constant: str) -> NoReturn:
    raise ValueError


def _problem(first: ErrorDetails) -> Problem:
    """The first complaint in a sentence. A place is a member of ours, never a client's word."""
    if not first["loc"]:
        return NOT_JSON if first["type"] == "json_invalid" else NOT_AN_OBJECT
    return INVALID_REQUEST.saying(f"Member {first['loc'][0]} has the wrong type")
