"""What lies in wait, added over the control API: what is taken, and what is refused in which words."""

from typing import Any

import pytest

from tests.server.world import World


async def refused(world: World, path: str, wish: Any) -> str:
    answer = await world.control("POST", path, wish)
    assert answer.status == 400, answer
    assert not world.simulator.state.rules
    reason: str = answer.json()["reason"]
    return reason


@pytest.mark.parametrize("seconds", [10**400, "9" * 400, "[" * 50_000, -1, "soon"])
async def test_a_number_out_of_bounds_is_refused_with_its_bounds(
    seconds: Any, world: World
) -> None:
    wish = {"fault": "delay", "settings": {"seconds": seconds}, "operation": "CreateToken"}
    told = "seconds of delay is a number from 0 to 3600"
    assert await refused(world, "faults", wish) == told


@pytest.mark.parametrize("name", ["skip", "times", "ttl_s", "probability", "seed"])
@pytest.mark.parametrize("path", ["holds", "faults"])
async def test_no_number_is_too_large_to_be_refused(path: str, name: str, world: World) -> None:
    wish = {"fault": "drop"} if path == "faults" else {}
    await refused(world, path, {**wish, name: 10**400})


async def test_a_fault_that_is_none_is_said_before_anything_else(world: World) -> None:
    assert "no fault is called nope;" in await refused(world, "faults", {"fault": "nope"})


async def test_settings_are_kept_in_the_types_of_their_parameters(world: World) -> None:
    settings = {"status": "503", "body": "5"}
    wish = {"fault": "custom", "settings": settings, "operation": "CreateToken"}
    view = (await world.control("POST", "faults", wish)).json()
    assert view["settings"] == {"status": 503, "body": "5"}


async def test_a_hold_takes_chance_and_seed(world: World) -> None:
    wish = {"operation": "CreateToken", "probability": 0.5, "seed": 3}
    view = (await world.control("POST", "holds", wish)).json()
    assert (view["probability"], view["seed"]) == (0.5, 3)


@pytest.mark.parametrize("path", ["holds", "faults"])
async def test_an_operation_that_is_none_is_refused_with_those_that_are(
    path: str, world: World
) -> None:
    wish = {"operation": "Crate", **({"fault": "drop"} if path == "faults" else {})}
    reason = await refused(world, path, wish)
    assert reason.startswith("there is no operation Crate; there are RegisterClient, ")
    assert "Authorize" in reason


async def test_an_operation_is_understood_in_any_case(world: World) -> None:
    view = (await world.control("POST", "holds", {"operation": "createtoken"})).json()
    assert view["operation"] == "CreateToken"


@pytest.mark.parametrize("path", ["holds", "faults"])
async def test_a_code_that_nobody_has_is_refused(path: str, world: World) -> None:
    wish = {"user_code": "nope", **({"fault": "drop"} if path == "faults" else {})}
    answer = await world.control("POST", path, wish)
    assert (answer.status, answer.json()["reason"]) == (404, "no code NOPE is known")
    assert not world.simulator.state.rules


async def test_a_client_is_named_by_its_id(world: World) -> None:
    assert "takes wildcards" in await refused(world, "holds", {"client_id": "*"})


@pytest.mark.parametrize("text", ["*", "**", "!zz", "op:*", "!zz | client:aws", "!state:approved"])
async def test_a_filter_that_catches_nearly_everything_is_asked_about(
    text: str, world: World
) -> None:
    reason = await refused(world, "holds", {"filter": text})
    assert reason.startswith("this filter names nothing that a request must have")
    answer = await world.control("POST", "holds", {"filter": text, "all": True})
    assert answer.status == 200


async def test_a_rule_past_its_time_is_over_before_anybody_noted_it(world: World) -> None:
    wish = {"operation": "CreateToken", "ttl_s": 5}
    assert (await world.control("POST", "holds", wish)).status == 200
    world.passed_s = 5.2
    (view,) = (await world.control("GET", "rules")).json()["rules"]
    assert view["over_because"] == "its time is over"
    answer = await world.control("POST", "rules/1/resume")
    assert (answer.status, answer.json()["reason"]) == (409, "rule 1 is over: its time is over")
