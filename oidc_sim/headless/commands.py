"""Commands on standard input: what ``oidc-sim ctl`` takes.

Answers go to standard output: as a person reads them, or with ``--output json`` as one line,
``{"type": "answer", "action": "fault.rules", "answer": {…}}``, where ``answer`` is the control API's.
"""

import asyncio
import json
import os
import shlex
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from oidc_sim.actions.answer import Act, ControlAnswer, ControlRequest, Later
from oidc_sim.actions.aside import GIVEN_UP_S, MOST_AT_ONCE, Aside, abandon_all
from oidc_sim.actions.operations import Journal, operations
from oidc_sim.actions.typed_answers import named, tell
from oidc_sim.actions.typed_lines import read
from oidc_sim.actions.typed_settings import TypedRequest, WordsError
from oidc_sim.demo.demos import Demos
from oidc_sim.headless.printer import Printer
from oidc_sim.settings.model import Output
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.text.printable import printable_json

STDIN = 0
BYTES_AT_ONCE = 4096
LINE_BYTES = 70_000
"""Bytes of a command: a body of a fault or an answer fits."""
TOO_LONG = f"line too long: a command has at most {LINE_BYTES:,} bytes"
LOOK_AGAIN_AFTER_S = 1.0
EVENTS_COME = "events are printed as they come"


class Commands:
    """Reads commands such as ``approve WDJB-MJHT``, and carries them out."""

    def __init__(
        self,
        simulator: Simulator,
        printer: Printer,
        descriptor: int = STDIN,
        demos: Demos | None = None,
        url: str = "",
        journal: Journal = lambda: None,
        output: Output = Output.TEXT,
    ) -> None:
        self._simulator = simulator
        self._output = output
        self._acts = operations(simulator, demos or Demos(url, printer.complain), url, journal)
        self._printer = printer
        self._descriptor = descriptor
        self._rest = b""
        self._is_too_long = False
        self._is_open = False
        self._later: asyncio.TimerHandle | None = None
        self._evidence: list[Aside] = []

    def open(self) -> None:
        """Start to read, where standard input is a pipe, a socket or a terminal.

        A file is not read: whoever wrote it did not know the codes yet.
        """
        mode = os.fstat(self._descriptor).st_mode
        if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(self._descriptor):
            with suppress(OSError):  # macOS's kqueue takes no /dev/tty
                asyncio.get_running_loop().add_reader(self._descriptor, self._read)
                self._is_open = True

    def close(self) -> None:
        """Stop to read."""
        if self._later is not None:
            self._later.cancel()
        if self._is_open:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self._is_open = False

    def abandon(self) -> None:
        """Abandon evidence that is still being written: the process ends."""
        abandon_all(self._evidence, GIVEN_UP_S)

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, BYTES_AT_ONCE)
        except OSError:
            self._wait_for_terminal()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        if not data:
            self.close()
            lines.append(self._rest)
        for line in lines:
            self._obey_short(line)
        if len(self._rest) > LINE_BYTES:
            self._rest, self._is_too_long = b"", True

    def _obey_short(self, line: bytes) -> None:
        """Carry out a whole line: a part of one is not guessed at."""
        if self._is_too_long or len(line) > LINE_BYTES:
            self._printer.complain(TOO_LONG)
        else:
            self.obey(line.decode("utf-8", "replace"))
        self._is_too_long = False

    def _wait_for_terminal(self) -> None:
        """Look again later: in the background, what is typed is the shell's, and reading fails."""
        self.close()
        self._later = asyncio.get_running_loop().call_later(LOOK_AGAIN_AFTER_S, self.open)

    def obey(self, line: str) -> None:
        """Carry one line out. What came of it is in the log; what left nothing there is said."""
        if not line.strip():
            return
        try:
            wish = read(shlex.split(line))
        except (WordsError, ValueError) as error:  # ValueError: a quotation mark without its twin
            self._printer.complain(str(error))
            return
        act = self._acts.get(wish.action.id)
        if act is None:
            self._printer.complain(EVENTS_COME)
        else:
            before = self._simulator.log.seq
            answer = self._answer(act, wish)
            self._tell(wish, answer, is_logged=self._simulator.log.seq > before)

    @staticmethod
    def _answer(act: Act, wish: TypedRequest) -> ControlAnswer:
        body = b"" if wish.members is None else json.dumps(wish.members).encode()
        answer = act(ControlRequest(texts=wish.texts, query=wish.query, body=body))
        for _ in answer.turns:
            pass  # all at once: the next line may be about what this one does
        return answer

    def _tell(self, wish: TypedRequest, answer: ControlAnswer, *, is_logged: bool) -> None:
        if not answer.is_ok:
            self._printer.complain(named(wish, str(answer.members["reason"])))
        elif answer.later is not None:
            self._begin_evidence(wish, answer.later)
        elif wish.action.method == "GET":
            self._printer.answer([*self._lines(wish, answer)])
        elif not is_logged:
            self._printer.complain(tell(wish, answer.members))

    def _begin_evidence(self, wish: TypedRequest, later: Later) -> None:
        self._evidence = [it for it in self._evidence if it.is_at_work]
        if len(self._evidence) >= MOST_AT_ONCE:
            self._printer.complain(named(wish, "evidence is still being written; ask again later"))
            return
        self._evidence.append(Aside(partial(self._write, later), "evidence"))

    def _lines(self, wish: TypedRequest, answer: ControlAnswer) -> Iterator[str]:
        if self._output is not Output.JSON:
            yield from tell(wish, answer.members).split("\n")
            return
        output = {"type": "answer", "action": wish.action.id, "answer": answer.members}
        yield printable_json(json.dumps(output))

    def _write(self, members: Later, go_on: Callable[[], None]) -> None:
        """Write evidence here, in a thread, which ends with the process."""
        from oidc_sim.evidence.folder import files_of, reason, write_folder

        try:
            folder = write_folder(files_of(members(go_on)), time.time(), Path(), go_on)
            output = f"wrote {folder}/"
        except OSError as error:
            output = reason(error)
        self._printer.complain(output)
