"""Lines in: the keys, for whoever writes to standard input."""

import asyncio
import os
import stat
from pathlib import Path
from threading import Thread

from oidc_sim.actions import (
    AUTO_APPROVE,
    CLIENT_ACTIONS_BY_NAME,
    CLOCK,
    DEVICE_ACTIONS_BY_NAME,
    EVIDENCE,
    FREEZE,
)
from oidc_sim.demo.demos import MOST, Demos
from oidc_sim.demo.performance import PERFORMANCES, STOP
from oidc_sim.durations import parse_duration
from oidc_sim.engine.commands import FreezeClock, SetAutoApprove, StepClock
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import Impossible
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.headless.hold_commands import HOLD_NAMES, HOLD_USAGE, obey_hold
from oidc_sim.headless.printer import Printer
from oidc_sim.simulator import Simulator

STDIN = 0
COMMAND_BYTES = 4096
LOOK_AGAIN_AFTER_S = 1.0
USAGE = (
    f"commands are: {'|'.join(DEVICE_ACTIONS_BY_NAME)} CODE, {AUTO_APPROVE} on|off, "
    f"{'|'.join(CLIENT_ACTIONS_BY_NAME)} ID, "
    f"{EVIDENCE} [CODE], demo {'|'.join(PERFORMANCES)}|{STOP}, "
    f"{CLOCK} TIME|{'|'.join(FREEZE)}, {HOLD_USAGE}"
)


class Commands:
    """Reads ``approve WDJB-MJHT`` and the like, and obeys."""

    def __init__(
        self,
        simulator: Simulator,
        printer: Printer,
        descriptor: int = STDIN,
        demos: Demos | None = None,
        url: str = "",
    ) -> None:
        self._simulator = simulator
        self._printer = printer
        self._descriptor = descriptor
        self._demos = demos
        self._url = url
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
        """Carry one line out; what came of it is in the log, what hindered it is complained of."""
        match line.split():
            case []:
                return
            case [name, code] if name in DEVICE_ACTIONS_BY_NAME:
                user_code = canonical_user_code(code)
                command = DEVICE_ACTIONS_BY_NAME[name].command(user_code, Actor.SCRIPT)
                reply = self._simulator.dispatch(command)
                if isinstance(reply, Impossible):
                    self._printer.complain(f"{user_code}: {reply.why}")
            case [name, client_id] if name in CLIENT_ACTIONS_BY_NAME:
                self._act_on_client(name, client_id)
            case [name, ("on" | "off") as wish] if name == AUTO_APPROVE:
                self._simulator.dispatch(SetAutoApprove(is_on=wish == "on"))
            case ["demo", name] if self._demos and name in {*PERFORMANCES, STOP}:
                self._demo(self._demos, name)
            case [name, *codes] if name == EVIDENCE and len(codes) <= 1:
                self._write_evidence(canonical_user_code(codes[0]) if codes else None)
            case [name, wish] if name == CLOCK:
                self._set_clock(wish)
            case words:
                self._obey_about_requests(*words)

    def _obey_about_requests(self, name: str, *words: str) -> None:
        """Carry out what is about requests rather than devices, or say what can be typed."""
        why = obey_hold(self._simulator, name, words) if name in HOLD_NAMES else USAGE
        if why is not None:
            self._printer.complain(why)

    def _act_on_client(self, name: str, client_id: str) -> None:
        command = CLIENT_ACTIONS_BY_NAME[name].command(client_id=client_id, by=Actor.SCRIPT)
        reply = self._simulator.dispatch(command)
        if isinstance(reply, Impossible):
            self._printer.complain(f"{client_id}: {reply.why}")

    def _demo(self, demos: Demos, name: str) -> None:
        if name == STOP:
            demos.stop()
        elif demos.start(name) is None:
            self._printer.complain(f"{MOST} demo clients run already; demo {STOP} ends them")

    def _write_evidence(self, user_code: str | None) -> None:
        """In a thread, which the process waits for; the printer tells what no event does."""
        from oidc_sim.evidence.selection import Selection, take  # seldom asked for
        from oidc_sim.evidence.writing import NOTHING, write_taken

        taken = take(self._simulator, Selection(user_code=user_code), self._url)
        if taken is None:
            self._printer.complain(f"{user_code}: {NOTHING}")
            return

        def write() -> None:
            self._printer.complain(write_taken(taken, Path()))

        Thread(target=write, name="evidence").start()

    def _set_clock(self, wish: str) -> None:
        if wish in FREEZE:
            self._simulator.dispatch(FreezeClock(is_frozen=FREEZE[wish]))
            return
        try:
            reply = self._simulator.dispatch(StepClock(by_s=parse_duration(wish)))
        except ValueError as error:
            self._printer.complain(str(error))
            return
        if isinstance(reply, Impossible):
            self._printer.complain(reply.why)
