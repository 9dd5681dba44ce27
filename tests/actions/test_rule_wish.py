"""JSON, to a rule; over HTTP it is tried in ``test_held`` and ``tests/server``."""

from typing import Any

import pytest
from pydantic import ValidationError

from oidc_sim.actions.rules import FaultRequest, RuleRequest


@pytest.mark.parametrize(("times", "meant"), [(3, 3), ("always", None), (None, None)])
def test_times_is_a_number_or_always(times: Any, meant: int | None) -> None:
    wish = RuleRequest(operation="CreateToken", times=times)
    assert wish.command().trigger.times == meant


@pytest.mark.parametrize(
    "members", [{"operation": "CreateToken", "times": "often"}, {"filter": "!("}, {}]
)
def test_what_makes_no_rule_is_said(members: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"always|filter|every request"):
        RuleRequest.model_validate(members).command()


def test_everything_is_caught_once_that_is_confirmed() -> None:
    assert RuleRequest(all=True).command().target.is_everything


def test_a_hold_has_chance() -> None:
    trigger = RuleRequest(operation="CreateToken", probability=0.5, seed=3).command().trigger
    assert (trigger.probability, trigger.seed) == (0.5, 3)


def test_a_fault_has_chance_and_settings() -> None:
    wish = FaultRequest(
        fault="delay", settings={"seconds": 5}, operation="CreateToken", probability=0.5, seed=7
    )
    rule = wish.command()
    assert (rule.fault, rule.settings) == ("delay", {"seconds": 5})
    assert (rule.trigger.probability, rule.trigger.seed) == (0.5, 7)


TOO_LARGE: list[dict[str, Any]] = [
    {name: 10**400} for name in ("skip", "times", "ttl_s", "probability", "seed")
]


@pytest.mark.parametrize(
    "members", [{"skip": -1}, {"ttl_s": 0}, {"nonsense": 1}, {"times": 0}, *TOO_LARGE]
)
def test_what_is_out_of_bounds_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RuleRequest.model_validate(members)
