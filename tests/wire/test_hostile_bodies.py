"""No bytes make a body's reader raise, and what is no plain JSON object is an AWS-shaped 400."""

import inspect
import json
import math
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oidc_sim.engine.commands import AuthorizeDevice, Poll, RegisterClient
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.requests import (
    CreateTokenBody,
    RegisterClientBody,
    RequestBody,
    StartDeviceAuthorizationBody,
)

BODIES: tuple[type[RequestBody], ...] = (
    RegisterClientBody,
    StartDeviceAuthorizationBody,
    CreateTokenBody,
)
MALFORMED = {
    "nothing": b"",
    "space": b" \r\n\t ",
    "half an object": b'{"clientId":"a"',
    "half a string": b'{"clientId":"a',
    "text after it": b'{"clientId":"a"} x',
    "two objects": b"{}{}",
    "a comma too many": b'{"clientId":"a",}',
    "a comment": b'{/**/"clientId":"a"}',
    "quotes of Python": b"{'clientId':'a'}",
    "a form": b"grant_type=refresh_token&client_id=a",
    "XML": b"<clientId>a</clientId>",
    "null": b"null",
    "an array": b"[]",
    "an array of objects": b'[{"clientId":"a"}]',
    "a string": b'"clientId"',
    "a number": b"1",
    "true": b"true",
    "deep arrays": b"[" * 30_000 + b"]" * 30_000,
    "deep arrays in a member": b'{"x":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "deep objects": b'{"x":' * 10_000 + b"1" + b"}" * 10_000,
    "a huge integer in a member": b'{"clientId":' + b"9" * 5000 + b"}",
    "a huge integer where nobody looks": b'{"x":' + b"9" * 5000 + b"}",
    "NaN in a member": b'{"clientId":NaN}',
    "NaN where nobody looks": b'{"x":NaN}',
    "NaN deep where nobody looks": b'{"x":[{"y":NaN}]}',
    "Infinity where nobody looks": b'{"x":Infinity}',
    "minus Infinity where nobody looks": b'{"x":-Infinity}',
    "a BOM": b'\xef\xbb\xbf{"clientId":"a"}',
    "UTF-16": '{"clientId":"a"}'.encode("utf-16"),
    "Latin-1": '{"clientId":"é"}'.encode("latin-1"),
    "a broken sequence": b'{"clientId":"\xc3"}',
    "an overlong NUL": b'{"clientId":"\xc0\x80"}',
    "a surrogate in UTF-8": b'{"clientId":"\xed\xa0\x80"}',
    "a lone surrogate": b'{"clientId":"\\ud800"}',
    "a lone low surrogate": b'{"clientId":"\\udc00"}',
    "a lone surrogate where nobody looks": b'{"x":"\\ud800"}',
    "a lone surrogate in a name": b'{"\\ud800":1}',
    "half an escape": b'{"clientId":"\\u12"}',
    "an unknown escape": b'{"clientId":"\\x41"}',
    "a raw newline in a string": b'{"clientId":"a\nb"}',
    "a raw NUL in a string": b'{"clientId":"a\x00b"}',
    "a NUL after it": b"{}\x00",
    "a number for a string": b'{"clientId":1,"clientName":1}',
    "true for a string": b'{"clientId":true,"clientName":true}',
    "an object for a string": b'{"clientId":{},"clientName":{}}',
    "a list for a string": b'{"clientId":["a"],"clientName":["a"]}',
    "twice": b'{"clientId":"a","clientId":"b"}',
    "twice the same": b'{"clientId":"a","clientId":"a"}',
    "twice, once escaped": b'{"clientId":"a","\\u0063lientId":"b"}',
    "twice, all escaped": b'{"\\u0063lientId":"a","\\u0063lientId":"b"}',
    "twice, once null": b'{"clientId":null,"clientId":"b"}',
    "twice null": b'{"clientId":null,"clientId":null}',
    "twice, first a number": b'{"clientId":1,"clientId":"b"}',
    "twice an empty list": b'{"scope":[],"scope":[]}',
    "an unknown member twice": b'{"x":1,"x":2}',
    "an unknown member twice with an empty list": b'{"clientId":"a","scope":[],"x":1,"x":1}',
    "twice deep where nobody looks": b'{"x":[{"y":{"z":1,"z":2}}]}',
    "twice, with colons and quotes between": b'{"clientId":"a\\":\\"","clientId":"b"}',
}
WELL_FORMED = {
    "an empty object": b"{}",
    "space around": b' \r\n{ "clientId" : "a" }\t',
    "an unknown member": b'{"clientId":"a","x":{"y":[1,2.5,true,null]}}',
    "an unknown member that looks like one": b'{"client_id":1}',
    "the same name in two objects": b'{"x":{"a":1},"y":{"a":1}}',
    "a name as a value": b'{"clientId":"clientId","clientSecret":"clientId"}',
    "a member inside a string": b'{"clientId":"\\"clientId\\":\\"a\\""}',
    "an escaped name": b'{"\\u0063lientId":"a"}',
    "a pair of surrogates": b'{"clientId":"\\ud83d\\ude00"}',
    "an escaped NUL": b'{"clientId":"\\u0000"}',
    "a large float where nobody looks": b'{"x":1e999}',
    "an empty name": b'{"":1}',
    "nulls": b'{"clientId":null,"scope":null}',
    "200 members": json.dumps({f"x{n}": n for n in range(200)}).encode(),
}


@pytest.mark.parametrize("model", BODIES)
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_body_is_an_invalid_request(model: type[RequestBody], body: bytes) -> None:
    if model is RegisterClientBody:
        body = body.replace(b'"scope"', b'"scopes"')
        body = body.replace(b'"clientId"', b'"clientName"').replace(
            b"\\u0063lientId", b"\\u0063lientName"
        )
    read = model.parse(body)
    assert isinstance(read, Problem)
    answer = read.answer()
    assert (answer.status, answer.error_type) == (400, "InvalidRequestException")
    members = json.loads(answer.body)
    assert list(members) == ["error", "error_description", "reason"]
    assert members["error"] == "invalid_request"


@pytest.mark.parametrize("model", BODIES)
@pytest.mark.parametrize("body", WELL_FORMED.values(), ids=WELL_FORMED.keys())
def test_what_is_only_unusual_is_read(model: type[RequestBody], body: bytes) -> None:
    assert isinstance(model.parse(body), model)


def at_depth(depth: int, body: bytes) -> object:
    return CreateTokenBody.parse(body) if depth == 0 else at_depth(depth - 1, body)


def test_nesting_that_python_has_no_room_for_is_malformed_too() -> None:
    nested = b'{"x":' + b"[" * 190 + b"]" * 190 + b"}"
    assert isinstance(CreateTokenBody.parse(nested), CreateTokenBody)
    room = sys.getrecursionlimit() - len(inspect.stack()) - 100
    # Since 3.12 what is written in C has room of its own: then it is read as it is elsewhere.
    has_room = sys.version_info >= (3, 12)
    assert isinstance(at_depth(room, nested), CreateTokenBody if has_room else Problem)


NAMES = st.sampled_from(["clientId", "clientSecret", "grantType", "scope", "scopes", "x", ""])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)


def written(name: str, value: Any, *, is_escaped: bool) -> str:
    plain = json.dumps(name)
    escaped = '"' + "".join(f"\\u{ord(char):04x}" for char in name) + '"'
    return f"{escaped if is_escaped else plain}:{json.dumps(value)}"


def has_constant(value: Any) -> bool:
    """Whether a number stands in it that JSON cannot say; a text may well be "NaN"."""
    if isinstance(value, dict):
        return any(map(has_constant, value.values()))
    if isinstance(value, list):
        return any(map(has_constant, value))
    return isinstance(value, float) and not math.isfinite(value)


MEMBERS = st.lists(st.tuples(NAMES, VALUES, st.booleans()), max_size=6)


@given(st.sampled_from(BODIES), st.binary())
def test_no_bytes_raise(model: type[RequestBody], body: bytes) -> None:
    assert isinstance(model.parse(body), model | Problem)


@given(st.sampled_from(BODIES), MEMBERS)
def test_an_object_is_read_only_if_no_name_comes_twice_anywhere_and_all_of_it_is_json(
    model: type[RequestBody], members: list[tuple[str, Any, bool]]
) -> None:
    text = ",".join(
        written(name, value, is_escaped=is_escaped) for name, value, is_escaped in members
    )
    body = "{" + text + "}"
    names = [name for name, _, _ in members]
    read = model.parse(body.encode())
    if len(names) != len(set(names)) or any(has_constant(value) for _, value, _ in members):
        assert isinstance(read, Problem)
    elif isinstance(read, Problem):
        assert b"wrong type" in read.body


@given(
    st.sampled_from(BODIES),
    st.dictionaries(
        st.sampled_from(
            ["clientId", "clientSecret", "clientName", "clientType", "grantType", "startUrl"]
        ),
        st.text(st.characters(exclude_categories=["Cs"])),
    ),
)
@example(CreateTokenBody, {"clientId": '":"', "clientSecret": "\\"})
def test_whatever_a_string_holds_it_comes_through_unchanged(
    model: type[RequestBody], members: dict[str, str]
) -> None:
    for ascii_only in (True, False):
        read = model.parse(json.dumps(members, ensure_ascii=ascii_only).encode())
        assert isinstance(read, model)
        known = {name for name in members if name in read.model_dump(by_alias=True)}
        assert {name: read.model_dump(by_alias=True)[name] for name in known} == {
            name: members[name] for name in known
        }


@given(st.sampled_from(BODIES), MEMBERS)
def test_a_body_becomes_a_command_or_a_problem_and_nothing_else(
    model: type[RequestBody], members: list[tuple[str, Any, bool]]
) -> None:
    body = "{" + ",".join(written(n, v, is_escaped=e) for n, v, e in members) + "}"
    read = model.parse(body.encode())
    if isinstance(read, RegisterClientBody | StartDeviceAuthorizationBody | CreateTokenBody):
        outcomes = RegisterClient | AuthorizeDevice | Poll | Problem
        assert isinstance(read.command(), outcomes)
