from collections.abc import Mapping

import pytest
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.http.routes import Protection, Route, Routes
from oidc_sim.wire.http import path_of


async def _never(request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
    raise AssertionError("the table must not call anything")


def route(method: str, path: str, protection: Protection = Protection.OPEN) -> Route:
    return Route(method, path, _never, protection)


TOKEN = route("POST", "/token")
APPROVE = route("POST", "/_sim/devices/{user_code}/approve", Protection.TOKEN)
FAULT = route("DELETE", "/_sim/faults/{id}", Protection.TOKEN)
STEP = route("POST", "/_sim/{what}/{number}", Protection.TOKEN)
TABLE = Routes([TOKEN, route("GET", "/device"), APPROVE, FAULT, STEP])


def test_an_exact_path_is_found_with_no_texts() -> None:
    assert TABLE.find("POST", "/token") == (TOKEN, {})


def test_a_pattern_gives_the_texts_of_its_segments() -> None:
    assert TABLE.find("POST", "/_sim/devices/BCDF-GHJK/approve") == (
        APPROVE,
        {"user_code": "BCDF-GHJK"},
    )
    assert TABLE.find("POST", "/_sim/clock/600") == (STEP, {"what": "clock", "number": "600"})


def test_a_route_is_found_only_with_its_method() -> None:
    assert TABLE.find("GET", "/token") is None
    assert TABLE.find("GET", "/_sim/devices/BCDF-GHJK/approve") is None
    assert TABLE.find("post", "/token") is None


def test_the_table_tells_which_methods_a_path_has() -> None:
    assert TABLE.methods("/token") == {"POST"}
    assert TABLE.methods("/_sim/faults/3") == {"DELETE", "POST"}
    assert TABLE.methods("/nowhere") == frozenset()


def test_the_table_can_be_walked() -> None:
    assert {it.path for it in TABLE if it.protection is Protection.TOKEN} == {
        APPROVE.path,
        FAULT.path,
        STEP.path,
    }


def test_two_routes_cannot_share_method_and_path() -> None:
    with pytest.raises(ValueError, match="POST /token"):
        Routes([TOKEN, route("POST", "/token")])


def test_a_dot_in_a_route_is_no_wildcard() -> None:
    table = Routes([route("GET", "/{name}/style.css")])
    assert table.find("GET", "/a/style.css")
    assert table.find("GET", "/a/styleXcss") is None


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/token", "/token"),
        ("/token?x=/device", "/token"),
        ("/?", "/"),
        ("/a%2fb", "/a%2fb"),
        ("//evil.example/token", "//evil.example/token"),
        ("http://127.0.0.1:8990/token?x=1", "/token"),
        ("HTTP://127.0.0.1:8990/token", "/token"),
        ("http://127.0.0.1:8990", "/"),
        ("http://127.0.0.1:8990?x=1", "/"),
        ("*", "*"),
        ("evil.example:443", "evil.example:443"),
    ],
)
def test_the_path_is_the_raw_text_before_the_query(target: str, path: str) -> None:
    assert path_of(target) == path


TRAVERSALS = [
    "",
    "/",
    "/token/",
    "//token",
    "/./token",
    "/../token",
    "/x/../token",
    "/token/.",
    "/token/..",
    "/%74oken",
    "/token%00",
    "/token\x00",
    "/token%20",
    "/token;x",
    "/token#x",
    "/TOKEN",
    "/token/../device",
    "/..",
    "/../",
    "/../../etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%252f..%252fetc%252fpasswd",
    "/..\\..\\etc\\passwd",
    "/%5c..%5c..",
    "/..%c0%af..%c0%afetc/passwd",
    "/.%2e/etc/passwd",
    "/etc/passwd",
    "/static/../../etc/passwd",
    "/static/",
    "file:///etc/passwd",
    "/_sim/devices//approve",
    "/_sim/devices/./approve",
    "/_sim/devices/../approve",
    "/_sim/devices/%2e%2e/approve",
    "/_sim/devices/a%2fb/approve",
    "/_sim/devices/a b/approve",
    "/_sim/devices/a\nb/approve",
    "/_sim/devices/\udcff/approve",
    "/_sim/devices/\u0430/approve",
    "/_sim/devices/BCDF-GHJK/approve/",
    "/_sim/devices/BCDF-GHJK/approve\n",
    "/_sim/devices/BCDF-GHJK//approve",
    "/_SIM/devices/BCDF-GHJK/approve",
    "/_sim/devices/BCDF-GHJK/approve/../../..",
]


@pytest.mark.parametrize("path", TRAVERSALS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_no_spelling_trick_reaches_a_route(method: str, path: str) -> None:
    assert TABLE.find(method, path) is None
