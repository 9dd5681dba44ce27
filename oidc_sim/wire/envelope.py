"""The head of a response: AWS's header names, in AWS's order (wire.md#9)."""

from email.utils import formatdate
from enum import StrEnum
from http import HTTPStatus

from oidc_sim.wire.answers import Answer

ERROR_NAMESPACE = ":http://internal.amazon.com/coral/com.amazonaws.sso.oidc/"
"""Follows the exception's name in every captured error (wire.md#14)."""
_START = {int(s): f"HTTP/1.1 {int(s)} {s.phrase}\r\nDate: " for s in HTTPStatus}


class ErrorTypeForm(StrEnum):
    """The setting ``error_type``."""

    FULL = "full"
    """As captured, namespace included."""
    BARE = "bare"
    """The name alone: the Ruby SDK of Debian 12 understands nothing else."""


def head(
    answer: Answer,
    *,
    request_id: str,
    date: str,
    is_kept_alive: bool = True,
    error_type: ErrorTypeForm = ErrorTypeForm.FULL,
) -> bytes:
    """The bytes from the status line to the empty line.

    No Cache-Control, no Server, no Access-Control-* (wire.md#11), and no charset (wire.md#10).

    Args:
        answer: What follows.
        request_id: A UUID.
        date: As ``http_date`` gives it.
        is_kept_alive: Whether the connection stays open.
        error_type: The setting.
    """
    connection = "keep-alive" if is_kept_alive else "close"
    namespace = ERROR_NAMESPACE if error_type is ErrorTypeForm.FULL else ""
    error = f"\r\nx-amzn-ErrorType: {answer.error_type}{namespace}" if answer.error_type else ""
    allow = f"\r\nAllow: {answer.allow}" if answer.allow else ""
    return (
        f"{_START[answer.status]}{date}\r\nContent-Type: {answer.content_type}"
        f"\r\nContent-Length: {len(answer.body)}\r\nConnection: {connection}"
        f"\r\nx-amzn-RequestId: {request_id}{error}{allow}\r\n\r\n"
    ).encode("ascii")


def http_date(at: float) -> str:
    """An instant in seconds since 1970 as HTTP writes it, cut to the second (RFC 9110 §5.6.7)."""
    return formatdate(int(at), usegmt=True)
