import pytest

from oidc_sim.engine.commands import AuthorizeDevice
from oidc_sim.engine.events import DeviceAuthorized, DeviceForgotten
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    REFRESH_TOKEN_GRANT,
    DeviceState,
    Policy,
    digest,
)
from oidc_sim.engine.replies import Authorized
from tests.engine.world import START, CountingIds, World, said


def ask(world: World, client_id: str, client_secret: str) -> str:
    reply = world.do(AuthorizeDevice(client_id=client_id, client_secret=client_secret))
    return "authorized" if isinstance(reply, Authorized) else said(reply)


def test_a_device_code_lives_ten_minutes_and_is_to_be_polled_each_second(world: World) -> None:
    ours = world.register("sso:account:access")
    reply = world.do(
        AuthorizeDevice(client_id=ours.client.client_id, client_secret=ours.client_secret)
    )
    assert isinstance(reply, Authorized)
    assert reply.lifetime_s == 600
    assert reply.device.interval_s == 1
    assert reply.device.expires_at == START.at + 600
    assert reply.device.scopes == ("sso:account:access",)


def test_a_new_device_is_pending_and_knows_its_client(world: World) -> None:
    pc = world.sign_in()
    assert pc.state is DeviceState.PENDING
    assert pc.device.client_id == pc.client_id
    assert pc.device.client_name == "pc"
    assert pc.device.polls == 0


def test_of_the_device_code_only_its_digest_is_kept(world: World) -> None:
    pc = world.sign_in()
    assert pc.device.code_digest == digest(pc.device_code)
    assert pc.device_code not in repr(world.state)


def test_the_policy_sets_interval_and_lifetime() -> None:
    pc = World(policy=Policy(interval_s=15, lifetime_s=60)).sign_in()
    assert pc.device.interval_s == 15
    assert pc.device.expires_at == START.at + 60


def test_a_client_is_seen_and_its_devices_are_counted(world: World) -> None:
    ours = world.register()
    world.wait(10)
    world.authorize(ours)
    pc = world.authorize(ours)
    client = world.state.clients[pc.client_id]
    assert client.devices == 2
    assert client.last_seen_at == START.at + 10


def test_an_expired_registration_still_gets_a_device_code(world: World) -> None:
    ours = world.register()
    world.wait(91 * 86400)
    assert ask(world, ours.client.client_id, ours.client_secret) == "authorized"


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_wrong_secret_gets_no_device_code(world: World, secret: str) -> None:
    ours = world.register()
    assert ask(world, ours.client.client_id, secret) == "invalid_client"
    assert world.state.devices == {}


def test_an_unknown_client_gets_no_device_code(world: World) -> None:
    assert ask(world, "client-9999", "") == "invalid_client"


@pytest.mark.parametrize(
    ("grant_types", "answer"),
    [
        ((), "authorized"),
        ((DEVICE_CODE_GRANT,), "authorized"),
        ((DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT), "authorized"),
        ((REFRESH_TOKEN_GRANT,), "unauthorized_client"),
    ],
)
def test_only_a_client_of_the_device_grant_gets_a_device_code(
    world: World, grant_types: tuple[str, ...], answer: str
) -> None:
    ours = world.register(grant_types=grant_types)
    assert ask(world, ours.client.client_id, ours.client_secret) == answer


def test_a_client_of_the_code_grant_is_unauthorized(world: World) -> None:
    ours = world.register(
        "sso:account:access",
        grant_types=(AUTHORIZATION_CODE_GRANT,),
        redirect_uris=("http://127.0.0.1/oauth/callback",),
    )
    assert ask(world, ours.client.client_id, ours.client_secret) == "unauthorized_client"
    assert world.state.devices == {}


@pytest.mark.parametrize(
    ("secret", "grant_types", "answer"),
    [
        (None, (), "invalid_request"),
        ("wrong", (), "invalid_client"),
        (None, (REFRESH_TOKEN_GRANT,), "unauthorized_client"),
    ],
)
def test_a_bad_issuer_is_told_after_a_bad_client(
    world: World, secret: str | None, grant_types: tuple[str, ...], answer: str
) -> None:
    ours = world.register(grant_types=grant_types)
    command = AuthorizeDevice(
        client_id=ours.client.client_id,
        client_secret=secret or ours.client_secret,
        names_valid_issuer=False,
    )
    assert said(world.do(command)) == answer
    assert world.state.devices == {}


class SameUserCodeAtFirst(CountingIds):
    """Draws each user code three times, as chance might."""

    def user_code(self) -> str:
        self.counts["draws"] += 1
        return f"USER-{self.counts['draws'] // 3}"


def test_a_user_code_in_use_is_never_given_again() -> None:
    world = World(ids=SameUserCodeAtFirst())
    user_codes = [world.sign_in().user_code for _ in range(4)]
    assert len(set(user_codes)) == 4


def test_at_the_cap_the_oldest_device_is_forgotten() -> None:
    world = World(policy=Policy(max_devices=3))
    signs = [world.sign_in() for _ in range(5)]
    assert list(world.state.devices) == [s.user_code for s in signs[-3:]]
    assert len(world.state.user_codes) == 3
    assert signs[0].poll() == "invalid_grant"


def test_the_oldest_is_forgotten_before_the_new_one_is_told_of() -> None:
    world = World(policy=Policy(max_devices=1))
    ours = world.register()
    world.authorize(ours)
    heard = len(world.events)
    world.authorize(ours)
    kinds = [type(event) for event in world.events[heard:]]
    assert kinds == [DeviceForgotten, DeviceAuthorized]
