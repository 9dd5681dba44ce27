"""The control API through the server as it is assembled. ``test_every_route`` holds it to its locks."""

import json
from typing import Any

import pytest

from oidc_sim.actions.devices import DEVICE_DECISIONS
from oidc_sim.engine.commands import Approve, Deny, Expire, SlowDown
from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.events import DecisionMade
from oidc_sim.engine.model import Actor, digest
from oidc_sim.record.lines import entry_json
from tests.hostile_text import PAYLOADS
from tests.server.raw_http import RawAnswer
from tests.server.world import World, open_world

STATE = {
    *("clients", "devices", "sessions", "faults", "holds", "held"),
    *("auto_approve", "clock", "counters", "directory", "journal"),
}

DECISIONS = [it.partition(".")[2].replace("_", "-") for it in DEVICE_DECISIONS]


def reason_of(answer: RawAnswer) -> str:
    """The sentence for people in a refusal, which has a word for programs too."""
    assert set(answer.json()) == {"error", "reason"}
    return str(answer.json()["reason"])


async def test_health_wants_nothing(world: World) -> None:
    answer = await world.call("GET", "/_sim/health")
    assert (answer.status, answer.json()) == (200, {"status": "ok"})


async def test_without_the_token_the_answer_says_what_to_send(world: World) -> None:
    answer = await world.call("GET", "/_sim/state")
    assert answer.status == 401
    assert answer.header("WWW-Authenticate") == 'Bearer realm="oidc-sim control"'
    assert "control token of the ready file" in reason_of(answer)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_case_of_the_scheme_does_not_count(world: World, scheme: str) -> None:
    line = f"Authorization: {scheme} {world.server.control_token}"
    assert (await world.call("GET", "/_sim/state", b"", line)).status == 200


async def test_two_tokens_are_none(world: World) -> None:
    wrong = "Authorization: Bearer wrong"
    answer = await world.call("GET", "/_sim/state", b"", wrong, world.bearer)
    assert answer.status == 401


async def test_two_servers_have_two_tokens(world: World) -> None:
    async with open_world() as other:
        answer = await other.call("GET", "/_sim/state", b"", world.bearer)
        assert answer.status == 401


async def test_state_has_what_is_documented(world: World) -> None:
    sign_in = await world.sign_in(clientName="n", scopes=["a"])
    await sign_in.poll()
    world.passed_s += 2
    await sign_in.poll()
    state = (await world.control("GET", "state")).json()
    assert set(state) == STATE
    assert [it["name"] for it in state["clients"]] == ["n"]
    assert state["devices"] == [
        {
            "user_code": sign_in.user_code,
            "kind": "device",
            "state": "pending",
            "client_id": sign_in.client["clientId"],
            "client_name": "n",
            "scopes": ["a"],
            "issued_at": 1764000000.0,
            "expires_at": 1764000600.0,
            "expires_in_s": 598,
            "interval_s": 1,
            "slow_downs_owed": 0,
            "polls": 2,
            "last_poll_at": 1764000002.0,
            "collected_at": None,
            "browser_left_at": None,
            "every_s": 2.0,
            "is_too_fast": False,
            "undo": None,
            "next": "authorization_pending",
            "session": None,
        }
    ]
    assert state["clock"] == {"now": 1764000002.0, "offset_s": 0, "frozen": False}
    assert state["counters"] == {
        "seq": 8,
        "requests": 4,
        "requests_dropped": 0,
        "turned_away": 0,
        "pending": 1,
    }
    assert [it["account_id"] for it in state["directory"]["accounts"]] == [
        account.account_id for account in SEEDED.accounts
    ]


async def test_no_secret_and_no_digest_is_in_state_or_events(world: World) -> None:
    secrets: list[str] = []
    for _ in range(10):
        sign_in = await world.sign_in(scopes=["a"])
        world.do(Approve(sign_in.user_code))
        tokens = (await sign_in.poll()).json()
        await sign_in.poll(clientSecret="wrong-secret")
        secrets += [sign_in.client["clientSecret"], sign_in.device_code, "wrong-secret"]
        secrets += [tokens["accessToken"], tokens["refreshToken"]]
    shown = (await world.control("GET", "state")).body
    shown += json.dumps(
        [entry_json(entry) for entry in world.simulator.log.entries.since(0)]
    ).encode()
    assert sign_in.user_code.encode() in shown
    for secret in secrets:
        assert secret.encode() not in shown
        assert digest(secret).encode() not in shown
    assert world.server.control_token.encode() not in shown


@pytest.mark.parametrize("hostile", PAYLOADS.values(), ids=PAYLOADS)
async def test_a_strangers_name_is_shown_in_ascii(world: World, hostile: str) -> None:
    name = hostile.encode("utf-8", "replace").decode()
    await world.register(clientName=name)
    answer = await world.control("GET", "state")
    assert answer.json()["clients"][0]["name"] == name
    assert answer.body.isascii()
    assert answer.body[:-1].decode().isprintable()


@pytest.mark.parametrize(
    ("before", "action", "state", "undo", "following"),
    [
        ([], "approve", "approved", "approve", "token"),
        ([], "deny", "denied", "deny", "access_denied"),
        ([], "expire", "expired", "expire", "expired_token"),
        ([], "slow-down", "pending", "slow_down", "slow_down"),
        ([Deny], "undo", "pending", None, "authorization_pending"),
        ([SlowDown, Approve], "undo", "pending", "slow_down", "slow_down"),
    ],
)
async def test_a_decision_answers_with_the_device(
    world: World, before: list[Any], action: str, state: str, undo: str | None, following: str
) -> None:
    sign_in = await world.sign_in()
    for command in before:
        world.do(command(sign_in.user_code))
    answer = await world.control("POST", f"devices/{sign_in.user_code}/{action}")
    device = answer.json()
    assert answer.status == 200
    assert (device["user_code"], device["state"]) == (sign_in.user_code, state)
    assert (device["undo"], device["next"]) == (undo, following)
    assert await sign_in.outcome() == following


async def test_a_decision_by_the_api_is_the_scripts(world: World) -> None:
    sign_in = await world.sign_in()
    await world.control("POST", f"devices/{sign_in.user_code}/approve")
    done = [it.what for it in world.simulator.log.entries.since(0)][-1]
    assert isinstance(done, DecisionMade)
    assert done.by is Actor.SCRIPT


async def test_a_code_is_taken_in_any_case_with_or_without_its_dash(world: World) -> None:
    sign_in = await world.sign_in()
    code = sign_in.user_code
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", "").lower()):
        assert (await world.control("POST", f"devices/{typed}/slow-down")).status == 200
    assert sign_in.device.slow_downs_owed == 4


@pytest.mark.parametrize("action", DECISIONS)
@pytest.mark.parametrize("code", ["BBBB-BBBB", "x", "-", "~", "a" * 200])
async def test_a_code_that_nobody_has_is_a_404_with_a_sentence(
    world: World, action: str, code: str
) -> None:
    answer = await world.control("POST", f"devices/{code}/{action}")
    assert answer.status == 404
    assert reason_of(answer) == "no such user code here"


@pytest.mark.parametrize(
    ("before", "action", "sentence"),
    [
        ([Approve], "approve", "already approved; undo first"),
        ([Deny], "slow-down", "already denied; undo first"),
        ([Expire], "approve", "already expired; undo first"),
        ([], "undo", "nothing to undo"),
    ],
)
async def test_a_decision_that_cannot_be_done_is_a_409_with_the_reason(
    world: World, before: list[Any], action: str, sentence: str
) -> None:
    sign_in = await world.sign_in()
    for command in before:
        world.do(command(sign_in.user_code))
    state = sign_in.state
    answer = await world.control("POST", f"devices/{sign_in.user_code}/{action}")
    assert (answer.status, answer.json()["error"]) == (409, "conflict")
    assert reason_of(answer) == sentence
    assert sign_in.state is state


async def test_a_collected_token_cannot_be_taken_back(world: World) -> None:
    sign_in = await world.sign_in()
    world.do(Approve(sign_in.user_code))
    await sign_in.poll()
    for action in DECISIONS:
        answer = await world.control("POST", f"devices/{sign_in.user_code}/{action}")
        assert (answer.status, reason_of(answer)) == (409, "token already collected")


async def test_reset_forgets_everything(world: World) -> None:
    sign_in = await world.sign_in()
    answer = await world.control("POST", "reset")
    assert (answer.status, answer.json()) == (200, {"status": "reset"})
    state = (await world.control("GET", "state")).json()
    assert (state["clients"], state["devices"]) == ([], [])
    assert await sign_in.outcome() == "invalid_grant"


@pytest.mark.parametrize("body", [b"", b"{}", b"not json", b'{"a":1,"a":2}', b"[" * 60_000])
async def test_a_body_that_nobody_asked_for_does_no_harm(world: World, body: bytes) -> None:
    sign_in = await world.sign_in()
    answer = await world.control("POST", f"devices/{sign_in.user_code}/slow-down", body)
    assert answer.status == 200
    assert (await world.call("GET", "/_sim/health")).status == 200


async def test_a_route_that_does_not_exist_is_a_404_and_a_wrong_method_a_405(world: World) -> None:
    for path in ("", "nowhere", "clocks", "devices/BBBB-BBBB/bless"):
        answer = await world.control("POST", path)
        assert (answer.status, reason_of(answer)) == (404, "no such control route")
    for method, path, allowed in (("POST", "state", "GET"), ("GET", "reset", "POST")):
        answer = await world.control(method, path)
        assert (answer.status, answer.header("Allow")) == (405, allowed)
        assert reason_of(answer) == f"use {allowed}"


async def test_control_answers_are_never_stored_and_name_no_software(world: World) -> None:
    for answer in (
        await world.call("GET", "/_sim/health"),
        await world.call("GET", "/_sim/state"),
        await world.control("GET", "state"),
        await world.control("POST", "nowhere"),
    ):
        assert answer.header("Cache-Control") == "no-store"
        assert answer.header("Content-Type") == "application/json"
        assert answer.header("Server") is None
