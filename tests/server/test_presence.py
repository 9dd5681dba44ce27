"""Whether the browser of a sign-in is there: it, or the program in its place, has to ask again and again."""

import asyncio

import pytest

from oidc_sim.engine.commands import Approve, SetAutoApprove
from oidc_sim.engine.events import BrowserCameBack, BrowserLeft
from oidc_sim.server.pages import sign_in
from oidc_sim.server.pages import sign_in as waiting
from tests.server.page_site import Site
from tests.server.raw_http import PATIENCE_S, connected, request
from tests.server.sign_in_site import HTML, begun, code_client, open_page, told
from tests.waiting import until


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once: a test does not wait for time to pass."""
    monkeypatch.setattr(waiting, "LOOK_EVERY_S", 0)
    monkeypatch.setattr(waiting, "LOOKS_FOR_MISSING_EVERY_S", 0)


def left_at(site: Site) -> float | None:
    (device,) = site.simulator.state.devices.values()
    return device.browser_left_at


def moves(site: Site) -> list[str]:
    told = (it.what for it in site.simulator.log.entries.since(0))
    return [type(it).__name__ for it in told if isinstance(it, BrowserLeft | BrowserCameBack)]


@pytest.mark.parametrize("path", ["/authorize", "/sign-in/wait"])
async def test_who_hangs_up_has_left_and_who_asks_again_is_back(site: Site, path: str) -> None:
    """Curl gives up at the one, a tab is closed at the other."""
    client = code_client(site)
    page = None if path == "/authorize" else await open_page(site, client)
    target, lines = (page.waiting, page.browser._lines((HTML,))) if page else (client.address(), ())
    async with connected(site.port) as leaver:
        await leaver.send(request("GET", target, port=site.port, headers=lines))
        await begun(site)
        await until(lambda: site.server.authorize._room._held)
        assert left_at(site) is None
        site.passed_s += 30
    await until(lambda: left_at(site))
    assert left_at(site) == site.simulator.now().at
    async with connected(site.port) as again:
        await again.send(request("GET", target, port=site.port, headers=lines))
        await until(lambda: left_at(site) is None)
    await until(lambda: left_at(site))
    assert moves(site) == ["BrowserLeft", "BrowserCameBack", "BrowserLeft"]
    assert len(site.simulator.state.devices) == 1


async def test_a_page_that_does_not_ask_again_has_left(site: Site) -> None:
    page = await open_page(site, code_client(site))
    site.passed_s += waiting.EXPECTED_S - 0.1
    await page.show()
    site.passed_s += waiting.EXPECTED_S - 0.1
    site.server.authorize._room.presence.look()
    assert left_at(site) is None
    site.passed_s += 0.1
    await until(lambda: left_at(site))
    assert left_at(site) == site.simulator.now().at - waiting.EXPECTED_S
    await page.show()
    assert left_at(site) is None


async def test_a_page_that_goes_on_asking_says_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "HELD_S", 0.0)
    page = await open_page(site, code_client(site))
    events = site.simulator.log.seq
    for _ in range(5):
        site.passed_s += 10
        assert (await page.browser.get(page.waiting, HTML)).status == 303
        await page.show()
        site.server.authorize._room.presence.look()
    assert site.simulator.log.seq == events


async def test_of_two_tabs_one_may_leave(site: Site) -> None:
    client = code_client(site)
    page = await open_page(site, client)
    assert (await open_page(site, client, page.browser)).user_code == page.user_code
    asking = asyncio.ensure_future(page.browser.get(page.waiting, HTML))
    room = site.server.authorize._room
    async with connected(site.port) as leaver:
        lines = page.browser._lines((HTML,))
        await leaver.send(request("GET", page.waiting, port=site.port, headers=lines))
        await until(lambda: room._held == 2)
    await until(lambda: room._held == 1)
    site.passed_s += 100
    room.presence.look()
    assert moves(site) == []
    site.simulator.dispatch(Approve(page.user_code))
    assert told(await asyncio.wait_for(asking, PATIENCE_S))["code"]


async def test_hands_free_a_browser_that_left_is_approved_when_it_comes_back(site: Site) -> None:
    client = code_client(site)
    page = await open_page(site, client)
    site.passed_s += waiting.EXPECTED_S
    site.server.authorize._room.presence.look()
    site.simulator.dispatch(SetAutoApprove(is_on=True))
    device = site.simulator.state.devices[page.user_code]
    assert (device.decision, device.decisions) == ("pending", [])
    await open_page(site, client, page.browser)
    assert client.redeem(told(await page.show())["code"]) == "token"


async def test_a_server_that_stops_says_of_nobody_that_they_left(site: Site) -> None:
    asking = asyncio.ensure_future(site.browser().get(code_client(site).address()))
    await begun(site)
    await until(lambda: site.server.authorize._room._held)
    await site.server.stop()
    assert left_at(site) is None
    with pytest.raises((OSError, asyncio.IncompleteReadError, AssertionError)):
        await asking
