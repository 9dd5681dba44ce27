"""The authorization code grant for a client on this machine (RFC 6749 §4.1, RFC 7636, RFC 8252)."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

from oidc_sim.engine.commands import (
    FinishBrowserSignIn,
    NoteBrowser,
    RedeemCode,
    StartBrowserSignIn,
)
from oidc_sim.engine.events import (
    BrowserCameBack,
    BrowserLeft,
    BrowserTurnedAway,
    CodeIssued,
    CodeRevoked,
    DeviceAuthorized,
    Event,
    SessionEnd,
)
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    REFRESH_TOKEN_GRANT,
    BrowserRequest,
    Client,
    Device,
    DeviceState,
    Ids,
    Now,
    State,
    digest,
)
from oidc_sim.engine.polling import due_approval, free_user_code, make_room
from oidc_sim.engine.registration import authenticate
from oidc_sim.engine.replies import (
    Done,
    Reason,
    Refused,
    SendBack,
    SignInStarted,
    StillWaiting,
    Tokens,
)
from oidc_sim.engine.tokens import begin_session, end_session

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
"""S256's only form (RFC 7636 §4.2; wire.md#52)."""
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
"""RFC 7636 §4.1."""
_LOOPBACK = re.compile(r"http://127\.0\.0\.1(:(?P<port>[0-9]{1,5}))?/[A-Za-z0-9/_-]*")
MAX_PORT = 65535
APPLICATION_SCOPES = ("openid", "aws", "sts:identity_context")
"""What an IAM application's tokens carry (wire.md#81)."""
MAX_STATE = 2048


def start_sign_in(
    state: State, command: StartBrowserSignIn, now: Now, ids: Ids
) -> tuple[list[Event], SignInStarted | Refused]:
    """Let a browser sign-in begin, or say what is wrong.

    Until client and redirect are known to belong together, the refusal has no ``redirect_uri``: it
    must be shown, not sent (RFC 6749 §4.1.2.1; T-15).
    """
    client = find_client(state, command.client_id, now)
    if client is None:
        return [], Refused(Reason.INVALID_CLIENT)
    if not client.may_use(AUTHORIZATION_CODE_GRANT):
        return [], Refused(Reason.UNAUTHORIZED_CLIENT, client_id=client.client_id)
    if not _is_registered(command.redirect_uri, client):
        return [], Refused(Reason.INVALID_REDIRECT_URI, client_id=client.client_id)
    reason = _objection(command, client)
    if reason is not None:
        return [], Refused(reason, client_id=client.client_id, redirect_uri=command.redirect_uri)
    if (begun := _begun_before(state, command, client, now)) is not None:
        return [], SignInStarted(device=begun)
    started = _started(state, command, client, now, ids)
    return [*make_room(state, now), started], SignInStarted(device=started.device())


def finish_sign_in(
    state: State, command: FinishBrowserSignIn, now: Now, ids: Ids
) -> tuple[list[Event], SendBack | StillWaiting | Refused]:
    """Send the browser back with a code or an error, or nowhere yet."""
    device = state.devices.get(command.user_code)
    if device is None or device.browser is None:
        return [], Refused(Reason.INVALID_REQUEST)
    if device.is_sent_back:
        return [], Refused(Reason.INVALID_REQUEST, device.user_code)
    approval = due_approval(state, device, now)
    stands = DeviceState.APPROVED if approval else device.state(now.at)
    if stands is DeviceState.PENDING:
        return [], StillWaiting(device)
    if stands is not DeviceState.APPROVED:
        return _turn_away(device, now)
    events, reply = _send_back(state, device, now, ids)
    return [*([approval] if approval else []), *events], reply


def _turn_away(device: Device, now: Now) -> tuple[list[Event], SendBack]:
    """Deny a sign-in that nobody decided in time, too: RFC 6749 §4.1.2.1 has no other word for it."""
    error = Reason.ACCESS_DENIED.value
    turned_away = BrowserTurnedAway(at=now.at, user_code=device.user_code, error=error)
    return [turned_away], SendBack(device=device, error=error)


def _send_back(state: State, device: Device, now: Now, ids: Ids) -> tuple[list[Event], SendBack]:
    code = ids.authorization_code()
    issued = CodeIssued(
        at=now.at,
        user_code=device.user_code,
        code_digest=digest(code),
        expires_at=now.at + state.policy.code_lifetime_s,
    )
    return [issued], SendBack(device=device, code=code)


def note_browser(
    state: State, command: NoteBrowser, now: Now, _ids: Ids
) -> tuple[list[Event], Done]:
    """Note that a browser left or came back; nothing where that is known, or it was sent back."""
    device = state.devices.get(command.user_code)
    if device is None or device.browser is None or device.is_sent_back:
        return [], Done()
    if command.is_there is (device.browser_left_at is None):
        return [], Done()
    if command.is_there:
        return [BrowserCameBack(at=now.at, user_code=device.user_code)], Done()
    at = max(device.issued_at, now.at - command.ago_s)
    return [BrowserLeft(at=at, user_code=device.user_code)], Done()


def redeem_code(
    state: State, command: RedeemCode, now: Now, ids: Ids
) -> tuple[list[Event], Tokens | Refused]:
    """Exchange an authorization code, once (RFC 6749 §4.1.3)."""
    device = _find_by_code(state, command.code)
    if device is None:
        return [], Refused(Reason.INVALID_GRANT)
    client = authenticate(state, command.client_id, command.client_secret)
    if client is None or client.is_expired(now.at):
        return [], Refused(Reason.INVALID_CLIENT, device.user_code)
    events, verdict = check_code(state, command, client.client_id, now)
    if isinstance(verdict, Refused):
        return events, verdict
    return begin_session(state, verdict, client, now, ids)


def check_code(
    state: State, command: RedeemCode, client_id: str, now: Now
) -> tuple[list[Event], Device | Refused]:
    """The sign-in that this code and its proof stand for; else why not, and what that leads to."""
    device = _find_by_code(state, command.code)
    if device is None or device.browser is None:
        return [], Refused(Reason.INVALID_GRANT)
    no = Refused(Reason.INVALID_GRANT, device.user_code, client_id)
    if client_id != device.client_id:
        return [], no
    stands = device.state(now.at)
    if stands is DeviceState.COLLECTED:
        return _punish_replay(state, device, now), no
    if stands is not DeviceState.APPROVED:
        return [], no
    if not _proves(command, device.browser):
        return [CodeRevoked(at=now.at, user_code=device.user_code)], no
    return [], device


def find_client(state: State, client_id: str, now: Now) -> Client | None:
    """A registered client in its time, or an application of the directory, whose redirects nobody registered."""
    if client_id in state.directory.applications:
        return Client(
            client_id=client_id,
            secret_digest="",
            name=client_id.rpartition("/")[2],
            scopes=APPLICATION_SCOPES,
            grant_types=(AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT),
            redirect_uris=("http://127.0.0.1/oauth/callback",),
            issued_at=now.at,
            expires_at=now.at + 1,
            last_seen_at=now.at,
        )
    client = state.clients.get(client_id)
    return client if client and not client.is_expired(now.at) else None


def _is_registered(redirect_uri: str, client: Client) -> bool:
    """Exact match but for the port of a loopback address (RFC 8252 §7.3; wire.md#49, wire.md#50)."""
    asked = _LOOPBACK.fullmatch(redirect_uri)
    if asked is None or not 0 < int(asked["port"] or 80) <= MAX_PORT:
        return False
    return _without_port(redirect_uri) in {_without_port(uri) for uri in client.redirect_uris}


def _without_port(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.hostname}{parts.path}"


def _objection(command: StartBrowserSignIn, client: Client) -> Reason | None:
    """Find what is wrong with a request whose client may hear of it by redirect."""
    if command.response_type != "code":
        return Reason.UNSUPPORTED_RESPONSE_TYPE
    if not can_be_returned(command.client_state):
        return Reason.INVALID_REQUEST
    if command.code_challenge_method != "S256" or not _CHALLENGE.fullmatch(
        command.code_challenge or ""
    ):
        return Reason.INVALID_REQUEST
    return None if set(command.scopes) <= set(client.scopes) else Reason.INVALID_SCOPE


def can_be_returned(client_state: str | None) -> bool:
    """True when a client's state is short, and nothing in it could break out of a header (T-16)."""
    if client_state is None:
        return True
    return len(client_state) <= MAX_STATE and client_state.isprintable()


def _begun_before(
    state: State, command: StartBrowserSignIn, client: Client, now: Now
) -> Device | None:
    """The sign-in that this very request began, where its browser was not sent back yet.

    A reload, or a second tab, is no second sign-in: state and challenge are new for each.
    """
    asked = _asked(command)
    user_code = state.browser_requests.get((client.client_id, asked))
    device = state.devices.get(user_code) if user_code else None
    if device is None or (device.client_id, device.browser) != (client.client_id, asked):
        return None
    if device.is_sent_back or now.at >= device.expires_at:
        return None
    return device if device.scopes == (command.scopes or client.scopes) else None


def _asked(command: StartBrowserSignIn) -> BrowserRequest:
    return BrowserRequest(
        redirect_uri=command.redirect_uri,
        client_state=command.client_state,
        code_challenge=command.code_challenge or "",
    )


def _started(
    state: State, command: StartBrowserSignIn, client: Client, now: Now, ids: Ids
) -> DeviceAuthorized:
    return DeviceAuthorized(
        at=now.at,
        user_code=free_user_code(state, ids),
        code_digest="",
        client_id=client.client_id,
        client_name=client.name,
        scopes=command.scopes or client.scopes,
        expires_at=now.at + state.policy.lifetime_s,
        interval_s=state.policy.interval_s,
        browser=_asked(command),
    )


def _find_by_code(state: State, code: str) -> Device | None:
    user_code = state.user_codes.get(digest(code))
    device = state.devices.get(user_code) if user_code else None
    return device if device and device.browser else None  # a device code is none


def _proves(command: RedeemCode, browser: BrowserRequest) -> bool:
    """True when the client that asks is the one that sent the browser (RFC 7636 §4.6, RFC 6749 §4.1.3)."""
    verifier = command.code_verifier or ""
    if command.redirect_uri != browser.redirect_uri or not _VERIFIER.fullmatch(verifier):
        return False
    hashed = urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=")
    return hmac.compare_digest(hashed, browser.code_challenge.encode("ascii"))


def _punish_replay(state: State, device: Device, now: Now) -> list[Event]:
    """End the session that a code led to: one that comes twice may be stolen (RFC 6749 §4.1.2)."""
    session = state.sessions.get(device.user_code)
    if session is None or session.is_over(now.at):
        return []
    return [end_session(session, SessionEnd.CODE_REPLAYED, now)]
