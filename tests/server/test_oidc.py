"""The three operations over a real socket, through the server as it is assembled (wire.md#8, wire.md#91)."""

import asyncio
import re
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from oidc_sim.engine.commands import Approve, Deny, Expire, SlowDown
from oidc_sim.wire.operations import OIDC_OPERATIONS
from tests.server.aws_site import CHALLENGE, VERIFIER
from tests.server.golden_cases import LOOPBACK
from tests.server.raw_http import RawAnswer, connected, request
from tests.server.world import START_S, START_URL, World, as_json, open_world
from tests.wire.test_hostile_bodies import MALFORMED

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
HEADERS = ["Date", "Content-Type", "Content-Length", "Connection", "x-amzn-RequestId"]
PATHS = [operation.path for operation in OIDC_OPERATIONS]


def error_of(answer: RawAnswer) -> str:
    """The exception that an SDK would raise."""
    return (answer.header("x-amzn-ErrorType") or "").partition(":")[0]


async def test_a_client_signs_in(world: World) -> None:
    sign_in = await world.sign_in(scopes=["sso:account:access"])
    assert await sign_in.outcome() == "authorization_pending"
    world.do(Approve(sign_in.user_code))
    tokens = (await sign_in.poll()).json()
    assert (tokens["tokenType"], tokens["expiresIn"]) == ("Bearer", 3600)
    assert tokens["accessToken"].startswith("aoa")
    assert tokens["refreshToken"].startswith("aor")


async def test_a_code_buys_one_token(world: World) -> None:
    sign_in = await world.sign_in()
    world.do(Approve(sign_in.user_code))
    assert await sign_in.outcome() == "token"
    assert await sign_in.outcome() == "invalid_grant"


async def test_fifty_polls_at_once_get_one_token(world: World) -> None:
    sign_in = await world.sign_in()
    world.do(Approve(sign_in.user_code))
    outcomes = await asyncio.gather(*(sign_in.outcome() for _ in range(50)))
    assert sorted(outcomes) == ["invalid_grant"] * 49 + ["token"]


async def test_an_approval_among_fifty_polls_gives_one_token(world: World) -> None:
    sign_in = await world.sign_in()

    async def approve_in_between() -> None:
        while len(world.exchanges()) < 10:  # noqa: ASYNC110 - a pause would come too late
            await asyncio.sleep(0)
        world.do(Approve(sign_in.user_code))

    async with asyncio.TaskGroup() as tasks:
        polls = [tasks.create_task(sign_in.outcome()) for _ in range(50)]
        tasks.create_task(approve_in_between())
    outcomes = [it.result() for it in polls] + [await sign_in.outcome()]
    assert outcomes.count("token") == 1
    assert set(outcomes) <= {"token", "authorization_pending", "invalid_grant"}


async def test_an_operator_decides_what_the_client_gets(world: World) -> None:
    for command, outcome in ((Deny, "access_denied"), (Expire, "expired_token")):
        sign_in = await world.sign_in()
        world.do(command(sign_in.user_code))
        assert await sign_in.outcome() == outcome
    sign_in = await world.sign_in()
    world.do(SlowDown(sign_in.user_code))
    assert [await sign_in.outcome() for _ in range(2)] == ["slow_down", "authorization_pending"]


async def test_a_code_expires_is_remembered_and_is_forgotten(world: World) -> None:
    sign_in = await world.sign_in()
    told: list[str] = []
    for seconds in (599.9, 0.1, 599.9, 0.1):
        world.passed_s += seconds
        told.append(await sign_in.outcome())
    assert told == ["authorization_pending", "expired_token", "expired_token", "invalid_grant"]


async def test_the_setting_says_how_a_lapsed_code_answers() -> None:
    async with open_world(lifetime=1, expired_as="invalid_grant") as world:
        sign_in = await world.sign_in()
        world.passed_s += 1
        assert await sign_in.outcome() == "invalid_grant"


async def test_the_rfc_profile_throttles_what_comes_too_early() -> None:
    async with open_world(profile="rfc") as world:
        sign_in = await world.sign_in()
        assert sign_in.authorization["interval"] == 5
        assert await sign_in.outcome() == "authorization_pending"
        assert await sign_in.outcome() == "slow_down"
        world.passed_s += 10
        assert await sign_in.outcome() == "authorization_pending"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"deviceCode": "no", "clientId": "no", "clientSecret": "no"}, 400, "InvalidGrant"),
        ({"clientId": "no", "clientSecret": "no"}, 401, "InvalidClient"),
        ({"clientSecret": "no"}, 401, "InvalidClient"),
        ({"clientId": None, "deviceCode": "no"}, 400, "InvalidRequest"),
        ({"clientSecret": None}, 400, "InvalidRequest"),
        ({"deviceCode": None}, 400, "InvalidRequest"),
        ({"grantType": None}, 400, "InvalidRequest"),
        ({"grantType": "password", "deviceCode": "no"}, 400, "UnsupportedGrantType"),
        ({"grantType": "refresh_token"}, 400, "InvalidRequest"),
        ({"grantType": "refresh_token", "refreshToken": "no"}, 400, "InvalidGrant"),
    ],
)
async def test_the_code_is_looked_at_before_the_client_and_members_before_both(
    world: World, changes: dict[str, Any], status: int, error: str
) -> None:
    sign_in = await world.sign_in()
    answer = await sign_in.poll(**changes)
    assert (answer.status, error_of(answer)) == (status, f"{error}Exception")
    assert await sign_in.outcome() == "authorization_pending"


async def test_another_clients_code_is_an_invalid_grant(world: World) -> None:
    mine, other = await world.sign_in(), await world.sign_in()
    world.do(Approve(other.user_code))
    assert await mine.outcome(deviceCode=other.device_code) == "invalid_grant"
    assert await other.outcome() == "token"


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"startUrl": "nonsense"}, "InvalidRequest"),
        ({"startUrl": None}, "InvalidRequest"),
        ({"clientSecret": "no"}, "InvalidClient"),
        ({"clientSecret": "no", "startUrl": "nonsense"}, "InvalidClient"),
    ],
)
async def test_a_device_authorization_looks_at_the_client_before_its_start_url(
    world: World, members: dict[str, Any], error: str
) -> None:
    client = await world.register()
    sent = {name: client[name] for name in ("clientId", "clientSecret")}
    sent |= {"startUrl": START_URL, **members}
    answer = await world.call("POST", "/device_authorization", sent)
    assert error_of(answer) == f"{error}Exception"
    assert world.simulator.state.devices == {}


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=rot13",
        "application/octet-stream",
        "multipart/form-data",
        "a/b; c=\udcff",
    ],
)
async def test_json_is_read_whatever_the_content_type(
    world: World, content_type: str | None
) -> None:
    members = {"clientName": "n", "clientType": "public"}
    headers = () if content_type is None else (f"Content-Type: {content_type}",)
    answer = await world.call("POST", "/client/register", members, *headers)
    assert answer.status == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
async def test_a_hostile_body_is_an_invalid_request_and_no_fault(
    world: World, path: str, body: bytes
) -> None:
    answer = await world.call("POST", path, body)
    assert (answer.status, error_of(answer)) == (400, "InvalidRequestException")
    assert answer.json()["error"] == "invalid_request"
    assert answer.json()["reason"] is None
    assert answer.header("Connection") == "keep-alive"
    assert world.faults == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/nowhere", 404),
        ("POST", "/token/", 404),
        ("POST", "/TOKEN", 404),
        ("POST", "/%74oken", 404),
        ("GET", "/token", 405),
        ("PUT", "/token", 405),
        ("DELETE", "/client/register", 405),
        ("OPTIONS", "/device_authorization", 405),
        ("PATCH", "/token", 405),
    ],
)
async def test_a_path_or_method_that_is_no_operation_is_refused_in_awss_shape(
    world: World, method: str, path: str, status: int
) -> None:
    answer = await world.call(method, path, b"{}")
    assert (answer.status, error_of(answer)) == (status, "UnknownOperationException")
    assert answer.header("Allow") == ("POST" if status == 405 else None)
    assert set(answer.json()) == {"error", "error_description"}


async def test_head_gets_the_head_alone(world: World) -> None:
    async with connected(world.port) as client:
        await client.send(request("HEAD", "/token", port=world.port))
        answer = await client.answer(to_head=True)
        assert answer.status == 405
        assert int(answer.header("Content-Length") or 0) > 0
        await client.send(request("POST", "/token", b"{}", port=world.port))
        assert (await client.answer()).status == 400


async def test_every_answer_has_awss_headers_in_awss_order(world: World) -> None:
    sign_in = await world.sign_in()
    pending = await sign_in.poll()
    world.do(Approve(sign_in.user_code))
    names = [[name for name, _ in it.headers] for it in (pending, await sign_in.poll())]
    assert names == [[*HEADERS, "x-amzn-ErrorType"], HEADERS]
    assert dict(pending.headers) | {"x-amzn-RequestId": ""} == {
        "Date": formatdate(START_S, usegmt=True),
        "Content-Type": "application/json",
        "Content-Length": "86",
        "Connection": "keep-alive",
        "x-amzn-RequestId": "",
        "x-amzn-ErrorType": "AuthorizationPendingException:"
        "http://internal.amazon.com/coral/com.amazonaws.sso.oidc/",
    }


async def test_the_bare_error_type_can_be_chosen() -> None:
    async with open_world(error_type="bare") as world:
        for answer in (
            await (await world.sign_in()).poll(),
            await world.call("GET", "/nowhere"),
            await world.call("POST", "/token", b"", "Content-Encoding: gzip"),
        ):
            assert re.fullmatch("[A-Za-z]+Exception", answer.header("x-amzn-ErrorType") or "")


async def test_every_answer_has_a_request_id_of_its_own(world: World) -> None:
    ids = {(await world.call("POST", path, b"")).header("x-amzn-RequestId") for path in PATHS * 3}
    assert len(ids) == 3 * len(PATHS)
    assert all(UUID4.fullmatch(it or "") for it in ids)


async def test_the_date_follows_the_simulated_clock(world: World) -> None:
    for passed_s in (0.0, 0.9, 1.0, 86_400.0):
        world.passed_s = passed_s
        answer = await world.call("GET", "/nowhere")
        assert answer.header("Date") == formatdate(START_S + int(passed_s), usegmt=True)


async def test_people_are_sent_to_this_server_unless_the_setting_says_otherwise() -> None:
    async with open_world() as world:
        told = (await world.sign_in()).authorization
        assert told["verificationUri"] == f"{world.url}/device"
        code = told["userCode"]
        assert told["verificationUriComplete"] == f"{world.url}/device?user_code={code}"
    async with open_world(verification_uri="start_url") as world:
        told = (await world.sign_in()).authorization
        assert told["verificationUri"] == f"{START_URL}/#/device"


async def test_a_client_that_is_told_the_endpoints_signs_in_by_them() -> None:
    """As granted does, which opens and calls what RegisterClient announced (wire.md#51)."""
    grants = ["authorization_code", "refresh_token"]
    redirect = "http://127.0.0.1:4711/oauth/callback"
    async with open_world(announce_endpoints=True, auto_approve=True) as world:
        who = await world.register(
            grantTypes=grants, scopes=["sso:account:access"], redirectUris=LOOPBACK
        )
        query = {
            "response_type": "code",
            "client_id": who["clientId"],
            "redirect_uri": redirect,
            "code_challenge_method": "S256",
            "code_challenge": CHALLENGE,
        }
        page = who["authorizationEndpoint"].removeprefix(world.url)
        back = await world.call("GET", f"{page}?{urlencode(query)}")
        (code,) = parse_qs(urlsplit(str(back.header("Location"))).query)["code"]
        redeemed = {
            "clientId": who["clientId"],
            "clientSecret": who["clientSecret"],
            "grantType": grants[0],
            "code": code,
            "redirectUri": redirect,
            "codeVerifier": VERIFIER,
        }
        tokens = await world.call("POST", who["tokenEndpoint"].removeprefix(world.url), redeemed)
        assert tokens.status == 200
        assert tokens.json()["tokenType"] == "Bearer"


async def test_a_name_that_was_allowed_is_served_on_any_port() -> None:
    async with open_world(allow_host=["*.amazonaws.com"]) as world:
        members = {"clientName": "n", "clientType": "public"}
        for host, status in (
            ("oidc.us-east-1.amazonaws.com", 200),
            ("OIDC.us-east-1.AMAZONAWS.com:443", 200),
            ("amazonaws.com.evil.example", 421),
        ):
            answer = await world.call("POST", "/client/register", members, f"Host: {host}")
            assert answer.status == status


async def test_each_request_is_recorded_with_what_was_answered(world: World) -> None:
    sign_in = await world.sign_in()
    await sign_in.poll()
    await world.call("GET", "/nowhere?x=1")
    told = [(it.number, it.operation, it.status, it.outcome) for it in world.exchanges()]
    assert told == [
        (1, "RegisterClient", 200, "demo"),
        (2, "StartDeviceAuthorization", 200, sign_in.user_code),
        (3, "CreateToken", 400, "authorization_pending"),
        (4, None, 404, "invalid_request"),
    ]
    poll, stray = world.exchanges()[2:]
    assert (poll.user_code, poll.client_id) == (sign_in.user_code, sign_in.client["clientId"])
    assert poll.request_body == as_json(sign_in.body())
    assert (b"Host", f"127.0.0.1:{world.port}".encode()) in poll.request_headers
    assert poll.response_head.startswith(b"HTTP/1.1 400 Bad Request\r\nDate: ")
    assert poll.response_body.startswith(b'{"error":"authorization_pending"')
    assert (stray.method, stray.target) == ("GET", "/nowhere?x=1")


async def test_what_the_transport_refuses_is_recorded_too(world: World) -> None:
    assert (await world.call("POST", "/token", b"x" * 65_537)).status == 413
    assert (await world.call("POST", "/token", b"{}", "Host: evil.example")).status == 421
    assert [it.status for it in world.exchanges()] == [413, 421]


async def test_what_control_is_asked_is_no_traffic_of_clients(world: World) -> None:
    await world.control("GET", "state")
    await world.call("GET", "/_sim/health")
    await world.call("GET", "/_sim/nowhere")
    assert world.exchanges() == []


async def test_a_failure_of_ours_is_a_500_in_awss_shape_and_the_connection_lives(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_command: object) -> None:
        raise ZeroDivisionError

    async with connected(world.port) as client:
        with monkeypatch.context() as broken:
            broken.setattr(world.simulator, "dispatch", fail)
            body = as_json({"clientName": "n", "clientType": "public"})
            await client.send(request("POST", "/client/register", body, port=world.port))
            answer = await client.answer()
        assert (answer.status, error_of(answer)) == (500, "InternalServerException")
        await client.send(request("POST", "/client/register", body, port=world.port))
        assert (await client.answer()).status == 200
    assert [type(it) for it in world.faults] == [ZeroDivisionError]
    world.faults.clear()
