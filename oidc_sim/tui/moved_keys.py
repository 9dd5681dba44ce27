"""Keys where the user wants them: the table ``[keys]`` of the configuration file over our own."""

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from textual.keys import Keys, key_to_character

from oidc_sim.tui.keymap import KEYS, Holder, Key, shown_keys, with_twins, without_twins

RESERVED = frozenset({"ctrl+c", "ctrl+q"})
"""Textual's own: copy what is marked, and leave."""
_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "meta"})
_NAMED = frozenset(it.value for it in Keys) | {
    "slash",
    "left_square_bracket",
    "right_square_bracket",
}
"""Textual's names of keys; its own list leaves punctuation out."""
_IN_ASCII = {"↵": "enter", "↑": "up", "↓": "down", "←": "left", "→": "right"}
_MENTIONED = re.compile("⟦([a-z._]+)⟧")
_APART = frozenset({Holder.LIST, Holder.PAGE})
"""Never pressed in the same place."""


class KeysError(Exception):
    """A table of keys that cannot be used; the text is one line for a person."""


class MovedKeys:
    """The keys as this user presses them."""

    def __init__(self, wanted: Mapping[str, str] | None = None, *, is_ascii: bool = False) -> None:
        """Take the user's table: keys by the id of their action, several with commas between.

        Raises:
            KeysError: An id or key is not known, or a key would do two things.
        """
        self._is_ascii = is_ascii
        self.keymap = {id_: _names(id_, keys) for id_, keys in (wanted or {}).items()}
        """Keys by id, as Textual wants them; those that lists and pages share stand for both."""
        for id_ in list(self.keymap):
            _require_known(id_)
            twin = id_.replace("list.", "page.", 1)
            if id_.startswith("list.") and twin in _IDS:
                self.keymap.setdefault(twin, self.keymap[id_])
        self._require_no_clash()

    def shown(self, key: Key) -> str:
        """Its keys as a person reads them, with blanks between."""
        keys = self.keymap.get(key.at or key.id)
        text = key.shown if keys is None else shown_keys(keys)
        if not self._is_ascii:
            return text
        return " ".join(_IN_ASCII.get(part, part) for part in text.split(" "))

    def spoken(self, text: str) -> str:
        """A sentence that mentions ``⟦what keys do⟧``, with the first key of each in its place."""
        return _MENTIONED.sub(lambda it: self._first(it[1]) or it[0], text)

    def _first(self, id_: str) -> str:
        key = _IDS.get(id_)
        return self.shown(key).partition(" ")[0] if key else ""

    def _require_no_clash(self) -> None:
        pressed: dict[str, list[Key]] = {}
        for key in KEYS:
            for name in self.keymap.get(key.id, key.keys).split(","):
                for other in pressed.get(_same(name), []):
                    self._compare(name, key, other)
                pressed.setdefault(_same(name), []).append(key)

    def _compare(self, name: str, key: Key, other: Key) -> None:
        """Two of our own may share a key, where one comes before the other: that is meant."""
        is_moved = key.id in self.keymap or other.id in self.keymap
        if is_moved and {key.holder, other.holder} != _APART:
            raise KeysError(f"[keys]: {_toml(name)} is the key of {other.id} and of {key.id}")


_IDS = {key.id: key for key in KEYS}


def keys_toml() -> Iterator[str]:
    """Our own table, as lines for the configuration file."""
    yield "[keys]"
    for key in KEYS:
        if key.holder is not Holder.PAGE:
            keys = ",".join(without_twins(key.keys))
            yield f"{_toml(key.id)} = {_toml(keys)}  # {key.help}"


def _require_known(id_: str) -> None:
    if id_ in _IDS:
        return
    near = _nearest(id_)
    advice = f"did you mean {near}?" if near else "'oidc-sim keys' prints them all"
    raise KeysError(f"[keys]: {_toml(id_)} is no action; {advice}")


def _nearest(id_: str) -> str:
    """By the last part first: ``approve`` is ``device.approve``, however much it looks like ``approve_all``."""
    by_last = {known.rpartition(".")[2]: known for known in reversed(_IDS)}
    last = id_.rpartition(".")[2]
    if last in by_last:
        return by_last[last]
    near = get_close_matches(id_, _IDS, 1) if "." in id_ else []
    near = near or [by_last[it] for it in get_close_matches(last, by_last, 1)]
    return near[0] if near else ""


def _names(id_: str, keys: str) -> str:
    """Textual's names of the keys that a user wrote."""
    return with_twins(",".join(_checked(id_, name.strip()) for name in keys.split(",")))


def _checked(id_: str, name: str) -> str:
    *modifiers, last = name.split("+") if name != "+" else ["plus"]
    is_key = last in _NAMED or bool(key_to_character(last)) if last else False
    if not (is_key and _MODIFIERS.issuperset(modifiers) and last.isprintable()):
        raise KeysError(f"[keys]: {id_}: {_toml(name)} is no key, such as x, X, f5 or ctrl+x")
    if name in RESERVED:
        raise KeysError(f"[keys]: {id_}: {name} cannot be moved to")
    return "plus" if name == "+" else name


def _same(name: str) -> str:
    """One name for each key."""
    return name if name in _NAMED else key_to_character(name) or name


def _toml(text: str) -> str:
    return json.dumps(text)
