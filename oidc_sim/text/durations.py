"""Spans of time as people type and read them: ``90d``, ``1h30m``, ``45s``, ``600``."""

import re

_UNITS = {"d": 86400, "h": 3600, "m": 60, "min": 60, "s": 1, "": 1}
_PART = re.compile(r"(\d{1,9})\s*(min|[dhms])", re.ASCII)
_WHOLE = re.compile(r"(?:\d{1,9}\s*(?:min|[dhms])\s*)+|\d{1,9}", re.ASCII)
_SPOKEN = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
USAGE = "type a time such as 45s, 10m, 1h30m or 90d"


def parse_duration(text: str) -> int:
    """Read a span of time in seconds.

    Raises:
        ValueError: It is no span of time; the text says what one looks like.
    """
    typed = text.strip().lower()
    if not _WHOLE.fullmatch(typed):
        raise ValueError(USAGE)
    if typed.isdigit():
        return int(typed)
    return sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(typed))


def spoken(span_s: float) -> str:
    """Write a span of whole seconds in its largest units: ``8 h``, ``1 h 30 min``, ``90 d``."""
    left, parts = round(span_s), []
    for unit, size_s in _SPOKEN:
        many, left = divmod(left, size_s)
        if many:
            parts.append(f"{many} {unit}")
    return " ".join(parts[:2]) or "0 s"
