"""The one entrance, where each command goes to the file that knows it; and a poll as it would be answered now."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from oidc_sim.engine import commands as c
from oidc_sim.engine.applications import exchange_at_application
from oidc_sim.engine.browser import (
    find_client,
    finish_sign_in,
    note_browser,
    redeem_code,
    start_sign_in,
)
from oidc_sim.engine.clock import freeze_clock, step_clock, sweep
from oidc_sim.engine.decisions import decide_device, expire_client, restore_client, undo
from oidc_sim.engine.events import Event, WasReset
from oidc_sim.engine.held import decide_held, end_held, pause_held, release_all
from oidc_sim.engine.model import Credentials, Device, Ids, Now, RoleSession, State
from oidc_sim.engine.polling import (
    answer_poll,
    authorize_device,
    note_answered,
    poll,
    set_auto_approve,
)
from oidc_sim.engine.registration import register
from oidc_sim.engine.replies import Done, Reason, Refused, Tokens
from oidc_sim.engine.rules import (
    add_rule,
    admit,
    give_back_rule,
    pause_rule,
    remove_rule,
    restore_rule,
)
from oidc_sim.engine.tokens import refresh, sign_out, take_role, use_token

R = TypeVar("R")


def decide(state: State, command: c.Command[R], now: Now, ids: Ids) -> tuple[list[Event], R]:
    """Give the events of a command, in order, and its reply; change nothing."""
    return DECIDERS[type(command)](state, command, now, ids)


def _reset(_state: State, _command: c.Reset, now: Now, _ids: Ids) -> tuple[list[Event], Done]:
    return [WasReset(at=now.at)], Done()


DECIDERS: dict[type[c.Command[Any]], Callable[[State, Any, Now, Ids], tuple[list[Event], Any]]] = {
    c.Poll: poll,
    c.RegisterClient: register,
    c.AuthorizeDevice: authorize_device,
    c.Refresh: refresh,
    c.StartBrowserSignIn: start_sign_in,
    c.FinishBrowserSignIn: finish_sign_in,
    c.NoteBrowser: note_browser,
    c.RedeemCode: redeem_code,
    c.ExchangeAtApplication: exchange_at_application,
    c.UseToken: use_token,
    c.TakeRole: take_role,
    c.SignOut: sign_out,
    c.Approve: decide_device,
    c.Deny: decide_device,
    c.Expire: decide_device,
    c.SlowDown: decide_device,
    c.Undo: undo,
    c.ExpireClient: expire_client,
    c.RestoreClient: restore_client,
    c.SetAutoApprove: set_auto_approve,
    c.StepClock: step_clock,
    c.FreezeClock: freeze_clock,
    c.Sweep: sweep,
    c.Reset: _reset,
    c.Admit: admit,
    c.AnswerPoll: note_answered,
    c.AddRule: add_rule,
    c.PauseRule: pause_rule,
    c.GiveBackRule: give_back_rule,
    c.RemoveRule: remove_rule,
    c.RestoreRule: restore_rule,
    c.DecideHeld: decide_held,
    c.ReleaseAll: release_all,
    c.PauseHeld: pause_held,
    c.EndHeld: end_held,
}
"""One for each command, which gives the reply that the command names; a test walks them."""


class _Placeholders:
    """Stand-ins for the secrets that a real poll would be given."""

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
"""Refusals of a poll for an expired code; a browser that comes too late is denied."""
