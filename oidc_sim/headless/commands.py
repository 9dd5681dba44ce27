"""Lines in: the keys, for whoever writes to standard input."""

import asyncio
import os
import stat

from oidc_sim.actions import DEVICE_ACTIONS_BY_NAME
from oidc_sim.desk import Desk
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import Impossible
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.headless.printer import Printer

COMMAND_BYTES = 4096


class Commands:
    """Reads ``approve WDJB-MJHT`` and the like from standard input."""

    def __init__(self, desk: Desk, printer: Printer) -> None:
        self._desk = desk
        self._printer = printer
        self._rest = b""
        self._is_open = False

    def open(self) -> None:
        """Start to read, where standard input is a pipe, a socket or our terminal."""
        try:
            mode = os.fstat(0).st_mode
            if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(0):
                asyncio.get_running_loop().add_reader(0, self._read)
                self._is_open = True
        except OSError:
            pass  # closed, or nothing that can be waited for: no commands, then

    def close(self) -> None:
        """Stop to read."""
        if self._is_open:
            asyncio.get_running_loop().remove_reader(0)
            self._is_open = False

    def _read(self) -> None:
        if os.isatty(0) and os.tcgetpgrp(0) != os.getpgrp():
            self.close()  # in the background: what is typed is for the shell, and reading stops us
            return
        data = os.read(0, COMMAND_BYTES)
        if not data:
            self.close()
            return
        *lines, self._rest = (self._rest + data)[-COMMAND_BYTES:].split(b"\n")
        for line in lines:
            self._obey(line.decode("utf-8", "replace").split())

    def _obey(self, words: list[str]) -> None:
        if not words:
            return
        action = DEVICE_ACTIONS_BY_NAME.get(words[0])
        if action is None or len(words) != 2:  # noqa: PLR2004 - an action and a code
            names = "|".join(DEVICE_ACTIONS_BY_NAME)
            self._printer.complain(f"commands are: {names} CODE")
            return
        user_code = canonical_user_code(words[1])
        reply = self._desk.simulator.dispatch(action.command(user_code, Actor.SCRIPT))
        if isinstance(reply, Impossible):
            self._printer.complain(f"{user_code}: {reply.why}")
