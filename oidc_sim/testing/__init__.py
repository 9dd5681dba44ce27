"""The real server for tests and scripts: ``from oidc_sim.testing import run_server``.

Nothing of the server is imported before that name is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oidc_sim.testing.server import run_server

__all__ = ["run_server"]


def __getattr__(name: str) -> Any:
    """Import the server when somebody asks for it."""
    if name != "run_server":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from oidc_sim.testing import server

    return server.run_server
