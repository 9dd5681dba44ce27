"""What lies in wait: holds and faults are added, listed, paused and removed."""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from oidc_sim.actions.answer import Act, Answer, Asked, bad_request, done, told
from oidc_sim.actions.held_actions import hold_device
from oidc_sim.actions.rule_view import Kinds, kind_of, rule_view, rule_views
from oidc_sim.actions.rule_wish import FAULT_USAGE, HOLD_USAGE, FaultWish, RuleWish
from oidc_sim.actions.targets import known_target
from oidc_sim.engine.commands import AddRule, PauseRule, RemoveRule
from oidc_sim.engine.replies import Hindrance, Impossible, Reply, RuleStands
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.simulator.simulator import Simulator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oidc_sim.engine.arrival import Setting
    from oidc_sim.faults.row import Fault


_SHOWN = 60
"""Characters of what was typed that are said back."""


class Rules:
    """The rules of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def hold_device(self, asked: Asked) -> Answer:
        """Hold the next request about one device."""
        user_code = canonical_user_code(asked.texts["user_code"])
        return self._told_new(hold_device(self._simulator, user_code))

    def hold(self, asked: Asked) -> Answer:
        """Hold what fits."""
        try:
            command = RuleWish.model_validate_json(asked.body or b"{}").command()
        except ValidationError:
            return bad_request(HOLD_USAGE)
        except ValueError as error:
            return bad_request(str(error))
        return self._add(command)

    def inject(self, asked: Asked) -> Answer:
        """Answer what fits with a fault."""
        try:
            wish = FaultWish.model_validate_json(asked.body)
            command = wish.command(judged_settings(wish.fault, wish.settings))
        except ValidationError:
            return bad_request(FAULT_USAGE)
        except ValueError as error:
            return bad_request(str(error))
        if (why := _objection_to_aim(command)) is not None:
            return bad_request(why)
        return self._add(command)

    def list_of(self, name: str, kinds: Kinds) -> Act:
        """Lists the rules of these kinds under a name."""

        def list_them(_asked: Asked) -> Answer:
            return done({name: [*rule_views(self._simulator, kinds)]})

        return list_them

    def remove(self, kinds: Kinds) -> Act:
        """Forgets one of these kinds."""

        def remove(asked: Asked) -> Answer:
            reply = self._do(RemoveRule(asked.number), asked.number, kinds)
            return told(reply, {"id": asked.number, "removed": True})

        return remove

    def pause(self, kinds: Kinds, *, is_paused: bool) -> Act:
        """Lets one of these kinds rest, or act again."""

        def pause(asked: Asked) -> Answer:
            command = PauseRule(rule_id=asked.number, is_paused=is_paused)
            reply = self._do(command, asked.number, kinds)
            return told(reply, {"id": asked.number, "is_paused": is_paused})

        return pause

    def _add(self, command: AddRule) -> Answer:
        """Add it, unless it is for a code or client that is not known."""
        target = known_target(self._simulator, command.target)
        if isinstance(target, Impossible):
            return told(target, {})
        return self._told_new(self._simulator.dispatch(replace(command, target=target)))

    def _told_new(self, reply: Reply) -> Answer:
        """The rule that was added, or why it was not."""
        if not isinstance(reply, RuleStands):
            return told(reply, {})
        rule = self._simulator.state.rules[reply.rule_id]
        return done(rule_view(rule, self._simulator.now().tick))

    def _do(self, command: PauseRule | RemoveRule, number: int, kinds: Kinds) -> Reply:
        rule = self._simulator.state.rules.get(number)
        if rule is not None and kind_of(rule) not in kinds:
            why = f"rule {number} is a {kind_of(rule)}"
            return Impossible("", Hindrance.UNKNOWN, why)
        return self._simulator.dispatch(command)


def list_catalogue(_asked: Asked) -> Answer:
    """Every fault that can be injected."""
    from oidc_sim.faults.catalogue import CATALOGUE  # seldom asked for

    return done({"catalogue": [fault_view(fault) for fault in CATALOGUE]})


def judged_settings(name: str, settings: "Mapping[str, Setting]") -> "dict[str, Setting]":
    """What was set, as the fault's parameters have it.

    Raises:
        ValueError: There is no such fault, or it has no such setting; the text says so.
    """
    from oidc_sim.faults.catalogue import BY_NAME  # seldom asked for
    from oidc_sim.faults.catalogue.settings import settings_of

    if name not in BY_NAME:
        raise ValueError(
            f"no fault is called {name[:_SHOWN]}; the catalogue has all {len(BY_NAME)}"
        )
    judged = settings_of(BY_NAME[name], settings)
    if isinstance(judged, str):
        raise ValueError(judged)  # noqa: TRY004 - a sentence, and no type that is wrong
    return {given: judged[given] for given in settings}


def _objection_to_aim(command: AddRule) -> str | None:
    from oidc_sim.faults.making.reach import objection_to_aim  # seldom asked for

    return objection_to_aim(command.fault or "", command.settings, command.target)


def fault_view(fault: "Fault") -> dict[str, Any]:
    """One row of the catalogue."""
    from oidc_sim.faults.making import made_for, shown

    fit = made_for(fault.name)
    fits = {"operations": sorted(fit.operations), "grants": sorted(fit.grants)}
    return {**asdict(fault), "shows": shown(fault), **fits}
