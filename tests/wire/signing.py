"""Requests signed by botocore's own signers, and as a server sees them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from oidc_sim.wire.sigv4 import SignedRequest

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
HOST = "127.0.0.1:8990"


def signed(
    method: str = "POST",
    target: str = "/",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    *,
    access_key: str = ACCESS_KEY,
    secret: str = SECRET,
    token: str | None = None,
    service: str = "sts",
    region: str = "us-east-1",
    presigned: bool = False,
) -> SignedRequest:
    """A request that botocore signed, in its header or in its query."""
    request = AWSRequest(method, f"http://{HOST}{target}", dict(headers or {}), body)
    signer: Any = SigV4QueryAuth if presigned else SigV4Auth
    signer(Credentials(access_key, secret, token), service, region).add_auth(request)
    return as_received(request)


def as_received(request: AWSRequest) -> SignedRequest:
    """What comes out of the socket: botocore leaves the Host header to its HTTP client."""
    parts = urlsplit(request.url)
    headers = [(b"Host", HOST.encode())]
    headers += [(name.encode(), str(value).encode()) for name, value in request.headers.items()]
    return SignedRequest(
        method=request.method,
        path=parts.path or "/",
        query=parts.query,
        headers=tuple(headers),
        body=request.data or b"",
    )
