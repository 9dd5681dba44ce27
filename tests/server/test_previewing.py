"""What a held request would be answered with is known, and nothing happens by asking."""

import json
from copy import deepcopy

import pytest

from oidc_sim.engine.arrival import HeldDecision, Target
from oidc_sim.engine.commands import AddRule, Approve, DecideHeld
from oidc_sim.engine.held import DROP, RELEASE
from tests.server.raw_http import RawAnswer, RawClient, connected, request
from tests.server.test_gate import decide, held, lie_in_wait, start
from tests.server.world import World, as_json

HEAD_END = b"\r\n\r\n"
NEW = {"accessToken", "refreshToken", "clientId", "clientSecret", "deviceCode", "userCode"}
"""Members that no two answers have in common."""


async def previewed(world: World, number: int) -> tuple[bytes, bytes]:
    whole = await world.server.preview_answer(number)
    assert whole is not None
    head, _, body = whole.partition(HEAD_END)
    return head, body


async def released(world: World, client: RawClient, number: int) -> RawAnswer:
    world.simulator.dispatch(DecideHeld(number=number, decision=HeldDecision(how=RELEASE)))
    return await client.answer()


def shape(body: bytes) -> dict[str, object]:
    members = json.loads(body)
    return {k: "new" if k in NEW and v else v for k, v in members.items() if "Uri" not in k}


async def test_a_poll_is_foretold_to_the_last_byte_of_its_body(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
        head, body = await previewed(world, number)
        answer = await released(world, client, number)
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\nDate: ")
    assert body == answer.body


async def test_a_token_is_foretold_and_not_issued(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
        world.do(Approve(sign_in.user_code))
        before = deepcopy(world.simulator.state)
        seen = world.simulator.log.entries.seen, world.simulator.log.exchanges.seen
        _, body = await previewed(world, number)
        assert world.simulator.state == before
        assert (world.simulator.log.entries.seen, world.simulator.log.exchanges.seen) == seen
        answer = await released(world, client, number)
    assert shape(body) == shape(answer.body)
    assert json.loads(body)["accessToken"] != answer.json()["accessToken"]
    assert world.exchanges()[-1].outcome == "token issued"


async def test_what_was_foretold_is_not_what_the_record_says(world: World) -> None:
    sign_in = await world.sign_in()
    lie_in_wait(world)
    async with connected(world.port) as client:
        number = await start(client, sign_in)
        await previewed(world, number)
        decide(world, number, DROP)
        await client.rest()
    assert (world.exchanges()[-1].status, world.exchanges()[-1].outcome) == (0, "dropped")


@pytest.mark.parametrize("path", ["/client/register", "/device_authorization"])
async def test_other_operations_of_the_service_are_foretold_too(path: str, world: World) -> None:
    sign_in = await world.sign_in()
    world.simulator.dispatch(AddRule(target=Target()))
    bodies = {
        "/client/register": {"clientName": "demo", "clientType": "public"},
        "/device_authorization": {**sign_in.client, "startUrl": "https://x.awsapps.com/start"},
    }
    async with connected(world.port) as client:
        await client.send(request("POST", path, as_json(bodies[path]), port=world.port))
        (number,) = await held(world)
        clients, devices = len(world.simulator.state.clients), len(world.simulator.state.devices)
        _, body = await previewed(world, number)
        assert len(world.simulator.state.clients) == clients
        assert len(world.simulator.state.devices) == devices
        answer = await released(world, client, number)
    assert shape(body) == shape(answer.body)


async def test_a_sign_out_is_foretold_and_the_session_lives(world: World) -> None:
    sign_in = await world.sign_in()
    world.do(Approve(sign_in.user_code))
    token = (await sign_in.poll()).json()["accessToken"]
    world.simulator.dispatch(AddRule(target=Target()))
    bearer = (f"x-amz-sso_bearer_token: {token}",)
    async with connected(world.port) as client:
        await client.send(request("POST", "/logout", b"", port=world.port, headers=bearer))
        (number,) = await held(world)
        head, body = await previewed(world, number)
        (session,) = world.simulator.state.sessions.values()
        assert session.ended_at is None
        await released(world, client, number)
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert body == b""


async def test_who_asks_sts_is_foretold(world: World) -> None:
    world.simulator.dispatch(AddRule(target=Target()))
    async with connected(world.port) as client:
        form = b"Action=GetCallerIdentity&Version=2011-06-15"
        await client.send(request("POST", "/", form, port=world.port))
        (number,) = await held(world)
        head, body = await previewed(world, number)
        await released(world, client, number)
    assert b"text/xml" in head
    assert b"<ErrorResponse" in body


async def test_a_browser_that_will_wait_is_not_foretold(world: World) -> None:
    world.simulator.dispatch(AddRule(target=Target()))
    async with connected(world.port) as client:
        await client.send(request("GET", "/authorize?client_id=x", b"", port=world.port))
        (number,) = await held(world)
        assert await world.server.preview_answer(number) is None
        await released(world, client, number)


async def test_what_is_not_held_is_not_foretold(world: World) -> None:
    assert await world.server.preview_answer(7) is None
