import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import pytest

from oidc_sim.headless.printer import LINES_WAITING, Printer
from oidc_sim.text.redact.marks import MARK
from tests.hostile_text import PAYLOADS
from tests.waiting import wait_until


@dataclass
class Pipe:
    """A pipe whose other end is a printer's."""

    reader: int
    writer: int

    def read_all(self, *, is_closed: bool = False) -> bytes:
        """What came until the writing end was closed, here or by somebody else."""
        if not is_closed:
            os.close(self.writer)
            self.writer = -1
        data = b""
        while part := os.read(self.reader, 65536):
            data += part
        return data


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    ends = Pipe(*os.pipe())
    yield ends
    for end in (ends.reader, ends.writer):
        if end >= 0:
            os.close(end)


@pytest.fixture
def errors() -> Iterator[Pipe]:
    ends = Pipe(*os.pipe())
    yield ends
    for end in (ends.reader, ends.writer):
        if end >= 0:
            os.close(end)


def dropped_lines(complaints: bytes) -> int:
    """How many somebody was told of, in all."""
    told = rb"^oidc-sim: (\d+) lines were dropped: nobody read them$"
    return sum(map(int, re.findall(told, complaints, re.MULTILINE)))


def test_lines_come_out_in_order(pipe: Pipe, errors: Pipe) -> None:
    printer = Printer(pipe.writer, errors.writer)
    for number in range(10):
        printer.say(f"line {number}")
    printer.complain("no")
    printer.close()
    assert pipe.read_all() == b"".join(b"line %d\n" % number for number in range(10))
    assert errors.read_all() == b"oidc-sim: no\n"


@pytest.mark.parametrize("hostile", PAYLOADS.values(), ids=PAYLOADS)
def test_no_control_character_is_printed(hostile: str, pipe: Pipe, errors: Pipe) -> None:
    printer = Printer(pipe.writer, errors.writer)
    printer.say(hostile)
    printer.complain(hostile)
    printer.close()
    for data in (pipe.read_all(), errors.read_all()):
        assert data.endswith(b"\n")
        assert data[:-1].decode().isprintable()


def test_a_reader_that_does_not_read_holds_nobody_up_and_is_told_what_it_missed(
    pipe: Pipe, errors: Pipe
) -> None:
    printer = Printer(pipe.writer, errors.writer)
    line = "x" * 1000
    for _ in range(3 * LINES_WAITING):
        printer.say(line)
    got = b""
    while got.count(b"\n") < LINES_WAITING:
        got += os.read(pipe.reader, 65536)
    wait_until(printer._waiting.empty)
    printer.say("last")
    while not got.endswith(b"\nlast\n"):
        got += os.read(pipe.reader, 65536)
    printer.close()
    assert pipe.read_all() == b""
    dropped = 3 * LINES_WAITING - (got.count(b"\n") - 1)
    assert dropped > 0
    assert dropped_lines(errors.read_all()) == dropped


def test_an_answer_of_many_lines_waits_as_one(pipe: Pipe, errors: Pipe) -> None:
    printer = Printer(pipe.writer, errors.writer)
    lines = [f"line {number} \x1b" for number in range(3 * LINES_WAITING)]
    Thread(target=lambda: printer.answer(lines)).start()
    got = b""
    while got.count(b"\n") < len(lines):
        got += os.read(pipe.reader, 65536)
    printer.close()
    assert got == b"".join(b"line %d \\x1b\n" % number for number in range(len(lines)))
    assert errors.read_all() == b""


def test_long_answers_that_nobody_reads_are_dropped_whole(
    pipe: Pipe, errors: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oidc_sim.headless.printer.BYTES_WAITING", 1_000_000)
    printer = Printer(pipe.writer, errors.writer)
    for _ in range(10):
        printer.answer(["x" * 299_999, "y"])
    parts: list[bytes] = []
    reader = Thread(target=lambda: parts.append(pipe.read_all(is_closed=True)))
    reader.start()
    wait_until(printer._waiting.empty)
    printer.complain("last")
    printer.close()
    os.close(pipe.writer)
    pipe.writer = -1
    reader.join()
    whole = parts[0].count(b"y")
    assert parts[0] == (b"x" * 299_999 + b"\ny\n") * whole
    assert 0 < whole < 10
    assert dropped_lines(errors.read_all()) == 2 * (10 - whole)


def test_a_reader_that_left_does_not_silence_the_complaints(pipe: Pipe, errors: Pipe) -> None:
    printer = Printer(pipe.writer, errors.writer)
    os.close(pipe.reader)
    pipe.reader = -1
    printer.say("nobody reads this")
    printer.complain("somebody reads this")
    printer.say("nobody reads this either")
    printer.complain("and this")
    printer.close()
    assert errors.read_all() == b"oidc-sim: somebody reads this\noidc-sim: and this\n"


def test_a_descriptor_that_does_not_block_loses_nothing(pipe: Pipe, errors: Pipe) -> None:
    os.set_blocking(pipe.writer, False)
    printer = Printer(pipe.writer, errors.writer)
    for _ in range(200):
        printer.say("x" * 999)
    got = b""
    while len(got) < 200 * 1000:
        got += os.read(pipe.reader, 65536)
    printer.close()
    assert got == (b"x" * 999 + b"\n") * 200


def test_closing_does_not_wait_for_a_reader_that_does_not_read(pipe: Pipe, errors: Pipe) -> None:
    printer = Printer(pipe.writer, errors.writer)
    for _ in range(2 * LINES_WAITING):
        printer.say("x" * 1000)
    printer.close()
    os.read(pipe.reader, 1)


def test_no_complaint_has_a_secret_that_was_typed_or_quoted(pipe: Pipe, errors: Pipe) -> None:
    printer = Printer(pipe.writer, errors.writer)
    secret = "aBcD" + MARK + "x" * 60 + "tail"
    printer.complain(f"drop {secret} is wrong")
    printer.complain(f"ValueError('client_secret={secret}')")
    printer.close()
    assert errors.read_all().decode().splitlines() == [
        "oidc-sim: drop aBcD...tail is wrong",
        "oidc-sim: ValueError('client_secret=aBcD...il')",
    ]
