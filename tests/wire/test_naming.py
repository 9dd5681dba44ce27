"""Whom a request says it is about."""

import json

import pytest

from oidc_sim.wire.operations import Names, names_in_body, names_in_query


def test_a_poll_names_its_client_its_code_and_its_grant() -> None:
    body = json.dumps({"clientId": "c", "deviceCode": "d", "grantType": "g", "x": 1}).encode()
    assert names_in_body(body) == Names(client_id="c", code="d", grant_type="g")


def test_a_registration_names_itself_and_its_scopes() -> None:
    body = json.dumps({"clientName": "pc", "scopes": ["a", 7, "b"]}).encode()
    assert names_in_body(body) == Names(client_name="pc", scopes=("a", "b"))


def test_a_refresh_and_a_redemption_name_what_they_hold() -> None:
    assert names_in_body(b'{"refreshToken":"r"}').refresh_token == "r"
    assert names_in_body(b'{"code":"c"}').code == "c"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000, b'{"clientId":7,"scopes":"a"}']
)
def test_what_cannot_be_read_names_nobody(body: bytes) -> None:
    assert names_in_body(body) == Names()


def test_a_browsers_query_names_its_client_and_scopes() -> None:
    assert names_in_query("client_id=c&scopes=a%20b") == Names(client_id="c", scopes=("a", "b"))
    assert names_in_query("scope=a") == Names(scopes=("a",))


@pytest.mark.parametrize("query", ["", "&" * 1000, "a=1&" * 1000, "client_id="])
def test_a_query_that_says_nothing_names_nobody(query: str) -> None:
    assert names_in_query(query) == Names()
