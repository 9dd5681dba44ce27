"""The whole server, as the control API's tests reach it."""

from tests.server.conftest import aws, site, world

__all__ = ["aws", "site", "world"]
