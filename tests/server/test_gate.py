"""What lies in wait catches requests on their way to AWS's services."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp.web import BaseRequest

from oidc_sim.engine.arrival import Arrival, HeldDecision, Setting, Target, Trigger
from oidc_sim.engine.commands import AddRule, Approve, DecideHeld, ReleaseAll, Reset
from oidc_sim.engine.held import BY_ITSELF, DENY, DROP, EDIT, EXPIRE, FAULT, RELEASE, SLOW_DOWN
from oidc_sim.engine.replies import Done, RuleStands
from oidc_sim.engine.waiting_events import HeldEnded
from oidc_sim.record.exchange import Exchange
from oidc_sim.server.gate.faults import Delivered, FaultInjector, Truth
from oidc_sim.server.gate.gate import FULL
from oidc_sim.server.http.responses import RawResponse
from tests.server.no_waiting import pause_by
from tests.server.raw_http import RawAnswer, RawClient, connected, request
from tests.server.world import SignIn, World, as_json
from tests.server.world import open_world as open_with
from tests.waiting import until

TOKENS = Target(operation="CreateToken")


def lie_in_wait(
    world: World, target: Target = TOKENS, fault: str | None = None, **how: Any
) -> None:
    """A hold, or a fault; always, where nothing else is said."""
    trigger = Trigger(**{"times": None, **how})
    reply = world.simulator.dispatch(AddRule(target=target, trigger=trigger, fault=fault))
    assert isinstance(reply, RuleStands)


async def held(world: World, number: int = 1) -> list[int]:
    """The numbers of what is held, once there are so many."""
    await until(lambda: len(world.simulator.state.held) == number)
    return list(world.simulator.state.held)


def decide(world: World, number: int, how: str, **more: Any) -> None:
    decision = HeldDecision(how=how, **more)
    assert world.simulator.dispatch(DecideHeld(number=number, decision=decision)) == Done()


async def start(client: RawClient, sign_in: SignIn) -> int:
    """Send a poll that will be held; returns its number."""
    before = len(sign_in.world.simulator.state.held)
    await client.send(request(body=as_json(sign_in.body()), port=sign_in.world.port))
    return (await held(sign_in.world, before + 1))[-1]


async def answered(world: World, sign_in: SignIn, how: str, **more: Any) -> RawAnswer:
    """The answer to a poll that was held and then decided so."""
    async with connected(world.port) as client:
        decide(world, await start(client, sign_in), how, **more)
        return await client.answer()


def row(world: World, number: int) -> Exchange:
    found = world.simulator.log.exchanges.get(number)
    assert found is not None
    return found


def ends(world: World) -> list[str]:
    """How held requests ended."""
    entries = world.simulator.log.entries.since(0)
    return [it.what.how for it in entries if isinstance(it.what, HeldEnded)]


async def test_a_held_request_keeps_its_connection_and_its_row_says_so(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
        waiting = row(world, number)
        assert (waiting.status, waiting.outcome) == (0, "held")
        assert (waiting.user_code, waiting.operation) == (sign_in.user_code, "CreateToken")
        assert sign_in.device.polls == 0
        decide(world, number, RELEASE)
        answer = await client.answer()
    assert answer.json()["error"] == "authorization_pending"
    done = row(world, number)
    assert (done.status, done.outcome) == (400, "authorization_pending")
    assert sign_in.device.polls == 1
    assert ends(world) == ["released"]
    assert world.simulator.state.held == {}


async def test_what_there_is_no_room_to_hold_is_answered_truly(world: World) -> None:
    """Else held requests could take every connection, and ``ctl release`` would not get in."""
    gate = world.server.gate
    gate._most_waiting, gate._on_note = 1, world.notes.append
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client, connected(world.port) as other:
        await start(client, sign_in)
        await other.send(request(body=as_json(sign_in.body()), port=world.port))
        assert (await other.answer()).json()["error"] == "authorization_pending"
        waiting, let_through = list(world.simulator.log.exchanges.since(0))[-2:]
    assert world.notes == [FULL]
    assert (waiting.status, let_through.status) == (0, 400)
    assert sign_in.device.polls == 1


async def test_what_is_decided_about_its_device_meanwhile_is_in_its_answer(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
        world.do(Approve(sign_in.user_code))
        decide(world, number, RELEASE)
        assert (await client.answer()).status == 200
    assert row(world, number).outcome == "token issued"


async def test_the_time_that_it_was_held_is_told(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
        world.passed_s += 12
        decide(world, number, RELEASE)
        await client.answer()
    assert row(world, number).took_s == 12


async def test_others_are_answered_meanwhile_and_keep_their_numbers(world: World) -> None:
    ours, other = await world.sign_in(), await world.sign_in()
    lie_in_wait(world, Target(user_code=ours.user_code))
    async with connected(world.port) as client:
        number = await start(client, ours)
        assert await other.outcome() == "authorization_pending"
        assert row(world, number + 1).user_code == other.user_code
        decide(world, number, RELEASE)
        await client.answer()
    assert row(world, number).user_code == ours.user_code


async def test_a_dropped_request_gets_no_answer(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
        decide(world, number, DROP)
        assert await client.rest() == b""
    assert (row(world, number).status, row(world, number).outcome) == (0, "dropped")
    assert not sign_in.was_decided
    assert ends(world) == ["dropped"]


@pytest.mark.parametrize(
    ("how", "error"),
    [(DENY, "access_denied"), (EXPIRE, "expired_token"), (SLOW_DOWN, "slow_down")],
)
async def test_one_request_alone_is_answered_so(how: str, error: str, world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world, times=1)
    assert (await answered(world, sign_in, how)).json()["error"] == error
    assert await sign_in.outcome() == "authorization_pending"


async def test_an_edited_answer_is_sent_as_it_was_written(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    answer = await answered(
        world,
        sign_in,
        EDIT,
        status=418,
        headers=(("X-Tea", "yes"), ("Content-Length", "999"), ("x-tea", "no")),
        body=b'{"a":1}',
    )
    assert (answer.status, answer.body) == (418, b'{"a":1}')
    assert [it for it in answer.headers if it[0].lower() == "x-tea"] == [
        ("X-Tea", "yes"),
        ("x-tea", "no"),
    ]
    assert world.exchanges()[-1].outcome == "edited answer"
    assert not sign_in.was_decided


async def test_nobody_decides_and_it_is_released_by_itself() -> None:
    async with open_with(hold=30) as world:
        sign_in = await world.sign_in()
        lie_in_wait(world)
        async with connected(world.port) as client:
            await start(client, sign_in)
            world.passed_s += 30
            assert (await client.answer()).status == 400
        assert ends(world) == [BY_ITSELF]


async def test_a_client_that_hangs_up_is_noticed(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
    await until(lambda: not world.simulator.state.held)
    assert row(world, number).outcome == "client hung up while held"
    assert ends(world) == ["client hung up"]
    assert not sign_in.was_decided


async def test_no_deadline_ends_a_held_request(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
        listener = world.server.listener
        for later_s in range(0, 1000, 10):
            for connection in listener._live:
                connection.sweep(listener.now() + later_s)
        decide(world, number, RELEASE)
        assert (await client.answer()).status == 400


async def test_hundreds_are_held_and_released(world: World) -> None:
    many = 300
    sign_in = await world.sign_in()
    lie_in_wait(world)
    data = request(body=as_json(sign_in.body()), port=world.port)
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connected(world.port)) for _ in range(many)]
        for client in clients:
            await client.send(data)
        await held(world, many)
        world.simulator.dispatch(ReleaseAll())
        answers = await asyncio.gather(*(client.answer() for client in clients))
    assert {answer.status for answer in answers} == {400}
    assert ends(world) == ["released"] * many
    assert sign_in.device.polls == many
    await until(lambda: not world.server.gate._room.is_looking)


async def test_a_reset_releases_what_is_held(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        await start(client, sign_in)
        world.simulator.dispatch(Reset())
        assert (await client.answer()).status in {400, 401}
    assert ends(world) == ["released"]


async def test_stopping_releases_what_is_held(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        await start(client, sign_in)
        await world.server.stop()
        assert (await client.answer()).status == 400
    assert ends(world) == ["released at quit"]


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "/client/register", "RegisterClient"),
        ("POST", "/device_authorization", "StartDeviceAuthorization"),
        ("POST", "/token?aws_iam=t", "CreateTokenWithIAM"),
        ("GET", "/assignment/accounts", "ListAccounts"),
        ("GET", "/assignment/roles", "ListAccountRoles"),
        ("GET", "/federation/credentials", "GetRoleCredentials"),
        ("POST", "/logout", "Logout"),
        ("POST", "/", "GetCallerIdentity"),
        ("GET", "/?Action=GetCallerIdentity", "GetCallerIdentity"),
        ("GET", "/authorize?client_id=x", "Authorize"),
    ],
)
async def test_every_service_passes_the_gate(
    method: str, path: str, operation: str, world: World
) -> None:
    lie_in_wait(world, Target(operation=operation))
    calling = asyncio.ensure_future(world.call(method, path, {} if method == "POST" else b""))
    (number,) = await held(world)
    assert row(world, number).operation == operation
    decide(world, number, RELEASE)
    assert (await calling).status != 500
    assert row(world, number).status != 0


async def test_pages_and_the_control_api_do_not(world: World) -> None:
    lie_in_wait(world, Target())
    assert (await world.call("GET", "/")).status == 200
    assert (await world.control("GET", "state")).status == 200


async def test_a_rule_that_misses_lets_the_request_pass(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world, Target(client_id="another"))
    assert await sign_in.outcome() == "authorization_pending"
    (rule,) = world.simulator.state.rules.values()
    assert (rule.looked_at, rule.matched, rule.nearest) == (1, 0, ("client",))


@dataclass
class Liar(FaultInjector):
    """Tells a fault, and the truth first when it is asked to."""

    knows_the_truth: bool
    hangs_up: bool = False
    told: list[tuple[str, Arrival]] = field(default_factory=list)

    async def inject(
        self,
        fault: str,
        settings: Mapping[str, Setting],
        request: BaseRequest,
        arrival: Arrival,
        truth: Truth,
        rule_id: int | None = None,
    ) -> Delivered:
        self.told.append((fault, arrival))
        if self.knows_the_truth:
            await truth()
        if self.hangs_up:
            assert request.transport is not None
            request.transport.abort()
            raise ConnectionResetError
        head = b"HTTP/1.1 500 X\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n"
        return Delivered(RawResponse(500, head, b"lie"), 500, "a lie", head, b"lie")


def lying(world: World, liar: Liar) -> None:
    world.server.gate._injector = liar


async def test_a_fault_that_acts_instead_spends_nothing(world: World) -> None:
    sign_in = await world.sign_in()
    world.do(Approve(sign_in.user_code))
    liar = Liar(knows_the_truth=False)
    lying(world, liar)
    lie_in_wait(world, fault="lie", times=1)
    answer = await sign_in.poll()
    assert (answer.status, answer.body) == (500, b"lie")
    exchange = world.exchanges()[-1]
    assert (exchange.fault, exchange.outcome, exchange.true_response) == ("lie", "a lie", b"")
    assert liar.told[0][1].user_code == sign_in.user_code
    assert await sign_in.outcome() == "token"


async def test_a_fault_that_acts_after_spoils_what_is_committed(world: World) -> None:
    sign_in = await world.sign_in()
    world.do(Approve(sign_in.user_code))
    lying(world, Liar(knows_the_truth=True))
    lie_in_wait(world, fault="lie", times=1)
    assert (await sign_in.poll()).body == b"lie"
    exchange = world.exchanges()[-1]
    assert (exchange.status, exchange.fault) == (500, "lie")
    assert b"accessToken" in exchange.true_response
    assert sign_in.device.collected_at is not None


async def test_a_fault_without_an_answer_is_written_down(world: World) -> None:
    sign_in = await world.sign_in()
    lying(world, Liar(knows_the_truth=True, hangs_up=True))
    lie_in_wait(world, fault="lie", times=1)
    async with connected(world.port) as client:
        await client.send(request(body=as_json(sign_in.body()), port=world.port))
        assert await client.rest() == b""
    exchange = world.exchanges()[-1]
    assert (exchange.status, exchange.outcome, exchange.fault) == (0, "no answer", "lie")


async def test_a_held_request_is_answered_with_a_fault(world: World) -> None:
    sign_in = await world.sign_in()
    lying(world, Liar(knows_the_truth=False))
    lie_in_wait(world)
    assert (await answered(world, sign_in, FAULT, fault="lie")).body == b"lie"
    assert ends(world) == ["answered with a fault"]


async def test_a_fault_that_nobody_knows_is_the_truth(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world, fault="lie", times=1)
    assert await sign_in.outcome() == "authorization_pending"
    assert world.exchanges()[-1].outcome == "fault lie is unknown"


async def test_the_time_that_it_was_held_says_nothing_about_its_clients_pace(world: World) -> None:
    sign_in = await world.sign_in()
    await sign_in.poll()
    world.passed_s += 1
    lie_in_wait(world, times=1)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
        world.passed_s += 12
        decide(world, number, RELEASE)
        await client.answer()
    world.passed_s += 1
    await sign_in.poll()
    cadence = world.simulator.stories[sign_in.user_code].cadence
    assert cadence.every_s == 1
    assert not cadence.is_too_fast


async def test_what_waits_by_a_fault_is_under_way_under_its_name(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world, fault="delay", times=1)
    going_on = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await going_on.wait()

    pause_by(world.server, sleep)
    async with connected(world.port) as client:
        await client.send(request(body=as_json(sign_in.body()), port=world.port))
        await until(lambda: world.simulator.under_way)
        (number,) = world.simulator.under_way
        assert (row(world, number).fault, row(world, number).outcome) == ("delay", "delay")
        going_on.set()
        assert (await client.answer()).status == 400
    assert world.simulator.under_way == {}
