"""The terminal: whether it still reads what is written and is still there, and input in its order.

Textual writes in a thread, from a queue of 30 pieces. A terminal that stops reading (Ctrl-S, a
stuck ssh) fills it, then ``write`` blocks the loop, and with it every client of the server.
At the end Textual waits for that thread without limit, so no signal would end
the process. And when the terminal goes away without a SIGHUP (``nohup``), its input thread reads
end-of-file for ever, at 86 % of a core (textual#6690).

Textual hands a key to what has the focus when it is read, carries it out some messages later, and gives a
new dialog the focus later still. So what a paste, a macro or a slow line delivers in one piece would go to
what was there before its first key: ``t/45s`` picked a row of the clock. ``TypeAhead`` has each key wait
until nothing of the one before is under way, once for all dialogs and lines.
"""

import asyncio
import os
import select
import signal
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any, Self

from textual import events
from textual.app import App
from textual.command import CommandPalette
from textual.message_pump import MessagePump
from textual.widgets import Input, TextArea

from oidc_sim.tui.textual_private import OutputDriver, is_hung_up, waiting_frames

MAX_WAITING_FRAMES = 2
"""Frames that may wait to be written while new ones are painted."""
HANGUP_EXIT_CODE = 128 + signal.SIGHUP
"""As if the terminal had sent the signal."""
_STANDARD_OUTPUT = 1
_PATIENCE_S = 1.0
"""How long the end waits for a slow terminal; frames that it did not take by then are dropped."""
_LAST_WORDS_S = 0.5
"""How much longer what restores the terminal may wait."""
_LAST_WORD_BYTES = 64
"""No frame is as short, and nothing that restores is longer."""
_LOOK_EVERY_MS = 50


class TerminalOutput:
    """The terminal, opened a second time to be written to without blocking for good.

    A second time, because not blocking is a property of the opening, and the first one is shared
    with the shell. By hand and not a file object, because those hold a lock while they write, at
    which the interpreter's own end would fail.
    """

    def __init__(self, descriptor: int, now: Callable[[], float] = time.monotonic) -> None:
        self._descriptor = descriptor
        self._now = now
        self._dropping_since: float | None = None
        self._is_gone = False
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)

    @classmethod
    def of(cls, descriptor: int) -> Self | None:
        """The terminal behind a descriptor, or None when it cannot be opened again."""
        try:
            name = os.ttyname(descriptor)
            return cls(os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK))
        except OSError:
            return None

    def write(self, text: str) -> None:
        """Waits until all is written, it is dropped, or there is no terminal any more."""
        left = text.encode("utf-8", "replace")
        is_short = len(left) <= _LAST_WORD_BYTES
        while left and self._is_worth_a_try(is_short=is_short):
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:
                self._wait_for_room()
            except OSError:  # EIO: hung up
                self._is_gone = True

    def _wait_for_room(self) -> None:
        """Wait for the terminal to read on, or for a while where it cannot be polled (macOS)."""
        if any(said & select.POLLNVAL for _, said in self._poll.poll(_LOOK_EVERY_MS)):
            time.sleep(_LOOK_EVERY_MS / 1000)

    def flush(self) -> None:
        """Nothing is held back."""

    def fileno(self) -> int:
        """The descriptor."""
        return self._descriptor

    def drop_frames(self) -> None:
        """From now on only short pieces are waited for, and not for long; from any thread."""
        self._dropping_since = self._now()

    def close(self) -> None:
        """Closes this opening of the terminal."""
        self._is_gone = True
        os.close(self._descriptor)

    def _is_worth_a_try(self, *, is_short: bool) -> bool:
        if self._dropping_since is None:
            return not self._is_gone
        is_late = self._now() > self._dropping_since + _LAST_WORDS_S
        return is_short and not is_late and not self._is_gone


class PatientDriver(OutputDriver):
    """Textual's driver, whose end does not wait for a terminal that does not read.

    Ctrl-Z from outside (SIGTSTP) is handled in the loop. Textual does it in a signal handler,
    between any two bytecodes, and stands still for ever when the writer's queue is locked there;
    and it starts a second input thread at a SIGCONT that no SIGTSTP came before.

    It draws on standard output, where Textual's draws on standard error: so ``2>file`` keeps what
    Python complains about, and not the screen.
    """

    _output: TerminalOutput | None = None
    _is_started = False
    _is_suspended = False

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._screen_of = app
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTSTP, self._suspend)
        loop.add_signal_handler(signal.SIGCONT, self._continue)

    def start_application_mode(self) -> None:
        """Starts, or starts again after a suspension, with an output of its own."""
        self._output = TerminalOutput.of(_STANDARD_OUTPUT)
        self.draw_on(self._output)
        self._is_started = True
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Ends the writer thread within about 1.5 s, at the price of frames nobody read."""
        self._is_started = False
        output, self._output = self._output, None
        if output is None:
            super().close()
            return
        timer = threading.Timer(_PATIENCE_S, output.drop_frames)
        timer.start()
        try:
            super().close()
        finally:
            timer.cancel()
            output.close()

    def _suspend(self) -> None:
        if self._is_started:
            self._is_suspended = True
            self.suspend_application_mode()
            self.signal_resume()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _continue(self) -> None:
        if self._is_suspended:
            self._is_suspended = False
            self.resume_application_mode()
        elif self._is_started:
            self._screen_of.refresh()  # a stop from outside: somebody else may have written meanwhile


class TerminalWatch:
    """Looks after an app's terminal; to be asked ten times a second.

    Ten times, because a queue of 30 pieces must not fill between two looks.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._pause = ExitStack()
        self.is_paused = False
        """Whether painting waits for the terminal."""

    def look(self) -> None:
        """Stops painting while the terminal does not read, and ends the app when it is gone."""
        if is_hung_up(self._app):
            self._app.exit(return_code=HANGUP_EXIT_CODE)
            return
        is_behind = waiting_frames(self._app) > MAX_WAITING_FRAMES
        if is_behind and not self.is_paused:
            self._pause.enter_context(self._app.batch_update())
        elif self.is_paused and not is_behind:
            self._pause.close()
            self._app.refresh()  # the end of a batch alone does not wake the screen
        self.is_paused = is_behind


EAGER_LOOKS = 100
"""How often each turn of the loop asks; after that, and while the palette searches, a timer does."""
LOOK_AGAIN_S = 0.005
MOST_LOOKS = 500
"""Then the next key goes on, whatever is under way: a keyboard that is stuck would be worse."""
_WORD_MOVES = {"alt+f": "ctrl+right", "alt+b": "ctrl+left"}
"""Keys that Option and an arrow send on macOS, with their meaning in a field of text."""


class TypeAhead:
    """Takes an app's input, and hands it on in order.

    The letters of one text go on together: a field takes them all, and none of them moves the focus.
    """

    def __init__(self, app: App[None], give: Callable[[events.Event], Awaitable[None]]) -> None:
        """Begin with nothing under way; ``give`` hands an event on as Textual does."""
        self._app = app
        self._give = give
        self._waiting: deque[events.Event] = deque()
        self._looks = 0
        self._is_text = False
        """Whether all that is under way are letters for one field."""
        self.is_busy = False
        """Whether something that was handed on is under way."""

    async def take(self, event: events.Event) -> None:
        """Hand an event on, as soon as those before it have taken effect."""
        self._waiting.append(event)
        await self._hand_on()

    async def _hand_on(self) -> None:
        while self._waiting and self._may_go(self._waiting[0]):
            event = self._waiting.popleft()
            if isinstance(event, events.Key) and (keys := self._meant_by(event)) != [event]:
                self._waiting.extendleft(reversed(keys))
            else:
                await self._begin(event)

    def _may_go(self, event: events.Event) -> bool:
        return not self.is_busy or (self._is_text and self._is_letter(event))

    async def _begin(self, event: events.Event) -> None:
        """Hand it on, and watch what becomes of it; a pointer that moves changes nothing."""
        if not self.is_busy and not isinstance(event, events.MouseMove):
            self.is_busy, self._is_text, self._looks = True, self._is_letter(event), 0
            asyncio.get_running_loop().call_soon(self._look)
        await self._give(event)

    def _is_letter(self, event: events.Event) -> bool:
        is_typed = isinstance(event, events.Key) and event.is_printable
        return is_typed and isinstance(self._app.focused, Input | TextArea)

    def _look(self) -> None:
        """Ask until nothing is under way; the loop goes round meanwhile."""
        if not self._app.is_running:
            self.is_busy = False
            return
        self._looks += 1
        if self._is_settled(self._app) or self._looks > MOST_LOOKS:
            # The app may still stand in an action, such as one that opens a dialog. When it comes to this
            # call it does not, and it is looked once more at what it did.
            self._app.call_later(self._go_on)
        else:
            self._look_again()

    def _look_again(self) -> None:
        loop = asyncio.get_running_loop()
        if self._looks <= EAGER_LOOKS and not self._is_searching():
            loop.call_soon(self._look)
        else:
            loop.call_later(LOOK_AGAIN_S, self._look)

    async def _go_on(self) -> None:
        if self._is_settled() or self._looks > MOST_LOOKS:
            self.is_busy = False
            await self._hand_on()
        else:
            self._look_again()

    def _is_settled(self, *more: MessagePump) -> bool:
        """Whether no screen and nothing on the top one has a message left to work on."""
        if any(it.message_queue_size for it in (*more, *self._app.screen_stack)):
            return False  # most often: the whole tree need not be walked
        widgets = self._app.screen.walk_children()
        return not any(it.message_queue_size for it in widgets) and not self._is_searching()

    def _is_searching(self) -> bool:
        """Whether the palette still looks for what was typed: enter would take what it found before."""
        screen = self._app.screen
        return isinstance(screen, CommandPalette) and any(
            worker.node is screen and not worker.is_finished for worker in self._app.workers
        )

    def _meant_by(self, key: events.Key) -> list[events.Key]:
        """Escape and a key, where an Alt chord that a terminal sends in the same bytes stands for nothing.

        A terminal that tells them apart sends chords without a character.
        """
        if not key.key.startswith("alt+") or key.character is None:
            return [key]
        name = _WORD_MOVES.get(key.key, key.key)
        if name in self._app.screen.active_bindings:
            return [key] if name == key.key else [events.Key(name, None)]
        return [events.Key("escape", "\x1b"), _without_alt(key, key.character)]


def _without_alt(key: events.Key, character: str) -> events.Key:
    return events.Key(character if character.isalnum() else key.key.removeprefix("alt+"), character)
