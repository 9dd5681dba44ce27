from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_sim.server.pages.forms import DecisionForm, FormError, decision_form, typed_code

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GOOD = b"user_code=BCDF-GHJK&csrf_token=abc&decision=approve"


@pytest.mark.parametrize("decision", ["approve", "deny"])
@pytest.mark.parametrize("suffix", ["", "; charset=utf-8", ";charset=rot13"])
def test_a_form_of_ours_is_read(decision: str, suffix: str) -> None:
    fields = {"decision": decision, "csrf_token": "a+b/ü", "user_code": "BCDF-GHJK"}
    headers = {"Content-Type": "Application/X-WWW-Form-Urlencoded" + suffix}
    form = decision_form(headers, urlencode(fields).encode())
    assert form == DecisionForm("BCDF-GHJK", "a+b/ü", form.decision)
    assert form.decision == decision


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&",
        b"=",
        b"approve",
        b"{}",
        b"user_code=BCDF-GHJK&csrf_token=abc",
        b"user_code=BCDF-GHJK&decision=approve",
        b"user_code=BCDF-GHJK&csrf_token&decision=approve",
        b"csrf_token=abc&decision=approve",
        GOOD + b"&decision=approve",
        GOOD + b"&decision=deny",
        GOOD + b"&user_code=BCDF-GHJK",
        GOOD + b"&_method=deny",
        GOOD + b"&",
        GOOD + b"&x",
        b"user_code=BCDF-GHJK&csrf_token=abc&csrf_token=abc",
        GOOD.replace(b"approve", b"APPROVE"),
        GOOD.replace(b"approve", b"undo"),
        GOOD.replace(b"approve", b""),
        GOOD.replace(b"abc", b"%ff"),
        GOOD.replace(b"abc", b"\xff"),
        GOOD.replace(b"abc", "é".encode()),
        GOOD.replace(b"abc", b"%ed%b3%bf"),
        b"&".join([b"a=b"] * 10_000),
        b"--x\r\nContent-Disposition: form-data; name=decision\r\n\r\napprove\r\n--x--",
    ],
)
def test_what_is_no_form_of_ours_is_refused(body: bytes) -> None:
    with pytest.raises(FormError):
        decision_form(FORM, body)


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/json", "multipart/form-data; boundary=x", ";", "\udcff"],
)
def test_a_body_of_another_type_is_refused(content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    with pytest.raises(FormError):
        decision_form(headers, GOOD)


@settings(deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(alphabet="user_code=&%decisonapv+;f0", max_size=120).map(str.encode)
)
def test_no_bytes_make_reading_a_form_fail_in_another_way(body: bytes) -> None:
    with suppress(FormError):
        decision_form(FORM, body)


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/device", ""),
        ("/device?", ""),
        ("/device?user_code=", ""),
        ("/device?user_code", ""),
        ("/device?user_code=%20", ""),
        ("/device?other=1", ""),
        ("/device?user_code=BCDF-GHJK", "BCDF-GHJK"),
        ("/device?x=1&user_code=%20bcdf+ghjk%20&y", "bcdf ghjk"),
        ("http://127.0.0.1/device?user_code=BCDF-GHJK", "BCDF-GHJK"),
        ("/device?user_code=%ff", "\ufffd"),
    ],
)
def test_the_code_in_an_address_is_found(target: str, code: str) -> None:
    assert typed_code(target) == code


@pytest.mark.parametrize("query", ["user_code=A&user_code=A", "user_code=A&user_code=", "a&" * 51])
def test_an_address_with_two_codes_or_with_heaps_of_fields_is_refused(query: str) -> None:
    with pytest.raises(FormError):
        typed_code(f"/device?{query}")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_address_makes_reading_it_fail_in_another_way(query: str) -> None:
    with suppress(FormError):
        typed_code(f"/device?user_code={query}")
