"""What the engine replies, for answers to be made of."""

from oidc_sim.engine.directory import Session
from oidc_sim.engine.events import ClientRegistered, DeviceAuthorized
from oidc_sim.engine.model import Credentials, RoleSession
from oidc_sim.engine.replies import Authorized, Registered, RoleTaken, Tokens

T6_ISSUED_AT = 1767552707
"""The instant of T6's registration."""
REGISTRATION_LIFE_S = 7776000


def registered(
    name: str = "botocore-client-1610640854",
    issued_at: float = T6_ISSUED_AT,
    client_secret: str = "eyJ.SIMULATED",
) -> Registered:
    event = ClientRegistered(
        at=issued_at,
        client_id="AAAAAAAAAAAAAAAAAAAAAHVzLWVhc3QtMQ",
        secret_digest="",
        name=name,
        scopes=(),
        grant_types=(),
        redirect_uris=(),
        expires_at=issued_at + REGISTRATION_LIFE_S,
    )
    return Registered(client=event.client(), client_secret=client_secret)


def authorized(user_code: str = "BCDF-GHJK", interval_s: int = 1) -> Authorized:
    event = DeviceAuthorized(
        at=T6_ISSUED_AT,
        user_code=user_code,
        code_digest="",
        client_id="client",
        client_name="name",
        scopes=(),
        expires_at=T6_ISSUED_AT + 600,
        interval_s=interval_s,
    )
    code = "SIMULATED" + "x" * 77
    return Authorized(device=event.device(), device_code=code, lifetime_s=600)


def tokens(refresh_token: str | None = "aorSIMULATED", lifetime_s: int = 3600) -> Tokens:
    return Tokens(
        user_code="BCDF-GHJK",
        client_id="client",
        access_token="aoaSIMULATED",
        refresh_token=refresh_token,
        lifetime_s=lifetime_s,
    )


def role_taken(expires_at: float = 1665736069.0) -> RoleTaken:
    return RoleTaken(
        session=Session(
            session_id="BCDF-GHJK",
            client_id="client",
            scopes=(),
            user_id="user",
            started_at=0,
            expires_at=1,
        ),
        role=RoleSession(
            session_id="BCDF-GHJK",
            account_id="111122223333",
            role_name="Admin",
            user_name="user",
            expires_at=expires_at,
        ),
        credentials=Credentials(
            access_key_id="ASIA", secret_access_key="secret", session_token="token"
        ),
    )
