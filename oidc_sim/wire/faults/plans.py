"""Which maker makes which fault's plan."""

from oidc_sim.wire.faults.connection import CONNECTION
from oidc_sim.wire.faults.content import CONTENT
from oidc_sim.wire.faults.error_forms import ERROR_FORMS
from oidc_sim.wire.faults.framing import FRAMING
from oidc_sim.wire.faults.refusals import REFUSALS
from oidc_sim.wire.faults.steps import Plan, Spoiling
from oidc_sim.wire.faults.timing import TIMING
from oidc_sim.wire.faults.way_back import WAY_BACK

MAKERS = {**REFUSALS, **ERROR_FORMS, **TIMING, **CONTENT, **FRAMING, **CONNECTION, **WAY_BACK}
"""By the fault's name in the catalogue."""


def plan(fault: str, spoiling: Spoiling) -> Plan:
    """The steps that a client sees of a fault.

    Raises:
        KeyError: No fault of the catalogue has this name.
    """
    return MAKERS[fault](spoiling)
