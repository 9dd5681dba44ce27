"""What the word before the caret can become."""

import re

from oidc_sim.filtering.fields import EVERY_FIELD, FLAGS, NUMBERS, STATES, TEXTS, Fields

_WORDS = {
    **{name: f"{name}:" for name in TEXTS},
    **{name: f"{name}>=" if name == "status" else f"{name}>" for name in NUMBERS},
    **{name: name for name in FLAGS},
}
_TYPED = re.compile(r"[^\s()&|!\"]*\Z")


def word_before(text: str, caret: int) -> str:
    """What is being typed there, back to the last sign or space."""
    match = _TYPED.search(text[: max(0, caret)])
    return match[0] if match else ""


def completions(text: str, caret: int, fields: Fields = EVERY_FIELD) -> list[str]:
    """The words that begin with the one before the caret, itself left out, in alphabetical order.

    Args:
        text: The filter so far.
        caret: Characters before the caret.
        fields: What the rows have.
    """
    typed = word_before(text, caret).lower()
    words = [word for name, word in _WORDS.items() if name in fields.names]
    if typed.startswith("state:") and "state" in fields.names:
        words = [f"state:{state}" for state in STATES]
    return sorted(word for word in words if word.startswith(typed) and word != typed)


def completed(text: str, caret: int, word: str) -> tuple[str, int]:
    """The text with the word before the caret replaced, and where the caret is then."""
    begin = text[: max(0, caret) - len(word_before(text, caret))]
    return begin + word + text[max(0, caret) :], len(begin) + len(word)
