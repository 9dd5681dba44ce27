"""Real-looking secrets of AWS's are noticed once, and told of by their place."""

import random
from collections.abc import Iterator
from itertools import count

import pytest

from oidc_sim.record.exchange import Exchange, packed
from oidc_sim.record.log import Ring
from oidc_sim.record.real_secrets import BYTES, NEWEST, RealSecrets
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.wire.credentials import is_issued_here
from tests.text.redact.real_looking import SHAPED, middle
from tests.text.test_marks import ROLE

IDS = RandomIds(random.Random(1), "us-east-1", random.Random(2), b"k" * 32)
_NUMBERS: Iterator[int] = count(1)


def exchange(target: str = "/token", header: str = "curl", body: str = "{}") -> Exchange:
    return Exchange(
        number=next(_NUMBERS),
        at=0.0,
        method="POST",
        target=target,
        operation=None,
        status=200,
        outcome="",
        user_code=None,
        client_id=None,
        took_s=0.0,
        packed_headers=packed(((b"user-agent", header.encode()), (b"accept", b"*/*"))),
        request_body=body.encode(),
        response_head=b"",
        response_body=b"",
    )


@pytest.fixture
def ring() -> Ring[Exchange]:
    return Ring(10_000)


@pytest.fixture
def watch(ring: Ring[Exchange]) -> RealSecrets:
    return RealSecrets(ring, lambda key_id: is_issued_here(IDS.signing_key, key_id))


@pytest.mark.parametrize("kind", [it for it in SHAPED if not it.startswith("jwt")])
@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"target": "/x/{}"}, "the path"),
        ({"target": "/x?a={}"}, "the query"),
        ({"header": "a {}"}, "the header user-agent"),
        ({"body": '{{"a":"{}"}}'}, "the body"),
    ],
)
def test_the_first_is_told_of_by_its_place_and_no_other_is(
    kind: str, place: dict[str, str], told: str, ring: Ring[Exchange], watch: RealSecrets
) -> None:
    secret = SHAPED[kind](random.Random(7))
    ring.append(exchange())
    assert watch.look() is None
    ring.append(exchange(**{name: text.format(secret) for name, text in place.items()}))
    note = watch.look()
    assert note is not None
    assert f"{told} of request #2" in note
    assert middle(secret) not in note
    assert "\n" not in note
    ring.append(exchange(body=secret))
    assert watch.look() is None


def test_what_was_issued_here_and_what_documents_show_is_none(
    ring: Ring[Exchange], watch: RealSecrets
) -> None:
    given = IDS.credentials(ROLE)
    header = f"Credential={given.access_key_id}/20260101/us-east-1/sts, {given.session_token}"
    ring.append(exchange(header=header, body="AK" + "IAIOSFODNN7EXAMPLE"))
    ring.append(exchange(body=IDS.access_token(1.0) + given.secret_access_key))
    assert watch.look() is None


def test_of_a_flood_only_the_newest_requests_are_looked_at(
    ring: Ring[Exchange], watch: RealSecrets
) -> None:
    secret = SHAPED["session token"](random.Random(7))
    ring.append(exchange(body=secret))
    for _ in range(NEWEST):
        ring.append(exchange())
    assert watch.look() is None
    ring.append(exchange(body="x" * BYTES + secret))
    assert watch.look() is None
