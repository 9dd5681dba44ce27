"""The one entrance: each command goes to the file that knows it."""

from typing import assert_never

from oidc_sim.engine import commands as c
from oidc_sim.engine.browser import finish_sign_in, redeem_code, start_sign_in
from oidc_sim.engine.deeds import do_deed, undo
from oidc_sim.engine.events import Event, WasReset
from oidc_sim.engine.model import Deed, Ids, Now, State
from oidc_sim.engine.polling import authorize_device, poll
from oidc_sim.engine.portal import sign_out, take_role, use_token
from oidc_sim.engine.registration import register
from oidc_sim.engine.replies import Done, Reply
from oidc_sim.engine.tokens import refresh
from oidc_sim.engine.upkeep import sweep

Decision = tuple[list[Event], Reply]
"""What happened, in order, and what to answer."""


def decide(state: State, command: c.Command, now: Now, ids: Ids) -> Decision:
    """Say what a command does and what it is answered with; change nothing.

    Args:
        state: What is true; only read.
        command: What is asked.
        now: The instant on both clocks.
        ids: Where new ids and secrets come from.
    """
    match command:
        case c.Poll():
            return poll(state, command, now, ids)
        case c.RegisterClient():
            return register(state, command, now, ids)
        case c.AuthorizeDevice():
            return authorize_device(state, command, now, ids)
        case c.Refresh():
            return refresh(state, command, now, ids)
        case c.StartBrowserSignIn():
            return start_sign_in(state, command, now, ids)
        case c.FinishBrowserSignIn():
            return finish_sign_in(state, command, now, ids)
        case c.RedeemCode():
            return redeem_code(state, command, now, ids)
        case c.UseToken():
            return [], use_token(state, command, now)
        case c.TakeRole():
            return take_role(state, command, now, ids)
        case c.SignOut():
            return sign_out(state, command, now)
        case c.Undo():
            return undo(state, command, now)
        case c.Approve() | c.Deny() | c.Expire() | c.SlowDown():
            return do_deed(state, command, _DEEDS[type(command)], now)
        case c.Sweep():
            return sweep(state, now), Done()
        case c.Reset():
            return [WasReset(at=now.at)], Done()
        case _:
            assert_never(command)


_DEEDS: dict[type[c.Command], Deed] = {
    c.Approve: Deed.APPROVE,
    c.Deny: Deed.DENY,
    c.Expire: Deed.EXPIRE,
    c.SlowDown: Deed.SLOW_DOWN,
}
