"""Each row of the catalogue from a real socket; pauses are noted instead of waited for."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from oidc_sim.engine.model import DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT
from oidc_sim.faults.catalogue import BY_NAME, CATALOGUE
from oidc_sim.faults.row import Family, Fault, When
from tests.server.no_waiting import pause_by
from tests.server.raw_http import request
from tests.server.world import World, open_world
from tests.waiting import until

DEVICE = {"grantType": DEVICE_CODE_GRANT, "deviceCode": "none"}
REFRESH = {"grantType": REFRESH_TOKEN_GRANT, "refreshToken": "none"}
ASKS: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "CreateToken": ("POST", "/token", DEVICE),
    "RegisterClient": ("POST", "/client/register", {"clientName": "n", "clientType": "public"}),
    "StartDeviceAuthorization": ("POST", "/device_authorization", {"startUrl": "x"}),
    "CreateTokenWithIAM": ("POST", "/token?aws_iam=t", {}),
    "ListAccounts": ("GET", "/assignment/accounts", {}),
    "GetRoleCredentials": ("GET", "/federation/credentials", {}),
}
"""A request for each operation; whether its answer is a success matters to no fault here."""
OF_REQUESTS = [fault for fault in CATALOGUE if fault.family is not Family.BROWSER]
"""The others are met on a browser's way back: ``test_way_back``."""
RESET = {"drop", "refuse", "crash", "lost-success"}


class Faulty:
    """A world whose faults do not wait."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def inject(self, name: str, **members: Any) -> None:
        answer = await self.world.control("POST", "faults", {"fault": name, "all": True, **members})
        assert answer.status == 200, answer

    async def bytes_of(
        self, target: str, members: dict[str, Any], method: str = "POST"
    ) -> tuple[bytes, bool]:
        """All that comes until the connection ends or is silent, and whether it was reset."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.world.port)
        body = json.dumps(members).encode()
        writer.write(request(method, target, body, port=self.world.port))
        got = b""
        try:
            while part := await asyncio.wait_for(reader.read(65_536), 0.2):
                got += part
        except TimeoutError:
            pass
        except ConnectionResetError:
            return got, True
        finally:
            writer.close()
        return got, False


@asynccontextmanager
async def faulty() -> AsyncIterator[Faulty]:
    async with open_world() as world:
        it = Faulty(world)
        pause_by(world.server, it.sleep)
        yield it


def ask_for(fault: str) -> tuple[str, str, dict[str, Any]]:
    """A request that a fault makes sense for."""
    fit = BY_NAME[fault].fit
    if fit.grants and DEVICE_CODE_GRANT not in fit.grants:
        return "POST", "/token", REFRESH
    return next(ask for name, ask in ASKS.items() if not fit.operations or name in fit.operations)


@pytest.mark.parametrize("fault", OF_REQUESTS, ids=lambda it: it.name)
async def test_a_fault_is_seen_on_the_wire_and_in_the_record(fault: Fault) -> None:
    async with faulty() as it:
        await it.inject(fault.name)
        method, target, members = ask_for(fault.name)
        got, was_reset = await it.bytes_of(target, members, method)
        row = it.world.exchanges()[-1]
        assert row.fault == fault.name
        assert was_reset is (fault.name in RESET)
        if fault.name in RESET - {"lost-success"} | {"empty-reply", "black-hole", "swallow"}:
            assert got == b""
        else:
            assert got
        if fault.when is When.INSTEAD and not was_reset and got:
            assert got == row.response_head + row.response_body or fault.name == "not-http"


async def test_the_next_request_after_a_fault_is_true() -> None:
    async with faulty() as it:
        sign_in = await it.world.sign_in()
        await it.inject("server-error")
        assert await sign_in.outcome() == "server_error"
        assert await sign_in.outcome() == "authorization_pending"


async def test_a_delay_is_slept_and_then_the_truth_told() -> None:
    async with faulty() as it:
        sign_in = await it.world.sign_in()
        await it.inject("delay", settings={"seconds": 12})
        assert await sign_in.outcome() == "authorization_pending"
        assert it.pauses == [12]


async def test_a_quota_counts_down() -> None:
    async with faulty() as it:
        sign_in = await it.world.sign_in()
        await it.inject("quota", times="always", settings={"requests": 1, "window_s": 60})
        assert (await sign_in.poll()).status == 400
        it.world.passed_s += 20
        refused = await sign_in.poll()
        assert refused.status == 429
        assert b"\r\nRetry-After: 40\r\n" in refused.head
        it.world.passed_s += 41
        assert (await sign_in.poll()).status == 400


async def test_a_fault_that_remembers_catches_all_unless_told_otherwise() -> None:
    async with faulty() as it:
        sign_in = await it.world.sign_in()
        await it.inject("quota", settings={"requests": 1, "window_s": 60})
        assert [(await sign_in.poll()).status for _ in range(5)] == [400, 429, 429, 429, 429]
        await it.world.control("POST", "reset")
        for given in ({}, {"times": 3}, {"times": "always"}, {"times": None}):
            await it.inject("stall", **given)
        await it.inject("drop")
        listed = (await it.world.control("GET", "faults")).json()["faults"]
        assert [rule["times"] for rule in listed] == [None, 3, None, None, 1]


async def test_neither_a_value_nor_a_request_that_nests_deeply_breaks_an_answer() -> None:
    async with faulty() as it:
        settings = {"member": "interval", "value": "[" * 30_000}
        wish = {"fault": "edit", "all": True, "settings": settings}
        refused = await it.world.control("POST", "faults", wish)
        assert refused.status == 400
        assert refused.json()["reason"].startswith("value of edit is JSON that is whole")
        await it.inject("refresh-rotation", times=2)
        await it.inject("quota")
        for _ in range(2):
            assert (await it.world.call("POST", "/token", b"[" * 30_000)).status == 400


async def test_a_device_can_be_approved_from_the_start() -> None:
    async with faulty() as it:
        await it.inject("pre-authorized", operation="StartDeviceAuthorization")
        sign_in = await it.world.sign_in()
        assert await sign_in.outcome() == "token"


async def test_what_would_catch_everything_is_asked_about() -> None:
    async with open_world() as world:
        answer = await world.control("POST", "faults", {"fault": "drop"})
        assert answer.status == 400
        assert "every request" in answer.json()["reason"]


@pytest.mark.parametrize(
    "body",
    [
        {"fault": "none"},
        {"fault": "delay", "settings": {"seconds": -1}},
        {"fault": "drop", "times": "often"},
        {"fault": "drop", "times": 0},
        {"fault": "drop", "probability": 2},
    ],
)
async def test_a_wrong_wish_gets_a_sentence(body: dict[str, Any]) -> None:
    async with open_world() as world:
        answer = await world.control("POST", "faults", {"all": True, **body})
        assert answer.status == 400
        assert answer.json()["reason"]


async def test_faults_are_listed_paused_resumed_and_removed() -> None:
    async with open_world() as world:
        added = (await world.control("POST", "faults", {"fault": "drop", "all": True})).json()
        path = f"faults/{added['id']}"
        assert (await world.control("POST", f"{path}/pause")).json()["is_paused"]
        assert (await world.control("GET", "faults")).json()["faults"][0]["is_paused"]
        assert not (await world.control("POST", f"{path}/resume")).json()["is_paused"]
        assert (await world.control("DELETE", path)).json()["removed"]
        assert (await world.control("GET", "faults")).json() == {"faults": []}
        listed = (await world.control("GET", "faults/catalogue")).json()["catalogue"]
        assert [it["name"] for it in listed] == list(BY_NAME)


async def test_a_hold_is_no_fault_and_a_fault_no_hold() -> None:
    async with open_world() as world:
        fault = (await world.control("POST", "faults", {"fault": "drop", "all": True})).json()["id"]
        hold = (await world.control("POST", "holds", {"all": True})).json()["id"]
        for path, reason in ((f"faults/{hold}", "is a hold"), (f"holds/{fault}", "is a fault")):
            for method, tail in (("DELETE", ""), ("POST", "/pause"), ("POST", "/resume")):
                answer = await world.control(method, path + tail)
                assert answer.status == 404
                assert reason in answer.json()["reason"]
        assert len(world.simulator.state.rules) == 2


async def test_each_quota_counts_for_itself_and_goes_with_its_rule() -> None:
    async with faulty() as it:
        first, second = await it.world.sign_in(), await it.world.sign_in()
        settings = {"requests": 1, "window_s": 60}
        for sign_in in (first, second):
            code = sign_in.user_code
            await it.inject("quota", times="always", settings=settings, user_code=code)
        assert (await first.poll()).status == 400
        assert (await second.poll()).status == 400
        assert (await second.poll()).status == 429
        await it.world.control("POST", "reset")
        await it.inject("quota", times="always", settings=settings)
        fresh = await it.world.call("POST", "/client/register", {"clientName": "n"})
        assert fresh.status != 429


async def test_a_seeded_latency_is_the_same_for_each_rule() -> None:
    async with faulty() as it:
        sign_in = await it.world.sign_in()
        for _ in range(2):
            await it.inject("latency", times=2)
            await sign_in.poll()
            await sign_in.poll()
        assert it.pauses[:2] == it.pauses[2:]
        assert it.pauses[0] != it.pauses[1]


async def test_a_fault_lies_in_wait_for_a_request_that_it_makes_sense_for() -> None:
    async with faulty() as it:
        await it.inject("refresh-refused")
        sign_in = await it.world.sign_in()
        assert await sign_in.outcome() == "authorization_pending"
        listed = (await it.world.control("GET", "faults")).json()["faults"][0]
        assert listed["over_because"] is None
        assert listed["so_far"] == (
            "matched 0 of 3 requests; nearest was #3: it is for CreateToken with refresh_token, "
            "not CreateToken with device_code"
        )
        refused = await it.world.call("POST", "/token", REFRESH)
        assert refused.json()["error_description"] == "Invalid refresh token provided"


async def test_a_held_request_cannot_get_a_fault_that_makes_no_sense_for_it() -> None:
    async with faulty() as it:
        await it.world.control("POST", "holds", {"operation": "RegisterClient"})
        held = asyncio.ensure_future(it.world.register())
        await until(lambda: bool(it.world.simulator.state.held))
        [number] = it.world.simulator.state.held
        path = f"requests/{number}/fault"
        refused = await it.world.control("POST", path, {"fault": "refresh-refused"})
        assert refused.status == 409
        assert refused.json()["reason"] == (
            f"request {number} cannot get refresh-refused: "
            "it is for CreateToken with refresh_token, not RegisterClient"
        )
        shown = (await it.world.control("GET", "requests/held")).json()["held"][0]
        assert not {"fit", "stage"} & shown.keys()
        assert (await it.world.control("POST", f"requests/{number}/release")).status == 200
        assert (await held)["clientId"]


async def test_the_catalogue_says_what_a_fault_is_for() -> None:
    async with open_world() as world:
        listed = (await world.control("GET", "faults/catalogue")).json()["catalogue"]
        fits = {it["name"]: (it["operations"], it["grants"]) for it in listed}
        assert fits["refresh-refused"] == (["CreateToken"], [REFRESH_TOKEN_GRANT])
        assert fits["drop"] == ([], [])


async def test_an_error_in_another_form_waits_for_a_request_that_has_the_error() -> None:
    async with faulty() as it:
        await it.inject("error-form", settings={"error": "portal-forbidden", "form": "type"})
        sign_in = await it.world.sign_in()
        assert await sign_in.outcome() == "authorization_pending"
        refused = await it.world.call("GET", "/assignment/accounts")
        assert refused.status == 403
        assert refused.body == b'{"__type":"com.amazonaws.switchboard.portal#ForbiddenException"}'


async def test_a_requests_own_error_is_told_by_its_header_alone() -> None:
    async with faulty() as it:
        sign_in = await it.world.sign_in()
        await it.inject("true-error-form", operation="CreateToken", settings={"form": "header"})
        answer = await sign_in.poll()
        assert answer.body == b'{"message":"authorization_pending"}'
        assert (answer.header("x-amzn-ErrorType") or "").startswith(
            "AuthorizationPendingException:"
        )


async def test_a_rule_that_would_wait_for_ever_is_refused_with_a_sentence() -> None:
    async with open_world() as world:
        wish = {"fault": "refresh-refused", "operation": "RegisterClient"}
        answer = await world.control("POST", "faults", wish)
        assert answer.status == 400
        assert answer.json()["reason"] == (
            "refresh-refused is for CreateToken with refresh_token, not RegisterClient"
        )
        assert world.simulator.state.rules == {}
