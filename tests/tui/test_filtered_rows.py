import json
from dataclasses import dataclass, field

import pytest

from oidc_sim.filtering import Expression, parse
from oidc_sim.filtering.language import Facts
from oidc_sim.record.exchange import Exchange
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.lists import ClientRows, DeviceRows, RequestRows, filtered
from oidc_sim.tui.lists.filtered import (
    FIELDS,
    FilteredRequests,
    FilteredRows,
    facts_of_client,
    facts_of_device,
    facts_of_exchange,
)
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.answers import Answer


def read(text: str) -> Expression:
    expression = parse(text)
    assert isinstance(expression, Expression)
    return expression


@dataclass
class Asked:
    """Counts what the filter is asked about."""

    scenario: Scenario
    numbers: list[int] = field(default_factory=list)

    def __call__(self, exchange: Exchange) -> Facts:
        self.numbers.append(exchange.number)
        return facts_of_exchange(exchange, self.scenario.simulator)


def requests(scenario: Scenario, text: str, asked: Asked | None = None) -> FilteredRequests:
    simulator = scenario.simulator
    facts = asked or Asked(scenario)
    return FilteredRequests(RequestRows(simulator), simulator.log, read(text), facts)


def ids(rows: FilteredRequests | FilteredRows) -> list[str | int]:
    return [rows.id_at(index) for index in range(len(rows))]


def busy(scenario: Scenario) -> None:
    program = scenario.register("aws-cli")
    program.poll(program.start(), times=2)
    scenario.register("acme")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("status>=400", [3, 4]),
        ("error", []),
        ("authorization_pending", [3, 4]),
        ("client:aws-cli grant:*device_code", [3, 4]),
        ("agent:aws-cli/* endpoint:/token ms<1", [3, 4]),
        ("op:RegisterClient", [1, 5]),
        ("!scope:sso:*", []),
        ("held | fault", []),
    ],
)
def test_requests_are_those_that_fit_in_their_order(text: str, numbers: list[int]) -> None:
    scenario = Scenario()
    busy(scenario)
    assert ids(requests(scenario, text)) == numbers


def test_a_request_is_asked_about_once_however_often_the_screen_looks() -> None:
    scenario = Scenario()
    busy(scenario)
    asked = Asked(scenario)
    rows = requests(scenario, "status>=400", asked)
    for _ in range(3):
        assert ids(rows) == [3, 4]
    scenario.register("another")
    assert ids(rows) == [3, 4]
    assert asked.numbers == [1, 2, 3, 4, 5, 6]


def test_a_held_request_is_asked_about_again_when_it_is_answered() -> None:
    scenario = Scenario()
    busy(scenario)
    log = scenario.simulator.log
    fit, unfit = requests(scenario, "status=200"), requests(scenario, "outcome-to-come")
    first = log.exchanges.get(5)
    assert first is not None
    log.reserve(first._replace(number=next(scenario._numbers), outcome="outcome-to-come"))
    scenario.register("later")
    assert (ids(fit), ids(unfit)) == ([1, 2, 5, 6, 7], [6])
    log.complete(first._replace(number=6, status=400))
    assert (ids(fit), ids(unfit)) == ([1, 2, 5, 7], [])
    log.complete(first._replace(number=6, status=200))
    assert ids(fit) == [1, 2, 5, 6, 7]


def test_what_the_record_dropped_is_gone_and_the_others_keep_their_ids() -> None:
    scenario = Scenario(exchanges_kept=4)
    rows = requests(scenario, "op:RegisterClient")
    for number in range(9):
        scenario.register(f"client {number}")
        assert len(rows) == min(number + 1, 4)
    assert ids(rows) == [6, 7, 8, 9]
    assert [rows.index_of(number) for number in (5, 6, 9, 10)] == [None, 0, 3, None]
    assert rows.index_of("text") is None
    assert rows.cells(3).cells[1] == "9"


def test_those_that_were_there_are_asked_about_a_few_at_a_time_the_newest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filtered, "ASKED_AT_ONCE", 2)
    scenario = Scenario()
    busy(scenario)
    asked = Asked(scenario)
    rows = requests(scenario, "status>=200", asked)
    assert (ids(rows), rows.is_whole) == ([4, 5], False)
    before = rows.version
    scenario.register("another")
    rows.read_on()
    assert rows.version != before
    assert (ids(rows), rows.is_whole) == ([2, 3, 4, 5, 6], False)
    rows.read_on()
    rows.read_on()
    assert (ids(rows), rows.is_whole) == ([1, 2, 3, 4, 5, 6], True)
    assert asked.numbers == [4, 5, 2, 3, 6, 1]


def test_one_that_is_answered_before_it_was_asked_about_is_there_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filtered, "ASKED_AT_ONCE", 1)
    scenario = Scenario()
    busy(scenario)
    rows = requests(scenario, "status=200")
    second = scenario.simulator.log.exchanges.get(2)
    assert second is not None
    scenario.simulator.complete(second)
    assert ids(rows) == [5]
    for _ in range(4):
        rows.read_on()
    assert ids(rows) == [1, 2, 5]


def test_what_is_dropped_before_it_was_asked_about_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtered, "ASKED_AT_ONCE", 1)
    scenario = Scenario(exchanges_kept=4)
    for number in range(4):
        scenario.register(f"client {number}")
    rows = requests(scenario, "op:RegisterClient")
    scenario.register("one more")
    scenario.register("one more")
    for _ in range(3):
        rows.read_on()
    assert (ids(rows), rows.is_whole) == ([3, 4, 5, 6], True)


def test_the_agent_is_the_value_of_that_header_and_nothing_else() -> None:
    scenario = Scenario()
    hostile = ((b"X-A", b"user-agent"), (b"X-B", b"wrong"), (b"User-AGENT", b"right/1"))
    for headers in (hostile, hostile[:2]):
        scenario.record("POST", "/", b"{}", Answer(200, b"{}", None, "x"), headers=headers)
    told = [
        facts_of_exchange(it, scenario.simulator)["agent"]
        for it in scenario.simulator.log.exchanges.since(0)
    ]
    assert told == ["right/1", ""]


@pytest.mark.parametrize("more", [0, 10_000])
def test_a_body_of_any_size_names_its_scopes(more: int) -> None:
    scenario = Scenario()
    body = json.dumps({"scopes": ["a:b"], "x": "y" * more}).encode()
    scenario.record("POST", "/", body, Answer(200, b"{}", None, "x"))
    exchange = scenario.simulator.log.exchanges.get(1)
    assert exchange is not None
    assert facts_of_exchange(exchange, scenario.simulator)["scope"] == ("a:b",)


def test_devices_come_and_go_with_their_state() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    codes = [program.start().user_code for _ in range(3)]
    simulator = scenario.simulator
    rows = FilteredRows(
        DeviceRows(simulator),
        simulator.log,
        read("state:pending & client=aws-cli"),
        lambda code: facts_of_device(simulator.state.devices[code], simulator.now().at),
    )
    assert ids(rows) == codes[::-1]
    scenario.decide("approve", codes[1])
    assert ids(rows) == [codes[2], codes[0]]
    assert rows.index_of(codes[1]) is None
    assert rows.index_of(codes[0]) == 1
    assert rows.cells(1).cells[1] == codes[0]


def test_clients_are_found_by_name_and_scope() -> None:
    scenario = Scenario()
    busy(scenario)
    simulator = scenario.simulator
    rows = FilteredRows(
        ClientRows(simulator),
        simulator.log,
        read("acme scope:sso:account:access"),
        lambda client_id: facts_of_client(simulator.state.clients[client_id]),
    )
    assert [rows.cells(index).cells[0] for index in range(len(rows))] == ["acme"]


def test_what_can_be_asked_of_a_list_is_what_its_rows_tell() -> None:
    scenario = Scenario()
    busy(scenario)
    simulator = scenario.simulator
    device = next(iter(simulator.state.devices.values()))
    client = next(iter(simulator.state.clients.values()))
    exchange = next(iter(simulator.log.exchanges.since(0)))
    told = facts_of_exchange(exchange, simulator).keys() - {"outcome"}
    assert told == FIELDS[Panel.REQUESTS].names
    assert facts_of_device(device, 0).keys() == FIELDS[Panel.DEVICES].names
    assert facts_of_client(client).keys() == FIELDS[Panel.CLIENTS].names
