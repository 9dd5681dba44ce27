"""Approving everything that waits."""

from collections.abc import Iterator

from oidc_sim.actions.answer import OK, Answer, Asked
from oidc_sim.actions.approving import approve_all, count_without_browser
from oidc_sim.engine.model import Actor
from oidc_sim.simulator.simulator import Simulator


def approve_all_pending(simulator: Simulator, _asked: Asked) -> Answer:
    """Says how many, when its turns are over, and how many have no browser any more to approve for."""
    members = {"approved": 0, "without_browser": count_without_browser(simulator)}

    def turns() -> Iterator[None]:
        for some in approve_all(simulator, Actor.SCRIPT):
            members["approved"] += len(some)
            yield

    return Answer(OK, members, turns=turns())
