"""Log entries as lines, for people or for programs."""

import json
import time

from oidc_sim.engine import events as e
from oidc_sim.printable import printable
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.lines import entry_json, entry_type
from oidc_sim.record.log import Entry
from oidc_sim.settings import Output


def line_of(entry: Entry, output: Output) -> str | None:
    """The entry as ``serve`` prints it; None when it prints none."""
    if output is Output.NONE:
        return None
    if output is Output.JSON:
        return json.dumps(entry_json(entry))
    return text_of(entry)


def text_of(entry: Entry) -> str | None:
    """One line for people; a poll is told by its exchange, so its event has none."""
    what = entry.what
    if isinstance(what, e.Polled):
        return None
    clock = time.strftime("%H:%M:%S", time.localtime(what.at))
    if isinstance(what, Exchange):
        name = what.operation or f"{what.method} {what.target}"
        told = f"#{what.number} {name} {what.status} {what.outcome}"
        if what.user_code and what.user_code != what.outcome:
            told += f" {what.user_code}"
        return printable(f"{clock} {told}")
    subject = getattr(what, "user_code", None) or getattr(what, "client_id", "")
    deed = getattr(what, "deed", "")
    return printable(f"{clock} {entry_type(entry)} {subject} {deed}".rstrip())
