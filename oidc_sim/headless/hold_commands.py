"""Lines in about holds: ``hold WDJB-MJHT``, ``release 1204``, ``release all``, ``drop 1204``."""

from collections.abc import Sequence

from oidc_sim.actions import HOLD, RELEASE_ALL
from oidc_sim.engine.arrival import Target
from oidc_sim.engine.commands import AddRule, ReleaseAll
from oidc_sim.engine.held import DROP, RELEASE
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import Impossible, Reply
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.held_actions import act_on_held, hold_device, read_filter
from oidc_sim.simulator import Simulator

HOLD_USAGE = "hold CODE|FILTER, release N|all, drop N"
HOLD_NAMES = frozenset({HOLD, RELEASE, DROP})
_DIGITS = 18


def obey_hold(simulator: Simulator, name: str, words: Sequence[str]) -> str | None:
    """Carry one out; returns what hindered it, in a sentence."""
    if not words:
        return f"say {HOLD_USAGE}"
    reply = _hold(simulator, words) if name == HOLD else _decide(simulator, name, words)
    return reply.why if isinstance(reply, Impossible) else reply if isinstance(reply, str) else None


def _hold(simulator: Simulator, words: Sequence[str]) -> Reply | str:
    user_code = canonical_user_code(words[0])
    if len(words) == 1 and user_code in simulator.state.devices:
        return hold_device(simulator, user_code)
    try:
        wanted = read_filter(" ".join(words))
    except ValueError as error:
        return str(error)
    return simulator.dispatch(AddRule(target=Target(filter=wanted)))


def _decide(simulator: Simulator, name: str, words: Sequence[str]) -> Reply | str:
    if name == RELEASE and tuple(words) == (RELEASE_ALL,):
        return simulator.dispatch(ReleaseAll())
    word, *more = words
    if more or not (word.isascii() and word.isdigit() and len(word) <= _DIGITS):
        return f"say {HOLD_USAGE}"
    return act_on_held(simulator, int(word), name, Actor.SCRIPT)
