"""A fault that spoils a true answer meets the answer that it is made for, and changes its bytes."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.engine.commands import AddRule, Approve, DecideHeld, SetAutoApprove
from oidc_sim.engine.rules import near_miss
from oidc_sim.faults.catalogue import CATALOGUE, fault_decision, fault_rule
from oidc_sim.faults.row import Fault, When
from oidc_sim.record.exchange import Exchange
from oidc_sim.wire.operations import LIST_ACCOUNTS
from tests.server.aws_site import CHALLENGE, REDIRECT, AwsSite
from tests.server.no_waiting import pause_by
from tests.waiting import until

Ask = Callable[[AwsSite, Callable[[], None]], Awaitable[object]]
"""Brings a client to where the fault is to be met, has it injected, and sends the request."""
ALWAYS = Trigger(times=None)
SETTINGS: Mapping[str, dict[str, Any]] = {
    "edit": {"member": "error", "value": "teapot"},
}
PACE_ONLY = {"slicer", "slow-drip", "bandwidth", "keep-alive-drop", "callback-late"}
"""The right bytes, at another pace or before the connection ends."""
BY_HAND = {"duplicate", "pre-authorized", "stale-login"}
"""What is done twice, approved or remembered; tests of their own look at that."""
SPOILT = [it for it in CATALOGUE if it.when is When.AFTER and it.name not in BY_HAND]


async def poll(site: AwsSite, inject: Callable[[], None]) -> None:
    program = await site.program()
    device = await site.start(program)
    inject()
    await site.poll(program, device)


async def collect(site: AwsSite, inject: Callable[[], None]) -> None:
    program = await site.program()
    device = await site.start(program)
    site.simulator.dispatch(Approve(device["userCode"]))
    inject()
    await site.poll(program, device)


async def register(site: AwsSite, inject: Callable[[], None]) -> None:
    inject()
    await site.program()


async def start(site: AwsSite, inject: Callable[[], None]) -> None:
    program = await site.program()
    inject()
    await site.start(program)


async def list_accounts(site: AwsSite, inject: Callable[[], None]) -> None:
    token = await site.access_token()
    inject()
    await site.portal(LIST_ACCOUNTS.path, token)


async def come_back(site: AwsSite, inject: Callable[[], None]) -> None:
    """A browser that is sent back at once."""
    site.simulator.dispatch(SetAutoApprove(is_on=True))
    program = await site.browser_program()
    asked = {
        "response_type": "code",
        "client_id": program.client_id,
        "redirect_uri": REDIRECT,
        "state": "s",
        "code_challenge_method": "S256",
        "scopes": "sso:account:access",
        "code_challenge": CHALLENGE,
    }
    inject()
    await site.call("GET", f"/authorize?{urlencode(asked)}", b"")


ASKED: Mapping[str, Ask] = {
    "interval": start,
    "expires-in": collect,
    "no-refresh-token": collect,
    "token-type": collect,
    "secret-expires-at": register,
    "date-skew": poll,
    "paging-loop": list_accounts,
    "many-accounts": list_accounts,
    "callback-error": come_back,
    "callback-state": come_back,
    "callback-twice": come_back,
    "callback-late": come_back,
}


async def met(site: AwsSite, name: str, settings: dict[str, Any], ask: Ask) -> Exchange:
    """The exchange that a fault was done to; the client may be left without an answer."""

    async def no_sleep(_seconds: float) -> None:
        pass

    pause_by(site.server, no_sleep)

    def inject() -> None:
        site.simulator.dispatch(fault_rule(name, settings, Target()))

    asking = asyncio.ensure_future(ask(site, inject))
    await until(lambda: spoilt(site) is not None)  # the client may wait for ever for the rest
    asking.cancel()
    await asyncio.wait([asking])
    if not asking.cancelled():
        asking.exception()  # as a client would find it
    found = spoilt(site)
    assert found is not None
    return found


def spoilt(site: AwsSite) -> Exchange | None:
    """The exchange that a fault was done to, once it is whole."""
    rows = site.simulator.log.exchanges.since(0)
    return next((it for it in rows if it.fault and (it.true_response or it.response_head)), None)


@pytest.mark.parametrize("fault", SPOILT, ids=lambda it: it.name)
async def test_the_true_answer_is_kept_and_another_is_sent(aws: AwsSite, fault: Fault) -> None:
    row = await met(aws, fault.name, SETTINGS.get(fault.name, {}), ASKED.get(fault.name, poll))
    assert row.fault == fault.name
    assert row.true_response, "it met no answer that it is made for"
    sent = row.response_head + row.response_body
    assert (sent == row.true_response) is (fault.name in PACE_ONLY)


EVERY_CHOICE = [
    (fault.name, parameter.name, choice)
    for fault in SPOILT
    for parameter in fault.parameters
    for choice in parameter.choices
]


@pytest.mark.parametrize(("name", "parameter", "choice"), EVERY_CHOICE)
async def test_every_choice_of_a_setting_changes_the_answer(
    aws: AwsSite, name: str, parameter: str, choice: object
) -> None:
    row = await met(aws, name, {parameter: choice}, ASKED.get(name, poll))
    assert row.response_head + row.response_body != row.true_response


@pytest.mark.parametrize(
    ("name", "settings", "unmet", "ask"),
    [
        ("true-error-form", {}, collect, poll),
        ("hostile-strings", {}, collect, poll),
        ("edit", {"member": "x"}, collect, None),
        ("edit", {"member": "error"}, collect, poll),
        ("edit", {"header": "X-Nothing"}, collect, None),
        ("expires-in", {}, poll, collect),
        ("no-refresh-token", {}, poll, collect),
        ("date-skew", {"seconds": 0}, poll, None),
        ("slicer", {"bytes": 65_536}, poll, None),
        ("stale-login", {}, poll, collect),
    ],
)
async def test_a_fault_that_finds_nothing_to_change_waits_for_a_request_that_has_it(
    aws: AwsSite, name: str, settings: dict[str, Any], unmet: Ask, ask: Ask | None
) -> None:
    target = Target(operation="CreateToken")
    aws.simulator.dispatch(fault_rule(name, settings, target))
    [rule] = aws.simulator.state.rules.values()
    await unmet(aws, lambda: None)
    row = aws.last
    assert (row.fault, row.outcome) == (name, f"{name}: nothing to change")
    assert row.response_head + row.response_body == row.true_response
    assert (rule.done, rule.over_because) == (0, "")
    if ask is not None:
        await ask(aws, lambda: None)
        assert aws.last.outcome == name
        assert (rule.done, bool(rule.over_because)) == (1, True)


async def test_a_fault_that_was_chosen_by_hand_gives_nothing_back_to_the_hold(
    aws: AwsSite,
) -> None:
    program = await aws.program()
    device = await aws.start(program)
    aws.simulator.dispatch(AddRule(target=Target(operation="CreateToken")))
    asking = asyncio.ensure_future(aws.poll(program, device))
    await until(lambda: bool(aws.simulator.state.held))
    [number] = aws.simulator.state.held
    decision = fault_decision("no-refresh-token", {})
    aws.simulator.dispatch(DecideHeld(number=number, decision=decision))
    assert (await asking).status == 400
    [rule] = aws.simulator.state.rules.values()
    assert rule.done == 1


async def test_what_spoils_json_waits_for_json(aws: AwsSite) -> None:
    aws.simulator.dispatch(fault_rule("latin-1", {}, Target()))
    await aws.call("GET", "/authorize?client_id=none")
    [rule] = aws.simulator.state.rules.values()
    assert rule.done == 0
    assert "it is for what is answered in JSON, not Authorize" in near_miss(rule)


async def test_a_later_login_gets_the_first_ones_token(aws: AwsSite) -> None:
    program = await aws.program()
    tokens = []
    aws.simulator.dispatch(fault_rule("stale-login", {}, Target(), ALWAYS))
    for _ in range(2):
        tokens.append((await aws.tokens(program))["accessToken"])
        aws.passed_s += 60
    assert tokens[0] == tokens[1]


async def test_a_request_that_is_delivered_twice_is_done_twice(aws: AwsSite) -> None:
    aws.simulator.dispatch(fault_rule("duplicate", {}, Target()))
    await aws.program()
    assert len(aws.simulator.state.clients) == 2


def members(row: Exchange) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row.response_body)
    return found


async def test_members_are_missing_null_or_of_another_type(aws: AwsSite) -> None:
    row = await met(aws, "expires-in", {"value": "absent"}, collect)
    assert "expiresIn" not in members(row)
    assert "accessToken" in members(row)
