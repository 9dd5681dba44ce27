"""What can be done to a held request: one table for the control API, ``ctl``, standard input and keys."""

from dataclasses import replace

from oidc_sim.actions.targets import known_target
from oidc_sim.engine import held
from oidc_sim.engine.arrival import Decision, Target, Trigger
from oidc_sim.engine.commands import AddRule, Approve, DecideHeld
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import Hindrance, Impossible, Reply
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.operations import CREATE_TOKEN

APPROVE = "approve"


HELD_ACTIONS = (held.RELEASE, held.DROP, APPROVE, held.DENY, held.EXPIRE, held.SLOW_DOWN)
"""As in ``POST /_sim/requests/1204/release``."""
_FOR_TOKENS = frozenset({held.DENY, held.EXPIRE, held.SLOW_DOWN})


def act_on_held(simulator: Simulator, number: int, name: str, by: Actor) -> Reply:
    """Do one of the table's actions; ``Impossible`` says why not."""
    waiting = simulator.state.held.get(number)
    if waiting is None:
        return Impossible("", Hindrance.UNKNOWN, f"no request {number} is held")
    arrival = waiting.arrival
    if name in _FOR_TOKENS and arrival.operation != CREATE_TOKEN.name:
        why = f"request {number} asks for no token: release it, drop it or edit its answer"
        return Impossible("", Hindrance.CONFLICT, why)
    if name != APPROVE:
        return simulator.dispatch(DecideHeld(number=number, decision=Decision(how=name)))
    if arrival.user_code is None:
        why = f"request {number} names no device that is known"
        return Impossible("", Hindrance.CONFLICT, why)
    reply = simulator.dispatch(Approve(arrival.user_code, by))
    if isinstance(reply, Impossible):
        return reply
    return simulator.dispatch(DecideHeld(number=number, decision=Decision(how=held.RELEASE)))


def hold_device(simulator: Simulator, user_code: str) -> Reply:
    """Hold the next request about this device; ``Impossible`` says why not."""
    target = known_target(simulator, Target(user_code=user_code))
    if isinstance(target, Impossible):
        return replace(target, why="no such code is known")
    return simulator.dispatch(AddRule(target=target, trigger=Trigger()))
