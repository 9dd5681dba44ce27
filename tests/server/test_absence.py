"""A server that is away, from the sockets of its clients."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from oidc_sim.engine.commands import RemoveRule, Reset
from oidc_sim.server.http import absence
from tests.server.raw_http import connected, request
from tests.server.world import SignIn, World, as_json, open_world
from tests.waiting import until

HANGS_S = 0.3
"""So long a connection attempt is looked at that is not to come about."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absence, "LOOKS_EVERY_S", 0.001)
    monkeypatch.setattr(absence, "TRIES_EVERY_S", 0.001)


@asynccontextmanager
async def clocked() -> AsyncIterator[tuple[World, Callable[[float], None]]]:
    """A server whose listener's clock is moved by hand."""
    async with open_world() as world:
        now = [0.0]
        world.server.listener.now = lambda: now[0]
        yield world, lambda seconds: now.__setitem__(0, now[0] + seconds)


async def inject(world: World, fault: str, **settings: Any) -> int:
    wish = {"fault": fault, "operation": "CreateToken", "settings": settings}
    added = await world.control("POST", "faults", wish)
    assert added.status == 200, added
    number: int = added.json()["id"]
    return number


async def reset_of(sign_in: SignIn) -> None:
    """A poll that ends in a reset."""
    async with connected(sign_in.world.port) as client:
        await client.send(request(body=as_json(sign_in.body()), port=sign_in.world.port))
        with pytest.raises(ConnectionResetError):
            await client.reader.read(1)


async def is_refused(world: World) -> bool:
    """Whether the system itself refuses a connection (ECONNREFUSED)."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", world.port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


async def back(world: World) -> None:
    await until(lambda: not world.server.absences.is_away)


async def test_a_server_that_is_away_refuses_until_its_time_is_over_and_has_its_state() -> None:
    async with clocked() as (world, passes):
        sign_in = await world.sign_in()
        rule_id = await inject(world, "refuse", seconds=5)
        await reset_of(sign_in)
        assert await is_refused(world)
        passes(4.9)
        assert await is_refused(world)
        passes(0.1)
        await back(world)
        assert await sign_in.outcome() == "authorization_pending"
        assert world.notes == [
            f"the server is away: connections are refused for 5 s; removing rule {rule_id} ends it",
            "the server is back",
        ]


async def test_a_connection_that_stands_goes_on_while_others_are_refused() -> None:
    async with clocked() as (world, _):
        sign_in = await world.sign_in()
        async with connected(world.port) as client:
            await client.send(request(body=as_json(sign_in.body()), port=world.port))
            await client.answer()
            await inject(world, "refuse")
            await reset_of(sign_in)
            assert await is_refused(world)
            await client.send(request(body=as_json(sign_in.body()), port=world.port))
            assert (await client.answer()).status == 400


@pytest.mark.parametrize("command", ["remove", "reset"])
async def test_removing_its_rule_brings_a_server_back_at_once(command: str) -> None:
    async with clocked() as (world, _):
        sign_in = await world.sign_in()
        rule_id = await inject(world, "refuse", seconds=600)
        await reset_of(sign_in)
        assert await is_refused(world)
        world.simulator.dispatch(RemoveRule(rule_id) if command == "remove" else Reset())
        await back(world)
        assert not await is_refused(world)


@pytest.mark.parametrize("forgets", [False, True])
async def test_a_crash_resets_every_connection_and_forgets_where_it_shall(*, forgets: bool) -> None:
    async with clocked() as (world, passes):
        sign_in = await world.sign_in()
        async with connected(world.port) as client:
            await client.send(request(body=as_json(sign_in.body()), port=world.port))
            await client.answer()
            await inject(world, "crash", seconds=5, forgets=forgets)
            await reset_of(sign_in)
            with pytest.raises(ConnectionResetError):
                await client.reader.read(1)
        assert await is_refused(world)
        passes(5)
        await back(world)
        outcome = "invalid_grant" if forgets else "authorization_pending"
        assert await sign_in.outcome() == outcome


async def test_a_late_accept_lets_connections_wait_and_answers_them_in_the_end() -> None:
    async with clocked() as (world, passes):
        sign_in = await world.sign_in()
        await inject(world, "slow-connect", seconds=5, backlog=0)
        polled = await sign_in.poll()
        assert (polled.status, polled.header("Connection")) == (400, "close")
        async with connected(world.port) as client:  # the system took it, and nobody else
            await client.send(request(body=as_json(sign_in.body()), port=world.port))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(is_refused(world), HANGS_S)
            passes(5)
            await back(world)
            assert (await client.answer()).status == 400
        assert await sign_in.outcome() == "authorization_pending"


async def test_a_port_that_was_taken_meanwhile_is_waited_for() -> None:
    async with clocked() as (world, passes):
        sign_in = await world.sign_in()
        await inject(world, "refuse", seconds=5)
        await reset_of(sign_in)
        with socket.socket() as thief:
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            thief.bind(("127.0.0.1", world.port))
            thief.listen()
            passes(5)
            await until(lambda: len(world.notes) == 2)
            assert f"cannot come back yet, tries on: 127.0.0.1:{world.port}" in world.notes[1]
        await back(world)
        assert await sign_in.outcome() == "authorization_pending"


@pytest.mark.parametrize("fault", ["refuse", "slow-connect"])
async def test_a_server_that_is_away_can_stop(fault: str) -> None:
    async with clocked() as (world, passes):
        sign_in = await world.sign_in()
        await inject(world, fault, seconds=5)
        await sign_in.poll() if fault == "slow-connect" else await reset_of(sign_in)
        await world.server.stop()
        passes(5)
        for _ in range(20):
            assert await is_refused(world)


async def test_a_second_absence_makes_the_first_longer() -> None:
    async with clocked() as (world, passes):
        sign_in = await world.sign_in()
        async with connected(world.port) as client:
            await client.send(request(body=as_json(sign_in.body()), port=world.port))
            await client.answer()
            await inject(world, "refuse", seconds=5)
            await inject(world, "refuse", seconds=9)
            await reset_of(sign_in)
            await client.send(request(body=as_json(sign_in.body()), port=world.port))
            with pytest.raises(ConnectionResetError):
                await client.reader.read(1)
        passes(5)
        for _ in range(20):
            assert await is_refused(world)
        passes(4)
        await back(world)


async def test_what_answered_a_held_request_so_ends_with_its_hold() -> None:
    async with clocked() as (world, _):
        sign_in = await world.sign_in()
        added = await world.control("POST", "holds", {"operation": "CreateToken"})
        hold: int = added.json()["id"]
        polling = asyncio.ensure_future(reset_of(sign_in))
        await until(lambda: bool(world.simulator.state.held))
        [number] = world.simulator.state.held
        wish = {"fault": "refuse", "settings": {"seconds": 600}}
        assert (await world.control("POST", f"requests/{number}/fault", wish)).status == 200
        await polling
        assert await is_refused(world)
        world.simulator.dispatch(RemoveRule(hold))
        await back(world)
        assert not await is_refused(world)


async def test_what_fails_on_the_way_back_is_told_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with clocked() as (world, passes):
        sign_in = await world.sign_in()
        await inject(world, "refuse", seconds=5)
        await reset_of(sign_in)
        truly, failures = world.server.listener.open, [OSError("no buffer space")]

        async def open_late(sockets: Any) -> None:
            if failures:
                raise failures.pop()
            await truly(sockets)

        monkeypatch.setattr(world.server.listener, "open", open_late)
        passes(6)
        await back(world)
        assert await sign_in.outcome() == "authorization_pending"
        assert any("tries on, our fault: OSError" in note for note in world.notes)
