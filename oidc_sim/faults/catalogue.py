"""Every fault that can be injected, in the picker's order: one file for each family."""

from collections.abc import Mapping

from oidc_sim.engine.arrival import NEXT, REDIRECT, Fit, HeldDecision, Setting, Target, Trigger
from oidc_sim.engine.commands import AddRule
from oidc_sim.engine.held import FAULT
from oidc_sim.faults.browser import BROWSER
from oidc_sim.faults.connection import CONNECTION
from oidc_sim.faults.content import CONTENT
from oidc_sim.faults.framing import FRAMING
from oidc_sim.faults.portal import PORTAL
from oidc_sim.faults.refused import REFUSED
from oidc_sim.faults.row import DEVICE, REGISTRATION
from oidc_sim.faults.timing import TIMING
from oidc_sim.wire.operations import AUTHORIZE

CATALOGUE = (*REFUSED, *TIMING, *CONTENT, *FRAMING, *CONNECTION, *PORTAL, *BROWSER)
"""All rows."""
BY_NAME = {fault.name: fault for fault in CATALOGUE}


def fault_rule(
    fault: str, settings: Mapping[str, Setting], target: Target, trigger: Trigger = NEXT
) -> AddRule:
    """The command that has a fault answer the requests of a target.

    Args:
        fault: Name in the catalogue.
        settings: Of its parameters, as they were judged.
        target: Whose requests are meant.
        trigger: Which of these are caught.
    """
    fit = _fit_of(fault, settings)
    return AddRule(fault=fault, settings=settings, fit=fit, target=target, trigger=trigger)


def fault_decision(fault: str, settings: Mapping[str, Setting]) -> HeldDecision:
    """The decision to answer a held request with a fault."""
    return HeldDecision(how=FAULT, fault=fault, settings=settings, fit=_fit_of(fault, settings))


def _fit_of(fault: str, settings: Mapping[str, Setting]) -> Fit:
    """The requests that it makes sense for; a setting ``error`` names the fault whose error is meant."""
    return BY_NAME[str(settings.get("error", fault))].fit


def objection_to_aim(fault: str, settings: Mapping[str, Setting], target: Target) -> str | None:
    """Why such a rule would wait for ever, in a sentence; None when it need not.

    Args:
        fault: Name in the catalogue.
        settings: Of its parameters, as they were judged.
        target: What it aims at.
    """
    fit = _fit_of(fault, settings)
    if not fit.operations:
        return None
    if target.operation is not None and not _reaches(fit, target.operation):
        return f"{fault} is for {fit}, not {target.operation}"
    if target.user_code is not None and fit.operations <= REGISTRATION | DEVICE:
        return f"{fault} is for {fit}, which names no device yet"
    if target.client_id is not None and fit.operations <= REGISTRATION:
        return f"{fault} is for {fit}, which names no client yet"
    return None


def _reaches(fit: Fit, operation: str) -> bool:
    """A redirect goes by the name of the request that began it."""
    is_redirect = REDIRECT in fit.operations and operation == AUTHORIZE.name
    return is_redirect or operation in fit.operations
