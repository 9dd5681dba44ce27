"""One row of the journal: a line of JSON with its own checksum.

``{"crc":"1c291ca3","type":"session_ended","at":1793613600.0,"session_id":"WDJB-MJHT",…}``

``crc`` is the CRC-32 of all that follows it in the line, so a damaged row is known as one instead of
being believed. The text is ASCII: no client's name can break a line or a terminal that shows the
file (T-04). It holds what events and records hold, which is digests, never secrets.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args
from zlib import crc32

from oidc_sim.engine.events import Event, KeptEvent
from oidc_sim.engine.model import BrowserRequest
from oidc_sim.engine.pace import Pace
from oidc_sim.engine.records import Record
from oidc_sim.engine.session import IssuedCredentials
from oidc_sim.record.journal.typed import Read, reader_of
from oidc_sim.record.lines import word_for

VERSION = 1
"""Of the rows' meaning. A new type of row, or a new member with a default, leaves it as it is."""
MAX_ROW_BYTES = 512 * 1024
"""A request has 64 KiB, and JSON in ASCII writes a byte of it with at most six."""
_BEFORE_CRC = b'{"crc":"'
_AFTER_CRC = b'",'
_CRC_END = len(_BEFORE_CRC) + 8
_REST_AT = _CRC_END + len(_AFTER_CRC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The first row: that this is a journal, and how to read it."""

    version: int


Row = Journal | Event | Record

_KINDS: tuple[type[Any], ...] = (Journal, *get_args(KeptEvent), *get_args(Record))
_WORDS: Mapping[type[Any], str] = {kind: word_for(kind) for kind in _KINDS}
_READERS: Mapping[str, Read] = {word: reader_of(kind) for kind, word in _WORDS.items()}
_MEMBERS: Mapping[type[Any], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (*_KINDS, BrowserRequest, IssuedCredentials, Pace)
}


class DamagedRowError(Exception):
    """A row that is not as it was written."""


class UnknownRowError(Exception):
    """A whole row of a type that this version does not know."""


def encode_row(row: Row) -> bytes:
    """The row as one line, its line feed included."""
    members = {"type": _WORDS[type(row)], **_members(row)}
    rest = _JSON.encode(members)[1:].encode("ascii")
    return b"%s%08x%s%s\n" % (_BEFORE_CRC, crc32(rest), _AFTER_CRC, rest)


def decode_row(line: bytes) -> Row:
    """The row in a line, given without its line feed.

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
    return {name: getattr(row, name) for name in _MEMBERS[type(row)]}


_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_members)
"""``default`` is asked for dataclasses inside records."""
