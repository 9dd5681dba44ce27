"""One exchange as JSON, for a bug report."""

import json

from oidc_sim.evidence.har import exchange_json
from tests.record.samples import EXCHANGE

SECRET = EXCHANGE._replace(request_body=b'{"clientSecret":"0123456789abcdef","a":null}')


def test_both_sides_are_there_and_json_is_json() -> None:
    made = exchange_json(EXCHANGE)
    assert made["number"] == 1
    assert made["request"]["headers"] == [["Host", "127.0.0.1:8990"]]
    assert made["response"]["body"] == {"error": "authorization_pending"}
    json.dumps(made)


def test_secrets_are_cut_unless_asked_for() -> None:
    assert exchange_json(SECRET)["request"]["body"]["clientSecret"] == "0123...cdef"
    full = exchange_json(SECRET, shows_secrets=True)["request"]["body"]
    assert full == {"clientSecret": "0123456789abcdef", "a": None}


def test_a_body_that_is_no_json_is_text() -> None:
    for body, shown in ((b"a=1", "a=1"), (b"NaN", "NaN"), (b"[" * 9999, "[" * 9999), (b"", "")):
        assert exchange_json(EXCHANGE._replace(request_body=body))["request"]["body"] == shown
