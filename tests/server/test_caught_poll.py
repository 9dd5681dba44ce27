"""Polls that are held or spoilt are in their device's story, over real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.engine.commands import AddRule, Approve, Deny
from oidc_sim.engine.held import DENY, DROP, EDIT, FAULT, RELEASE, SLOW_DOWN
from oidc_sim.record.timeline import Caught
from oidc_sim.server.gate.caught import error_of
from oidc_sim.simulator.simulator import Story
from tests.server.no_waiting import pause_by
from tests.server.raw_http import RawAnswer, RawClient, connected, request
from tests.server.test_gate import decide, held, lie_in_wait
from tests.server.world import SignIn, World, as_json, open_world
from tests.waiting import until

HELD_S = 12.0


def story_of(sign_in: SignIn) -> Story:
    return sign_in.world.simulator.stories[sign_in.user_code]


def lines(sign_in: SignIn) -> list[tuple[int, int, Caught | None, str]]:
    """The polls in its story: numbers, how they were caught, what is said of them."""
    moments = story_of(sign_in).timeline.moments
    return [(it.first, it.last, it.caught, it.detail) for it in moments if it.last]


def inject(world: World, fault: str, times: int = 1, **settings: float) -> None:
    rule = AddRule(
        target=Target(), trigger=Trigger(times=times), fault=fault, settings=dict(settings)
    )
    world.simulator.dispatch(rule)


async def polls_after(sign_in: SignIn, *waits_s: float) -> list[str]:
    """What its polls are told, that far apart."""
    told = []
    for wait_s in waits_s:
        sign_in.world.passed_s += wait_s
        told.append(await sign_in.outcome())
    return told


@asynccontextmanager
async def held_poll(sign_in: SignIn) -> AsyncIterator[tuple[RawClient, int]]:
    """A poll that was held for a while, and its number."""
    lie_in_wait(sign_in.world, times=1)
    async with connected(sign_in.world.port) as client:
        await client.send(request(body=as_json(sign_in.body()), port=sign_in.world.port))
        (number,) = await held(sign_in.world)
        sign_in.world.passed_s += HELD_S
        yield client, number


async def answered(sign_in: SignIn, how: str, **more: Any) -> RawAnswer:
    async with held_poll(sign_in) as (client, number):
        decide(sign_in.world, number, how, **more)
        return await client.answer()


async def test_a_client_that_ignores_an_injected_slow_down_is_found_out(world: World) -> None:
    sign_in = await world.sign_in()
    assert await polls_after(sign_in, 0, 1, 1) == ["authorization_pending"] * 3
    inject(world, "slow-down")
    assert await polls_after(sign_in, 1, 1) == ["slow_down", "authorization_pending"]
    cadence = story_of(sign_in).cadence
    assert (cadence.announced_s, cadence.waited_s, cadence.is_too_fast) == (6, 1.0, True)
    assert cadence.early_polls == 1


async def test_one_that_heeds_each_injected_slow_down_keeps_pace(world: World) -> None:
    sign_in = await world.sign_in()
    await polls_after(sign_in, 0, 1, 1)
    inject(world, "slow-down", times=2)
    await polls_after(sign_in, 1, 6, 11, 11)
    cadence = story_of(sign_in).cadence
    assert (cadence.announced_s, cadence.waited_s, cadence.early_polls) == (11, 11.0, 0)


async def test_a_true_slow_down_adds_to_the_injected_one(world: World) -> None:
    sign_in = await world.sign_in()
    await polls_after(sign_in, 0, 1)
    inject(world, "slow-down")
    await polls_after(sign_in, 1)
    await world.control("POST", f"devices/{sign_in.user_code}/slow-down")
    assert await polls_after(sign_in, 6) == ["slow_down"]
    assert story_of(sign_in).cadence.announced_s == 11


@pytest.mark.parametrize(("wait_s", "is_too_fast"), [(1.0, True), (6.0, False)])
async def test_after_a_held_slow_down_the_wait_counts_from_the_answer(
    wait_s: float, *, is_too_fast: bool, world: World
) -> None:
    sign_in = await world.sign_in()
    await polls_after(sign_in, 0, 1)
    assert (await answered(sign_in, SLOW_DOWN)).json()["error"] == "slow_down"
    await polls_after(sign_in, wait_s)
    cadence = story_of(sign_in).cadence
    assert (cadence.announced_s, cadence.waited_s, cadence.is_too_fast) == (6, wait_s, is_too_fast)


async def test_a_held_poll_is_judged_by_when_it_came(world: World) -> None:
    sign_in = await world.sign_in()
    await polls_after(sign_in, 0, 1)
    world.passed_s += 1
    await answered(sign_in, RELEASE)
    await polls_after(sign_in, 1)
    assert [wait[0] for wait in story_of(sign_in).cadence.waits] == [1, 1, 1]


@pytest.mark.parametrize(
    ("how", "more", "line"),
    [
        (DENY, {}, "held 12 s, access_denied"),
        (SLOW_DOWN, {}, "held 12 s, slow_down"),
        (RELEASE, {}, "held 12 s, authorization_pending"),
        (FAULT, {"fault": "expired-token"}, "held 12 s, expired-token"),
        (EDIT, {}, "held 12 s, edited answer"),
        (EDIT, {"is_done": True}, "held 12 s, edited answer, authorization_pending"),
    ],
)
async def test_a_held_poll_is_one_line_with_its_answer(
    how: str, more: dict[str, Any], line: str, world: World
) -> None:
    sign_in = await world.sign_in()
    await polls_after(sign_in, 0)
    await answered(sign_in, how, **more)
    assert lines(sign_in)[1:] == [(2, 2, Caught.HELD, line)]
    assert sign_in.device.polls == story_of(sign_in).timeline.polls == 2


async def test_a_held_poll_that_got_no_answer_is_told_too(world: World) -> None:
    dropped, gone = await world.sign_in(), await world.sign_in()
    async with held_poll(dropped) as (client, number):
        decide(world, number, DROP)
        await client.rest()
    async with held_poll(gone):
        pass
    await until(lambda: gone.device.polls == 1)
    assert lines(dropped) == [(1, 1, Caught.HELD, "held 12 s, dropped")]
    assert lines(gone) == [(1, 1, Caught.HELD, "held 12 s, client hung up")]


async def test_polls_answered_by_a_fault_are_counted_and_told_in_one_line(world: World) -> None:
    sign_in = await world.sign_in()
    inject(world, "expired-token", times=3)
    assert await polls_after(sign_in, 0, 1, 1, 1) == [
        *["expired_token"] * 3,
        "authorization_pending",
    ]
    assert lines(sign_in) == [
        (1, 3, Caught.SPOILT, "expired-token"),
        (4, 4, None, "authorization_pending"),
    ]
    assert story_of(sign_in).timeline.moments[-2].answer_word == "expired_token"
    assert sign_in.device.polls == 4
    assert [wait[0] for wait in story_of(sign_in).cadence.waits] == [1, 1, 1]


async def test_a_fault_around_the_true_answer_counts_once_and_says_both(world: World) -> None:
    sign_in = await world.sign_in()

    async def pass_time(span_s: float) -> None:
        world.passed_s += span_s

    pause_by(world.server, pass_time)
    inject(world, "delay", seconds=3)
    await polls_after(sign_in, 0, 2)
    inject(world, "lost-success")
    world.do(Approve(sign_in.user_code))
    async with connected(world.port) as client:
        await client.send(request(body=as_json(sign_in.body()), port=world.port))
        await client.rest()
    assert [line[2:] for line in lines(sign_in)] == [
        (Caught.SPOILT, "delay, authorization_pending"),
        (None, "authorization_pending"),
        (Caught.SPOILT, "lost-success, token issued"),
    ]
    assert sign_in.device.polls == 3
    assert story_of(sign_in).cadence.waits[0][0] == 5  # from start to start


async def test_a_poll_that_is_brought_twice_is_judged_once(world: World) -> None:
    sign_in = await world.sign_in()
    await polls_after(sign_in, 0, 1)
    inject(world, "duplicate")
    await polls_after(sign_in, 1, 1)
    cadence = story_of(sign_in).cadence
    assert [wait[0] for wait in cadence.waits] == [1, 1, 1]
    assert cadence.early_polls == 0


async def tries(sign_in: SignIn, *tries: tuple[float, str, int]) -> list[str]:
    """What tries of an SDK are told: each comes so much later, and has its call's id and its number."""
    told = []
    for wait_s, invocation, attempt in tries:
        sign_in.world.passed_s += wait_s
        answer = await sign_in.world.call(
            "POST",
            "/token",
            sign_in.body(),
            f"amz-sdk-invocation-id: {invocation}",
            f"Amz-Sdk-Request: attempt={attempt}; max=3",
        )
        told.append(answer.json()["error"])
    return told


@pytest.mark.parametrize("profile", ["aws", "rfc"])
@pytest.mark.parametrize("caught", [1, 2])
async def test_what_an_sdk_sends_again_after_a_failure_is_no_poll_too_early(
    profile: str, caught: int
) -> None:
    async with open_world(profile=profile, interval=5) as world:
        sign_in = await world.sign_in()
        await tries(sign_in, (0, "a", 1), (5, "b", 1))
        inject(world, "server-error", times=caught)
        told = await tries(sign_in, (5, "c", 1), (0.4, "c", 2), (0.9, "c", 3), (5, "d", 1))
        assert told == ["server_error"] * caught + ["authorization_pending"] * (4 - caught)
        assert story_of(sign_in).cadence.early_polls == 0
        assert [wait[0] for wait in story_of(sign_in).cadence.waits][:2] == [5, 5]
        assert sign_in.device.polls == 6


async def test_a_client_cannot_call_each_poll_a_second_try(world: World) -> None:
    sign_in = await world.sign_in()
    await tries(sign_in, (0, "a", 1), (1, "b", 1))
    await tries(sign_in, *[(0.1, f"c{n}", 2) for n in range(5)])
    assert story_of(sign_in).cadence.early_polls == 4, (
        "all but the first, whose first try may be lost"
    )


async def test_the_screen_says_too_fast_of_what_the_rfc_profile_throttles_and_of_nothing_else() -> (
    None
):
    async with open_world(profile="rfc") as world:
        sign_in = await world.sign_in()
        seen = []
        for wait_s in (0, 2, 4, 6, 20, 19, 12, 25):
            (told,) = await polls_after(sign_in, wait_s)
            cadence = story_of(sign_in).cadence
            seen.append((told == "slow_down", cadence.is_too_fast, cadence.announced_s))
    assert seen == [
        (False, False, 5),
        (True, True, 10),
        (True, True, 15),
        (True, True, 20),
        (False, False, 20),
        (False, False, 20),
        (True, True, 25),
        (False, False, 25),
    ]


async def test_a_stranger_with_a_wrong_secret_is_no_poll_of_the_device(world: World) -> None:
    sign_in = await world.sign_in()
    inject(world, "server-error")
    await sign_in.poll(clientId="another")
    assert lines(sign_in) == []
    inject(world, "delay")
    pause_by(world.server, no_time)
    assert await sign_in.outcome(clientSecret="wrong") == "invalid_client"
    assert lines(sign_in) == []


async def no_time(_span_s: float) -> None:
    """A pause that is over at once."""


async def test_what_the_client_was_told_by_hand_counts_as_heard() -> None:
    async with open_world() as world:
        sign_in = await world.sign_in()
        await answered(sign_in, DENY)
        world.do(Deny(sign_in.user_code))
        assert story_of(sign_in).timeline.moments[-2].answer_word == "access_denied"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"error":7}', b'{"error":"aoaAAAA"}', b"[" * 100_000, b"\xff"]
)
def test_a_body_without_an_error_code_tells_none(body: bytes) -> None:
    assert error_of(body) == ""
