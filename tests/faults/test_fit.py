"""What a fault is for agrees with AWS's model, and a rule that would wait for ever is found out."""

import ast

import botocore.session
import pytest

from oidc_sim.engine.arrival import ANYTHING, PAGE_DECISION, REDIRECT, Arrival, Target
from oidc_sim.engine.model import DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT
from oidc_sim.faults.catalogue import (
    BY_NAME,
    CATALOGUE,
    fault_decision,
    fault_rule,
    objection_to_aim,
)
from oidc_sim.faults.row import OIDC, PORTAL
from oidc_sim.faults.steps import Answering
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.operations import AUTHORIZE
from tests.architecture.sources import PACKAGE, sources


def test_an_error_of_the_services_is_shown_as_it_is_sent() -> None:
    assert BY_NAME["slow-down"].shows == "400  SlowDownException"
    assert BY_NAME["portal-unauthorized"].shows == "401  UnauthorizedException"


def operations_with(error: str) -> set[str]:
    """Of AWS's model ``sso-oidc``, those that name the error."""
    model = botocore.session.get_session().get_service_model("sso-oidc")
    return {
        name
        for name in model.operation_names
        if error in {shape.name for shape in model.operation_model(name).error_shapes}
    }


MODELLED = {
    fault.name: fault.make.problem.name
    for fault in CATALOGUE
    if isinstance(fault.make, Answering)
    and isinstance(fault.make.problem, Problem)
    and fault.name != "refresh-refused"
}


@pytest.mark.parametrize("fault", MODELLED)
def test_an_error_is_for_the_operations_whose_model_has_it(fault: str) -> None:
    assert BY_NAME[fault].fit.operations == operations_with(MODELLED[fault])


def test_only_operations_and_stages_that_exist_are_named() -> None:
    named = frozenset[str]().union(*(fault.fit.operations for fault in CATALOGUE))
    assert named == OIDC | PORTAL | {REDIRECT, PAGE_DECISION}
    assert BY_NAME["drop"].fit == ANYTHING


def asked(
    operation: str | None, grant_type: str | None = None, stage: str | None = None
) -> Arrival:
    return Arrival(operation=operation, endpoint="/", grant_type=grant_type, stage=stage)


@pytest.mark.parametrize(
    ("fault", "arrival", "why"),
    [
        ("refresh-refused", asked("CreateToken", REFRESH_TOKEN_GRANT), None),
        ("slow-down", asked("CreateToken", "a stranger's"), None),
        ("drop", asked(None), None),
        ("callback-late", asked(AUTHORIZE.name, stage=REDIRECT), None),
        ("page-refuses", asked(None, stage=PAGE_DECISION), None),
        (
            "refresh-refused",
            asked("RegisterClient"),
            "it is for CreateToken with refresh_token, not RegisterClient",
        ),
        (
            "refresh-refused",
            asked("CreateToken", DEVICE_CODE_GRANT),
            "it is for CreateToken with refresh_token, not CreateToken with device_code",
        ),
        (
            "refresh-refused",
            asked("CreateToken", "a stranger's"),
            "it is for CreateToken with refresh_token, not CreateToken",
        ),
        ("interval", asked(None), "it is for StartDeviceAuthorization, not this"),
        ("latin-1", asked(AUTHORIZE.name), "it is for what is answered in JSON, not Authorize"),
        (
            "drop",
            asked(AUTHORIZE.name, stage=REDIRECT),
            "it is for requests, not a browser's way back",
        ),
        (
            "callback-late",
            asked("CreateToken"),
            "it is for a browser's way back, not CreateToken",
        ),
    ],
)
def test_a_request_that_a_fault_is_not_for_is_told_why(
    fault: str, arrival: Arrival, why: str | None
) -> None:
    assert BY_NAME[fault].fit.objection_to(arrival) == why


def test_whoever_arms_a_fault_says_what_it_fits_and_an_error_in_its_settings_is_what_counts() -> (
    None
):
    assert fault_rule("interval", {}, Target()).fit == BY_NAME["interval"].fit
    chosen = {"error": "portal-forbidden"}
    for made in (fault_rule("error-form", chosen, Target()), fault_decision("error-form", chosen)):
        assert made.fit == BY_NAME["portal-forbidden"].fit


def test_nobody_else_arms_a_fault() -> None:
    """Whoever did could forget the fit, and the rule would take whatever comes."""
    arming = [
        source.module
        for source in sources(PACKAGE)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"AddRule", "HeldDecision"}
        and any(keyword.arg == "fault" for keyword in node.keywords)
    ]
    assert arming == ["oidc_sim.faults.catalogue"] * 2


@pytest.mark.parametrize(
    ("fault", "target", "why"),
    [
        ("interval", Target(), None),
        ("drop", Target(operation="Logout", user_code="AAAA-BBBB"), None),
        ("interval", Target(client_id="c"), None),
        ("callback-state", Target(operation="Authorize"), None),
        ("callback-state", Target(user_code="AAAA-BBBB"), None),
        ("page-refuses", Target(user_code="AAAA-BBBB"), None),
        (
            "interval",
            Target(user_code="AAAA-BBBB"),
            "interval is for StartDeviceAuthorization, which names no device yet",
        ),
        (
            "secret-expires-at",
            Target(client_id="c"),
            "secret-expires-at is for RegisterClient, which names no client yet",
        ),
        (
            "refresh-refused",
            Target(operation="RegisterClient"),
            "refresh-refused is for CreateToken with refresh_token, not RegisterClient",
        ),
        (
            "page-refuses",
            Target(operation="CreateToken"),
            "page-refuses is for a decision on the page of a code, not CreateToken",
        ),
    ],
)
def test_an_aim_that_its_fault_can_never_meet_is_refused(
    fault: str, target: Target, why: str | None
) -> None:
    assert objection_to_aim(fault, {}, target) == why


def test_a_setting_that_names_an_error_is_what_counts_for_an_aim() -> None:
    aim = Target(operation="CreateToken")
    assert objection_to_aim("error-form", {}, aim) is None
    why = objection_to_aim("error-form", {"error": "portal-forbidden"}, aim)
    assert (why or "").startswith("error-form is for GetRoleCredentials or ListAccountRoles or")
