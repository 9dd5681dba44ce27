"""Every action of the table has its function, and every function its place in the table."""

from oidc_sim.actions.answer import ControlRequest
from oidc_sim.actions.operations import EVENTS, more_routes, operations
from oidc_sim.actions.table import ACTIONS
from oidc_sim.demo.demos import Demos
from oidc_sim.testing.scenario import Scenario


def test_each_action_but_the_stream_has_a_function() -> None:
    simulator = Scenario().simulator
    acts = operations(simulator, Demos("", str), "", lambda: None)
    assert acts.keys() == {action.id for action in ACTIONS} - {EVENTS}


def test_what_is_beside_the_table_is_no_route_of_it() -> None:
    beside = [route for route, _ in more_routes(Scenario().simulator)]
    assert len(set(beside)) == len(beside)
    assert not set(beside) & {action.route for action in ACTIONS}


def test_the_state_has_the_journal_as_it_is_then() -> None:
    acts = operations(Scenario().simulator, Demos("", str), "", lambda: {"rows": 7})
    assert acts["state"](ControlRequest()).members["journal"] == {"rows": 7}
