"""What a person does on the pages, and what their client gets by it."""

import pytest

from oidc_sim.engine.arrival import Target
from oidc_sim.engine.commands import Approve, Deny, Expire, Reset, Sweep
from oidc_sim.engine.events import DecisionMade
from oidc_sim.engine.model import Actor, DeviceState
from oidc_sim.faults.catalogue import fault_rule
from tests.server.page_reader import PageReader
from tests.server.page_site import Client, Site
from tests.server.raw_http import connected, request


async def test_the_root_says_what_this_is_and_leads_to_the_page_for_codes(site: Site) -> None:
    page = PageReader.of(await site.browser().get("/"))
    assert "oidc-sim plays AWS IAM Identity Center's sign-in service" in page.text
    assert {"href": "/device"} in page.all("a")


@pytest.mark.parametrize("target", ["/", "/start", "/start/", "/device", "/device?user_code="])
async def test_every_way_in_asks_for_the_code(site: Site, target: str) -> None:
    answer = await site.browser().get(target)
    page = PageReader.of(answer)
    (form,) = page.all("form")
    (field,) = page.all("input")
    assert answer.status == 200
    assert (form["method"], form["action"]) == ("get", "/device")
    assert field["name"] == "user_code"
    assert field["autocomplete"] == "off"
    assert field["autocapitalize"] == "characters"
    assert field["spellcheck"] == "false"
    assert "autofocus" in field


async def test_a_code_is_understood_however_it_is_typed(site: Site) -> None:
    code = site.client().user_code
    for typed in (code, code.lower(), code.replace("-", ""), f"%20{code}+", code.replace("-", "+")):
        answer = await site.browser().get(f"/device?user_code={typed}")
        assert answer.status == 200, typed
        assert PageReader.of(answer).hidden_fields["user_code"] == code


async def test_a_person_sees_who_asks_for_what_and_since_when(site: Site) -> None:
    client = site.client("build-bot", ("sso:account:access", "codewhisperer:analysis"))
    site.passed_s += 125
    page = PageReader.of(await site.browser().get(f"/device?user_code={client.user_code}"))
    assert client.user_code in page.text
    assert "Does this code match the one in your terminal?" in page.text
    for part in ("build-bot", "sso:account:access", "codewhisperer:analysis", "2 minutes ago"):
        assert part in page.text


async def test_a_person_sees_the_user_agent_of_the_newest_poll(site: Site) -> None:
    client = site.client()
    poll = client.poll_command
    body = (
        '{"grantType":"urn:ietf:params:oauth:grant-type:device_code",'
        f'"deviceCode":"{poll.device_code}","clientId":"{poll.client_id}",'
        f'"clientSecret":"{poll.client_secret}"}}'
    ).encode()
    for agent in ("old/1", "aws-cli/2.36.7 md/command#sso.login"):
        async with connected(site.port) as wire:
            headers = (f"User-Agent: {agent}",)
            await wire.send(request(body=body, port=site.port, headers=headers))
            assert (await wire.answer()).status == 400
    page = PageReader.of(await site.browser().get(f"/device?user_code={client.user_code}"))
    assert "aws-cli/2.36.7 md/command#sso.login" in page.text
    assert "old/1" not in page.text


async def test_no_button_has_the_focus_when_the_question_opens(site: Site) -> None:
    page = PageReader.of(await site.browser().get(f"/device?user_code={site.client().user_code}"))
    assert [it["value"] for it in page.all("button")] == ["approve", "deny"]
    assert not any("autofocus" in attrs for _, attrs in page.tags)


async def test_opening_the_complete_address_a_hundred_times_decides_nothing(site: Site) -> None:
    client = site.client()
    browser = site.browser()
    for _ in range(100):
        assert (await browser.get(f"/device?user_code={client.user_code}")).status == 200
    assert client.poll() == "authorization_pending"


async def test_an_approved_client_gets_its_token(site: Site) -> None:
    client = site.client("demo-cli")
    answer = await site.browser().decide(client.user_code, "approve")
    page = PageReader.of(answer)
    assert answer.status == 200
    assert "demo-cli gets its token" in page.text
    assert "You can close this window" in page.text
    assert client.poll() == "token"


async def test_a_denied_client_gets_none(site: Site) -> None:
    client = site.client("demo-cli")
    answer = await site.browser().decide(client.user_code, "deny")
    assert answer.status == 200
    assert "demo-cli is told that access was denied" in PageReader.of(answer).text
    assert client.poll() == "access_denied"


@pytest.mark.parametrize("decision", ["approve", "deny"])
async def test_the_log_says_that_the_user_decided(site: Site, decision: str) -> None:
    await site.browser().decide(site.client().user_code, decision)
    *_, newest = site.simulator.log.entries.since(0)
    assert isinstance(newest.what, DecisionMade)
    assert newest.what.by is Actor.USER


async def test_a_decision_about_one_client_leaves_the_others_waiting(site: Site) -> None:
    mine, other = site.client(), site.client()
    await site.browser().decide(mine.user_code, "approve")
    assert other.poll() == "authorization_pending"


def approve(site: Site, client: Client) -> None:
    site.simulator.dispatch(Approve(client.user_code))


def deny(site: Site, client: Client) -> None:
    site.simulator.dispatch(Deny(client.user_code))


def expire(site: Site, client: Client) -> None:
    site.simulator.dispatch(Expire(client.user_code))


def let_time_run_out(site: Site, _client: Client) -> None:
    site.passed_s += 600


def collect(site: Site, client: Client) -> None:
    approve(site, client)
    assert client.poll() == "token"


@pytest.mark.parametrize("decision", ["approve", "deny"])
@pytest.mark.parametrize(
    ("meanwhile", "told"),
    [
        (approve, "approved already"),
        (deny, "denied already"),
        (expire, "expired"),
        (let_time_run_out, "expired"),
        (collect, "has its token already"),
    ],
)
async def test_who_decides_too_late_is_told_and_changes_nothing(
    site: Site, decision: str, meanwhile: object, told: str
) -> None:
    client = site.client()
    browser = site.browser()
    form = await browser.form_for(client.user_code)
    assert callable(meanwhile)
    meanwhile(site, client)
    before = client.device.decision, client.device.collected_at, list(client.device.decisions)
    answer = await browser.post({**form, "decision": decision})
    assert answer.status == 409
    assert told in PageReader.of(answer).text
    assert (client.device.decision, client.device.collected_at, client.device.decisions) == before


async def test_a_form_that_is_sent_again_is_told_that_it_was_done(site: Site) -> None:
    client = site.client()
    browser = site.browser()
    form = {**await browser.form_for(client.user_code), "decision": "approve"}
    assert [(await browser.post(form)).status for _ in range(2)] == [200, 409]
    assert client.poll() == "token"


async def test_a_decision_about_a_code_that_is_forgotten_finds_none(site: Site) -> None:
    client = site.client()
    browser = site.browser()
    form = await browser.form_for(client.user_code)
    site.simulator.dispatch(Reset())
    assert (await browser.post({**form, "decision": "approve"})).status == 404


async def test_a_code_that_was_swept_away_is_unknown(site: Site) -> None:
    client = site.client()
    site.passed_s += 1200
    site.simulator.dispatch(Sweep())
    assert (await site.browser().get(f"/device?user_code={client.user_code}")).status == 404


@pytest.mark.parametrize(
    "target", ["/", "/start", "/device", "/device?user_code=BCDF", "/style.css"]
)
async def test_head_gets_the_head_of_what_get_gets(site: Site, target: str) -> None:
    browser = site.browser()
    await browser.get("/device?user_code=BCDF")  # so that both have a cookie
    got = await browser.get(target)
    asked = await browser.get(target, method="HEAD")
    assert (asked.status, asked.body) == (got.status, b"")
    without_date = [it for it in got.headers if it[0] != "Date"]
    assert [it for it in asked.headers if it[0] != "Date"] == without_date


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("target", ["/", "/start", "/device", "/style.css"])
async def test_a_method_that_a_page_does_not_have_is_refused(
    site: Site, method: str, target: str
) -> None:
    assert (await site.browser().get(target, method=method)).status == 405


async def test_the_style_sheet_is_served_and_asks_for_nothing_else(site: Site) -> None:
    answer = await site.browser().get("/style.css")
    assert answer.status == 200
    assert answer.header("Content-Type") == "text/css; charset=utf-8"
    for word in (b"url(", b"@import", b"@font-face"):
        assert word not in answer.body


async def test_a_page_that_refuses_leaves_the_sign_in_as_it_is(site: Site) -> None:
    client, browser = site.client(), site.browser()
    rule = fault_rule("page-refuses", {}, Target(user_code=client.user_code))
    site.simulator.dispatch(rule)
    assert client.poll() == "authorization_pending"
    answer = await browser.decide(client.user_code, "approve")
    assert (answer.status, answer.body) == (
        400,
        b'{"error":"invalid_grant","error_description":"Invalid grant provided"}',
    )
    assert client.poll() == "authorization_pending"
    assert client.device.state(site.simulator.now().at) is DeviceState.PENDING
    [row] = site.simulator.log.exchanges.since(0)
    assert (row.fault, row.target, row.user_code) == ("page-refuses", "/device", client.user_code)
    assert (await browser.decide(client.user_code, "approve")).status == 200
