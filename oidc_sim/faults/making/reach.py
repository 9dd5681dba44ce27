"""Whether what a rule aims at can ever be a request that its fault makes sense for."""

from collections.abc import Mapping

from oidc_sim.engine.arrival import Setting, Target
from oidc_sim.faults.making.made_for import WAY_BACK, Fit, made_for
from oidc_sim.wire.authorize import AUTHORIZE
from oidc_sim.wire.operations import REGISTER_CLIENT, START_DEVICE_AUTHORIZATION

_BEFORE_CLIENT = frozenset({REGISTER_CLIENT.name})
_BEFORE_DEVICE = _BEFORE_CLIENT | {START_DEVICE_AUTHORIZATION.name}
"""Their requests name none yet."""


def objection_to_aim(fault: str, settings: Mapping[str, Setting], target: Target) -> str | None:
    """Why such a rule would wait for ever, in a sentence; None when it need not.

    Args:
        fault: Name in the catalogue.
        settings: A setting ``error`` names the fault whose error is meant.
        target: What it aims at.
    """
    fit = made_for(str(settings.get("error", fault)))
    if not fit.operations:
        return None
    if target.operation is not None and not _reaches(fit, target.operation):
        return f"{fault} is for {fit}, not {target.operation}"
    if target.user_code is not None and fit.operations <= _BEFORE_DEVICE:
        return f"{fault} is for {fit}, which names no device yet"
    if target.client_id is not None and fit.operations <= _BEFORE_CLIENT:
        return f"{fault} is for {fit}, which names no client yet"
    return None


def _reaches(fit: Fit, operation: str) -> bool:
    """A way back goes by the name of the request that began it."""
    is_way_back = WAY_BACK in fit.operations and operation == AUTHORIZE.name
    return is_way_back or operation in fit.operations
