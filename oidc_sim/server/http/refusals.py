"""What the transport answers by itself, before or instead of a handler, in AWS's shape.

An SDK that is refused must still be able to read the answer, so a refusal is a ``Problem`` of the wire
layer, with AWS's header order. Which statuses the real service gives here is not published (wire.md
section 10); they are HTTP's own, and the sentences are ours. None of them repeats anything that the
client sent.
"""

import time
from http import HTTPStatus
from uuid import uuid4

from oidc_sim.server.http.raw_response import RawResponse
from oidc_sim.wire.envelope import ErrorTypeForm, head, http_date
from oidc_sim.wire.errors import INTERNAL_SERVER_ERROR, Problem, unreadable


class RefusedError(Exception):
    """Raised by a handler or below it to answer with a problem and close the connection."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.text)


NOT_HTTP = unreadable(HTTPStatus.BAD_REQUEST, "The request is not well-formed HTTP/1.1.")
IS_TLS = unreadable(
    HTTPStatus.BAD_REQUEST,
    "The client speaks TLS, this port plain HTTP: use http://, not https://.",
)
VERSION_UNKNOWN = unreadable(
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "Only HTTP/1.0 and HTTP/1.1 are spoken here."
)
HEAD_TOO_LARGE = unreadable(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request's head is too large."
)
BODY_TOO_SLOW = unreadable(HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time.")
BODY_TOO_LARGE = unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
BODY_IS_ENCODED = unreadable(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, without Content-Encoding."
)
EXPECTATION_UNKNOWN = unreadable(
    HTTPStatus.EXPECTATION_FAILED, "Only 100-continue can be expected here."
)
FOREIGN_HOST = unreadable(
    HTTPStatus.MISDIRECTED_REQUEST,
    "This name in Host is not served; start oidc-sim with --allow-host NAME to accept it.",
)
OF_ANOTHER_SITE = unreadable(
    HTTPStatus.FORBIDDEN,
    "A page of another site had a browser send this; AWS's operations are for programs.",
)
FAILED = INTERNAL_SERVER_ERROR.saying(
    "The simulator failed to answer this request; its screen or its output says why."
)


def answer(
    problem: Problem, *, closes: bool = True, error_type: ErrorTypeForm = ErrorTypeForm.FULL
) -> RawResponse:
    """Return the response for a problem that no handler answers.

    Args:
        problem: what to say.
        closes: the connection ends with it.
        error_type: the setting of that name.
    """
    top = head(
        problem.answer(),
        request_id=str(uuid4()),
        date=http_date(time.time()),
        error_type=error_type,
    )
    return RawResponse(problem.status, top, problem.body, closes=closes)
