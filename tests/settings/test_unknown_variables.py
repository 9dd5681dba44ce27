import pytest

from oidc_sim.settings.environment import unknown_variables
from oidc_sim.settings.model import CONFIG_VARIABLE, TYPED, variable


def test_a_setting_is_no_stray() -> None:
    environment = dict.fromkeys(
        [CONFIG_VARIABLE, *map(variable, TYPED), "PATH", "OIDC_SIMILAR"], "x"
    )
    assert unknown_variables(environment) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "OIDC_SIM_LIFTIME",
            "OIDC_SIM_LIFTIME is no setting, did you mean OIDC_SIM_LIFETIME?",
        ),
        ("OIDC_SIM_port", "OIDC_SIM_port is no setting, did you mean OIDC_SIM_PORT?"),
        ("OIDC_SIM_CONFG", "OIDC_SIM_CONFG is no setting, did you mean OIDC_SIM_CONFIG?"),
        ("OIDC_SIM_QQQQQQ", "OIDC_SIM_QQQQQQ is no setting"),
        (
            "OIDC_SIM_USERS",
            "OIDC_SIM_USERS is not read: a table can only be in the configuration file",
        ),
    ],
)
def test_a_stray_is_told_with_the_nearest_name_and_without_its_value(name: str, told: str) -> None:
    assert unknown_variables({name: "secret", "HOME": "/"}) == [told]


def test_many_are_one_line() -> None:
    (told,) = unknown_variables({f"OIDC_SIM_QQ{at}": "x" for at in range(9)})
    assert told.endswith("; and 6 more")
    assert "\n" not in told
