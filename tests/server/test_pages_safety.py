"""What every page of ours has, errors included, whatever a client is called (T-13, T-14)."""

from collections.abc import Awaitable, Callable

import pytest

from oidc_sim.engine.commands import Deny
from tests.server.page_reader import PageReader
from tests.server.page_site import Site
from tests.server.raw_http import RawAnswer, connected, request

POLYGLOTS = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "</bdi></dd></dl></main><h1>Approved</h1>",
    "<!--",
    "--><svg/onload=alert(1)>",
    "<![CDATA[<b>]]>",
    "</title><style>*{display:none}</style>",
    "javascript:alert(1)",
    '" autofocus onfocus=alert(1) x="',
    "&lt;b&gt;&amp;&#60;b&#62;",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "\x00\x1b]52;c;ZXZpbA==\x07\u009b31m\u202e\u2066\u200b\U000e0041",
    "\ufeff\u2028\u2029\u0000",
]
ENOUGH = "plain"


async def question(site: Site) -> RawAnswer:
    return await site.browser().get(f"/device?user_code={site.client().user_code}")


async def unknown(site: Site) -> RawAnswer:
    return await site.browser().get("/device?user_code=BCDF-GHJK")


async def throttled(site: Site) -> RawAnswer:
    for _ in range(20):
        await unknown(site)
    return await unknown(site)


async def approved(site: Site) -> RawAnswer:
    return await site.browser().decide(site.client().user_code, "approve")


async def denied(site: Site) -> RawAnswer:
    return await site.browser().decide(site.client().user_code, "deny")


async def too_late(site: Site) -> RawAnswer:
    client, browser = site.client(), site.browser()
    form = await browser.form_for(client.user_code)
    site.simulator.dispatch(Deny(client.user_code))
    return await browser.post({**form, "decision": "approve"})


async def forged(site: Site) -> RawAnswer:
    fields = {"user_code": "A", "csrf_token": "B", "decision": "approve"}
    return await site.browser().post(fields)


async def malformed(site: Site) -> RawAnswer:
    return await site.browser().post(b"x")


async def two_codes(site: Site) -> RawAnswer:
    return await site.browser().get("/device?user_code=A&user_code=B")


def at(target: str) -> Callable[[Site], Awaitable[RawAnswer]]:
    return lambda site: site.browser().get(target)


PAGES = [
    pytest.param(at("/"), 200, id="home"),
    pytest.param(at("/start"), 200, id="start"),
    pytest.param(at("/device"), 200, id="enter the code"),
    pytest.param(question, 200, id="question"),
    pytest.param(approved, 200, id="approved"),
    pytest.param(denied, 200, id="denied"),
    pytest.param(unknown, 404, id="unknown"),
    pytest.param(throttled, 429, id="throttled"),
    pytest.param(too_late, 409, id="too late"),
    pytest.param(forged, 403, id="forged"),
    pytest.param(malformed, 400, id="malformed"),
    pytest.param(two_codes, 400, id="two codes"),
]
every_page = pytest.mark.parametrize(("show", "status"), PAGES)


@every_page
async def test_every_page_has_the_strict_headers(
    site: Site, show: Callable[[Site], Awaitable[RawAnswer]], status: int
) -> None:
    answer = await show(site)
    assert answer.status == status
    assert answer.header("Content-Type") == "text/html; charset=utf-8"
    policy = set(str(answer.header("Content-Security-Policy")).split("; "))
    assert policy == {
        "default-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    }
    assert answer.header("X-Frame-Options") == "DENY"
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("Referrer-Policy") == "no-referrer"
    assert not any(name.lower().startswith("access-control") for name, _ in answer.headers)


@every_page
async def test_every_page_says_that_it_is_a_simulators(
    site: Site, show: Callable[[Site], Awaitable[RawAnswer]], status: int
) -> None:
    page = PageReader.of(await show(site))
    assert "Simulator \N{EN DASH} this is oidc-sim, not AWS." in page.text


@every_page
async def test_every_page_can_be_read_aloud_and_used_by_keyboard(
    site: Site, show: Callable[[Site], Awaitable[RawAnswer]], status: int
) -> None:
    page = PageReader.of(await show(site))
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("title")) == len(page.all("h1")) == len(page.all("main")) == 1
    labelled = {it["for"] for it in page.all("label")}
    assert {it["id"] for it in page.all("input") if it.get("type") != "hidden"} == labelled
    assert not any("tabindex" in attrs for _, attrs in page.tags)
    assert (status >= 400) == any(attrs.get("role") == "alert" for _, attrs in page.tags)


@every_page
async def test_no_page_runs_or_fetches_anything_but_its_style(
    site: Site, show: Callable[[Site], Awaitable[RawAnswer]], status: int
) -> None:
    page = PageReader.of(await show(site))
    assert not {"script", "style", "img", "iframe", "object", "embed"} & {it for it, _ in page.tags}
    assert page.all("link") == [{"rel": "stylesheet", "href": "/style.css"}]
    names = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    places = {attrs.get(it) for _, attrs in page.tags for it in ("href", "action", "src")} - {None}
    assert places <= {"/device", "/style.css"}


async def shape_of_question(site: Site, text: str) -> tuple[PageReader, object]:
    client = site.client(text, (text, text))
    page = PageReader.of(await site.browser().get(f"/device?user_code={client.user_code}"))
    return page, page.shape


@pytest.mark.parametrize("text", POLYGLOTS)
async def test_no_name_or_scope_adds_a_tag_or_an_attribute(site: Site, text: str) -> None:
    _, plain = await shape_of_question(site, ENOUGH)
    page, hostile = await shape_of_question(site, text)
    assert hostile == plain
    assert not any(it in page.text for it in "\x00\x1b\x07\u009b\u202e\u2066\u200b\u2028\ufeff")


@pytest.mark.parametrize("decision", ["approve", "deny"])
@pytest.mark.parametrize("text", POLYGLOTS)
async def test_no_name_adds_a_tag_to_what_a_person_is_told(
    site: Site, text: str, decision: str
) -> None:
    shapes = [
        PageReader.of(await site.browser().decide(site.client(name).user_code, decision)).shape
        for name in (ENOUGH, text)
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("agent", ["<script>alert(1)</script>", "\"'><b>", "\u202e\u200b", "[/b]"])
async def test_no_user_agent_adds_a_tag_or_an_attribute(site: Site, agent: str) -> None:
    shapes = []
    for name in (ENOUGH, agent):
        client = site.client()
        poll = client.poll_command
        body = (
            '{"grantType":"urn:ietf:params:oauth:grant-type:device_code",'
            f'"deviceCode":"{poll.device_code}","clientId":"{poll.client_id}",'
            f'"clientSecret":"{poll.client_secret}"}}'
        )
        async with connected(site.port) as wire:
            lines = (f"User-Agent: {name}",)
            await wire.send(request(body=body.encode(), port=site.port, headers=lines))
            await wire.answer()
        page = PageReader.of(await site.browser().get(f"/device?user_code={client.user_code}"))
        assert name.translate({0x202E: "\\u202e", 0x200B: "\\u200b"}) in page.text
        shapes.append(page.shape)
    assert shapes[0] == shapes[1]


async def test_what_is_hidden_in_a_name_is_shown(site: Site) -> None:
    page, _ = await shape_of_question(site, "a\u202eb\x1b[31mc")
    assert r"a\u202eb\x1b[31mc" in page.text


async def test_a_lone_surrogate_in_a_name_is_shown(site: Site) -> None:
    page, _ = await shape_of_question(site, "a\udcffb")
    assert r"a\udcffb" in page.text


async def test_what_a_person_typed_is_not_sent_back(site: Site) -> None:
    answer = await site.browser().get("/device?user_code=%3Cb%3Exyzzy")
    assert b"xyzzy" not in answer.body.lower()
