"""Who may come in where: the control API is for this machine alone (T-51)."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from oidc_sim.server.entrance import _came_by_loopback
from tests.addresses import OUTSIDE, needs_outside
from tests.server.world import World, open_world


@pytest.fixture
async def exposed() -> AsyncIterator[World]:
    async with open_world(host="0.0.0.0", i_know=True, seed=None) as world:
        yield world


async def test_from_this_machine_the_control_api_is_there(exposed: World) -> None:
    assert (await exposed.control("GET", "state")).status == 200


@needs_outside
async def test_from_another_machine_every_control_route_is_a_404(exposed: World) -> None:
    sign_in = await exposed.sign_in()
    before = repr(exposed.simulator.state)
    paths = {it.path for it in exposed.server.routes if it.path.startswith("/_sim/")}
    for path in (*paths, "/_sim/", "/_sim/nowhere"):
        for method in ("GET", "HEAD", "POST", "PUT"):
            target = path.replace("{user_code}", sign_in.user_code)
            headers = (exposed.bearer, "Content-Type: application/json")
            answer = await exposed.call(method, target, b"", *headers, host=OUTSIDE)
            assert answer.status == 404, (method, target)
    assert repr(exposed.simulator.state) == before


@needs_outside
async def test_an_absolute_target_is_no_way_around(exposed: World) -> None:
    target = f"http://127.0.0.1:{exposed.port}/_sim/state"
    answer = await exposed.call("GET", target, b"", exposed.bearer, host=OUTSIDE)
    assert answer.status == 404


@needs_outside
async def test_from_another_machine_clients_can_sign_in(exposed: World) -> None:
    members = {"clientName": "n", "clientType": "public"}
    answer = await exposed.call("POST", "/client/register", members, host=OUTSIDE)
    assert answer.status == 200
    assert (await exposed.call("GET", "/device", host=OUTSIDE)).status == 200


@pytest.mark.parametrize(
    ("address", "is_here"),
    [
        (("127.0.0.1", 1), True),
        (("127.9.9.9", 1), True),
        (("::1", 1, 0, 0), True),
        (("192.0.2.1", 1), False),
        (("0.0.0.0", 1), False),
        (("fe80::1%eth0", 1, 0, 2), False),
        (("::ffff:192.0.2.1", 1, 0, 0), False),
    ],
)
def test_the_address_that_was_reached_decides(address: Any, *, is_here: bool) -> None:
    transport = SimpleNamespace(get_extra_info={"sockname": address}.get)
    assert _came_by_loopback(SimpleNamespace(transport=transport)) is is_here  # type: ignore[arg-type]


def test_a_client_that_has_gone_came_by_no_address() -> None:
    assert not _came_by_loopback(SimpleNamespace(transport=None))  # type: ignore[arg-type]
