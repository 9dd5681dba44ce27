"""Whatever is added to a union has a place everywhere that its members are told apart."""

import ast
import inspect
import pkgutil
from dataclasses import fields
from importlib import import_module
from typing import Any, get_args, get_type_hints

import pytest

from oidc_sim import wire
from oidc_sim.engine import commands
from oidc_sim.engine import replies as r
from oidc_sim.engine.commands import Command, DeviceCommand, RegistrationCommand
from oidc_sim.engine.decide import DECIDERS
from oidc_sim.engine.events import Event, PollOutcome
from oidc_sim.engine.evolve import CHANGES
from oidc_sim.engine.polling import _REASONS
from oidc_sim.engine.replies import Reason, Reply
from oidc_sim.wire import authorize, errors, portal

NOT_ON_THE_WIRE = {
    r.SignInStarted: "a browser is sent to a page of ours",
    r.StillWaiting: "the same page goes on waiting",
    r.Bearer: "what is asked for with a token is looked up in the directory",
    r.SendBack: "a browser is sent to its client's address, which is not ours to answer for",
    r.Changed: "an operator's",
    r.ClientChanged: "an operator's",
    r.Impossible: "an operator's",
    r.RuleStands: "an operator's",
    r.Admitted: "what the server does with a request, not what it answers",
    r.ClockMoved: "an operator's",
    r.Done: "upkeep, and a sign-out, whose answer is empty",
}


def kinds(union: Any) -> set[type[Any]]:
    return set(get_args(union))


def test_every_command_is_decided_and_answered_as_it_says() -> None:
    every = {
        it for it in vars(commands).values() if isinstance(it, type) and Command in it.__bases__
    }
    assert DECIDERS.keys() == every
    assert kinds(DeviceCommand) | kinds(RegistrationCommand) < every
    for command, decider in DECIDERS.items():
        (base,) = vars(command)["__orig_bases__"]
        _state, taken, *_, given = get_type_hints(decider).values()
        assert command in {taken, *get_args(taken)}
        assert get_args(given)[1:] == get_args(base)


def test_every_event_has_its_change() -> None:
    assert CHANGES.keys() == kinds(Event)


@pytest.mark.parametrize("kind", get_args(Event))
def test_every_event_is_frozen_and_says_when(kind: type[Any]) -> None:
    assert vars(kind)["__dataclass_params__"].frozen
    assert "at" in {field.name for field in fields(kind)}


def encoded() -> set[type[Any]]:
    """Every kind of reply that a function of the wire takes."""
    found: set[type[Any]] = set()
    for module in pkgutil.iter_modules(wire.__path__):
        for _, function in inspect.getmembers(
            import_module(f"{wire.__name__}.{module.name}"), inspect.isfunction
        ):
            hints = get_type_hints(function)
            hints.pop("return", None)
            found |= {hint for hint in hints.values() if isinstance(hint, type)}
    return found & kinds(Reply)


def test_every_reply_is_encoded_or_known_not_to_be_on_the_wire() -> None:
    assert not encoded() & NOT_ON_THE_WIRE.keys()
    assert encoded() | NOT_ON_THE_WIRE.keys() == kinds(Reply)


def test_every_outcome_of_a_poll_but_a_token_is_a_reason() -> None:
    assert _REASONS.keys() == set(PollOutcome) - {PollOutcome.TOKEN}


def test_every_reason_has_words_somewhere() -> None:
    """At the token endpoint, at the portal, or in a browser's redirect."""
    told = errors._BY_REASON.keys() | portal._BY_REASON.keys() | authorize._TEXTS.keys()
    assert told == set(Reason)


def test_every_reason_that_a_browser_may_be_redirected_with_has_words_there() -> None:
    """The engine's own source says which: where it gives a redirect, and where it turns one away."""
    from oidc_sim.engine import browser

    tree = ast.parse(inspect.getsource(browser._objection) + inspect.getsource(browser._turn_away))
    named = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Reason"
    }
    assert {Reason[name] for name in named} == authorize._TEXTS.keys()
