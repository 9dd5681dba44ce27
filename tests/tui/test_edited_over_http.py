"""From a key on the screen to the bytes on a client's connection, in one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.engine.arrival import Target
from oidc_sim.engine.commands import AddRule, Approve
from oidc_sim.settings.model import Settings
from oidc_sim.tui.app import OperatorApp
from oidc_sim.tui.dialogs.answer_editor import AnswerField
from oidc_sim.tui.inspector.exchange import response_lines
from oidc_sim.tui.operator.screen import OperatorScreen
from tests.server.raw_http import RawAnswer, RawClient, connected, request
from tests.server.world import SignIn, World, as_json, open_world
from tests.tui.answer_editing import write_into
from tests.tui.showing import NARROW
from tests.waiting import until


@asynccontextmanager
async def desk_over(world: World) -> AsyncIterator[OperatorApp]:
    """The screen of a server that answers."""
    ending: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    running_server = RunningServer(
        world.simulator, Settings(), world.url, ending, preview_answer=world.server.preview_answer
    )
    app = OperatorApp(running_server)
    async with app.run_test(size=NARROW):
        yield app


async def open_editor(world: World, app: OperatorApp, client: RawClient, sign_in: SignIn) -> None:
    """Hold a poll, and edit its answer."""
    world.simulator.dispatch(AddRule(target=Target(user_code=sign_in.user_code)))
    await client.send(request(body=as_json(sign_in.body()), port=world.port))
    await until(lambda: bool(world.simulator.state.held))
    operator = app.screen_stack[0]
    assert isinstance(operator, OperatorScreen)
    operator.pull()
    app.simulate_key("E")
    await until(lambda: app.screen.query(AnswerField))
    await until(lambda: app.screen.is_mounted)


async def test_a_held_poll_is_answered_with_exactly_what_was_written() -> None:
    async with open_world() as world, desk_over(world) as app, connected(world.port) as client:
        sign_in = await world.sign_in()
        await open_editor(world, app, client, sign_in)
        body = '{"error":"my_own"}'
        await write_into(app, status="429", headers="Retry-After: 7\nX-Mine: a  b", body=body)
        app.simulate_key("f2")
        received = await client.answer()
        assert received.head + received.body == (
            b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nX-Mine: a  b\r\n"
            b"Content-Length: 18\r\nConnection: keep-alive\r\n\r\n" + body.encode()
        )
        assert world.exchanges()[-1].outcome == "edited answer"
        assert sign_in.device.polls == 1


async def test_with_f3_the_answer_is_sent_and_nothing_is_done() -> None:
    async with open_world() as world, desk_over(world) as app, connected(world.port) as client:
        sign_in = await world.sign_in()
        world.do(Approve(sign_in.user_code))
        await open_editor(world, app, client, sign_in)
        app.simulate_key("f3")
        app.simulate_key("f2")
        answer = await client.answer()
        assert answer.status == 200
        assert await accounts(world, answer) == 401
        assert await sign_in.outcome() == "token"


async def test_the_token_of_an_answer_that_was_changed_by_hand_opens_the_portal() -> None:
    async with open_world() as world, desk_over(world) as app, connected(world.port) as client:
        sign_in = await world.sign_in()
        world.do(Approve(sign_in.user_code))
        await open_editor(world, app, client, sign_in)
        body = app.screen.query_one("#body", AnswerField).text
        await write_into(app, body=body.replace('"expiresIn":28800', '"expiresIn":60'))
        app.simulate_key("f2")
        answer = await client.answer()
        assert answer.json()["expiresIn"] == 60
        assert await accounts(world, answer) == 200
        lines = [line.text for line in response_lines(world.exchanges()[-2])]
    assert lines[0] == "edited by hand"
    assert '-   "expiresIn": 28800,' in lines
    assert '+   "expiresIn": 60,' in lines
    assert not any("accessToken" in line for line in lines if line[:2] in {"- ", "+ "})


async def accounts(world: World, answer: RawAnswer) -> int:
    """The status that the portal answers with to who got this."""
    bearer = f"x-amz-sso_bearer_token: {answer.json()['accessToken']}"
    return (await world.call("GET", "/assignment/accounts", b"", bearer)).status


async def test_the_fields_begin_with_what_the_server_would_send() -> None:
    async with open_world() as world, desk_over(world) as app, connected(world.port) as client:
        sign_in = await world.sign_in()
        await open_editor(world, app, client, sign_in)
        app.simulate_key("f2")
        edited = await client.answer()
        await client.send(request(body=as_json(sign_in.body()), port=world.port))
        true = await client.answer()
    assert (edited.status, edited.body) == (true.status, true.body)
    assert {name for name, _ in edited.headers} == {name for name, _ in true.headers}
