"""A filter means the same in a list, to a rule that a key makes, after ``ctl`` and in the control API."""

from oidc_sim.actions.rules import read_filter
from oidc_sim.actions.typed_lines import read
from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.engine.commands import AddRule, Approve
from oidc_sim.engine.replies import RuleStands
from oidc_sim.filtering import Expression, parse
from oidc_sim.tui.lists import RequestRows
from oidc_sim.tui.lists.filtered import FilteredRequests, facts_of_exchange
from oidc_sim.wire.portal import TOKEN_HEADER
from tests.server.world import World, open_world

REGISTER, REFUSED, START, PENDING, STRANGE, TOKEN, REFRESH, ACCOUNTS, BROWSER, BROKEN = range(1, 11)
OF_DEMO = {REGISTER, START, PENDING, STRANGE, TOKEN, REFRESH, ACCOUNTS, BROWSER}
MEANT = {
    "client:demo": OF_DEMO,
    "client:rejected": {REFUSED},
    "!client:demo": {REFUSED, BROKEN},
    "op:createtoken": {PENDING, STRANGE, TOKEN, REFRESH, BROKEN},
    "endpoint:/token": {PENDING, STRANGE, TOKEN, REFRESH, BROKEN},
    "grant:refresh_token": {REFRESH},
    "grant:*device_code": {PENDING, STRANGE, TOKEN},
    "agent:curl*": {STRANGE},
    "scope:sso:*": OF_DEMO - {BROWSER},
    "scope:c:d": {BROWSER},
    "code:*": {PENDING, STRANGE, TOKEN, REFRESH, ACCOUNTS},
    "grant:refresh_token | agent:curl*": {STRANGE, REFRESH},
}
TOLD_BY_ANSWERS = {"code:*": {START}}
"""What a list knows beyond that: which code was issued."""


async def traffic(world: World) -> None:
    """One request of each kind, in the order of their numbers."""
    client = await world.register(scopes=["sso:account:access"])
    await world.call("POST", "/client/register", {"clientName": "rejected", "clientType": "no"})
    own = {name: client[name] for name in ("clientId", "clientSecret")}
    start = {**own, "startUrl": "https://d-1234567890.awsapps.com/start"}
    device = (await world.call("POST", "/device_authorization", start)).json()
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    poll = {**own, "deviceCode": device["deviceCode"], "grantType": grant}
    await world.call("POST", "/token", poll)
    await world.call("POST", "/token", poll, "User-Agent: curl/8")
    world.do(Approve(device["userCode"]))
    tokens = (await world.call("POST", "/token", poll)).json()
    again = {**own, "refreshToken": tokens["refreshToken"], "grantType": "refresh_token"}
    token = (await world.call("POST", "/token", again)).json()["accessToken"]
    await world.call("GET", "/assignment/accounts", b"", f"{TOKEN_HEADER}: {token}")
    query = (
        f"response_type=code&client_id={client['clientId']}&state=s&scopes=c:d"
        "&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Foauth%2Fcallback"
        f"&code_challenge={'x' * 43}&code_challenge_method=S256"
    )
    await world.call("GET", f"/authorize?{query}", b"", "Sec-Fetch-Mode: navigate")
    await world.call("POST", "/token", b"{")


async def counting_rules(world: World, text: str) -> list[int]:
    """Rules that count what they mean and catch nothing, made by a key, by ctl and by the API."""
    trigger = Trigger(skip=1000, times=1)
    target = Target(filter=read_filter(text))
    by_key = world.simulator.dispatch(AddRule(target=target, trigger=trigger))
    assert isinstance(by_key, RuleStands)
    typed = read(["hold", text, "skip=1000", "all=true"])
    assert typed.members is not None
    by_ctl = await world.control("POST", "holds", typed.members)
    by_api = await world.control("POST", "holds", {"filter": text, "skip": 1000, "all": True})
    return [by_key.rule_id, by_ctl.json()["id"], by_api.json()["id"]]


def rows(world: World, text: str) -> set[int]:
    """The numbers in the list of requests under a filter."""
    simulator, expression = world.simulator, parse(text)
    assert isinstance(expression, Expression)
    found = FilteredRequests(
        RequestRows(simulator),
        simulator.log,
        expression,
        lambda it: facts_of_exchange(it, simulator),
    )
    return {int(found.id_at(index)) for index in range(len(found))}


async def test_a_filter_means_the_same_requests_everywhere() -> None:
    async with open_world() as world:
        rules = {text: await counting_rules(world, text) for text in MEANT}
        await traffic(world)
        known = world.simulator.state.rules
        counted = {text: [known[it].matched for it in ids] for text, ids in rules.items()}
        listed = {text: rows(world, text) - TOLD_BY_ANSWERS.get(text, set()) for text in MEANT}
    assert listed == MEANT
    assert counted == {text: [len(numbers)] * 3 for text, numbers in MEANT.items()}
