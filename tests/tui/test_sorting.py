"""What columns are sorted by, and an order that stays as it was taken while rows come and go."""

import random
from collections.abc import Callable, Sequence

import pytest

from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.engine.commands import AddRule, EndHeld, Reset
from oidc_sim.filtering import Expression, parse
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.cells import printable
from oidc_sim.tui.lists import ClientRows, DeviceRows, RequestRows
from oidc_sim.tui.lists.columns import Sort
from oidc_sim.tui.lists.filtered import (
    FilteredRequests,
    FilteredRows,
    facts_of_device,
    facts_of_exchange,
)
from oidc_sim.tui.lists.row_source import RowId, RowSource
from oidc_sim.tui.lists.sorting import ColumnRows, RowSorter, SortedRequests, in_order
from oidc_sim.tui.panels import Panel
from tests.tui.busy import busy
from tests.tui.waiting_requests import arrive

AT = printable("12:41:09")


def ids(rows: RowSource) -> list[RowId]:
    return [rows.id_at(index) for index in range(len(rows))]


def test_numbers_sort_as_numbers_and_what_says_nothing_comes_last() -> None:
    values = {"a": 9, "b": None, "c": 10, "d": 2}
    assert in_order([*values], values.get, is_down=False) == ["d", "a", "c", "b"]
    assert in_order([*values], values.get, is_down=True) == ["c", "a", "d", "b"]


def test_equals_stay_in_their_own_order_either_way() -> None:
    values = {"a": 1, "b": 0, "c": 1, "d": 1}
    assert in_order([*values], values.get, is_down=False) == ["b", "a", "c", "d"]
    assert in_order([*values], values.get, is_down=True) == ["a", "c", "d", "b"]


def test_empty_texts_say_nothing() -> None:
    values = {"a": "", "b": "x", "c": "w"}
    assert in_order([*values], values.get, is_down=True) == ["b", "c", "a"]


SOURCES: dict[Panel, Callable[[Simulator], ColumnRows]] = {
    Panel.CLIENTS: ClientRows,
    Panel.DEVICES: DeviceRows,
    Panel.REQUESTS: RequestRows,
}


def sorter_of(rows: ColumnRows, scenario: Scenario) -> RowSorter:
    return RowSorter(rows, lambda: scenario.simulator.now().at)


@pytest.mark.parametrize("panel", SOURCES)
def test_every_column_can_be_sorted_by_and_loses_no_row(panel: Panel) -> None:
    scenario = Scenario()
    busy(scenario)
    source = SOURCES[panel](scenario.simulator)
    for column in range(len(source.columns)):
        for is_down in (False, True):
            sort = Sort(column, is_down, AT)
            rows = sorter_of(source, scenario).rows(source, sort)
            assert {*ids(rows)} == {*ids(source)}
            assert len(rows) == len(source)
            assert [rows.index_of(row_id) for row_id in ids(rows)] == [*range(len(rows))]
            assert rows.cells(0).cells == source.cells(source.index_of(rows.id_at(0)) or 0).cells
    assert not rows.new


def by_polls(scenario: Scenario, source: RowSource) -> RowSource:
    sorter = sorter_of(DeviceRows(scenario.simulator), scenario)
    return sorter.rows(source, Sort(3, True, AT))


def test_devices_that_come_stand_in_front_and_those_that_go_leave_no_gap() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    few, many, some = (program.start() for _ in range(3))
    for sign_in, times in ((few, 1), (many, 3), (some, 2)):
        program.poll(sign_in, times)
    rows = by_polls(scenario, DeviceRows(scenario.simulator))
    assert ids(rows) == [it.user_code for it in (many, some, few)]
    new = [program.start().user_code, program.start().user_code]
    assert ids(rows) == [*reversed(new), *(it.user_code for it in (many, some, few))]
    del scenario.simulator.state.devices[some.user_code]
    program.start()
    assert ids(rows)[3:] == [many.user_code, few.user_code]
    assert rows.index_of(some.user_code) is None
    assert rows.index_of(few.user_code) == 4
    scenario.simulator.dispatch(Reset())
    assert ids(rows) == []


def test_a_device_that_fits_a_filter_again_has_its_rank_still() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    few, many = program.start(), program.start()
    program.poll(few, 1)
    program.poll(many, 3)
    expression = parse("state:pending")
    assert isinstance(expression, Expression)
    simulator = scenario.simulator
    filtered = FilteredRows(
        DeviceRows(simulator),
        simulator.log,
        expression,
        lambda code: facts_of_device(simulator.state.devices[code], simulator.now().at),
    )
    rows = by_polls(scenario, filtered)
    assert ids(rows) == [many.user_code, few.user_code]
    scenario.decide("deny", many.user_code)
    assert ids(rows) == [few.user_code]
    scenario.decide("undo", many.user_code)
    assert ids(rows) == [many.user_code, few.user_code]


def shuffled(ids: Sequence[RowId]) -> list[RowId]:
    some = [*ids]
    random.Random(7).shuffle(some)
    return some


def expected(source: RowSource, ranked: list[RowId]) -> list[RowId]:
    """What the fast way must come to, the slow way."""
    there = ids(source)
    known = {*ranked}
    return [it for it in ranked if it in there] + [it for it in there if it not in known]


@pytest.mark.parametrize("text", ["", "authorization_pending"])
def test_requests_come_at_the_end_and_are_dropped_from_anywhere(text: str) -> None:
    scenario = Scenario(exchanges_kept=40)
    program = scenario.register("aws-cli")
    sign_in = program.start()
    program.poll(sign_in, 30, 0.7)
    simulator = scenario.simulator
    source: RowSource = RequestRows(simulator)
    if text:
        expression = parse(text)
        assert isinstance(expression, Expression)
        source = FilteredRequests(
            source, simulator.log, expression, lambda it: facts_of_exchange(it, simulator)
        )
    rows = SortedRequests(source, shuffled, lambda: 0)
    ranked = ids(rows)
    for polls in (0, 1, 5, 20, 3, 60, 0, 2):
        program.poll(sign_in, polls, 0.7)
        assert ids(rows) == expected(source, ranked)
        assert [rows.index_of(it) for it in ids(rows)] == [*range(len(rows))]
        assert rows.index_of(-1) is rows.index_of("x") is None


def test_a_late_answer_puts_a_request_in_between_and_the_order_follows() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    simulator = scenario.simulator
    program.poll(sign_in, 3)
    expression = parse("held | status>=400")
    assert isinstance(expression, Expression)
    filtered = FilteredRequests(
        RequestRows(simulator),
        simulator.log,
        expression,
        lambda it: facts_of_exchange(it, simulator),
    )
    simulator.dispatch(AddRule(target=Target(operation="CreateToken"), trigger=Trigger()))
    number = arrive(scenario, program, sign_in)
    assert number is not None
    rows = SortedRequests(filtered, lambda them: [*reversed(them)], lambda: filtered.corrections)
    before = ids(rows)
    assert before[0] == number
    exchange = simulator.log.exchanges.get(number)
    assert exchange is not None
    simulator.dispatch(EndHeld(number=number, how="release"))
    simulator.complete(exchange._replace(status=200, outcome="token"))
    assert ids(rows) == before[1:]
    assert rows.index_of(number) is None


def test_when_one_comes_and_another_leaves_at_once_the_order_notices() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    here, there = program.start(), program.start()
    simulator = scenario.simulator
    expression = parse(f"held code:{here.user_code} | status>=400")
    assert isinstance(expression, Expression)
    filtered = FilteredRequests(
        RequestRows(simulator),
        simulator.log,
        expression,
        lambda it: facts_of_exchange(it, simulator),
    )
    simulator.dispatch(AddRule(target=Target(operation="CreateToken"), trigger=Trigger(times=None)))
    coming, leaving = arrive(scenario, program, there), arrive(scenario, program, here)
    rows = sorter_of(RequestRows(simulator), scenario).rows(filtered, Sort(1, True, AT))
    assert ids(rows) == [leaving]
    for number, status in ((leaving, 200), (coming, 400)):
        exchange = simulator.log.exchanges.get(number or 0)
        assert exchange is not None
        simulator.dispatch(EndHeld(number=number or 0, how="release"))
        simulator.complete(exchange._replace(status=status))
    assert ids(rows) == [coming]


def test_devices_sort_by_the_state_and_the_note_that_are_seen() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    plain, held, silent = (program.start() for _ in range(3))
    simulator = scenario.simulator
    program.poll(silent, 3)
    simulator.dispatch(AddRule(target=Target(user_code=held.user_code), trigger=Trigger()))
    arrive(scenario, program, held)
    scenario.decide("approve", plain.user_code)
    scenario.wait(20)
    source = DeviceRows(simulator)
    sorter = sorter_of(source, scenario)
    by_state = sorter.rows(source, Sort(0, False, AT))
    assert ids(by_state) == [held.user_code, silent.user_code, plain.user_code]
    by_note = sorter.rows(source, Sort(6, False, AT))
    notes = [by_note.cells(index).cells[6] for index in range(3)]
    assert notes == sorted(notes)
    assert any(note.startswith("silent") for note in notes)
