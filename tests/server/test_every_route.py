"""Walks the real table of routes: whatever is added to it is held to the same rules (T-10, T-11, T-35)."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from oidc_sim.engine.arrival import Target
from oidc_sim.faults.catalogue import fault_rule
from oidc_sim.server.assembly import Server
from oidc_sim.server.http.routes import Protection, Route
from oidc_sim.simulator.simulator import Simulator
from tests.server.raw_http import RawAnswer, connected, request
from tests.server.test_routes import TRAVERSALS
from tests.server.world import open_world

JSON = "Content-Type: application/json"


@dataclass
class Whole:
    """The server as the product runs it, with one device that waits for a decision."""

    server: Server
    simulator: Simulator
    port: int
    user_code: str
    notes: list[str]

    def routes(self, *protections: Protection) -> list[Route]:
        wanted = protections or tuple(Protection)
        return [it for it in self.server.routes if it.protection in wanted]

    def path(self, route: Route) -> str:
        path = re.sub(r"\{user_code\}", self.user_code, route.path)
        return re.sub(r"\{[a-z_]+\}", "unknown", path)

    @property
    def token(self) -> str:
        return f"Authorization: Bearer {self.server.control_token}"

    def state(self) -> str:
        return repr(self.simulator.state)

    async def ask(self, method: str, target: str, *headers: str, body: bytes = b"{}") -> RawAnswer:
        """Send one request; gives the head, and the body unless it is a stream."""
        sent = b"" if method in {"GET", "HEAD"} else body
        data = request(method, target, sent, port=self.port, headers=headers)
        async with connected(self.port) as client:
            await client.send(data)
            return await client.answer(to_head=True)


@pytest.fixture
async def whole() -> AsyncIterator[Whole]:
    async with open_world() as world:
        sign_in = await world.sign_in()
        yield Whole(world.server, world.simulator, world.port, sign_in.user_code, world.notes)


async def test_no_route_answers_a_foreign_host(whole: Whole) -> None:
    before = whole.state()
    hosts = ["evil", "evil:PORT", "127.0.0.1.nip.io:PORT", "127.0.0.1@evil", "localhost.:PORT", ""]
    hosts += ["0x7f.1:PORT", "[::ffff:127.0.0.1]:PORT", "localhost"]
    for route in whole.routes():
        for host in hosts:
            line = f"Host: {host.replace('PORT', str(whole.port))}"
            answer = await whole.ask(route.method, whole.path(route), line, whole.token, JSON)
            assert answer.status == 421, (route, host)
        target = f"http://evil{whole.path(route)}"
        answer = await whole.ask(route.method, target, whole.token, JSON)
        assert answer.status == 421, route
    assert whole.state() == before


async def test_every_control_route_but_health_wants_the_token(whole: Whole) -> None:
    control = [it for it in whole.routes() if it.path.startswith("/_sim/")]
    assert {it.path for it in control if it.protection is not Protection.TOKEN} == {"/_sim/health"}
    before = whole.state()
    right = whole.server.control_token
    wrong = ["", "Bearer", "Bearer x", f"Bearer {right}x", f"Bearer {right[:-1]}", f"Basic {right}"]
    wrong += [right, f"Bearer  {right}", f"Bearer {right.swapcase()}", "Bearer \u00e9"]
    for route in whole.routes(Protection.TOKEN):
        for credentials in wrong:
            line = f"Authorization: {credentials}"
            answer = await whole.ask(route.method, whole.path(route), line, JSON)
            assert answer.status == 401, (route, credentials)
        answer = await whole.ask(route.method, f"{whole.path(route)}?token={right}", JSON)
        assert answer.status == 401, route
    assert whole.state() == before


@pytest.mark.parametrize(
    "header",
    [
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
    ],
)
async def test_no_protected_route_answers_another_site(whole: Whole, header: str) -> None:
    before = whole.state()
    for route in whole.routes(Protection.TOKEN, Protection.PAGE):
        answer = await whole.ask(route.method, whole.path(route), header, whole.token, JSON)
        assert answer.status == 403, route
    assert whole.state() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_no_control_route_takes_a_body_that_a_web_page_can_send(
    whole: Whole, kind: str
) -> None:
    before = whole.state()
    for route in whole.routes(Protection.TOKEN):
        if route.method == "POST":
            answer = await whole.ask(
                "POST", whole.path(route), whole.token, f"Content-Type: {kind}"
            )
            assert answer.status == 403, route
    assert whole.state() == before


ANOTHER_SITE = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"]


@pytest.mark.parametrize("site", ANOTHER_SITE)
@pytest.mark.parametrize("mode", ["no-cors", "cors", "navigate"])
async def test_what_a_page_of_another_site_posts_to_aws_changes_and_records_nothing(
    whole: Whole, site: str, mode: str
) -> None:
    """Whether it waits for nothing, waits, or is nothing at all; and rules are not spent on it."""
    whole.simulator.dispatch(fault_rule("drop", {}, Target()))
    before, told = whole.state(), whole.simulator.log.exchanges.seen
    targets = [whole.path(it) for it in whole.routes(Protection.OPEN) if it.method == "POST"]
    assert {"/client/register", "/device_authorization", "/token", "/logout", "/"} <= {*targets}
    targets += ["/token?aws_iam=t", "/nowhere", "/assignment/nowhere"]
    for target in targets:
        dest = "Sec-Fetch-Dest: document" if mode == "navigate" else "Sec-Fetch-Dest: empty"
        answer = await whole.ask("POST", target, site, f"Sec-Fetch-Mode: {mode}", dest)
        assert answer.status == 403, target
        assert str(answer.header("x-amzn-ErrorType")).startswith("InvalidRequestException:")
    assert whole.state() == before
    assert whole.simulator.log.exchanges.seen == told
    assert whole.simulator.log.turned_away == len(targets)
    (note,) = whole.notes
    assert note.startswith("a page of another site calls")


@pytest.mark.parametrize("site", ANOTHER_SITE)
async def test_what_a_page_of_another_site_loads_is_not_recorded_but_where_it_leads_is(
    whole: Whole, site: str
) -> None:
    told = whole.simulator.log.exchanges.seen
    for target in ("/authorize", "/assignment/accounts", "/nowhere"):
        for method in ("GET", "HEAD"):
            answer = await whole.ask(method, target, site, "Sec-Fetch-Dest: image")
            assert answer.status == 403
        assert whole.simulator.log.exchanges.seen == told
    for target in ("/", "/device", "/nowhere"):  # as if an SDK had signed it
        signed = f"{target}?X-Amz-Credential=a/20200101/us-east-1/s3/aws4_request"
        for method in ("GET", "POST"):
            answer = await whole.ask(method, signed, site, "Sec-Fetch-Dest: image")
            assert answer.status in {200, 403}
        assert whole.simulator.log.exchanges.seen == told
    answer = await whole.ask("GET", "/nowhere", site, "Sec-Fetch-Dest: document")
    assert (answer.status, whole.simulator.log.exchanges.seen) == (404, told + 1)


@pytest.mark.parametrize(
    "header", ["Sec-Fetch-Mode: cors", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none"]
)
async def test_programs_and_pages_of_ours_use_aws_as_before(whole: Whole, header: str) -> None:
    """Node's fetch sends the first, and nothing else of the kind."""
    body = b'{"clientName":"n","clientType":"public"}'
    answer = await whole.ask("POST", "/client/register", header, body=body)
    assert answer.status == 200
    assert whole.notes == []


async def test_a_page_whose_own_name_leads_here_does_not_fill_the_record(whole: Whole) -> None:
    told = whole.simulator.log.exchanges.seen
    for _ in range(50):
        assert (await whole.ask("POST", "/token", "Host: evil.example")).status == 421
    assert whole.simulator.log.exchanges.seen == told + 1
    assert whole.simulator.log.turned_away == 49


async def test_no_answer_lets_other_sites_read_it(whole: Whole) -> None:
    for route in whole.routes():
        answer = await whole.ask(route.method, whole.path(route), whole.token, JSON)
        names = [name.lower() for name, _ in answer.headers]
        assert not [it for it in names if it.startswith("access-control-")], route
        assert "server" not in names, route


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_reading_changes_nothing(whole: Whole, method: str) -> None:
    before = whole.state()
    for route in whole.routes():
        for query in ("", f"?user_code={whole.user_code}&_method=POST&decision=approve"):
            await whole.ask(method, whole.path(route) + query, whole.token)
            await whole.ask(
                method, whole.path(route) + query, whole.token, "X-HTTP-Method-Override: POST"
            )
    assert whole.state() == before


async def test_no_spelling_trick_gets_an_answer_from_a_route(whole: Whole) -> None:
    before = whole.state()
    paths = [it for it in TRAVERSALS if it not in {"/", ""}]
    assert len(paths) >= 40
    for path in paths:
        for method in ("GET", "POST"):
            answer = await whole.ask(method, path, whole.token, JSON)
            # What the parser itself refuses is 400; the rest is no operation and no page.
            assert answer.status in {400, 404, 421}, (method, path)
    assert whole.state() == before
