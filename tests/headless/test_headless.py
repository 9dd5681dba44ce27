import asyncio
import json
import os
import re
import select
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.engine.commands import Approve, RegisterClient, Reset
from oidc_sim.engine.model import Policy
from oidc_sim.headless import run
from oidc_sim.headless.printer import Printer
from oidc_sim.settings.model import Output, Settings
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator
from tests.waiting import until

URL = "http://127.0.0.1:8990"
Printed = list[tuple[str, str]]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Printed:
    """What is printed, and where: ``out`` or ``err``."""
    lines: Printed = []
    monkeypatch.setattr(Printer, "say", lambda _self, line: lines.append(("out", line)))
    monkeypatch.setattr(Printer, "complain", lambda _self, line: lines.append(("err", line)))
    return lines


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    before = {it: signal.getsignal(it) for it in (signal.SIGTTIN, signal.SIGTTOU)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def a_desk(exchanges_kept: int = 100, **settings: object) -> RunningServer:
    return RunningServer(
        simulator=Simulator(
            Policy(), RandomIds.seeded(1, "us-east-1"), exchanges_kept=exchanges_kept
        ),
        settings=Settings.model_validate(settings),
        url=URL,
        ending=asyncio.get_running_loop().create_future(),
    )


async def run_until_ended(running_server: RunningServer, exit_code: int = 143) -> None:
    """Run with an end that has come already: everything until now is still printed."""
    running_server.ending.set_result(exit_code)
    assert await run.run(running_server) == exit_code


async def test_what_happens_is_printed_as_it_happens(printed: Printed) -> None:
    running_server = a_desk()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run.run(running_server))
        await until(lambda: printed)
        running_server.simulator.dispatch(RegisterClient(name="n", client_type="public"))
        await until(lambda: len(printed) > 1)
        running_server.simulator.dispatch(Reset())
        await until(lambda: len(printed) > 2)
        running_server.ending.set_result(130)
    assert running.result() == 130
    assert printed[0] == ("out", f"oidc-sim serves on {URL}")
    assert printed[1][1].endswith(' registered "n"')
    assert printed[2][1].endswith(" reset: every client and device is forgotten")


async def test_what_happened_just_before_the_end_is_printed(printed: Printed) -> None:
    running_server = a_desk()
    running_server.simulator.dispatch(Reset())
    await run_until_ended(running_server)
    assert len(printed) == 2


async def test_lines_are_printed_a_few_at_a_time_and_none_is_left_out(
    printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "LINES_AT_ONCE", 3)
    turns: list[int] = []
    running_server = a_desk()
    for _ in range(10):
        running_server.simulator.dispatch(Reset())
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run.run(running_server))
        while len(printed) < 11:
            turns.append(len(printed))
            await asyncio.sleep(0)
        running_server.ending.set_result(130)
    assert {4, 7, 10} <= set(turns)
    assert len(printed) == 11


async def test_the_last_lines_are_all_printed(
    printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "LINES_AT_ONCE", 3)
    running_server = a_desk()
    for _ in range(10):
        running_server.simulator.dispatch(Reset())
    await run_until_ended(running_server)
    assert len(printed) == 11


async def test_notes_go_to_standard_error_and_only_once(printed: Printed) -> None:
    running_server = a_desk()
    running_server.notes.append("Not listening on ::1.")
    await run_until_ended(running_server)
    assert printed[1:] == [("err", "Not listening on ::1.")]
    assert running_server.notes == []


@pytest.mark.parametrize("output", Output)
async def test_a_seed_is_announced_loudly_whatever_else_is_printed(
    output: Output, printed: Printed
) -> None:
    await run_until_ended(a_desk(seed=7, output=output))
    assert printed[1] == ("err", "SEED 7: every id and token can be guessed")


async def test_with_json_all_of_standard_output_is_json(printed: Printed) -> None:
    running_server = a_desk(output="json", seed=1)
    running_server.simulator.dispatch(RegisterClient(name="\x1b\u202e", client_type="public"))
    running_server.notes.append("for people")
    await run_until_ended(running_server)
    lines = [json.loads(line) for where, line in printed if where == "out"]
    assert [it["type"] for it in lines] == ["listening", "client_registered"]
    assert all(line.isascii() for _, line in printed)


async def test_without_output_only_the_address_is_printed(printed: Printed) -> None:
    running_server = a_desk(output="none")
    running_server.simulator.dispatch(Reset())
    await run_until_ended(running_server)
    assert printed == [("out", f"oidc-sim serves on {URL}")]


async def test_events_that_came_too_fast_are_counted(printed: Printed) -> None:
    running_server = a_desk(exchanges_kept=10)
    for _ in range(50):
        running_server.simulator.dispatch(Reset())
    await run_until_ended(running_server)
    assert printed[1] == ("err", "30 events were dropped before they could be printed")
    assert len(printed) == 2 + 20


async def test_a_flood_is_printed_in_portions(
    printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(run.ENTRIES_AT_ONCE, Output.TEXT, 3)
    monkeypatch.setattr(run, "PULL_EVERY_S", 60)
    running_server = a_desk()
    for _ in range(10):
        running_server.simulator.dispatch(Reset())
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run.run(running_server))
        await until(lambda: len(printed) == 11)
        running_server.ending.set_result(0)


async def test_a_terminal_cannot_stop_a_server_in_the_background(printed: Printed) -> None:
    await run_until_ended(a_desk())
    assert signal.getsignal(signal.SIGTTIN) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTTOU) is signal.SIG_IGN


async def test_a_command_for_a_code_that_nobody_has_changes_nothing(printed: Printed) -> None:
    running_server = a_desk()
    running_server.simulator.dispatch(Approve("BBBB-BBBB"))
    await run_until_ended(running_server)
    assert len(printed) == 1


@dataclass
class SlowReader:
    """Reads what a small printer prints, when the test says so."""

    pipe: int
    errors: Path
    printer: Printer
    got: bytes = b""

    async def read(self, size: int) -> None:
        await asyncio.sleep(0)
        if select.select([self.pipe], [], [], 0.001)[0]:
            self.got += os.read(self.pipe, size)

    @property
    def resets(self) -> int:
        return self.got.count(b" reset: ")

    @property
    def dropped(self) -> list[int]:
        """How many it was told of."""
        return [int(it) for it in re.findall(rb"(\d+) \w+ were dropped", self.errors.read_bytes())]


@pytest.fixture
def slow_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowReader]:
    monkeypatch.setattr("oidc_sim.headless.printer.LINES_WAITING", 100)
    monkeypatch.setattr(run, "PULL_EVERY_S", 0.001)
    reader, writer = os.pipe()
    errors = os.open(tmp_path / "errors", os.O_CREAT | os.O_WRONLY)
    printer = Printer(writer, errors)
    monkeypatch.setattr(run, "Printer", lambda: printer)
    yield SlowReader(reader, tmp_path / "errors", printer)
    for descriptor in (reader, writer, errors):
        os.close(descriptor)


async def test_a_burst_that_a_reader_takes_slowly_is_printed_whole(slow_reader: SlowReader) -> None:
    """Released all at once, thousands of requests are more lines than the printer's queue takes."""
    running_server = a_desk(exchanges_kept=5000)
    for _ in range(3000):
        running_server.simulator.dispatch(Reset())
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run.run(running_server))
        while slow_reader.resets < 3000 and not slow_reader.dropped:
            await slow_reader.read(5000)
        running_server.ending.set_result(0)
    assert slow_reader.dropped == []


async def test_a_reader_that_stood_still_is_told_once_how_much_it_missed(
    slow_reader: SlowReader,
) -> None:
    running_server = a_desk(exchanges_kept=1000)
    for _ in range(2000):  # more than a pipe holds, however quickly they are handed over
        running_server.simulator.dispatch(Reset())
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run.run(running_server))
        await until(lambda: not slow_reader.printer.room)
        for _ in range(5000):
            running_server.simulator.dispatch(Reset())
        while slow_reader.resets + sum(slow_reader.dropped) < running_server.simulator.log.seq:
            await slow_reader.read(65536)
        running_server.ending.set_result(0)
    assert len(slow_reader.dropped) == 1
    assert slow_reader.resets + slow_reader.dropped[0] == running_server.simulator.log.seq
