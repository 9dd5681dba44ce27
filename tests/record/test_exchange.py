"""One exchange: what is kept of a request's headers."""

import pytest

from oidc_sim.record.exchange import RawHeaders, packed
from tests.record.samples import EXCHANGE


@pytest.mark.parametrize(
    "headers",
    [
        (),
        ((b"Host", b"127.0.0.1:8990"),),
        ((b"Accept", b""),),
        ((b"X", b"a"), (b"x", b"b"), (b"X", b"a")),
        ((b"X", b"\x00\xff: \t,"), (b"Y", b"")),
    ],
)
def test_headers_come_out_of_an_exchange_as_they_came_in(headers: RawHeaders) -> None:
    exchange = EXCHANGE._replace(packed_headers=packed(headers))
    assert exchange.request_headers == headers
