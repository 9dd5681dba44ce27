"""Writes and reads one row of the journal: a line of JSON with its own checksum.

``{"crc":"1c291ca3","type":"session_ended","at":1793613600.0,"session_id":"WDJB-MJHT",…}``

``crc`` is the CRC-32 of all that follows it in the line, so a damaged row is known as one instead of
being believed. The text is ASCII: no client's name can break a line or a terminal that shows the
file (T-04). It holds what events and records hold, which is digests, never secrets.

Each field is checked against its annotation. By hand: pydantic would do it too, but takes 20 ms at start
to build what is needed for our records, and bounds for times would have to be written into the engine's
classes, which must not know it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from zlib import crc32

from oidc_sim.engine.directory import IssuedCredentials
from oidc_sim.engine.events import Event, KeptEvent
from oidc_sim.engine.model import BrowserRequest
from oidc_sim.engine.pace import Pace
from oidc_sim.engine.records import Record
from oidc_sim.record.lines import members_of, word_for

LATEST = 253_402_300_799.0
"""The end of the year 9999: all numbers with a fraction are times, and later ones cannot be shown."""
MOST = 10**12
"""Whole numbers are counts and seconds; larger ones are damage."""

Read = Callable[[Any], Any]
"""Gives the value that a JSON value stands for; raises ValueError when it stands for none."""


def reader_of(kind: Any) -> Read:
    """Make the reader of JSON values for an annotation.

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
    names = members_of(kind)
    readers = {name: reader_of(hints[name]) for name in names}
    needed = {
        names[field.name]
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    }

    def record(value: Any) -> Any:
        """Members that the class does not have come from a newer version, and are left out."""
        if not isinstance(value, dict) or not needed <= value.keys():
            raise ValueError("lacks a member")
        return kind(
            **{
                name: _member(member, readers[name], value)
                for name, member in names.items()
                if member in value
            }
        )

    return record


def _member(name: str, read: Read, members: Mapping[str, Any]) -> Any:
    try:
        return read(members[name])
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


VERSION = 1
"""Version of the rows' meaning. A new type of row, or a new member with a default, leaves it as it is."""
MAX_ROW_BYTES = 512 * 1024
"""A request has 64 KiB, and JSON in ASCII writes a byte of it with at most six."""
_BEFORE_CRC = b'{"crc":"'
_AFTER_CRC = b'",'
_CRC_END = len(_BEFORE_CRC) + 8
_REST_AT = _CRC_END + len(_AFTER_CRC)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalHeader:
    """The first row: says that this is a journal, and how to read it."""

    version: int


Row = JournalHeader | Event | Record

_KINDS: tuple[type[Any], ...] = (JournalHeader, *get_args(KeptEvent), *get_args(Record))
_WORDS: Mapping[type[Any], str] = {
    kind: "journal" if kind is JournalHeader else word_for(kind) for kind in _KINDS
}
_READERS: Mapping[str, Read] = {word: reader_of(kind) for kind, word in _WORDS.items()}
_MEMBERS: Mapping[type[Any], tuple[tuple[str, str], ...]] = {
    kind: tuple(members_of(kind).items())
    for kind in (*_KINDS, BrowserRequest, IssuedCredentials, Pace)
}


class DamagedRowError(Exception):
    """A row that is not as it was written."""


class UnknownRowError(Exception):
    """A whole row of a type that this version does not know."""


def encode_row(row: Row) -> bytes:
    """Write a row as one line, its line feed included."""
    members = {"type": _WORDS[type(row)], **_members(row)}
    rest = _JSON.encode(members)[1:].encode("ascii")
    return b"%s%08x%s%s\n" % (_BEFORE_CRC, crc32(rest), _AFTER_CRC, rest)


def decode_row(line: bytes) -> Row:
    """Read the row in a line, given without its line feed.

    Raises:
        DamagedRowError: The checksum or the members are wrong; the text says what, in our words.
        UnknownRowError: A newer version wrote it.
    """
    members = _checked_members(line)
    read = _READERS.get(members["type"])
    if read is None:
        raise UnknownRowError
    try:
        row: Row = read(members)
    except ValueError as error:
        raise DamagedRowError(str(error)) from None
    return row


def _checked_members(line: bytes) -> dict[str, Any]:
    rest = line[_REST_AT:]
    if line[:_REST_AT] != b"%s%08x%s" % (_BEFORE_CRC, crc32(rest), _AFTER_CRC):
        raise DamagedRowError("its checksum is wrong")
    try:
        members = json.loads(b"{" + rest)
    except (ValueError, RecursionError):
        raise DamagedRowError("it is no JSON") from None
    if not isinstance(members, dict) or not isinstance(members.get("type"), str):
        raise DamagedRowError("it has no type")
    return members


def _members(row: Any) -> dict[str, Any]:
    return {member: getattr(row, name) for name, member in _MEMBERS[type(row)]}


_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_members)
"""``default`` is asked for dataclasses inside records."""
