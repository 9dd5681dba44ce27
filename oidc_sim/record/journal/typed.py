"""Dataclasses from JSON values, each field checked against its annotation.

By hand: pydantic would do it too, but takes 20 ms at start to build what is needed for our records,
and bounds for times would have to be written into the engine's classes, which must not know it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

LATEST = 253_402_300_799.0
"""The end of the year 9999: all numbers with a fraction are times, and later ones cannot be shown."""
MOST = 10**12
"""Whole numbers are counts and seconds; larger ones are damage."""

Read = Callable[[Any], Any]
"""Gives the value that a JSON value stands for; raises ValueError when it stands for none."""


def reader_of(kind: Any) -> Read:
    """What reads JSON values for this annotation.

    Raises:
        TypeError: no journal has fields of this kind; a test reads every record's annotations.
    """
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType and len(arguments) == 2 and arguments[1] is NoneType:  # noqa: PLR2004
        return _optional(reader_of(arguments[0]))
    if origin in {tuple, list}:
        return _sequence(origin, reader_of(arguments[0]))
    if origin is dict:
        return _mapping(reader_of(arguments[0]), reader_of(arguments[1]))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _choice(kind)
    if is_dataclass(kind):
        return _record(kind)
    raise TypeError(f"a journal cannot keep {kind}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is no text")  # noqa: TRY004 - the reader knows one kind of objection
    value.encode()  # a lone surrogate raises: it belongs to no text that a client can have sent
    return value


def _time(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is no number")  # noqa: TRY004
    if not 0 <= value <= LATEST:  # neither is NaN
        raise ValueError("is no time")
    return float(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("is no whole number")  # noqa: TRY004
    if abs(value) > MOST:
        raise ValueError("is too large")
    return value


def _claim(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")  # noqa: TRY004
    return value


_PLAIN: Mapping[Any, Read] = {str: _text, float: _time, int: _whole, bool: _claim}


def _optional(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def _sequence(kind: Callable[[Iterable[Any]], Any], read: Read) -> Read:
    def sequence(value: Any) -> Any:
        if not isinstance(value, list):
            raise ValueError("is no list")  # noqa: TRY004
        return kind(read(item) for item in value)

    return sequence


def _mapping(read_key: Read, read: Read) -> Read:
    def mapping(value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("is no object")  # noqa: TRY004
        return {read_key(key): read(item) for key, item in value.items()}

    return mapping


def _choice(kind: type[StrEnum]) -> Read:
    choices = {item.value: item for item in kind}

    def choice(value: Any) -> StrEnum:
        if not isinstance(value, str) or value not in choices:
            raise ValueError("is none of its values")
        return choices[value]

    return choice


def _record(kind: Any) -> Read:
    hints = get_type_hints(kind)
    readers = {field.name: reader_of(hints[field.name]) for field in fields(kind)}
    needed = {
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    }

    def record(value: Any) -> Any:
        """Members that the class does not have come from a newer version, and are left out."""
        if not isinstance(value, dict) or not needed <= value.keys():
            raise ValueError("lacks a member")
        return kind(
            **{name: _member(name, readers[name], value) for name in readers if name in value}
        )

    return record


def _member(name: str, read: Read, members: Mapping[str, Any]) -> Any:
    try:
        return read(members[name])
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None
