import asyncio
import os
import select
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from oidc_sim.actions.typed_lines import usage
from oidc_sim.engine.commands import AuthorizeDevice, RegisterClient
from oidc_sim.engine.events import DecisionMade
from oidc_sim.engine.model import Actor, DeviceState, Policy
from oidc_sim.engine.replies import Authorized, Registered
from oidc_sim.headless.commands import BYTES_AT_ONCE, LINE_BYTES, TOO_LONG, Commands
from oidc_sim.headless.printer import Printer
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator
from tests.waiting import until

COMMANDS = usage("")


class Complaints(Printer):
    """Keeps what would be printed."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.answers: list[str] = []

    def answer(self, lines: Sequence[str]) -> None:
        self.answers.append("\n".join(lines))

    def complain(self, line: str) -> None:
        self.lines.append(line)


@dataclass
class Typing:
    """A person who types, and a device that waits."""

    reader: int
    writer: int
    simulator: Simulator
    user_code: str
    commands: Commands
    complaints: list[str] = field(default_factory=list)

    def type(self, text: str | bytes) -> None:
        os.write(self.writer, text if isinstance(text, bytes) else text.encode())

    def hang_up(self) -> None:
        os.close(self.writer)
        self.writer = -1

    def was_read(self) -> bool:
        return not select.select([self.reader], [], [], 0)[0]

    def state(self) -> DeviceState:
        return self.simulator.state.devices[self.user_code].state(self.simulator.now().at)


def a_device(simulator: Simulator) -> str:
    registered = simulator.dispatch(RegisterClient(name="n", client_type="public"))
    assert isinstance(registered, Registered)
    authorized = simulator.dispatch(
        AuthorizeDevice(
            client_id=registered.client.client_id, client_secret=registered.client_secret
        )
    )
    assert isinstance(authorized, Authorized)
    return authorized.device.user_code


@pytest.fixture
async def person() -> AsyncIterator[Typing]:
    simulator = Simulator(Policy(), RandomIds.seeded(1, "us-east-1"))
    printer = Complaints()
    reader, writer = os.pipe()
    commands = Commands(simulator, printer, reader)
    commands.open()
    typing = Typing(reader, writer, simulator, a_device(simulator), commands, printer.lines)
    yield typing
    commands.close()
    os.close(reader)
    if typing.writer >= 0:
        typing.hang_up()


async def test_a_typed_line_does_what_the_key_does(person: Typing) -> None:
    person.type(f"approve {person.user_code}\n")
    await until(lambda: person.state() is DeviceState.APPROVED)
    person.type(f"undo {person.user_code}\n")
    await until(lambda: person.state() is DeviceState.PENDING)
    assert person.complaints == []


async def test_the_script_is_named_as_the_one_who_did_it(person: Typing) -> None:
    person.commands.obey(f"deny {person.user_code}")
    done = [entry.what for entry in person.simulator.log.entries.since(0)][-1]
    assert isinstance(done, DecisionMade)
    assert done.by is Actor.SCRIPT


async def test_a_code_is_understood_as_people_type_it(person: Typing) -> None:
    person.type(f"  approve   {person.user_code.replace('-', '').lower()}  \r\n")
    await until(lambda: person.state() is DeviceState.APPROVED)


async def test_what_hinders_is_said_with_the_code(person: Typing) -> None:
    person.commands.obey("approve BBBB-BBBB")
    person.commands.obey(f"undo {person.user_code}")
    assert person.complaints == [
        "BBBB-BBBB: no such user code here",
        f"{person.user_code}: nothing to undo",
    ]


@pytest.mark.parametrize("line", ["nonsense", "\udcff"])
async def test_what_is_no_command_is_answered_with_the_commands(line: str, person: Typing) -> None:
    person.commands.obey(line)
    assert person.complaints == [COMMANDS]


@pytest.mark.parametrize(("line", "said"), [("approve", ""), ("approve a b", "approve a b: ")])
async def test_what_a_command_lacks_is_said(line: str, said: str, person: Typing) -> None:
    person.commands.obey(line)
    assert person.complaints == [f"{said}say approve CODE, or approve all, or approve N"]


async def test_a_quotation_mark_without_its_twin_is_said(person: Typing) -> None:
    person.commands.obey("hold 'x")
    assert person.complaints == ["No closing quotation"]


async def test_an_empty_line_says_nothing(person: Typing) -> None:
    person.commands.obey("  \r")
    assert person.complaints == []


async def test_a_line_may_come_in_pieces(person: Typing) -> None:
    for piece in ("app", "rove ", person.user_code, "\nnonsense\n"):
        person.type(piece)
    await until(lambda: person.complaints)
    assert person.state() is DeviceState.APPROVED


async def test_the_last_line_needs_no_end(person: Typing) -> None:
    person.type(f"approve {person.user_code}")
    person.hang_up()
    await until(lambda: person.state() is DeviceState.APPROVED)


async def test_a_line_without_an_end_takes_no_memory(person: Typing) -> None:
    for _ in range(3 * LINE_BYTES // BYTES_AT_ONCE):
        person.type(b"reset reset" * (BYTES_AT_ONCE // 11))
        await until(person.was_read)
        assert len(person.commands._rest) <= LINE_BYTES + BYTES_AT_ONCE
    person.type(" \nreset\n")
    await until(lambda: not person.simulator.state.clients)
    assert person.complaints == [TOO_LONG]


async def test_bytes_that_are_no_text_are_no_command(person: Typing) -> None:
    person.type(b"\xff\x00\x1b[2J\n")
    await until(lambda: person.complaints)
    assert person.complaints == [COMMANDS]


async def test_the_end_of_input_is_not_the_end_of_the_server(person: Typing) -> None:
    person.hang_up()
    await until(lambda: not person.commands._is_open)
    person.commands.close()


@pytest.mark.parametrize("path", [os.devnull, __file__])
async def test_input_that_cannot_be_waited_for_is_left_alone(path: str, person: Typing) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    commands = Commands(person.simulator, Complaints(), descriptor)
    commands.open()
    assert not commands._is_open
    os.close(descriptor)


async def test_a_terminal_that_others_use_is_looked_at_again_later(
    person: Typing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_background(_descriptor: int, _length: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("oidc_sim.headless.commands.LOOK_AGAIN_AFTER_S", 0)
    with monkeypatch.context() as background:
        background.setattr("os.read", in_background)
        person.type(f"approve {person.user_code}\n")
        await until(lambda: person.commands._later is not None)
        assert person.state() is DeviceState.PENDING
    await until(lambda: person.state() is DeviceState.APPROVED)


async def test_a_terminal_that_the_loop_cannot_watch_is_not_read(
    person: Typing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """macOS's kqueue takes no /dev/tty."""

    def refuse(*_: object) -> None:
        raise OSError(22, "Invalid argument")

    person.commands.close()
    monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", refuse)
    person.commands.open()
    person.commands.close()
    assert person.complaints == []
