"""What a collected code led to: its session and the role credentials, without any secret."""

import pytest

from oidc_sim.engine.events import SessionEnd
from oidc_sim.engine.replies import RoleTaken
from oidc_sim.testing.scenario import URL, Scenario
from oidc_sim.tui.bars.page import wrapped
from oidc_sim.tui.inspector.client import MAX_CREDENTIALS
from oidc_sim.tui.inspector.device import Place
from oidc_sim.tui.inspector.panel import Subject, View, about
from oidc_sim.tui.lists import RequestRows
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.operations import (
    CREATE_TOKEN,
    CREATE_TOKEN_WITH_IAM,
    GET_CALLER_IDENTITY,
    LOGOUT,
    OIDC_OPERATIONS,
    PORTAL_OPERATIONS,
)
from tests.tui.browser_sign_ins import (
    ACCOUNT,
    ROLE,
    begin,
    browser_client,
    collected,
    look_up,
    refresh,
    sign_out,
)

WIDTH = 90


def told(scenario: Scenario, subject: Subject, view: View = View.TIMELINE) -> list[str]:
    lines = about(scenario.simulator, subject, view, Place(WIDTH, URL))
    return [line.text.rstrip() for line in wrapped(lines, WIDTH)]


def of(user_code: str) -> Subject:
    return Subject(Panel.DEVICES, user_code)


def test_a_code_without_a_session_tells_of_none() -> None:
    scenario = Scenario()
    sign_in = begin(browser_client(scenario))
    assert not [line for line in told(scenario, of(sign_in.user_code)) if "session ┄" in line]


def test_a_session_tells_how_long_it_lasts_and_what_is_good_now() -> None:
    scenario = Scenario()
    program, sign_in, given = collected(scenario)
    for fact in (
        "session    ✓ good   left 8:00:00",
        "tokens     1 good, for 1:00:00",
        "refreshes  0",
    ):
        assert fact in told(scenario, of(sign_in.user_code))
    scenario.wait(60)
    refresh(program, given["refreshToken"])
    lines = told(scenario, of(sign_in.user_code))
    assert "tokens     2 good, the last for 1:00:00" in lines
    assert "refreshes  1" in lines
    scenario.clock.advance(3600)
    assert "tokens     none is good now" in told(scenario, of(sign_in.user_code))


def test_a_session_without_a_refresh_token_says_so() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli", ())
    sign_in = program.start()
    scenario.decide("approve", sign_in.user_code)
    program.poll(sign_in)
    assert "refreshes  none: it has no refresh token" in told(scenario, of(sign_in.user_code))


def test_a_session_that_ended_says_why() -> None:
    scenario = Scenario()
    _, sign_in, given = collected(scenario)
    sign_out(scenario, given["accessToken"])
    lines = told(scenario, of(sign_in.user_code))
    assert f"session    × over   {SessionEnd.SIGNED_OUT}, 12:11:13" in lines  # noqa: RUF001
    assert "tokens     none is good now" in lines


def test_a_session_whose_code_came_twice_says_so() -> None:
    scenario = Scenario()
    sign_in = begin(browser_client(scenario))
    scenario.decide("approve", sign_in.user_code)
    assert "accessToken" in sign_in.redeem()
    exchanges = scenario.simulator.log.exchanges
    redeemed = exchanges.get(exchanges.seen)
    assert redeemed is not None
    scenario.send(CREATE_TOKEN, redeemed.request_body)
    lines = told(scenario, of(sign_in.user_code))
    assert "session    × over   its code came twice, 12:11:12" in lines  # noqa: RUF001


def test_a_session_whose_time_ran_out_says_so() -> None:
    scenario = Scenario()
    _, sign_in, _ = collected(scenario)
    scenario.clock.advance(8 * 3600)
    lines = told(scenario, of(sign_in.user_code))
    assert "session    × over   its time ran out at 20:11:13" in lines  # noqa: RUF001


def test_role_credentials_are_told_without_their_secrets() -> None:
    scenario = Scenario()
    _, sign_in, given = collected(scenario)
    reply = look_up(scenario, given["accessToken"], sign_in.user_code)
    assert isinstance(reply, RoleTaken)
    lines = told(scenario, of(sign_in.user_code))
    start = lines.index(next(line for line in lines if line.startswith("role credentials")))
    assert lines[start + 1 : start + 3] == [
        f"12:11:13  {ROLE} in {ACCOUNT} Sandbox",
        f"          {reply.credentials.access_key_id}  good for 1:00:00",
    ]
    text = "\n".join(
        line
        for subject in (of(sign_in.user_code), *(Subject(Panel.REQUESTS, n) for n in range(1, 7)))
        for view in (View.TIMELINE, View.REQUEST, View.RESPONSE, View.CURL)
        for line in told(scenario, subject, view)
    )
    for secret in (
        reply.credentials.secret_access_key,
        reply.credentials.session_token,
        given["accessToken"],
        given["refreshToken"],
    ):
        assert secret not in text
        assert secret[8:-8] not in text
    scenario.clock.advance(3601)
    assert "over since 13:11:13" in "\n".join(told(scenario, of(sign_in.user_code)))


def test_of_many_credentials_the_newest_are_told() -> None:
    scenario = Scenario()
    _, sign_in, given = collected(scenario)
    for _ in range(MAX_CREDENTIALS + 2):
        scenario.wait(1)
        look_up(scenario, given["accessToken"], sign_in.user_code)
    lines = told(scenario, of(sign_in.user_code))
    assert sum("good for" in line for line in lines) == MAX_CREDENTIALS
    assert "2 before these" in lines


def test_every_operation_has_a_short_name_of_its_own() -> None:
    scenario = Scenario()
    for operation in (*OIDC_OPERATIONS, *PORTAL_OPERATIONS):
        answer = Answer(200, b"", None, "ok")
        target = operation.path + (f"?{operation.query}=t" if operation.query else "")
        scenario.record(operation.method, target, b"", answer, operation=operation.name)
    scenario.record("POST", "/", b"", answer, operation=GET_CALLER_IDENTITY)
    scenario.record("GET", "/nowhere?code=SECRET", b"", answer)
    rows = RequestRows(scenario.simulator)
    names = [rows.cells(index).cells[2] for index in range(len(rows))]
    assert names == [
        "RegisterClient",
        "StartDevice",
        "CreateToken",
        "TokenWithIAM",
        "ListAccounts",
        "ListRoles",
        "GetRoleCreds",
        "Logout",
        "GetCallerId",
        "GET /nowhere",
    ]
    assert len({name[:11] for name in names}) == len(names)


@pytest.mark.parametrize(
    ("took_s", "shown"), [(0.0004, "0.4"), (0.9994, "999"), (1.0, "1s"), (1.7, "2s"), (75, "1m")]
)
def test_a_request_that_was_held_took_seconds_or_minutes(took_s: float, shown: str) -> None:
    scenario = Scenario()
    scenario.record("GET", "/authorize", b"", Answer(302, b"", None, "access_denied"))
    exchange = scenario.simulator.log.exchanges.get(1)
    assert exchange is not None
    scenario.simulator.record(exchange._replace(number=2, took_s=took_s))
    assert RequestRows(scenario.simulator).cells(1).cells[-1] == shown


@pytest.mark.parametrize("operation", [CREATE_TOKEN_WITH_IAM, LOGOUT])
def test_the_inspector_has_the_whole_name(operation: object) -> None:
    scenario = Scenario()
    answer = Answer(200, b"", None, "ok")
    assert isinstance(operation, type(LOGOUT))
    scenario.record("POST", operation.path, b"", answer, operation=operation.name)
    assert f"operation  {operation.name}" in told(scenario, Subject(Panel.REQUESTS, 1))


def test_a_session_is_told_when_its_device_code_is_forgotten() -> None:
    scenario = Scenario()
    _, sign_in, _ = collected(scenario)
    del scenario.simulator.state.devices[sign_in.user_code]
    lines = told(scenario, Subject(Panel.REQUESTS, 3))
    assert "session    ✓ good   left 8:00:00" in lines
    assert not [line for line in lines if "forgotten" in line]


# The client.


def test_a_client_tells_its_grants_redirects_and_sessions() -> None:
    scenario = Scenario()
    collected(scenario)  # another client's session
    program = browser_client(scenario)
    first, second = begin(program), begin(program, client_state="another")
    scenario.decide("approve", first.user_code)
    given = first.redeem()
    lines = told(scenario, Subject(Panel.CLIENTS, program.client_id), View.CLIENT)
    for fact in (
        "grants     authorization_code, refresh_token",
        "redirects  http://127.0.0.1/oauth/callback",
        "expires    2027-02-22 12:11, in 90d",
        "sessions   1, of them good now 1",
        f"{second.user_code}  ◷ pending    browser",
    ):
        assert fact in lines
    sign_out(scenario, given["accessToken"])
    lines = told(scenario, Subject(Panel.CLIENTS, program.client_id), View.CLIENT)
    assert "sessions   1, of them good now 0" in lines


def test_a_client_whose_registration_is_over_is_told_so() -> None:
    scenario = Scenario()
    program = browser_client(scenario)
    scenario.clock.advance(92 * 86400)
    text = " ".join(told(scenario, Subject(Panel.CLIENTS, program.client_id), View.CLIENT))
    assert "2027-02-22 12:11, over for 2d: it is told invalid_client until it" in text
    assert "sessions   none" in text
