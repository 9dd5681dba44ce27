"""The one entrance: each command goes to the file that knows it."""

from collections.abc import Callable
from typing import Any, TypeVar

from oidc_sim.engine import commands as c
from oidc_sim.engine.applications import exchange_at_application
from oidc_sim.engine.browser import finish_sign_in, note_browser, redeem_code, start_sign_in
from oidc_sim.engine.clock import freeze_clock, step_clock, sweep
from oidc_sim.engine.decisions import decide_device, expire_client, restore_client, undo
from oidc_sim.engine.events import Event, WasReset
from oidc_sim.engine.held import decide_held, end_held, pause_held, release_all
from oidc_sim.engine.model import Ids, Now, State
from oidc_sim.engine.polling import authorize_device, note_answered, poll, set_auto_approve
from oidc_sim.engine.registration import register
from oidc_sim.engine.replies import Done
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
    """Say what a command does and what it is answered with; change nothing.

    Args:
        state: What is true; only read.
        command: What is asked.
        now: The instant on both clocks.
        ids: Where new ids and secrets come from.

    Returns:
        What happened, in order, and what to answer.
    """
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
"""One for each command, which gives what the command says; a test walks them."""
