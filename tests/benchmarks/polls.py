"""The poll that is measured: what botocore 1.44 sends, to the byte, for a code that waits."""

import json
from collections.abc import Sequence

from oidc_sim.engine.model import DEVICE_CODE_GRANT
from tests.benchmarks.servers import BrokenError, Process, Simulated

CONNECTIONS = 64
_START_URL = "https://d-1234567890.awsapps.com/start"
_HEAD = (
    "POST /token HTTP/1.1\r\n"
    "Host: 127.0.0.1:{port}\r\n"
    "Accept-Encoding: identity\r\n"
    "Content-Type: application/json\r\n"
    "User-Agent: Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#6.18.44 md/arch#x86_64 "
    "lang/python#3.11.7 md/pyimpl#CPython m/E,Z,b,N cfg/retry-mode#standard Botocore/1.44.5\r\n"
    "amz-sdk-invocation-id: 3f5864b0-9d41-494e-bd3c-7a8acc243ee0\r\n"
    "amz-sdk-request: attempt=1; max=2\r\n"
    "Content-Length: {length}\r\n"
    "\r\n"
)


class Signing:
    """A registered client with one pending code for each connection, and its polls."""

    def __init__(self, server: Simulated, codes: int = CONNECTIONS) -> None:
        self._server = server
        client = server.post(
            "/client/register",
            {"clientName": "benchmark", "clientType": "public", "scopes": ["sso:account:access"]},
        )
        self._client = {name: client[name] for name in ("clientId", "clientSecret")}
        self.client_id: str = client["clientId"]
        self.bodies = [self._body() for _ in range(codes)]
        self.answered = 0
        """Polls so far."""

    def _body(self) -> bytes:
        asked = {**self._client, "startUrl": _START_URL}
        device = self._server.post("/device_authorization", asked)
        members = {"grantType": DEVICE_CODE_GRANT, "deviceCode": device["deviceCode"]}
        return json.dumps({**self._client, **members}).encode()

    def check(self, answered: int) -> None:
        """See that the server counted and recorded every poll that was answered since the last look.

        Raises:
            BrokenError: it did not.
        """
        self.answered += answered
        state = self._server.state()
        counted = sum(device["polls"] for device in state["devices"])
        recorded = state["counters"]["requests"] - 1 - len(self.bodies)
        if (counted, recorded) != (self.answered, self.answered):
            raise BrokenError(f"{self.answered} polls answered: {counted=}, {recorded=}")


def requests(bodies: Sequence[bytes], server: Process) -> list[bytes]:
    """The polls with these bodies, addressed to a server."""
    return [_addressed(body, server.port) for body in bodies]


def poll_of_a_stranger(port: int) -> bytes:
    """A poll of nobody whom the server knows."""
    stranger = {"clientId": "c" * 22, "clientSecret": "s" * 1721}
    members = {**stranger, "grantType": DEVICE_CODE_GRANT, "deviceCode": "d" * 86}
    return _addressed(json.dumps(members).encode(), port)


def _addressed(body: bytes, port: int) -> bytes:
    return _HEAD.format(port=port, length=len(body)).encode() + body
