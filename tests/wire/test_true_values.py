"""In what somebody made of a previewed answer, the true answer's values take the place of made-up ones."""

import json
from typing import Any

import pytest

from oidc_sim.engine.arrival import HeldDecision
from oidc_sim.wire.edited import is_of_its_kind, with_true_values
from oidc_sim.wire.http import Response

SAMPLE = {"accessToken": "sample-token", "expiresIn": 28800, "refreshToken": None}
REAL = {"accessToken": "real-token-xyz", "expiresIn": 28800, "refreshToken": None}
DEVICE = {
    "deviceCode": "sample-device-code",
    "userCode": "ABCD-EFGH",
    "verificationUri": "http://h/device",
    "verificationUriComplete": "http://h/device?user_code=ABCD-EFGH",
}
REAL_DEVICE = {
    **DEVICE,
    "deviceCode": "real-device-code",
    "userCode": "WXYZ-WXYZ",
    "verificationUriComplete": "http://h/device?user_code=WXYZ-WXYZ",
}


def whole(members: Any, status: str = "200 OK", **headers: str) -> bytes:
    """All bytes of an answer; underscores in names of headers stand for dashes."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    body = members if isinstance(members, str) else json.dumps(members, separators=(",", ":"))
    return f"HTTP/1.1 {status}\r\n{lines}\r\n{body}".encode()


def sent(previewed: Any, true: Any, body: str) -> str:
    """What becomes of a body that was written over the foretold members."""
    decision = HeldDecision(how="edit", body=body.encode(), previewed=whole(previewed))
    edited = with_true_values(decision, Response.parse(whole(true))).body
    assert edited is not None
    return edited.decode()


def test_a_made_up_token_gives_way_and_what_was_changed_stays() -> None:
    written = '{ "accessToken" : "sample-token",\n  "expiresIn":60, "expiresIn":60 }'
    assert sent(SAMPLE, REAL, written) == written.replace("sample-token", "real-token-xyz")


def test_what_was_deleted_stays_away() -> None:
    assert sent(SAMPLE, REAL, '{"expiresIn":60}') == '{"expiresIn":60}'
    assert sent(SAMPLE, REAL, "") == ""


def test_a_value_that_was_changed_is_as_written() -> None:
    written = '{"accessToken":"mine","refreshToken":"sample"}'
    assert sent(SAMPLE, REAL, written) == written


def test_what_was_not_touched_becomes_the_true_answer() -> None:
    written = json.dumps(DEVICE, separators=(",", ":"))
    assert json.loads(sent(DEVICE, REAL_DEVICE, written)) == REAL_DEVICE


def test_a_value_is_found_under_another_name_and_within_a_longer_one() -> None:
    written = (
        '{"uri":"https://my.host/?c=ABCD-EFGH","code":"sample-device-code"} sample-device-code'
    )
    assert sent(DEVICE, REAL_DEVICE, written) == (
        '{"uri":"https://my.host/?c=WXYZ-WXYZ","code":"real-device-code"} real-device-code'
    )


def test_of_two_that_begin_alike_the_longer_one_is_meant() -> None:
    old, new = {"a": "sample-1", "b": "sample-12"}, {"a": "real-one", "b": "real-two"}
    assert sent(old, new, '{"x":"sample-12","y":"sample-1"}') == '{"x":"real-two","y":"real-one"}'


def test_an_instant_gives_way_where_it_is_still_its_members() -> None:
    old, new = {"issuedAt": 1000, "n": 1}, {"issuedAt": 1012, "n": 1}
    written = '{"issuedAt": 1000, "n": 1000, "x": 10001, "y": {"issuedAt":1000}, "z":"1000"}'
    assert sent(old, new, written) == (
        '{"issuedAt": 1012, "n": 1000, "x": 10001, "y": {"issuedAt":1012}, "z":"1000"}'
    )
    assert sent(old, new, '{"issuedAt":10005}') == '{"issuedAt":10005}'


def test_nothing_and_something_give_way_to_each_other() -> None:
    assert sent({"a": None}, {"a": "new"}, '{"a":null}') == '{"a":"new"}'
    assert sent({"a": "old"}, {"a": None}, '{"a":"old", "b":"old"}') == '{"a":null, "b":"old"}'


def test_a_short_text_is_replaced_only_where_it_is_the_same_member() -> None:
    assert sent({"a": "x"}, {"a": "y"}, '{"a":"x","box":"x"}') == '{"a":"y","box":"x"}'


def test_a_value_in_a_list_is_found_by_its_place() -> None:
    old, new = {"l": [{"key": "sample-key-1"}]}, {"l": [{"key": "real-key-1"}]}
    assert sent(old, new, '{"l":[{"key":"sample-key-1"}]}') == '{"l":[{"key":"real-key-1"}]}'


def test_values_that_json_escapes_are_found() -> None:
    old, new = {"a": 'sample"\u00fc'}, {"a": 'real"\u00fc"'}
    written = json.dumps(old)
    assert json.loads(sent(old, new, written)) == new


def test_bytes_that_are_no_text_are_left_alone() -> None:
    decision = HeldDecision(how="edit", body=b"\xff\x00sample-token", previewed=whole(SAMPLE))
    assert with_true_values(decision, Response.parse(whole(REAL))).body == b"\xff\x00real-token-xyz"


def test_headers_give_way_like_members_and_keep_their_order() -> None:
    previewed = whole("<R>sample-id-1</R>", x_amzn_RequestId="sample-id-1", Date="Tue, 1 Jan")
    true = whole("<R>real-id-1</R>", X_Amzn_RequestId="real-id-1", Date="Tue, 2 Jan")
    decision = HeldDecision(
        how="edit",
        status=503,
        headers=(("X-Copy", "id=sample-id-1"), ("Date", "Tue, 1 Jan"), ("Date", "mine")),
        body=b"<R>sample-id-1</R>",
        previewed=previewed,
    )
    edited = with_true_values(decision, Response.parse(true))
    assert edited.headers == (("X-Copy", "id=real-id-1"), ("Date", "Tue, 2 Jan"), ("Date", "mine"))
    assert (edited.status, edited.body) == (503, b"<R>real-id-1</R>")


def test_new_values_alone_make_no_other_answer() -> None:
    previewed = whole(SAMPLE, x_amzn_RequestId="sample-id-1")
    true = whole(REAL, x_amzn_RequestId="real-id-1")
    assert is_of_its_kind(Response.parse(previewed), Response.parse(true))


@pytest.mark.parametrize(
    "true",
    [
        whole({"error": "access_denied", "error_description": None}, "400 Bad Request"),
        whole({"error": "slow_down", "error_description": None}, "401 Unauthorized"),
        whole({"error": "authorization_pending"}, "400 Bad Request"),
        whole(
            {"error": "authorization_pending", "error_description": None},
            "400 Bad Request",
            **{"x-amzn-ErrorType": "Other"},
        ),
        whole("<html>", "400 Bad Request"),
    ],
)
def test_another_status_error_or_members_make_another_answer(true: bytes) -> None:
    pending = {"error": "authorization_pending", "error_description": None}
    preview = whole(pending, "400 Bad Request")
    assert not is_of_its_kind(Response.parse(preview), Response.parse(true))
