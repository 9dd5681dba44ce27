import random
import re
from base64 import b64decode, b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.engine.model import RoleSession
from oidc_sim.wire.credentials import (
    is_issued_here,
    read_session_token,
    role_credentials,
    secret_access_key,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ROLE = RoleSession(
    session_id="BCDF-GHJK",
    account_id="111122223333",
    role_name="AdministratorAccess",
    user_name="sim-user",
    expires_at=1767552707,
)
GIVEN = role_credentials(random.Random(1), KEY, ROLE)


def test_they_have_awss_shapes_and_lengths() -> None:
    assert re.fullmatch("ASIA[A-Z2-7]{16}", GIVEN.access_key_id)
    assert re.fullmatch("[A-Za-z0-9+/]{40}", GIVEN.secret_access_key)
    assert re.fullmatch("IQoJb3JpZ2lu[A-Za-z0-9+/]+=*", GIVEN.session_token)
    assert b64decode(GIVEN.session_token, validate=True).startswith(b"!\n\torigin_ec")


def test_the_secret_parts_say_that_they_are_simulated_at_a_fixed_place() -> None:
    assert GIVEN.secret_access_key[4:13] == "SIMULATED"
    assert GIVEN.session_token[16:25] == "SIMULATED"


def test_the_token_tells_for_whom_and_until_when() -> None:
    read = read_session_token(KEY, GIVEN.session_token)
    assert read == (GIVEN.access_key_id, ROLE)


def test_the_secret_follows_from_key_and_access_key_and_from_nothing_else() -> None:
    assert secret_access_key(KEY, GIVEN.access_key_id) == GIVEN.secret_access_key
    other = role_credentials(random.Random(2), KEY, ROLE)
    assert secret_access_key(KEY, other.access_key_id) != GIVEN.secret_access_key
    assert secret_access_key(OTHER_KEY, GIVEN.access_key_id) != GIVEN.secret_access_key


def test_two_roles_never_get_the_same() -> None:
    rng = random.Random(1)
    made = [role_credentials(rng, KEY, ROLE) for _ in range(1000)]
    for part in ("access_key_id", "secret_access_key", "session_token"):
        assert len({getattr(it, part) for it in made}) == 1000


def test_an_access_key_is_known_by_the_key_that_made_it() -> None:
    assert is_issued_here(KEY, GIVEN.access_key_id)
    assert not is_issued_here(OTHER_KEY, GIVEN.access_key_id)
    assert not is_issued_here(KEY, "ASIAIOSFODNN7EXAMPLE")
    assert not is_issued_here(KEY, "AKIA" + GIVEN.access_key_id[4:])


def test_another_key_reads_no_token() -> None:
    assert read_session_token(OTHER_KEY, GIVEN.session_token) is None


def test_no_part_of_a_token_can_be_changed() -> None:
    raw = b64decode(GIVEN.session_token)
    for at in range(21, len(raw)):  # from the end of the mark on
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        text = GIVEN.session_token[:28] + b64encode(changed[21:]).decode()
        assert read_session_token(KEY, text) is None


@given(st.text() | st.text().map(lambda text: GIVEN.session_token[:28] + text))
def test_no_text_makes_the_readers_raise(text: str) -> None:
    assert read_session_token(KEY, text) is None
    assert not is_issued_here(KEY, text)
    assert secret_access_key(KEY, "ASIA" + text.encode("ascii", "ignore").decode())


@pytest.mark.parametrize("name", ["x", "a" * 64, "A+b=c,d.e@f-_"])
def test_any_role_and_user_of_iams_characters_survives(name: str) -> None:
    role = replace(ROLE, role_name=name, user_name=name)
    given = role_credentials(random.Random(1), KEY, role)
    read = read_session_token(KEY, given.session_token)
    assert read is not None
    assert read.role == role
