"""Each fault's plan, byte for byte where it is about bytes."""

import json
from dataclasses import replace
from typing import Any

import pytest

from oidc_sim.engine.arrival import Setting
from oidc_sim.faults.catalogue import BY_NAME, CATALOGUE
from oidc_sim.faults.row import Fault, When
from oidc_sim.faults.settings import settings_of
from oidc_sim.faults.steps import Answering, Case, End, How, Pause, Plan, Send
from oidc_sim.wire.answers import Answer, head, http_date
from oidc_sim.wire.errors import INVALID_GRANT
from oidc_sim.wire.http import Response

AT = 1_764_000_000.0
BODY = b'{"expiresIn":600,"interval":5,"userCode":"WDJB-MJHT"}'
DATE = http_date(AT)
HEAD = head(Answer(200, BODY, None, ""), request_id="id", date=DATE)
LATE_CALLBACK = (
    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:4000/oauth/callback?code=c&state=s\r\n"
    b"Content-Length: 0\r\nConnection: keep-alive\r\n\r\n"
)


def planned(name: str, truth: Response | None = None, **given: Setting) -> Plan:
    fault = BY_NAME[name]
    settings = settings_of(fault, given)
    assert isinstance(settings, dict)
    if truth is None and fault.when is When.AFTER:
        truth = Response.parse(HEAD + BODY)
    case = Case(
        settings=settings, truth=truth, request_id="id", date=DATE, at=AT, url="http://here"
    )
    return fault.maker()(case)


def sent(steps: Plan) -> bytes:
    return b"".join(step.data for step in steps if isinstance(step, Send))


def told(name: str, **given: Setting) -> Any:
    return json.loads(sent(planned(name, None, **given)).partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda it: it.name)
def test_a_plan_ends_once_unless_the_truth_comes_after_it(fault: Fault) -> None:
    steps = planned(fault.name)
    ends = [step for step in steps if isinstance(step, End)]
    is_truth_to_come = not ends and all(isinstance(step, Pause) for step in steps)
    assert ends == [steps[-1]] if ends else is_truth_to_come
    assert bool(ends) is (fault.when is not When.BEFORE and fault.name != "stale-login")


def test_slow_down_has_the_bytes_of_the_service() -> None:
    assert sent(planned("slow-down")) == (
        f"HTTP/1.1 400 Bad Request\r\nDate: {DATE}\r\nContent-Type: application/json\r\n"
        "Content-Length: 67\r\nConnection: keep-alive\r\nx-amzn-RequestId: id\r\n"
        "x-amzn-ErrorType: SlowDownException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/"
        '\r\n\r\n{"error":"slow_down","error_description":"Polling too frequently"}'
    ).encode().replace(
        b"67",
        str(len('{"error":"slow_down","error_description":"Polling too frequently"}')).encode(),
    )


@pytest.mark.parametrize(
    ("value", "is_there"), [("absent", False), (0, True), ("5", True), (5.5, True), (None, True)]
)
def test_an_odd_interval_leaves_the_other_members(value: Setting, *, is_there: bool) -> None:
    members = told("interval", value=value)
    assert ("interval" in members) is is_there
    assert members.get("interval") == (value if is_there else None)
    assert members["userCode"] == "WDJB-MJHT"


@pytest.mark.parametrize(
    ("name", "end", "count"),
    [
        ("drop", How.RESET, 0),
        ("empty-reply", How.CLOSE, 0),
        ("black-hole", How.NEVER, 0),
        ("lost-success", How.RESET, len(HEAD) + len(BODY) // 2),
        ("cut-after", How.CLOSE, 9),
        ("keep-alive-drop", How.CLOSE, len(HEAD) + len(BODY)),
    ],
)
def test_a_connection_ends_as_it_should(name: str, end: How, count: int) -> None:
    steps = planned(name)
    assert steps[-1] == End(end)
    assert sent(steps) == (HEAD + BODY)[:count]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("short-length", b"Content-Length: 43\r\n"),
        ("long-length", b"Content-Length: 63\r\n"),
        ("gzip-header", b"Content-Encoding: gzip\r\n"),
        ("bad-chunk", b"Transfer-Encoding: chunked\r\n"),
        ("throttled", b"Retry-After: 5\r\n"),
        ("proxy", b'Proxy-Authenticate: Basic realm="proxy"\r\n'),
        ("http-1-0", b"HTTP/1.0 200 OK\r\n"),
        ("connection-close", b"Connection: close\r\n"),
    ],
)
def test_a_head_says_what_the_fault_makes_it_say(name: str, header: bytes) -> None:
    assert header in sent(planned(name)).partition(b"\r\n\r\n")[0] + b"\r\n"


@pytest.mark.parametrize("name", ["slow-drip", "slicer", "bandwidth"])
def test_slow_answers_are_true_ones(name: str) -> None:
    steps = planned(name)
    assert sent(steps) == HEAD + BODY
    assert any(isinstance(step, Pause) for step in steps)


def test_a_slow_drip_pauses_a_second_between_two_bytes() -> None:
    steps = planned("slow-drip")
    assert steps[:3] == (Send(b"H"), Pause(1), Send(b"T"))


def test_a_missing_length_leaves_the_connection_open() -> None:
    steps = planned("missing-length")
    assert b"Content-Length" not in sent(steps)
    assert steps[-1] == End(How.KEEP)


@pytest.mark.parametrize("distribution", ["fixed", "uniform", "log-normal"])
def test_latency_is_the_same_for_the_same_seed(distribution: str) -> None:
    first = planned("latency", distribution=distribution)
    assert first == planned("latency", distribution=distribution)
    assert isinstance(first[0], Pause)
    assert first[0].seconds > 0


def test_a_wrong_clock_moves_the_date() -> None:
    assert http_date(AT + 3600).encode() in sent(planned("date-skew"))


def test_the_true_answer_can_be_edited() -> None:
    assert told("edit", member="interval", value="31")["interval"] == 31
    assert "interval" not in told("edit", member="interval")
    assert b"X-A: b c\r\n" in sent(planned("edit", header="X-A", header_value="b\nc"))


def test_a_custom_answer_is_sent_as_typed() -> None:
    steps = planned("custom", status=418, headers="A: b\nC: d", body="é")
    expected = "HTTP/1.1 418 I'm a Teapot\r\nA: b\r\nC: d\r\nContent-Length: 2\r\n\r\né"
    assert sent(steps) == expected.encode()


@pytest.mark.parametrize(
    ("kind", "text"), [("escape", "\x1b["), ("bidi", "\u202e"), ("long", "A" * 10_000)]
)
def test_hostile_strings_reach_what_people_read(kind: str, text: str) -> None:
    assert text in told("hostile-strings", kind=kind)["userCode"]


def test_a_callback_loses_or_changes_its_state() -> None:
    truth = Response.parse(LATE_CALLBACK)
    assert b"?code=c&state=wrong\r\n" in sent(planned("callback-state", truth))
    assert b"?code=c\r\n" in sent(planned("callback-state", truth, form="missing"))
    assert b"state=s&state=s\r\n" in sent(planned("callback-state", truth, form="twice"))
    assert b"/favicon.ico?" in sent(planned("callback-state", truth, form="other-path"))
    assert b"127.0.0.1:1/" in sent(planned("callback-late", truth, is_refused=True))
    assert b"?error=access_denied&state=s\r\n" in sent(
        planned("callback-error", truth, form="no-description")
    )


def test_a_page_of_ours_is_no_callback() -> None:
    truth = replace(
        Response.parse(LATE_CALLBACK), headers=((b"Location", b"/oidc-sim/sign-in?next=1"),)
    )
    assert sent(planned("callback-state", truth)) == truth.data


NAMED = {it.name: it.make.problem for it in CATALOGUE if isinstance(it.make, Answering)}


def test_every_error_that_has_a_name_can_be_carried_otherwise() -> None:
    [error, _] = BY_NAME["error-form"].parameters
    assert set(error.choices) == set(NAMED)


@pytest.mark.parametrize("error", NAMED)
@pytest.mark.parametrize("form", ["header", "type", "error", "status-200"])
def test_an_error_stands_in_one_place_alone(error: str, form: str) -> None:
    told = Response.parse(sent(planned("error-form", error=error, form=form)))
    problem, members = NAMED[error], json.loads(told.body)
    header = told.header("x-amzn-ErrorType")
    assert told.status == (200 if form == "status-200" else problem.status)
    assert told.header("Content-Length") == str(len(told.body)).encode()
    if form == "header":
        assert (header or b"").startswith(problem.name.encode())
        assert set(members) == {"message"}
    elif form == "status-200":
        assert told.body == problem.answer().body
    else:
        assert header is None
        assert set(members) == {"__type" if form == "type" else "error"}
    if form == "type":
        assert members["__type"].endswith("#" + problem.name)


def test_a_requests_own_error_is_carried_otherwise_and_a_success_stays() -> None:
    own = INVALID_GRANT.answer()
    truth = Response.parse(head(own, request_id="id", date=DATE) + own.body)
    assert (
        sent(planned("true-error-form", truth, form="error"))
        == (
            f"HTTP/1.1 400 Bad Request\r\nDate: {DATE}\r\nContent-Type: application/json\r\n"
            "Content-Length: 25\r\nConnection: keep-alive\r\nx-amzn-RequestId: id\r\n\r\n"
            '{"error":"invalid_grant"}'
        ).encode()
    )
    assert sent(planned("true-error-form", form="error")) == HEAD + BODY
