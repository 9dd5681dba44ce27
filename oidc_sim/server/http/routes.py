"""The table of routes: method and path of each handler, and what protects it.

By hand, since aiohttp's router costs 7 microseconds a request, decodes the path before it compares,
and answers unknown paths itself. Here a path is the raw text of the request line up to the query:
``%2f``, ``//`` and ``/../`` are letters like others and so belong to no route (T-35). Exact paths
are one dictionary lookup; paths with ``{name}`` segments are tried after that.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from aiohttp.http_parser import RawRequestMessage
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.wire.operations import Operation

Endpoint = Callable[[BaseRequest, Mapping[str, str]], Awaitable[StreamResponse]]
"""Answers a request; the mapping has the texts that stand for the path's ``{name}`` segments."""

AtOnce = Callable[[RawRequestMessage, bytes], bytes]
"""Answers a request that has come whole, with its body, by all the bytes of a response that keeps the
connection. It waits for nothing."""

_NOTHING: Mapping[str, str] = MappingProxyType({})
# What a {name} may stand for: unreserved characters (RFC 3986), and not a dot segment.
_SEGMENT = r"(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Protection(Enum):
    """The proof that a request needs before a route's handler may act on it."""

    OPEN = "open"
    """Nothing: the services that clients use, the pages that are only read, and health."""
    TOKEN = "token"
    """The control API's bearer token."""
    PAGE = "page"
    """A form of our own page: same origin, and its CSRF token."""


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table. ``path`` is raw; ``{name}`` stands for one segment."""

    method: str
    path: str
    endpoint: Endpoint
    protection: Protection
    query: str | None = None
    """A parameter that the query must have; such a row goes before one that asks for none."""
    at_once: AtOnce | None = None
    """The same answer as ``endpoint``'s where nothing has to be waited for; of open exact paths only."""
    operation: str | None = None
    """AWS's name for what it serves; rules that are active look at the requests of such a route."""


def operation_route(
    operation: Operation, endpoint: Endpoint, at_once: AtOnce | None = None
) -> Route:
    """Make the route of one of AWS's operations."""
    return Route(
        operation.method,
        operation.path,
        endpoint,
        Protection.OPEN,
        operation.query,
        at_once,
        operation.name,
    )


class Routes:
    """An immutable table of routes. Iterating gives them all, so that a test can walk them."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Build the table.

        Raises:
            ValueError: two rows have the same method, path and query.
        """
        self._all = tuple(routes)
        self._exact: dict[tuple[str, str], Route] = {}
        self._by_query: dict[tuple[str, str], list[Route]] = {}
        self._patterns: list[tuple[str, re.Pattern[str], Route]] = []
        for route in self._all:
            self._add(route)

    def _add(self, route: Route) -> None:
        if [_place(known) for known in self._all].count(_place(route)) > 1:
            message = f"two routes for {route.method} {route.path}"
            raise ValueError(message)
        if route.query is not None:
            self._by_query.setdefault((route.method, route.path), []).append(route)
        elif "{" in route.path:
            self._patterns.append((route.method, _compile(route.path), route))
        else:
            self._exact[route.method, route.path] = route

    def __iter__(self) -> Iterator[Route]:
        return iter(self._all)

    def find(
        self, method: str, path: str, query: str = ""
    ) -> tuple[Route, Mapping[str, str]] | None:
        """Return the route for a method, raw path and raw query with its ``{name}`` texts, or None."""
        if query:
            for wanting in self._by_query.get((method, path), ()):
                if _has_parameter(query, wanting.query):
                    return wanting, _NOTHING
        route = self._exact.get((method, path))
        if route is not None:
            return route, _NOTHING
        for wanted, pattern, candidate in self._patterns:
            match = pattern.fullmatch(path) if wanted == method else None
            if match:
                return candidate, match.groupdict()
        return None

    def methods(self, path: str) -> frozenset[str]:
        """Return the methods that a raw path has routes for: empty means 404, else 405."""
        exact = frozenset(method for method, known in self._exact if known == path)
        return exact.union(m for m, pattern, _ in self._patterns if pattern.fullmatch(path))


def _place(route: Route) -> tuple[str, str, str | None]:
    return route.method, route.path, route.query


def _has_parameter(query: str, name: str | None) -> bool:
    return any(part.partition("=")[0] == name for part in query.split("&"))


def _compile(path: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(path)  # literal, name, literal, name, …, literal
    return re.compile(
        "".join(
            f"(?P<{part}>{_SEGMENT})" if at % 2 else re.escape(part)
            for at, part in enumerate(parts)
        ),
        re.ASCII,
    )
