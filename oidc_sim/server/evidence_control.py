"""The control route that gives evidence: what a client did, for its maintainers."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from aiohttp.web import BaseRequest, StreamResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from oidc_sim.actions import EVIDENCE
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.server.control_answers import bad_request, refusal
from oidc_sim.server.plain import json_reply
from oidc_sim.server.raw_response import RawResponse
from oidc_sim.server.routes import Protection, Route
from oidc_sim.simulator import Simulator

if TYPE_CHECKING:
    from oidc_sim.evidence.selection import Taken

PATH = f"/_sim/{EVIDENCE}"
_CODE_CHARACTERS = 100
_USAGE = "give user_code=CODE, or nothing for everything that is kept"
_UNKNOWN = "nothing is kept about this user code"


class Wanted(BaseModel):
    """What the query says."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    user_code: str | None = Field(None, min_length=1, max_length=_CODE_CHARACTERS)


def evidence_route(simulator: Simulator, url: str) -> Route:
    """The route for one simulator; ``url`` is the server's base URL."""

    async def give(request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        try:
            code = Wanted.model_validate(dict(request.query)).user_code
        except ValidationError:
            return bad_request(_USAGE)
        from oidc_sim.evidence.selection import Selection, take  # seldom asked for

        selection = Selection(user_code=canonical_user_code(code) if code else None)
        taken = take(simulator, selection, url)
        if taken is None:
            return refusal(404, "unknown", _UNKNOWN)
        return await asyncio.to_thread(_reply, taken)

    return Route("GET", PATH, give, Protection.TOKEN)


def _reply(taken: "Taken") -> RawResponse:
    """In a thread: ten thousand requests take a second, and clients do not wait for that."""
    from oidc_sim.evidence.evidence import evidence_of

    return json_reply(200, evidence_of(taken).members())
