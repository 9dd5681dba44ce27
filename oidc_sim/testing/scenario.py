"""A simulator with a clock moved by hand, and programs that sign in at it byte by byte, without HTTP.

scenario = Scenario()
cli = scenario.register("aws-cli")
flow = cli.start()
scenario.decide("approve", flow.user_code)
assert "accessToken" in cli.poll(flow)

Nothing happens by itself, so a test of what comes after many days takes a millisecond. Where sockets
matter, there is ``run_server``.
"""

import asyncio
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from oidc_sim.actions.devices import DEVICE_DECISIONS
from oidc_sim.actions.running_server import RunningServer
from oidc_sim.engine.commands import Command
from oidc_sim.engine.model import DEVICE_CODE_GRANT, Actor, State
from oidc_sim.engine.replies import Reply
from oidc_sim.record.exchange import Exchange, RawHeaders, packed
from oidc_sim.record.log import EXCHANGES_KEPT
from oidc_sim.server.aws.oidc import Oidc, OidcOptions
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.settings.model import Settings
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.testing.clock import HandClock
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
_TOOK_S = 0.0004

R = TypeVar("R")


@dataclass
class DeviceFlow:
    """One device authorization, as its program knows it."""

    device_code: str
    user_code: str


@dataclass
class Program:
    """A registered client, with what it was given."""

    scenario: "Scenario"
    agent: str
    client_id: str
    client_secret: str
    sign_ins: list[DeviceFlow] = field(default_factory=list)

    def start(self) -> DeviceFlow:
        """Ask for a device code."""
        body = {
            "clientId": self.client_id,
            "clientSecret": self.client_secret,
            "startUrl": f"{URL}/start",
        }
        reply = self.scenario.send(START_DEVICE_AUTHORIZATION, body, self.agent)
        sign_in = DeviceFlow(reply["deviceCode"], reply["userCode"])
        self.sign_ins.append(sign_in)
        return sign_in

    def poll(self, sign_in: DeviceFlow, times: int = 1, every_s: float = 1.0) -> dict[str, Any]:
        """Ask for the token so many times, waiting before each; returns the last answer."""
        reply: dict[str, Any] = {}
        for _ in range(times):
            self.scenario.wait(every_s)
            body = {
                "clientId": self.client_id,
                "clientSecret": self.client_secret,
                "deviceCode": sign_in.device_code,
                "grantType": DEVICE_CODE_GRANT,
            }
            reply = self.scenario.send(CREATE_TOKEN, body, self.agent)
        return reply


class Scenario:
    """One simulator, its clock, and who signs in at it."""

    def __init__(
        self, *, settings: Settings | None = None, exchanges_kept: int = EXCHANGES_KEPT
    ) -> None:
        self.settings = settings or Settings(seed=42)
        self.clock = HandClock(NOON)
        ids = RandomIds.seeded(42, self.settings.region)
        self.simulator = Simulator(
            self.settings.policy(),
            ids,
            self.clock.of_simulator(),
            exchanges_kept,
            directory=self.settings.directory(),
            auto_approves=self.settings.auto_approve,
        )
        self._oidc = Oidc(
            self.simulator,
            OidcOptions(own_url=URL, region=ids.region, signing_key=ids.signing_key),
            Scribe(self.simulator, ids.user_code),
        )
        self._numbers = count(1)
        self.look: Callable[[], object] = lambda: None
        """Called at the end of each second; a screen's test puts its own here."""

    def running_server(self) -> RunningServer:
        """A running server of the loop."""
        ending: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        return RunningServer(self.simulator, self.settings, URL, ending)

    def wait(self, span_s: float) -> None:
        """Let time pass; what looks every second, as the screen does, looks."""
        until = self.clock.wall() + span_s
        while (now := self.clock.wall()) < until:
            self.clock.advance(min(until, math.floor(now) + 1) - now)
            self.look()

    def do(self, command: Command[R]) -> R:
        """Carry a command out, as a key or a request does."""
        return self.simulator.dispatch(command)

    @property
    def state(self) -> State:
        """What is known now."""
        return self.simulator.state

    def decide(self, name: str, user_code: str, by: Actor = Actor.SCRIPT) -> Reply:
        """Decide as the page or a script does: ``approve``, ``deny``, ``slow-down`` ..."""
        return self.do(DEVICE_DECISIONS[f"device.{name.replace('-', '_')}"](user_code, by))

    def register(
        self,
        name: str,
        scopes: tuple[str, ...] = ("sso:account:access",),
        agent: str = "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux",
    ) -> Program:
        """Have a program register."""
        body = {"clientName": name, "clientType": "public", "scopes": list(scopes)}
        reply = self.send(REGISTER_CLIENT, body, agent)
        return Program(self, agent, reply["clientId"], reply["clientSecret"])

    def send(
        self, operation: Operation, body: dict[str, Any] | bytes, agent: str = "curl/7.88.1"
    ) -> dict[str, Any]:
        """Answer one request, as the server does from the socket on, and keep the exchange."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self._oidc.answer(operation, raw)
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
        """Keep an exchange with its answer."""
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
                took_s=_TOOK_S,
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
