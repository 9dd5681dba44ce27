"""Auto-approve, on or off."""

from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError

from oidc_sim.actions.answer import Answer, Asked, bad_request, done
from oidc_sim.engine.commands import SetAutoApprove
from oidc_sim.simulator.simulator import Simulator

_USAGE = 'send {"on": true} or {"on": false}'


class Wish(BaseModel):
    """What the body says."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    on: StrictBool


def switch_auto_approve(simulator: Simulator, asked: Asked) -> Answer:
    """Set it; says what is so now."""
    try:
        wish = Wish.model_validate_json(asked.body)
    except ValidationError:
        return bad_request(_USAGE)
    simulator.dispatch(SetAutoApprove(is_on=wish.on))
    return done({"auto_approve": simulator.state.policy.auto_approves})
