"""One row: what is written is read, and what is not as it was written is not believed."""

import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.engine.events import KeptEvent, SessionEnd, SessionEnded
from oidc_sim.engine.model import Device
from oidc_sim.engine.records import Record
from oidc_sim.record.journal.rows import (
    MAX_ROW_BYTES,
    DamagedRowError,
    JournalHeader,
    UnknownRowError,
    decode_row,
    encode_row,
)

EVENTS: tuple[Any, ...] = get_args(KeptEvent)
KINDS: tuple[Any, ...] = (JournalHeader, *EVENTS, *get_args(Record))
TIMES = st.floats(0, 1e11)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
st.register_type_strategy(float, TIMES)


def rows_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any row of a kind, with every member that it can have."""
    return st.builds(kind, **{field.name: values_of(field.type) for field in fields(kind)})


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    if kind is float:
        return TIMES
    if kind is str:
        return TEXTS
    if kind is int:
        return st.integers(0, 10**6)
    arguments = get_args(kind)
    if type(None) in arguments:
        return st.none() | values_of(arguments[0])
    if getattr(kind, "__origin__", None) is dict:
        return st.dictionaries(values_of(arguments[0]), values_of(arguments[1]), max_size=3)
    if arguments:
        return st.lists(values_of(arguments[0]), max_size=3).map(kind.__origin__)
    return rows_of(kind) if is_dataclass(kind) else st.from_type(kind)


ROW = SessionEnded(at=1.5, session_id="WDJB-MJHT", why=SessionEnd.SIGNED_OUT)
LINE = encode_row(ROW)


def sealed(rest: str) -> bytes:
    """A row whose checksum is right, whatever is in it."""
    data = rest.encode("utf-8", "surrogatepass")
    return b'{"crc":"%08x",%s' % (crc32(data), data)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_row_comes_back_as_it_was(kind: Any) -> None:
    @given(rows_of(kind))
    def comes_back(row: Any) -> None:
        line = encode_row(row)
        assert line.isascii()
        assert line.count(b"\n") == 1
        assert line.endswith(b"}\n")
        assert decode_row(line[:-1]) == row

    comes_back()


def test_a_row_looks_as_documented() -> None:
    assert (
        b'{"crc":"%08x","type":"session_ended","at":1.5,"session_id":"WDJB-MJHT",'
        b'"why":"signed out"}\n' % crc32(LINE[LINE.index(b'"type"') : -1])
    ) == LINE
    assert json.loads(LINE)["type"] == "session_ended"


@given(st.integers(0, len(LINE) - 2), st.integers(1, 255))
def test_no_changed_byte_is_believed(at: int, change: int) -> None:
    line = bytearray(LINE[:-1])
    line[at] ^= change
    with pytest.raises(DamagedRowError):
        decode_row(bytes(line))


@given(st.integers(0, len(LINE) - 2))
def test_no_cut_row_is_believed(length: int) -> None:
    with pytest.raises(DamagedRowError):
        decode_row(LINE[:length])


@given(st.binary(max_size=200))
def test_nothing_else_is_a_row(line: bytes) -> None:
    with pytest.raises(DamagedRowError):
        decode_row(line)


@pytest.mark.parametrize(
    "rest",
    [
        "}",
        '"type":1}',
        '"type":["session_ended"]}',
        '"type":"session_ended"}',
        '"type":"session_ended","at":NaN,"session_id":"","why":"signed out"}',
        '"type":"session_ended","at":1e999,"session_id":"","why":"signed out"}',
        '"type":"session_ended","at":%s,"session_id":"","why":"signed out"}' % ("9" * 5000),
        '"type":"session_ended","at":1,"session_id":"\\ud800","why":"signed out"}',
        '"type":"session_ended","at":1,"session_id":"\ud800","why":"signed out"}',
        '"type":"session_ended","at":1,"session_id":"","why":"import os"}',
        '"type":' + "[" * 100_000,
        '"type":"x"} {"type":"x"}',
        "",
    ],
)
def test_a_right_checksum_alone_makes_no_row(rest: str) -> None:
    with pytest.raises(DamagedRowError):
        decode_row(sealed(rest))


def test_a_row_of_a_newer_version_is_known_as_one() -> None:
    with pytest.raises(UnknownRowError):
        decode_row(sealed('"type":"clock_moved","by":3600}'))


def test_a_member_of_a_newer_version_is_left_out() -> None:
    line = sealed('"type":"session_forgotten","at":1.0,"session_id":"x","because":"y"}')
    assert (
        encode_row(decode_row(line))
        == sealed('"type":"session_forgotten","at":1.0,"session_id":"x"}') + b"\n"
    )


def test_a_number_that_is_none_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode_row(SessionEnded(at=float("nan"), session_id="x", why=SessionEnd.SIGNED_OUT))


def test_the_longest_request_makes_a_row_that_can_be_read() -> None:
    """64 KiB of body, all of it a name in which each byte takes the most room."""
    escaped = "\\u0001"
    assert len(escaped) * 64 * 1024 < MAX_ROW_BYTES


def test_a_device_of_an_older_version_comes_back_and_its_pace_is_measured_anew() -> None:
    device = Device(
        user_code="WDJB-MJHT", code_digest="d", client_id="c", client_name="n", scopes=(),
        issued_at=1.0, expires_at=2.0, interval_s=11, slow_downs_owed=1,
    )  # fmt: skip
    rest = encode_row(device)[: -len(b"}\n")].decode().partition(",")[2]
    before = rest.partition(',"pace":')[0] + rest[rest.index("}") + 1 :]
    row = decode_row(sealed(f'{before},"paced_from":7.5,"was_throttled":true}}'))
    assert row == device
    assert device.announced_s == 6, "what it was told is not kept apart from what it is owed"
