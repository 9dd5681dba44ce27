"""What the word before the caret can become."""

import re

from oidc_sim.filtering.fields import FLAGS, NUMBERS, STATES, TEXTS

_WORDS = (
    *(f"{name}:" for name in TEXTS),
    *(f"{name}>=" if name == "status" else f"{name}>" for name in NUMBERS),
    *FLAGS,
)
_TYPED = re.compile(r"[^\s()&|!\"]*\Z")


def word_before(text: str, caret: int) -> str:
    """What is being typed there, back to the last sign or space."""
    match = _TYPED.search(text[: max(0, caret)])
    return match[0] if match else ""


def completions(text: str, caret: int) -> list[str]:
    """The words that begin with the one before the caret, itself left out, in alphabetical order."""
    typed = word_before(text, caret).lower()
    words = [f"state:{state}" for state in STATES] if typed.startswith("state:") else _WORDS
    return sorted(word for word in words if word.startswith(typed) and word != typed)


def completed(text: str, caret: int, word: str) -> tuple[str, int]:
    """The text with the word before the caret replaced, and where the caret is then."""
    begin = text[: max(0, caret) - len(word_before(text, caret))]
    return begin + word + text[max(0, caret) :], len(begin) + len(word)
