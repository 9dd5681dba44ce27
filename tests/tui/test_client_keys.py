"""``e`` on a client ends its registration, and ``u`` there takes that back."""

import pytest

from oidc_sim.engine.commands import ExpireClient
from oidc_sim.engine.model import Actor, Client, DeviceState
from oidc_sim.testing.scenario import Scenario
from tests.tui.showing import NARROW, WIDE, Shown, showing

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


def only_client(scenario: Scenario) -> Client:
    (client,) = scenario.simulator.state.clients.values()
    return client


def is_dim(shown: Shown, key_id: str) -> bool:
    return key_id in shown.screen.decide.dimmed()


@SIZES
async def test_e_ends_it_and_u_takes_that_back(size: tuple[int, int]) -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    async with showing(scenario, size) as shown:
        await shown.press("1")
        assert not is_dim(shown, "device.expire")
        assert is_dim(shown, "device.undo")
        await shown.press("e")
        assert only_client(scenario).was_expired
        assert shown.hint.startswith("expired client ")
        assert "it is told invalid_client." in shown.hint
        assert "u undo expire client" in shown.hint
        assert not is_dim(shown, "device.undo")
        assert program.poll(sign_in)["error"] == "invalid_client"
        await shown.press("u")
        assert not only_client(scenario).was_expired
        assert shown.hint.startswith("restored client ")
        assert program.poll(sign_in)["error"] == "authorization_pending"


@SIZES
async def test_its_row_and_its_page_say_that_it_is_over(size: tuple[int, int]) -> None:
    scenario = Scenario()
    scenario.register("aws-cli")
    async with showing(scenario, size) as shown:
        await shown.press("1", "e")
        scenario.wait(1)
        await shown.settle()
        assert " over " in shown.selected
        await shown.press("enter")
        assert "over before its time" in shown.text


async def test_from_the_inspector_it_is_about_the_client_that_is_shown() -> None:
    scenario = Scenario()
    scenario.register("aws-cli")
    async with showing(scenario, NARROW) as shown:
        await shown.press("1", "enter", "e")
        assert only_client(scenario).was_expired


async def test_a_second_time_it_says_why_not() -> None:
    scenario = Scenario()
    scenario.register("aws-cli")
    async with showing(scenario) as shown:
        await shown.press("1", "e", "e")
        assert shown.hint.startswith("the registration is expired already")


async def test_without_a_client_it_says_so() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("1", "e")
        assert shown.hint == "no client selected"


async def test_where_no_client_was_ended_u_is_about_device_codes_as_ever() -> None:
    scenario = Scenario()
    sign_in = scenario.register("aws-cli").start()
    async with showing(scenario) as shown:
        await shown.press("d", "1", "u")
        device = scenario.simulator.state.devices[sign_in.user_code]
        assert device.state(scenario.clock.wall()) is DeviceState.PENDING
        assert shown.hint.startswith("took back deny")


async def test_in_a_window_without_room_for_the_client_nothing_is_done() -> None:
    scenario = Scenario()
    scenario.register("aws-cli")
    async with showing(scenario) as shown:
        await shown.press("1")
        await shown.pilot.resize_terminal(40, 10)
        await shown.press("e")
        assert not only_client(scenario).was_expired


async def test_nor_is_it_taken_back_there() -> None:
    scenario = Scenario()
    scenario.register("aws-cli")
    async with showing(scenario) as shown:
        await shown.press("1", "e")
        await shown.pilot.resize_terminal(40, 10)
        await shown.press("u")
        assert only_client(scenario).was_expired
        await shown.pilot.resize_terminal(120, 40)
        await shown.press("u")
        assert not only_client(scenario).was_expired


async def test_what_a_script_ended_is_told() -> None:
    scenario = Scenario()
    scenario.register("aws-cli")
    async with showing(scenario) as shown:
        scenario.wait(20)
        command = ExpireClient(client_id=only_client(scenario).client_id, by=Actor.SCRIPT)
        scenario.simulator.dispatch(command)
        await shown.settle()
        assert shown.hint.startswith("client ")
        assert "expired by the script." in shown.hint
