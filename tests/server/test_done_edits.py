"""An answer that was edited from a foretold one is sent when the request has been done, with what is real."""

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from oidc_sim.engine.arrival import Target
from oidc_sim.engine.commands import AddRule, Approve, DecideHeld, Expire
from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.held import EDIT, RELEASE
from oidc_sim.engine.model import DEVICE_CODE_GRANT, JWT_BEARER_GRANT, REFRESH_TOKEN_GRANT
from oidc_sim.engine.replies import Done
from oidc_sim.record.exchange import Exchange
from oidc_sim.tui.dialogs.answer_editor import as_text, read
from tests.server.aws_site import AwsSite
from tests.server.raw_http import RawAnswer, RawClient, connected, request
from tests.server.test_gate import decide, held, start
from tests.server.world import SignIn, World, as_json, open_world
from tests.waiting import until

HEAD_END = b"\r\n\r\n"


async def previewed(world: World, number: int) -> bytes:
    whole = await world.server.preview_answer(number)
    assert whole is not None
    return whole


def members_of(whole: bytes) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(whole.partition(HEAD_END)[2])
    return members


async def send_done(world: World, client: RawClient, whole: bytes, **changes: Any) -> RawAnswer:
    """Change members of the previewed answer of the one that is held, and send it as the screen does."""
    (number,) = world.simulator.state.held
    body = as_json({**members_of(whole), **changes})
    decision = replace(read(as_text(whole)), body=body, is_done=True, previewed=whole)
    assert world.simulator.dispatch(DecideHeld(number=number, decision=decision)) == Done()
    return await client.answer()


async def hold_poll(world: World, client: RawClient, sign_in: SignIn) -> int:
    world.simulator.dispatch(AddRule(target=Target(operation="CreateToken")))
    return await start(client, sign_in)


def record(world: World, number: int) -> Exchange:
    exchange = world.simulator.log.exchanges.get(number)
    assert exchange is not None
    return exchange


async def accounts(world: World, token: str) -> int:
    """The status that the portal's list of accounts is given with."""
    header = f"x-amz-sso_bearer_token: {token}"
    return (await world.call("GET", "/assignment/accounts", b"", header)).status


async def test_the_token_of_an_edited_answer_opens_the_portal(world: World) -> None:
    sign_in = await world.sign_in()
    async with connected(world.port) as client:
        number = await hold_poll(world, client, sign_in)
        world.do(Approve(sign_in.user_code))
        whole = await previewed(world, number)
        world.passed_s += 5
        answer = await send_done(world, client, whole, expiresIn=60)
    got = answer.json()
    assert got["expiresIn"] == 60
    assert got["accessToken"] != members_of(whole)["accessToken"]
    assert await accounts(world, got["accessToken"]) == 200
    assert await accounts(world, members_of(whole)["accessToken"]) == 401
    assert await sign_in.outcome() != "token"
    assert record(world, number).outcome == "edited answer"


async def test_its_record_has_what_was_sent_and_the_true_answer(world: World) -> None:
    sign_in = await world.sign_in()
    async with connected(world.port) as client:
        number = await hold_poll(world, client, sign_in)
        world.do(Approve(sign_in.user_code))
        answer = await send_done(world, client, await previewed(world, number), expiresIn=60)
    exchange = record(world, number)
    assert (exchange.status, exchange.fault) == (200, None)
    assert exchange.response_head + exchange.response_body == answer.head + answer.body
    true_head, _, true_body = exchange.true_response.partition(HEAD_END)
    assert json.loads(true_body) == {**answer.json(), "expiresIn": 28800}
    request_id = answer.header("x-amzn-RequestId")
    assert request_id is not None
    assert request_id.encode() in true_head


async def test_a_client_whose_registration_was_edited_is_known(world: World) -> None:
    world.simulator.dispatch(AddRule(target=Target(operation="RegisterClient")))
    wish = as_json({"clientName": "demo", "clientType": "public"})
    async with connected(world.port) as client:
        await client.send(request("POST", "/client/register", wish, port=world.port))
        (number,) = await held(world)
        whole = await previewed(world, number)
        world.passed_s += 30
        got = (await send_done(world, client, whole, clientSecretExpiresAt=7)).json()
    assert got["clientId"] in world.simulator.state.clients
    assert got["clientId"] != members_of(whole)["clientId"]
    assert got["clientIdIssuedAt"] == members_of(whole)["clientIdIssuedAt"] + 30
    assert got["clientSecretExpiresAt"] == 7
    ours = {name: got[name] for name in ("clientId", "clientSecret")}
    start_url = {"startUrl": "https://x.awsapps.com/start"}
    assert (await world.call("POST", "/device_authorization", {**ours, **start_url})).status == 200


async def test_codes_and_their_uris_are_real(world: World) -> None:
    registered = await world.register()
    ours = {name: registered[name] for name in ("clientId", "clientSecret")}
    wish = as_json({**ours, "startUrl": "https://x.awsapps.com/start"})
    world.simulator.dispatch(AddRule(target=Target(operation="StartDeviceAuthorization")))
    async with connected(world.port) as client:
        await client.send(request("POST", "/device_authorization", wish, port=world.port))
        (number,) = await held(world)
        whole = await previewed(world, number)
        got = (await send_done(world, client, whole, interval=9)).json()
    assert list(world.simulator.state.devices) == [got["userCode"]]
    assert got["verificationUriComplete"].endswith(got["userCode"])
    assert await SignIn(world, ours, got).outcome() == "authorization_pending"


async def test_what_happens_is_what_a_release_makes_happen() -> None:
    happened = []
    for is_edited in (True, False):
        async with open_world() as world, connected(world.port) as client:
            sign_in = await world.sign_in()
            number = await hold_poll(world, client, sign_in)
            world.do(Approve(sign_in.user_code))
            since = world.simulator.log.entries.seen
            if is_edited:
                await send_done(world, client, await previewed(world, number), expiresIn=60)
            else:
                decide(world, number, RELEASE)
                await client.answer()
            entries = world.simulator.log.entries.since(since)
            happened.append([type(it.what).__name__ for it in entries])
    assert happened[0] == happened[1]
    assert "TokenIssued" in happened[0]


async def test_what_nobody_changed_is_the_true_answer(world: World) -> None:
    sign_in = await world.sign_in()
    async with connected(world.port) as client:
        number = await hold_poll(world, client, sign_in)
        world.do(Approve(sign_in.user_code))
        whole = await previewed(world, number)
        decision = replace(read(as_text(whole)), is_done=True, previewed=whole)
        assert world.simulator.dispatch(DecideHeld(number=number, decision=decision)) == Done()
        answer = await client.answer()
    head, _, body = record(world, number).true_response.partition(HEAD_END)
    assert answer.body == body
    assert sorted(answer.head.split(b"\r\n")) == sorted((head + HEAD_END).split(b"\r\n"))


async def edited_unchanged(aws: AwsSite, operation: str, asking: Awaitable[Any]) -> Any:
    """What somebody gets whose previewed answer was opened in the editor and sent a while later."""
    aws.simulator.dispatch(AddRule(target=Target(operation=operation)))
    asked = asyncio.ensure_future(asking)
    await until(lambda: aws.simulator.state.held)
    (number,) = aws.simulator.state.held
    whole = await aws.server.preview_answer(number)
    assert whole is not None
    aws.passed_s += 20
    decision = replace(read(as_text(whole)), is_done=True, previewed=whole)
    aws.simulator.dispatch(DecideHeld(number=number, decision=decision))
    got = await asked
    assert aws.last.outcome == "edited answer"
    assert aws.last.response_body == aws.last.true_response.partition(HEAD_END)[2]
    assert aws.last.response_body != whole.partition(HEAD_END)[2]
    return got


async def test_credentials_of_an_edited_answer_are_known_to_sts(aws: AwsSite) -> None:
    getting = aws.role_credentials(await aws.access_token())
    credentials = await edited_unchanged(aws, "GetRoleCredentials", getting)
    assert (await aws.who_am_i(credentials)).status == 200


async def test_an_identity_token_of_an_edited_answer_is_the_true_one(aws: AwsSite) -> None:
    exchanging = aws.with_iam(
        clientId=SEEDED.applications[0], grantType=JWT_BEARER_GRANT, assertion="e30.e30.c2ln"
    )
    answer = await edited_unchanged(aws, "CreateTokenWithIAM", exchanging)
    assert answer.json()["idToken"]


async def test_a_refreshed_token_of_an_edited_answer_refreshes_again(aws: AwsSite) -> None:
    program = await aws.program(grants=(DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT))
    refreshing = aws.refresh(program, (await aws.tokens(program))["refreshToken"])
    first = await edited_unchanged(aws, "CreateToken", refreshing)
    assert (await aws.portal("/assignment/accounts", first.json()["accessToken"])).status == 200
    assert (await aws.refresh(program, first.json()["refreshToken"])).status == 200


async def test_another_true_answer_is_told_in_the_record_and_what_was_written_is_sent(
    world: World,
) -> None:
    sign_in = await world.sign_in()
    async with connected(world.port) as client:
        number = await hold_poll(world, client, sign_in)
        world.do(Approve(sign_in.user_code))
        whole = await previewed(world, number)
        world.do(Expire(sign_in.user_code))
        answer = await send_done(world, client, whole, expiresIn=60)
    assert answer.status == 200
    assert answer.json() == {**members_of(whole), "expiresIn": 60}
    exchange = record(world, number)
    assert exchange.outcome == "edited answer (true: expired_token)"
    assert b"expired_token" in exchange.true_response


async def test_a_client_that_hangs_up_has_nothing_done(world: World) -> None:
    sign_in = await world.sign_in()
    async with connected(world.port) as client:
        number = await hold_poll(world, client, sign_in)
        await previewed(world, number)
    await held(world, 0)
    assert not sign_in.was_decided
    assert record(world, number).outcome == "client hung up while held"


async def test_a_script_says_whether_its_answer_comes_instead(world: World) -> None:
    sign_in = await world.sign_in()
    world.do(Approve(sign_in.user_code))
    wish = {"status": 503, "body": "later"}
    async with connected(world.port) as client:
        for done in (False, True):
            number = await hold_poll(world, client, sign_in)
            path = f"requests/{number}/edit"
            assert (await world.control("POST", path, {**wish, "done": done})).status == 200
            answer = await client.answer()
            assert (answer.status, answer.body) == (503, b"later")
            exchange = record(world, number)
            assert exchange.outcome == "edited answer"
            assert (b"accessToken" in exchange.true_response) is done
            assert bool(world.simulator.state.sessions) is done
    assert (await world.control("POST", "requests/1/edit", {**wish, "done": 1})).status == 400


async def test_a_browsers_answer_is_edited_after_it_was_done_too(world: World) -> None:
    world.simulator.dispatch(AddRule(target=Target()))
    async with connected(world.port) as client:
        await client.send(request("GET", "/authorize?client_id=x", b"", port=world.port))
        (number,) = await held(world)
        decide(world, number, EDIT, status=418, body=b"mine", is_done=True)
        assert (await client.answer()).body == b"mine"
    assert record(world, number).true_response.startswith(b"HTTP/1.1 4")
