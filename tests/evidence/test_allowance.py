"""What strangers sent is shown as far as there is room, and not a secret's half."""

import json

import pytest

from oidc_sim.evidence.allowance import PART, SIZE, WORK, Allowance, decoded
from oidc_sim.evidence.evidence import evidence_of
from oidc_sim.evidence.selection import Taken
from oidc_sim.record.log import BYTES_KEPT, Entry
from tests.record.samples import EXCHANGE
from tests.text.redact.real_looking import NAMED, SHAPED, fifty, middle

SLOW = b'"' * 60_000


def flooded(bodies: list[bytes]) -> Taken:
    entries = (
        Entry(n, EXCHANGE._replace(number=n, request_body=body))
        for n, body in enumerate(bodies, start=1)
    )
    return Taken("everything", 0.0, "http://h", tuple(entries), ())


def test_there_is_room_for_ten_thousand_requests_of_real_clients() -> None:
    allowance = Allowance()
    for number in range(10_000):
        for data in (b"/token", b'{"clientSecret":"%b","x":"%d"}' % (b"k" * 2200, number)):
            allowance.text(data)
        for value in (b"aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux", b"%d" % number):
            allowance.header(b"user-agent", value)
    assert allowance.left_out == 0


def test_of_what_is_too_much_the_beginning_is_shown_and_counted() -> None:
    allowance = Allowance(work=10_000)
    assert allowance.text(b"a" * 5000) == "a" * 5000
    assert allowance.text(b"b c " * 2000) == "b c " * 64 + "... and 7,744 bytes more, left out"
    assert allowance.text(b"a" * 5000) == "a" * 5000, "what was cut once costs no more work"
    assert allowance.left_out == 1
    assert allowance.value({"x": ["b c " * 2000, 1, None]})["x"][1:] == [1, None]
    assert allowance.left_out == 2


def test_what_takes_too_much_room_is_left_out_however_often_it_comes() -> None:
    allowance = Allowance(size=100_000)
    shown = [allowance.text(b"a" * 9000) for _ in range(30)]
    assert sum(map(len, shown)) < 100_000 + 30 * 2 * PART
    assert allowance.text(b"a b" * 9000).startswith("a ba b")
    for _ in range(100):
        allowance.text(b"a b" * 9000)
    assert allowance.is_used_up
    assert allowance.text(b"a b" * 9000) == "... and 27,000 bytes more, left out"


@pytest.mark.parametrize("kind", [*SHAPED, *NAMED])
def test_no_beginning_has_half_a_secret(kind: str) -> None:
    secrets = {name: it for name, it in fifty().items() if name.startswith(kind)} or fifty()
    for name, secret in secrets.items():
        for before in range(PART - len(secret) - 30, PART):
            data = b"x " * (before // 2) + f'{{"{name}": "{secret}"}}'.encode() + b" y" * 5000
            assert middle(secret)[:12] not in Allowance(work=0).text(data)


def test_what_is_cut_is_said_by_a_header_too() -> None:
    allowance = Allowance(work=0)
    assert allowance.header(b"X-Auth-Token", b"0123456789abcdef") == "0123...cdef"
    assert decoded(b"\xff") == "\\xff"


@pytest.mark.parametrize("kind", ["equal", "different"])
def test_evidence_of_a_full_log_of_bodies_made_to_be_slow_is_bounded(kind: str) -> None:
    """In work and in size, so in time; the newest are whole, and the report says how many are not."""
    count = BYTES_KEPT // len(SLOW)
    bodies = [SLOW + (b"%d" % n if kind == "different" else b"") for n in range(count)]
    steps = 0

    def count_steps() -> None:
        nonlocal steps
        steps += 1

    evidence = evidence_of(flooded(bodies), count_steps)
    entries = evidence.har["log"]["entries"]
    assert len(entries) == len(evidence.lines) == count
    assert entries[-1]["request"]["postData"]["text"] == decoded(bodies[-1])
    assert "bytes more, left out" in entries[0]["request"]["postData"]["text"]
    assert entries[0]["request"]["bodySize"] == len(bodies[0])
    assert steps < 60 * count
    assert sum(len(b"".join(it)) for it in evidence.files().values()) < 2 * SIZE
    assert "bodies, headers or names were too much" in evidence.report
    assert len(json.dumps(evidence.members())) < 2 * SIZE
    assert WORK < BYTES_KEPT


def test_heads_of_nothing_but_fields_are_bounded_too() -> None:
    packed = b"\n".join(b"a%d\nb" % n for n in range(120)) + b"\nuser-agent\n" + b'"' * 8000
    exchanges = [
        EXCHANGE._replace(number=n, packed_headers=packed + b"%d" % n, target=f"/?{'a&' * 4000}{n}")
        for n in range(1, 2000)
    ]
    entries = tuple(Entry(it.number, it) for it in exchanges)
    evidence = evidence_of(Taken("everything", 0.0, "http://h", entries, ()))
    assert sum(len(b"".join(it)) for it in evidence.files().values()) < 3 * SIZE
