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
