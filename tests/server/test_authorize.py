"""``GET /authorize``: what is shown, what is sent back, and where a browser is never sent (T-15, T-16)."""

import copy

import pytest

from oidc_sim.engine.commands import Reset
from tests.server.page_reader import PageReader
from tests.server.page_site import Site
from tests.server.raw_http import RawAnswer
from tests.server.sign_in_site import (
    CHALLENGE,
    HTML,
    REDIRECT,
    STATE,
    CodeClient,
    code_client,
    open_page,
    told,
)

BOTH = pytest.mark.parametrize("accept", [HTML, "Accept: */*"], ids=["browser", "program"])


async def ask(site: Site, client: CodeClient, accept: str, **changes: str | None) -> RawAnswer:
    return await site.browser().get(client.address(**changes), accept)


def assert_shown(answer: RawAnswer, error: str, text: str) -> None:
    """AWS's own error, as JSON, and no way out."""
    assert answer.status == 400
    assert answer.header("Content-Type") == "application/json"
    assert answer.header("Location") is None
    body = answer.json()
    assert (body["error"], body["error_description"]) == (error, text)


@BOTH
@pytest.mark.parametrize("client_id", ["unknown", None, "", "\u0000", "a" * 4000])
async def test_an_unknown_client_is_shown_the_captured_bytes(
    site: Site, client_id: str | None, accept: str
) -> None:
    answer = await ask(site, code_client(site), accept, client_id=client_id)
    assert_shown(answer, "invalid_request", "Invalid client provided")
    assert answer.body == (
        b'{"error":"invalid_request","error_description":"Invalid client provided","reason":null}'
    )
    assert str(answer.header("x-amzn-ErrorType")).startswith("InvalidRequestException:")


@BOTH
async def test_a_client_of_the_device_flow_is_unauthorized(site: Site, accept: str) -> None:
    client_id = site.client().device.client_id
    answer = await ask(site, code_client(site), accept, client_id=client_id)
    assert_shown(answer, "unauthorized_client", "Client is unauthorized")


@BOTH
async def test_a_client_that_is_forgotten_is_unknown(site: Site, accept: str) -> None:
    client = code_client(site)
    site.simulator.dispatch(Reset())
    answer = await ask(site, client, accept)
    assert_shown(answer, "invalid_request", "Invalid client provided")


ELSEWHERE = [
    None,
    "",
    "http://127.0.0.1.evil/oauth/callback",
    "http://127.0.0.1.evil:45001/oauth/callback",
    "http://127.0.0.1@evil/oauth/callback",
    "http://127.0.0.1:45001@evil/oauth/callback",
    "http://evil@127.0.0.1:45001/oauth/callback",
    "http://evil/oauth/callback",
    "https://127.0.0.1:45001/oauth/callback",
    "//evil/oauth/callback",
    "///evil/oauth/callback",
    "\\\\evil\\oauth\\callback",
    "http:\\\\evil/oauth/callback",
    "http:evil/oauth/callback",
    "http:/evil/oauth/callback",
    "http:///evil/oauth/callback",
    "javascript:alert(1)",
    "data:text/html,x",
    "/oauth/callback",
    "oauth/callback",
    "http://127.0.0.1:45001/oauth/callback\r\nSet-Cookie: x=1",
    "http://127.0.0.1:45001/oauth/callback\n",
    " http://127.0.0.1:45001/oauth/callback",
    "http://127.0.0.1:45001/oauth/callback ",
    "\thttp://127.0.0.1:45001/oauth/callback",
    "http://127.0.0.1:45001/oauth/%2f../callback",
    "http://127.0.0.1:45001/oauth/../callback",
    "http://127.0.0.1:45001/oauth/callback/../../evil",
    "http://127.0.0.1:45001/oauth/callback/",
    "http://127.0.0.1:45001/oauth/callback#fragment",
    "http://127.0.0.1:45001/oauth/callback#",
    "http://127.0.0.1:45001/oauth/callback?next=evil",
    "http://127.0.0.1:45001/oauth/callback?",
    "http://127.0.0.1:45001/oauth/callbackx",
    "http://127.0.0.1:45001/OAUTH/callback",
    "HTTP://127.0.0.1:45001/oauth/callback",
    "http://user:password@127.0.0.1:45001/oauth/callback",
    "http://[::1]:45001/oauth/callback",
    "http://[fe80::1%25lo]:45001/oauth/callback",
    "http://[::ffff:127.0.0.1]:45001/oauth/callback",
    "http://localhost:45001/oauth/callback",
    "http://127.1:45001/oauth/callback",
    "http://2130706433:45001/oauth/callback",
    "http://0x7f.0.0.1:45001/oauth/callback",
    "http://127.0.0.1.:45001/oauth/callback",
    "http://127.0.0.2:45001/oauth/callback",
    "http://0.0.0.0:45001/oauth/callback",
    "http://127.0.0.1:/oauth/callback",
    "http://127.0.0.1:x/oauth/callback",
    "http://127.0.0.1:450010/oauth/callback",
    "http://127.0.0.1:\u0664\u0665/oauth/callback",
    "http://127.0.0.1:45001:45002/oauth/callback",
    "http://\uff11\uff12\uff17.0.0.1:45001/oauth/callback",
    "urn:ietf:wg:oauth:2.0:oob",
]


@BOTH
@pytest.mark.parametrize("redirect", ELSEWHERE)
async def test_no_browser_is_sent_anywhere_but_to_the_registered_redirect(
    site: Site, redirect: str | None, accept: str
) -> None:
    answer = await ask(site, code_client(site), accept, redirect_uri=redirect)
    assert_shown(answer, "invalid_redirect_uri", "Invalid redirect URI provided")
    assert site.simulator.state.devices == {}


@pytest.mark.parametrize("port", [":1", ":45001", ":65535", ""])
async def test_the_port_is_the_client_s_own(site: Site, port: str) -> None:
    there = f"http://127.0.0.1{port}/oauth/callback"
    answer = await ask(site, code_client(site), HTML, redirect_uri=there)
    assert answer.status == 303


REFUSED = [
    ({"response_type": None}, "unsupported_response_type"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge": CHALLENGE + "="}, "invalid_request"),
    ({"code_challenge": CHALLENGE[:-1]}, "invalid_request"),
    ({"code_challenge": CHALLENGE[:-1] + "+"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": "s256"}, "invalid_request"),
    ({"code_challenge_method": "SHA-256"}, "invalid_request"),
    ({"scopes": "sso:account:access more"}, "invalid_scope"),
    ({"scopes": None, "scope": "other"}, "invalid_scope"),
]


@BOTH
@pytest.mark.parametrize(("changes", "error"), REFUSED)
async def test_the_client_is_told_by_redirect_once_that_is_safe(
    site: Site, changes: dict[str, str | None], error: str, accept: str
) -> None:
    answer = await ask(site, code_client(site), accept, **changes)
    back = told(answer)
    assert list(back) == ["error", "error_description", "state"]
    assert (back["error"], back["state"]) == (error, STATE)
    assert site.simulator.state.devices == {}


@pytest.mark.parametrize("scopes", [None, "", "sso:account:access", " sso:account:access "])
@pytest.mark.parametrize("name", ["scope", "scopes"])
async def test_scopes_that_were_registered_may_be_asked_for_under_both_names(
    site: Site, name: str, scopes: str | None
) -> None:
    answer = await ask(site, code_client(site), HTML, **{"scopes": None, name: scopes})
    assert answer.status == 303
    (device,) = site.simulator.state.devices.values()
    assert device.scopes == ("sso:account:access",)


@BOTH
@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "state", "code_challenge", "scopes"])
async def test_what_comes_twice_is_refused_and_sent_nowhere(
    site: Site, name: str, accept: str
) -> None:
    client = code_client(site)
    target = f"{client.address()}&{name}=x"
    answer = await site.browser().get(target, accept)
    assert_shown(answer, "invalid_request", "A parameter is in the query twice")
    assert site.simulator.state.devices == {}


SPLITTING = [
    "\r\nSet-Cookie: x=1",
    "\nLocation: http://evil/",
    "\r\n\r\n<script>",
    "\x00",
    "\u2028",
    "\x85",
    "s" * 2049,
]


@BOTH
@pytest.mark.parametrize("state", SPLITTING)
async def test_a_state_cannot_split_the_answer(site: Site, state: str, accept: str) -> None:
    answer = await ask(site, code_client(site), accept, state=state)
    back = told(answer)
    assert back["error"] == "invalid_request"
    assert "state" not in back
    names = [name.lower() for name, _ in answer.headers]
    assert "set-cookie" not in names
    assert names.count("location") == 1
    assert answer.body == b""


async def test_bytes_that_are_no_text_are_refused(site: Site) -> None:
    target = code_client(site).address().replace(STATE, "%ff")
    assert_shown(await site.browser().get(target), "invalid_request", "The query cannot be read")


@pytest.mark.parametrize("state", [None, "x", "ünïcødé ✓", "a=b&c=d#e?f%2f+g\"'<>", "s" * 2048])
async def test_the_state_comes_back_as_it_was(site: Site, state: str | None) -> None:
    client = code_client(site)
    answer = await ask(site, client, HTML, state=state, code_challenge_method="plain")
    assert told(answer).get("state") == state


async def test_head_begins_nothing(site: Site) -> None:
    page = await open_page(site, code_client(site))
    before = copy.deepcopy(site.simulator.state)
    client = code_client(site)
    before.clients[client.client_id] = site.simulator.state.clients[client.client_id]
    for target in (client.address(), page.address, page.waiting):
        answer = await page.browser.get(target, HTML, method="HEAD")
        assert (answer.status, answer.header("Allow")) == (405, "GET")
    assert site.simulator.state == before


@pytest.mark.parametrize("dest", ["image", "iframe", "script", "empty", "prefetch"])
async def test_what_no_person_opens_begins_nothing(site: Site, dest: str) -> None:
    client = code_client(site)
    answer = await site.browser().get(client.address(), HTML, f"Sec-Fetch-Dest: {dest}")
    assert answer.status == 400
    assert site.simulator.state.devices == {}


async def test_a_browser_that_another_site_sends_comes_again_in_our_name(site: Site) -> None:
    """A Strict cookie stays at home for as long as another site's name is on the navigation."""
    client = code_client(site)
    target = client.address(state="a\"b<c>&d'e;f")
    browser = site.browser()
    answer = await browser.get(target, HTML, "Sec-Fetch-Site: cross-site")
    assert (answer.status, answer.header("Set-Cookie")) == (200, None)
    assert site.simulator.state.devices == {}
    (refresh,) = [it for it in PageReader.of(answer).all("meta") if "http-equiv" in it]
    assert refresh == {"http-equiv": "refresh", "content": f"0; url={target}"}
    again = await browser.get(target, HTML, "Sec-Fetch-Site: same-origin")
    assert again.status == 303


@pytest.mark.parametrize(
    ("junk", "address"),
    [
        ('"><script>', "%22%3E%3Cscript%3E"),
        ("'", "'"),
        (";,", ";,"),
        ("%0d%0a", "%0d%0a"),
        ("&lt;b&gt;&copy=1", "&lt;b&gt;&copy=1"),
    ],
)
async def test_the_address_to_come_again_to_is_only_an_address(
    site: Site, junk: str, address: str
) -> None:
    target = f"/authorize?{junk}"
    answer = await site.browser().get(target, HTML, "Sec-Fetch-Site: cross-site")
    page = PageReader.of(answer)
    (refresh,) = [it for it in page.all("meta") if "http-equiv" in it]
    assert refresh["content"] == f"0; url=/authorize?{address}"
    assert page.all("script") == []


async def test_each_answer_is_in_the_record(site: Site) -> None:
    client = code_client(site)
    await ask(site, client, HTML)
    (device,) = site.simulator.state.devices.values()
    await ask(site, client, HTML, code_challenge_method="plain")
    await ask(site, client, HTML, client_id="unknown")
    kept = [
        (it.operation, it.status, it.outcome, it.user_code, it.client_id)
        for it in site.simulator.log.exchanges.since(0)
    ]
    code = device.user_code
    assert kept == [
        ("Authorize", 303, code, code, client.client_id),
        ("Authorize", 302, "invalid_request", None, client.client_id),
        ("Authorize", 400, "invalid_request", None, None),
    ]
    assert site.simulator.stories[code].last_exchange == 1
    (first, *_) = site.simulator.log.exchanges.since(0)
    assert first.target == client.address()
    assert first.response_head.startswith(b"HTTP/1.1 303 See Other\r\n")


async def test_a_redirect_is_not_kept_and_tells_nobody_where_it_came_from(site: Site) -> None:
    answers = [
        await ask(site, code_client(site), HTML),
        await ask(site, code_client(site), HTML, code_challenge_method="plain"),
    ]
    for answer in answers:
        assert answer.header("Cache-Control") == "no-store"
        assert answer.header("Referrer-Policy") == "no-referrer"


def test_the_redirect_that_is_compared_is_the_registered_one_with_a_port() -> None:
    assert REDIRECT == "http://127.0.0.1:45001/oauth/callback"
