"""Which faults make no sense for a request. The catalogue is loaded when something first lies in wait."""

from collections.abc import Mapping

from oidc_sim.engine.model import AUTHORIZATION_CODE_GRANT, DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT

_GRANTS = frozenset({AUTHORIZATION_CODE_GRANT, DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT})


def unfit_for(operation: str | None, grant_type: str | None) -> Mapping[str, str]:
    """The faults that it cannot get, each with why.

    Args:
        operation: AWS's name of it.
        grant_type: As the client sent it; what no fault is for is none, so that few are remembered.
    """
    from oidc_sim.faults.making.made_for import unfit  # seldom asked for

    return unfit(operation, grant_type if grant_type in _GRANTS else None)


def unfit_for_way_back() -> Mapping[str, str]:
    """The faults that a browser which is sent back to its client cannot get, each with why."""
    from oidc_sim.faults.making.made_for import WAY_BACK, unfit  # seldom asked for

    return unfit(WAY_BACK, None)


def unfit_for_decision() -> Mapping[str, str]:
    """The faults that a person who decides on the page cannot get, each with why."""
    from oidc_sim.faults.making.made_for import DECISION, unfit  # seldom asked for

    return unfit(DECISION, None)
