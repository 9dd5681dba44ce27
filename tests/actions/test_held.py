"""Holds over the control API: what lies in wait, and what becomes of what is held."""

import asyncio
from typing import Any

import pytest

from tests.server.raw_http import RawAnswer
from tests.server.world import SignIn, World
from tests.waiting import until


async def hold(world: World, **wish: Any) -> dict[str, Any]:
    answer = await world.control("POST", "holds", wish)
    assert answer.status == 200, answer
    view: dict[str, Any] = answer.json()
    return view


async def poll_held(sign_in: SignIn) -> tuple[asyncio.Future[RawAnswer], int]:
    """A poll that is held, and its number."""
    polling = asyncio.ensure_future(sign_in.poll())
    held = sign_in.world.simulator.state.held
    await until(lambda: len(held) == 1)
    return polling, next(iter(held))


async def test_a_hold_is_added_listed_paused_and_removed(world: World) -> None:
    view = await hold(world, operation="CreateToken", skip=1, times=2, ttl_s=60)
    assert (view["id"], view["skip"], view["times"], view["ends_in_s"]) == (1, 1, 2, 60)
    listed = (await world.control("GET", "holds")).json()["holds"]
    assert listed == (await world.control("GET", "state")).json()["holds"] == [view]
    assert (await world.control("POST", "holds/1/pause")).json() == {"id": 1, "is_paused": True}
    assert (await world.control("GET", "holds")).json()["holds"][0]["is_paused"]
    assert (await world.control("POST", "holds/1/resume")).json()["is_paused"] is False
    assert (await world.control("DELETE", "holds/1")).json() == {"id": 1, "removed": True}
    assert (await world.control("GET", "holds")).json() == {"holds": []}


async def test_everything_is_held_only_when_that_is_meant(world: World) -> None:
    refused = await world.control("POST", "holds")
    assert refused.status == 400
    assert '"all": true' in refused.json()["reason"]
    await hold(world, all=True, times=None)
    assert len(world.simulator.state.rules) == 1


@pytest.mark.parametrize(
    "wish",
    [
        {"operation": ""},
        {"operation": 7},
        {"operation": "CreateToken", "times": 0},
        {"operation": "CreateToken", "skip": -1},
        {"operation": "CreateToken", "ttl_s": 0},
        {"operation": "CreateToken", "ttl_s": 10**9},
        {"nonsense": 1},
        [],
        b"{",
    ],
)
async def test_what_makes_no_sense_is_refused_with_a_sentence(wish: Any, world: World) -> None:
    answer = await world.control("POST", "holds", wish)
    assert answer.status == 400
    assert answer.json()["reason"]
    assert world.simulator.state.rules == {}


@pytest.mark.parametrize("path", ["holds/7/pause", "holds/7/resume"])
async def test_an_unknown_hold_is_404(path: str, world: World) -> None:
    assert (await world.control("POST", path)).status == 404
    assert (await world.control("DELETE", "holds/7")).status == 404
    assert (await world.control("DELETE", "holds/x")).status == 404


async def test_the_next_request_of_a_device_is_held(world: World) -> None:
    sign_in, other = await world.sign_in(), await world.sign_in()
    typed = sign_in.user_code.lower().replace("-", "")
    view = (await world.control("POST", f"devices/{typed}/hold")).json()
    assert view["user_code"] == sign_in.user_code
    assert await other.outcome() == "authorization_pending"
    polling, number = await poll_held(sign_in)
    (shown,) = (await world.control("GET", "requests/held")).json()["held"]
    assert (shown["number"], shown["user_code"]) == (number, sign_in.user_code)
    assert (shown["operation"], shown["left_s"], shown["decision"]) == ("CreateToken", 30, None)
    assert (await world.control("GET", "state")).json()["held"] == [shown]
    done = await world.control("POST", f"requests/{number}/release")
    assert done.json() == {"number": number, "decision": "release"}
    assert (await polling).json()["error"] == "authorization_pending"


async def test_a_device_that_nobody_knows_is_404(world: World) -> None:
    assert (await world.control("POST", "devices/AAAA-BBBB/hold")).status == 404


@pytest.mark.parametrize(
    ("action", "status", "error"),
    [
        ("release", 400, "authorization_pending"),
        ("approve", 200, None),
        ("deny", 400, "access_denied"),
        ("expire", 400, "expired_token"),
        ("slow-down", 400, "slow_down"),
    ],
)
async def test_each_action_answers_the_held_request(
    action: str, status: int, error: str | None, world: World
) -> None:
    sign_in = await world.sign_in()
    await hold(world, user_code=sign_in.user_code)
    polling, number = await poll_held(sign_in)
    assert (await world.control("POST", f"requests/{number}/{action}")).status == 200
    answer = await polling
    assert (answer.status, answer.json().get("error")) == (status, error)


async def test_a_decision_is_made_once(world: World) -> None:
    sign_in = await world.sign_in()
    await hold(world, user_code=sign_in.user_code)
    polling, number = await poll_held(sign_in)
    assert (await world.control("POST", f"requests/{number}/release")).status == 200
    again = await world.control("POST", f"requests/{number}/drop")
    assert again.status == 409
    assert "released" in again.json()["reason"]
    await polling


@pytest.mark.parametrize("action", ["release", "drop", "approve", "deny", "edit", "fault"])
async def test_what_is_not_held_is_404(action: str, world: World) -> None:
    bodies = {"edit": {"status": 200}, "fault": {"fault": "x"}}
    wanted = 400 if action == "fault" else 404  # that nobody knows the fault comes first
    answer = await world.control("POST", f"requests/9/{action}", bodies.get(action, b""))
    assert answer.status == wanted


async def test_only_a_request_for_a_token_is_denied(world: World) -> None:
    await hold(world, operation="RegisterClient")
    registering = asyncio.ensure_future(world.register())
    await until(lambda: world.simulator.state.held)
    number = next(iter(world.simulator.state.held))
    for action in ("deny", "approve"):
        assert (await world.control("POST", f"requests/{number}/{action}")).status == 409
    assert (await world.control("POST", "requests/release-all")).json() == {"released": 1}
    await registering


async def test_an_answer_is_edited(world: World) -> None:
    sign_in = await world.sign_in()
    await hold(world, user_code=sign_in.user_code)
    polling, number = await poll_held(sign_in)
    wrong = {"status": 200, "headers": [["X-A", "b\r\nX-B: c"]]}
    assert (await world.control("POST", f"requests/{number}/edit", wrong)).status == 400
    assert (await world.control("POST", f"requests/{number}/edit", {"status": "x"})).status == 400
    wish = {"status": 202, "headers": [["X-A", "b"]], "body": "{}"}
    assert (await world.control("POST", f"requests/{number}/edit", wish)).status == 200
    answer = await polling
    assert (answer.status, answer.header("X-A"), answer.body) == (202, "b", b"{}")


async def test_a_hold_may_have_a_condition(world: World) -> None:
    sign_in = await world.sign_in()
    wrong = await world.control("POST", "holds", {"filter": "status>=400"})
    assert wrong.status == 400
    assert "filter" in wrong.json()["reason"]
    view = await hold(world, filter=f"op:CreateToken code:{sign_in.user_code}")
    assert view["filter"].startswith("op:CreateToken")
    polling, number = await poll_held(sign_in)
    await world.control("POST", f"requests/{number}/release")
    assert (await polling).status == 400
