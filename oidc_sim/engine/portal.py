"""What an access token is good for: looking accounts up, taking roles, signing out."""

import math

from oidc_sim.engine.commands import SignOut, TakeRole, UseToken
from oidc_sim.engine.events import CredentialsIssued, Event, SessionEnd
from oidc_sim.engine.model import Ids, Now, RoleSession, State
from oidc_sim.engine.replies import Bearer, Done, Reason, Refused, RoleTaken
from oidc_sim.engine.session import Session
from oidc_sim.engine.tokens import end_session, live_session

PORTAL_SCOPE = "sso:account:access"
LEGACY_PORTAL_SCOPE = "sso-portal:"
"""Either opens the portal; so does a registration without scopes (wire.md#88)."""


def use_token(
    state: State, command: UseToken, now: Now, _ids: Ids
) -> tuple[list[Event], Bearer | Refused]:
    """Whose token this is, if it opens the portal."""
    return [], _bearer(state, command.access_token, now)


def _bearer(state: State, access_token: str, now: Now) -> Bearer | Refused:
    session = live_session(state, access_token, now)
    if session is None:
        return Refused(Reason.INVALID_TOKEN)
    if not _opens_portal(session):
        return Refused(Reason.FORBIDDEN, session.session_id, session.client_id)
    return Bearer(session)


def take_role(
    state: State, command: TakeRole, now: Now, ids: Ids
) -> tuple[list[Event], RoleTaken | Refused]:
    """Issue credentials for a role that the user has (wire.md#64, wire.md#71)."""
    bearer = _bearer(state, command.access_token, now)
    if isinstance(bearer, Refused):
        return [], bearer
    session = bearer.session
    if not state.directory.has_role(command.account_id, command.role_name):
        return [], Refused(Reason.FORBIDDEN, session.session_id, session.client_id)
    role = RoleSession(
        session_id=session.session_id,
        account_id=command.account_id,
        role_name=command.role_name,
        user_name=state.directory.users[0].name,
        expires_at=math.floor(now.at + state.policy.credentials_lifetime_s),
    )
    credentials = ids.credentials(role)
    issued = CredentialsIssued(
        at=now.at,
        session_id=session.session_id,
        account_id=role.account_id,
        role_name=role.role_name,
        access_key_id=credentials.access_key_id,
        expires_at=role.expires_at,
    )
    return [issued], RoleTaken(session=session, role=role, credentials=credentials)


def sign_out(
    state: State, command: SignOut, now: Now, _ids: Ids
) -> tuple[list[Event], Done | Refused]:
    """End the session; role credentials live on (wire.md#70)."""
    session = live_session(state, command.access_token, now)
    if session is None:
        return [], Refused(Reason.INVALID_TOKEN)
    return [end_session(session, SessionEnd.SIGNED_OUT, now)], Done()


def _opens_portal(session: Session) -> bool:
    scopes = session.scopes
    return not scopes or any(
        scope == PORTAL_SCOPE or scope.startswith(LEGACY_PORTAL_SCOPE) for scope in scopes
    )
