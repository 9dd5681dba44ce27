"""The true answer of a held request is edited, checked and sent, and its time stands still meanwhile."""

import pytest
from textual.widgets import Input, TextArea

from oidc_sim.engine.arrival import Held, HeldDecision
from oidc_sim.engine.commands import DecideHeld, EndHeld
from oidc_sim.engine.held import EDIT, HUNG_UP, RELEASE
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.dialogs.answer_editor import AnswerEditor
from tests.tui.answer_editing import PENDING, editing, write
from tests.tui.showing import NARROW, WIDE, Shown, showing
from tests.tui.waiting_requests import arrive

DONE, NOT_DONE = "The request is done:", "The request is not done:"
NOTHING_HELD = "no held request selected"


def held(shown: Shown, number: int) -> Held:
    return shown.scenario.simulator.state.held[number]


def sent(shown: Shown, number: int) -> HeldDecision | None:
    return held(shown, number).decision


def is_open(shown: Shown) -> bool:
    return isinstance(shown.app.screen, AnswerEditor)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_what_nobody_changed_is_the_true_answer(size: tuple[int, int]) -> None:
    async with editing(size) as (shown, number):
        assert f"Answer #{number} CreateToken" in shown.text
        await shown.press("f2")
        decision = sent(shown, number)
        assert not is_open(shown)
        assert shown.hint == f"#{number} answered with an edited answer"
    assert decision is not None
    assert (decision.how, decision.status) == (EDIT, 400)
    assert decision.body == PENDING.partition(b"\r\n\r\n")[2]
    assert [name for name, _ in decision.headers] == [
        "Date",
        "Content-Type",
        "x-amzn-RequestId",
        "x-amzn-ErrorType",
    ]


async def test_status_headers_and_body_are_sent_as_written() -> None:
    async with editing() as (shown, number):
        await write(shown, status="418", headers="X-Tea: yes\n\nx-tea:no", body='{"a": "ü"}')
        await shown.press("f2")
        decision = sent(shown, number)
    assert decision == HeldDecision(
        how=EDIT,
        status=418,
        headers=(("X-Tea", "yes"), ("x-tea", "no")),
        body='{"a": "ü"}'.encode(),
        is_done=True,
        previewed=PENDING,
    )


async def test_the_line_at_the_end_sends_with_y_and_cancels_with_n() -> None:
    async with editing() as (shown, number):
        assert "y yes" not in shown.text  # there it would be typed
        await shown.press("tab", "tab", "tab", "enter")
        assert is_open(shown)
        assert "y yes  n no" in shown.text
        await shown.press("n")
        assert not is_open(shown)
        assert sent(shown, number) is None
        await shown.press("E", "tab", "tab", "tab", "y")
        assert not is_open(shown)
        assert sent(shown, number) is not None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": ""}, "a status is a number from 200 to 599"),
        ({"status": "99"}, "a status is a number from 200 to 599"),
        ({"headers": "no colon"}, "write headers as Name: value"),
        ({"headers": "X Y: z"}, "is no name of a header"),
        ({"headers": "X-Y: \u20ac"}, "has a character that no header may have"),
        ({"headers": "content-length: 5"}, "leave content-length out"),
        ({"headers": "Transfer-Encoding: chunked"}, "leave Transfer-Encoding out"),
        ({"status": "204"}, "has no body: empty it"),
    ],
)
async def test_what_cannot_be_sent_is_said_in_the_dialog(fields: dict[str, str], why: str) -> None:
    async with editing() as (shown, number):
        await write(shown, **fields)
        await shown.press("f2")
        assert is_open(shown)
        assert why in shown.text
        assert sent(shown, number) is None


async def test_json_that_is_none_is_sent_when_asked_twice() -> None:
    async with editing() as (shown, number):
        await write(shown, body="{")
        await shown.press("f2")
        assert "the body is no JSON" in shown.text
        assert "F2 again sends it" in shown.text
        assert sent(shown, number) is None
        await shown.press("f2")
        decision = sent(shown, number)
    assert decision is not None
    assert decision.body == b"{"


async def test_the_countdown_stands_still_while_it_is_open() -> None:
    async with editing() as (shown, number):
        scenario = shown.scenario
        left_s = held(shown, number).left_s(scenario.simulator.now().tick)
        scenario.wait(100)
        assert held(shown, number).left_s(scenario.simulator.now().tick) == left_s
        await shown.press("escape")
        assert not is_open(shown)
        scenario.wait(5)
        assert held(shown, number).left_s(scenario.simulator.now().tick) == left_s - 5


async def test_what_was_written_is_thrown_away_only_when_asked_twice() -> None:
    async with editing() as (shown, _):
        await write(shown, status="500")
        await shown.press("escape")
        assert "esc again throws it away" in shown.text
        await write(shown, status="501")
        await shown.press("escape")
        assert is_open(shown)
        await shown.press("escape")
        assert not is_open(shown)


async def test_a_client_that_hung_up_is_told_of_and_nothing_is_lost() -> None:
    async with editing() as (shown, number):
        await write(shown, status="500")
        simulator = shown.scenario.simulator
        simulator.dispatch(EndHeld(number=number, how=HUNG_UP))
        pending = simulator.log.exchanges.get(number)
        assert pending is not None
        simulator.complete(pending._replace(outcome="client hung up while held"))
        editor = shown.app.screen
        assert isinstance(editor, AnswerEditor)
        editor.look()
        await shown.settle()
        assert f"#{number} waits no more: client hung up while held" in shown.text
        await shown.press("f2")
        assert f"#{number} waits no more: client hung up while held" in shown.text
        assert is_open(shown)
        assert editor.query_one("#status", Input).value == "500"


async def test_one_that_somebody_released_meanwhile_is_not_answered_again() -> None:
    async with editing() as (shown, number):
        shown.scenario.simulator.dispatch(
            DecideHeld(number=number, decision=HeldDecision(how=RELEASE))
        )
        await shown.press("f2")
        assert f"#{number} waits no more: released" in shown.text
        decision = sent(shown, number)
    assert decision is not None
    assert decision.how == RELEASE


async def test_the_end_of_the_program_lets_the_countdown_go_on() -> None:
    async with editing() as (shown, number):
        assert held(shown, number).paused_tick is not None
    assert held(shown, number).paused_tick is None


async def test_an_answer_that_nobody_can_foretell_starts_empty_and_says_so() -> None:
    async with editing(truth=None) as (shown, number):
        assert "The true answer cannot be previewed" in shown.text
        await shown.press("f2")
        decision = sent(shown, number)
    assert decision is not None
    assert (decision.status, decision.body, decision.is_done) == (200, b"{}", False)


@pytest.mark.parametrize("size", [NARROW, WIDE, (60, 16)], ids=["80x24", "120x40", "low"])
async def test_the_request_is_done_unless_f3_says_otherwise(size: tuple[int, int]) -> None:
    async with editing(size) as (shown, number):
        assert DONE in shown.text
        await shown.press("f3")
        assert DONE not in shown.text
        assert NOT_DONE in shown.text
        await shown.press("f3")
        assert DONE in shown.text
        await shown.press("f3", "f2")
        decision = sent(shown, number)
    assert decision is not None
    assert (decision.is_done, decision.previewed) == (False, b"")


async def test_what_nobody_can_foretell_is_not_done_and_f3_says_why() -> None:
    async with editing(truth=None) as (shown, number):
        assert "What the request asks for is not done." in shown.text
        await shown.press("f3")
        assert "nobody can preview what would come of it" in shown.text
        await shown.press("f2")
        decision = sent(shown, number)
    assert decision is not None
    assert not decision.is_done


async def test_of_several_the_oldest_is_edited() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    async with showing(scenario, NARROW) as shown:
        await shown.press("H", "1")
        oldest, newer = (arrive(scenario, program, sign_in) or 0 for _ in range(2))
        await shown.press("E")
        assert f"Answer #{oldest} CreateToken, the oldest of 2" in shown.text
        await shown.press("f2")
        assert sent(shown, oldest) is not None
        assert sent(shown, newer) is None


async def test_without_a_held_request_it_says_why_not() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("E")
        assert shown.hint == NOTHING_HELD


@pytest.mark.parametrize("hostile", ["\x1b]52;c;eHg=\x07", "\u202eevil", "a\rb"])
async def test_what_nobody_would_see_is_shown_and_sent_as_escapes(hostile: str) -> None:
    truth = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + hostile.encode()
    async with editing(truth=truth) as (shown, number):
        body = shown.app.screen.query_one("#body", TextArea)
        escaped = hostile.encode("unicode_escape").decode()
        assert body.text == escaped
        await write(shown, body=f"{hostile}\n\t{hostile}")
        assert body.text == f"{escaped}\n\t{escaped}"
        await shown.press("f2")
        decision = sent(shown, number)
    assert decision is not None
    assert decision.body == f"{escaped}\n\t{escaped}".encode()


async def test_what_is_wrong_can_be_read_in_a_low_window() -> None:
    async with editing(size=(60, 16)) as (shown, _):
        await write(shown, status="9")
        await shown.press("f2")
        assert "a status is a number from 200 to 599" in shown.text
