"""Evidence: what a client did, for its maintainers."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from oidc_sim.actions.answer import OK, Answer, Asked, bad_request, refusal
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.simulator.simulator import Simulator

_CODE_CHARACTERS = 100
_USAGE = "give user_code=CODE, or nothing for everything that is kept"
_UNKNOWN = "nothing is kept about this user code"


class Wanted(BaseModel):
    """What the query says."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    user_code: str | None = Field(None, min_length=1, max_length=_CODE_CHARACTERS)


def give_evidence(simulator: Simulator, url: str, asked: Asked) -> Answer:
    """Take what there is now, and make the files of it later: ten thousand requests take a second.

    Args:
        simulator: Whose.
        url: The server's base URL.
        asked: Names a user code, or nothing for everything.
    """
    try:
        code = Wanted.model_validate(dict(asked.query)).user_code
    except ValidationError:
        return bad_request(_USAGE)
    from oidc_sim.evidence.evidence import evidence_of  # seldom asked for
    from oidc_sim.evidence.selection import Selection, take

    selection = Selection(user_code=canonical_user_code(code) if code else None)
    taken = take(simulator, selection, url)
    if taken is None:
        return refusal(404, "unknown", _UNKNOWN)
    return Answer(OK, later=lambda go_on: evidence_of(taken, go_on).members())
