"""Log entries as JSON, for the control API and headless mode. No secret and no digest is in them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from oidc_sim.engine.arrival import Setting, Target
from oidc_sim.engine.events import DecisionMade, DecisionUndone, DeviceExpired
from oidc_sim.engine.model import Device
from oidc_sim.engine.waiting_events import PollAnswered, RuleGivenBack
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Entry
from oidc_sim.text.redact import redact_in, redact_text

EXCHANGE_FIELDS = (
    "number",
    "at",
    "method",
    "operation",
    "status",
    "outcome",
    "user_code",
    "client_id",
    "fault",
)


_WORDS: Mapping[type[Any], str] = {
    DecisionMade: "deed_done",
    DecisionUndone: "deed_undone",
    DeviceExpired: "device_lapsed",
    RuleGivenBack: "rule_spared",
}
_MEMBERS: Mapping[tuple[type[Any], str], str] = {
    (DecisionMade, "decision"): "deed",
    (DecisionUndone, "decision"): "deed",
    (Device, "decisions"): "deeds",
    (Device, "is_known_expired"): "has_lapsed",
    (PollAnswered, "answer_word"): "told",
}
"""Public names that differ from ours: programs and journals of older versions know them."""


def entry_type(entry: Entry) -> str:
    """What happened, in a word: ``exchange``, ``device_authorized``, ``polled``."""
    return word_for(type(entry.what))


def word_for(kind: type[Any]) -> str:
    """What JSON calls a class: its name in snake case, except for the few that were renamed."""
    return _WORDS.get(kind) or re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def members_of(kind: type[Any]) -> dict[str, str]:
    """The fields of a dataclass in order, each with the name of its JSON member."""
    return {field.name: _MEMBERS.get((kind, field.name), field.name) for field in fields(kind)}


def entry_json(entry: Entry, cut: Callable[[Any], Any] = redact_in) -> dict[str, Any]:
    """The entry as JSON members, ``seq`` and ``type`` first; times in seconds since 1970.

    Args:
        entry: One of the log's.
        cut: Cuts what is secret in a JSON value.
    """
    what = entry.what
    if isinstance(what, Exchange):
        members = {name: getattr(what, name) for name in EXCHANGE_FIELDS}
        members["path"] = what.target.partition("?")[0]
        members["took_ms"] = round(what.took_s * 1000, 3)
    else:
        members = _shown(what)
    shown = {name: it if name in _OURS else cut(it) for name, it in members.items()}
    return {"seq": entry.seq, "type": entry_type(entry), **shown}


def _shown(what: Any) -> dict[str, Any]:
    """A dataclass's members, and those of the ones in it."""
    return {
        member: _plain(getattr(what, name))
        for name, member in members_of(type(what)).items()
        if not name.endswith("_digest") and name not in _HIDDEN
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Target):
        return target_json(value)
    if isinstance(value, bytes):
        return len(value)  # an edited answer may have a token in it
    if isinstance(value, Mapping):
        return settings_json(value)
    return _shown(value) if is_dataclass(value) and not isinstance(value, type) else value


def target_json(target: Target) -> dict[str, Any]:
    """Which requests are meant, as JSON members."""
    named = {name: getattr(target, name) for name in ("operation", "client_id", "user_code")}
    return {**named, "filter": redact_text(target.filter.text)}


def settings_json(settings: Mapping[str, Setting]) -> dict[str, Setting]:
    """What was set of a fault, secrets cut: an answer of one's own may have some."""
    return {
        name: redact_text(value) if isinstance(value, str) else value
        for name, value in settings.items()
    }


_OURS = {"access_key_id"}
"""What was issued here, is no secret, and looks like what strangers' are cut for."""
_HIDDEN = {"client_state", "code_challenge", "previewed", "headers", "fit", "stage"}
"""What a client knows its browser by, and the digest of its verifier (RFC 6749 §10.12, RFC 7636 §4.2),
what an operator wrote into an answer and made it from, a part of the catalogue, and what is always None
of an arrival that is told of."""
