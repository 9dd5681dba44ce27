"""Lines in: what ``oidc-sim ctl`` takes, for whoever writes to standard input."""

import asyncio
import json
import os
import shlex
import stat
import time
from pathlib import Path
from threading import Thread

from oidc_sim.control.answer import Act, Answer, Asked, Later
from oidc_sim.control.operations import Journal, operations
from oidc_sim.demo.demos import Demos
from oidc_sim.headless.printer import Printer
from oidc_sim.simulator import Simulator
from oidc_sim.words.reading import read
from oidc_sim.words.telling import named, tell
from oidc_sim.words.wish import Wish, WordsError

STDIN = 0
COMMAND_BYTES = 4096
LOOK_AGAIN_AFTER_S = 1.0
EVENTS_COME = "events are printed as they come"


class Commands:
    """Reads ``approve WDJB-MJHT`` and the like, and obeys."""

    def __init__(
        self,
        simulator: Simulator,
        printer: Printer,
        descriptor: int = STDIN,
        demos: Demos | None = None,
        url: str = "",
        journal: Journal = lambda: None,
    ) -> None:
        self._acts = operations(simulator, demos or Demos(url, printer.complain), url, journal)
        self._printer = printer
        self._descriptor = descriptor
        self._rest = b""
        self._is_open = False
        self._later: asyncio.TimerHandle | None = None

    def open(self) -> None:
        """Start to read, where standard input is a pipe, a socket or a terminal.

        A file is not read: whoever wrote it did not know the codes yet.
        """
        mode = os.fstat(self._descriptor).st_mode
        if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(self._descriptor):
            asyncio.get_running_loop().add_reader(self._descriptor, self._read)
            self._is_open = True

    def close(self) -> None:
        """Stop to read."""
        if self._later is not None:
            self._later.cancel()
        if self._is_open:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self._is_open = False

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, COMMAND_BYTES)
        except OSError:
            self._wait_for_terminal()
            return
        *lines, self._rest = (self._rest + data)[-COMMAND_BYTES:].split(b"\n")
        if not data:
            self.close()
            lines.append(self._rest)
        for line in lines:
            self.obey(line.decode("utf-8", "replace"))

    def _wait_for_terminal(self) -> None:
        """Look again later: in the background, what is typed is the shell's, and reading fails."""
        self.close()
        self._later = asyncio.get_running_loop().call_later(LOOK_AGAIN_AFTER_S, self.open)

    def obey(self, line: str) -> None:
        """Carry one line out. What came of it is in the log; what is not, or hindered it, is said."""
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
            self._tell(wish, self._answer(act, wish))

    @staticmethod
    def _answer(act: Act, wish: Wish) -> Answer:
        body = b"" if wish.members is None else json.dumps(wish.members).encode()
        answer = act(Asked(texts=wish.texts, query=wish.query, body=body))
        for _ in answer.turns:
            pass  # all at once: the next line may be about what this one does
        return answer

    def _tell(self, wish: Wish, answer: Answer) -> None:
        if not answer.is_ok:
            self._printer.complain(named(wish, str(answer.members["reason"])))
        elif answer.later is not None:
            Thread(target=self._write, args=(answer.later,), name="evidence").start()
        elif wish.action.method == "GET":
            for line in tell(wish, answer.members).splitlines():
                self._printer.complain(line)

    def _write(self, members: Later) -> None:
        """Write evidence here, in a thread, which the process waits for."""
        from oidc_sim.evidence.folder import files_of, reason, write_folder

        try:
            told = f"wrote {write_folder(files_of(members()), time.time(), Path())}/"
        except OSError as error:
            told = reason(error)
        self._printer.complain(told)
