"""From aiohttp's request to the one that a signature is made over."""

from aiohttp.web import BaseRequest

from oidc_sim.server.http.routes import path_of, query_of
from oidc_sim.wire.sigv4 import SignedRequest


def signed_request(request: BaseRequest, body: bytes) -> SignedRequest:
    """The request as the client signed it: raw, before anything was decoded."""
    return SignedRequest(
        method=request.method,
        path=path_of(request.raw_path),
        query=query_of(request.raw_path),
        headers=request.raw_headers,
        body=body,
    )
