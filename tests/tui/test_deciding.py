"""The operator decides by key, on the row that is selected and on no other."""

import pytest

from oidc_sim.engine.commands import RegisterClient, Reset
from oidc_sim.engine.model import Actor, Decision, DeviceState
from oidc_sim.testing.scenario import DeviceFlow, Program, Scenario
from oidc_sim.tui.decisions import Decided, Decisions, Hindered
from oidc_sim.tui.glyphs import UNICODE, Look
from oidc_sim.tui.operator.hints import News, NewsReader
from tests.tui.showing import NARROW, WIDE, showing

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


def signing_in(scenario: Scenario, name: str = "aws-cli") -> tuple[Program, DeviceFlow]:
    program = scenario.register(name)
    return program, program.start()


def state_of(scenario: Scenario, sign_in: DeviceFlow) -> DeviceState:
    return scenario.simulator.state.devices[sign_in.user_code].state(scenario.clock.wall())


@SIZES
@pytest.mark.parametrize(
    ("key", "state", "error", "said"),
    [
        ("a", "approved", None, "✓ approved"),
        ("d", "denied", "access_denied", "✗ denied"),
        ("e", "expired", "expired_token", f"{UNICODE.signs[Look.EXPIRED]} expired"),
        ("s", "pending", "slow_down", "◷ slowed down"),
    ],
)
async def test_a_key_decides_and_the_next_poll_is_told(
    size: tuple[int, int], key: str, state: str, error: str | None, said: str
) -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    async with showing(scenario, size) as shown:
        await shown.press(key)
        assert state in shown.selected
        assert shown.hint.startswith(f"{said} {sign_in.user_code} just now")
        assert shown.hint.endswith("u undo")
        assert program.poll(sign_in).get("error") == error


@SIZES
@pytest.mark.parametrize("key", "ades")
async def test_u_takes_it_back_until_it_is_collected(size: tuple[int, int], key: str) -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    async with showing(scenario, size) as shown:
        await shown.press(key, "u")
        assert "took back" in shown.hint
        assert "u undo" not in shown.hint
        assert program.poll(sign_in)["error"] == "authorization_pending"
        assert scenario.simulator.state.devices[sign_in.user_code].interval_s == 1
        await shown.press("a")
        assert "accessToken" in program.poll(sign_in)
        await shown.press("u")
        assert shown.hint == "token already collected at 12:11:14"
        assert state_of(scenario, sign_in) is DeviceState.COLLECTED


async def test_slowing_down_shows_the_longer_interval() -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    async with showing(scenario) as shown:
        await shown.press("s", "s")
        assert shown.hint.startswith(
            f"◷ slowed down {sign_in.user_code} just now: 2 slow_down owed"
        )
        assert "2 slow_down" in shown.selected
        assert "interval   11 s" in shown.text
        program.poll(sign_in, 2)
        await shown.settle()
        assert "slowed 11 s" in shown.selected
        assert "the client knows, interval 11 s" in shown.hint


async def test_the_hint_says_when_the_client_has_its_token() -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    async with showing(scenario) as shown:
        await shown.press("a")
        assert shown.hint == f"✓ approved {sign_in.user_code} just now, not yet collected.  u undo"
        scenario.wait(3)
        await shown.settle()
        assert "3 s ago, not yet collected" in shown.hint
        program.poll(sign_in)
        await shown.settle()
        assert shown.hint == f"✓ approved {sign_in.user_code} 4 s ago, token collected at 12:11:16."


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        ("a", "a", "already approved; undo first"),
        ("d", "a", "already denied; undo first"),
        ("e", "a", "already expired; undo first"),
        ("a", "s", "already approved; undo first"),
    ],
)
async def test_a_key_that_can_do_nothing_says_why(first: str, then: str, why: str) -> None:
    scenario = Scenario()
    _, sign_in = signing_in(scenario)
    async with showing(scenario) as shown:
        await shown.press(first, then)
        assert shown.hint.startswith(f"{why}  u undo ")
        assert len(scenario.simulator.state.devices[sign_in.user_code].decisions) == 1


async def test_a_lapsed_code_says_when_its_time_ran_out() -> None:
    scenario = Scenario()
    signing_in(scenario)
    async with showing(scenario) as shown:
        scenario.wait(601)
        await shown.press("a")
        assert shown.hint == "its time ran out at 12:21:12"


async def test_keys_that_would_do_nothing_are_dimmed_in_the_footer() -> None:
    scenario = Scenario()
    signing_in(scenario)
    async with showing(scenario) as shown:

        def dimmed() -> set[str]:
            styles = shown.screen._footer._parts
            return {str(text) for text, style in styles if style == "bold dim"}

        assert dimmed() == {"u"}
        await shown.press("a")
        assert dimmed() == {"a", "d", "s"}


# Which device a key acts on.


async def test_keys_on_a_request_act_on_the_device_that_it_polled_for() -> None:
    scenario = Scenario()
    program, first = signing_in(scenario)
    second = program.start()
    program.poll(first)
    program.poll(second)
    async with showing(scenario) as shown:
        await shown.press("3", "up", "up")
        assert first.user_code in shown.selected
        await shown.press("d")
        assert state_of(scenario, first) is DeviceState.DENIED
        assert state_of(scenario, second) is DeviceState.PENDING


async def test_keys_in_the_inspector_act_on_the_device_that_it_shows() -> None:
    scenario = Scenario()
    program, first = signing_in(scenario)
    second = program.start()
    async with showing(scenario, NARROW) as shown:
        await shown.press("end", "enter")
        assert f"4 Inspector  {first.user_code}" in shown.text
        await shown.press("a")
        assert state_of(scenario, first) is DeviceState.APPROVED
        assert state_of(scenario, second) is DeviceState.PENDING


async def test_a_device_that_comes_or_goes_above_never_changes_what_a_key_acts_on() -> None:
    scenario = Scenario()
    program, oldest = signing_in(scenario)
    scenario.wait(300)
    chosen = program.start()
    async with showing(scenario) as shown:
        await shown.press("home")
        newer = program.start()
        scenario.decide("approve", newer.user_code)
        await shown.settle()
        assert chosen.user_code in shown.selected
        await shown.press("d")
        assert state_of(scenario, chosen) is DeviceState.DENIED
        assert state_of(scenario, newer) is DeviceState.APPROVED
        assert state_of(scenario, oldest) is DeviceState.PENDING


async def test_a_key_on_a_row_that_is_gone_says_so_and_does_nothing() -> None:
    scenario = Scenario()
    _, sign_in = signing_in(scenario)
    async with showing(scenario) as shown:
        scenario.simulator.dispatch(Reset())
        await shown.settle()
        assert sign_in.user_code in shown.selected
        assert "gone ┃" in shown.selected
        for key in ("a", "d", "e", "s", "o"):
            await shown.press(key)
            assert shown.hint == "that row is gone"
        await shown.press("u")
        assert shown.hint == "nothing to undo"


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (["1", "a"], "no device code selected"),
        (["3", "a"], "no device code selected"),
        (["3", "g", "a"], "that request was about no device code"),
        (["3", "g", "o"], "that request was about no device code"),
        (["1", "y"], "no device code selected"),
    ],
)
async def test_without_a_device_a_key_says_what_is_missing(keys: list[str], why: str) -> None:
    scenario = Scenario()
    signing_in(scenario)
    async with showing(scenario) as shown:
        await shown.press(*keys)
        assert shown.hint == why


# What u takes back.


async def test_u_takes_back_the_last_decision_where_the_selected_code_has_none() -> None:
    scenario = Scenario()
    program, first = signing_in(scenario)
    second = program.start()
    async with showing(scenario) as shown:
        await shown.press("end", "d", "home")
        assert shown.hint == f"✗ denied {first.user_code} just now, not yet told.  u undo"
        await shown.press("u")
        assert state_of(scenario, first) is DeviceState.PENDING
        assert state_of(scenario, second) is DeviceState.PENDING


async def test_u_prefers_the_selected_code() -> None:
    scenario = Scenario()
    program, first = signing_in(scenario)
    second = program.start()
    async with showing(scenario) as shown:
        await shown.press("home", "a", "end", "d", "home")
        assert shown.hint.endswith(f"u undo approve {second.user_code}")
        await shown.press("u")
        assert state_of(scenario, second) is DeviceState.PENDING
        assert state_of(scenario, first) is DeviceState.DENIED


async def test_u_a_moment_too_late_changes_no_other_code() -> None:
    scenario = Scenario()
    program, denied = signing_in(scenario)
    approved, selected = program.start(), program.start()
    async with showing(scenario) as shown:
        await shown.press("end", "d", "up", "a", "up")
        program.poll(approved)
        await shown.settle()
        assert "u undo" not in shown.hint
        await shown.press("u")
        assert shown.hint == f"{approved.user_code}: token already collected at 12:11:13"
        assert state_of(scenario, denied) is DeviceState.DENIED
        assert state_of(scenario, selected) is DeviceState.PENDING


async def test_u_goes_back_through_the_codes_in_order() -> None:
    scenario = Scenario()
    program, first = signing_in(scenario)
    second, selected = program.start(), program.start()
    async with showing(scenario) as shown:
        await shown.press("end", "d", "up", "d", "up", "u")
        assert state_of(scenario, second) is DeviceState.PENDING
        assert state_of(scenario, first) is DeviceState.DENIED
        await shown.press("u")
        assert state_of(scenario, first) is DeviceState.PENDING
        await shown.press("u")
        assert shown.hint == "nothing to undo"
        assert state_of(scenario, selected) is DeviceState.PENDING


async def test_u_goes_back_decision_by_decision() -> None:
    scenario = Scenario()
    _, sign_in = signing_in(scenario)
    async with showing(scenario) as shown:
        await shown.press("s", "s", "a", "u", "u", "u")
        device = scenario.simulator.state.devices[sign_in.user_code]
        assert (device.decisions, device.interval_s) == ([], 1)
        await shown.press("u")
        assert shown.hint == "nothing to undo"


# What others decide.


@pytest.mark.parametrize(
    ("by", "said", "noted"),
    [(Actor.USER, "by the user", "by the user"), (Actor.SCRIPT, "by the script", "by a script")],
)
async def test_a_decision_from_elsewhere_is_seen(by: Actor, said: str, noted: str) -> None:
    scenario = Scenario()
    _, sign_in = signing_in(scenario)
    async with showing(scenario) as shown:
        scenario.decide("approve", sign_in.user_code, by)
        await shown.settle()
        assert (
            shown.hint
            == f"✓ {sign_in.user_code} approved {said}.  u undo approve {sign_in.user_code}"
        )
        assert noted in shown.selected
        assert f"approved    {said}" in shown.text
        scenario.decide("undo", sign_in.user_code, by)
        await shown.settle()
        assert shown.hint == f"the {by} took back approve {sign_in.user_code}."


async def test_news_does_not_take_the_place_of_what_a_key_just_did() -> None:
    scenario = Scenario()
    program, first = signing_in(scenario)
    second = program.start()
    async with showing(scenario) as shown:
        await shown.press("home", "a")
        scenario.decide("deny", first.user_code)
        await shown.settle()
        assert shown.hint.startswith(f"✓ approved {second.user_code}")


def test_the_operators_own_decisions_are_no_news() -> None:
    scenario = Scenario()
    _, sign_in = signing_in(scenario)
    news = NewsReader(scenario.simulator.log)
    assert news.read().moved_totals
    scenario.decide("approve", sign_in.user_code, Actor.OPERATOR)
    assert news.read() == News(from_elsewhere=None, moved_totals=True)
    assert news.read() == News(from_elsewhere=None, moved_totals=False)
    scenario.decide("undo", sign_in.user_code, Actor.SCRIPT)
    assert news.read().from_elsewhere is not None


async def test_a_reason_makes_way_for_a_tip_and_for_another_row() -> None:
    scenario = Scenario()
    program, older = signing_in(scenario)
    newer = program.start()
    async with showing(scenario) as shown:
        await shown.press("home", "f")
        assert shown.hint == "only Requests follows; 3 goes there"
        scenario.wait(11)
        await shown.settle()
        assert shown.hint == f"a or d answers the next poll of {newer.user_code}."
        await shown.press("f", "down")
        assert shown.hint == f"a or d answers the next poll of {older.user_code}."


async def test_the_tip_follows_the_state_of_the_selected_code() -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    code = sign_in.user_code
    async with showing(scenario, NARROW) as shown:
        assert shown.hint == f"a or d answers the next poll of {code}."
        for decision, word in (("deny", "denied"), ("expire", "expired")):
            scenario.decide(decision, code)
            scenario.wait(12)
            await shown.settle()
            assert shown.hint == f"{code} is {word}, not told yet.  u undo {decision} {code}"
            program.poll(sign_in)
            await shown.settle()
            assert shown.hint.startswith(f"{code} is {word}; its client knows.")
            scenario.decide("undo", code)
        scenario.decide("approve", code)
        scenario.wait(12)
        await shown.settle()
        assert (
            shown.hint == f"{code} is approved; its client is silent (12 s).  u undo approve {code}"
        )
        program.poll(sign_in)
        await shown.settle()
        assert shown.hint == f"{code} is collected: its client has the token."
        await shown.press("3", "up")
        assert shown.hint == f"{code} is collected: its client has the token."


def test_a_hundred_decisions_are_remembered_and_no_more() -> None:
    """Strangers' sign-ins come without end, and so may what an operator does to them."""
    scenario = Scenario()
    decisions = Decisions(scenario.simulator)
    program = scenario.register("aws-cli")
    for _ in range(101):
        assert isinstance(decisions.decide(Decision.DENY, program.start().user_code), Decided)
    assert all(isinstance(decisions.undo(None), Decided) for _ in range(100))
    assert decisions.undo(None) == Hindered("nothing to undo")


# What became of a decision whose client is not there to hear it, or heard it already.


@SIZES
@pytest.mark.parametrize(
    ("key", "state", "waits_for"),
    [("a", "approved", "not yet collected"), ("d", "denied", "not yet told")],
)
async def test_a_client_that_fell_silent_is_told_of_whatever_is_decided(
    key: str, state: str, waits_for: str, size: tuple[int, int]
) -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    program.poll(sign_in, 3)
    async with showing(scenario, size) as shown:
        await shown.press(key)
        assert waits_for in shown.hint
        scenario.wait(25)
        await shown.settle()
        assert "but its client has been silent for 25 s." in shown.hint
        assert "silent 25s" in shown.selected
        await shown.press("z", "enter")
        assert "silent 25s: it may have quit" in shown.text
        await shown.press("escape")
        program.poll(sign_in)
        await shown.settle()
        assert "silent" not in shown.text


async def test_a_tip_says_that_the_client_of_an_approved_code_is_silent() -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    program.poll(sign_in, 3)
    scenario.decide("approve", sign_in.user_code)
    scenario.wait(25)
    async with showing(scenario, NARROW) as shown:
        assert shown.hint == (
            f"{sign_in.user_code} is approved; its client is silent (25 s)."
            f"  u undo approve {sign_in.user_code}"
        )


async def test_taking_back_a_slow_down_says_whether_its_client_has_it() -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    code = sign_in.user_code
    async with showing(scenario) as shown:
        await shown.press("s", "s")
        program.poll(sign_in)
        await shown.press("u")
        assert shown.hint.startswith(
            f"took back slow-down {code}; it is pending now, interval 6 s."
        )
        await shown.press("u")
        assert shown.hint == (
            f"took back slow-down {code}; pending now; its client was told, and waits 6 s."
        )
        assert "interval   6 s" in shown.text


async def test_a_code_that_lapsed_by_itself_is_not_told_by_an_expiry_that_was_taken_back() -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    async with showing(scenario) as shown:
        await shown.press("e")
        program.poll(sign_in)
        await shown.settle()
        assert shown.selected.rstrip(" │┃").endswith("told")
        await shown.press("u")
        scenario.wait(601)
        await shown.settle()
        assert "not told" in shown.selected
        program.poll(sign_in)
        await shown.settle()
        assert "not told" not in shown.selected


@pytest.mark.parametrize(
    ("grants", "name", "tip"),
    [
        ([], "aws-cli", "aws-cli registered; it has asked for no code yet."),
        (
            ["authorization_code"],
            "botocore-client-sim",
            "botocore-client-sim registered; open the URL that it printed.",
        ),
        ([], "⟦nothing⟧", "[nothing] registered; it has asked for no code yet."),
        ([], "x" * 99, f"{'x' * 23}… registered; it has asked for no code yet."),
    ],
)
async def test_while_nobody_signs_in_the_tip_says_what_the_newest_client_does(
    grants: list[str], name: str, tip: str
) -> None:
    scenario = Scenario()
    async with showing(scenario) as shown:
        assert shown.hint.startswith("Waiting for a client.")
        uris = ["http://127.0.0.1/oauth/callback"] if grants else []
        scenario.simulator.dispatch(
            RegisterClient(
                name=name,
                client_type="public",
                scopes=("sso:account:access",),
                grant_types=tuple(grants),
                redirect_uris=tuple(uris),
            )
        )
        await shown.settle()
        assert shown.hint == tip
        scenario.wait(601)
        await shown.settle()
        assert shown.hint.startswith("Waiting for a sign-in.")


async def test_of_a_client_whose_codes_are_forgotten_the_tip_does_not_say_that_it_asked_for_none() -> (
    None
):
    """As after the clock jumped and the server was started anew."""
    scenario = Scenario()
    _, sign_in = signing_in(scenario)
    async with showing(scenario) as shown:
        scenario.simulator.state.devices.pop(sign_in.user_code)
        await shown.settle()
        assert shown.hint.startswith("Waiting for a sign-in.")


async def test_right_after_a_slow_down_a_client_that_keeps_pace_is_said_to() -> None:
    scenario = Scenario()
    program, sign_in = signing_in(scenario)
    program.poll(sign_in, 3)
    async with showing(scenario, NARROW) as shown:
        await shown.press("s", "enter")
        program.poll(sign_in)
        await shown.settle()
        assert "keeps pace: told 1 s, waited 1.0 s" in " ".join(shown.text.split())
