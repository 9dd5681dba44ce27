"""Log entries as JSON, for the control API and headless mode. No secret and no digest is in them."""

import re
from dataclasses import fields
from typing import Any

from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Entry

EXCHANGE_FIELDS = (
    "number",
    "at",
    "method",
    "operation",
    "status",
    "outcome",
    "user_code",
    "client_id",
)


def entry_type(entry: Entry) -> str:
    """What happened, as one word in snake case: ``exchange``, ``device_authorized``, ``polled``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(entry.what).__name__).lower()


def entry_json(entry: Entry) -> dict[str, Any]:
    """The entry as JSON members, ``seq`` and ``type`` first; times in seconds since 1970."""
    what = entry.what
    if isinstance(what, Exchange):
        members = {name: getattr(what, name) for name in EXCHANGE_FIELDS}
        members["path"] = what.target.partition("?")[0]
        members["took_ms"] = round(what.took_s * 1000, 3)
    else:
        names = (field.name for field in fields(what) if not field.name.endswith("_digest"))
        members = {name: getattr(what, name) for name in names}
    return {"seq": entry.seq, "type": entry_type(entry), **members}
