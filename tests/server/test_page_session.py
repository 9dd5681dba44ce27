import hmac

import pytest

from oidc_sim.server.pages.forms import PageSessions

CODE = "BCDF-GHJK"


def test_every_browser_gets_a_name_of_its_own() -> None:
    names = {PageSessions.new_browser() for _ in range(1000)}
    assert len(names) == 1000


def test_a_cookie_that_was_set_names_the_browser() -> None:
    sessions = PageSessions(8990)
    browser = sessions.new_browser()
    pair = sessions.set_cookie(browser).partition(";")[0]
    assert sessions.browser_of([f"theme=dark; {pair}; other=1"]) == browser


def test_the_cookie_is_for_this_server_and_for_no_script() -> None:
    pair, *attributes = PageSessions(8990).set_cookie("x").split("; ")
    assert pair == "oidc-sim-8990=x"
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Strict"}


def test_another_ports_cookie_names_nobody_here() -> None:
    there, here = PageSessions(8991), PageSessions(8990)
    pair = there.set_cookie(there.new_browser()).partition(";")[0]
    assert here.browser_of([pair]) is None


@pytest.mark.parametrize(
    "value",
    ["", "x", "é" * 43, "A" * 42, "A" * 44, f'"{"A" * 43}"', "A" * 42 + "\n", "A" * 42 + "\udcff"],
)
def test_a_cookie_that_this_server_cannot_have_made_names_nobody(value: str) -> None:
    assert PageSessions(1).browser_of([f"oidc-sim-1={value}"]) is None


@pytest.mark.parametrize(
    "headers", [["oidc-sim-1={0}; oidc-sim-1={1}"], ["oidc-sim-1={0}", "oidc-sim-1={1}"]]
)
def test_of_two_different_cookies_neither_counts(headers: list[str]) -> None:
    cookies = [it.format("A" * 43, "B" * 43) for it in headers]
    assert PageSessions(1).browser_of(cookies) is None


@pytest.mark.parametrize("header", ["", ";", "=", ";;=;", "oidc-sim-1", "a=b=c", "\udcff=\udcff"])
def test_a_cookie_header_without_our_cookie_names_nobody(header: str) -> None:
    assert PageSessions(1).browser_of([header]) is None


def test_a_token_proves_its_browser_and_code() -> None:
    sessions = PageSessions(1)
    assert sessions.proves(sessions.token("browser", CODE), "browser", CODE)


@pytest.mark.parametrize(
    ("browser", "code"), [("another", CODE), ("browser", "BCDF-GHJL"), ("browser BCDF-GHJK", "")]
)
def test_a_token_proves_no_other_browser_and_no_other_code(browser: str, code: str) -> None:
    sessions = PageSessions(1)
    assert not sessions.proves(sessions.token("browser", CODE), browser, code)


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "\udcff", "\x00"])
def test_what_is_no_token_proves_nothing(token: str) -> None:
    assert not PageSessions(1).proves(token, "browser", CODE)


def test_a_token_of_an_earlier_run_proves_nothing() -> None:
    token = PageSessions(1).token("browser", CODE)
    assert not PageSessions(1).proves(token, "browser", CODE)


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def note(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr(hmac, "compare_digest", note)
    sessions = PageSessions(1)
    assert not sessions.proves(sessions.token("browser", CODE), "browser", CODE)
    assert len(compared) == 1
