"""The engine in a test's hand: a state, two clocks moved by hand, and ids that count up.

pc = World().sign_in()
pc.world.do(Deny(pc.user_code))
assert pc.poll() == "access_denied"
"""

import copy
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from oidc_sim.engine import decide, evolve, preview
from oidc_sim.engine.commands import AuthorizeDevice, Command, Poll, RegisterClient
from oidc_sim.engine.directory import SEEDED, Directory
from oidc_sim.engine.events import Event
from oidc_sim.engine.model import Credentials, Device, DeviceState, Now, Policy, RoleSession, State
from oidc_sim.engine.replies import (
    ApplicationTokens,
    Authorized,
    Bearer,
    Done,
    Refused,
    Registered,
    Reply,
    RoleTaken,
    SendBack,
    StillWaiting,
    Tokens,
)

R = TypeVar("R")
START = Now(at=1_000_000.0, tick=5_000.0)
"""Small enough that a double keeps a thousandth of a second exactly enough."""
TOKEN = "token"
"""What ``said`` makes of tokens; a refusal is its reason."""
_WORDS: dict[type[Reply], str] = {
    Tokens: TOKEN,
    ApplicationTokens: TOKEN,
    StillWaiting: "waiting",
    Bearer: "welcome",
    RoleTaken: "credentials",
    Done: "done",
}


class CountingIds:
    """Ids for tests: each says what it is and how many came before; secrets are remembered."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.secrets: list[str] = []

    def client_id(self) -> str:
        return self._next("client")

    def client_secret(
        self, client_id: str, name: str, scopes: tuple[str, ...], now: Now, expires_at: float
    ) -> str:
        return self._secret("SECRET-OF-CLIENT")

    def device_code(self) -> str:
        return self._secret("SECRET-DEVICE-CODE")

    def user_code(self) -> str:
        return self._next("USER")

    def access_token(self, expires_at: float) -> str:
        return self._secret(f"SECRET-ACCESS-TOKEN-UNTIL-{expires_at:.0f}")

    def refresh_token(self, expires_at: float) -> str:
        return self._secret(f"SECRET-REFRESH-TOKEN-UNTIL-{expires_at:.0f}")

    def authorization_code(self) -> str:
        return self._secret("SECRET-AUTHORIZATION-CODE")

    def credentials(self, role: RoleSession) -> Credentials:
        return Credentials(
            access_key_id=self._next("ACCESS-KEY"),
            secret_access_key=self._secret("SECRET-ACCESS-KEY"),
            session_token=self._secret(f"SECRET-SESSION-TOKEN-UNTIL-{role.expires_at:.0f}"),
        )

    def _next(self, kind: str) -> str:
        self.counts[kind] += 1
        return f"{kind}-{self.counts[kind]:04d}"

    def _secret(self, kind: str) -> str:
        secret = self._next(kind)
        self.secrets.append(secret)
        return secret


def said(reply: Reply) -> str:
    """A client's or a browser's reply in a word."""
    if isinstance(reply, SendBack):
        return "code" if reply.code else f"error {reply.error}"
    if isinstance(reply, Refused):
        return reply.reason.value
    return _WORDS[type(reply)]


def copied(state: State) -> State:
    """A copy that nothing done to the state shows in; the directory, which cannot change, is shared."""
    return copy.deepcopy(state, {id(state.directory): state.directory})


@dataclass
class World:
    """A state with its surroundings; ``do`` is to the engine what ``Simulator.dispatch`` is."""

    policy: Policy = field(default_factory=Policy)
    auto_approves: bool = False
    now: Now = START
    ids: CountingIds = field(default_factory=CountingIds)
    events: list[Event] = field(default_factory=list)
    directory: Directory = SEEDED

    def __post_init__(self) -> None:
        self.state = State(
            policy=self.policy, directory=self.directory, auto_approves=self.auto_approves
        )

    def decided(self, command: Command[R]) -> tuple[list[Event], R]:
        """What a command would do and be answered with; see that ``decide`` changed nothing."""
        before = copied(self.state)
        decision = decide(self.state, command, self.now, self.ids)
        assert self.state == before, f"{command} changed the state while it was decided"
        return decision

    def do(self, command: Command[R]) -> R:
        """Carry a command out."""
        events, reply = self.decided(command)
        for event in events:
            evolve(self.state, event)
        self.events.extend(events)
        return reply

    def news(self, command: Command[object]) -> list[Event]:
        """Carry a command out and give what happened by it."""
        heard = len(self.events)
        self.do(command)
        return self.events[heard:]

    def wait(self, seconds: float) -> None:
        """Let time pass, on both clocks."""
        self.now = Now(self.now.at + seconds, self.now.tick + seconds)

    def step(self, seconds: float) -> None:
        """Move the simulated clock alone, as an operator can."""
        self.now = Now(self.now.at + seconds, self.now.tick)

    def register(
        self,
        *scopes: str,
        grant_types: tuple[str, ...] = (),
        redirect_uris: tuple[str, ...] = (),
    ) -> Registered:
        reply = self.do(
            RegisterClient(
                name="pc",
                client_type="public",
                scopes=scopes,
                grant_types=grant_types,
                redirect_uris=redirect_uris,
            )
        )
        assert isinstance(reply, Registered), reply
        return reply

    def authorize(self, registered: Registered) -> "SignIn":
        client_id = registered.client.client_id
        reply = self.do(
            AuthorizeDevice(client_id=client_id, client_secret=registered.client_secret)
        )
        assert isinstance(reply, Authorized), reply
        return SignIn(
            world=self,
            client_id=client_id,
            client_secret=registered.client_secret,
            device_code=reply.device_code,
            user_code=reply.device.user_code,
        )

    def sign_in(self, *scopes: str) -> "SignIn":
        """A new client with a device code."""
        return self.authorize(self.register(*scopes))

    def replayed(self) -> State:
        """What all events so far make of nothing."""
        state = State(
            policy=self.policy, directory=self.directory, auto_approves=self.auto_approves
        )
        for event in self.events:
            evolve(state, event)
        return state


@dataclass(frozen=True)
class SignIn:
    """A client that holds a device code."""

    world: World
    client_id: str
    client_secret: str
    device_code: str
    user_code: str

    @property
    def device(self) -> Device:
        return self.world.state.devices[self.user_code]

    @property
    def state(self) -> DeviceState:
        return self.device.state(self.world.now.at)

    def request(self) -> Poll:
        return Poll(
            device_code=self.device_code,
            client_id=self.client_id,
            client_secret=self.client_secret,
        )

    def ask(self) -> Reply:
        """Poll, and give the whole reply."""
        return self.world.do(self.request())

    def poll(self) -> str:
        """Poll, and give the reply in a word; the preview must have told it."""
        previewed = self.preview()
        answer = said(self.ask())
        assert previewed == answer, f"preview said {previewed}, the poll {answer}"
        return answer

    def poll_with(self, **changes: Any) -> str:
        """Poll with other credentials than the client's own."""
        return said(self.world.do(replace(self.request(), **changes)))

    def preview(self) -> str:
        before = copied(self.world.state)
        previewed = said(preview(self.world.state, self.user_code, self.world.now))
        assert self.world.state == before, "preview changed the state"
        return previewed
