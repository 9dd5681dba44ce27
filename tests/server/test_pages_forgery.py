"""Nobody but the browser that was shown the question can answer it (T-11, T-12, T-52)."""

import copy

import pytest

from oidc_sim.server.pages.forms import PageSessions
from tests.server.page_reader import PageReader
from tests.server.page_site import FORM, Client, Site, open_site
from tests.server.raw_http import RawAnswer


def assert_refused(answer: RawAnswer, client: Client) -> None:
    assert answer.status == 403
    assert client.device.decisions == []
    assert client.poll() == "authorization_pending"


async def test_a_form_without_the_cookie_decides_nothing(site: Site) -> None:
    client = site.client()
    form = await site.browser().form_for(client.user_code)
    answer = await site.browser().post({**form, "decision": "approve"})
    assert_refused(answer, client)
    assert "Enter the code again" in PageReader.of(answer).text


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "\x00"])
async def test_a_form_without_a_true_token_decides_nothing(site: Site, token: str) -> None:
    client = site.client()
    browser = site.browser()
    form = await browser.form_for(client.user_code)
    answer = await browser.post({**form, "csrf_token": token, "decision": "approve"})
    assert_refused(answer, client)


async def test_another_browsers_form_decides_nothing(site: Site) -> None:
    client = site.client()
    mine, stranger = site.browser(), site.browser()
    await mine.form_for(client.user_code)
    form = await stranger.form_for(client.user_code)
    assert_refused(await mine.post({**form, "decision": "approve"}), client)


async def test_a_form_for_another_code_decides_nothing(site: Site) -> None:
    client, other = site.client(), site.client()
    browser = site.browser()
    form = await browser.form_for(other.user_code)
    answer = await browser.post({**form, "user_code": client.user_code, "decision": "approve"})
    assert_refused(answer, client)


async def test_another_servers_cookie_and_form_decide_nothing(site: Site) -> None:
    async with open_site() as there:
        client, twin = site.client(), there.client()
        assert client.user_code == twin.user_code  # both have the same seed
        browser = there.browser()
        form = {**await browser.form_for(twin.user_code), "decision": "approve"}
        as_it_came = site.browser()
        as_it_came.cookie = browser.cookie
        renamed = site.browser()
        renamed.cookie = str(browser.cookie).replace(str(there.port), str(site.port))
        assert_refused(await as_it_came.post(form), client)
        assert_refused(await renamed.post(form), client)


async def test_a_second_cookie_that_somebody_planted_decides_nothing(site: Site) -> None:
    client = site.client()
    browser = site.browser()
    form = await browser.form_for(client.user_code)
    browser.cookie = f"{browser.cookie}; oidc-sim-{site.port}={PageSessions.new_browser()}"
    assert_refused(await browser.post({**form, "decision": "approve"}), client)


@pytest.mark.parametrize(
    "header",
    [
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://127.0.0.1:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
    ],
)
async def test_another_sites_request_decides_nothing_even_with_cookie_and_token(
    site: Site, header: str
) -> None:
    client = site.client()
    browser = site.browser()
    form = await browser.form_for(client.user_code)
    assert_refused(await browser.post({**form, "decision": "approve"}, FORM, header), client)


@pytest.mark.parametrize("origin", ["http://127.0.0.1:{port}", "null"])
async def test_what_a_real_browser_sends_with_our_form_decides(site: Site, origin: str) -> None:
    # Under no-referrer it is "null", and Sec-Fetch-Site says that the form is our own.
    client = site.client()
    browser = site.browser()
    form = await browser.form_for(client.user_code)
    named = f"Origin: {origin.format(port=site.port)}"
    headers = (FORM, named, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: document")
    assert (await browser.post({**form, "decision": "approve"}, *headers)).status == 200
    assert client.poll() == "token"


async def test_a_form_in_the_address_decides_nothing(site: Site) -> None:
    client = site.client()
    browser = site.browser()
    form = await browser.form_for(client.user_code)
    query = "&".join(f"{name}={value}" for name, value in form.items())
    for method in ("GET", "HEAD"):
        await browser.get(f"/device?{query}&decision=approve", method=method)
    assert client.poll() == "authorization_pending"


async def test_a_browser_keeps_its_cookie_while_it_has_one(site: Site) -> None:
    client = site.client()
    browser = site.browser()
    first = await browser.get(f"/device?user_code={client.user_code}")
    second = await browser.get(f"/device?user_code={client.user_code}")
    attributes = str(first.header("Set-Cookie")).split("; ")
    assert attributes[0].startswith(f"oidc-sim-{site.port}=")
    assert set(attributes[1:]) == {"Path=/", "HttpOnly", "SameSite=Strict"}
    assert second.header("Set-Cookie") is None


async def test_a_cookie_that_is_not_ours_is_replaced(site: Site) -> None:
    browser = site.browser()
    browser.cookie = f"oidc-sim-{site.port}=planted"
    answer = await browser.get(f"/device?user_code={site.client().user_code}")
    assert answer.header("Set-Cookie") is not None


HOSTILE = [
    (b"", FORM),
    (b"\xff\xfe\x00", FORM),
    (b"decision=approve", FORM),
    (b"user_code=&csrf_token=&decision=approve&decision=deny", FORM),
    (b"user_code=%ff&csrf_token=&decision=approve", FORM),
    (b"user_code=" + b"A" * 2000, FORM),
    (b"&" * 2000, FORM),
    (b'{"decision":"approve"}', "Content-Type: application/json"),
    (b"user_code=A&csrf_token=B&decision=approve", "Content-Type: text/plain"),
    (b"user_code=A&csrf_token=B&decision=approve", "X-None: 1"),
    (b"user_code=A&csrf_token=B&decision=approve", "Content-Type: \x80/\xff;=;"),
]


@pytest.mark.parametrize(("body", "header"), HOSTILE)
async def test_what_is_no_form_of_ours_is_a_400_page(site: Site, body: bytes, header: str) -> None:
    client = site.client()
    browser = site.browser()
    await browser.form_for(client.user_code)
    before = copy.deepcopy(site.simulator.state)
    answer = await browser.post(body, header)
    assert answer.status == 400
    assert PageReader.of(answer).all("h1")
    assert site.simulator.state == before


async def test_a_body_that_no_form_has_is_too_large(site: Site) -> None:
    assert (await site.browser().post(b"user_code=" + b"A" * 10_000)).status == 413


@pytest.mark.parametrize(
    "header", ["Cookie: ;;;=", "Cookie: \xff", 'Cookie: a="', "Cookie: " + "a=b;" * 1500]
)
async def test_a_hostile_cookie_is_nobodys(site: Site, header: str) -> None:
    client = site.client()
    answer = await site.browser().get(f"/device?user_code={client.user_code}", header)
    assert answer.status == 200
