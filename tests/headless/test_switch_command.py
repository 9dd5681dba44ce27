"""``auto-approve on|off`` on standard input."""

from collections.abc import Iterator

import pytest

from oidc_sim.demo.demos import Demos
from oidc_sim.engine.model import Policy
from oidc_sim.headless.commands import Commands
from oidc_sim.headless.printer import Printer
from oidc_sim.simulator.simulator import Simulator
from tests.engine.world import CountingIds


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(Policy(), CountingIds())


@pytest.fixture
def complaints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(Printer, "complain", lambda _, line: said.append(line))
    return said


@pytest.fixture
def commands(simulator: Simulator, complaints: list[str]) -> Iterator[Commands]:
    printer = Printer()
    yield Commands(simulator, printer)
    printer.close()


def test_a_line_switches_auto_approve(
    simulator: Simulator, commands: Commands, complaints: list[str]
) -> None:
    states = []
    for line in ("auto-approve on", "auto-approve on", "auto-approve off"):
        commands.obey(line)
        states.append(simulator.state.auto_approves)
    assert states == [True, True, False]
    assert complaints == ["AUTO-APPROVE ON: every sign-in is approved by itself"]  # already


@pytest.mark.parametrize("line", ["auto-approve", "auto-approve maybe", "auto-approve on on"])
def test_a_line_that_is_not_clear_switches_nothing(
    simulator: Simulator, commands: Commands, complaints: list[str], line: str
) -> None:
    commands.obey(line)
    assert not simulator.state.auto_approves
    assert "auto-approve on|off" in complaints[0]


async def test_a_line_runs_demo_clients_and_stops_them(
    simulator: Simulator, complaints: list[str]
) -> None:
    demos = Demos("http://127.0.0.1:1", complaints.append)
    printer = Printer()
    commands = Commands(simulator, printer, demos=demos)
    for _ in range(6):
        commands.obey("demo device")
    assert demos.running == 5
    assert complaints[:1] == ["demo-device signs in now; 1 running"]
    assert complaints[5:] == ["5 demo clients run already; demo stop ends them"]
    commands.obey("demo stop")
    assert demos.running == 0
    commands.obey("demo waltz")
    assert "demo device|browser|hurried|stubborn|stop" in complaints[-1]
    printer.close()
