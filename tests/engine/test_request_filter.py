import pytest

from oidc_sim.engine.arrival import Arrival, request_filter
from oidc_sim.filtering import FilterError

POLL = Arrival(
    operation="CreateToken",
    endpoint="/token",
    client_id="Xa81LL",
    client_name="botocore-sso-util",
    user_code="WDJB-MJHT",
    user_agent="aws-cli/2.30",
    address="127.0.0.1",
    scopes=("sso:account:access",),
    state="pending",
)


@pytest.mark.parametrize(
    "text",
    ["", "botocore", "client:Xa81LL op:Create* state:pending", "ip:127.* scope:sso:* !grant:*"],
)
def test_a_request_that_fits_is_meant(text: str) -> None:
    there = request_filter(text)
    assert not isinstance(there, FilterError)
    assert there.text == text
    assert there.matches(POLL)


def test_a_request_that_does_not_fit_is_let_through() -> None:
    there = request_filter("client:acme | code:AAAA*")
    assert not isinstance(there, FilterError)
    assert not there.matches(POLL)


@pytest.mark.parametrize(
    ("text", "at", "name"),
    [("boto & status>=400", 7, "status"), ("!(a | ms>5)", 6, "ms"), ("held", 0, "held")],
)
def test_what_only_the_answer_tells_cannot_be_asked(text: str, at: int, name: str) -> None:
    error = request_filter(text)
    assert isinstance(error, FilterError)
    assert error.at == at
    assert error.message.startswith(f"{name} is not known when a request arrives; expected agent:")


def test_a_slip_in_the_text_stays_an_error() -> None:
    assert request_filter("status>=4x0") == FilterError(8, "expected a number")
