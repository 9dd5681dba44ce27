"""Worlds to test the engine in."""

import pytest

from oidc_sim.engine.model import Policy
from tests.engine.world import SignIn, World

RFC = Policy(interval_s=5, throttles=True)
"""What ``--profile rfc`` means."""


@pytest.fixture
def world() -> World:
    """A world that behaves as AWS's traces show."""
    return World()


@pytest.fixture
def rfc_world() -> World:
    """A world that throttles as RFC 8628 §3.5 says."""
    return World(policy=RFC)


@pytest.fixture
def pc(world: World) -> SignIn:
    """A client without scopes that holds a fresh device code."""
    return world.sign_in()
