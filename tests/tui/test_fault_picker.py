"""``i``: whom a fault is for, how often, by what chance and how long, in the words of ``ctl``."""

import pytest

from oidc_sim.engine.arrival import Rule, Target, Trigger
from oidc_sim.testing.scenario import DeviceFlow, Program, Scenario
from tests.tui.showing import NARROW, WIDE, Shown, showing
from tests.tui.waiting_requests import arrive

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
SEED = 42
"""Of the scenario's desk: what chance starts from."""


def waiting(scenario: Scenario) -> tuple[Program, DeviceFlow]:
    program = scenario.register("aws-cli")
    return program, program.start()


def rule_of(shown: Shown) -> Rule:
    (rule,) = shown.scenario.simulator.state.rules.values()
    return rule


async def write(shown: Shown, *keys: str) -> None:
    await shown.press(*keys)
    await shown.pilot.pause()  # a line tells of its changes by messages
    await shown.settle()


@pytest.mark.parametrize("size", [(61, 24), NARROW, WIDE], ids=["61x24", "80x24", "120x40"])
async def test_it_says_which_held_request_it_answers_and_how_to_leave(
    size: tuple[int, int],
) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, size) as shown:
        await shown.press("space")
        number = arrive(scenario, program, sign_in)
        await write(shown, "i")
        assert f"answers #{number} now" in shown.text
        assert "esc cancel ━┛" in shown.text
        await write(shown, "s")
        assert f"answers #{number} now" not in shown.text


@SIZES
async def test_scopes_go_from_the_device_to_what_a_filter_means(size: tuple[int, int]) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    targets = (
        ("this device, ", Target(user_code=sign_in.user_code)),
        ("this client, aws-cli", Target(client_id=program.client_id)),
        ("CreateToken only", Target(operation="CreateToken")),
    )
    for presses, (label, target) in enumerate(targets):
        async with showing(scenario, size) as shown:
            await shown.press("i", *"s" * presses)
            assert label in shown.text
            await shown.press("5")
            assert list(scenario.simulator.state.rules.values())[-1].target == target


async def test_the_operation_of_a_selected_request_is_the_one_that_is_meant() -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await shown.press("3", "end", "i", "s", "s")
        assert "StartDeviceAuthorization only" in shown.text


async def test_an_operation_that_is_not_served_is_none_that_a_rule_could_mean() -> None:
    scenario = Scenario()
    waiting(scenario)
    exchanges = scenario.simulator.log.exchanges
    other = exchanges.get(exchanges.seen)
    assert other is not None
    named = other._replace(number=exchanges.seen + 1, operation="s3 ListBuckets", client_id=None)
    scenario.simulator.record(named._replace(user_code=None))
    async with showing(scenario, NARROW) as shown:
        await shown.press("3", "end", "i")
        assert "s3 ListBuckets" not in shown.text
        assert "whatever the filter means" in shown.text


@pytest.mark.parametrize(("presses", "often"), [(0, None), (1, 1), (2, 2)])
async def test_a_fault_that_remembers_is_for_all_requests_until_t_says_otherwise(
    presses: int, often: int | None
) -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await write(shown, "i")
        assert "t  1 time" in shown.text
        await write(shown, "slash", *"quota")
        assert "t  always" in shown.text
        await write(shown, "escape", *"t" * presses, "enter")
        assert (rule_of(shown).fault, rule_of(shown).trigger.times) == ("quota", often)


@SIZES
async def test_a_whole_trigger_is_typed_and_said_in_english(size: tuple[int, int]) -> None:
    scenario = Scenario()
    _, sign_in = waiting(scenario)
    async with showing(scenario, size) as shown:
        await write(shown, "i", "plus")
        await write(shown, *"times=3 skip=2 p=0.5 for=10m op=createtoken")
        assert "↯ the next 3 CreateToken requests of" in shown.text
        await shown.press("enter")
        rule = rule_of(shown)
        assert rule.fault == "slow-down"
        assert rule.trigger == Trigger(times=3, skip=2, probability=0.5, seed=SEED)
        assert rule.target == Target(user_code=sign_in.user_code, operation="CreateToken")


async def test_a_digit_takes_what_was_typed_with_it() -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await write(shown, "i", "plus")
        await write(shown, *"skip=1 seed=7 for=8h")
        await shown.press("escape", "5")
        assert rule_of(shown).fault == "server-error"
        assert rule_of(shown).trigger == Trigger(skip=1, seed=7, lifetime_s=28_800.0)


async def test_words_of_the_rule_are_taken_among_the_settings_and_the_other_way_round() -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await write(shown, "i", "slash")
        await write(shown, *"delay the")
        await write(shown, "escape", "plus")
        await write(shown, *"seconds=2")
        await write(shown, "escape", "equals_sign")
        await write(shown, *["backspace"] * 20, *"skip=4")
        await shown.press("enter")
        assert rule_of(shown).settings == {"seconds": 2}
        assert rule_of(shown).trigger.skip == 4


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("times=0", "times is a number from 1"),
        ("filter=client:(", "filter, after 7 characters: expected"),
        ("tims=3", "there is no tims; there is times skip"),
        ("for=ever", "for: type a time such as 45s"),
    ],
)
async def test_what_is_not_clear_is_one_line_and_injects_nothing(line: str, said: str) -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await write(shown, "i", "plus")
        await write(shown, *line)
        assert said in shown.text
        await shown.press("enter")
        await shown.press("escape", "5")
        assert not scenario.simulator.state.rules


@SIZES
async def test_what_would_spoil_everything_asks_first(size: tuple[int, int]) -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, size) as shown:
        await shown.press("i", "y", "s", "s", "s", "5")
        assert "every request of every client" in shown.text
        await shown.press("n")
        assert not scenario.simulator.state.rules
        assert "every request of every client" not in shown.text
        await shown.press("y")
        assert not scenario.simulator.state.rules
        await shown.press("5", "y")
        assert rule_of(shown).target.is_everything
        assert rule_of(shown).fault == "server-error"
        assert shown.hint.startswith("↯ the next request gets server error")


async def test_a_filter_is_a_scope_and_needs_no_question() -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await write(shown, "i", "s", "s", "s", "plus")
        await write(shown, *'filter="client:aws* ip:127.*" times=always')
        await shown.press("enter")
        assert rule_of(shown).target.filter.text == "client:aws* ip:127.*"
        assert rule_of(shown).trigger.times is None


async def test_a_wider_scope_lies_in_wait_where_a_held_request_is_selected() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("space")
        number = arrive(scenario, program, sign_in)
        await shown.press("i", "s", "5")
        assert scenario.simulator.state.held[number or 0].decision is None
        rules = scenario.simulator.state.rules.values()
        assert [it.target for it in rules if it.fault] == [Target(client_id=program.client_id)]


async def test_a_request_of_no_device_offers_its_client_and_its_operation() -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await shown.press("3", "home", "i")
        assert "this client, aws-cli" in shown.text
        await shown.press("s")
        assert "RegisterClient only" in shown.text


async def test_a_held_request_of_no_device_is_answered() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("space")
        number = arrive(scenario, program, sign_in, "StartDeviceAuthorization")
        await shown.press("3", "end", "i", "5")
        decision = scenario.simulator.state.held[number or 0].decision
        assert decision is not None
        assert decision.fault == "server-error"


async def test_an_aim_that_the_fault_can_never_meet_is_told_in_the_dialog() -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await write(shown, "i", "plus")
        await write(shown, *"op=RegisterClient")
        await shown.press("escape", "4")
        assert "invalid-grant is for" in shown.text
        assert not scenario.simulator.state.rules
