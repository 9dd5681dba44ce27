import asyncio
import os
import selectors
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest

from oidc_sim.cli.event_loop import SOCKETS_A_TURN, ShortTurns, new_loop

CROWD = 5 * SOCKETS_A_TURN


@pytest.fixture
def selector() -> Iterator[ShortTurns]:
    with ShortTurns() as it:
        yield it


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """Both ends of many connections."""
    made = [socket.socketpair() for _ in range(CROWD)]
    yield made
    for pair in made:
        for end in pair:
            end.close()


Pairs = list[tuple[socket.socket, socket.socket]]


def test_a_turn_serves_a_few_of_many_ready_sockets(selector: ShortTurns, pairs: Pairs) -> None:
    for ours, theirs in pairs:
        selector.register(ours, selectors.EVENT_READ)
        theirs.send(b"x")
    assert len(selector.select(0)) == SOCKETS_A_TURN


def test_a_turn_serves_as_many_as_it_should(pairs: Pairs) -> None:
    with ShortTurns(3) as selector:
        for ours, theirs in pairs:
            selector.register(ours, selectors.EVENT_READ)
            theirs.send(b"x")
        assert len(selector.select(0)) == 3


def test_no_socket_waits_longer_than_its_turn(selector: ShortTurns, pairs: Pairs) -> None:
    """Not even when those before it are always ready."""
    for ours, theirs in pairs:
        selector.register(ours, selectors.EVENT_READ)
        theirs.send(b"x")
    rounds = CROWD // SOCKETS_A_TURN
    served = Counter(key.fd for _ in range(rounds) for key, _ in selector.select(0))
    assert set(served.values()) == {1}
    assert len(served) == CROWD


def test_what_is_asked_for_is_what_is_told(selector: ShortTurns, pairs: Pairs) -> None:
    ours, theirs = pairs[0]
    key = selector.register(ours, selectors.EVENT_READ | selectors.EVENT_WRITE)
    assert selector.select() == [(key, selectors.EVENT_WRITE)]
    theirs.send(b"x")
    assert selector.select(0) == [(key, selectors.EVENT_READ | selectors.EVENT_WRITE)]
    key = selector.modify(ours, selectors.EVENT_READ)
    assert selector.select(0) == [(key, selectors.EVENT_READ)]
    selector.unregister(ours)
    assert selector.select(0) == []


def test_whoever_waits_to_read_hears_of_an_end(selector: ShortTurns) -> None:
    reading, writing = os.pipe()
    key = selector.register(reading, selectors.EVENT_READ)
    os.close(writing)
    assert selector.select(0) == [(key, selectors.EVENT_READ)]
    os.close(reading)


def test_whoever_waits_to_write_hears_of_an_end(selector: ShortTurns) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while os.write(writing, b"x" * 4096):
            pass
    key = selector.register(writing, selectors.EVENT_WRITE)
    assert selector.select(0) == []
    os.close(reading)
    assert selector.select(0) == [(key, selectors.EVENT_WRITE)]
    os.close(writing)


def test_timers_and_sockets_work_in_such_a_loop() -> None:
    async def scenario() -> bytes:
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        asyncio.get_running_loop().call_later(0.001, theirs.send, b"hello")
        data = await reader.readexactly(5)
        writer.close()
        theirs.close()
        return data

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(scenario()) == b"hello"
        assert isinstance(runner.get_loop(), asyncio.SelectorEventLoop)
