"""Sessions and their tokens: begun by an exchange, prolonged by a refresh (RFC 6749 §5 and §6), and used.

An access token is good for looking accounts up, taking roles and signing out.
"""

import math

from oidc_sim.engine.commands import Refresh, SignOut, TakeRole, UseToken
from oidc_sim.engine.directory import Session
from oidc_sim.engine.events import (
    CredentialsIssued,
    Event,
    SessionEnd,
    SessionEnded,
    SessionForgotten,
    TokenIssued,
    TokenRefreshed,
)
from oidc_sim.engine.model import (
    Client,
    Device,
    Ids,
    Now,
    RefreshRotation,
    RoleSession,
    State,
    digest,
)
from oidc_sim.engine.registration import authenticate
from oidc_sim.engine.replies import Bearer, Done, Reason, Refused, RoleTaken, Tokens


def begin_session(
    state: State, device: Device, client: Client, now: Now, ids: Ids
) -> tuple[list[Event], Tokens]:
    """Exchange a code: with scopes 1 h and a refresh token, else a whole session (wire.md#30, wire.md#34, wire.md#35)."""
    policy = state.policy
    session_ends = now.at + policy.session_lifetime_s
    life_s = policy.session_lifetime_s
    refresh_token = None
    if client.is_refreshable:
        life_s = min(policy.token_lifetime_s, life_s)
        refresh_token = ids.refresh_token(session_ends)
    access_token = ids.access_token(now.at + life_s)
    issued = TokenIssued(
        at=now.at,
        user_code=device.user_code,
        client_id=client.client_id,
        user_id=state.directory.users[0].user_id,
        scopes=device.scopes,
        access_digest=digest(access_token),
        refresh_digest=digest(refresh_token) if refresh_token else None,
        expires_at=now.at + life_s,
        session_expires_at=session_ends,
    )
    tokens = Tokens(
        user_code=device.user_code,
        client_id=client.client_id,
        access_token=access_token,
        refresh_token=refresh_token,
        lifetime_s=life_s,
    )
    return [*make_room(state, now), issued], tokens


def refresh(
    state: State, command: Refresh, now: Now, ids: Ids
) -> tuple[list[Event], Tokens | Refused]:
    """Answer a refresh; the token is looked at before the client is (wire.md#38)."""
    session = session_of_refresh_token(state, command.refresh_token, now)
    if session is None:
        return [], Refused(Reason.INVALID_GRANT)
    client = authenticate(state, command.client_id, command.client_secret)
    if client is None or client.is_expired(now.at):
        return [], Refused(Reason.INVALID_CLIENT, session.session_id)
    if client.client_id != session.client_id:  # wire.md#40
        return [], Refused(Reason.INVALID_REQUEST, session.session_id, client.client_id)
    if digest(command.refresh_token) != session.refresh_digest:
        replayed = end_session(session, SessionEnd.REFRESH_REPLAYED, now)
        return [replayed], Refused(Reason.INVALID_GRANT, session.session_id, client.client_id)
    return prolong(state, session, command.refresh_token, now, ids)


def prolong(
    state: State, session: Session, refresh_token: str, now: Now, ids: Ids
) -> tuple[list[Event], Tokens]:
    """Give a session a further access token; the refresh token is always in the answer (wire.md#60)."""
    policy = state.policy
    if policy.refresh_rotation is RefreshRotation.ROTATE:
        refresh_token = ids.refresh_token(session.expires_at)
    expires_at = min(now.at + policy.token_lifetime_s, session.expires_at)
    access_token = ids.access_token(expires_at)
    refreshed = TokenRefreshed(
        at=now.at,
        session_id=session.session_id,
        access_digest=digest(access_token),
        refresh_digest=digest(refresh_token),
        expires_at=expires_at,
    )
    tokens = Tokens(
        user_code=session.session_id,
        client_id=session.client_id,
        access_token=access_token,
        refresh_token=refresh_token,
        lifetime_s=max(1, round(expires_at - now.at)),
    )
    return [refreshed], tokens


def end_session(session: Session, why: SessionEnd, now: Now) -> SessionEnded:
    """End a session before its time."""
    return SessionEnded(at=now.at, session_id=session.session_id, why=why)


def live_session(state: State, access_token: str, now: Now) -> Session | None:
    """The session that this access token is good for now."""
    token_digest = digest(access_token)
    session = _session_of(state.access_tokens.get(token_digest), state)
    return session if session and session.accepts(token_digest, now.at) else None


def session_of_refresh_token(state: State, refresh_token: str, now: Now) -> Session | None:
    """The session that this refresh token, be it a rotated one, belongs to, while it lasts."""
    session = _session_of(state.refresh_tokens.get(digest(refresh_token)), state)
    return session if session and not session.is_over(now.at) else None


def make_room(state: State, now: Now) -> list[Event]:
    """Forget a session, one that is over if there is one, for a new one (T-46)."""
    if len(state.sessions) < state.policy.max_sessions:
        return []
    first = state.sessions[state.session_order.first()]
    forgotten = SessionForgotten(at=now.at, session_id=first.session_id)
    if first.is_over(now.at):
        return [forgotten]
    return [end_session(first, SessionEnd.NO_ROOM, now), forgotten]


def _session_of(session_id: str | None, state: State) -> Session | None:
    return state.sessions.get(session_id) if session_id else None


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
