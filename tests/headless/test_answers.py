"""What is asked for on standard input comes whole on standard output."""

import json
import os
from threading import Thread

import pytest

from oidc_sim.engine.commands import RegisterClient
from oidc_sim.engine.model import Policy
from oidc_sim.faults.catalogue import CATALOGUE
from oidc_sim.headless.commands import Commands
from oidc_sim.headless.printer import Printer
from oidc_sim.settings.model import Output
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator
from tests.headless.test_commands import Complaints

HOSTILE = "\x1b]52;c;eA==\x07\u202e\n\x7f"


def crowded() -> Simulator:
    """More clients than lines may wait to be printed."""
    simulator = Simulator(Policy(), RandomIds.seeded(1, "us-east-1"))
    for _ in range(300):
        simulator.dispatch(RegisterClient(name=HOSTILE, client_type="public"))
    return simulator


def printed(line: str, output: Output) -> tuple[str, str]:
    """What comes out and what is complained of; nobody reads until all is put."""
    reading, writing = os.pipe()
    errors, complaining = os.pipe()
    printer = Printer(writing, complaining)
    Commands(crowded(), printer, output=output).obey(line)
    parts: list[bytes] = []

    def read_all() -> None:
        while part := os.read(reading, 65536):
            parts.append(part)

    reader = Thread(target=read_all)
    reader.start()
    printer.close()
    os.close(writing)
    os.close(complaining)
    reader.join()
    complaints = os.read(errors, 65536)
    os.close(reading)
    os.close(errors)
    return b"".join(parts).decode(), complaints.decode()


@pytest.mark.parametrize(
    ("line", "action"),
    [("state", "state"), ("catalogue", "catalogue"), ("rules", "fault.rules"), ("held", "held")],
)
def test_with_json_an_answer_is_one_line_of_json(line: str, action: str) -> None:
    out, complaints = printed(line, Output.JSON)
    assert (out.count("\n"), complaints) == (1, "")
    assert out.removesuffix("\n").isprintable()
    told = json.loads(out)
    assert (told["type"], told["action"]) == ("answer", action)
    assert isinstance(told["answer"], dict)


def test_the_whole_state_is_there() -> None:
    (told, _), (text, complaints) = printed("state", Output.JSON), printed("state", Output.TEXT)
    for state in (json.loads(told)["answer"], json.loads(text)):
        assert [it["name"] for it in state["clients"]] == [HOSTILE] * 300
    assert complaints == ""


@pytest.mark.parametrize("output", [Output.TEXT, Output.NONE])
def test_as_text_the_catalogue_is_complete(output: Output) -> None:
    out, complaints = printed("catalogue", output)
    assert len(json.loads(out)["catalogue"]) == len(CATALOGUE)
    assert complaints == ""
    assert printed("rules", output) == ("no rule is active\n", "")


@pytest.mark.parametrize(
    ("line", "said"),
    [("approve all", "approved 0"), ("release all", "released 0"), ("reset", None)],
)
def test_what_changed_nothing_is_said(line: str, said: str | None) -> None:
    printer = Complaints()
    Commands(crowded(), printer).obey(line)
    assert printer.lines == ([said] if said else [])
