"""What a caught poll comes to where its service was never asked: nobody else tells the engine of it."""

import json
import re

from oidc_sim.engine.commands import AnswerPoll
from oidc_sim.engine.held import HUNG_UP
from oidc_sim.engine.model import DEVICE_CODE_GRANT
from oidc_sim.record.exchange import Exchange
from oidc_sim.server.gate.caught import Row
from oidc_sim.wire.operations import CREATE_TOKEN

_CODE = re.compile(r"[a-z_]{1,40}")
"""An error code as RFC 6749 and RFC 8628 write theirs; an operator may write anything, even a secret."""


def answer_of_poll(row: Row, exchange: Exchange) -> AnswerPoll | None:
    """What to tell the engine of a request that is over; None for what it knows, or is no poll.

    Args:
        row: The request's.
        exchange: As it ended.
    """
    arrival = row.arrival
    is_poll = arrival.operation == CREATE_TOKEN.name and arrival.grant_type == DEVICE_CODE_GRANT
    if not is_poll or row.times_done or arrival.user_code is None:
        return None
    return AnswerPoll(
        user_code=arrival.user_code,
        client_id=arrival.client_id,
        detour=row.detour(),
        told=HUNG_UP if exchange.outcome.startswith(HUNG_UP) else exchange.outcome,
        error=error_told(exchange.response_body),
    )


def error_told(body: bytes) -> str:
    """The error code in a body as the client reads it (RFC 6749 §5.2); empty where there is none."""
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = members.get("error") if isinstance(members, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
