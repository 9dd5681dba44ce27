"""Which maker makes which fault's plan."""

from oidc_sim.faults.making.connection import CONNECTION
from oidc_sim.faults.making.content import CONTENT
from oidc_sim.faults.making.error_forms import ERROR_FORMS
from oidc_sim.faults.making.framing import FRAMING
from oidc_sim.faults.making.refusals import REFUSALS
from oidc_sim.faults.making.steps import Plan, Spoiling
from oidc_sim.faults.making.timing import TIMING
from oidc_sim.faults.making.way_back import WAY_BACK

MAKERS = {**REFUSALS, **ERROR_FORMS, **TIMING, **CONTENT, **FRAMING, **CONNECTION, **WAY_BACK}
"""By the fault's name in the catalogue."""


def plan(fault: str, spoiling: Spoiling) -> Plan:
    """The steps that a client sees of a fault.

    Raises:
        KeyError: No fault of the catalogue has this name.
    """
    return MAKERS[fault](spoiling)
