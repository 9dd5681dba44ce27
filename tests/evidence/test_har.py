"""An exchange as an entry of HTTP Archive 1.2."""

from typing import Any

from oidc_sim.evidence.allowance import Allowance
from oidc_sim.evidence.har import har, har_entry
from oidc_sim.record.exchange import packed
from oidc_sim.testing.scenario import URL
from tests.evidence.world import seen
from tests.record.samples import EXCHANGE

REQUIRED: dict[str, set[str]] = {
    "": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {
        *("method", "url", "httpVersion", "cookies", "headers"),
        *("queryString", "headersSize", "bodySize"),
    },
    "response": {
        *("status", "statusText", "httpVersion", "cookies", "headers"),
        *("content", "redirectURL", "headersSize", "bodySize"),
    },
    "timings": {"send", "wait", "receive"},
}
"""What the format asks for."""


def entry(**changes: Any) -> dict[str, Any]:
    return har_entry(EXCHANGE._replace(**changes), URL, Allowance())


def test_an_entry_has_all_that_the_format_asks_for() -> None:
    made = har_entry(EXCHANGE, URL, Allowance())
    for part, names in REQUIRED.items():
        assert names <= set(made[part] if part else made)
    assert made["startedDateTime"] == "1970-01-12T13:46:40.000+00:00"
    assert made["time"] == sum(made["timings"].values()) == 0.4
    assert made["request"]["url"] == f"{URL}/token"
    assert made["response"]["statusText"] == "Bad Request"
    assert made["response"]["content"]["text"] == '{"error":"authorization_pending"}'


def test_an_archive_names_its_version_and_has_each_request_once() -> None:
    archive = har(seen().taken().exchanges, URL, Allowance())["log"]
    assert archive["version"] == "1.2"
    assert archive["creator"]["name"] == "oidc-sim"
    assert [it["_oidc_sim"]["number"] for it in archive["entries"]] == list(range(1, 10))


def test_sizes_are_of_what_was_sent_and_not_of_what_is_shown() -> None:
    body = b'{"clientSecret":"0123456789abcdef"}'
    headers = ((b"Host", b"h"), (b"Authorization", b"Bearer 0123456789abcdef"))
    made = entry(request_body=body, packed_headers=packed(headers))["request"]
    sent = b"POST /token HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer 0123456789abcdef\r\n\r\n"
    assert (made["headersSize"], made["bodySize"]) == (len(sent), len(body))
    assert made["headers"][1] == {"name": "Authorization", "value": "Bear...cdef"}
    assert made["postData"]["text"] == '{"clientSecret":"0123...cdef"}'


def test_a_secret_in_an_address_is_cut_wherever_the_address_stands() -> None:
    secret = "0123456789abcdef"
    head = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/?code={secret}&state=s\r\n\r\n"
    headers = ((b"Referer", f"http://h/?ticket={secret}".encode()),)
    made = entry(
        target=f"/authorize?code={secret}&x=1",
        packed_headers=packed(headers),
        response_head=head.encode(),
    )
    assert secret not in str(made)
    assert made["request"]["queryString"][1] == {"name": "x", "value": "1"}
    assert made["response"]["redirectURL"] == "http://127.0.0.1/?code=0123...cdef&state=s"


def test_bytes_that_are_no_text_are_told_and_stop_nothing() -> None:
    made = entry(request_body=b"\xff\x00", response_head=b"", response_body=b"")
    assert made["request"]["postData"]["text"] == "\\xff\x00"
    assert made["response"]["headersSize"] == -1
    assert made["response"]["headers"] == []


def test_a_fault_is_named_with_the_true_response_and_no_secret() -> None:
    true = b'HTTP/1.1 200 OK\r\n\r\n{"accessToken":"0123456789abcdef"}'
    ours = entry(fault="slow_down", true_response=true)["_oidc_sim"]
    assert ours["fault"] == "slow_down"
    assert ours["true_response"] == 'HTTP/1.1 200 OK\r\n\r\n{"accessToken":"0123...cdef"}'
    assert har_entry(EXCHANGE, URL, Allowance())["_oidc_sim"]["true_response"] is None


def test_no_secret_is_in_an_archive() -> None:
    world = seen()
    shown = str(har(world.taken().exchanges, URL, Allowance()))
    assert not [secret for secret in world.secrets if secret in shown]
