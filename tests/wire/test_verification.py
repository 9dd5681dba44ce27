import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.wire.verification import (
    VerificationUri,
    read_start_url,
    verification_uri,
    verification_uri_complete,
)

OWN = "http://127.0.0.1:8990"


@pytest.mark.parametrize(
    "start_url",
    [
        "https://d-1234567890.awsapps.com/start",
        "https://x.awsapps.com/start#/",
        "https://ssoins-1234567890abcdef.us-east-1.portal.amazonaws.com",
        "http://localhost:8990/start",
        "http://[::1]:8990/start",
        "HTTPS://X.AWSAPPS.COM/start",
    ],
)
def test_an_http_url_with_a_host_can_be_a_start_url(start_url: str) -> None:
    assert read_start_url(start_url) is not None


@pytest.mark.parametrize(
    "start_url",
    [
        "",
        "/start",
        "x.awsapps.com/start",
        "ftp://x/start",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///start",
        "https://:443/start",
        "https://[::1/start",
        "https://x:port/",
        "https://x:99999/",
        "https://x:0/",
        "https://127.0.0.1@evil.example/start",
        "https://x/\x1b[31m",
        "https://x/\nstart",
        " https://x/start",
        "https://x/a b",
        "https://x\\@y/",
        'https://x/"><script>',
        "https://ex\u202eample/",
        "https://пример/",
    ],
)
def test_nothing_else_can(start_url: str) -> None:
    assert read_start_url(start_url) is None


@pytest.mark.parametrize(
    "start_url",
    [
        "http://127.0.0.1:8990/start",
        "http://localhost:8990/start/",
        "http://LOCALHOST:8990/start",
        "http://[::1]:8990/start#/",
    ],
)
def test_a_start_url_of_this_server_gives_its_device_page(start_url: str) -> None:
    base = start_url.removesuffix("#/").rstrip("/")
    assert verification_uri(start_url, OWN) == base + "/#/device"


@pytest.mark.parametrize(
    "start_url",
    [
        "https://d-1234567890.awsapps.com/start",
        "http://127.0.0.1:8991/start",
        "http://127.0.0.1/start",
        "https://127.0.0.1:8990/start",
        "http://localhost.evil.example:8990/start",
        "no url",
    ],
)
def test_any_other_start_url_gives_the_page_that_a_person_can_open(start_url: str) -> None:
    assert verification_uri(start_url, OWN) == OWN + "/device"


@pytest.mark.parametrize(
    ("start_url", "uri"),
    [
        ("https://x.awsapps.com/start", "https://x.awsapps.com/start/#/device"),
        ("https://x.awsapps.com/start/", "https://x.awsapps.com/start/#/device"),
        ("https://x.awsapps.com/start#/", "https://x.awsapps.com/start/#/device"),
        ("https://x.awsapps.com/start/#/", "https://x.awsapps.com/start/#/device"),
        (
            "https://ssoins-1234567890abcdef.us-east-1.portal.amazonaws.com",
            "https://ssoins-1234567890abcdef.us-east-1.portal.amazonaws.com/#/device",
        ),
    ],
)
def test_the_start_url_form_is_awss_for_every_start_url(start_url: str, uri: str) -> None:
    """wire.md#26, wire.md#28."""
    assert verification_uri(start_url, OWN, VerificationUri.START_URL) == uri


def test_the_complete_uri_has_the_code_in_its_query() -> None:
    assert (
        verification_uri_complete("https://x.awsapps.com/start/#/device", "GPNW-SHFH")
        == "https://x.awsapps.com/start/#/device?user_code=GPNW-SHFH"
    )


@given(st.text(), st.sampled_from(VerificationUri))
def test_no_text_raises_or_gets_into_the_uri_with_a_control_character(
    start_url: str, form: VerificationUri
) -> None:
    uri = verification_uri(start_url, OWN, form)
    assert uri.isascii()
    assert uri.isprintable()
