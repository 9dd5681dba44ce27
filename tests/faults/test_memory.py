"""What a fault remembers for one rule, from request to request."""

import json
from dataclasses import replace

from oidc_sim.faults.catalogue import BY_NAME
from oidc_sim.faults.memory import MOST
from oidc_sim.faults.steps import AS_IT_IS, Case, Pause, Plan, Send
from oidc_sim.wire.http import Response, json_members

QUOTA = Case(settings={"requests": 2, "window_s": 60}, date="d", request_id="r")
LOGIN = b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n{"accessToken":"%d","expiresIn":100}'


def answered(plan: Plan) -> Response:
    [sent] = [step.data for step in plan if isinstance(step, Send)]
    return Response.parse(sent)


def test_a_quota_lets_so_many_through_in_a_window_and_tells_how_long_it_is_full() -> None:
    quota = BY_NAME["quota"].maker()
    told = []
    for tick in (0, 10, 20, 60.5, 61, 121):
        plan = quota(replace(QUOTA, tick=tick))
        told.append(answered(plan).header("Retry-After") if plan else None)
    assert told == [None, None, b"40", None, b"9", None]
    assert BY_NAME["quota"].maker()(QUOTA) == AS_IT_IS, "another rule counts for itself"
    assert answered(quota(replace(QUOTA, settings={"requests": 0, "window_s": 60}, tick=1e6)))


def test_all_requests_of_a_stall_wait_for_the_same_moment() -> None:
    stall, case = BY_NAME["stall"].maker(), Case(settings={"seconds": 10})
    waits = [stall(replace(case, tick=tick)) for tick in (5, 8, 14.5, 15)]
    assert waits == [(Pause(10),), (Pause(7),), (Pause(0.5),), (Pause(10),)]


def refresh(token: object, client_id: str, tick: float) -> Case:
    body = json.dumps({"refreshToken": token}).encode()
    return Case(settings={"grace_s": 10}, request_body=body, client_id=client_id, tick=tick)


def test_a_refresh_token_may_come_again_in_its_grace_and_then_ends_its_client() -> None:
    rotation = BY_NAME["refresh-rotation"].maker()
    asked = [
        refresh("a", "c1", 0),
        refresh("a", "c1", 9),
        refresh("b", "c1", 9),
        refresh("a", "c1", 10),
        refresh("new", "c1", 11),
        refresh("new2", "c2", 11),
        refresh(1, "c1", 12),
    ]
    refused = [answered(plan).body if (plan := rotation(case)) else None for case in asked]
    assert [bool(it) for it in refused] == [False, False, False, True, True, False, False]
    assert json_members(refused[3] or b"")["error_description"] == "Invalid refresh token provided"


def login(number: int, client_id: str, at: float) -> Case:
    return Case(truth=Response.parse(LOGIN % number), client_id=client_id, at=at)


def test_a_later_login_gets_the_first_token_with_what_is_left_of_it() -> None:
    same = BY_NAME["stale-login"].maker()
    members = [
        json_members(answered(same(login(number, client_id, at))).body)
        for number, client_id, at in ((1, "c1", 0), (2, "c1", 60), (3, "c2", 60), (4, "c1", 300))
    ]
    told = [(it["accessToken"], it["expiresIn"]) for it in members]
    assert told == [("1", 100), ("1", 40), ("3", 100), ("1", 0)]
    assert same(Case(truth=Response.parse(b"HTTP/1.1 400 X\r\n\r\n{}"))) == AS_IT_IS


def test_the_oldest_is_forgotten_where_there_are_too_many() -> None:
    same = BY_NAME["stale-login"].maker()
    for number in range(MOST + 1):
        same(login(number, f"c{number}", 0))
    assert json_members(answered(same(login(7, "c0", 0))).body)["accessToken"] == "7"
    assert json_members(answered(same(login(7, f"c{MOST}", 0))).body)["accessToken"] == str(MOST)
