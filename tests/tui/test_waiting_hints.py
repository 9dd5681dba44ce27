"""What the screen says of requests that wait, and of polls that lay in wait: who, how long, what next."""

from typing import Any

import pytest

from oidc_sim.engine.arrival import Detour, HeldDecision, Target
from oidc_sim.engine.commands import AddRule, AnswerPoll, DecideHeld, EndHeld, PauseHeld
from oidc_sim.engine.held import BY_ITSELF, EXPIRE
from oidc_sim.faults.catalogue import fault_rule
from oidc_sim.testing.scenario import URL, DeviceFlow, Program, Scenario
from oidc_sim.tui.inspector.device import Place
from oidc_sim.tui.inspector.panel import Subject, View, about
from oidc_sim.tui.lists.clients import ClientRows
from oidc_sim.tui.lists.requests import waiting_outcome
from oidc_sim.tui.panels import Panel
from tests.tui.showing import NARROW, WIDE, Shown, showing
from tests.tui.test_hold_keys import held, waiting
from tests.tui.waiting_requests import arrive

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE])
INSPECTOR = Place(38, URL)
"""As wide as beside the lists in 120 columns."""


def told(scenario: Scenario, of: DeviceFlow | Program | int, place: Place = INSPECTOR) -> list[str]:
    """The inspector's lines about a device code, a client or a request."""
    match of:
        case DeviceFlow():
            subject = Subject(Panel.DEVICES, of.user_code)
        case Program():
            subject = Subject(Panel.CLIENTS, of.client_id)
        case _:
            subject = Subject(Panel.REQUESTS, of)
    lines = about(scenario.simulator, subject, View.TIMELINE, place)
    return ["".join(span.text for span in line.spans) for line in lines]


def answer(
    scenario: Scenario, program: Program, sign_in: DeviceFlow, told: str, **how: Any
) -> None:
    """A poll that was caught a moment ago gets an answer that was not decided."""
    detour = Detour(tick=scenario.simulator.now().tick, **how)
    command = AnswerPoll(
        user_code=sign_in.user_code,
        client_id=program.client_id,
        detour=detour,
        answer_word=told,
        error=told.replace("-", "_"),
    )
    scenario.simulator.dispatch(command)


def answer_held(scenario: Scenario, number: int, decision: str) -> None:
    """What the gate does once it is decided."""
    simulator = scenario.simulator
    simulator.dispatch(DecideHeld(number=number, decision=HeldDecision(how=decision)))
    simulator.dispatch(EndHeld(number=number, how=decision))
    pending = simulator.log.exchanges.get(number)
    assert pending is not None
    simulator.complete(pending._replace(status=400, outcome="expired_token"))


def test_the_story_has_a_line_for_each_poll_that_was_caught() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    program.poll(sign_in)
    answer(scenario, program, sign_in, "expired-token", fault="expired-token")
    answer(scenario, program, sign_in, "expired-token", fault="expired-token")
    answer(scenario, program, sign_in, "access_denied", held_s=12.0)
    story = told(scenario, sign_in)
    at = story.index(next(it for it in story if "timeline" in it))
    assert [it[10:].rstrip() for it in story[at + 1 : at + 4]] == [
        "poll 4      ‖ 12s, denied",
        "polls 2\N{EN DASH}3   ↯ expired-token",
        "poll 1      pending",
    ]


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        ("authorization_pending", "pending"),
        ("access_denied", "denied"),
        ("expired_token", "expired"),
        ("slow_down", "slow_down"),
        ("client hung up", "hung up"),
        ("edited answer", "edited"),
        ("dropped", "dropped"),
    ],
)
def test_in_the_narrow_inspector_a_held_poll_takes_one_line(outcome: str, line: str) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    answer(scenario, program, sign_in, outcome, held_s=12.0)
    (poll,) = [it for it in told(scenario, sign_in) if "poll 1 " in it]
    assert poll.endswith(f"‖ 12s, {line}")
    assert len(poll) <= INSPECTOR.width


def test_where_there_is_room_a_held_poll_says_so_in_words() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    answer(scenario, program, sign_in, "access_denied", held_s=12.0)
    lines = told(scenario, sign_in, Place(60, URL))
    assert any(it.endswith("‖ held 12 s, access_denied") for it in lines)


async def test_a_code_that_a_fault_called_expired_is_noted_as_told() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await shown.press("e")
        assert "not told" in shown.selected
        answer(scenario, program, sign_in, "expired-token", fault="expired-token")
        await shown.settle()
        assert "told" in shown.selected
        assert "not told" not in shown.selected


async def test_a_client_whose_request_waits_is_not_silent_and_is_seen_now() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    program.poll(sign_in, 3)
    async with showing(scenario) as shown:
        number = await held(shown, program, sign_in)
        scenario.wait(20)
        await shown.settle()
        assert "silent" not in shown.text
        assert ClientRows(scenario.simulator).cells(0).cells[-1] == "now"
        assert any("waits for an answer" in it for it in told(scenario, program))
        answer_held(scenario, number, EXPIRE)
        assert ClientRows(scenario.simulator).cells(0).cells[-1] == "20s ago"
        await shown.settle()
        assert "silent" in shown.text


def test_what_was_caught_was_seen() -> None:
    """Whatever answers it, and even when its connection is closed."""
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    scenario.wait(30)
    client = scenario.simulator.state.clients[program.client_id]
    assert client.last_seen_at < scenario.simulator.now().at
    scenario.simulator.dispatch(fault_rule("drop", {}, Target()))
    arrive(scenario, program, sign_in)
    assert client.last_seen_at == scenario.simulator.now().at


async def wait_and_pause(shown: Shown, number: int) -> None:
    shown.scenario.wait(24)
    shown.scenario.simulator.dispatch(PauseHeld(number=number, is_paused=True))
    shown.scenario.wait(24)
    await shown.settle()


@SIZES
async def test_a_hold_says_that_it_ends_by_itself_and_when_it_stands_still(
    size: tuple[int, int],
) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, size) as shown:
        number = await held(shown, program, sign_in)
        assert "held 0:00 of 0:30" in shown.text
        await wait_and_pause(shown, number)
        assert "paused 0:24 of 0:30" in shown.text
        facts = told(scenario, number)
        assert any("paused 0:24 of 0:30" in it for it in facts)
        assert not any("took" in it for it in facts)


def test_a_request_with_its_answer_waits_for_nothing() -> None:
    scenario = Scenario()
    waiting(scenario)
    exchange = scenario.simulator.log.exchanges.get(1)
    assert exchange is not None
    assert waiting_outcome(scenario.simulator, exchange) is None


@SIZES
async def test_a_release_by_itself_is_told(size: tuple[int, int]) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, size) as shown:
        number = await held(shown, program, sign_in)
        scenario.wait(30)
        decision = HeldDecision(how=BY_ITSELF)
        scenario.simulator.dispatch(DecideHeld(number=number, decision=decision))
        await shown.settle()
        assert shown.hint == f"#{number} was let go by itself: nobody decided within 30 s."


@SIZES
async def test_while_a_poll_is_held_the_line_says_which_keys_answer_it(
    size: tuple[int, int],
) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, size) as shown:
        number = await held(shown, program, sign_in)
        sentence = (
            f"#{number} waits: d denies it alone, a approves {sign_in.user_code}, r lets it go."
        )
        assert shown.hint == sentence
        await shown.press("3", "end")
        assert shown.hint == sentence
        scenario.decide("deny", sign_in.user_code)
        scenario.wait(11)
        await shown.settle()
        assert shown.hint.startswith(f"#{number} waits: d denies it alone, r lets it go.")


async def test_of_several_the_line_says_how_many_wait() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await held(shown, program, sign_in)
        scenario.simulator.dispatch(rule_for(sign_in))
        await held_again(shown, program, sign_in)
        assert shown.hint.startswith("2 wait: d denies all alone, a approves")
        await shown.press("1")
        assert shown.hint.startswith("2 wait: ")


async def test_what_asks_for_no_token_can_be_let_go_edited_or_dropped() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        scenario.simulator.dispatch(rule_for(sign_in))
        number = await held_again(shown, program, sign_in, "ListAccounts")
        assert shown.hint == f"#{number} waits: r lets it go, E writes an answer, x hangs up."


def rule_for(sign_in: DeviceFlow) -> AddRule:
    return AddRule(target=Target(user_code=sign_in.user_code))


async def held_again(
    shown: Shown, program: Program, sign_in: DeviceFlow, operation: str = "CreateToken"
) -> int:
    number = arrive(shown.scenario, program, sign_in, operation)
    assert number is not None
    await shown.settle()
    return number


@SIZES
@pytest.mark.parametrize(("key", "word"), [("d", "deny"), ("e", "expire")])
async def test_taking_back_what_the_client_was_told_says_so(
    key: str, word: str, size: tuple[int, int]
) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, size) as shown:
        await shown.press(key, "u")
        assert shown.hint == f"took back {word} {sign_in.user_code}; it is pending now."
        await shown.press(key)
        program.poll(sign_in)
        await shown.press("u")
        assert shown.hint == (
            f"took back {word} {sign_in.user_code}; pending now; its client was told, may have quit."
        )
        program.poll(sign_in)
        await shown.settle()
        assert "may have quit" not in shown.hint
