"""The whole server on a free port, spoken to as AWS's clients speak: JSON, a bearer header, SigV4."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from oidc_sim.engine.commands import Approve, FinishBrowserSignIn, StartBrowserSignIn
from oidc_sim.engine.model import AUTHORIZATION_CODE_GRANT, DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT
from oidc_sim.engine.replies import SendBack, SignInStarted
from oidc_sim.record.exchange import Exchange
from oidc_sim.wire.portal import TOKEN_HEADER
from tests.server.raw_http import RawAnswer
from tests.server.world import START_URL, World, opened

SCOPES = ("sso:account:access",)
REDIRECT = "http://127.0.0.1:4711/oauth/callback"
VERIFIER = "v" * 64
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
FOREIGN = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
"""Credentials of elsewhere."""
CALLER_IDENTITY = b"Action=GetCallerIdentity&Version=2011-06-15"
FORM = "Content-Type: application/x-www-form-urlencoded; charset=utf-8"


@dataclass(frozen=True)
class Program:
    """A registered client."""

    client_id: str
    client_secret: str

    @property
    def members(self) -> dict[str, str]:
        return {"clientId": self.client_id, "clientSecret": self.client_secret}


class AwsSite(World):
    """A server at work, and the calls that clients make."""

    @property
    def last(self) -> Exchange:
        """The exchange that the log got last."""
        exchange = self.simulator.log.exchanges.get(self.simulator.log.exchanges.seen)
        assert exchange is not None
        return exchange

    async def post(self, target: str, members: Mapping[str, Any]) -> RawAnswer:
        return await self.call("POST", target, members, "Content-Type: application/json")

    async def token(self, **members: Any) -> RawAnswer:
        """CreateToken."""
        return await self.post("/token", members)

    async def portal(self, target: str, access_token: str, method: str = "GET") -> RawAnswer:
        return await self.call(method, target, b"", f"{TOKEN_HEADER}: {access_token}")

    async def program(
        self, scopes: tuple[str, ...] = SCOPES, grants: tuple[str, ...] = ()
    ) -> Program:
        redirects = (
            ["http://127.0.0.1/oauth/callback"] if AUTHORIZATION_CODE_GRANT in grants else []
        )
        answer = await self.post(
            "/client/register",
            {
                "clientName": "demo-cli",
                "clientType": "public",
                "scopes": list(scopes),
                "grantTypes": list(grants),
                "redirectUris": redirects,
            },
        )
        members = answer.json()
        return Program(members["clientId"], members["clientSecret"])

    async def browser_program(self) -> Program:
        return await self.program(grants=(AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT))

    async def start(self, program: Program) -> Any:
        """StartDeviceAuthorization."""
        members = program.members | {"startUrl": START_URL}
        return (await self.post("/device_authorization", members)).json()

    async def poll(self, program: Program, device: Any) -> RawAnswer:
        return await self.token(
            grantType=DEVICE_CODE_GRANT, deviceCode=device["deviceCode"], **program.members
        )

    async def tokens(self, program: Program) -> Any:
        """The tokens of a whole device flow."""
        device = await self.start(program)
        self.simulator.dispatch(Approve(device["userCode"]))
        answer = await self.poll(program, device)
        assert answer.status == 200
        return {**answer.json(), "userCode": device["userCode"]}

    async def access_token(self, scopes: tuple[str, ...] = SCOPES) -> str:
        """A token of a new sign-in."""
        token: str = (await self.tokens(await self.program(scopes)))["accessToken"]
        return token

    def code(self, client_id: str, redirect: str = REDIRECT, challenge: str = CHALLENGE) -> str:
        """An authorization code, as the browser brings it back after an approval."""
        started = self.simulator.dispatch(
            StartBrowserSignIn(
                client_id=client_id,
                redirect_uri=redirect,
                response_type="code",
                client_state="state",
                scopes=(),
                code_challenge=challenge,
                code_challenge_method="S256",
            )
        )
        assert isinstance(started, SignInStarted)
        self.simulator.dispatch(Approve(started.device.user_code))
        back = self.simulator.dispatch(FinishBrowserSignIn(started.device.user_code))
        assert isinstance(back, SendBack)
        assert back.code is not None
        return back.code

    async def redeem(self, program: Program, code: str, **changes: Any) -> RawAnswer:
        members = {
            "grantType": AUTHORIZATION_CODE_GRANT,
            "code": code,
            "redirectUri": REDIRECT,
            "codeVerifier": VERIFIER,
            **program.members,
            **changes,
        }
        return await self.token(**{name: it for name, it in members.items() if it is not None})

    async def refresh(self, program: Program, refresh_token: str) -> RawAnswer:
        return await self.token(
            grantType=REFRESH_TOKEN_GRANT, refreshToken=refresh_token, **program.members
        )

    async def role_credentials(self, access_token: str) -> Credentials:
        """GetRoleCredentials for the first role of the first account."""
        account = self.simulator.state.directory.accounts[0]
        target = (
            f"/federation/credentials?role_name={account.roles[0]}&account_id={account.account_id}"
        )
        given = (await self.portal(target, access_token)).json()["roleCredentials"]
        return Credentials(given["accessKeyId"], given["secretAccessKey"], given["sessionToken"])

    async def signed(
        self,
        target: str,
        body: bytes,
        credentials: Credentials,
        *,
        service: str,
        region: str = "us-east-1",
        content_type: str = FORM,
    ) -> RawAnswer:
        """A POST that botocore's signer signed."""
        name, _, kind = content_type.partition(": ")
        asked = AWSRequest("POST", self.url + target, {name: kind}, body)
        SigV4Auth(credentials, service, region).add_auth(asked)
        headers = [f"{name}: {value}" for name, value in asked.headers.items()]
        return await self.call("POST", target, body, *headers)

    async def who_am_i(
        self, credentials: Credentials, body: bytes = CALLER_IDENTITY, service: str = "sts"
    ) -> RawAnswer:
        return await self.signed("/", body, credentials, service=service, region="eu-west-1")

    async def with_iam(
        self,
        credentials: Credentials = FOREIGN,
        service: str = "sso-oauth",
        region: str = "us-east-1",
        **members: Any,
    ) -> RawAnswer:
        """CreateTokenWithIAM."""
        return await self.signed(
            "/token?aws_iam=t",
            json.dumps(members).encode(),
            credentials,
            service=service,
            region=region,
            content_type="Content-Type: application/json",
        )


def open_aws_site(**settings: Any) -> AbstractAsyncContextManager[AwsSite]:
    """A site for the time of the block."""
    return opened(AwsSite, **settings)
