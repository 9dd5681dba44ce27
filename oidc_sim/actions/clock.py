"""The clock: steps, stops, goes on."""

from dataclasses import asdict

from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError

from oidc_sim.actions.answer import Answer, Asked, answer_to, bad_request, done
from oidc_sim.actions.views import clock_view
from oidc_sim.engine.clock import LEAST_STEP_S, MOST_STEP_S
from oidc_sim.engine.commands import FreezeClock, StepClock
from oidc_sim.engine.replies import Expiries, Impossible
from oidc_sim.simulator.simulator import Simulator

_BOUNDS = "the clock steps from 1 s to 10 years forwards"
_USAGE = f'send {{"advance_s": 600}}, {{"frozen": true}} or both; {_BOUNDS}'


class ClockWish(BaseModel):
    """What the body says."""

    model_config = ConfigDict(extra="forbid", defer_build=True, allow_inf_nan=False, strict=True)

    advance_s: float | None = None
    frozen: StrictBool | None = None


def set_clock(simulator: Simulator, asked: Asked) -> Answer:
    """Do both that the body wants; says what expired."""
    try:
        wish = ClockWish.model_validate_json(asked.body)
    except ValidationError:
        return bad_request(_USAGE)
    if wish.advance_s is None and wish.frozen is None:
        return bad_request(_USAGE)
    if wish.advance_s is not None and not LEAST_STEP_S <= wish.advance_s <= MOST_STEP_S:
        return bad_request(_BOUNDS)
    expiries = Expiries()
    if wish.advance_s is not None:
        reply = simulator.dispatch(StepClock(by_s=wish.advance_s))
        if isinstance(reply, Impossible):
            return answer_to(reply, {})
        expiries = reply.expiries
    if wish.frozen is not None:  # afterwards: a step that is refused leaves all as it was
        simulator.dispatch(FreezeClock(is_frozen=wish.frozen))
    return done({"lapsed": asdict(expiries), **clock_view(simulator)})
