"""The control route that approves everything that waits."""

import asyncio

import pytest

from oidc_sim.actions import devices as approving
from oidc_sim.engine.commands import Approve, Deny, NoteBrowser, StartBrowserSignIn
from oidc_sim.engine.events import DecisionMade
from oidc_sim.engine.model import Actor, DeviceState
from oidc_sim.engine.replies import SignInStarted
from tests.server.aws_site import CHALLENGE, REDIRECT, AwsSite
from tests.server.raw_http import RawAnswer


async def approve_all(aws: AwsSite) -> RawAnswer:
    token = f"Authorization: Bearer {aws.server.control_token}"
    return await aws.call("POST", "/_sim/approve-all", b"", token)


async def test_it_approves_what_waits_and_says_how_many(aws: AwsSite) -> None:
    program = await aws.program()
    codes = [(await aws.start(program))["userCode"] for _ in range(4)]
    aws.simulator.dispatch(Deny(codes[0], Actor.OPERATOR))
    aws.simulator.dispatch(Approve(codes[1], Actor.OPERATOR))
    answer = await approve_all(aws)
    assert (answer.status, answer.json()) == (200, {"approved": 2, "without_browser": 0})
    devices = aws.simulator.state.devices
    assert [devices[code].decision for code in codes] == ["denied", *["approved"] * 3]
    told = [it.what for it in aws.simulator.log.entries.since(0)]
    decisions = [(it.user_code, it.by) for it in told if isinstance(it, DecisionMade)]
    assert decisions[2:] == [(code, Actor.SCRIPT) for code in codes[2:]]


async def test_with_nothing_to_approve_it_says_none(aws: AwsSite) -> None:
    answer = await approve_all(aws)
    assert (answer.status, answer.json()) == (200, {"approved": 0, "without_browser": 0})


async def test_a_browser_that_left_is_not_approved_for(aws: AwsSite) -> None:
    program = await aws.browser_program()
    started = aws.simulator.dispatch(
        StartBrowserSignIn(
            client_id=program.client_id,
            redirect_uri=REDIRECT,
            response_type="code",
            client_state="state",
            scopes=(),
            code_challenge=CHALLENGE,
            code_challenge_method="S256",
        )
    )
    assert isinstance(started, SignInStarted)
    aws.simulator.dispatch(NoteBrowser(user_code=started.device.user_code, is_there=False))
    assert (await approve_all(aws)).json() == {"approved": 0, "without_browser": 1}
    (device,) = aws.simulator.state.devices.values()
    assert device.decision is DeviceState.PENDING


async def test_other_requests_are_answered_between(
    aws: AwsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approving, "AT_ONCE", 1)
    program = await aws.program()
    for _ in range(5):
        await aws.start(program)
    turns: list[int] = []

    def look() -> None:
        states = [it.decision for it in aws.simulator.state.devices.values()]
        turns.append(states.count(DeviceState.APPROVED))
        if turns[-1] < len(states):
            asyncio.get_running_loop().call_soon(look)

    look()
    await approve_all(aws)
    assert {1, 2, 3, 4, 5} <= {*turns}
