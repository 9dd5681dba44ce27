from oidc_sim.engine.commands import SetAutoApprove
from oidc_sim.engine.model import DeviceState
from oidc_sim.testing import scenario as module
from oidc_sim.testing.scenario import NOON, Scenario


def test_the_example_of_its_docstring_is_true() -> None:
    assert module.__doc__
    exec(module.__doc__.split("\n\n")[1], {"Scenario": Scenario})


def test_time_passes_by_hand_and_each_second_is_looked_at() -> None:
    scenario, seconds = Scenario(), list[float]()
    scenario.look = lambda: seconds.append(scenario.clock.wall() - NOON)
    scenario.wait(2.5)
    assert seconds == [1, 2, 2.5]
    assert scenario.simulator.now().at == NOON + 2.5


def test_a_flow_is_polled_decided_and_kept() -> None:
    scenario = Scenario()
    cli = scenario.register("aws-cli")
    flow = cli.start()
    assert cli.poll(flow, 3)["error"] == "authorization_pending"
    scenario.decide("deny", flow.user_code)
    assert cli.poll(flow)["error"] == "access_denied"
    device = scenario.state.devices[flow.user_code]
    assert device.state(scenario.clock.wall()) is DeviceState.DENIED
    assert [it.status for it in scenario.simulator.log.exchanges.since(0)] == [200, 200, *[400] * 4]
    scenario.do(SetAutoApprove(is_on=True))
    assert "accessToken" in cli.poll(cli.start(), every_s=2)
