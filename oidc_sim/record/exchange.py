"""One HTTP request with its response, as the operator sees it."""

from itertools import chain
from typing import NamedTuple

RawHeaders = tuple[tuple[bytes, bytes], ...]
"""Header names and values as they came, in order."""


def packed(headers: RawHeaders) -> bytes:
    """The headers as one object, a name and a value a line; neither can have a newline (RFC 9110 §5.5).

    Thirty objects for each of ten thousand exchanges are slow to make room in and to let go of.
    """
    return b"\n".join(chain.from_iterable(headers))


class Exchange(NamedTuple):
    """What came and what went. All text in it is the client's: raw, to be made Printable by the screen.

    A tuple, because one is made for every poll: a frozen dataclass of so many fields costs 1 µs more.
    """

    number: int
    """Counts from 1 and never repeats."""
    at: float
    """Simulated time of arrival, seconds since 1970."""
    method: str
    target: str
    """The request target as it came, query included."""
    operation: str | None
    """AWS's name of it; None for a path that is no operation."""
    status: int
    outcome: str
    """In a word: an OAuth error, a user code, a client's name, ``token issued``."""
    user_code: str | None
    client_id: str | None
    took_s: float
    packed_headers: bytes
    """The request's, as ``packed`` made them."""
    request_body: bytes
    response_head: bytes
    response_body: bytes
    fault: str | None = None
    """Name in the catalogue of what answered it; None for the truth."""
    true_response: bytes = b""
    """Head and body that it would have had without the fault or the operator's edit, where they were
    made."""

    @property
    def request_headers(self) -> RawHeaders:
        """Names and values as they came, in order."""
        parts = self.packed_headers.split(b"\n")
        return tuple(zip(parts[::2], parts[1::2], strict=False))
