"""Faults of a browser's way back act when it is sent back, whichever request of its is answered so."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from oidc_sim.engine.arrival import HeldDecision, Setting, Target
from oidc_sim.engine.commands import AddRule, Approve, DecideHeld, Deny, SetAutoApprove
from oidc_sim.engine.held import RELEASE
from oidc_sim.engine.replies import Done, Impossible, RuleStands
from oidc_sim.faults.catalogue import fault_decision, fault_rule
from oidc_sim.record.exchange import Exchange
from oidc_sim.server.pages import sign_in
from tests.server.no_waiting import pause_by
from tests.server.page_site import Site
from tests.server.raw_http import PATIENCE_S, RawAnswer
from tests.server.sign_in_site import HTML, REDIRECT, STATE, begun, code_client, open_page, told
from tests.waiting import until

PROGRAM = "Accept: */*"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "LOOK_EVERY_S", 0)


def inject(site: Site, fault: str, target: Target, **settings: Setting) -> int:
    reply = site.simulator.dispatch(fault_rule(fault, settings, target))
    assert isinstance(reply, RuleStands)
    return reply.rule_id


def newest(site: Site) -> Exchange:
    row = site.simulator.log.exchanges.get(site.simulator.log.exchanges.seen)
    assert row is not None
    return row


async def soon(task: "asyncio.Future[RawAnswer]") -> RawAnswer:
    return await asyncio.wait_for(task, PATIENCE_S)


@dataclass(frozen=True)
class Waiting:
    """A browser that waits on its page for somebody to decide."""

    user_code: str
    asking: "asyncio.Future[RawAnswer]"


async def waits(site: Site) -> Waiting:
    page = await open_page(site, code_client(site))
    asking = asyncio.ensure_future(page.browser.get(page.waiting, HTML))
    await until(lambda: site.server.listener.open_connections == 1)
    return Waiting(page.user_code, asking)


async def test_a_browser_that_waits_on_the_page_goes_back_with_the_fault(site: Site) -> None:
    browser = await waits(site)
    inject(site, "callback-state", Target(user_code=browser.user_code))
    site.simulator.dispatch(Approve(browser.user_code))
    back = told(await soon(browser.asking))
    assert (list(back), back["state"]) == (["code", "state"], "wrong")
    row = newest(site)
    assert (row.fault, row.operation, row.user_code) == (
        "callback-state",
        "Authorize",
        browser.user_code,
    )
    assert f"state={STATE}".encode() in row.true_response
    assert b"state=wrong" in row.response_head


async def test_one_that_presses_the_button_does_too_and_its_form_is_kept(site: Site) -> None:
    page = await open_page(site, code_client(site))
    inject(site, "callback-error", Target(user_code=page.user_code), form="no-state")
    answer = await page.press("approve")
    assert told(answer, 303) == {
        "error": "access_denied",
        "error_description": "Access denied",
    }
    assert newest(site).fault == "callback-error"
    assert b"decision=approve" in newest(site).request_body


async def test_a_program_that_waits_goes_back_with_the_fault(site: Site) -> None:
    client = code_client(site)
    asking = asyncio.ensure_future(site.browser().get(client.address(), PROGRAM))
    device = await begun(site)
    inject(site, "callback-state", Target(client_id=client.client_id), form="missing")
    site.simulator.dispatch(Deny(device.user_code))
    assert "state" not in told(await soon(asking))


async def test_a_request_that_was_held_before_goes_back_with_the_fault_in_its_one_row(
    site: Site,
) -> None:
    client = code_client(site)
    site.simulator.dispatch(SetAutoApprove(is_on=True))
    site.simulator.dispatch(AddRule(target=Target(operation="Authorize")))
    asking = asyncio.ensure_future(site.browser().get(client.address(), PROGRAM))
    await until(lambda: bool(site.simulator.state.held))
    inject(site, "callback-state", Target(operation="Authorize"), form="twice")
    [number] = site.simulator.state.held
    by_hand = fault_decision("callback-state", {})
    refused = site.simulator.dispatch(DecideHeld(number=number, decision=by_hand))
    assert isinstance(refused, Impossible)
    assert refused.why.endswith("it is for a browser's way back, not Authorize")
    release = DecideHeld(number=number, decision=HeldDecision(how=RELEASE))
    assert site.simulator.dispatch(release) == Done()
    answer = await soon(asking)
    query = parse_qs(urlsplit(str(answer.header("Location"))).query)
    assert query["state"] == [STATE, STATE]
    assert site.simulator.log.exchanges.seen == 1
    assert newest(site).fault == "callback-state"


async def test_the_rule_lets_the_requests_before_by_and_others_do_not_look_at_the_way_back(
    site: Site,
) -> None:
    client = code_client(site)
    drop = inject(site, "drop", Target(client_id="another"))
    fault = inject(site, "callback-late", Target(client_id=client.client_id), is_refused=True)
    page = await open_page(site, client)
    rules = site.simulator.state.rules
    assert (rules[fault].matched, rules[drop].looked_at) == (0, 1)
    answer = await page.press("approve")
    assert str(answer.header("Location")).startswith("http://127.0.0.1:1/oauth/callback?code=")
    assert (rules[fault].done, rules[drop].looked_at) == (1, 1)


async def test_a_late_callback_is_waited_for(site: Site) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    pause_by(site.server, sleep)
    browser = await waits(site)
    inject(site, "callback-late", Target(user_code=browser.user_code), seconds=601)
    site.simulator.dispatch(Approve(browser.user_code))
    assert told(await soon(browser.asking))["state"] == STATE
    assert pauses == [601]


async def test_an_error_that_the_client_is_told_at_once_can_be_spoilt(site: Site) -> None:
    client = code_client(site)
    inject(site, "callback-state", Target(client_id=client.client_id))
    answer = await site.browser().get(client.address(scopes="sso:other sso:more"), HTML)
    back = told(answer)
    assert "error" in back
    assert back["state"] == "wrong"


@pytest.mark.parametrize("first", ["callback", "favicon"])
async def test_a_browser_is_given_a_page_that_calls_twice(site: Site, first: str) -> None:
    page = await open_page(site, code_client(site))
    inject(site, "callback-twice", Target(user_code=page.user_code), first=first)
    answer = await page.press("approve")
    wait, _, there = str(answer.header("Refresh")).partition("; url=")
    query = parse_qs(urlsplit(there).query)
    assert (answer.status, wait, answer.header("Location")) == (200, "0", None)
    assert there.startswith(f"{REDIRECT}?code=")
    assert query["state"] == [STATE]
    picture = (
        there.replace("&", "&amp;") if first == "callback" else "http://127.0.0.1:45001/favicon.ico"
    )
    assert answer.body.decode() == (
        '<!doctype html><html lang="en"><title>Signed in</title><link rel="icon" href="data:,">'
        f'<img src="{picture}" alt=""></html>\n'
    )


async def test_nothing_is_spoilt_once_the_rule_is_used_up(site: Site) -> None:
    client = code_client(site)
    target = Target(client_id=client.client_id)
    site.simulator.dispatch(fault_rule("callback-state", {}, target))
    states: list[Any] = []
    for _ in range(2):
        page = await open_page(site, client)
        states.append(told(await page.press("approve"), 303)["state"])
    assert states == ["wrong", STATE]
