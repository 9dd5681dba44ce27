"""A browser sign-in on the screen: a row like others, decided by the same keys."""

import json

import pytest

from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import SendBack, StillWaiting
from oidc_sim.record.exchange import Exchange
from oidc_sim.testing.scenario import URL, Scenario
from oidc_sim.tui.bars.page import wrapped
from oidc_sim.tui.glyphs import UNICODE
from oidc_sim.tui.inspector.device import Place
from oidc_sim.tui.inspector.exchange import response_lines
from oidc_sim.tui.inspector.panel import Subject, View, about
from oidc_sim.tui.lists import DeviceRows
from oidc_sim.tui.moved_keys import MovedKeys
from oidc_sim.tui.operator.tips import tip_about
from oidc_sim.tui.panels import Panel
from tests.tui.browser_sign_ins import (
    REDIRECT,
    STATE,
    VERIFIER,
    BrowserSignIn,
    begin,
    browser_client,
)
from tests.tui.showing import NARROW, WIDE, Shown, showing

WIDTH = 90
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


def waiting() -> BrowserSignIn:
    return begin(browser_client(Scenario()))


def told(sign_in: BrowserSignIn) -> list[str]:
    subject = Subject(Panel.DEVICES, sign_in.user_code)
    place = Place(WIDTH, URL)
    lines = about(sign_in.scenario.simulator, subject, View.TIMELINE, place)
    return [line.text.rstrip() for line in wrapped(lines, WIDTH)]


def next_of(sign_in: BrowserSignIn) -> list[str]:
    lines = told(sign_in)
    start = next(n for n, line in enumerate(lines) if line.startswith("what happens next"))
    return lines[start + 1 : lines.index("", start)]


def row(sign_in: BrowserSignIn) -> tuple[str, ...]:
    return DeviceRows(sign_in.scenario.simulator, UNICODE).cells(0).cells


@SIZES
async def test_it_is_a_row_that_is_marked_and_has_no_polls(size: tuple[int, int]) -> None:
    sign_in = waiting()
    async with showing(sign_in.scenario, size) as shown:
        line = shown.selected
        words = line[: size[0] if size is NARROW else 78].split()
        assert words == ["┃", "▸", "◷", "pending", sign_in.user_code, "aws-cli", "10:00", "browser", "┃"]  # fmt: skip


@SIZES
async def test_keys_send_the_browser_back(size: tuple[int, int]) -> None:
    for key, word in (("a", "approved"), ("d", "denied")):
        sign_in = waiting()
        async with showing(sign_in.scenario, size) as shown:
            assert isinstance(sign_in.ask(), StillWaiting)
            await shown.press(key)
            assert word in shown.selected
            reply = sign_in.ask()
            assert isinstance(reply, SendBack)
            assert (reply.code is None) is (key == "d")


async def hint_after(shown: Shown, *keys: str) -> str:
    await shown.press(*keys)
    return shown.hint


async def test_a_key_that_does_nothing_for_a_browser_says_why() -> None:
    sign_in = waiting()
    async with showing(sign_in.scenario) as shown:
        assert shown.hint == f"a or d sends the browser of {sign_in.user_code} back."
        assert await hint_after(shown, "s") == "a browser sign-in does not poll"
        only = "only the browser that waits can show the page of this sign-in"
        assert await hint_after(shown, "o") == only
        assert not shown.opened


def tip(sign_in: BrowserSignIn) -> str:
    simulator = sign_in.scenario.simulator
    device = simulator.state.devices[sign_in.user_code]
    timeline = simulator.stories[sign_in.user_code].timeline
    sentence = MovedKeys().spoken(tip_about(device, timeline, simulator.now().at))
    assert len(sentence) <= NARROW[0] - len("   u undo approve ") - len(sign_in.user_code)
    return sentence.replace(sign_in.user_code, "IT")


def test_the_tip_tells_where_an_approved_sign_in_stands() -> None:
    sign_in = waiting()
    assert tip(sign_in) == "a or d sends the browser of IT back."
    sign_in.scenario.decide("approve", sign_in.user_code)
    assert tip(sign_in) == "IT is approved; its browser gets a code."
    reply = sign_in.ask()
    assert isinstance(reply, SendBack)
    assert tip(sign_in) == "IT is approved; its browser has the code."
    sign_in.scenario.decide("undo", sign_in.user_code)
    assert tip(sign_in) == "IT is pending; its browser has a code already."
    sign_in.scenario.decide("approve", sign_in.user_code)
    sign_in.code = reply.code
    assert "accessToken" in sign_in.bring_code()
    assert tip(sign_in) == "IT is collected: its client has the token."


@pytest.mark.parametrize(("decision", "state"), [("deny", "denied"), ("expire", "expired")])
def test_the_tip_tells_whether_a_refused_browser_knows(decision: str, state: str) -> None:
    sign_in = waiting()
    sign_in.scenario.decide(decision, sign_in.user_code)
    assert tip(sign_in) == f"IT is {state}; its browser is not told yet."
    sign_in.ask()
    assert tip(sign_in) == f"IT is {state}; its browser was told."


def test_the_tip_tells_why_a_code_is_good_for_nothing() -> None:
    sign_in = waiting()
    sign_in.scenario.decide("approve", sign_in.user_code)
    sign_in.redeem("x" * 43)
    assert tip(sign_in) == "IT is expired; its code was revoked."
    sign_in = waiting()
    sign_in.scenario.decide("approve", sign_in.user_code)
    sign_in.ask()
    sign_in.scenario.wait(601)
    assert tip(sign_in) == "IT is expired; its code is worth nothing now."


async def test_the_hint_tells_what_the_browser_knows() -> None:
    sign_in = waiting()
    async with showing(sign_in.scenario) as shown:
        assert "denied" in await hint_after(shown, "d")
        assert "the browser was not yet told." in shown.hint
        sign_in.ask()
        await shown.settle()
        assert "the browser is sent back." in shown.hint
    sign_in = waiting()
    async with showing(sign_in.scenario) as shown:
        assert ", not yet collected." in await hint_after(shown, "a")
        sign_in.ask()
        await shown.settle()
        assert "the browser has the code; not yet redeemed." in shown.hint


def test_its_note_tells_its_kind_until_there_is_more_to_say() -> None:
    sign_in = waiting()
    assert row(sign_in)[3:] == ("", "", "10:00", "browser")
    sign_in.scenario.decide("deny", sign_in.user_code, Actor.USER)
    assert row(sign_in)[-1] == "by the user"
    sign_in = waiting()
    sign_in.scenario.decide("approve", sign_in.user_code, Actor.OPERATOR)
    sign_in.ask()
    assert row(sign_in)[-1] == "code sent"
    sign_in.scenario.decide("undo", sign_in.user_code)
    sign_in.scenario.decide("expire", sign_in.user_code, Actor.OPERATOR)
    assert row(sign_in)[-1] == "browser"


def test_its_note_tells_of_a_code_that_was_revoked() -> None:
    sign_in = waiting()
    sign_in.scenario.decide("approve", sign_in.user_code, Actor.USER)
    sign_in.redeem("x" * 43)
    assert row(sign_in)[-1] == "revoked"


def test_its_facts_are_where_it_goes_and_not_how_it_polls() -> None:
    lines = told(waiting())
    for fact in (
        "state      ◷ pending   left 10:00",
        "kind       browser sign-in, PKCE S256",
        "scopes     sso:account:access",
        f"redirect   {REDIRECT}",
        f"its state  {STATE}",
        "browser    waits for you",
        "12:11:12  authorized  a browser waits for 600 s",
    ):
        assert fact in lines
    assert not [line for line in lines if line.startswith(("interval", "verify", "code "))]


def test_what_happens_next_is_where_the_browser_goes() -> None:
    sign_in = waiting()
    assert next_of(sign_in) == [
        "The browser waits for you.",
        f"a: it goes back to {REDIRECT} with a code",
        "d: it goes back there with error=access_denied",
    ]
    sign_in.scenario.decide("deny", sign_in.user_code)
    goes_back = f"the browser goes back to {REDIRECT}"
    assert next_of(sign_in) == [f"{goes_back} with error=access_denied"]
    sign_in.scenario.decide("undo", sign_in.user_code)
    sign_in.scenario.decide("approve", sign_in.user_code)
    assert next_of(sign_in) == [f"{goes_back} with a code"]


async def test_a_browser_that_left_is_told_of_wherever_it_was_waited_for() -> None:
    sign_in = waiting()
    sign_in.leaves()
    sign_in.scenario.wait(40)
    assert "browser    left 40 s ago" in told(sign_in)
    assert next_of(sign_in) == [
        "The browser left 40 s ago. When it comes back:",
        f"a: it goes back to {REDIRECT} with a code",
        "d: it goes back there with error=access_denied",
    ]
    assert row(sign_in)[-1] == "away 40s"
    assert tip(sign_in) == "IT is pending; its browser left 40 s ago."
    async with showing(sign_in.scenario) as shown:
        assert "its browser left 40 s ago." in await hint_after(shown, "a")
    assert next_of(sign_in)[0] == "The browser left 40 s ago. When it comes back:"
    sign_in.leaves(is_there=True)
    assert "browser    about to go back" in told(sign_in)
    assert row(sign_in)[-1] == "browser"
    story = [line[10:] for line in told(sign_in) if line.startswith("12:")]
    assert story[:3] == ["browser back", "approved", "browser left"]


def test_a_browser_that_was_turned_away_waits_no_more_when_that_is_taken_back() -> None:
    sign_in = waiting()
    sign_in.scenario.decide("deny", sign_in.user_code)
    sign_in.ask()
    sign_in.scenario.decide("undo", sign_in.user_code)
    assert "browser    left just now" in told(sign_in)


def test_a_browser_that_was_turned_away_hears_nothing_more() -> None:
    sign_in = waiting()
    sign_in.scenario.decide("expire", sign_in.user_code)
    sign_in.ask()
    assert "browser    went back with an error" in told(sign_in)
    assert next_of(sign_in) == [
        f"it went back to {REDIRECT} with error=access_denied",
        "Nothing more comes of it.",
    ]


def test_a_code_is_told_with_its_life_and_what_it_is_redeemed_for() -> None:
    sign_in = waiting()
    sign_in.scenario.decide("approve", sign_in.user_code)
    sign_in.ask()
    sign_in.scenario.wait(59)
    assert "code       good for 9:01, once" in told(sign_in)
    said = next_of(sign_in)
    assert said[:2] == ["The code is redeemed for:", "HTTP/1.1 200 OK"]
    assert '  "accessToken": "...",' in said


def test_a_code_with_the_wrong_proof_is_good_for_nothing_any_more() -> None:
    sign_in = waiting()
    sign_in.scenario.decide("approve", sign_in.user_code)
    assert "error" in sign_in.redeem("x" * 43)
    assert "code       good for nothing any more" in told(sign_in)
    assert next_of(sign_in)[0] == "Whoever brings the code is told:"


def test_a_redeemed_code_tells_what_its_second_use_gets() -> None:
    sign_in = waiting()
    sign_in.scenario.decide("approve", sign_in.user_code)
    assert "accessToken" in sign_in.redeem()
    assert "code       redeemed" in told(sign_in)
    said = next_of(sign_in)
    assert said[0] == "A second use of the code is told:"
    assert '  "error": "invalid_grant",' in said


@pytest.mark.parametrize("verifier", [VERIFIER, "x" * 43], ids=["redeemed", "revoked"])
def test_what_the_code_gets_next_is_told_in_the_server_s_very_words(verifier: str) -> None:
    sign_in = waiting()
    sign_in.scenario.decide("approve", sign_in.user_code)
    sign_in.redeem(verifier)
    status, exception, *body = next_of(sign_in)[1:]
    assert (status, exception) == ("HTTP/1.1 400 Bad Request", "InvalidGrantException")
    assert json.loads("".join(body)) == sign_in.bring_code()


def test_a_redirect_is_shown_without_the_code_and_the_ticket_in_it() -> None:
    head = (
        b"HTTP/1.1 302 Found\r\n"
        b"Location: http://127.0.0.1:1/cb?code=eySECRETSECRET&state=mine\r\n"
        b"Set-Cookie: sim=SECRETSECRETSECRET; HttpOnly\r\n"
        b"Refresh: 2; url=/sign-in/wait?user_code=AAAA-BBBB&ticket=SECRETSECRETSECRET\r\n\r\n"
    )
    exchange = Exchange(1, 0.0, "GET", "/", None, 302, "", None, None, 0.0, b"", b"", head, b"")
    text = "\n".join(line.text for line in response_lines(exchange))
    assert "SECRETSECRET" not in text
    assert "state=mine" in text
    assert "user_code=AAAA-BBBB" in text
