"""Browser sign-ins, sessions and the portal in a scenario: what real clients do after a device code."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from oidc_sim.engine.commands import (
    FinishBrowserSignIn,
    NoteBrowser,
    Refresh,
    SignOut,
    StartBrowserSignIn,
    TakeRole,
)
from oidc_sim.engine.replies import Reply, RoleTaken, SendBack, SignInStarted, Tokens
from oidc_sim.testing.scenario import DeviceFlow, Program, Scenario
from oidc_sim.wire import portal
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.operations import (
    AUTHORIZE,
    CREATE_TOKEN,
    GET_ROLE_CREDENTIALS,
    LIST_ACCOUNT_ROLES,
    LIST_ACCOUNTS,
    REGISTER_CLIENT,
    Operation,
)

REGISTERED = "http://127.0.0.1/oauth/callback"
REDIRECT = "http://127.0.0.1:41234/oauth/callback"
STATE = "b8c6a2d4-5f0e-4f35-9d53-0f1c2d3e4a5b"
VERIFIER = "v" * 64
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SCOPE = "sso:account:access"
ACCOUNT, ROLE = "111122223333", "AdministratorAccess"


@dataclass
class BrowserSignIn:
    """One browser sign-in as its client and its browser know it."""

    scenario: Scenario
    program: Program
    user_code: str
    code: str | None = None
    """What the browser brought."""

    def ask(self) -> Reply:
        """The browser looks whether there is a decision."""
        reply = self.scenario.simulator.dispatch(FinishBrowserSignIn(self.user_code))
        if isinstance(reply, SendBack):
            told = "code issued" if reply.code else str(reply.error)
            answer = Answer(302, b"", None, told, self.user_code, self.program.client_id)
            self.scenario.record("GET", "/sign-in/wait", b"", answer, operation=AUTHORIZE.name)
        return reply

    def leaves(self, *, is_there: bool = False) -> None:
        """The browser is gone, or is back."""
        note = NoteBrowser(user_code=self.user_code, is_there=is_there)
        self.scenario.simulator.dispatch(note)

    def redeem(self, verifier: str = VERIFIER) -> dict[str, Any]:
        """The browser goes back, and the client redeems what it brings."""
        sent_back = self.ask()
        assert isinstance(sent_back, SendBack)
        self.code = sent_back.code
        return self.bring_code(verifier)

    def bring_code(self, verifier: str = VERIFIER) -> dict[str, Any]:
        """The client brings the code that its browser brought before."""
        body = {
            "clientId": self.program.client_id,
            "clientSecret": self.program.client_secret,
            "grantType": "authorization_code",
            "code": self.code,
            "codeVerifier": verifier,
            "redirectUri": REDIRECT,
        }
        return self.scenario.send(CREATE_TOKEN, body, self.program.agent)


def browser_client(scenario: Scenario, name: str = "aws-cli") -> Program:
    """Registers as the AWS CLI does for its default flow."""
    body = {
        "clientName": name,
        "clientType": "public",
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": [REGISTERED],
        "scopes": [SCOPE],
    }
    reply = scenario.send(REGISTER_CLIENT, body)
    agent = "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux"
    return Program(scenario, agent, reply["clientId"], reply["clientSecret"])


def begin(
    program: Program, redirect_uri: str = REDIRECT, client_state: str = STATE
) -> BrowserSignIn:
    """A browser opens ``/authorize``."""
    scenario = program.scenario
    reply = scenario.simulator.dispatch(
        StartBrowserSignIn(
            client_id=program.client_id,
            redirect_uri=redirect_uri,
            response_type="code",
            client_state=client_state,
            scopes=(SCOPE,),
            code_challenge=CHALLENGE,
            code_challenge_method="S256",
        )
    )
    assert isinstance(reply, SignInStarted)
    asked = {"client_id": program.client_id, "redirect_uri": redirect_uri, "state": client_state}
    code = reply.device.user_code
    answer = Answer(303, b"", None, code, code, program.client_id)
    target = f"/authorize?{urlencode(asked)}"
    scenario.record("GET", target, b"", answer, "Firefox", AUTHORIZE.name)
    return BrowserSignIn(scenario, program, code)


def look_up(scenario: Scenario, access_token: str, user_code: str) -> Reply:
    """Lists accounts and roles, and takes a role, as ``aws configure export-credentials`` does."""
    accounts = scenario.simulator.state.directory.accounts
    _record(scenario, LIST_ACCOUNTS, "", Answer(200, b"", None, "accounts: 2 of 2", user_code))
    roles = f"roles: {len(accounts[0].roles)} of {len(accounts[0].roles)}"
    query = f"?account_id={ACCOUNT}"
    _record(scenario, LIST_ACCOUNT_ROLES, query, Answer(200, b"", None, roles, user_code))
    reply = scenario.simulator.dispatch(
        TakeRole(access_token=access_token, account_id=ACCOUNT, role_name=ROLE)
    )
    if isinstance(reply, RoleTaken):
        query = f"?role_name={ROLE}&account_id={ACCOUNT}"
        _record(scenario, GET_ROLE_CREDENTIALS, query, portal.role_credentials(reply))
    return reply


def refresh(program: Program, refresh_token: str) -> Tokens:
    """One refresh, past the wire."""
    reply = program.scenario.simulator.dispatch(
        Refresh(
            refresh_token=refresh_token,
            client_id=program.client_id,
            client_secret=program.client_secret,
        )
    )
    assert isinstance(reply, Tokens)
    return reply


def sign_out(scenario: Scenario, access_token: str) -> None:
    scenario.simulator.dispatch(SignOut(access_token))


def collected(scenario: Scenario) -> tuple[Program, DeviceFlow, dict[str, Any]]:
    """A device code that was approved and collected; with what its client was given."""
    program = scenario.register("aws-cli")
    sign_in = program.start()
    scenario.decide("approve", sign_in.user_code)
    return program, sign_in, program.poll(sign_in)


def _record(scenario: Scenario, operation: Operation, query: str, answer: Answer) -> None:
    target = operation.path + query
    scenario.record(operation.method, target, b"", answer, operation=operation.name)
