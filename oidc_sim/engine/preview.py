"""What the client would get if it polled now, without polling."""

from dataclasses import replace

from oidc_sim.engine.browser import find_client
from oidc_sim.engine.model import Credentials, Device, Now, RoleSession, State
from oidc_sim.engine.polling import answer_poll
from oidc_sim.engine.replies import Reason, Refused, Tokens


class _Placeholders:
    """Stands in for the secrets that a real poll would be given."""

    def client_id(self) -> str:
        return "…"

    def client_secret(
        self, client_id: str, name: str, scopes: tuple[str, ...], now: Now, expires_at: float
    ) -> str:
        return "…"

    def device_code(self) -> str:
        return "…"

    def user_code(self) -> str:
        return "…"

    def access_token(self, expires_at: float) -> str:
        return "aoa…"

    def refresh_token(self, expires_at: float) -> str:
        return "aor…"

    def authorization_code(self) -> str:
        return "…"

    def credentials(self, role: RoleSession) -> Credentials:
        return Credentials(access_key_id="…", secret_access_key="…", session_token="…")


def preview(state: State, user_code: str, now: Now) -> Tokens | Refused:
    """The reply that the rightful client's poll would get at this instant; tokens are placeholders.

    A browser sign-in is not polled: the reply is what its client hears next, be it by the browser or
    when it redeems the code that the browser brought.
    """
    device = state.devices.get(user_code)
    if device is None or now.at >= device.forget_at():
        return Refused(Reason.INVALID_GRANT)
    client = find_client(state, device.client_id, now)
    if client is None:
        return Refused(Reason.INVALID_CLIENT, user_code)
    _, reply = answer_poll(state, device, client, now, _Placeholders())
    if device.browser and isinstance(reply, Refused):
        return replace(reply, reason=_heard_by_browser(device, reply.reason))
    return reply


def _heard_by_browser(device: Device, reason: Reason) -> Reason:
    if device.code_digest:
        return Reason.INVALID_GRANT
    return Reason.ACCESS_DENIED if reason in _NO_CODE else reason


_NO_CODE = {Reason.EXPIRED_TOKEN, Reason.INVALID_GRANT}
"""What a poll is told of an expired code; a browser that comes too late is denied."""
