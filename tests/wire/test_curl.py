import shlex
import shutil
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oidc_sim.wire.curl import as_curl

URL = "http://127.0.0.1:8990/token"
JSON = [(b"Content-Type", b"application/json")]
SECRET = "head-THE-MIDDLE-OF-IT-tail"


def test_a_poll_can_be_pasted() -> None:
    headers = [(b"Host", b"127.0.0.1:8990"), *JSON, (b"Content-Length", b"21")]
    body = b'{"clientId": "it\'s"}'
    assert shlex.split(as_curl("POST", URL, headers, body)) == [
        *("curl", "-sSig", "-X", "POST", URL),
        *("-H", "Content-Type: application/json"),
        *("--data-raw", '{"clientId": "it\'s"}'),
    ]


def test_a_request_without_a_body_sends_none() -> None:
    assert as_curl("GET", URL, [], b"") == f"curl -sSig -X GET {URL}"


def test_a_head_request_does_not_wait_for_a_body() -> None:
    assert as_curl("HEAD", URL, [], b"") == f"curl -sSig --head {URL}"


def test_a_body_without_a_type_is_not_called_a_form() -> None:
    assert "-H Content-Type: --data-raw" in as_curl("POST", URL, [], b"{}")


def test_an_empty_header_is_sent_empty() -> None:
    assert "-H 'X-Empty;'" in as_curl("GET", URL, [(b"X-Empty", b"")], b"")


def test_secrets_are_cut_unless_asked_for() -> None:
    body = f'{{"clientSecret":"{SECRET}"}}'.encode()
    headers = [*JSON, (b"Authorization", b"Bearer " + SECRET.encode())]
    url = f"{URL}?code={SECRET}"
    assert "MIDDLE" not in as_curl("POST", url, headers, body)
    assert as_curl("POST", url, headers, body, shows_secrets=True).count("MIDDLE") == 3


def test_curl_leaves_a_path_with_dots_alone() -> None:
    assert "--path-as-is" in as_curl("GET", URL + "/../x", [], b"")


def test_bytes_of_the_target_that_are_no_utf_8_go_back_as_they_came() -> None:
    assert as_curl("GET", "http://x/\udcff", [], b"").endswith("\"$(printf 'http://x/\\377')\"")


@given(
    target=st.text(st.characters()),
    headers=st.lists(st.tuples(st.binary(), st.binary()), max_size=3),
    body=st.binary(),
    shows=st.booleans(),
)
@example(target="\ud800", headers=[], body=b"", shows=False)
def test_the_command_is_one_line_of_printable_ascii(
    target: str, headers: list[tuple[bytes, bytes]], body: bytes, *, shows: bool
) -> None:
    command = as_curl("POST", URL + target, headers, body, shows_secrets=shows)
    assert command.isascii()
    assert command.isprintable()


@pytest.mark.parametrize("shell", ["sh", "bash"])
@given(value=st.binary(min_size=1, max_size=20).map(lambda value: value.translate(None, b"\0\r\n")))
@settings(max_examples=25, deadline=None)
def test_a_shell_hands_curl_the_very_header(shell: str, value: bytes) -> None:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"no {shell}")
    stand_in = 'curl() { for last; do :; done; printf %s "$last"; }; '
    command = as_curl("GET", URL, [(b"X-Odd", value)], b"")
    done = subprocess.run([path, "-c", stand_in + command], capture_output=True, check=True)
    assert done.stdout == (b"X-Odd: " + value if value else b"X-Odd;")


@pytest.mark.parametrize("shell", ["sh", "bash"])
@given(body=st.binary(min_size=1, max_size=50))
@example(body=b"-n\0")
@settings(max_examples=25, deadline=None)
def test_a_shell_hands_curl_the_very_bytes(shell: str, body: bytes) -> None:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"no {shell}")
    # a function in curl's place writes down what it was given
    stand_in = (
        'curl() { for last; do :; done; if [ "$last" = "@-" ]; then cat; '
        'else printf %s "$last"; fi; }; '
    )
    command = as_curl("POST", URL, JSON, body, shows_secrets=True)
    done = subprocess.run([path, "-c", stand_in + command], capture_output=True, check=True)
    assert done.stdout == body
