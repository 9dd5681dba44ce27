import json

import pytest

from oidc_sim.engine.replies import Reason, Refused
from oidc_sim.wire import errors
from oidc_sim.wire.errors import Problem


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_has_an_answer_with_the_rfcs_word(reason: Reason) -> None:
    answer = errors.refused(Refused(reason, "BCDF-GHJK", "client"))
    assert json.loads(answer.body)["error"] == reason.value
    assert answer.outcome == reason.value
    assert (answer.user_code, answer.client_id) == ("BCDF-GHJK", "client")


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
    odd = {problem.name: problem.status for problem in errors.MODELLED if problem.status != 400}
    assert odd == {"InvalidClientException": 401, "InternalServerException": 500}


def test_an_unknown_path_is_answered_in_the_services_own_form() -> None:
    answer = errors.UNKNOWN_OPERATION.answer()
    assert (answer.status, answer.error_type) == (404, "UnknownOperationException")
    assert json.loads(answer.body)["error"] == "invalid_request"


def test_a_request_refused_before_it_was_read_has_the_status_and_sentence_given() -> None:
    answer = errors.unreadable(413, "The body is larger than 64 KiB").answer()
    assert (answer.status, answer.error_type) == (413, "InvalidRequestException")
    assert json.loads(answer.body)["error_description"] == "The body is larger than 64 KiB"
