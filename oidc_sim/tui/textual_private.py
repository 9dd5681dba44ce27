"""The private attributes of Textual that the screen uses, as of 8.2.8, and what it does without them.

Nothing else of the screen touches any. Each is looked for at import, and where one is missing the screen
goes without what it is for, which is slower to notice or plainer, and right:

* ``App._driver``, ``LinuxDriver._writer_thread`` and ``WriterThread._queue``: how much waits to be written.
  Without: painting never waits for a terminal that does not read.
* ``LinuxDriver._file`` and ``_must_signal_resume``: an output of our own. Without: Textual's driver as it is.
* ``XTermParser._sequence_to_key_events``: what ESC and a character mean. Without: what Textual makes of them.
* ``App._fatal_error``, ``_exit_renderables`` and ``_close_messages_no_wait``: one last line instead of a
  traceback with every local in it. Without: the app leaves with that line as with any other message.
"""

import select
import sys
from collections.abc import Iterable
from typing import Any

from rich.text import Text
from textual import events
from textual.app import App
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

_GONE = select.POLLHUP | select.POLLERR
"""Not POLLNVAL: macOS says that of /dev/tty, whatever it can do."""
_ESC = "\x1b"
_BEGINS_A_SEQUENCE = "[O"
"""After ESC: of what Textual knows, all longer sequences begin so."""
_OF_TERMINALS = "\t\x7f"
"""After ESC: the Linux console's shift+tab, and a word deleted backwards."""


_Parser: Any = getattr(linux_driver, "XTermParser", object)
_Writer: Any = getattr(linux_driver, "WriterThread", object)


def has(owner: type, *names: str) -> bool:
    """Whether a class has these attributes, or gives them to each of its objects."""
    given = {name for base in owner.__mro__ for name in _given(base)}
    return all(name in given or hasattr(owner, name) for name in names)


def _given(owner: type) -> tuple[str, ...]:
    code = getattr(vars(owner).get("__init__"), "__code__", None)
    return code.co_names if code else ()


SEES_WHAT_WAITS = (
    has(App, "_driver", "_sync_available")
    and has(LinuxDriver, "_writer_thread")
    and has(_Writer, "_queue")
)
"""Whether it can be told how much waits to be written."""
DRAWS_BY_ITSELF = has(LinuxDriver, "_file", "_must_signal_resume")
"""Whether Textual's driver can be given an output of our own."""
READS_CHORDS = has(_Parser, "_sequence_to_key_events")
"""Whether ESC and a character can be read as a chord."""
ENDS_AT_ONCE = has(App, "_fatal_error", "_exit_renderables", "_close_messages_no_wait")
"""Whether the app can be ended in the middle of what failed."""


def waiting_frames(app: App[Any]) -> float:
    """How many frames wait to be written; 0 without a terminal of our own."""
    writer = getattr(app._driver, "_writer_thread", None) if SEES_WHAT_WAITS else None  # noqa: SLF001
    if writer is None:
        return 0
    pieces = 3 if app._sync_available else 1  # noqa: SLF001
    return float(writer._queue.qsize()) / pieces  # noqa: SLF001


def is_hung_up(app: App[Any]) -> bool:
    """Whether the other end of the terminal was closed; costs a microsecond."""
    driver = getattr(app, "_driver", None)
    if not isinstance(driver, LinuxDriver):
        return False
    poll = select.poll()
    poll.register(driver.fileno, 0)  # POLLHUP is told unasked
    return any(said & _GONE for _, said in poll.poll(0))


class OutputDriver(LinuxDriver):
    """Textual's driver, where what it draws can go elsewhere than to standard error."""

    def draw_on(self, output: Any) -> None:
        """Write there from the next start on; None is standard output."""
        self._file: Any = output or sys.__stdout__

    def signal_resume(self) -> None:
        """Have the app told when it goes on after a suspension."""
        self._must_signal_resume = True


class ChordParser(_Parser):  # type: ignore[misc]
    """Reads ESC and a character as an Alt chord with that character, which ``TypeAhead`` may take apart.

    Textual's waits a tenth of a second for more of a sequence, and takes what was typed meanwhile for a part
    of it; of ``ESC /`` it makes the slash alone, and of ``ESC 1`` an exclamation mark upside down.
    """

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:  # noqa: FBT001, FBT002 - Textual's
        is_pair = len(sequence) == 2 and sequence[0] == _ESC  # noqa: PLR2004
        if is_pair and sequence[1] not in _BEGINS_A_SEQUENCE + _OF_TERMINALS:
            return _chord(super()._sequence_to_key_events(sequence[1]))
        keys = super()._sequence_to_key_events(sequence)
        return _chord(keys) if alt else keys


def _chord(keys: Iterable[events.Key]) -> Iterable[events.Key]:
    for key in keys:
        name = f"shift+{key.key.lower()}" if len(key.key) == 1 and key.key.isupper() else key.key
        yield events.Key(f"alt+{name}", key.character)


if READS_CHORDS:
    linux_driver.XTermParser = ChordParser  # type: ignore[attr-defined]


class LastWordsApp(App[None]):
    """An app that ends with one line when it fails."""

    def last_words(self, error: BaseException | None) -> str:
        """The line, in which no local is."""
        return f"failed: {type(error).__name__}"

    def _fatal_error(self) -> None:
        """End with one line. Textual's own traceback has every local in it, and so secrets of clients."""
        said = Text(self.last_words(sys.exc_info()[1]))
        if not ENDS_AT_ONCE:
            self.exit(return_code=1, message=said)
            return
        self._exit_renderables.append(said)
        self._close_messages_no_wait()
