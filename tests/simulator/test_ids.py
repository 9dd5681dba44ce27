import uuid

import pytest

from oidc_sim.engine.model import Now, RoleSession
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.wire.credentials import read_session_token

ROLE = RoleSession(
    session_id="BCDF-GHJK",
    account_id="111122223333",
    role_name="Admin",
    user_name="user",
    expires_at=1767556307,
)


def everything(ids: RandomIds) -> list[str]:
    now = Now(at=1767552707.0, tick=1.0)
    client = ids.client_id()
    credentials = ids.credentials(ROLE)
    return [
        client,
        ids.client_secret(client, "name", ("sso:account:access",), now, now.at + 7776000),
        ids.device_code(),
        ids.user_code(),
        ids.access_token(now.at),
        ids.refresh_token(now.at),
        ids.authorization_code(),
        credentials.access_key_id,
        credentials.secret_access_key,
        credentials.session_token,
    ]


def test_a_seed_gives_the_same_ids_each_time() -> None:
    assert everything(RandomIds.seeded(1, "us-east-1")) == everything(
        RandomIds.seeded(1, "us-east-1")
    )


@pytest.mark.parametrize("other", [2, -1])
def test_another_seed_gives_others(other: int) -> None:
    ours = everything(RandomIds.seeded(1, "us-east-1"))
    assert not set(ours) & set(everything(RandomIds.seeded(other, "us-east-1")))


def test_codes_do_not_depend_on_how_many_requests_were_answered() -> None:
    quiet, busy = RandomIds.seeded(1, "us-east-1"), RandomIds.seeded(1, "us-east-1")
    for _ in range(10):
        busy.request_id()
    assert everything(quiet) == everything(busy)


def test_without_a_seed_nothing_repeats() -> None:
    ids = RandomIds.from_secrets("us-east-1")
    assert not set(everything(ids)) & set(everything(ids))


def test_ten_thousand_codes_without_a_seed_are_ten_thousand() -> None:
    ids = RandomIds.from_secrets("us-east-1")
    assert len({ids.device_code() for _ in range(10_000)}) == 10_000


def test_a_request_id_is_shaped_like_a_uuid_of_version_4() -> None:
    ids = RandomIds.seeded(1, "us-east-1")
    for text in {ids.request_id() for _ in range(1000)}:
        read = uuid.UUID(text)
        assert str(read) == text
        assert (read.version, read.variant) == (4, uuid.RFC_4122)


def test_the_signing_key_of_a_seed_is_its_own_and_always_the_same() -> None:
    keys = [RandomIds.seeded(seed, "us-east-1").signing_key for seed in (1, 1, 2)]
    assert keys[0] == keys[1] != keys[2]
    assert {len(key) for key in keys} == {32}


def test_without_a_seed_each_process_has_a_signing_key_of_its_own() -> None:
    first, second = (RandomIds.from_secrets("us-east-1").signing_key for _ in range(2))
    assert first != second
    assert len(first) == 32


def test_credentials_outlive_a_restart_with_the_same_signing_key() -> None:
    key = bytes(range(32))
    credentials = RandomIds.from_secrets("us-east-1", key).credentials(ROLE)
    later = RandomIds.from_secrets("eu-west-1", key)
    assert later.signing_key == key
    read = read_session_token(later.signing_key, credentials.session_token)
    assert read == (credentials.access_key_id, ROLE)
    assert RandomIds.seeded(1, "us-east-1", key).signing_key == key
