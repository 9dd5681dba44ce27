import json
import time
from dataclasses import replace
from typing import Any

import pytest

from oidc_sim.engine import events as e
from oidc_sim.engine.model import Actor, Decision
from oidc_sim.headless.text import greeting, lines_of, text_of
from oidc_sim.record.exchange import Exchange, packed
from oidc_sim.record.log import Entry
from oidc_sim.settings.model import Output
from tests.hostile_text import PAYLOADS

AT = 1_764_000_000.0
CLOCK = time.strftime("%H:%M:%S", time.localtime(AT))
CODE = "QFJW-LZFB"
REGISTERED = e.ClientRegistered(
    at=AT,
    client_id="the-client",
    secret_digest="the-digest",
    name="acceptance boto3",
    scopes=(),
    grant_types=(),
    redirect_uris=(),
    expires_at=AT + 9,
)
AUTHORIZED = e.DeviceAuthorized(
    at=AT,
    user_code=CODE,
    code_digest="the-digest",
    client_id="the-client",
    client_name="acceptance boto3",
    scopes=(),
    expires_at=AT + 600,
    interval_s=1,
)
ISSUED = e.TokenIssued(
    at=AT,
    user_code=CODE,
    client_id="the-client",
    user_id="the-user",
    scopes=(),
    access_digest="the-digest",
    refresh_digest="the-digest",
    expires_at=AT,
    session_expires_at=AT,
)
EXCHANGE = Exchange(
    number=7,
    at=AT,
    method="POST",
    target="/token",
    operation="CreateToken",
    status=400,
    outcome="authorization_pending",
    user_code=CODE,
    client_id="the-client",
    took_s=0.001,
    packed_headers=packed(((b"Authorization", b"the-secret"),)),
    request_body=b"the-secret",
    response_head=b"the-secret",
    response_body=b"the-secret",
)


def done(decision: Decision, by: Actor = Actor.OPERATOR) -> e.DecisionMade:
    return e.DecisionMade(at=AT, user_code=CODE, decision=decision, by=by)


def undone(decision: Decision) -> e.DecisionUndone:
    return e.DecisionUndone(at=AT, user_code=CODE, decision=decision, by=Actor.USER, was_owed=False)


def text(what: Any) -> str | None:
    return text_of(Entry(1, what))


LINES: list[tuple[Any, str]] = [
    (REGISTERED, 'registered "acceptance boto3"'),
    (AUTHORIZED, 'issued QFJW-LZFB to "acceptance boto3", for 600 s'),
    (EXCHANGE, "polled QFJW-LZFB: authorization_pending"),
    (done(Decision.APPROVE, Actor.SCRIPT), "approved QFJW-LZFB by the script"),
    (done(Decision.APPROVE, Actor.AUTO), "approved QFJW-LZFB automatically"),
    (done(Decision.DENY), "denied QFJW-LZFB by the operator"),
    (done(Decision.EXPIRE, Actor.USER), "expired QFJW-LZFB by the user"),
    (done(Decision.SLOW_DOWN), "slowed down QFJW-LZFB by the operator"),
    (undone(Decision.DENY), "undone: QFJW-LZFB is not denied any more, by the user"),
    (ISSUED, "signed in with QFJW-LZFB: token issued"),
    (e.DeviceExpired(at=AT, user_code=CODE), "expired QFJW-LZFB: its time ran out"),
    (e.DeviceForgotten(at=AT, user_code=CODE), "forgot QFJW-LZFB: its polls get invalid_grant now"),
    (e.ClientForgotten(at=AT, client_id="the-client"), "forgot client the-client"),
    (
        e.ClientExpired(at=AT, client_id="the-client", by=Actor.OPERATOR),
        "expired client the-client by the operator",
    ),
    (
        e.ClientRestored(at=AT, client_id="the-client", by=Actor.SCRIPT),
        "restored client the-client by the script",
    ),
    (e.WasReset(at=AT), "reset: every client and device is forgotten"),
    (
        EXCHANGE._replace(user_code=None, outcome="invalid_grant"),
        "refused CreateToken: 400 invalid_grant",
    ),
    (
        EXCHANGE._replace(operation="RegisterClient", user_code=None, outcome="invalid_scope"),
        "refused RegisterClient: 400 invalid_scope",
    ),
    (
        EXCHANGE._replace(operation=None, method="GET", target="/a?token=x", status=404),
        "refused GET /a: 404 authorization_pending",
    ),
]


@pytest.mark.parametrize(("what", "line"), LINES, ids=[line for _, line in LINES])
def test_what_happened_is_one_line_that_reads_well(what: Any, line: str) -> None:
    assert text(what) == f"{CLOCK} {line}"


@pytest.mark.parametrize(
    "what",
    [
        e.Polled(at=AT, tick=1.0, user_code=CODE, outcome=e.PollOutcome.PENDING),
        EXCHANGE._replace(status=200, outcome="token issued"),
        EXCHANGE._replace(operation="RegisterClient", status=200),
        EXCHANGE._replace(operation="StartDeviceAuthorization", status=200),
    ],
)
def test_a_request_is_told_once(what: Any) -> None:
    assert text(what) is None


@pytest.mark.parametrize("hostile", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("output", [Output.TEXT, Output.JSON])
def test_no_text_of_a_stranger_reaches_the_terminal_raw(hostile: str, output: Output) -> None:
    for what in (
        replace(REGISTERED, name=hostile),
        replace(AUTHORIZED, client_name=hostile),
        EXCHANGE._replace(operation=None, target=hostile, method=hostile, outcome=hostile),
        EXCHANGE._replace(operation="RegisterClient", outcome=hostile, user_code=None),
    ):
        (line,) = lines_of([Entry(1, what)], output)
        assert line.isprintable()
        assert not any(ord(it) in range(0x80, 0xA0) for it in line)


def test_a_name_cannot_look_like_words_of_ours() -> None:
    name = 'x" by the operator\n06:38:22 approved QFJW-LZFB'
    line = text(replace(REGISTERED, name=name))
    assert line == f'{CLOCK} registered "x\\" by the operator\\n06:38:22 approved QFJW-LZFB"'


def test_a_long_name_is_cut() -> None:
    line = text(replace(REGISTERED, name="x" * 10_000))
    assert line is not None
    assert len(line) < 100
    assert line.endswith("xxx...")


@pytest.mark.parametrize("what", [what for what, _ in LINES])
def test_json_has_no_secret_and_no_digest(what: Any) -> None:
    (line,) = lines_of([Entry(3, what)], Output.JSON)
    members = json.loads(line)
    assert (members["seq"], members["at"]) == (3, AT)
    assert "the-digest" not in line
    assert "the-secret" not in line
    assert "token=x" not in line


def test_nothing_is_printed_where_nothing_is_wanted() -> None:
    assert list(lines_of([Entry(1, REGISTERED)], Output.NONE)) == []


def texts(*happenings: Any) -> list[str]:
    entries = [Entry(seq, what) for seq, what in enumerate(happenings, 1)]
    lines = lines_of(entries, Output.TEXT)
    return [line.removeprefix(f"{CLOCK} ") for line in lines]


def test_equal_polls_in_a_row_are_told_once_with_their_number() -> None:
    other = EXCHANGE._replace(user_code="MTXK-PVBW")
    polled = e.Polled(at=AT, tick=1.0, user_code=CODE, outcome=e.PollOutcome.PENDING)
    assert texts(polled, EXCHANGE, other, polled, EXCHANGE, polled, EXCHANGE) == [
        "polled QFJW-LZFB: authorization_pending, 3 times",
        "polled MTXK-PVBW: authorization_pending",
    ]


def test_polls_with_another_outcome_are_told_apart() -> None:
    slowed = EXCHANGE._replace(outcome="slow_down")
    assert texts(EXCHANGE, slowed, EXCHANGE) == [
        "polled QFJW-LZFB: authorization_pending, 2 times",
        "polled QFJW-LZFB: slow_down",
    ]


def test_polls_before_and_after_something_else_are_not_put_together() -> None:
    assert texts(EXCHANGE, REGISTERED, EXCHANGE, EXCHANGE) == [
        "polled QFJW-LZFB: authorization_pending",
        'registered "acceptance boto3"',
        "polled QFJW-LZFB: authorization_pending, 2 times",
    ]


def test_in_json_each_poll_is_a_line() -> None:
    entries = [Entry(seq, EXCHANGE) for seq in (1, 2, 3)]
    assert [json.loads(it)["seq"] for it in lines_of(entries, Output.JSON)] == [1, 2, 3]


def test_the_first_line_says_where_the_server_answers() -> None:
    url = "http://127.0.0.1:1"
    assert greeting(url, Output.TEXT) == f"oidc-sim serves on {url}"
    assert greeting(url, Output.NONE) == f"oidc-sim serves on {url}"
    assert json.loads(greeting(url, Output.JSON)) == {"type": "listening", "url": url}
