"""The one door: what is dispatched is true and in the log when it returns."""

from dataclasses import dataclass, replace

import pytest

from oidc_sim.engine.commands import (
    Approve,
    AuthorizeDevice,
    Command,
    Deny,
    Expire,
    Poll,
    RegisterClient,
    Reset,
    SignOut,
    SlowDown,
    Sweep,
    TakeRole,
    Undo,
)
from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.events import Event
from oidc_sim.engine.model import DeviceState, Policy, State
from oidc_sim.engine.replies import Authorized, Registered, Reply, Tokens
from oidc_sim.record.exchange import Exchange
from oidc_sim.simulator.clock import Clock
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator, Story
from tests.engine.browsing import sign_in_by_browser
from tests.engine.signed_in import signed_in
from tests.engine.world import TOKEN, CountingIds, World, said
from tests.record.samples import EXCHANGE


@dataclass
class Hand:
    """Moves the machine's clocks, in seconds."""

    tick: float = 5_000.0
    stepped_s: float = 0.0

    def clock(self) -> Clock:
        return Clock(lambda: 1_000_000.0 + self.tick + self.stepped_s, lambda: self.tick)


@dataclass
class Bench:
    """A simulator whose time a test moves, with one client."""

    hand: Hand
    simulator: Simulator
    client_id: str = ""
    client_secret: str = ""

    def wait(self, seconds: float) -> None:
        self.hand.tick += seconds

    def sign_in(self) -> "Phone":
        reply = self.simulator.dispatch(
            AuthorizeDevice(client_id=self.client_id, client_secret=self.client_secret)
        )
        assert isinstance(reply, Authorized)
        return Phone(self, reply.device_code, reply.device.user_code)

    def events(self) -> list[Event | Exchange]:
        return [entry.what for entry in self.simulator.log.entries.since(0)]

    def record(self, user_code: str | None) -> int:
        number = self.simulator.log.exchanges.seen + 1
        self.simulator.record(EXCHANGE._replace(number=number, user_code=user_code))
        return number


@dataclass(frozen=True)
class Phone:
    """A client's hold on one device code."""

    bench: Bench
    device_code: str
    user_code: str

    @property
    def story(self) -> Story:
        return self.bench.simulator.stories[self.user_code]

    def ask(self) -> Reply:
        return self.bench.simulator.dispatch(
            Poll(
                device_code=self.device_code,
                client_id=self.bench.client_id,
                client_secret=self.bench.client_secret,
            )
        )

    def poll(self) -> str:
        return said(self.ask())

    def polls_every(self, seconds: float, times: int) -> None:
        for _ in range(times):
            self.bench.wait(seconds)
            self.poll()


def make_bench(policy: Policy | None = None) -> Bench:
    hand = Hand()
    simulator = Simulator(policy or Policy(), CountingIds(), hand.clock())
    registered = simulator.dispatch(RegisterClient(name="pc", client_type="public"))
    assert isinstance(registered, Registered)
    return Bench(hand, simulator, registered.client.client_id, registered.client_secret)


@pytest.fixture
def bench() -> Bench:
    return make_bench()


@pytest.fixture
def phone(bench: Bench) -> Phone:
    return bench.sign_in()


def test_every_event_is_in_the_log_in_its_order(bench: Bench, phone: Phone) -> None:
    bench.simulator.dispatch(Approve(phone.user_code))
    phone.poll()
    names = [type(event).__name__ for event in bench.events()]
    assert names == [
        "ClientRegistered",
        "DeviceAuthorized",
        "DecisionMade",
        "Polled",
        "TokenIssued",
    ]
    numbers = [entry.seq for entry in bench.simulator.log.entries.since(0)]
    assert numbers == [1, 2, 3, 4, 5]


def test_what_was_dispatched_is_true_when_it_returns(bench: Bench, phone: Phone) -> None:
    device = bench.simulator.state.devices[phone.user_code]
    bench.simulator.dispatch(Deny(phone.user_code))
    assert device.state(bench.simulator.now().at) is DeviceState.DENIED
    assert said(bench.simulator.preview(phone.user_code)) == "access_denied"
    assert phone.poll() == "access_denied"


def test_what_has_to_outlive_us_is_handed_on_in_one_piece_before_the_answer() -> None:
    """So that it can be written in one piece, and a kill finds it there (T-23)."""
    handed_on: list[tuple[Event, ...]] = []
    policy = Policy(max_clients=1)
    simulator = Simulator(policy, CountingIds(), sink=lambda it: handed_on.append(tuple(it)))
    for name in ("first", "second"):
        simulator.dispatch(RegisterClient(name=name, client_type="public"))
    simulator.dispatch(RegisterClient(name="third", client_type="refused"))
    kinds = [[type(event).__name__ for event in events] for events in handed_on]
    assert kinds == [["ClientRegistered"], ["ClientForgotten", "ClientRegistered"]]


def test_a_refused_command_leaves_the_log_alone(bench: Bench, phone: Phone) -> None:
    seq = bench.simulator.log.seq
    refused: list[Command[object]] = [
        Approve("USER-9999"),
        Undo(phone.user_code),
        Poll(device_code="x", client_id="x", client_secret="x"),
        RegisterClient(name="pc", client_type="confidential"),
        Sweep(),
    ]
    for command in refused:
        bench.simulator.dispatch(command)
    assert bench.simulator.log.seq == seq


def test_commands_are_dated_by_the_clock(bench: Bench, phone: Phone) -> None:
    bench.wait(10)
    bench.simulator.dispatch(Approve(phone.user_code))
    event = bench.events()[-1]
    assert event.at == bench.simulator.now().at


def test_a_step_of_the_wall_clock_expires_no_code(bench: Bench, phone: Phone) -> None:
    bench.hand.stepped_s = 90 * 86400
    assert phone.poll() == "authorization_pending"
    bench.wait(600)
    assert phone.poll() == "expired_token"


def test_a_preview_changes_nothing(bench: Bench, phone: Phone) -> None:
    bench.simulator.dispatch(Approve(phone.user_code))
    seq = bench.simulator.log.seq
    assert said(bench.simulator.preview(phone.user_code)) == TOKEN
    assert said(bench.simulator.preview(phone.user_code)) == TOKEN
    assert bench.simulator.log.seq == seq


def test_a_device_has_a_story_from_its_first_moment(phone: Phone) -> None:
    assert [moment.what for moment in phone.story.timeline.moments] == ["authorized"]
    assert phone.story.last_exchange is None


def test_a_story_tells_its_own_device_alone(bench: Bench, phone: Phone) -> None:
    other = bench.sign_in()
    bench.simulator.dispatch(Expire(other.user_code))
    other.poll()
    phone.poll()
    told = [moment.what for moment in phone.story.timeline.moments]
    assert told == ["authorized", "poll"]


def test_an_exchange_is_linked_to_its_device(bench: Bench, phone: Phone) -> None:
    bench.record(phone.user_code)
    number = bench.record(phone.user_code)
    bench.record(None)
    bench.record("USER-9999")
    assert phone.story.last_exchange == number
    assert bench.simulator.log.exchanges.seen == 4


def test_a_story_goes_on_with_its_session(bench: Bench, phone: Phone) -> None:
    bench.simulator.dispatch(Approve(phone.user_code))
    tokens = phone.ask()
    assert isinstance(tokens, Tokens)
    role = SEEDED.accounts[0].roles[0]
    bench.simulator.dispatch(
        TakeRole(
            access_token=tokens.access_token,
            account_id=SEEDED.accounts[0].account_id,
            role_name=role,
        )
    )
    bench.simulator.dispatch(SignOut(tokens.access_token))
    told = [moment.what for moment in phone.story.timeline.moments]
    assert told == ["authorized", "approved", "poll", "credentials", "signed out"]


def test_what_an_earlier_process_left_has_a_story_again() -> None:
    world = World()
    pc, browser = world.sign_in(), sign_in_by_browser(world)
    later = make_bench().simulator
    later.state = world.state
    later.adopt()
    told = {code: story.timeline.moments[0].detail for code, story in later.stories.items()}
    assert told == {
        pc.user_code: "for 600 s",
        browser.user_code: "a browser waits for 600 s",
    }


def test_nothing_that_one_instance_issued_is_good_at_another() -> None:
    """T-25, mix-up: both know nothing but digests of their own."""
    ours, theirs = (
        World(ids=RandomIds.from_secrets("us-east-1"))  # type: ignore[arg-type]
        for _ in range(2)
    )
    held, pending = signed_in(ours), sign_in_by_browser(ours)
    code = pending.approved_code()
    for world, is_good in ((theirs, False), (ours, True)):
        assert replace(held, world=world).look_up() == ("welcome" if is_good else "invalid_token")
        assert replace(held, world=world).refresh() == (TOKEN if is_good else "invalid_grant")
        assert replace(pending, world=world).redeem(code) == (TOKEN if is_good else "invalid_grant")


def test_a_story_is_gone_with_its_device(bench: Bench, phone: Phone) -> None:
    bench.wait(600)
    bench.simulator.dispatch(Sweep())
    assert phone.story.timeline.moments[-1].what == "expired"
    bench.wait(600)
    bench.simulator.dispatch(Sweep())
    assert bench.simulator.stories == {}
    bench.record(phone.user_code)
    assert bench.simulator.stories == {}


def test_stories_stay_within_the_bound_on_devices() -> None:
    bench = make_bench(Policy(max_devices=3))
    for _ in range(10):
        bench.sign_in()
    assert list(bench.simulator.stories) == list(bench.simulator.state.devices)


def test_reset_forgets_state_and_stories_and_the_log_goes_on(bench: Bench, phone: Phone) -> None:
    seq = bench.simulator.log.seq
    bench.simulator.dispatch(Reset())
    assert bench.simulator.state == State()
    assert bench.simulator.stories == {}
    assert bench.simulator.log.seq == seq + 1


def test_cadence_is_measured_from_the_announced_interval() -> None:
    phone = make_bench(Policy(interval_s=5)).sign_in()
    phone.polls_every(1, times=3)
    assert phone.story.cadence.is_too_fast
    assert phone.story.cadence.every_s == 1


def test_a_client_that_heeds_each_slow_down_is_not_accused(bench: Bench, phone: Phone) -> None:
    """Pressed three times before the next poll, the client hears of 5 s at a time."""
    phone.polls_every(1, times=3)
    for _ in range(3):
        bench.simulator.dispatch(SlowDown(phone.user_code))
    told = []
    for gap_s in (1, 6, 11, 16, 16):
        phone.polls_every(gap_s, times=1)
        told.append(phone.story.cadence.announced_s)
    assert told == [6, 11, 16, 16, 16]
    assert phone.story.cadence.early_polls == 0


def test_a_client_that_ignores_slow_down_is_found_out(bench: Bench, phone: Phone) -> None:
    bench.simulator.dispatch(SlowDown(phone.user_code))
    phone.polls_every(1, times=3)
    assert phone.story.cadence.early_polls == 1


def test_a_throttled_client_is_told_the_longer_interval() -> None:
    phone = make_bench(Policy(interval_s=5, throttles=True)).sign_in()
    phone.polls_every(5, times=2)
    phone.polls_every(1, times=1)
    assert phone.story.cadence.announced_s == 10
    phone.polls_every(10, times=3)
    assert phone.story.cadence.early_polls == 1
    assert not phone.story.cadence.is_too_fast


def test_a_code_used_twice_says_nothing_about_pace(bench: Bench, phone: Phone) -> None:
    phone.polls_every(1, times=2)
    bench.simulator.dispatch(Approve(phone.user_code))
    phone.polls_every(1, times=1)
    phone.polls_every(0, times=3)
    assert phone.story.cadence.early_polls == 0


def test_no_secret_is_in_the_log(bench: Bench, phone: Phone) -> None:
    bench.simulator.dispatch(Approve(phone.user_code))
    assert phone.poll() == TOKEN
    log = repr(bench.events())
    assert isinstance(bench.simulator.ids, CountingIds)
    assert len(bench.simulator.ids.secrets) == 3
    for secret in bench.simulator.ids.secrets:
        assert secret not in log


def test_whose_requests_wait_is_known_until_each_has_its_answer(bench: Bench, phone: Phone) -> None:
    simulator, rows = bench.simulator, []
    for number in (1, 2):
        waiting = EXCHANGE._replace(number=number, user_code=phone.user_code, client_id="a")
        simulator.reserve(waiting)
        rows.append(waiting)
    assert simulator.awaiting == {phone.user_code: 2, "a": 2}
    simulator.complete(rows[0]._replace(user_code=None, client_id="b"))
    assert simulator.awaiting == {phone.user_code: 1, "a": 1}
    simulator.complete(rows[1])
    assert not simulator.awaiting
    assert phone.user_code not in simulator.awaiting
