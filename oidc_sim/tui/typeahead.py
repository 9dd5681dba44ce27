"""Input that comes faster than it is carried out: each key waits until the one before it has taken effect.

Textual hands a key to what has the focus when it is read, carries it out some messages later, and gives a new
dialog the focus later still. So what a paste, a macro or a slow line delivers in one piece would go to what
was there before its first key: ``t/45s`` picked a row of the clock. Here, once for all dialogs and lines, the
next key waits until nothing of the one before is under way any more.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.command import CommandPalette
from textual.message_pump import MessagePump
from textual.widgets import Input, TextArea

EAGER_LOOKS = 100
"""How often each turn of the loop asks; after that, and while the palette searches, a timer does."""
LOOK_AGAIN_S = 0.005
MOST_LOOKS = 500
"""Then the next key goes on, whatever is under way: a keyboard that is stuck would be worse."""
_WORD_MOVES = {"alt+f": "ctrl+right", "alt+b": "ctrl+left"}
"""What Option and an arrow send on macOS, for a field of text."""


class TypeAhead:
    """Takes an app's input, and hands it on in order.

    The letters of one text go on together: a field takes them all, and none of them moves the focus.
    """

    def __init__(self, app: App[None], give: Callable[[events.Event], Awaitable[None]]) -> None:
        """Begin with nothing under way.

        Args:
            app: Whose input it is.
            give: Hands an event on as Textual does.
        """
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
