"""A client as real ones are: what it was given stays on its disk when the server goes."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oidc_sim.cli.running import open_direct
from tests.process.serving import Server
from tests.waiting import PATIENCE_S

START_URL = "https://d-1234567890.awsapps.com/start"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SECRETS = (
    "clientSecret",
    "deviceCode",
    "accessToken",
    "refreshToken",
    "secretAccessKey",
    "sessionToken",
)


def call(
    server: Server,
    path: str,
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """GET, or POST JSON; the answer's JSON, whatever its status."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.running.url + path, data, dict(headers or {}))
    try:
        with open_direct(request, PATIENCE_S) as response:
            text = response.read()
    except urllib.error.HTTPError as error:
        with error:
            text = error.read()
    return json.loads(text) if text else None


@dataclass
class Client:
    """One registration, its newest device code and its newest tokens."""

    registration: dict[str, Any] = field(default_factory=dict)
    device: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    """Every secret that it was ever given."""

    def register(self, server: Server) -> None:
        body = {"clientName": "pc", "clientType": "public", "scopes": ["sso:account:access"]}
        self.registration = self._given(call(server, "/client/register", body))

    def authorize(self, server: Server) -> None:
        body = {**self.credentials, "startUrl": START_URL}
        self.device = self._given(call(server, "/device_authorization", body))

    def approve(self, server: Server) -> None:
        server.ask(f"/_sim/devices/{self.device['userCode']}/approve", {})

    def poll(self, server: Server) -> None:
        self._exchange(server, grantType=DEVICE_GRANT, deviceCode=self.device["deviceCode"])

    def refresh(self, server: Server) -> None:
        self._exchange(server, grantType="refresh_token", refreshToken=self.tokens["refreshToken"])

    def sign_in(self, server: Server) -> None:
        """With a code of its own."""
        for step in (self.authorize, self.approve, self.poll):
            step(server)

    def accounts(self, server: Server) -> Any:
        return call(server, "/assignment/accounts", headers=self.bearer)

    def role_credentials(self, server: Server) -> dict[str, Any]:
        path = "/federation/credentials?account_id=111122223333&role_name=AdministratorAccess"
        return self._given(call(server, path, headers=self.bearer)["roleCredentials"])

    @property
    def credentials(self) -> dict[str, str]:
        """How the client proves who it is."""
        return {name: self.registration[name] for name in ("clientId", "clientSecret")}

    @property
    def bearer(self) -> dict[str, str]:
        """How it proves that its user is signed in."""
        return {"x-amz-sso_bearer_token": self.tokens["accessToken"]}

    def _exchange(self, server: Server, **grant: str) -> None:
        self.tokens = self._given(call(server, "/token", {**self.credentials, **grant}))

    def _given(self, answer: dict[str, Any]) -> dict[str, Any]:
        assert "error" not in answer, answer
        self.secrets += [answer[name] for name in SECRETS if answer.get(name)]
        return answer
