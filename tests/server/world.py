"""The whole server on a free port, with a clock moved by hand."""

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from oidc_sim.engine.commands import DeviceCommand
from oidc_sim.engine.events import Polled
from oidc_sim.engine.model import DEVICE_CODE_GRANT, Device, DeviceState
from oidc_sim.engine.replies import Changed
from oidc_sim.record.exchange import Exchange
from oidc_sim.testing import run_server
from oidc_sim.testing.clock import HandClock
from oidc_sim.testing.server import ServerHandle
from tests.server.raw_http import RawAnswer, connected, request

START_S = 1_764_000_000.0
START_URL = "https://d-1234567890.awsapps.com/start"


def as_json(members: Any) -> bytes:
    """A body as botocore writes it."""
    return members if isinstance(members, bytes) else json.dumps(members).encode()


class World:
    """A server at work in the running loop."""

    def __init__(self, handle: ServerHandle) -> None:
        self.handle = handle
        self.server = handle.server
        self.simulator = handle.simulator
        self.port = handle.port
        self.url = handle.url
        self.faults = handle.faults
        self.notes = handle.notes

    @property
    def passed_s(self) -> float:
        return self.handle.clock.passed_s

    @passed_s.setter
    def passed_s(self, passed_s: float) -> None:
        self.handle.clock.passed_s = passed_s

    @property
    def bearer(self) -> str:
        return f"Authorization: Bearer {self.server.control_token}"

    async def call(
        self, method: str, target: str, body: Any = b"", *headers: str, host: str = "127.0.0.1"
    ) -> RawAnswer:
        """Send one request on a connection of its own; the body is bytes, or members of JSON."""
        data = request(method, target, as_json(body), port=self.port, headers=headers)
        async with connected(self.port, host) as client:
            await client.send(data)
            return await client.answer(to_head=method == "HEAD")

    async def control(self, method: str, path: str, body: Any = b"") -> RawAnswer:
        """Use the control API as its holder does."""
        headers = (self.bearer, "Content-Type: application/json")
        return await self.call(method, f"/_sim/{path}", body, *headers)

    async def register(self, **members: Any) -> dict[str, Any]:
        """Register a client, which must succeed."""
        members = {"clientName": "demo", "clientType": "public", **members}
        answer = await self.call("POST", "/client/register", members)
        assert answer.status == 200, answer
        registration: dict[str, Any] = answer.json()
        return registration

    async def sign_in(self, **registration: Any) -> "SignIn":
        """A client that has registered and holds a fresh device code."""
        registered = await self.register(**registration)
        client = {name: registered[name] for name in ("clientId", "clientSecret")}
        answer = await self.call("POST", "/device_authorization", {**client, "startUrl": START_URL})
        assert answer.status == 200, answer
        return SignIn(self, client, answer.json())

    def do(self, command: DeviceCommand) -> None:
        """Do what a key does, which must be possible."""
        assert isinstance(self.simulator.dispatch(command), Changed)

    def exchanges(self) -> list[Exchange]:
        return list(self.simulator.log.exchanges.since(0))


@dataclass(frozen=True)
class SignIn:
    """A client that waits."""

    world: World
    client: dict[str, str]
    authorization: dict[str, Any]

    @property
    def user_code(self) -> str:
        return str(self.authorization["userCode"])

    @property
    def device_code(self) -> str:
        return str(self.authorization["deviceCode"])

    @property
    def device(self) -> Device:
        return self.world.simulator.state.devices[self.user_code]

    @property
    def state(self) -> DeviceState:
        return self.device.state(self.world.simulator.now().at)

    @property
    def was_decided(self) -> bool:
        """Whether the engine answered a poll of it."""
        entries = self.world.simulator.log.entries.since(0)
        polls = (it.what for it in entries if isinstance(it.what, Polled))
        return any(poll.user_code == self.user_code for poll in polls)

    def body(self, **changes: Any) -> dict[str, Any]:
        """What the client sends when it polls; a change to None leaves a member out."""
        members = {
            **self.client,
            "deviceCode": self.device_code,
            "grantType": DEVICE_CODE_GRANT,
            **changes,
        }
        return {name: value for name, value in members.items() if value is not None}

    async def poll(self, **changes: Any) -> RawAnswer:
        return await self.world.call("POST", "/token", self.body(**changes))

    async def outcome(self, **changes: Any) -> str:
        """Poll, and give the answer in a word."""
        answer = await self.poll(**changes)
        return "token" if answer.status == 200 else str(answer.json()["error"])


_W = TypeVar("_W", bound=World)


@asynccontextmanager
async def opened(kind: type[_W], **settings: Any) -> AsyncIterator[_W]:
    """A server for the time of the block, with these settings; it must not have failed by the end."""
    chosen = {"host": "127.0.0.1", "seed": 1, **settings}
    async with run_server(clock=HandClock(START_S), **chosen) as handle:
        yield kind(handle)


def open_world(**settings: Any) -> AbstractAsyncContextManager[World]:
    """A world for the time of the block."""
    return opened(World, **settings)
