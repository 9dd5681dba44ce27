"""The query of ``/authorize``, and where its browser is sent (wire.md#51, wire.md#52, wire.md#54)."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.engine.commands import StartBrowserSignIn
from oidc_sim.engine.replies import Reason, Refused
from oidc_sim.wire.authorize import (
    MAX_PARAMETERS,
    NOT_A_QUERY,
    REPEATED,
    authorization_request,
    shown,
    with_code,
    with_error,
)
from oidc_sim.wire.errors import Problem

REDIRECT = "http://127.0.0.1:5123/oauth/callback"
CLI = (
    "response_type=code&client_id=abc&redirect_uri=http%3A%2F%2F127.0.0.1%3A5123%2Foauth%2Fcallback"
    "&state=s-1&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess&code_challenge=xyz"
)


def test_the_cli_s_query_is_understood() -> None:
    assert authorization_request(CLI) == StartBrowserSignIn(
        client_id="abc",
        redirect_uri=REDIRECT,
        response_type="code",
        client_state="s-1",
        scopes=("sso:account:access",),
        code_challenge="xyz",
        code_challenge_method="S256",
    )


@pytest.mark.parametrize("name", ["scope", "scopes"])
@pytest.mark.parametrize(
    ("value", "scopes"),
    [("a%20b", ("a", "b")), ("a+b", ("a", "b")), ("+a++b+", ("a", "b")), ("", ()), ("+", ())],
)
def test_scopes_come_under_both_names_with_blanks_between(
    name: str, value: str, scopes: tuple[str, ...]
) -> None:
    asked = authorization_request(f"client_id=x&{name}={value}")
    assert isinstance(asked, StartBrowserSignIn)
    assert asked.scopes == scopes


def test_a_parameter_without_a_value_counts_as_absent() -> None:
    names = ("client_id", "redirect_uri", "state", "response_type", "code_challenge", "scopes")
    empty = authorization_request("&".join(f"{name}=" for name in names))
    assert empty == authorization_request("") == authorization_request("&unknown=1&&")


@pytest.mark.parametrize(
    "more",
    [
        "client_id=abc",
        "client_id=other",
        "state=s-1",
        "redirect_uri=http%3A%2F%2Fevil",
        "scopes=",
        "scope=sso%3Aaccount%3Aaccess",
        "x=1&x=1",
    ],
)
def test_no_parameter_may_come_twice(more: str) -> None:
    assert authorization_request(f"{CLI}&{more}") == REPEATED
    assert authorization_request(f"{more}&{CLI}") == REPEATED


@pytest.mark.parametrize("query", ["state=%ff", "%c3=1", "&".join(["a"] * (MAX_PARAMETERS + 1))])
def test_what_cannot_be_read_is_said_so(query: str) -> None:
    assert authorization_request(query) == NOT_A_QUERY


@given(st.text(max_size=200))
def test_no_query_makes_reading_it_fail(query: str) -> None:
    assert isinstance(authorization_request(query), Problem | StartBrowserSignIn)


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        (
            Reason.INVALID_CLIENT,  # T11
            b'{"error":"invalid_request","error_description":"Invalid client provided","reason":null}',
        ),
        (
            Reason.UNAUTHORIZED_CLIENT,  # T11
            b'{"error":"unauthorized_client","error_description":"Client is unauthorized"}',
        ),
        (
            Reason.INVALID_REDIRECT_URI,
            b'{"error":"invalid_redirect_uri","error_description":"Invalid redirect URI provided"}',
        ),
    ],
)
def test_what_is_shown_is_json_as_captured(reason: Reason, body: bytes) -> None:
    answer = shown(Refused(reason, client_id="abc"))
    assert (answer.status, answer.body, answer.client_id) == (400, body, "abc")


def test_the_way_back_with_a_code_is_as_the_service_has_it() -> None:
    assert with_code(REDIRECT, "e.y.z", "s 1") == f"{REDIRECT}?code=e.y.z&state=s%201"
    assert with_code(REDIRECT, "e.y.z", None) == f"{REDIRECT}?code=e.y.z"


def test_the_way_back_without_a_code_has_error_description_and_state() -> None:
    there = with_error(REDIRECT, Reason.ACCESS_DENIED, "s1")
    assert there == f"{REDIRECT}?error=access_denied&error_description=Access%20denied&state=s1"


SENT_BY_REDIRECT = [
    Reason.INVALID_REQUEST,
    Reason.UNSUPPORTED_RESPONSE_TYPE,
    Reason.INVALID_SCOPE,
    Reason.ACCESS_DENIED,
]


@pytest.mark.parametrize("reason", SENT_BY_REDIRECT)
def test_a_description_has_only_characters_that_rfc_6749_allows(reason: Reason) -> None:
    given = dict(parse_qsl(urlsplit(with_error(REDIRECT, reason, None)).query))
    assert given["error"] == reason.value
    assert all(
        it in "\x20\x21" or "\x23" <= it <= "\x5b" or "\x5d" <= it <= "\x7e"
        for it in given["error_description"]
    )


@given(st.text(max_size=100))
def test_no_state_breaks_out_of_a_redirect(state: str) -> None:
    for there in (with_error(REDIRECT, Reason.ACCESS_DENIED, state),):
        assert there.startswith(f"{REDIRECT}?")
        assert there.isascii()
        assert there.isprintable()
        assert " " not in there
        back = dict(parse_qsl(urlsplit(there).query, keep_blank_values=True))
        assert back.get("state") == (state if state.isprintable() else None)
