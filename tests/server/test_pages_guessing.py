"""Guessing user codes teaches nothing, and soon stops (RFC 8628 §5.1; T-20)."""

from urllib.parse import quote

import pytest

from oidc_sim.engine.commands import Approve, Deny, Expire
from tests.server.page_reader import PageReader
from tests.server.page_site import Site
from tests.server.raw_http import RawAnswer

MAX_OF_ONE, MAX_OF_ALL = 5, 20
"""Wrong codes in a minute, as T-20 promises them; not the constants, which would agree with anything."""


async def look(site: Site, user_code: str) -> RawAnswer:
    """Look a code up with a new browser."""
    return await site.browser().get(f"/device?user_code={quote(user_code, safe='')}")


def substance(answer: RawAnswer) -> tuple[int, bytes, list[tuple[str, str]]]:
    """An answer without what differs each time."""
    fleeting = {"Date", "Set-Cookie"}
    return answer.status, answer.body, [it for it in answer.headers if it[0] not in fleeting]


async def test_wrong_expired_and_used_codes_get_the_same_answer(site: Site) -> None:
    expired_now = site.client()
    site.passed_s += 600
    approved, denied, expired, used = (site.client() for _ in range(4))
    site.simulator.dispatch(Approve(approved.user_code))
    site.simulator.dispatch(Deny(denied.user_code))
    site.simulator.dispatch(Expire(expired.user_code))
    site.simulator.dispatch(Approve(used.user_code))
    assert used.poll() == "token"
    known = [it.user_code for it in (expired_now, approved, denied, expired, used)]
    invented = ["BCDF-GHJK", "BCDF", "x" * 3000, "BCDF-GHJK-LMNP", "<b>", "-", "é", "\x00"]
    answers = [substance(await look(site, code)) for code in (*known, *invented)]
    assert answers[0][0] == 404
    assert all(answer == answers[0] for answer in answers)


async def test_a_wrong_code_is_asked_for_again(site: Site) -> None:
    page = PageReader.of(await look(site, "BCDF-GHJK"))
    (field,) = page.all("input")
    (alert,) = [attrs for _, attrs in page.tags if attrs.get("role") == "alert"]
    assert field["aria-invalid"] == "true"
    assert str(alert["id"]) in str(field["aria-describedby"]).split()


async def guess(site: Site, times: int) -> None:
    for _ in range(times):
        assert (await look(site, "BCDF-GHJK")).status == 404


async def test_a_sixth_guess_of_one_browser_is_not_looked_at(site: Site) -> None:
    browser = site.browser()
    client = site.client()
    for _ in range(MAX_OF_ONE):
        assert (await browser.get("/device?user_code=BCDF-GHJK")).status == 404
    site.passed_s += 20.5
    wrong = await browser.get("/device?user_code=BCDF-GHJK")
    right = await browser.get(f"/device?user_code={client.user_code}")
    assert substance(wrong) == substance(right)
    assert right.status == 429
    assert right.header("Retry-After") == "40"
    assert "Wait 40 seconds" in PageReader.of(right).text


async def test_a_throttled_browser_may_try_again_after_a_minute(site: Site) -> None:
    browser = site.browser()
    client = site.client()
    for _ in range(MAX_OF_ONE):
        await browser.get("/device?user_code=BCDF-GHJK")
    site.passed_s += 60
    assert (await browser.get(f"/device?user_code={client.user_code}")).status == 200


async def test_another_browser_is_not_held_up_by_five_guesses(site: Site) -> None:
    browser = site.browser()
    for _ in range(MAX_OF_ONE + 1):
        await browser.get("/device?user_code=BCDF-GHJK")
    assert (await look(site, site.client().user_code)).status == 200


async def test_dropping_the_cookie_buys_twenty_guesses_a_minute(site: Site) -> None:
    await guess(site, MAX_OF_ALL)
    assert (await look(site, "BCDF-GHJK")).status == 429
    site.passed_s += 60
    await guess(site, MAX_OF_ALL)


async def test_right_codes_are_not_counted(site: Site) -> None:
    client = site.client()
    for _ in range(2 * MAX_OF_ALL):
        assert (await look(site, client.user_code)).status == 200


async def test_a_person_who_is_throttled_can_still_send_the_form_that_is_open(site: Site) -> None:
    client = site.client()
    browser = site.browser()
    form = await browser.form_for(client.user_code)
    await guess(site, MAX_OF_ALL)
    assert (await browser.post({**form, "decision": "approve"})).status == 200


async def test_guessing_by_post_learns_nothing_about_a_code(site: Site) -> None:
    client = site.client()
    browser = site.browser()
    form = await browser.form_for(client.user_code)
    answers = [
        await browser.post({**form, "user_code": code, "csrf_token": "0", "decision": "approve"})
        for code in (client.user_code, "BCDF-GHJK")
    ]
    assert [it.status for it in answers] == [403, 403]
    assert substance(answers[0]) == substance(answers[1])


@pytest.mark.parametrize("kind", ["image", "iframe", "empty", "script", "style"])
async def test_a_page_elsewhere_cannot_use_up_the_attempts_in_the_background(
    site: Site, kind: str
) -> None:
    for _ in range(MAX_OF_ALL + 1):
        header = f"Sec-Fetch-Dest: {kind}"
        answer = await site.browser().get("/device?user_code=BCDF-GHJK", header)
        assert answer.status == 200
        assert answer.header("Set-Cookie") is None
    assert (await look(site, site.client().user_code)).status == 200
