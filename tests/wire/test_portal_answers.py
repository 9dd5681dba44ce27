import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.engine.directory import Account
from oidc_sim.engine.replies import Reason, Refused
from oidc_sim.wire import portal
from oidc_sim.wire.portal import PortalProblem
from tests.wire import replies

ALL = (*portal.MODELLED, *portal.UNMODELLED)
ACCOUNT = Account(account_id="111122223333", name="Sändbox", email="a@x", roles=("Admin",))


@pytest.mark.parametrize(
    ("problem", "status", "body"),
    [
        (
            portal.UNAUTHORIZED,
            401,
            b'{"message":"Session token not found or invalid","__type":"com.amazonaws.switchboard.portal#UnauthorizedException"}',
        ),
        (
            portal.FORBIDDEN,
            403,
            b'{"message":"No access","__type":"com.amazonaws.switchboard.portal#ForbiddenException"}',
        ),
        (
            portal.TOO_MANY_REQUESTS,
            429,
            b'{"message":"HTTP 429 Unknown Code","__type":"com.amazonaws.switchboard.portal#TooManyRequestsException"}',
        ),
        (
            portal.INTERNAL_ERROR,
            500,
            b'{"message":"Internal error","__type":"com.amazonaws.switchboard.portal#NullPointerException"}',
        ),
    ],
)
def test_what_was_captured_is_answered_to_the_last_byte(
    problem: PortalProblem, status: int, body: bytes
) -> None:
    answer = problem.answer()
    assert (answer.status, answer.body) == (status, body)


@pytest.mark.parametrize("problem", ALL, ids=lambda problem: problem.name)
def test_an_error_says_its_message_first_and_then_its_type(problem: PortalProblem) -> None:
    answer = problem.answer("BCDF-GHJK", "client")
    assert list(json.loads(answer.body)) == ["message", "__type"]
    assert answer.error_type is None
    assert (answer.outcome, answer.user_code, answer.client_id) == (
        problem.name,
        "BCDF-GHJK",
        "client",
    )


def test_the_two_reasons_of_the_engine_are_told_apart() -> None:
    assert portal.refused(Refused(Reason.INVALID_TOKEN)).status == 401
    answer = portal.refused(Refused(Reason.FORBIDDEN, "BCDF-GHJK", "client"))
    assert (answer.status, answer.user_code) == (403, "BCDF-GHJK")


def test_lists_have_the_models_members() -> None:
    assert portal.account_list((ACCOUNT,), "t") == (
        b'{"nextToken":"t","accountList":[{"accountId":"111122223333",'
        b'"accountName":"S\\u00e4ndbox","emailAddress":"a@x"}]}'
    )
    assert portal.role_list("111122223333", ("Admin",), None) == (
        b'{"nextToken":null,"roleList":[{"roleName":"Admin","accountId":"111122223333"}]}'
    )


def test_credentials_are_in_the_models_order_and_expire_in_whole_seconds_of_milliseconds() -> None:
    answer = portal.role_credentials(replies.role_taken(1665736069.9))
    assert answer.body == (
        b'{"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"secret","sessionToken":"token",'
        b'"expiration":1665736069000}}'
    )
    assert answer.outcome == "Admin 111122223333"
    assert (answer.user_code, answer.client_id) == ("BCDF-GHJK", "client")


def test_a_query_is_read_and_a_plus_is_a_blank() -> None:
    assert portal.read_query("role_name=A%2BB&account_id=1&x=a+b&empty=") == {
        "role_name": "A+B",
        "account_id": "1",
        "x": "a b",
        "empty": "",
    }


@pytest.mark.parametrize("query", ["a=1&a=2", "&".join(f"a{n}=1" for n in range(51))])
def test_a_query_that_says_two_things_or_too_many_is_refused(query: str) -> None:
    read = portal.read_query(query)
    assert isinstance(read, PortalProblem)
    assert (read.name, read.status) == ("InvalidRequestException", 400)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_query_makes_the_reader_raise(query: str) -> None:
    assert isinstance(portal.read_query(query), dict | PortalProblem)


def test_no_sentence_repeats_what_a_client_sent() -> None:
    for problem in (*ALL, portal.missing("account_id")):
        assert re.fullmatch("[A-Za-z0-9_' ]+", problem.message)
