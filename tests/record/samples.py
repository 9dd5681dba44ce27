"""An exchange and a registration to make others from."""

from oidc_sim.engine.events import ClientRegistered
from oidc_sim.record.exchange import Exchange, packed

EXCHANGE = Exchange(
    number=1,
    at=1_000_000.0,
    method="POST",
    target="/token",
    operation="CreateToken",
    status=400,
    outcome="authorization_pending",
    user_code=None,
    client_id=None,
    took_s=0.0004,
    packed_headers=packed(((b"Host", b"127.0.0.1:8990"),)),
    request_body=b'{"clientSecret":"SECRET"}',
    response_head=b"HTTP/1.1 400 Bad Request\r\n\r\n",
    response_body=b'{"error":"authorization_pending"}',
)
REGISTERED = ClientRegistered(
    at=1,
    client_id="c",
    secret_digest="d1ge57",
    name="pc",
    scopes=("a", "b"),
    grant_types=(),
    redirect_uris=(),
    expires_at=2,
)
