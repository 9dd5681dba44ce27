"""Exchanges by IAM applications, which no registration knows: the directory lists their ARNs."""

import re
from collections.abc import Callable

from oidc_sim.engine.browser import APPLICATION_SCOPES, check_code
from oidc_sim.engine.commands import ExchangeAtApplication, RedeemCode
from oidc_sim.engine.directory import Session
from oidc_sim.engine.events import AssertionSpent, Event, SessionEnd, TokenIssued
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
    Ids,
    Now,
    State,
    digest,
)
from oidc_sim.engine.polling import free_user_code
from oidc_sim.engine.replies import ApplicationTokens, Reason, Refused, Tokens
from oidc_sim.engine.tokens import (
    end_session,
    live_session,
    make_room,
    prolong,
    session_of_refresh_token,
)

_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")

Outcome = tuple[list[Event], Tokens | Refused]


def exchange_at_application(
    state: State, command: ExchangeAtApplication, now: Now, ids: Ids
) -> tuple[list[Event], ApplicationTokens | Refused]:
    """Answer one of the four grants of CreateTokenWithIAM (wire.md#81)."""
    if command.application not in state.directory.applications:
        return [], Refused(Reason.INVALID_CLIENT)
    exchange = _EXCHANGES.get(command.grant_type)
    if exchange is None:
        return [], Refused(Reason.UNSUPPORTED_GRANT_TYPE, client_id=command.application)
    events, reply = exchange(state, command, now, ids)
    if isinstance(reply, Refused):
        return events, reply
    return events, ApplicationTokens(
        tokens=reply,
        grant_type=command.grant_type,
        user=state.directory.users[0],
        scopes=APPLICATION_SCOPES,
        issued_at=now.at,
    )


def _by_code(state: State, command: ExchangeAtApplication, now: Now, ids: Ids) -> Outcome:
    proof = RedeemCode(
        code=command.code or "",
        redirect_uri=command.redirect_uri,
        code_verifier=command.code_verifier,
        client_id=command.application,
        client_secret="",
    )
    events, verdict = check_code(state, proof, command.application, now)
    if isinstance(verdict, Refused):
        return events, verdict
    return _begin(state, command, now, ids, user_code=verdict.user_code)


def _by_refresh(state: State, command: ExchangeAtApplication, now: Now, ids: Ids) -> Outcome:
    refresh_token = command.refresh_token or ""
    session = session_of_refresh_token(state, refresh_token, now)
    if session is None:
        return [], Refused(Reason.INVALID_GRANT)
    if session.client_id != command.application:
        return [], Refused(Reason.INVALID_REQUEST, session.session_id, command.application)
    if digest(refresh_token) != session.refresh_digest:
        ended = end_session(session, SessionEnd.REFRESH_REPLAYED, now)
        return [ended], _no(session, command)
    return prolong(state, session, refresh_token, now, ids)


def _by_assertion(state: State, command: ExchangeAtApplication, now: Now, ids: Ids) -> Outcome:
    """Take a JWT whose issuer nobody here can check, once (wire.md#86)."""
    assertion = command.assertion or ""
    if not _JWT.fullmatch(assertion) or digest(assertion) in state.assertions:
        return [], Refused(Reason.INVALID_GRANT, client_id=command.application)
    spent = AssertionSpent(at=now.at, assertion_digest=digest(assertion))
    events, tokens = _begin(state, command, now, ids)
    return [spent, *events], tokens


def _by_subject_token(state: State, command: ExchangeAtApplication, now: Now, ids: Ids) -> Outcome:
    if live_session(state, command.subject_token or "", now) is None:
        return [], Refused(Reason.INVALID_GRANT, client_id=command.application)
    return _begin(state, command, now, ids, is_refreshable=False)


def _begin(
    state: State,
    command: ExchangeAtApplication,
    now: Now,
    ids: Ids,
    *,
    user_code: str | None = None,
    is_refreshable: bool = True,
) -> tuple[list[Event], Tokens]:
    policy = state.policy
    session_ends = now.at + policy.session_lifetime_s
    life_s = min(policy.token_lifetime_s, policy.session_lifetime_s)
    access_token = ids.access_token(now.at + life_s)
    refresh_token = ids.refresh_token(session_ends) if is_refreshable else None
    issued = TokenIssued(
        at=now.at,
        user_code=user_code or free_user_code(state, ids),
        client_id=command.application,
        user_id=state.directory.users[0].user_id,
        scopes=APPLICATION_SCOPES,
        access_digest=digest(access_token),
        refresh_digest=digest(refresh_token) if refresh_token else None,
        expires_at=now.at + life_s,
        session_expires_at=session_ends,
    )
    tokens = Tokens(
        user_code=issued.user_code,
        client_id=command.application,
        access_token=access_token,
        refresh_token=refresh_token,
        lifetime_s=life_s,
    )
    return [*make_room(state, now), issued], tokens


def _no(session: Session, command: ExchangeAtApplication) -> Refused:
    return Refused(Reason.INVALID_GRANT, session.session_id, command.application)


_EXCHANGES: dict[str, Callable[[State, ExchangeAtApplication, Now, Ids], Outcome]] = {
    AUTHORIZATION_CODE_GRANT: _by_code,
    REFRESH_TOKEN_GRANT: _by_refresh,
    JWT_BEARER_GRANT: _by_assertion,
    TOKEN_EXCHANGE_GRANT: _by_subject_token,
}
