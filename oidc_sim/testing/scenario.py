"""A simulator with a hand-moved clock, and programs that sign in at it byte by byte as over HTTP."""

import asyncio
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from oidc_sim.actions.devices import DEVICE_DECISIONS
from oidc_sim.actions.running_server import Desk
from oidc_sim.engine.commands import Sweep
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import Reply
from oidc_sim.record.exchange import Exchange, RawHeaders, packed
from oidc_sim.record.log import EXCHANGES_KEPT
from oidc_sim.server.aws.oidc import Oidc, OidcOptions
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.settings.model import Settings
from oidc_sim.simulator.clock import Clock
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.answers import Answer, head, http_date
from oidc_sim.wire.operations import (
    CREATE_TOKEN,
    REGISTER_CLIENT,
    START_DEVICE_AUTHORIZATION,
    Operation,
)

URL = "http://127.0.0.1:8990"
NOON = 1795522272.0
"""2026-11-24 12:11:12 UTC."""
TOOK_S = 0.0004
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class HandClock:
    """Moves when told to."""

    at: float = NOON

    def __call__(self) -> float:
        return self.at


@dataclass
class SignIn:
    """One device authorization as its program knows it."""

    device_code: str
    user_code: str


@dataclass
class Program:
    """A client with what it was given."""

    scenario: "Scenario"
    agent: str
    client_id: str
    client_secret: str
    sign_ins: list[SignIn] = field(default_factory=list)

    def start(self) -> SignIn:
        """Asks for a device code."""
        body = {
            "clientId": self.client_id,
            "clientSecret": self.client_secret,
            "startUrl": f"{URL}/start",
        }
        reply = self.scenario.send(START_DEVICE_AUTHORIZATION, body, self.agent)
        sign_in = SignIn(reply["deviceCode"], reply["userCode"])
        self.sign_ins.append(sign_in)
        return sign_in

    def poll(self, sign_in: SignIn, times: int = 1, every_s: float = 1.0) -> dict[str, Any]:
        """Asks for the token so many times, waiting before each."""
        reply: dict[str, Any] = {}
        for _ in range(times):
            self.scenario.wait(every_s)
            body = {
                "clientId": self.client_id,
                "clientSecret": self.client_secret,
                "deviceCode": sign_in.device_code,
                "grantType": DEVICE_GRANT,
            }
            reply = self.scenario.send(CREATE_TOKEN, body, self.agent)
        return reply


class Scenario:
    """Everything at one place; nothing happens by itself."""

    def __init__(
        self, *, settings: Settings | None = None, exchanges_kept: int = EXCHANGES_KEPT
    ) -> None:
        self.settings = settings or Settings(seed=42)
        self.clock = HandClock()
        ids = RandomIds.seeded(42, self.settings.region)
        self.simulator = Simulator(
            self.settings.policy(),
            ids,
            Clock(wall=self.clock, monotonic=self.clock),
            exchanges_kept,
            auto_approves=self.settings.auto_approve,
        )
        self._oidc = Oidc(
            self.simulator,
            OidcOptions(own_url=URL, region=ids.region, signing_key=ids.signing_key),
            Scribe(self.simulator, ids.user_code),
        )
        self._numbers = count(1)
        self.look: Callable[[], object] = lambda: None
        """Called at the end of each second."""

    def desk(self) -> Desk:
        """A desk of the running loop."""
        ending: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        return Desk(self.simulator, self.settings, URL, ending)

    def wait(self, span_s: float) -> None:
        """Time passes; what looks every second, as the screen does, looks."""
        until = self.clock.at + span_s
        while self.clock.at < until:
            self.clock.at = min(until, math.floor(self.clock.at) + 1)
            self.look()

    def decide(self, name: str, user_code: str, by: Actor = Actor.SCRIPT) -> Reply:
        """What the page or a script does."""
        return self.simulator.dispatch(
            DEVICE_DECISIONS[f"device.{name.replace('-', '_')}"](user_code, by)
        )

    def register(
        self,
        name: str,
        scopes: tuple[str, ...] = ("sso:account:access",),
        agent: str = "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux",
    ) -> Program:
        body = {"clientName": name, "clientType": "public", "scopes": list(scopes)}
        reply = self.send(REGISTER_CLIENT, body, agent)
        return Program(self, agent, reply["clientId"], reply["clientSecret"])

    def send(
        self, operation: Operation, body: dict[str, Any] | bytes, agent: str = "curl/7.88.1"
    ) -> dict[str, Any]:
        """One request, as the server takes it from the socket on."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        work = {
            CREATE_TOKEN: self._oidc._create_token,
            REGISTER_CLIENT: self._oidc._register_client,
            START_DEVICE_AUTHORIZATION: self._oidc._start_device_authorization,
        }[operation]
        answer = work(raw)
        self.record(operation.method, operation.path, raw, answer, agent, operation.name)
        reply: dict[str, Any] = json.loads(answer.body)
        return reply

    def record(
        self,
        method: str,
        target: str,
        body: bytes,
        answer: Answer,
        agent: str = "curl/7.88.1",
        operation: str | None = None,
        headers: RawHeaders = (),
    ) -> None:
        """Adds an exchange with its answer."""
        at = self.simulator.now().at
        number = next(self._numbers)
        request_id = f"00000000-0000-4000-8000-{number:012}"
        self.simulator.record(
            Exchange(
                number=number,
                at=at,
                method=method,
                target=target,
                operation=operation,
                status=answer.status,
                outcome=answer.outcome,
                user_code=answer.user_code,
                client_id=answer.client_id,
                took_s=TOOK_S,
                packed_headers=packed(headers or _headers(agent, body)),
                request_body=body,
                response_head=head(answer, request_id=request_id, date=http_date(at)),
                response_body=answer.body,
            )
        )


def _headers(agent: str, body: bytes) -> RawHeaders:
    """As a client sends them; what would end a line never comes through HTTP's own parser."""
    return (
        (b"Host", b"127.0.0.1:8990"),
        (b"Content-Type", b"application/json"),
        (b"User-Agent", agent.replace("\n", " ").encode("utf-8", "surrogatepass")),
        (b"Content-Length", str(len(body)).encode()),
    )


def busy(scenario: Scenario) -> None:
    """Three clients and seven device codes in every state."""
    cli = scenario.register("aws-cli")
    scenario.wait(100)
    botocore = scenario.register("botocore-sso-util", agent="Boto3/1.40.61 md/Botocore#1.40.61")
    expired = cli.start()
    cli.poll(expired, 12)
    scenario.wait(590)
    scenario.simulator.dispatch(Sweep())
    cli.poll(expired)
    denied = botocore.start()
    botocore.poll(denied, 2)
    scenario.decide("slow-down", denied.user_code, Actor.OPERATOR)
    botocore.poll(denied, 2, 6.0)
    scenario.decide("deny", denied.user_code, Actor.OPERATOR)
    botocore.poll(denied, 1, 6.0)
    collected = cli.start()
    cli.poll(collected, 12)
    scenario.decide("approve", collected.user_code, Actor.USER)
    cli.poll(collected)
    approved = cli.start()
    cli.poll(approved, 9)
    deploy = scenario.register("acme-deploy", agent="aws-sdk-go-v2/1.38.3 api/ssooidc#1.34.0")
    scenario.wait(60)
    fast = botocore.start()
    botocore.poll(fast, 40, 0.3)
    slowed = deploy.start()
    deploy.poll(slowed, 3)
    scenario.decide("slow-down", slowed.user_code, Actor.OPERATOR)
    newest = cli.start()
    for _ in range(6):
        cli.poll(newest, 1, 0.4)
        botocore.poll(fast, 2, 0.3)
    scenario.decide("slow-down", fast.user_code, Actor.SCRIPT)
    botocore.poll(fast, 2, 0.3)
    scenario.decide("approve", approved.user_code, Actor.SCRIPT)
    cli.poll(newest, 1, 0.6)
