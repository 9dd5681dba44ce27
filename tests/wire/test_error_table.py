import json

import pytest

from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
)
from oidc_sim.engine.replies import Reason, Refused
from oidc_sim.wire import errors
from oidc_sim.wire.errors import Problem

ELSEWHERE = {Reason.INVALID_TOKEN, Reason.FORBIDDEN, Reason.UNSUPPORTED_RESPONSE_TYPE}
"""What only the portal and the browser are told."""


@pytest.mark.parametrize("reason", [it for it in Reason if it not in ELSEWHERE])
def test_every_refusal_has_an_answer_with_the_rfcs_word(reason: Reason) -> None:
    answer = errors.refused(Refused(reason, "BCDF-GHJK", "client"))
    assert json.loads(answer.body)["error"] == reason.value
    assert answer.outcome == reason.value
    assert (answer.user_code, answer.client_id) == ("BCDF-GHJK", "client")


@pytest.mark.parametrize(
    ("grant_type", "reason", "text"),
    [
        (DEVICE_CODE_GRANT, Reason.INVALID_GRANT, "Invalid device code provided"),
        (REFRESH_TOKEN_GRANT, Reason.INVALID_GRANT, "Invalid refresh token provided"),
        (REFRESH_TOKEN_GRANT, Reason.INVALID_REQUEST, "Invalid token provided"),
        (AUTHORIZATION_CODE_GRANT, Reason.INVALID_GRANT, "Invalid grant provided"),
        (JWT_BEARER_GRANT, Reason.INVALID_GRANT, "Invalid grant provided"),
        (TOKEN_EXCHANGE_GRANT, Reason.INVALID_GRANT, "Invalid grant provided"),
        (REFRESH_TOKEN_GRANT, Reason.INVALID_CLIENT, "Invalid client provided"),
        (None, Reason.INVALID_REQUEST, ""),
    ],
)
def test_the_words_of_a_refusal_follow_from_the_grant_and_the_reason(
    grant_type: str | None, reason: Reason, text: str
) -> None:
    answer = errors.refused(Refused(reason, "BCDF-GHJK", "client"), grant_type)
    assert json.loads(answer.body)["error_description"] == text
    assert json.loads(answer.body)["error"] == answer.outcome == reason.value


def test_a_wrong_region_names_the_right_one_and_where_it_is() -> None:
    answer = errors.wrong_region("http://127.0.0.1:8990", "us-east-1").answer()
    assert answer.error_type == "InvalidRequestRegionException"
    assert json.loads(answer.body) == {
        "endpoint": "http://127.0.0.1:8990",
        "error": "invalid_request",
        "error_description": "Invalid region",
        "region": "us-east-1",
    }


@pytest.mark.parametrize("problem", errors.MODELLED, ids=lambda problem: problem.name)
def test_only_invalid_requests_say_that_there_is_no_reason(problem: Problem) -> None:
    body = json.loads(problem.body)
    assert ("reason" in body) == (problem.name == "InvalidRequestException")
    assert body.get("reason") is None


@pytest.mark.parametrize("problem", errors.MODELLED, ids=lambda problem: problem.name)
def test_no_error_body_has_the_members_of_other_services(problem: Problem) -> None:
    assert not {"__type", "message", "code"} & set(json.loads(problem.body))


@pytest.mark.parametrize("problem", errors.MODELLED, ids=lambda problem: problem.name)
def test_error_bodies_are_compact_and_alphabetical(problem: Problem) -> None:
    members = json.loads(problem.body)
    assert list(members) == sorted(members)
    assert problem.body == json.dumps(members, separators=(",", ":")).encode()


def test_only_a_wrong_client_is_401_and_only_our_own_fault_500() -> None:
    """wire.md#84."""
    odd = {problem.name: problem.status for problem in errors.MODELLED if problem.status != 400}
    assert odd == {"InvalidClientException": 401, "InternalServerException": 500}


def test_an_unknown_path_is_answered_in_the_services_own_form() -> None:
    """wire.md#87."""
    answer = errors.UNKNOWN_OPERATION.answer()
    assert (answer.status, answer.error_type) == (404, "UnknownOperationException")
    assert json.loads(answer.body)["error"] == "invalid_request"


def test_a_request_refused_before_it_was_read_has_the_status_and_sentence_given() -> None:
    answer = errors.unreadable(413, "The body is larger than 64 KiB").answer()
    assert (answer.status, answer.error_type) == (413, "InvalidRequestException")
    assert json.loads(answer.body)["error_description"] == "The body is larger than 64 KiB"
