"""What a person does on the page of a browser sign-in, and where their browser goes by it."""

import copy

import pytest

from oidc_sim.engine.commands import Approve, Deny, Expire, Reset, Undo
from oidc_sim.engine.events import BrowserTurnedAway, CodeIssued, DecisionMade
from oidc_sim.engine.model import Actor, DeviceState
from oidc_sim.server.pages import sign_in
from tests.server.page_reader import PageReader
from tests.server.page_site import FORM, Site
from tests.server.raw_http import RawAnswer
from tests.server.sign_in_site import HTML, STATE, CodeClient, Page, code_client, open_page, told


@pytest.fixture
def client(site: Site) -> CodeClient:
    return code_client(site)


@pytest.fixture
async def page(site: Site, client: CodeClient) -> Page:
    return await open_page(site, client)


def state_of(site: Site, page: Page) -> DeviceState:
    return site.simulator.state.devices[page.user_code].state(site.simulator.now().at)


async def test_a_person_sees_who_asks_for_what_and_where_the_browser_goes(site: Site) -> None:
    page = await open_page(site, code_client(site, "build-bot"))
    site.passed_s += 125
    shown = PageReader.of(await page.show())
    for part in (
        "Do you approve this sign-in?",
        "Waiting for a decision",
        page.user_code,
        "build-bot",
        "sso:account:access",
        "2 minutes ago",
        "127.0.0.1:45001",
    ):
        assert part in shown.text
    assert [it["value"] for it in shown.all("button")] == ["approve", "deny"]
    assert not any("autofocus" in attrs for _, attrs in shown.tags)


async def test_the_page_asks_for_the_address_that_is_held(page: Page) -> None:
    answer = await page.show()
    assert answer.header("Refresh") == f"{sign_in.SHOWN_S}; url={page.waiting}"


async def test_the_form_may_lead_to_this_client_s_own_address_and_to_no_other(page: Page) -> None:
    answer = await page.show()
    policy = str(answer.header("Content-Security-Policy")).split("; ")
    assert "form-action 'self' http://127.0.0.1:45001" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


async def test_approve_sends_the_browser_back_with_a_code_that_is_good(
    site: Site, client: CodeClient, page: Page
) -> None:
    back = told(await page.press("approve"), 303)
    assert list(back) == ["code", "state"]
    assert back["state"] == STATE
    assert client.redeem(back["code"]) == "token"
    assert state_of(site, page) is DeviceState.COLLECTED


async def test_deny_sends_the_browser_back_with_an_error(site: Site, page: Page) -> None:
    back = told(await page.press("deny"), 303)
    assert back == {
        "error": "access_denied",
        "error_description": "Access denied",
        "state": STATE,
    }
    assert state_of(site, page) is DeviceState.DENIED


@pytest.mark.parametrize("decision", ["approve", "deny"])
async def test_the_log_says_that_the_user_decided_and_that_the_browser_went(
    site: Site, page: Page, decision: str
) -> None:
    await page.press(decision)
    events = [it.what for it in site.simulator.log.entries.since(0)]
    (made,) = [it for it in events if isinstance(it, DecisionMade)]
    assert made.by is Actor.USER
    assert sum(isinstance(it, CodeIssued | BrowserTurnedAway) for it in events) == 1


async def test_the_record_has_the_way_back_with_its_form(site: Site, page: Page) -> None:
    await page.press("approve")
    newest = site.simulator.log.exchanges.get(site.simulator.log.exchanges.seen)
    assert newest is not None
    assert (newest.operation, newest.status) == ("Authorize", 303)
    assert (newest.outcome, newest.user_code) == ("code issued", page.user_code)
    assert b"decision=approve" in newest.request_body


async def test_opening_the_page_decides_nothing(site: Site, page: Page) -> None:
    before = copy.deepcopy(site.simulator.state)
    for target in (
        page.address,
        f"{page.address}&decision=approve",
        f"{page.address}&_method=POST",
    ):
        for _ in range(30):
            assert (await page.browser.get(target, HTML)).status == 200
    assert site.simulator.state == before


async def test_a_reload_of_the_first_address_or_of_the_page_is_no_new_sign_in(
    site: Site, client: CodeClient, page: Page
) -> None:
    await page.show()
    assert len(site.simulator.state.devices) == 1
    for browser in (page.browser, site.browser()):
        assert (await open_page(site, client, browser)).user_code == page.user_code
    other = await open_page(site, client, page.browser, state="another")
    assert other.user_code != page.user_code
    assert len(site.simulator.state.devices) == 2


async def test_the_operator_s_decision_sends_the_browser_back_when_it_looks(
    site: Site, client: CodeClient, page: Page
) -> None:
    site.simulator.dispatch(Approve(page.user_code))
    back = told(await page.show())
    assert client.redeem(back["code"]) == "token"


async def test_the_operator_s_denial_does_too(site: Site, page: Page) -> None:
    site.simulator.dispatch(Deny(page.user_code))
    assert told(await page.show())["error"] == "access_denied"


async def test_nobody_s_decision_in_time_is_a_denial(site: Site, page: Page) -> None:
    site.passed_s += 600
    assert told(await page.show())["error"] == "access_denied"


@pytest.mark.parametrize("decision", ["approve", "deny"])
async def test_what_the_operator_decided_first_is_what_counts(
    site: Site, page: Page, decision: str
) -> None:
    form = await page.form()
    site.simulator.dispatch(Deny(page.user_code))
    answer = await page.browser.post({**form, "decision": decision}, target="/sign-in")
    assert told(answer, 303)["error"] == "access_denied"


def approve(site: Site, page: Page) -> None:
    site.simulator.dispatch(Approve(page.user_code))


def deny(site: Site, page: Page) -> None:
    site.simulator.dispatch(Deny(page.user_code))


def expire(site: Site, page: Page) -> None:
    site.simulator.dispatch(Expire(page.user_code))


AFTERWARDS = [
    (approve, "sent back to the client already"),
    (deny, "the client has been told"),
    (expire, "the client has been told"),
]


@pytest.mark.parametrize(("decide", "text"), AFTERWARDS)
async def test_the_back_button_finds_a_page_that_says_how_it_ended(
    site: Site, page: Page, decide: object, text: str
) -> None:
    assert callable(decide)
    decide(site, page)
    assert (await page.show()).status == 302
    for address in (page.address, page.waiting):
        answer = await page.browser.get(address, HTML)
        assert (answer.status, answer.header("Location")) == (410, None)
        shown = PageReader.of(answer)
        assert text in shown.text
        assert shown.all("form") == []


async def test_after_the_exchange_the_page_says_that_it_is_complete(
    client: CodeClient, page: Page
) -> None:
    assert client.redeem(told(await page.press("approve"), 303)["code"]) == "token"
    assert "the client has its token" in PageReader.of(await page.show()).text


@pytest.mark.parametrize("decision", ["approve", "deny"])
async def test_a_form_that_is_sent_again_changes_nothing(
    site: Site, page: Page, decision: str
) -> None:
    form = {**await page.form(), "decision": decision}
    await page.browser.post(form, target="/sign-in")
    before = copy.deepcopy(site.simulator.state)
    again = await page.browser.post(form, target="/sign-in")
    assert (again.status, again.header("Location")) == (410, None)
    assert site.simulator.state == before


async def test_of_two_tabs_one_gets_the_code(site: Site, page: Page) -> None:
    site.simulator.dispatch(Approve(page.user_code))
    answers = [await page.show() for _ in range(2)]
    assert [it.status for it in answers] == [302, 410]


async def test_an_approval_that_is_undone_before_the_browser_looks_is_none(
    site: Site, page: Page
) -> None:
    site.simulator.dispatch(Approve(page.user_code))
    site.simulator.dispatch(Undo(page.user_code))
    assert (await page.show()).status == 200
    assert told(await page.press("deny"), 303)["error"] == "access_denied"


async def test_a_code_whose_approval_is_undone_is_good_for_nothing(
    site: Site, client: CodeClient, page: Page
) -> None:
    code = told(await page.press("approve"), 303)["code"]
    site.simulator.dispatch(Undo(page.user_code))
    assert "taken back since" in PageReader.of(await page.show()).text
    assert client.redeem(code) == "invalid_grant"


async def test_a_denial_that_is_undone_lets_the_browser_come_again(
    site: Site, client: CodeClient, page: Page
) -> None:
    await page.press("deny")
    site.simulator.dispatch(Undo(page.user_code))
    assert client.redeem(told(await page.press("approve"), 303)["code"]) == "token"


async def test_a_sign_in_that_is_forgotten_is_over(site: Site, page: Page) -> None:
    form = {**await page.form(), "decision": "approve"}
    site.simulator.dispatch(Reset())
    for answer in (await page.show(), await page.browser.post(form, target="/sign-in")):
        assert answer.status == 404
        assert "does not know it any more" in PageReader.of(answer).text


async def strangers(site: Site, page: Page) -> list[RawAnswer]:
    """Others with the same address: without a cookie, and with one of their own."""
    bare, known = site.browser(), site.browser()
    await known.get(f"/device?user_code={site.client().user_code}")
    assert known.cookie is not None
    return [
        await browser.get(address, HTML)
        for browser in (bare, known)
        for address in (page.address, page.waiting)
    ]


@pytest.mark.parametrize("decided", [False, True])
async def test_the_address_gives_another_browser_nothing(
    site: Site,
    client: CodeClient,
    page: Page,
    decided: bool,  # noqa: FBT001
) -> None:
    if decided:
        site.simulator.dispatch(Approve(page.user_code))
    for answer in await strangers(site, page):
        assert (answer.status, answer.header("Location")) == (403, None)
        shown = PageReader.of(answer)
        assert "begun in another browser" in shown.text
        assert page.user_code not in shown.text
        assert shown.all("form") == []
    site.simulator.dispatch(Approve(page.user_code))
    assert client.redeem(told(await page.show())["code"]) == "token"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?user_code=BCDF-GHJK",
        "?user_code=BCDF-GHJK&ticket=",
        "?user_code={code}&ticket=" + "0" * 64,
        "?user_code={other}&ticket={ticket}",
        "?ticket={ticket}",
        "?user_code={code}%00&ticket={ticket}",
        "?" + "a=b&" * 200,
        "?user_code=%ff&ticket=%ff",
    ],
)
async def test_an_address_without_its_ticket_opens_nothing(
    site: Site, client: CodeClient, page: Page, query: str
) -> None:
    other = await open_page(site, client, state="another")
    ticket = page.address.rpartition("=")[2]
    target = query.format(code=page.user_code, other=other.user_code, ticket=ticket)
    for path in ("/sign-in", "/sign-in/wait"):
        assert (await page.browser.get(path + target, HTML)).status == 403


async def test_the_verification_page_does_not_find_it(site: Site, page: Page) -> None:
    answer = await page.browser.get(f"/device?user_code={page.user_code}")
    assert answer.status == 404
    form = {**await page.form(), "decision": "approve"}
    assert (await page.browser.post(form, target="/device")).status == 403
    assert state_of(site, page) is DeviceState.PENDING


async def test_a_device_s_form_does_not_decide_here(site: Site, client: CodeClient) -> None:
    phone, browser = site.client(), site.browser()
    form = {**await browser.form_for(phone.user_code), "decision": "approve"}
    assert (await browser.post(form, target="/sign-in")).status == 403
    assert phone.poll() == "authorization_pending"


async def forged(site: Site, page: Page) -> list[RawAnswer]:
    form = {**await page.form(), "decision": "approve"}
    other = await open_page(site, code_client(site))
    theirs = await other.form()
    ticket = page.address.rpartition("=")[2]
    return [
        await site.browser().post(form, target="/sign-in"),
        await other.browser.post(form, target="/sign-in"),
        await page.browser.post({**form, "csrf_token": ""}, target="/sign-in"),
        await page.browser.post({**form, "csrf_token": ticket}, target="/sign-in"),
        await page.browser.post({**form, "csrf_token": theirs["csrf_token"]}, target="/sign-in"),
        await page.browser.post({**form, "user_code": other.user_code}, target="/sign-in"),
        await page.browser.post(form, FORM, "Origin: https://evil.example", target="/sign-in"),
        await page.browser.post(form, FORM, "Origin: null", target="/sign-in"),
        await page.browser.post(form, FORM, "Sec-Fetch-Site: cross-site", target="/sign-in"),
    ]


async def test_nobody_but_the_browser_that_was_asked_can_answer(site: Site, page: Page) -> None:
    assert {it.status for it in await forged(site, page)} == {403}
    for device in site.simulator.state.devices.values():
        assert device.decisions == []


@pytest.mark.parametrize("body", [b"", b"x", b"decision=approve", b"\xff", b"a=b&a=b"])
async def test_what_is_no_form_is_a_400_page(site: Site, page: Page, body: bytes) -> None:
    answer = await page.browser.post(body, target="/sign-in")
    assert answer.status == 400
    assert PageReader.of(answer).all("h1")


async def test_the_cookie_that_a_browser_has_is_kept(site: Site, client: CodeClient) -> None:
    browser = site.browser()
    first = await browser.get(client.address(), HTML)
    attributes = set(str(first.header("Set-Cookie")).split("; ")[1:])
    assert attributes == {"Path=/", "HttpOnly", "SameSite=Strict"}
    assert (await browser.get(client.address(), HTML)).header("Set-Cookie") is None
