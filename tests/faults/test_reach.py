"""A rule that would wait for ever is found before it waits."""

import pytest

from oidc_sim.engine.arrival import Target
from oidc_sim.faults.making.reach import objection_to_aim


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


def test_a_setting_that_names_an_error_is_what_counts() -> None:
    aim = Target(operation="CreateToken")
    assert objection_to_aim("error-form", {}, aim) is None
    why = objection_to_aim("error-form", {"error": "portal-forbidden"}, aim)
    assert (why or "").startswith("error-form is for GetRoleCredentials or ListAccountRoles or")
