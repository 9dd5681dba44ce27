"""The whole server on a free port with a clock moved by hand, and browsers that keep their cookie."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from urllib.parse import urlencode

from oidc_sim.engine.commands import AuthorizeDevice, Poll, RegisterClient
from oidc_sim.engine.model import Device
from oidc_sim.engine.replies import Authorized, Refused, Registered, Tokens
from oidc_sim.simulator.simulator import Simulator
from tests.server.page_reader import PageReader
from tests.server.raw_http import RawAnswer, connected, request
from tests.server.world import World, opened

FORM = "Content-Type: application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Client:
    """A client that waits for its sign-in."""

    simulator: Simulator
    user_code: str
    poll_command: Poll

    def poll(self) -> str:
        """What the client gets if it asks now, in a word."""
        reply = self.simulator.dispatch(self.poll_command)
        if isinstance(reply, Tokens):
            return "token"
        assert isinstance(reply, Refused)
        return reply.reason.value

    @property
    def device(self) -> Device:
        return self.simulator.state.devices[self.user_code]


@dataclass
class Browser:
    """A browser: it sends its cookie back, and sends forms as a page has them."""

    port: int
    cookie: str | None = None

    async def get(self, target: str, *headers: str, method: str = "GET") -> RawAnswer:
        return await self._send(
            request(method, target, port=self.port, headers=self._lines(headers))
        )

    async def post(
        self, body: bytes | Mapping[str, str], *headers: str, target: str = "/device"
    ) -> RawAnswer:
        """Send a form; a mapping is encoded as browsers do."""
        data = body if isinstance(body, bytes) else urlencode(body).encode()
        lines = self._lines(headers or (FORM,))
        return await self._send(request("POST", target, data, port=self.port, headers=lines))

    async def form_for(self, user_code: str) -> dict[str, str]:
        """Open the page for a code, and fill in all of its form but the button."""
        answer = await self.get(f"/device?user_code={user_code}")
        assert answer.status == 200, answer
        return PageReader.of(answer).hidden_fields

    async def decide(self, user_code: str, decision: str) -> RawAnswer:
        """Open the page for a code and press a button."""
        return await self.post({**await self.form_for(user_code), "decision": decision})

    def _lines(self, headers: tuple[str, ...]) -> tuple[str, ...]:
        return (*headers, f"Cookie: {self.cookie}") if self.cookie else headers

    async def _send(self, data: bytes) -> RawAnswer:
        async with connected(self.port) as client:
            await client.send(data)
            answer = await client.answer(to_head=data.startswith(b"HEAD"))
        given = answer.header("Set-Cookie")
        if given is not None:
            self.cookie = given.partition(";")[0]
        return answer


class Site(World):
    """A server at work, as browsers and clients see it."""

    def browser(self) -> Browser:
        """A new browser, without a cookie."""
        return Browser(self.port)

    def client(self, name: str = "demo-cli", scopes: tuple[str, ...] = ()) -> Client:
        """A new client that has just got a user code."""
        registered = self.simulator.dispatch(
            RegisterClient(name=name, client_type="public", scopes=scopes)
        )
        assert isinstance(registered, Registered)
        client_id, secret = registered.client.client_id, registered.client_secret
        authorized = self.simulator.dispatch(
            AuthorizeDevice(client_id=client_id, client_secret=secret)
        )
        assert isinstance(authorized, Authorized)
        poll = Poll(device_code=authorized.device_code, client_id=client_id, client_secret=secret)
        return Client(self.simulator, authorized.device.user_code, poll)


def open_site() -> AbstractAsyncContextManager[Site]:
    """A site for the time of the block."""
    return opened(Site)
