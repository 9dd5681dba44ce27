"""What a step of the clock did, in words for the hint line, ``ctl`` and ``serve``."""

from dataclasses import asdict

from oidc_sim.engine.replies import Lapses

_FORGOTTEN = "forgotten"
_ONE = {
    "codes": "code",
    "tokens": "token",
    "sessions": "session",
    "registrations": "registration",
    "credentials": "role credential",
}


def lapsed(lapses: Lapses) -> str:
    """Such as ``2 codes expired, 1 token expired``; says of codes that a poll finds no more, too."""
    return lapsed_words(asdict(lapses))


def lapsed_words(counts: dict[str, int]) -> str:
    """The same, from the control API's members."""
    gone = counts.get("forgotten", 0)
    each = {"codes": counts.get("codes", 0) - gone, _FORGOTTEN: gone, **_without(counts)}
    told = [_told(kind, count) for kind, count in each.items() if count]
    return ", ".join(told) or "nothing expired"


def _without(counts: dict[str, int]) -> dict[str, int]:
    return {kind: count for kind, count in counts.items() if kind in _ONE and kind != "codes"}


def _told(kind: str, count: int) -> str:
    if kind == _FORGOTTEN:
        codes = "code" if count == 1 else "codes"
        return f"{count:,} {codes} expired and forgotten (polls get invalid_grant)"
    return f"{count:,} {_ONE[kind]}{'' if count == 1 else 's'} expired"
