"""Rules by the control API: holds and faults are added, listed, paused and removed.

Their JSON, the target that it means, and the table of what can be done to a held request, which ``ctl``,
standard input and keys share.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from oidc_sim.actions.answer import (
    Act,
    ControlAnswer,
    ControlRequest,
    answer_to,
    bad_request,
    done,
)
from oidc_sim.actions.typed_settings import ALWAYS
from oidc_sim.actions.views import Kinds, kind_of, rule_view, rule_views
from oidc_sim.engine import held
from oidc_sim.engine.arrival import EVERYTHING, Filter, HeldDecision, Setting, Target, Trigger
from oidc_sim.engine.commands import AddRule, Approve, DecideHeld, PauseRule, RemoveRule
from oidc_sim.engine.model import Actor, Client, Decision, canonical_user_code
from oidc_sim.engine.replies import Done, Hindrance, Impossible, RuleStands
from oidc_sim.engine.rules import MAX_COUNT, MAX_LIFETIME_S
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.operations import CREATE_TOKEN, operation_called

if TYPE_CHECKING:
    from oidc_sim.faults.row import Fault


_SHOWN = 60
"""Characters of what was typed that are said back."""


def is_known(simulator: Simulator, target: Target) -> bool:
    """Whether the code or client that a target names by its id is known; it may name none."""
    code, client_id, state = target.user_code, target.client_id, simulator.state
    is_code_known = code is None or code in state.devices or code in state.sessions
    return is_code_known and (client_id is None or client_id in state.clients)


def known_target(simulator: Simulator, target: Target) -> Target | Impossible:
    """The target with its client's id where a name was given.

    A code or client that is not known is refused: no request could come of it, and whoever mistyped it
    would wait for nothing.
    """
    code = target.user_code
    if code is not None and not is_known(simulator, Target(user_code=code)):
        return Impossible(code, Hindrance.UNKNOWN, f"no code {code[:_SHOWN]} is known")
    if target.client_id is None or is_known(simulator, target):
        return target
    found = _called(simulator, target.client_id)
    if len(found) == 1:
        return replace(target, client_id=found[0].client_id)
    return Impossible("", Hindrance.UNKNOWN, _why_not_one(target.client_id[:_SHOWN], len(found)))


def _called(simulator: Simulator, name: str) -> list[Client]:
    """The clients of this name whose registration is good; where none is, the expired ones."""
    at = simulator.now().at
    found = [client for client in simulator.state.clients.values() if client.name == name]
    return [client for client in found if not client.is_expired(at)] or found


def _why_not_one(name: str, count: int) -> str:
    by_filter = (
        f"filter=client:{name}"
        if name.isascii() and name.replace("-", "").isalnum()
        else "a filter"
    )
    if not count:
        return f"no client has the id or name {name}; {by_filter} means clients to come, too"
    return f"{count:,} clients are called {name}; name one by its id, or all by {by_filter}"


def objection_to_client(text: str) -> str | None:
    """Say what is wrong with a client's id or name in a rule: it is compared as it is."""
    has_wildcard = "*" in text or "?" in text
    return (
        'a client is named by its id or name; filter="client:aws*" takes wildcards'
        if has_wildcard
        else None
    )


def read_filter(text: str) -> Filter:
    """Read a filter; ValueError says why a text is none."""
    if not text.strip():
        return EVERYTHING
    from oidc_sim.engine.arrival import request_filter  # seldom asked for
    from oidc_sim.filtering import FilterError

    read = request_filter(text)
    if isinstance(read, FilterError):
        raise ValueError(f"filter, after {read.at} characters: {read.message}")  # noqa: TRY004
    return read


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


class RuleRequest(BaseModel):
    """The body of a new hold."""

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


class FaultRequest(RuleRequest):
    """The body of a new fault."""

    fault: Annotated[str, Field(max_length=60)]
    settings: dict[str, str | int | float | bool | None] = Field(default_factory=dict)

    def command(self) -> AddRule:
        """What the engine is asked.

        Raises:
            ValueError: There is no such fault, it cannot be set so, or it would wait for ever; or as a
                hold's.
        """
        from oidc_sim.faults.catalogue import BY_NAME, fault_rule, objection_to_aim

        settings = judged_settings(self.fault, self.settings)
        target, trigger = self._target(), self._trigger()
        if "times" not in self.model_fields_set:
            trigger = replace(trigger, times=BY_NAME[self.fault].times)
        if (why := objection_to_aim(self.fault, settings, target)) is not None:
            raise ValueError(why)
        return fault_rule(self.fault, settings, target, trigger)


HELD_ACTIONS = (held.RELEASE, held.DROP, *(decision.typed for decision in Decision))
"""As in ``POST /_sim/requests/1204/release``."""
_FOR_TOKENS = frozenset({held.DENY, held.EXPIRE, held.SLOW_DOWN})


def act_on_held(simulator: Simulator, number: int, name: str, by: Actor) -> Done | Impossible:
    """Do one of the table's actions; ``Impossible`` says why not."""
    waiting = simulator.state.held.get(number)
    if waiting is None:
        return Impossible("", Hindrance.UNKNOWN, f"no request {number} is held")
    arrival = waiting.arrival
    if name in _FOR_TOKENS and arrival.operation != CREATE_TOKEN.name:
        why = f"request {number} asks for no token: release it, drop it or edit its answer"
        return Impossible("", Hindrance.CONFLICT, why)
    if name != Decision.APPROVE:
        return simulator.dispatch(DecideHeld(number=number, decision=HeldDecision(how=name)))
    if arrival.user_code is None:
        why = f"request {number} names no device that is known"
        return Impossible("", Hindrance.CONFLICT, why)
    reply = simulator.dispatch(Approve(arrival.user_code, by))
    if isinstance(reply, Impossible):
        return reply
    return simulator.dispatch(DecideHeld(number=number, decision=HeldDecision(how=held.RELEASE)))


def hold_device(simulator: Simulator, user_code: str) -> RuleStands | Impossible:
    """Hold the next request about this device; ``Impossible`` says why not."""
    target = known_target(simulator, Target(user_code=user_code))
    if isinstance(target, Impossible):
        return replace(target, why="no such code is known")
    return simulator.dispatch(AddRule(target=target, trigger=Trigger()))


_SHOWN_OF_FAULT = ("name", "title", "help", "family", "when", "shows", "digit")


class Rules:
    """The rules of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def hold_device(self, asked: ControlRequest) -> ControlAnswer:
        """Hold the next request about one device."""
        user_code = canonical_user_code(asked.texts["user_code"])
        return self._answer_new(hold_device(self._simulator, user_code))

    def hold(self, asked: ControlRequest) -> ControlAnswer:
        """Hold the requests that the body means."""
        try:
            command = RuleRequest.model_validate_json(asked.body or b"{}").command()
        except ValidationError:
            return bad_request(HOLD_USAGE)
        except ValueError as error:
            return bad_request(str(error))
        return self._add(command)

    def inject(self, asked: ControlRequest) -> ControlAnswer:
        """Answer the requests that the body means with a fault."""
        try:
            command = FaultRequest.model_validate_json(asked.body).command()
        except ValidationError:
            return bad_request(FAULT_USAGE)
        except ValueError as error:
            return bad_request(str(error))
        return self._add(command)

    def list_of(self, name: str, kinds: Kinds) -> Act:
        """Make the action that lists the rules of these kinds under a name."""

        def list_them(_asked: ControlRequest) -> ControlAnswer:
            return done({name: [*rule_views(self._simulator, kinds)]})

        return list_them

    def remove(self, kinds: Kinds) -> Act:
        """Make the action that forgets a rule of these kinds."""

        def remove(asked: ControlRequest) -> ControlAnswer:
            reply = self._do(RemoveRule(asked.number), asked.number, kinds)
            return answer_to(reply, {"id": asked.number, "removed": True})

        return remove

    def pause(self, kinds: Kinds, *, is_paused: bool) -> Act:
        """Make the action that lets a rule of these kinds rest, or act again."""

        def pause(asked: ControlRequest) -> ControlAnswer:
            command = PauseRule(rule_id=asked.number, is_paused=is_paused)
            reply = self._do(command, asked.number, kinds)
            return answer_to(reply, {"id": asked.number, "is_paused": is_paused})

        return pause

    def _add(self, command: AddRule) -> ControlAnswer:
        """Add it, unless it is for a code or client that is not known."""
        target = known_target(self._simulator, command.target)
        if isinstance(target, Impossible):
            return answer_to(target, {})
        return self._answer_new(self._simulator.dispatch(replace(command, target=target)))

    def _answer_new(self, reply: RuleStands | Impossible) -> ControlAnswer:
        if isinstance(reply, Impossible):
            return answer_to(reply, {})
        rule = self._simulator.state.rules[reply.rule_id]
        return done(rule_view(rule, self._simulator.now().tick))

    def _do(self, command: PauseRule | RemoveRule, number: int, kinds: Kinds) -> Done | Impossible:
        rule = self._simulator.state.rules.get(number)
        if rule is not None and kind_of(rule) not in kinds:
            why = f"rule {number} is a {kind_of(rule)}"
            return Impossible("", Hindrance.UNKNOWN, why)
        return self._simulator.dispatch(command)


def list_catalogue(_asked: ControlRequest) -> ControlAnswer:
    """Every fault that can be injected."""
    from oidc_sim.faults.catalogue import CATALOGUE  # seldom asked for

    return done({"catalogue": [fault_view(fault) for fault in CATALOGUE]})


def judged_settings(name: str, settings: "Mapping[str, Setting]") -> "dict[str, Setting]":
    """What was set, as the fault's parameters have it.

    Raises:
        ValueError: There is no such fault, or it has no such setting; the text says so.
    """
    from oidc_sim.faults.catalogue import BY_NAME  # seldom asked for
    from oidc_sim.faults.settings import settings_of

    if name not in BY_NAME:
        raise ValueError(
            f"no fault is called {name[:_SHOWN]}; the catalogue has all {len(BY_NAME)}"
        )
    judged = settings_of(BY_NAME[name], settings)
    if isinstance(judged, str):
        raise ValueError(judged)  # noqa: TRY004 - a sentence, and no type that is wrong
    return {given: judged[given] for given in settings}


def fault_view(fault: "Fault") -> dict[str, Any]:
    """One row of the catalogue."""
    return {
        **{name: getattr(fault, name) for name in _SHOWN_OF_FAULT},
        "parameters": [asdict(parameter) for parameter in fault.parameters],
        "times": fault.times,
        "operations": sorted(fault.fit.operations),
        "grants": sorted(fault.fit.grants),
    }
