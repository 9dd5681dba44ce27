"""Requests that are held until somebody decides: a program's first one, and a page's."""

import asyncio

import pytest

from oidc_sim.engine.commands import Approve, Deny, Expire, Reset, SetAutoApprove
from oidc_sim.engine.replies import SendBack
from oidc_sim.server.pages import sign_in
from oidc_sim.server.pages import sign_in as waiting
from oidc_sim.server.pages.sign_in import WaitingRoom
from tests.server.page_site import Site
from tests.server.raw_http import PATIENCE_S, RawAnswer, connected, request
from tests.server.sign_in_site import HTML, STATE, begun, code_client, open_page, told

PROGRAM = "Accept: */*"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once: a test does not wait for time to pass."""
    monkeypatch.setattr(waiting, "LOOK_EVERY_S", 0)


async def soon(task: "asyncio.Future[RawAnswer]") -> RawAnswer:
    return await asyncio.wait_for(task, PATIENCE_S)


@pytest.mark.parametrize("headers", [(), (PROGRAM,), ("Accept: application/json",)])
async def test_a_program_is_held_until_the_operator_approves(
    site: Site, headers: tuple[str, ...]
) -> None:
    client = code_client(site)
    asking = asyncio.ensure_future(site.browser().get(client.address(), *headers))
    device = await begun(site)
    assert not asking.done()
    site.simulator.dispatch(Approve(device.user_code))
    back = told(await soon(asking))
    assert list(back) == ["code", "state"]
    assert back["state"] == STATE
    assert client.redeem(back["code"]) == "token"


@pytest.mark.parametrize("decision", [Deny, Expire])
async def test_a_program_is_told_that_it_was_refused(
    site: Site, decision: type[Deny | Expire]
) -> None:
    asking = asyncio.ensure_future(site.browser().get(code_client(site).address(), PROGRAM))
    device = await begun(site)
    site.simulator.dispatch(decision(device.user_code))
    assert told(await soon(asking))["error"] == "access_denied"


async def test_a_program_for_which_nobody_decides_is_refused_in_the_end(site: Site) -> None:
    asking = asyncio.ensure_future(site.browser().get(code_client(site).address(), PROGRAM))
    await begun(site)
    site.passed_s += 600
    assert told(await soon(asking))["error"] == "access_denied"


async def test_a_program_whose_sign_in_is_forgotten_is_refused(site: Site) -> None:
    asking = asyncio.ensure_future(site.browser().get(code_client(site).address(), PROGRAM))
    await begun(site)
    site.simulator.dispatch(Reset())
    assert told(await soon(asking)) == {
        "error": "access_denied",
        "error_description": "Access denied",
        "state": STATE,
    }


async def test_what_a_program_was_told_is_in_the_record(site: Site) -> None:
    asking = asyncio.ensure_future(site.browser().get(code_client(site).address(), PROGRAM))
    device = await begun(site)
    site.simulator.dispatch(Approve(device.user_code))
    await soon(asking)
    (kept,) = site.simulator.log.exchanges.since(0)
    assert (kept.operation, kept.status) == ("Authorize", 302)
    assert (kept.outcome, kept.user_code) == ("code issued", device.user_code)


async def test_a_page_s_request_is_held_until_the_operator_decides(site: Site) -> None:
    client = code_client(site)
    page = await open_page(site, client)
    asking = asyncio.ensure_future(page.browser.get(page.waiting, HTML))
    assert (await page.show()).status == 200  # served meanwhile
    assert not asking.done()
    site.simulator.dispatch(Approve(page.user_code))
    assert client.redeem(told(await soon(asking))["code"]) == "token"


async def test_a_page_is_shown_anew_before_its_browser_gives_up(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "HELD_S", 0.0)
    page = await open_page(site, code_client(site))
    answer = await page.browser.get(page.waiting, HTML)
    assert (answer.status, answer.header("Location")) == (303, page.address)
    assert (await page.show()).status == 200


async def test_an_answer_by_the_page_s_form_ends_what_is_held(site: Site) -> None:
    page = await open_page(site, code_client(site))
    asking = asyncio.ensure_future(page.browser.get(page.waiting, HTML))
    assert told(await page.press("approve"), 303)["code"]
    assert (await soon(asking)).status == 410


async def test_one_code_is_given_however_many_are_held(site: Site) -> None:
    page = await open_page(site, code_client(site))
    held = [asyncio.ensure_future(page.browser.get(page.waiting, HTML)) for _ in range(50)]
    assert (await page.show()).status == 200
    site.simulator.dispatch(Approve(page.user_code))
    answers = [await soon(it) for it in held]
    assert sorted(it.status for it in answers) == [302] + [410] * 49


async def test_of_too_many_programs_the_last_is_sent_away_before_it_begins(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST", 2)
    client = code_client(site)
    held = []
    for known in range(2):
        address = client.address(state=f"{known}")
        held.append(asyncio.ensure_future(site.browser().get(address, PROGRAM)))
        await begun(site, known)
    answer = await site.browser().get(client.address(), PROGRAM)
    assert (answer.status, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert len(site.simulator.state.devices) == 2
    assert (await site.browser().get(client.address(), HTML)).status == 303
    for user_code in list(site.simulator.state.devices):
        site.simulator.dispatch(Approve(user_code))
    assert [(await soon(it)).status for it in held] == [302, 302]
    address = client.address(state="new")
    assert told(await soon(asyncio.ensure_future(_approved(site, address))))["code"]


async def _approved(site: Site, target: str) -> RawAnswer:
    known = len(site.simulator.state.devices)
    asking = asyncio.ensure_future(site.browser().get(target, PROGRAM))
    site.simulator.dispatch(Approve((await begun(site, known)).user_code))
    return await asking


async def test_where_too_many_are_held_a_page_is_shown_anew_instead(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST", 0)
    page = await open_page(site, code_client(site))
    assert (await page.browser.get(page.waiting, HTML)).status == 303
    site.simulator.dispatch(Approve(page.user_code))
    assert told(await page.browser.get(page.waiting, HTML))["code"]


async def test_who_leaves_makes_room(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST", 1)
    client = code_client(site)
    async with connected(site.port) as leaver:
        await leaver.send(request("GET", client.address(), port=site.port))
        device = await begun(site)
    async with asyncio.timeout(PATIENCE_S):
        while (answer := await site.browser().get("/sign-in/wait")).status != 403:
            pass
    assert answer.status == 403
    asking = asyncio.ensure_future(_approved(site, client.address(state="new")))
    assert told(await soon(asking))["code"]
    assert device.code_digest == ""  # nobody was given a code for the one who left


async def test_switched_to_hands_free_nobody_is_held(site: Site) -> None:
    site.simulator.dispatch(SetAutoApprove(is_on=True))
    client = code_client(site)
    for accept in (HTML, PROGRAM):
        back = told(await site.browser().get(client.address(), accept))
        assert client.redeem(back["code"]) == "token"


async def test_switched_to_hands_free_what_is_held_goes_on(site: Site) -> None:
    asking = asyncio.ensure_future(site.browser().get(code_client(site).address(), PROGRAM))
    await begun(site)
    site.simulator.dispatch(SetAutoApprove(is_on=True))
    assert told(await soon(asking))["code"]


async def test_whoever_is_cancelled_holds_no_place(site: Site) -> None:
    room = WaitingRoom(site.simulator)
    page = await open_page(site, code_client(site))
    waits = [asyncio.ensure_future(room.wait(page.user_code)) for _ in range(waiting.MOST)]
    fullness = []
    for leaver in (None, waits[-1]):
        if leaver:
            leaver.cancel()
        await asyncio.sleep(0)
        fullness.append(room.is_full)
    assert fullness == [True, False]
    site.simulator.dispatch(Approve(page.user_code))
    outcomes = await asyncio.gather(*waits[:-1])
    assert sum(isinstance(it, SendBack) for it in outcomes) == 1
