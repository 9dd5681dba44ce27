"""A browser sign-in until the browser goes back: who may begin one, and where it is sent."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from oidc_sim.engine.browser import APPLICATION_SCOPES, MAX_STATE
from oidc_sim.engine.clock import wake
from oidc_sim.engine.commands import (
    Approve,
    Deny,
    DeviceCommand,
    Expire,
    FinishBrowserSignIn,
    NoteBrowser,
    SetAutoApprove,
    SlowDown,
    Sweep,
    Undo,
)
from oidc_sim.engine.events import (
    BrowserCameBack,
    BrowserLeft,
    BrowserTurnedAway,
    CodeIssued,
    DeviceAuthorized,
)
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    BrowserRequest,
    DeviceState,
    Policy,
    digest,
)
from oidc_sim.engine.replies import Impossible, Reason, Refused, SendBack, SignInStarted
from tests.engine.browsing import (
    REDIRECT,
    REGISTERED_REDIRECT,
    SCOPE,
    VERIFIER,
    Browsing,
    challenge_of,
    register_for_browser,
    request_of,
    sign_in_by_browser,
)
from tests.engine.world import START, World, said

LIFETIME_S = 600
REGISTRATION_S = 90 * 86400


@pytest.fixture
def browser(world: World) -> Browsing:
    return sign_in_by_browser(world)


@pytest.fixture
def client_id(world: World) -> str:
    return register_for_browser(world).client.client_id


def test_a_browser_sign_in_is_a_device_that_waits(world: World, client_id: str) -> None:
    (begun,) = world.news(request_of(client_id))
    assert begun == DeviceAuthorized(
        at=START.at,
        user_code="USER-0001",
        code_digest="",
        client_id=client_id,
        client_name="pc",
        scopes=(SCOPE,),
        expires_at=START.at + LIFETIME_S,
        interval_s=1,
        browser=BrowserRequest(
            redirect_uri=REDIRECT,
            client_state="the-state",
            code_challenge=challenge_of(VERIFIER),
        ),
    )
    assert world.state.devices["USER-0001"].state(START.at) is DeviceState.PENDING
    assert world.state.clients[client_id].devices == 1


def test_a_sign_in_that_waits_has_no_code_that_could_be_found(browser: Browsing) -> None:
    assert browser.world.state.user_codes == {}
    assert browser.redeem("") == "invalid_grant"


def test_each_browser_has_a_sign_in_of_its_own(world: World) -> None:
    ours = register_for_browser(world)
    first, second = sign_in_by_browser(world, ours), sign_in_by_browser(world, ours, "other")
    world.do(Approve(first.user_code))
    assert (first.look(), second.look()) == ("code", "waiting")


@pytest.mark.parametrize("decision", [None, Approve, Deny, Expire])
def test_a_reload_is_no_second_sign_in_until_its_browser_was_sent_back(
    world: World, decision: type[Approve | Deny | Expire] | None
) -> None:
    ours = register_for_browser(world)
    first = sign_in_by_browser(world, ours)
    if decision:
        world.do(decision(first.user_code))
    assert world.news(request_of(first.client_id)) == []
    again = sign_in_by_browser(world, ours)
    assert again.user_code == first.user_code
    if decision:
        again.look()
        assert sign_in_by_browser(world, ours).user_code != first.user_code


@pytest.mark.parametrize(
    "changes",
    [
        {"client_state": "other"},
        {"client_state": None},
        {"code_challenge": challenge_of("w" * 43)},
        {"redirect_uri": "http://127.0.0.1:5124/oauth/callback"},
        {"scopes": (SCOPE,)},
    ],
)
def test_what_is_asked_otherwise_is_another_sign_in(world: World, changes: dict[str, Any]) -> None:
    ours = register_for_browser(world, SCOPE, "another:scope")
    first = sign_in_by_browser(world, ours)
    reply = world.do(replace(request_of(first.client_id), **changes))
    assert isinstance(reply, SignInStarted)
    assert reply.device.user_code != first.user_code


def test_a_sign_in_whose_time_ran_out_is_begun_anew(world: World) -> None:
    ours = register_for_browser(world)
    first = sign_in_by_browser(world, ours)
    world.wait(600)
    assert sign_in_by_browser(world, ours).user_code != first.user_code


# --- whether the browser is there ----------------------------------------------------------------


def test_a_browser_leaves_and_comes_back_and_what_is_known_is_not_noted_again(
    world: World,
) -> None:
    browser = sign_in_by_browser(world)
    world.wait(20)
    heard = len(world.events)
    for is_there in (True, False, False, True, True):
        browser.note(is_there=is_there, ago_s=15)
    assert world.events[heard:] == [
        BrowserLeft(at=START.at + 5, user_code=browser.user_code),
        BrowserCameBack(at=START.at + 20, user_code=browser.user_code),
    ]
    assert browser.device.browser_left_at is None


def test_of_a_browser_that_was_sent_back_nothing_is_noted(world: World) -> None:
    browser, pc = sign_in_by_browser(world), world.sign_in()
    browser.approved_code()
    heard = len(world.events)
    browser.note(is_there=False)
    world.do(NoteBrowser(user_code=pc.user_code, is_there=False))
    world.do(NoteBrowser(user_code="USER-9999", is_there=False))
    assert world.events[heard:] == []


def test_nothing_is_approved_by_itself_for_a_browser_that_left(world: World) -> None:
    browser = sign_in_by_browser(world)
    browser.note(is_there=False)
    world.do(SetAutoApprove(is_on=True))
    world.wait(5)
    assert world.news(Sweep()) == []
    browser.note(is_there=True)
    assert browser.look() == "code"


def test_a_browser_that_was_turned_away_is_gone_when_that_is_taken_back(world: World) -> None:
    browser = sign_in_by_browser(world)
    world.do(Deny(browser.user_code))
    browser.look()
    world.do(Undo(browser.user_code))
    assert browser.device.browser_left_at == START.at
    assert browser.state is DeviceState.PENDING


def test_no_browser_is_there_after_a_restart(world: World) -> None:
    browser = sign_in_by_browser(world)
    world.wait(30)
    wake(world.state, world.now)
    assert browser.device.browser_left_at == world.now.at


# --- what is shown, because it is not safe to send it anywhere -----------------------------------


def shown(world: World, client_id: str, **changes: str) -> Reason:
    """Ask, and give why it was refused without a redirect."""
    heard = len(world.events)
    asked: Any = changes
    reply = world.do(replace(request_of(client_id), **asked))
    assert isinstance(reply, Refused)
    assert reply.redirect_uri is None, f"{changes} is sent to {reply.redirect_uri}"
    assert len(world.events) == heard
    return reply.reason


def test_an_unknown_client_is_shown(world: World) -> None:
    assert shown(world, "client-9999") is Reason.INVALID_CLIENT


@pytest.mark.parametrize("early_s", [0.001, 0])
def test_a_client_whose_registration_ran_out_is_shown(
    world: World, client_id: str, early_s: float
) -> None:
    world.wait(REGISTRATION_S - early_s)
    if early_s:
        assert isinstance(world.do(request_of(client_id)), SignInStarted)
    else:
        assert shown(world, client_id) is Reason.INVALID_CLIENT


@pytest.mark.parametrize("grant_types", [(), (DEVICE_CODE_GRANT,)])
def test_a_client_that_did_not_register_for_it_is_shown(
    world: World, grant_types: tuple[str, ...]
) -> None:
    ours = world.register(SCOPE, grant_types=grant_types, redirect_uris=(REGISTERED_REDIRECT,))
    assert shown(world, ours.client.client_id) is Reason.UNAUTHORIZED_CLIENT


FOREIGN_REDIRECTS = [
    "",
    "http://127.0.0.1.evil/oauth/callback",
    "http://127.0.0.1@evil/oauth/callback",
    "http://127.0.0.1:80@evil/oauth/callback",
    "http://evil@127.0.0.1:5123/oauth/callback",
    "http://evil/oauth/callback",
    "http://evil#@127.0.0.1/oauth/callback",
    "http://evil\\@127.0.0.1/oauth/callback",
    "//evil/oauth/callback",
    "//127.0.0.1/oauth/callback",
    "\\\\evil/oauth/callback",
    "/\\evil/oauth/callback",
    "http:evil",
    "http:/127.0.0.1/oauth/callback",
    "http:///127.0.0.1/oauth/callback",
    "https://127.0.0.1/oauth/callback",
    "HTTP://127.0.0.1/oauth/callback",
    "javascript:alert(1)",
    "javascript://127.0.0.1/oauth/callback",
    "data:text/html,x",
    "file:///oauth/callback",
    "http://127.0.0.1:5123/oauth/callback\r\nLocation: http://evil",
    "http://127.0.0.1:5123/oauth/callback\n",
    "\nhttp://127.0.0.1:5123/oauth/callback",
    "http://127.0.0.1:5123/oauth/callback\x00",
    " http://127.0.0.1:5123/oauth/callback",
    "http://127.0.0.1:5123/oauth/callback ",
    "http://127.0.0.1:5123/oauth/callback%2f..",
    "http://127.0.0.1:5123/oauth/callback/..",
    "http://127.0.0.1:5123/oauth/../oauth/callback",
    "http://127.0.0.1:5123/oauth/callback/",
    "http://127.0.0.1:5123//oauth/callback",
    "http://127.0.0.1:5123/oauth/callbackk",
    "http://127.0.0.1:5123/OAuth/callback",
    "http://127.0.0.1:5123/",
    "http://127.0.0.1:5123",
    "http://127.0.0.1:5123/oauth/callback#fragment",
    "http://127.0.0.1:5123/oauth/callback?query=1",
    "http://127.0.0.1:5123/oauth/callback;x",
    "http://127.0.0.1:/oauth/callback",
    "http://127.0.0.1:0/oauth/callback",
    "http://127.0.0.1:65536/oauth/callback",
    "http://127.0.0.1:99999/oauth/callback",
    "http://127.0.0.1:123456/oauth/callback",
    "http://127.0.0.1:-1/oauth/callback",
    "http://127.0.0.1:\u0665\u0661/oauth/callback",
    "http://127.0.0.2:5123/oauth/callback",
    "http://127.1:5123/oauth/callback",
    "http://2130706433:5123/oauth/callback",
    "http://0x7f.1:5123/oauth/callback",
    "http://0177.0.0.1:5123/oauth/callback",
    "http://127.0.0.1.:5123/oauth/callback",
    "http://127\u30020\u30020\u30021:5123/oauth/callback",
    "http://\uff11\uff12\uff17.0.0.1:5123/oauth/callback",
    "http://localhost:5123/oauth/callback",
    "http://[::1]:5123/oauth/callback",
    "http://[fe80::1%25eth0]:5123/oauth/callback",
    "http://[::ffff:127.0.0.1]:5123/oauth/callback",
    "http://127.0.0.1:5123/\ud800",
]
"""T-15, and what else a parser of URLs was ever fooled with."""


@pytest.mark.parametrize("redirect_uri", FOREIGN_REDIRECTS, ids=ascii)
def test_no_browser_is_ever_sent_to_a_redirect_that_is_not_the_clients(
    world: World, client_id: str, redirect_uri: str
) -> None:
    assert shown(world, client_id, redirect_uri=redirect_uri) is Reason.INVALID_REDIRECT_URI


@pytest.mark.parametrize("redirect_uri", FOREIGN_REDIRECTS, ids=ascii)
def test_a_bad_redirect_is_shown_whatever_else_is_wrong(
    world: World, client_id: str, redirect_uri: str
) -> None:
    reason = shown(world, client_id, redirect_uri=redirect_uri, response_type="token")
    assert reason is Reason.INVALID_REDIRECT_URI


@pytest.mark.parametrize("port", ["", ":1", ":80", ":5123", ":8080", ":65535"])
@pytest.mark.parametrize(
    "registered", [REGISTERED_REDIRECT, "http://127.0.0.1:8080/oauth/callback"]
)
def test_the_port_of_a_loopback_redirect_may_be_another_than_registered(
    world: World, registered: str, port: str
) -> None:
    """RFC 8252 §7.3; wire.md#50."""
    ours = world.register(
        SCOPE, grant_types=(AUTHORIZATION_CODE_GRANT,), redirect_uris=(registered,)
    )
    asked = replace(
        request_of(ours.client.client_id), redirect_uri=f"http://127.0.0.1{port}/oauth/callback"
    )
    assert isinstance(world.do(asked), SignInStarted)


# --- what the client is told by redirect ----------------------------------------------------------


CHALLENGE = challenge_of(VERIFIER)
TOLD = [
    ({"response_type": None}, Reason.UNSUPPORTED_RESPONSE_TYPE),
    ({"response_type": ""}, Reason.UNSUPPORTED_RESPONSE_TYPE),
    ({"response_type": "token"}, Reason.UNSUPPORTED_RESPONSE_TYPE),
    ({"response_type": "code id_token"}, Reason.UNSUPPORTED_RESPONSE_TYPE),
    ({"client_state": "x\r\nSet-Cookie: x"}, Reason.INVALID_REQUEST),
    ({"client_state": "x\x00"}, Reason.INVALID_REQUEST),
    ({"client_state": "x\x85"}, Reason.INVALID_REQUEST),
    ({"client_state": "x\u2028"}, Reason.INVALID_REQUEST),
    ({"client_state": "x\ud800"}, Reason.INVALID_REQUEST),
    ({"client_state": "x" * (MAX_STATE + 1)}, Reason.INVALID_REQUEST),
    ({"code_challenge_method": None}, Reason.INVALID_REQUEST),
    ({"code_challenge_method": "plain"}, Reason.INVALID_REQUEST),
    ({"code_challenge_method": "s256"}, Reason.INVALID_REQUEST),
    ({"code_challenge_method": "SHA-256"}, Reason.INVALID_REQUEST),
    ({"code_challenge": None}, Reason.INVALID_REQUEST),
    ({"code_challenge": None, "code_challenge_method": None}, Reason.INVALID_REQUEST),
    ({"code_challenge": ""}, Reason.INVALID_REQUEST),
    ({"code_challenge": CHALLENGE[:-1]}, Reason.INVALID_REQUEST),
    ({"code_challenge": CHALLENGE + "A"}, Reason.INVALID_REQUEST),
    ({"code_challenge": CHALLENGE + "="}, Reason.INVALID_REQUEST),
    ({"code_challenge": CHALLENGE + "\n"}, Reason.INVALID_REQUEST),
    ({"code_challenge": CHALLENGE[:-1] + "+"}, Reason.INVALID_REQUEST),
    ({"code_challenge": CHALLENGE[:-1] + "\u00e9"}, Reason.INVALID_REQUEST),
    ({"scopes": ("other",)}, Reason.INVALID_SCOPE),
    ({"scopes": (SCOPE, "other")}, Reason.INVALID_SCOPE),
    ({"scopes": (SCOPE.upper(),)}, Reason.INVALID_SCOPE),
]


@pytest.mark.parametrize(("changes", "reason"), TOLD)
def test_what_else_is_wrong_is_told_to_the_client(
    world: World, client_id: str, changes: dict[str, Any], reason: Reason
) -> None:
    heard = len(world.events)
    reply = world.do(replace(request_of(client_id), **changes))
    assert reply == Refused(reason, client_id=client_id, redirect_uri=REDIRECT)
    assert len(world.events) == heard


@pytest.mark.parametrize("client_state", [None, "", "x" * MAX_STATE, "a b&c=d#e%0d%0a", "\u00e9"])
def test_a_state_comes_back_as_it_came(
    world: World, client_id: str, client_state: str | None
) -> None:
    reply = world.do(replace(request_of(client_id), client_state=client_state))
    assert isinstance(reply, SignInStarted)
    assert reply.device.browser is not None
    assert reply.device.browser.client_state == client_state


@pytest.mark.parametrize(
    ("asked", "granted"), [((), ("a:b", SCOPE)), ((SCOPE,), (SCOPE,)), ((SCOPE, "a:b"),) * 2]
)
def test_a_browser_asks_for_some_of_the_registered_scopes_or_gets_all(
    world: World, asked: tuple[str, ...], granted: tuple[str, ...]
) -> None:
    ours = register_for_browser(world, "a:b", SCOPE)
    reply = world.do(replace(request_of(ours.client.client_id), scopes=asked))
    assert isinstance(reply, SignInStarted)
    assert reply.device.scopes == granted


def test_a_browser_may_come_for_an_application_whose_redirects_nobody_registered(
    world: World,
) -> None:
    application = world.directory.applications[0]
    reply = world.do(request_of(application))
    assert isinstance(reply, SignInStarted)
    assert reply.device.client_name == "apl-1234567890abcdef"
    assert reply.device.scopes == APPLICATION_SCOPES
    evil = replace(request_of(application), redirect_uri="http://evil/oauth/callback")
    assert said(world.do(evil)) == "invalid_redirect_uri"


def test_at_the_bound_the_oldest_device_is_forgotten_for_a_browser() -> None:
    world = World(policy=Policy(max_devices=1))
    pc = world.sign_in()
    browser = sign_in_by_browser(world)
    assert list(world.state.devices) == [browser.user_code]
    assert pc.poll() == "invalid_grant"


# --- where the browser goes -----------------------------------------------------------------------


def approved(browser: Browsing) -> None:
    browser.world.do(Approve(browser.user_code))


def denied(browser: Browsing) -> None:
    browser.world.do(Deny(browser.user_code))


def ended(browser: Browsing) -> None:
    browser.world.do(Expire(browser.user_code))


def expired_now(browser: Browsing) -> None:
    browser.world.wait(LIFETIME_S)


def approved_too_early(browser: Browsing) -> None:
    approved(browser)
    expired_now(browser)


def pending(browser: Browsing) -> None:
    assert browser.state is DeviceState.PENDING


def almost_lapsed(browser: Browsing) -> None:
    browser.world.wait(LIFETIME_S - 0.001)


@pytest.mark.parametrize(
    ("prepare", "answer"),
    [
        (pending, "waiting"),
        (almost_lapsed, "waiting"),
        (approved, "code"),
        (denied, "error access_denied"),
        (ended, "error access_denied"),
        (expired_now, "error access_denied"),
        (approved_too_early, "error access_denied"),
    ],
)
def test_a_browser_goes_where_the_decision_sends_it(
    browser: Browsing, prepare: Callable[[Browsing], None], answer: str
) -> None:
    prepare(browser)
    assert browser.look() == answer


def test_a_browser_that_waits_leaves_no_trace_and_draws_no_code(browser: Browsing) -> None:
    drawn = list(browser.world.ids.secrets)
    assert browser.world.news(FinishBrowserSignIn(browser.user_code)) == []
    assert browser.world.ids.secrets == drawn


def test_a_code_is_told_by_its_digest(browser: Browsing) -> None:
    browser.world.wait(30)
    approved(browser)
    code = browser.code()
    assert browser.world.events[-1] == CodeIssued(
        at=START.at + 30,
        user_code=browser.user_code,
        code_digest=digest(code),
        expires_at=START.at + 30 + LIFETIME_S,
    )


def test_a_browser_that_is_sent_back_without_a_code_is_told_of(browser: Browsing) -> None:
    denied(browser)
    assert browser.world.news(FinishBrowserSignIn(browser.user_code)) == [
        BrowserTurnedAway(at=START.at, user_code=browser.user_code, error="access_denied")
    ]


def test_only_one_code_is_issued_for_a_sign_in(browser: Browsing) -> None:
    approved(browser)
    assert [browser.look() for _ in range(3)] == ["code", "invalid_request", "invalid_request"]
    codes = [event for event in browser.world.events if isinstance(event, CodeIssued)]
    assert len(codes) == 1


def test_no_second_code_is_issued_after_the_first_was_redeemed(browser: Browsing) -> None:
    assert browser.redeem(browser.approved_code()) == "token"
    assert browser.look() == "invalid_request"


def test_no_second_code_is_issued_after_the_first_was_revoked(browser: Browsing) -> None:
    browser.redeem(browser.approved_code(), code_verifier="x" * 43)
    browser.world.do(Undo(browser.user_code))
    approved(browser)
    assert browser.look() == "invalid_request"


def test_no_second_code_is_issued_after_the_approval_was_taken_back(browser: Browsing) -> None:
    code = browser.approved_code()
    browser.world.do(Undo(browser.user_code))
    assert browser.look() == "invalid_request"
    approved(browser)
    assert browser.look() == "invalid_request"
    assert browser.redeem(code) == "token", "the one that it brought is good again"


def test_a_browser_is_turned_away_once(browser: Browsing) -> None:
    denied(browser)
    assert [browser.look(), browser.look()] == ["error access_denied", "invalid_request"]


def test_an_approval_taken_back_in_time_sends_no_browser_anywhere(browser: Browsing) -> None:
    approved(browser)
    browser.world.do(Undo(browser.user_code))
    assert browser.look() == "waiting"
    denied(browser)
    assert browser.look() == "error access_denied"


def test_a_browser_gets_no_code_for_a_sign_in_that_nobody_knows(world: World) -> None:
    assert said(world.do(FinishBrowserSignIn("USER-9999"))) == "invalid_request"


def test_a_device_code_has_no_browser_to_send_back(world: World) -> None:
    pc = world.sign_in()
    world.do(Approve(pc.user_code))
    assert said(world.do(FinishBrowserSignIn(pc.user_code))) == "invalid_request"
    assert pc.poll() == "token"


def test_the_browser_that_is_sent_back_is_the_one_that_came(browser: Browsing) -> None:
    approved(browser)
    reply = browser.finish()
    assert isinstance(reply, SendBack)
    assert reply.device is browser.device
    assert reply.error is None


def test_a_browser_sign_in_cannot_be_slowed_down(browser: Browsing) -> None:
    reply = browser.world.do(SlowDown(browser.user_code))
    assert isinstance(reply, Impossible)
    assert reply.why == "a browser sign-in does not poll"
    assert browser.device.interval_s == 1


@pytest.mark.parametrize("decision", [Approve, Deny, Expire])
def test_other_decisions_are_done_to_it_and_undone_as_to_any_device(
    browser: Browsing, decision: type[DeviceCommand]
) -> None:
    before = copy.deepcopy(browser.device)
    browser.world.do(decision(browser.user_code))
    assert browser.device != before
    browser.world.do(Undo(browser.user_code))
    assert browser.device == before
    assert browser.look() == "waiting"


def test_nobody_can_poll_a_browser_sign_in(browser: Browsing) -> None:
    """Or its code would be good without the proof."""
    code = browser.approved_code()
    pc = browser.world.sign_in()
    ours = {"client_id": browser.client_id, "client_secret": browser.client_secret}
    for no_code in (code, browser.device.code_digest, browser.user_code, ""):
        assert pc.poll_with(device_code=no_code) == "invalid_grant"
        assert pc.poll_with(device_code=no_code, **ours) == "invalid_grant"
    assert browser.redeem(code) == "token"
