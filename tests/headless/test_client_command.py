"""``expire-client ID`` and ``restore-client ID`` on standard input."""

from oidc_sim.engine.commands import RegisterClient
from oidc_sim.engine.events import ClientExpired
from oidc_sim.engine.model import Actor, Policy
from oidc_sim.engine.replies import Registered
from oidc_sim.headless.commands import Commands
from oidc_sim.simulator.simulator import Simulator
from tests.engine.world import CountingIds
from tests.headless.test_commands import Complaints


def test_a_line_ends_a_registration_and_another_takes_that_back() -> None:
    simulator, printer = Simulator(Policy(), CountingIds()), Complaints()
    reply = simulator.dispatch(RegisterClient(name="pc", client_type="public"))
    assert isinstance(reply, Registered)
    commands, client = Commands(simulator, printer), reply.client
    commands.obey(f"expire-client {client.client_id}")
    assert simulator.state.clients[client.client_id].was_expired
    told = [it.what for it in simulator.log.entries.since(0)]
    assert [it.by for it in told if isinstance(it, ClientExpired)] == [Actor.SCRIPT]
    commands.obey(f"restore-client {client.client_id}")
    assert not simulator.state.clients[client.client_id].was_expired
    assert printer.lines == []


def test_what_hinders_it_is_complained_of() -> None:
    printer = Complaints()
    commands = Commands(Simulator(Policy(), CountingIds()), printer)
    commands.obey("expire-client nobody")
    commands.obey("expire-client")
    assert printer.lines[0] == "nobody: no such client id here"
    assert printer.lines[1] == "say expire-client ID"
