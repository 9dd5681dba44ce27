"""``u`` takes back a hold or fault that has caught nothing, last decision first."""

import pytest

from oidc_sim.engine.model import DeviceState
from oidc_sim.testing.scenario import DeviceFlow, Program, Scenario
from tests.tui.showing import NARROW, WIDE, showing
from tests.tui.waiting_requests import arrive

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
WAYS = pytest.mark.parametrize(
    ("keys", "name"),
    [(("i", "5"), "fault server-error"), (("space",), "hold"), (("H", "1"), "hold")],
    ids=["i", "space", "H"],
)


def waiting(scenario: Scenario) -> tuple[Program, DeviceFlow]:
    program = scenario.register("aws-cli")
    return program, program.start()


def is_approved(scenario: Scenario, sign_in: DeviceFlow) -> bool:
    device = scenario.simulator.state.devices[sign_in.user_code]
    return device.decision is DeviceState.APPROVED


@SIZES
@WAYS
async def test_u_removes_what_has_caught_nothing_and_says_so(
    size: tuple[int, int], keys: tuple[str, ...], name: str
) -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, size) as shown:
        await shown.press(*keys)
        assert shown.hint.endswith("u undo")
        await shown.press("u")
        assert not scenario.simulator.state.rules
        assert shown.hint.startswith(f"took back {name}")
        assert "it caught nothing." in shown.hint
        await shown.press("u")
        assert shown.hint.startswith("nothing")


@SIZES
@WAYS
async def test_what_has_fired_stays_and_no_older_approval_goes(
    size: tuple[int, int], keys: tuple[str, ...], name: str
) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, size) as shown:
        await shown.press("a", *keys)
        number = scenario.simulator.log.exchanges.seen + 1
        arrive(scenario, program, sign_in)
        await shown.settle()
        assert "u undo" not in shown.hint
        await shown.press("u")
        assert shown.hint.startswith(f"{name} caught #{number} already at ")
        assert len(scenario.simulator.state.rules) == 1
        assert is_approved(scenario, sign_in)


async def test_once_that_was_said_the_selected_codes_own_decision_is_taken_back() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("a", "H", "1")
        arrive(scenario, program, sign_in)
        await shown.press("u")
        assert "; I ends what is left" in shown.hint
        assert f"u undo approve {sign_in.user_code}" in shown.hint
        await shown.press("u")
        assert not is_approved(scenario, sign_in)


async def test_another_codes_approval_goes_only_after_the_hint_named_it() -> None:
    scenario = Scenario()
    _, first = waiting(scenario)
    program, second = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("end", "a", "home", "space")
        arrive(scenario, program, second)
        await shown.press("u")
        assert "hold caught #" in shown.hint
        assert shown.hint.endswith(f"u undo approve {first.user_code}")
        assert is_approved(scenario, first)
        await shown.press("u")
        assert not is_approved(scenario, first)


async def test_it_is_said_once_whatever_was_done_since() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("space")
        arrive(scenario, program, sign_in)
        await shown.press("u")
        assert "hold caught #" in shown.hint
        await shown.press("t", "1", "u")
        assert shown.hint.startswith("nothing")


async def test_decisions_are_taken_back_in_order() -> None:
    scenario = Scenario()
    _, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("space", "a", "u")
        assert not is_approved(scenario, sign_in)
        assert len(scenario.simulator.state.rules) == 1
        await shown.press("u")
        assert not scenario.simulator.state.rules


async def test_the_last_rule_goes_before_an_older_approval() -> None:
    scenario = Scenario()
    _, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("a", "i", "5", "u")
        assert is_approved(scenario, sign_in)
        assert not scenario.simulator.state.rules
        await shown.press("u")
        assert not is_approved(scenario, sign_in)


async def test_of_a_rule_and_an_ended_client_the_later_is_taken_back() -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, WIDE) as shown:
        await shown.press("1", "space", "e", "u")
        assert shown.hint.startswith("restored client")
        assert len(scenario.simulator.state.rules) == 1
        await shown.press("u")
        assert not scenario.simulator.state.rules
        await shown.press("e", "space", "u")
        assert not scenario.simulator.state.rules
        assert "u undo expire client" in shown.hint


async def test_what_is_over_by_itself_stands_in_nobodys_way() -> None:
    scenario = Scenario()
    _, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("a", "space")
        (rule,) = scenario.simulator.state.rules.values()
        rule.over_because = "its time is over"
        await shown.press("u")
        assert not is_approved(scenario, sign_in)
        assert shown.hint.startswith("took back approve")
