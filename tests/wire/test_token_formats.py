"""Shapes of ids, codes and tokens (wire.md#19, wire.md#23, wire.md#24, wire.md#31), from a seeded source and from the real one."""

import random
import re
import secrets
from base64 import b64decode, urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.text.redact.marks import MARK
from oidc_sim.wire import tokens
from oidc_sim.wire.tokens import Rng

REGIONS = ["us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "us-gov-west-1"]
RNGS = st.integers().map(random.Random) | st.just(secrets.SystemRandom())
INSTANTS = st.integers(0, 2**40)


def from_base64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@given(RNGS, st.sampled_from(REGIONS))
def test_a_client_id_is_sixteen_bytes_and_the_region(rng: Rng, region: str) -> None:
    data = from_base64url(tokens.client_id(rng, region))
    assert data[16:] == region.encode()


@pytest.mark.parametrize(
    ("region", "length"), [("us-east-1", 34), ("eu-central-1", 38), ("ap-southeast-2", 40)]
)
def test_client_ids_are_as_long_as_those_published(region: str, length: int) -> None:
    assert len(tokens.client_id(random.Random(1), region)) == length


def test_a_client_id_of_us_east_1_ends_like_those_published() -> None:
    assert tokens.client_id(random.Random(1), "us-east-1").endswith("VzLWVhc3QtMQ")


@given(RNGS)
def test_a_device_code_is_64_bytes_in_86_characters(rng: Rng) -> None:
    code = tokens.device_code(rng)
    assert re.fullmatch(r"[A-Za-z0-9_-]{86}", code)
    assert len(from_base64url(code)) == 64


@given(RNGS)
def test_a_user_code_is_typed_without_vowels_or_digits(rng: Rng) -> None:
    assert re.fullmatch(r"[BCDFGHJ-NP-TV-XZ]{4}-[BCDFGHJ-NP-TV-XZ]{4}", tokens.user_code(rng))


def test_every_letter_of_the_alphabet_is_used_and_no_other() -> None:
    rng = random.Random(1)
    codes = "".join(tokens.user_code(rng) for _ in range(200)).replace("-", "")
    assert set(codes) == set("BCDFGHJKLMNPQRSTVWXZ")


@given(RNGS, INSTANTS, st.sampled_from(REGIONS), st.sampled_from(["aoa", "aor"]))
def test_a_token_has_its_prefix_90_characters_and_a_signature(
    rng: Rng, expires_at: int, region: str, kind: str
) -> None:
    make = tokens.refresh_token if kind == "aor" else tokens.access_token
    token = make(rng, expires_at, region)
    match = re.fullmatch(rf"{kind}([A-Za-z0-9_-]{{90}}):(MG[QUY]C[A-Za-z0-9+/]+)", token)
    assert match
    assert len(match[2]) in range(136, 140)
    assert len(token) in range(230, 234)
    assert match[1].endswith(tokens.region_marker(region))
    assert re.fullmatch(r"[A-Za-z0-9_-]{4}", tokens.region_marker(region))


@given(RNGS, INSTANTS)
def test_a_token_begins_with_its_expiry(rng: Rng, expires_at: int) -> None:
    signed = tokens.access_token(rng, expires_at, "us-east-1")[3:93]
    data = from_base64url(signed)
    assert len(data) == 67
    assert int.from_bytes(data[:8], "big") == expires_at


@given(RNGS)
def test_a_signature_is_der_of_two_positive_numbers_as_short_as_they_can_be(rng: Rng) -> None:
    text = tokens.access_token(rng, 0, "us-east-1").partition(":")[2]
    der = b64decode(text + "=" * (-len(text) % 4))
    assert len(der) in range(102, 105)
    assert der[:2] == bytes([0x30, len(der) - 2])
    rest = der[2:]
    while rest:
        tag, length = rest[:2]
        number, rest = rest[2 : 2 + length], rest[2 + length :]
        assert (tag, len(number)) == (0x02, length)
        assert number[0] < 0x80
        assert number[0] or number[1] >= 0x80


class Zeros:
    """The unlikeliest source."""

    def randbytes(self, n: int, /) -> bytes:
        return bytes(n)

    def choice(self, seq: str, /) -> str:
        return seq[0]


def test_a_signature_stays_as_short_as_it_can_be_when_chance_gives_only_zeros() -> None:
    text = tokens.access_token(Zeros(), 0, "us-east-1").partition(":")[2]
    assert b64decode(text) == bytes.fromhex("3064" + 2 * ("023001" + 47 * "00"))


def test_known_regions_have_their_markers() -> None:
    assert tokens.region_marker("us-east-1") == "Bkc0"
    assert tokens.region_marker("ap-southeast-2") == "Bbg1"


@given(RNGS, INSTANTS)
def test_nobody_takes_one_for_a_live_secret(rng: Rng, expires_at: int) -> None:
    assert tokens.device_code(rng)[4:].startswith(MARK)
    assert tokens.access_token(rng, expires_at, "us-east-1")[15:].startswith(MARK)
    assert tokens.refresh_token(rng, expires_at, "us-east-1")[15:].startswith(MARK)


def test_a_known_expiry_reads_as_in_the_captures() -> None:
    assert tokens.access_token(random.Random(1), 1767552707, "us-east-1").startswith("aoaAAAAAGl")
