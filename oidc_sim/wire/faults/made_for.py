"""Which operations a fault makes sense for, and what a client sees of it, in AWS's words."""

from collections.abc import Mapping

from oidc_sim.engine.faults import Fault
from oidc_sim.wire.faults.refusals import PROBLEMS
from oidc_sim.wire.operations import (
    CREATE_TOKEN,
    CREATE_TOKEN_WITH_IAM,
    LIST_ACCOUNT_ROLES,
    LIST_ACCOUNTS,
    REGISTER_CLIENT,
    START_DEVICE_AUTHORIZATION,
)

_TOKEN = frozenset({CREATE_TOKEN.name})
_TOKENS = _TOKEN | {CREATE_TOKEN_WITH_IAM.name}
_DEVICE = frozenset({START_DEVICE_AUTHORIZATION.name})
_MADE_FOR: Mapping[str, frozenset[str]] = {
    "refresh-refused": _TOKEN,
    "refresh-rotation": _TOKEN,
    "stale-login": _TOKEN,
    "interval": _DEVICE,
    "pre-authorized": _DEVICE,
    "expires-in": _DEVICE | _TOKENS,
    "no-refresh-token": _TOKENS,
    "token-type": _TOKENS,
    "secret-expires-at": frozenset({REGISTER_CLIENT.name}),
    "paging-loop": frozenset({LIST_ACCOUNTS.name, LIST_ACCOUNT_ROLES.name}),
    "many-accounts": frozenset({LIST_ACCOUNTS.name}),
}


def made_for(fault: str) -> frozenset[str]:
    """The only operations that it makes sense for; empty for all."""
    return _MADE_FOR.get(fault, frozenset())


def shown(fault: Fault) -> str:
    """What a client sees, in at most 36 cells: ``400  SlowDownException``."""
    if fault.shows:
        return fault.shows
    problem = PROBLEMS[fault.name]
    return f"{problem.status}  {problem.name}"
