"""Whom a hold or fault means: a code or a client that is known, and what a filter says of others."""

from dataclasses import replace

from oidc_sim.engine.arrival import EVERYTHING, Filter, Target
from oidc_sim.engine.model import Client
from oidc_sim.engine.replies import Hindrance, Impossible
from oidc_sim.simulator.simulator import Simulator

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
    """What is wrong with a client's id or name in a rule, in a sentence: it is compared as it is."""
    has_wildcard = "*" in text or "?" in text
    return (
        'a client is named by its id or name; filter="client:aws*" takes wildcards'
        if has_wildcard
        else None
    )


def read_filter(text: str) -> Filter:
    """The condition that a text stands for.

    Raises:
        ValueError: It is none; the text says why.
    """
    if not text.strip():
        return EVERYTHING
    from oidc_sim.engine.arrival import request_filter  # seldom asked for
    from oidc_sim.filtering import FilterError

    read = request_filter(text)
    if isinstance(read, FilterError):
        raise ValueError(f"filter, after {read.at} characters: {read.message}")  # noqa: TRY004
    return read
