"""What every page of a browser sign-in has, whatever the client is called (T-13, T-14)."""

from collections.abc import Awaitable, Callable

import pytest

from oidc_sim.engine.commands import Deny, Reset
from tests.server.page_reader import PageReader
from tests.server.page_site import Site
from tests.server.raw_http import RawAnswer
from tests.server.sign_in_site import HTML, code_client, open_page
from tests.server.test_pages_safety import ENOUGH, POLYGLOTS

Show = Callable[[Site], Awaitable[RawAnswer]]


async def question(site: Site) -> RawAnswer:
    return await (await open_page(site, code_client(site))).show()


async def over(site: Site) -> RawAnswer:
    page = await open_page(site, code_client(site))
    site.simulator.dispatch(Deny(page.user_code))
    await page.show()
    return await page.show()


async def forgotten(site: Site) -> RawAnswer:
    page = await open_page(site, code_client(site))
    site.simulator.dispatch(Reset())
    return await page.show()


async def elsewhere(site: Site) -> RawAnswer:
    page = await open_page(site, code_client(site))
    return await site.browser().get(page.address, HTML)


async def forged(site: Site) -> RawAnswer:
    fields = {"user_code": "A", "csrf_token": "B", "decision": "approve"}
    return await site.browser().post(fields, target="/sign-in")


async def malformed(site: Site) -> RawAnswer:
    return await site.browser().post(b"x", target="/sign-in")


async def detour(site: Site) -> RawAnswer:
    target = code_client(site).address()
    return await site.browser().get(target, HTML, "Sec-Fetch-Site: cross-site")


PAGES = [
    pytest.param(question, 200, id="question"),
    pytest.param(detour, 200, id="detour"),
    pytest.param(over, 410, id="over"),
    pytest.param(forgotten, 404, id="forgotten"),
    pytest.param(elsewhere, 403, id="elsewhere"),
    pytest.param(forged, 403, id="forged"),
    pytest.param(malformed, 400, id="malformed"),
]
every_page = pytest.mark.parametrize(("show", "status"), PAGES)


@every_page
async def test_every_page_of_a_sign_in_has_the_strict_headers(
    site: Site, show: Show, status: int
) -> None:
    answer = await show(site)
    assert answer.status == status
    assert answer.header("Content-Type") == "text/html; charset=utf-8"
    policy = set(str(answer.header("Content-Security-Policy")).split("; "))
    client = " http://127.0.0.1:45001" if show is question else ""
    assert policy == {
        "default-src 'none'",
        "style-src 'self'",
        f"form-action 'self'{client}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    }
    assert answer.header("X-Frame-Options") == "DENY"
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("Referrer-Policy") == "no-referrer"
    assert not any(name.lower().startswith("access-control") for name, _ in answer.headers)


@every_page
async def test_every_page_of_a_sign_in_can_be_read_aloud_and_used_by_keyboard(
    site: Site, show: Show, status: int
) -> None:
    page = PageReader.of(await show(site))
    assert "Simulator \N{EN DASH} this is oidc-sim, not AWS." in page.text
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("title")) == len(page.all("h1")) == len(page.all("main")) == 1
    assert not any("tabindex" in attrs for _, attrs in page.tags)
    roles = {attrs.get("role") for _, attrs in page.tags} - {None}
    assert roles == ({"status"} if status in {200, 410} else {"alert"})


@every_page
async def test_no_page_of_a_sign_in_runs_or_fetches_anything_but_its_style(
    site: Site, show: Show, status: int
) -> None:
    page = PageReader.of(await show(site))
    assert not {"script", "style", "img", "iframe", "object", "embed"} & {it for it, _ in page.tags}
    assert page.all("link") == [{"rel": "stylesheet", "href": "/style.css"}]
    names = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    places = {attrs.get(it) for _, attrs in page.tags for it in ("href", "action", "src")} - {None}
    paths = {str(place).partition("?")[0] for place in places}
    assert paths <= {"/sign-in", "/authorize", "/style.css"}


async def page_for(site: Site, text: str) -> PageReader:
    page = await open_page(site, code_client(site, text, (text,)), scopes=None)
    return PageReader.of(await page.show())


@pytest.mark.parametrize("text", POLYGLOTS)
async def test_no_client_s_text_adds_a_tag_or_an_attribute(site: Site, text: str) -> None:
    page = await page_for(site, text)
    assert page.shape == (await page_for(site, ENOUGH)).shape
    assert not any(it in page.text for it in "\x00\x1b\x07\u009b\u202e\u2066\u200b\u2028\ufeff")
