"""Changes of sessions and their tokens by events."""

from collections.abc import Callable
from typing import Any

from oidc_sim.engine import events as e
from oidc_sim.engine.directory import CREDENTIALS_KEPT, IssuedCredentials, Session
from oidc_sim.engine.eviction import ENDED, LIVE, USED
from oidc_sim.engine.model import Client, State

MAX_TOKENS = 100
"""Access tokens of one session that are good at once; the oldest goes for a new one."""
MAX_ASSERTIONS = 10_000


def begin_session(state: State, event: e.TokenIssued) -> None:
    """Begin a session with its first token."""
    session = Session(
        session_id=event.user_code,
        client_id=event.client_id,
        scopes=event.scopes,
        user_id=event.user_id,
        started_at=event.at,
        expires_at=event.session_expires_at,
    )
    forget_tokens(state, session.session_id)
    state.sessions[session.session_id] = session
    _add_access_token(state, session, event.access_digest, event.expires_at)
    _set_refresh_token(state, session, event.refresh_digest)
    _use(state, session, event.at)


def _refresh(state: State, event: e.TokenRefreshed) -> None:
    session = state.sessions.get(event.session_id)
    if session is None:
        return
    session.refreshes += 1
    session.refreshed_at = event.at
    for digest in [key for key, ends in session.tokens.items() if ends <= event.at]:
        _drop_access_token(state, session, digest)
    _add_access_token(state, session, event.access_digest, event.expires_at)
    _set_refresh_token(state, session, event.refresh_digest)
    _use(state, session, event.at)


def _end(state: State, event: e.SessionEnded) -> None:
    if session := state.sessions.get(event.session_id):
        session.ended_at = event.at
        state.session_order.place(event.session_id, ENDED)


def _forget(state: State, event: e.SessionForgotten) -> None:
    forget_tokens(state, event.session_id)
    state.sessions.pop(event.session_id, None)
    state.session_order.remove(event.session_id)


def forget_tokens(state: State, session_id: str) -> None:
    """Let nothing lead to a session that goes, or comes once more: a journal may have one twice."""
    session = state.sessions.get(session_id)
    if session is None:
        return
    for digest in session.tokens:
        state.access_tokens.pop(digest, None)
    for digest in session.refresh_digests:
        state.refresh_tokens.pop(digest, None)


def _take_role(state: State, event: e.CredentialsIssued) -> None:
    session = state.sessions.get(event.session_id)
    if session is None:
        return
    session.credentials.append(
        IssuedCredentials(
            at=event.at,
            account_id=event.account_id,
            role_name=event.role_name,
            access_key_id=event.access_key_id,
            expires_at=event.expires_at,
        )
    )
    del session.credentials[:-CREDENTIALS_KEPT]
    _use(state, session, event.at)


def _spend_assertion(state: State, event: e.AssertionSpent) -> None:
    state.assertions[event.assertion_digest] = event.at
    if len(state.assertions) > MAX_ASSERTIONS:
        del state.assertions[next(iter(state.assertions))]


def see_client(state: State, client_id: str, at: float) -> Client | None:
    """Note that a client was heard of; returns it, if it is known."""
    client = state.clients.get(client_id)
    if client is not None:
        client.last_seen_at = at
        state.client_order.place(client_id, USED)
    return client


def _use(state: State, session: Session, at: float) -> None:
    state.session_order.place(session.session_id, LIVE)
    see_client(state, session.client_id, at)


def _add_access_token(state: State, session: Session, digest: str, expires_at: float) -> None:
    if len(session.tokens) >= MAX_TOKENS:
        _drop_access_token(state, session, next(iter(session.tokens)))
    session.tokens[digest] = expires_at
    state.access_tokens[digest] = session.session_id


def _drop_access_token(state: State, session: Session, digest: str) -> None:
    del session.tokens[digest]
    state.access_tokens.pop(digest, None)


def _set_refresh_token(state: State, session: Session, digest: str | None) -> None:
    """Add a refresh token; rotated ones stay known up to a bound, so that a replay is noticed."""
    if digest is None or digest == session.refresh_digest:
        return
    session.refresh_digests.append(digest)
    state.refresh_tokens[digest] = session.session_id
    if len(session.refresh_digests) > MAX_TOKENS:
        state.refresh_tokens.pop(session.refresh_digests.pop(0), None)


SESSION_CHANGES: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.TokenRefreshed: _refresh,
    e.SessionEnded: _end,
    e.SessionForgotten: _forget,
    e.CredentialsIssued: _take_role,
    e.AssertionSpent: _spend_assertion,
}
