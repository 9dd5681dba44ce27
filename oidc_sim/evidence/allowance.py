"""Bounds how much of strangers' texts evidence shows, so that no flood of theirs makes it endless.

Counted, not timed: what cutting a text costs and what it takes on the disk. Ten thousand requests of real
clients come nowhere near; of ten thousand bodies made to be slow, the newest are shown whole, those before
them in part, and the report says how many.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from oidc_sim.text.redact import is_secret, redact, work_on
from oidc_sim.text.redact.marks import cut

WORK = 48 * 2**20
"""Work of cutting, in all: two seconds or three."""
SIZE = 32 * 2**20
"""Bytes on the disk, in all, of one form of the evidence."""
PART = 256
"""Bytes that are shown of a text that there is no room for."""
_PIECE = 64
"""Least cost of a text, however short."""
_ENDS_TEXT = re.compile(rb".*[\s\"'&,;<>{}]", re.DOTALL)
"""A secret is not recognised by its half, so none is halved."""

GoOn = Callable[[], None]
"""Called now and then by work that may be abandoned: raises when it is."""


def whatever() -> None:
    """Let work go on that nobody abandons."""


class Allowance:
    """Room left in one evidence; the newest texts should be shown first."""

    def __init__(self, go_on: GoOn = whatever, work: int = WORK, size: int = SIZE) -> None:
        """Allow this much work of cutting and so many bytes of texts; ``go_on`` is called before each text."""
        self.left_out = 0
        """Texts that are shown in part, or not at all."""
        self._go_on = go_on
        self._work = work
        self._size = size
        self._parts = size // 4
        self._known: dict[bytes, tuple[str, int]] = {}

    def text(self, data: bytes) -> str:
        r"""Cut secrets in bytes that should be UTF-8, or in their beginning; each that is not shows as ``\xff``."""
        self._go_on()
        shown, size = self._known.get(data) or self._cut(data)
        if size > self._size:
            return self._part(data)
        self._size -= size
        return shown

    def _cut(self, data: bytes) -> tuple[str, int]:
        """Cut the secrets; a size beyond what is left stands for a text that would take too much work."""
        work = _PIECE + work_on(data)
        if work > self._work:
            return "", self._size + 1
        self._work -= work
        shown = decoded(redact(data))
        known = self._known[data] = shown, _PIECE + len(json.dumps(shown))
        return known

    def words(self, words: str) -> str:
        """Cut secrets in a decoded text."""
        return self.text(words.encode("utf-8", "surrogatepass"))

    def header(self, name: bytes, value: bytes) -> str:
        """Cut a header's value, whole where all of it is a secret."""
        if is_secret(name.decode("latin-1")):
            return decoded(cut(value.decode("latin-1")).encode("latin-1"))
        return self.text(value)

    def value(self, value: Any) -> Any:
        """Cut secrets in every text of a JSON value."""
        if isinstance(value, str):
            return self.words(value)
        if isinstance(value, dict):
            return {self.words(name): self.value(member) for name, member in value.items()}
        return [self.value(item) for item in value] if isinstance(value, list | tuple) else value

    @property
    def is_used_up(self) -> bool:
        """Whether not even beginnings are shown any more."""
        return self._parts <= 0

    def _part(self, data: bytes) -> str:
        self.left_out += 1
        self._parts -= _PIECE + PART
        end = _ENDS_TEXT.match(data[:PART]) if self._parts > 0 else None
        begin = end[0] if end else b""
        return f"{decoded(redact(begin))}... and {len(data) - len(begin):,} bytes more, left out"


def decoded(data: bytes) -> str:
    r"""Decode bytes that should be UTF-8; each that is not shows as ``\xff``."""
    return data.decode("utf-8", "backslashreplace")
