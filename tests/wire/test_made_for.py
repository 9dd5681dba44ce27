"""What a fault is made for, in AWS's words, agrees with the catalogue and with AWS's operations."""

import pytest

from oidc_sim.engine.catalogue import BY_NAME, CATALOGUE
from oidc_sim.engine.faults import Fault
from oidc_sim.wire.faults.made_for import _MADE_FOR, made_for, shown
from oidc_sim.wire.faults.refusals import PROBLEMS


def test_only_faults_of_the_catalogue_are_named() -> None:
    assert _MADE_FOR.keys() | PROBLEMS.keys() <= BY_NAME.keys()
    assert made_for("drop") == frozenset()


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda it: it.name)
def test_what_a_client_sees_fits_the_picker(fault: Fault) -> None:
    assert 3 <= len(shown(fault)) <= 36


def test_an_error_of_the_services_is_shown_as_it_is_sent() -> None:
    assert shown(BY_NAME["slow-down"]) == "400  SlowDownException"
    assert shown(BY_NAME["portal-unauthorized"]) == "401  UnauthorizedException"
