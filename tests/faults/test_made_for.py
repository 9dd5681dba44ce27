"""What a fault is made for, in AWS's words, agrees with the catalogue and with AWS's operations."""

import botocore.session
import pytest

from oidc_sim.engine.model import DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT
from oidc_sim.faults.catalogue import BY_NAME, CATALOGUE
from oidc_sim.faults.making.made_for import _MADE_FOR, ANYTHING, made_for, shown, unfit
from oidc_sim.faults.making.refusals import PROBLEMS
from oidc_sim.faults.row import Fault
from oidc_sim.wire.errors import Problem


def test_only_faults_of_the_catalogue_are_named() -> None:
    assert _MADE_FOR.keys() | PROBLEMS.keys() <= BY_NAME.keys()
    assert made_for("drop") == ANYTHING


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda it: it.name)
def test_what_a_client_sees_fits_the_picker(fault: Fault) -> None:
    assert 3 <= len(shown(fault)) <= 36


def test_an_error_of_the_services_is_shown_as_it_is_sent() -> None:
    assert shown(BY_NAME["slow-down"]) == "400  SlowDownException"
    assert shown(BY_NAME["portal-unauthorized"]) == "401  UnauthorizedException"


def operations_with(error: str) -> set[str]:
    """Of AWS's model ``sso-oidc``, those that name the error."""
    model = botocore.session.get_session().get_service_model("sso-oidc")
    return {
        name
        for name in model.operation_names
        if error in {shape.name for shape in model.operation_model(name).error_shapes}
    }


_FOR_REFRESH = {"refresh-refused", "refresh-rotation"}
MODELLED = {
    fault: problem
    for fault, problem in PROBLEMS.items()
    if isinstance(problem, Problem) and fault not in _FOR_REFRESH
}


@pytest.mark.parametrize("fault", MODELLED)
def test_an_error_is_for_the_operations_whose_model_has_it(fault: str) -> None:
    assert made_for(fault).operations == operations_with(MODELLED[fault].name)


def test_what_does_not_fit_is_said_with_its_reason() -> None:
    assert unfit("RegisterClient", None)["refresh-refused"] == (
        "it is for CreateToken with refresh_token, not RegisterClient"
    )
    assert unfit("CreateToken", DEVICE_CODE_GRANT)["refresh-refused"] == (
        "it is for CreateToken with refresh_token, not CreateToken with device_code"
    )
    assert unfit("CreateToken", None)["refresh-refused"].endswith(", not CreateToken")
    assert unfit(None, None)["interval"] == "it is for StartDeviceAuthorization, not this"


def test_what_fits_is_not_named() -> None:
    fitting = unfit("CreateToken", REFRESH_TOKEN_GRANT)
    assert not {"refresh-refused", "slow-down", "drop", "custom"} & fitting.keys()
    assert {"interval", "portal-forbidden", "callback-late"} <= fitting.keys()
