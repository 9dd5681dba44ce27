"""What looks like a secret is cut wherever it stands; what does not, stays."""

import random
from urllib.parse import quote

import pytest

from oidc_sim.simulator.ids import RandomIds
from oidc_sim.text.redact import aws_secrets, redact
from oidc_sim.text.redact.recognition import is_random, looks_secret
from tests.text.redact.real_looking import SHAPED, middle

PLACES = (
    "{}",
    "/token/{}/x?y=z",
    "/x?unknown={}&y=z",
    "my tool ({}) 1.0",
    '{{"clientName":"{}"}}',
    "{{'a': '{}'}}",
    "<x>{}</x>",
    "a;b={};c",
    "it said {}, and went",
    "https://d-1234567890.awsapps.com/{}/start",
    '{{"in":"{{\\"a\\":\\"{}\\"}}"}}',
)
HARMLESS = (
    "WDJB-MJHT",
    "d-1234567890.awsapps.com",
    "https://d-1234567890.awsapps.com/start#/?user_code=WDJB-MJHT",
    "urn:ietf:params:oauth:grant-type:device_code",
    "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/jane",
    "AROAIDPPEZS35WEXAMPLE:botocore-session-1700000000",
    "2f1a7b3c-9d4e-4f5a-8b6c-7d8e9f0a1b2c",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "aws-cli/2.15.0 md/awscrt#0.19 ua/2.0 os/linux#5.15 lang/python#3.11 cfg/retry-mode#standard",
    "Invalid token: expired. The token is not valid; password must be changed",
    "Bearer token is missing. Basic authentication is off",
    'Bearer realm="https://example.com/realm1", error="invalid_token"',
    "/assignment/credentials?account_id=123456789012&role_name=Admin",
    "/federation/administration/oauth2/token/x",
    "eyJuZXh0IjoxMjM0NTY3ODkwfQ",
    "Token lifetime: 3600, code: 400, secret: none",
    "aorta and aoudad, IQ and EyJ",
    "user@host:22 and ssh://git@host/path",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", SHAPED)
def test_a_secret_is_known_by_its_look_wherever_it_stands(kind: str, place: str) -> None:
    for seed in range(3):
        secret = SHAPED[kind](random.Random(seed))
        for form in (secret, quote(secret, safe=""), quote(quote(secret, safe=""))):
            shown = redact(place.format(form).encode())
            assert middle(form).encode() not in shown
            assert middle(secret)[:12].encode() not in shown
            assert redact(shown) == shown


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    for whole in (text, f'{{"message":"{text.replace(chr(34), "")}"}}', f"x={quote(text)}&y=1"):
        assert redact(whole.encode()) == whole.encode()


@pytest.mark.parametrize("region", ["us-east-1", "ap-southeast-2", "us-gov-west-1", "eu-west-1"])
def test_client_ids_stay_readable_in_every_region(region: str) -> None:
    ids = RandomIds(random.Random(1), region, random.Random(2), b"k" * 32)
    for _ in range(200):
        client_id = ids.client_id().encode()
        for target in (b"/x/%b/y", b"/x/%b/", b"%b", b"/?client_id=%b"):
            assert redact(target % client_id) == target % client_id


@pytest.mark.parametrize(
    "text",
    ["Authorization: Bearer {}", "curl -H 'x: Basic {}'", "https://user:{}@host/p", "DPoP {}"],
)
def test_what_a_scheme_or_an_address_says_is_secret_is_cut(text: str) -> None:
    secret = "q7Hn" + "x" * 9 + "Zt5w"
    assert middle(secret).encode() not in redact(text.format(secret).encode())


def test_only_what_looks_like_aws_s_and_was_not_issued_here_is_told_of() -> None:
    rng = random.Random(4)
    told = {
        kind: list(aws_secrets(b"a %b b" % make(rng).encode())) for kind, make in SHAPED.items()
    }
    assert [kind for kind, it in told.items() if not it] == ["jwt", "jwt cut off"]
    ids = RandomIds(rng, "us-east-1", random.Random(2), b"k" * 32)
    assert not list(aws_secrets(ids.access_token(1.0).encode()))


def test_words_beside_a_name_are_no_secret_and_paths_are_not_chance() -> None:
    assert not any(map(looks_secret, (b"expired", b"invalid", b"", b"WDJB-MJHT", b"missing")))
    assert all(map(looks_secret, (b"abc12345", b"someThing", b"x" * 20)))
    assert not is_random(b"someLongDirectory/anotherLongDirectory12")
