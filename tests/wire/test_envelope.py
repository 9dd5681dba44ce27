import pytest

from oidc_sim.wire import errors
from oidc_sim.wire.answers import Answer, ErrorTypeForm, head, http_date

REQUEST_ID = "52c5e465-fb2e-4c60-bf89-8a768a24a043"
DATE = "Tue, 23 Feb 2021 05:15:09 GMT"
SUCCESS = Answer(200, b"{}", None, "token issued")
ERROR = errors.AUTHORIZATION_PENDING.answer()


def header_names(top: bytes) -> list[str]:
    return [line.partition(b":")[0].decode() for line in top.splitlines()[1:-1]]


def test_a_success_has_the_headers_of_the_traces_in_their_order() -> None:
    assert header_names(head(SUCCESS, request_id=REQUEST_ID, date=DATE)) == [
        "Date",
        "Content-Type",
        "Content-Length",
        "Connection",
        "x-amzn-RequestId",
    ]


def test_an_error_adds_its_type_after_them() -> None:
    assert header_names(head(ERROR, request_id=REQUEST_ID, date=DATE))[5:] == ["x-amzn-ErrorType"]


def test_the_bare_form_is_the_name_alone() -> None:
    top = head(ERROR, request_id=REQUEST_ID, date=DATE, error_type=ErrorTypeForm.BARE)
    assert top.endswith(b"\r\nx-amzn-ErrorType: AuthorizationPendingException\r\n\r\n")


def test_a_connection_that_ends_says_so() -> None:
    top = head(SUCCESS, request_id=REQUEST_ID, date=DATE, is_kept_alive=False)
    assert b"\r\nConnection: close\r\n" in top


def test_a_wrong_method_names_the_right_one() -> None:
    top = head(errors.wrong_method("POST").answer(), request_id=REQUEST_ID, date=DATE)
    assert top.startswith(b"HTTP/1.1 405 Method Not Allowed\r\n")
    assert top.endswith(b"\r\nAllow: POST\r\n\r\n")


@pytest.mark.parametrize("status", [400, 401, 404, 405, 408, 413, 415, 421, 431, 500, 503])
def test_every_status_has_its_phrase(status: int) -> None:
    start = head(Answer(status, b"", None, ""), request_id=REQUEST_ID, date=DATE)
    line = start.splitlines()[0].decode()
    assert line.startswith(f"HTTP/1.1 {status} ")
    assert line[13:].strip()


def test_the_date_is_written_as_http_wants_it_and_cut_to_the_second() -> None:
    assert http_date(1614057309.999) == DATE
