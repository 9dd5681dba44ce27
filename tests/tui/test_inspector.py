"""The inspector tells all about the selected row, and no secret."""

import json

import pytest

from oidc_sim.engine.model import Actor, ExpiredAs
from oidc_sim.settings.model import Settings
from oidc_sim.testing.scenario import URL, DeviceFlow, Program, Scenario
from oidc_sim.tui.bars.page import wrapped
from oidc_sim.tui.glyphs import UNICODE, Look
from oidc_sim.tui.inspector.device import Place
from oidc_sim.tui.inspector.exchange import MAX_LINES, body_lines
from oidc_sim.tui.inspector.panel import Subject, View, about, views_of
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.errors import UNKNOWN_OPERATION
from tests.tui.busy import busy
from tests.tui.showing import NARROW, WIDE, showing

PLACE = Place(width=76, url=URL)


def signing_in(settings: Settings | None = None) -> tuple[Scenario, Program, DeviceFlow]:
    scenario = Scenario(settings=settings)
    program = scenario.register("aws-cli", ("sso:account:access", "codewhisperer:completions"))
    return scenario, program, program.start()


def told(scenario: Scenario, subject: Subject, view: View = View.TIMELINE) -> list[str]:
    lines = about(scenario.simulator, subject, view, PLACE)
    return [line.text.rstrip() for line in wrapped(lines, PLACE.width)]


def of_device(sign_in: DeviceFlow) -> Subject:
    return Subject(Panel.DEVICES, sign_in.user_code)


def next_answer(scenario: Scenario, sign_in: DeviceFlow) -> list[str]:
    """What the inspector says that the next poll gets."""
    lines = told(scenario, of_device(sign_in))
    start = next(n for n, line in enumerate(lines) if line.startswith("what the client gets next"))
    return lines[start + 1 : lines.index("", start)]


@pytest.mark.parametrize("expired_as", ExpiredAs)
@pytest.mark.parametrize("decisions", [[], ["approve"], ["deny"], ["expire"], ["slow-down"], ["slow-down", "deny"]])  # fmt: skip
def test_what_the_client_gets_next_is_what_it_then_gets(
    decisions: list[str], expired_as: ExpiredAs
) -> None:
    scenario, program, sign_in = signing_in(Settings(seed=42, expired_as=expired_as))
    for decision in decisions:
        scenario.decide(decision, sign_in.user_code)
    said = next_answer(scenario, sign_in)
    program.poll(sign_in, 1, 0)
    exchange = scenario.simulator.log.exchanges.get(3)
    assert exchange is not None
    head = exchange.response_head.decode().split("\r\n")
    assert said[0] == head[0]
    reply = json.loads(exchange.response_body)
    body = json.loads("".join(said[1 + (exchange.status != 200) :]))
    if exchange.status == 200:
        assert {**body, "accessToken": 0, "refreshToken": 0} == {**reply, "accessToken": 0, "refreshToken": 0}  # fmt: skip
    else:
        assert body == reply
        assert f"x-amzn-ErrorType: {said[1]}" in "\n".join(head)


def test_looking_at_what_comes_next_changes_nothing() -> None:
    scenario, program, sign_in = signing_in()
    scenario.decide("approve", sign_in.user_code)
    for _ in range(3):
        assert next_answer(scenario, sign_in)[0] == "HTTP/1.1 200 OK"
    assert "accessToken" in program.poll(sign_in)
    assert "InvalidGrantException" in next_answer(scenario, sign_in)


def test_a_device_is_told_with_its_facts() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in, 3, 2)
    lines = told(scenario, of_device(sign_in))
    for fact in (
        "state      ◷ pending   left 9:54",
        "client     aws-cli",
        "scopes     sso:account:access, codewhisperer:completions",
        "interval   1 s   polls every 2.0s",
        f"verify     {URL}/device?user_code={sign_in.user_code}",
        "RFC 8628 §3.5  ✓ keeps pace: told 1 s, waited 2.0 s",
    ):
        assert fact in lines


def test_the_timeline_tells_polls_in_a_row_as_one_line_and_who_decided() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in, 559)
    scenario.decide("slow-down", sign_in.user_code, Actor.OPERATOR)
    program.poll(sign_in)
    scenario.decide("approve", sign_in.user_code, Actor.USER)
    program.poll(sign_in)
    lines = told(scenario, of_device(sign_in))
    start = next(n for n, line in enumerate(lines) if line.startswith("timeline, newest first"))
    assert [" ".join(line.split()) for line in lines[start + 1 :]] == [
        "12:20:33 poll 561 token issued",
        "12:20:32 approved by the user",
        "12:20:32 poll 560 slow_down",
        "12:20:31 slowed down",
        "12:11:13 polls 1\N{EN DASH}559 authorization_pending",
        "12:11:12 authorized for 600 s",
        "12:11:12 registered the client",
    ]


def test_a_verdict_names_the_rfc_and_what_the_client_was_told() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in, 2, 0.0)
    assert "RFC 8628 §3.5  second poll at once: told 1 s, waited 0.00 s; not judged" in told(
        scenario, of_device(sign_in)
    )
    program.poll(sign_in, 1, 0.3)
    assert "RFC 8628 §3.5  ✗ too fast: told 1 s, waited 0.30 s" in told(
        scenario, of_device(sign_in)
    )
    program.poll(sign_in, 1, 1.5)
    assert "RFC 8628 §3.5  ✓ keeps pace: told 1 s, waited 1.5 s; 1 too early before" in told(
        scenario, of_device(sign_in)
    )
    assert not [line for line in told(scenario, of_device(sign_in)) if "AWS" in line]


def test_a_request_is_told_with_the_device_that_it_was_about() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in)
    lines = told(scenario, Subject(Panel.REQUESTS, 3))
    assert lines[:4] == [
        "request    #3  POST /token",
        "operation  CreateToken",
        "at         12:11:13.000, took 0.4 ms",
        "outcome    400  authorization_pending",
    ]
    assert "state      ◷ pending   left 9:59" in lines
    assert told(scenario, Subject(Panel.REQUESTS, 1))[-1] == "It was about no device code."


def test_a_client_is_told_with_its_registration_and_devices() -> None:
    scenario, program, sign_in = signing_in()
    lines = told(scenario, Subject(Panel.CLIENTS, program.client_id), View.CLIENT)
    for fact in (
        "name       aws-cli",
        f"client id  {program.client_id}",
        "scopes     sso:account:access, codewhisperer:completions",
        "grants     device_code, refresh_token (none named)",
        "registered 2026-11-24 12:11",
        "expires    2027-02-22 12:11, in 90d",
        "last seen  12:11:12, now",
        f"{sign_in.user_code}  ◷ pending    0 polls",
    ):
        assert fact in lines


def test_http_is_shown_as_it_came_and_went() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in)
    request = told(scenario, Subject(Panel.REQUESTS, 3), View.REQUEST)
    assert request[:4] == [
        "POST /token",
        "Host: 127.0.0.1:8990",
        "Content-Type: application/json",
        "User-Agent: aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux",
    ]
    assert '  "grantType": "urn:ietf:params:oauth:grant-type:device_code"' in request
    response = told(scenario, Subject(Panel.REQUESTS, 3), View.RESPONSE)
    assert response[0] == "HTTP/1.1 400 Bad Request"
    assert "x-amzn-RequestId: 00000000-0000-4000-8000-000000000003" in response
    assert '  "error": "authorization_pending",' in response
    curl = "".join(told(scenario, Subject(Panel.REQUESTS, 3), View.CURL))
    assert curl.startswith("curl -sSig -X POST http://127.0.0.1:8990/token -H")


def test_of_a_device_the_newest_request_is_shown_and_named() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in, 4)
    lines = told(scenario, of_device(sign_in), View.RESPONSE)
    assert lines[:3] == ["newest request, #6 at 12:11:16.000", "", "HTTP/1.1 400 Bad Request"]


def test_no_view_of_anything_shows_a_secret() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in)
    scenario.decide("approve", sign_in.user_code)
    tokens = program.poll(sign_in)
    secrets = (
        program.client_secret,
        sign_in.device_code,
        tokens["accessToken"],
        tokens["refreshToken"],
    )
    subjects = [
        Subject(Panel.CLIENTS, program.client_id),
        of_device(sign_in),
        *(Subject(Panel.REQUESTS, number) for number in range(1, 5)),
    ]
    for subject in subjects:
        for view in views_of(subject):
            lines = about(scenario.simulator, subject, view, PLACE)
            text = "".join(line.text for line in lines)
            assert not [secret for secret in secrets if secret in text]
            assert not [secret for secret in secrets if secret[6:-6] in text]


def test_secrets_in_a_header_or_an_address_are_cut_too() -> None:
    scenario = Scenario()
    secret = "A" * 20 + "B" * 20
    scenario.record(
        "GET", f"/token?code={secret}", b"", UNKNOWN_OPERATION.answer(),
        headers=((b"Authorization", f"Bearer {secret}".encode()), (b"Cookie", secret.encode())),
    )  # fmt: skip
    for view in (View.TIMELINE, View.REQUEST, View.CURL):
        text = "".join(told(scenario, Subject(Panel.REQUESTS, 1), view))
        assert secret[10:30] not in text
        assert "code=AAAA...BBBB" in text
    request = told(scenario, Subject(Panel.REQUESTS, 1), View.REQUEST)
    assert request[1:3] == ["Authorization: Bear...BBBB", "Cookie: AAAA...BBBB"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"a":1.50}',
        b'{"a":NaN}',
        b'{"a":1',
        b'{"a":"\xff"}',
        b"[" * 5000,
        b'{"a":' + b"9" * 5000 + b"}",
        b"grant_type=device_code&a=b",
    ],
)
def test_a_body_that_a_parser_would_change_is_shown_as_it_came(body: bytes) -> None:
    [line] = body_lines(body)
    assert line.text == body.decode("utf-8", "backslashreplace")


def test_json_is_laid_out_without_a_change() -> None:
    body = b'{"b":[1,{"a":null}],"e":"\xc3\xa9\\u001b"}'
    text = "\n".join(line.text for line in body_lines(body))
    assert json.loads(text) == json.loads(body)
    assert text.splitlines()[1] == '  "b": ['
    assert "é" in text
    assert "\x1b" not in text


def test_a_long_body_ends_in_a_count() -> None:
    lines = body_lines(b"\n".join([b"x"] * (MAX_LINES + 12)))
    assert len(lines) == MAX_LINES + 1
    assert lines[-1].text == "12 more lines"
    assert [line.text for line in body_lines(b"")] == ["(no body)"]


# On the screen.


async def test_arrows_turn_to_the_views_from_any_panel_that_shows_them() -> None:
    scenario = Scenario()
    busy(scenario)
    async with showing(scenario, WIDE) as shown:
        await shown.press("home", "right")
        assert "POST /token" in shown.text
        await shown.press("down")
        assert "POST /token" in shown.text, "the view stays when the row changes"
        await shown.press("right", "right")
        assert "curl -sSig" in shown.text
        await shown.press("right")
        assert "if it polled now" in shown.text
        await shown.press("right")
        assert "what the client gets next" in shown.text
        await shown.press("left", "1", "right")
        assert shown.hint.startswith("a client has one view only")


async def test_a_tab_can_be_clicked() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in)
    async with showing(scenario, WIDE) as shown:
        y = next(y for y, line in enumerate(shown.lines) if " Response " in line)
        await shown.pilot.click(offset=(shown.lines[y].index("Response") + 1, y))
        await shown.settle()
        assert "HTTP/1.1 400 Bad Request" in shown.text
        assert "Content-Length: 86" in shown.text


async def test_a_long_story_scrolls_and_says_where_it_is() -> None:
    scenario, program, sign_in = signing_in()
    for _ in range(20):
        program.poll(sign_in)
        scenario.decide("slow-down", sign_in.user_code)
    async with showing(scenario, NARROW) as shown:
        await shown.press("enter")
        assert "1-17 of " in shown.text
        await shown.press("down", "down")
        assert "3-19 of " in shown.text
        await shown.press("G")
        assert "registered  the client" in shown.lines[-4]
        program.poll(sign_in)
        await shown.settle()
        assert "what the client gets next" not in shown.text, "reading on is not interrupted"
        await shown.press("g")
        assert "1-17 of " in shown.text


async def test_another_row_is_told_from_its_beginning() -> None:
    scenario, program, first = signing_in()
    second = program.start()
    for sign_in in (first, second):
        for _ in range(20):
            program.poll(sign_in)
            scenario.decide("slow-down", sign_in.user_code)
    async with showing(scenario, (110, 24)) as shown:
        await shown.press("home", "4", "G", "2")
        assert "state      " not in shown.text
        await shown.press("down")
        assert "state      ◷ pending" in shown.text


async def test_the_wheel_scrolls_the_story() -> None:
    scenario, program, sign_in = signing_in()
    for _ in range(20):
        program.poll(sign_in)
        scenario.decide("slow-down", sign_in.user_code)
    async with showing(scenario, NARROW) as shown:
        await shown.press("enter")
        inspector = shown.screen.panels.inspector
        from textual.events import MouseScrollDown, MouseScrollUp

        await shown.pilot._post_mouse_events([MouseScrollDown], inspector, offset=(5, 5))
        assert "4-20 of " in shown.text
        await shown.pilot._post_mouse_events([MouseScrollUp], inspector, offset=(5, 5))
        assert "1-17 of " in shown.text


async def test_marked_text_can_be_copied() -> None:
    scenario, _, _ = signing_in()
    async with showing(scenario, NARROW) as shown:
        await shown.press("enter")
        await shown.pilot.mouse_down(offset=(2, 5))
        await shown.pilot.hover(offset=(20, 5))
        await shown.pilot.mouse_up(offset=(20, 5))
        await shown.settle()
        await shown.press("ctrl+c")
        assert shown.app.clipboard == "client     aws-cli"


async def test_time_goes_on_in_an_open_inspector() -> None:
    scenario, _, _ = signing_in()
    async with showing(scenario, WIDE) as shown:
        assert "left 10:00" in shown.text
        scenario.wait(61)
        await shown.settle()
        assert "left 8:59" in shown.text
        scenario.wait(600)
        await shown.settle()
        assert f"{UNICODE.signs[Look.EXPIRED]} expired" in shown.text
        assert "ExpiredTokenException" in shown.text
