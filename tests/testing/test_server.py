import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.request import Request, urlopen

import pytest

from oidc_sim.engine.commands import Approve, AuthorizeDevice, RegisterClient, Sweep
from oidc_sim.engine.events import ClientRegistered
from oidc_sim.engine.model import DeviceState
from oidc_sim.engine.replies import Authorized, Registered
from oidc_sim.server.assembly import Server
from oidc_sim.server.serving import serving
from oidc_sim.settings.model import SettingsError
from oidc_sim.testing import run_server
from oidc_sim.testing import server as module
from oidc_sim.testing.clock import HandClock
from oidc_sim.testing.server import ServerFailedError, ServerHandle, ServerRunError

REGISTER = RegisterClient(name="pc", client_type="public")


def post(server: ServerHandle, path: str, body: dict[str, Any]) -> dict[str, Any]:
    request = Request(
        server.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=20) as answer:
        reply: dict[str, Any] = json.loads(answer.read())
        return reply


def health(server: ServerHandle) -> int:
    with urlopen(server.url + "/_sim/health", timeout=20) as answer:
        return int(answer.status)


def waiting(server: ServerHandle) -> str:
    """A user code that waits for its decision."""
    registered = server.dispatch(REGISTER)
    assert isinstance(registered, Registered)
    client = registered.client.client_id
    authorized = server.dispatch(
        AuthorizeDevice(client_id=client, client_secret=registered.client_secret)
    )
    assert isinstance(authorized, Authorized)
    return authorized.device.user_code


def break_inside(server: ServerHandle) -> None:
    """Have a request fail."""

    def fail(_command: object) -> None:
        raise ZeroDivisionError("inside")

    server.simulator.dispatch = fail  # type: ignore[method-assign, assignment]


def threads() -> set[str]:
    return {it.name for it in threading.enumerate()}


def test_a_thread_of_its_own_answers_when_the_block_begins_and_is_gone_when_it_ends() -> None:
    with run_server(interval=7) as server:
        assert health(server) == 200
        assert server.port > 0
        assert str(server.port) in server.url
        client = post(server, "/client/register", {"clientName": "pc", "clientType": "public"})
        who = {it: client[it] for it in ("clientId", "clientSecret")}
        device = post(server, "/device_authorization", {**who, "startUrl": "https://x.example"})
        assert device["interval"] == server.settings.interval == 7
        server.dispatch(Approve(device["userCode"]))
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        poll = {**who, "deviceCode": device["deviceCode"], "grantType": grant}
        assert "accessToken" in post(server, "/token", poll)
        assert [it.status for it in server.exchanges] == [200, 200, 200]
        assert isinstance(server.events[0], ClientRegistered)
        assert list(server.state.devices) == [device["userCode"]]
        assert "oidc-sim" in threads()
    assert "oidc-sim" not in threads()
    with pytest.raises(OSError, match="refused"):
        health(server)
    with pytest.raises(ServerRunError, match="has ended: its block is over"):
        server.dispatch(Sweep())


async def test_the_running_loop_serves_too_and_has_a_handle_for_other_threads() -> None:
    async with run_server() as server:
        assert await asyncio.to_thread(health, server) == 200
        code = await asyncio.to_thread(waiting, server)
        assert list(server.state.devices) == [code]
    assert len(asyncio.all_tasks()) == 1


def test_what_is_read_is_of_its_moment() -> None:
    with run_server() as server:
        before = server.state
        waiting(server)
        assert not before.devices
        assert len(server.state.devices) == 1


def test_time_goes_by_hand() -> None:
    clock = HandClock(1_000_000.0)
    with run_server(clock=clock, lifetime=60) as server:
        code = waiting(server)
        assert server.state.devices[code].issued_at == 1_000_000.0
        server.wait(61)
        assert server.simulator.now().at == 1_000_061.0
        assert server.state.devices[code].state(server.clock.wall()) is DeviceState.EXPIRED
    with run_server() as server:
        now = server.read(lambda it: it.now())
        server.wait(3600)
        later = server.read(lambda it: it.now())
        assert later.at - now.at >= 3600
        assert later.tick - now.tick >= 3600


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"intervall": 3}, "intervall: no such setting"),
        ({"interval": -1}, "interval: -1 should be greater than or equal to 0"),
        ({"ephemeral": False}, "run_server writes no file: leave out"),
        ({"state_dir": "/tmp/x"}, "run_server writes no file: leave out"),
    ],
)
def test_a_wrong_setting_says_so_before_anything_starts(
    settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        run_server(**settings)


def test_nothing_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_SIM_INTERVAL", "nonsense")
    assert run_server()._settings.interval is None


def test_a_port_in_use_is_said_where_it_is_started() -> None:
    with (
        run_server() as server,
        pytest.raises(Exception, match="in use by process"),
        run_server(port=server.port),
    ):
        pass


def failing(*faults: BaseException, own: BaseException | None = None) -> None:
    """A block in whose server this failed, and then perhaps the block."""
    with run_server() as server:
        server.faults.extend(faults)
        if own is not None:
            raise own


async def failing_here(*faults: BaseException, own: BaseException | None = None) -> None:
    async with run_server() as server:
        server.faults.extend(faults)
        if own is not None:
            raise own


async def test_a_failure_inside_fails_the_block_in_one_sentence() -> None:
    sentence = r"failed inside.*ZeroDivisionError.*, and 1 more$"
    inside = ZeroDivisionError("inside")
    with pytest.raises(ServerFailedError, match=sentence) as failed:
        failing(inside, KeyError())
    assert failed.value.__cause__ is inside
    with pytest.raises(ServerFailedError, match=sentence):
        await failing_here(inside, KeyError())


async def test_a_failure_of_the_blocks_own_comes_first() -> None:
    with pytest.raises(KeyError) as failed:
        failing(ZeroDivisionError(), own=KeyError("mine"))
    assert "ZeroDivisionError" in failed.value.__notes__[0]
    with pytest.raises(KeyError) as failed:
        await failing_here(ZeroDivisionError(), own=KeyError("mine"))
    assert "ZeroDivisionError" in failed.value.__notes__[0]


def test_a_request_that_fails_inside_is_a_fault() -> None:
    with run_server() as server:
        break_inside(server)
        with pytest.raises(OSError, match="500"):
            post(server, "/client/register", {"clientName": "pc", "clientType": "public"})
        assert [type(it) for it in server.faults] == [ZeroDivisionError]
        server.faults.clear()


def test_what_a_task_of_its_own_fails_at_is_a_fault() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ServerFailedError), run_server() as server:
        server.read(lambda _: asyncio.get_running_loop().call_soon(fail))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have a start or a stop last for ever; who waits is told soon."""

    def choose(which: str) -> None:
        @asynccontextmanager
        async def serving_slowly(*given: Any, **named: Any) -> AsyncIterator[Server]:
            async with serving(*given, **named) as server:
                if which == "start":
                    await asyncio.Event().wait()
                yield server
                await asyncio.Event().wait()

        monkeypatch.setattr(module, "serving", serving_slowly)

    return choose


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)


async def test_a_start_that_takes_too_long_is_a_sentence(
    slow: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow("start")
    hurry(monkeypatch)
    with pytest.raises(ServerRunError, match="did not start within"), run_server():
        pass
    with pytest.raises(ServerRunError, match="did not start within"):
        async with run_server():
            pass


async def test_a_stop_that_takes_too_long_is_a_sentence(
    slow: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow("stop")
    with pytest.raises(ServerRunError, match="did not stop within"), run_server():
        hurry(monkeypatch)
    monkeypatch.setattr(module, "PATIENCE_S", 5)
    with pytest.raises(ServerRunError, match="did not stop within"):
        async with run_server():
            hurry(monkeypatch)


def test_a_busy_loop_does_not_block_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    with run_server() as server:
        monkeypatch.setattr(module, "PATIENCE_S", 0.01)
        server.read(lambda _: asyncio.get_running_loop().call_soon(go_on.wait))
        with pytest.raises(ServerRunError, match="did not answer within"):
            server.dispatch(Sweep())
        monkeypatch.undo()
        go_on.set()
