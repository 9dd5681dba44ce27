"""What somebody wants to lie in wait, as JSON: whom a hold or fault is for, and how long it lasts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from oidc_sim.actions.targets import objection_to_client, read_filter
from oidc_sim.actions.typed_settings import ALWAYS
from oidc_sim.engine.arrival import Setting, Target, Trigger
from oidc_sim.engine.commands import AddRule
from oidc_sim.engine.rules import MAX_COUNT, MAX_LIFETIME_S
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.wire.operation_names import operation_called

_MEANT = 'if that is meant, add all=true ("all": true in JSON)'
_ALL = f"this would catch every request; {_MEANT}"
_NEARLY_ALL = (
    "this filter names nothing that a request must have, so that it would catch nearly every one; "
    f"{_MEANT}"
)
_Text = Annotated[str, Field(min_length=1, max_length=500)]
_MEMBERS = (
    '"operation", "client_id", "user_code", "filter", "skip", "times", "probability", "seed", '
    '"ttl_s", "all"'
)
_MOST_SEED = 10**18
HOLD_USAGE = f'send any of {{{_MEMBERS}}}; times is a number or "always", ttl_s is at most a day'
FAULT_USAGE = (
    f'send {{"fault": NAME}} and any of {{"settings", {_MEMBERS}}}; times is a number or "always"'
)


class RuleWish(BaseModel):
    """A hold."""

    model_config = ConfigDict(extra="forbid", defer_build=True, allow_inf_nan=False, strict=True)

    operation: _Text | None = None
    client_id: _Text | None = None
    user_code: _Text | None = None
    filter: Annotated[str, Field(max_length=500)] = ""
    skip: int = Field(0, ge=0, le=MAX_COUNT)
    times: Annotated[int, Field(ge=1, le=MAX_COUNT)] | str | None = 1
    ttl_s: float = Field(600.0, gt=0, le=MAX_LIFETIME_S)
    probability: float = Field(1.0, ge=0, le=1)
    seed: int = Field(0, ge=-_MOST_SEED, le=_MOST_SEED)
    all: StrictBool = False

    def command(self) -> AddRule:
        """What the engine is asked.

        Raises:
            ValueError: The filter is none, or everything is meant and that was not confirmed.
        """
        return AddRule(target=self._target(), trigger=self._trigger())

    def _trigger(self) -> Trigger:
        if isinstance(self.times, str) and self.times != ALWAYS:
            raise ValueError(HOLD_USAGE)
        return Trigger(
            skip=self.skip,
            times=self.times if isinstance(self.times, int) else None,
            probability=self.probability,
            seed=self.seed,
            lifetime_s=self.ttl_s,
        )

    def _target(self) -> Target:
        if self.client_id and (why := objection_to_client(self.client_id)):
            raise ValueError(why)
        target = Target(
            operation=self.operation and operation_called(self.operation),
            client_id=self.client_id,
            user_code=self.user_code and canonical_user_code(self.user_code),
            filter=read_filter(self.filter),
        )
        if target.is_everything and not self.all:
            raise ValueError(_NEARLY_ALL if target.filter.text else _ALL)
        return target


class FaultWish(RuleWish):
    """A fault."""

    fault: Annotated[str, Field(max_length=60)]
    settings: dict[str, str | int | float | bool | None] = Field(default_factory=dict)

    def command(self, settings: Mapping[str, Setting] | None = None) -> AddRule:
        """What the engine is asked; whether there is such a fault is not looked at.

        Args:
            settings: The fault's, as they were judged; without, as they came.

        Raises:
            ValueError: As a hold's.
        """
        given = self.settings if settings is None else settings
        target, trigger = self._target(), self._trigger()
        if "times" not in self.model_fields_set:
            trigger = replace(trigger, times=_usual_times(self.fault))
        return AddRule(fault=self.fault, settings=dict(given), target=target, trigger=trigger)


def _usual_times(fault: str) -> int | None:
    """As the catalogue says; once for a fault that is not in it."""
    from oidc_sim.faults.catalogue import BY_NAME  # seldom asked for

    return BY_NAME[fault].times if fault in BY_NAME else 1
