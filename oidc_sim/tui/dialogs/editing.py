"""A held request's answer as text that a person edits, and back.

What is shown is what is sent: characters that nobody would see are shown as escapes, and the escapes are
what goes out.
"""

import json
from dataclasses import dataclass

from oidc_sim.engine.arrival import Decision
from oidc_sim.engine.commands import DecideHeld, PauseHeld
from oidc_sim.engine.held import EDIT, HOW_ENDED
from oidc_sim.engine.replies import Impossible
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.cells import printable
from oidc_sim.wire.edited import BODILESS, OURS, STATUS_RULE, objection_to

_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class AnswerText:
    """Three fields of a dialog."""

    status: str = "200"
    headers: str = "Content-Type: application/json"
    """``Name: value``, one on each line."""
    body: str = "{}"


EMPTY = AnswerText()
"""What to start from where the true answer is not known."""


class AnswerTextError(ValueError):
    """The text is no answer; says why."""


def visible(text: str) -> str:
    r"""The text with an escape for each character that is no ink; lines stay lines, tabs stay tabs.

    A line may end with ``\r\n``: that it did is lost.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in lines)


def as_text(whole: bytes) -> AnswerText:
    """All bytes of a response as they can be edited, without what the server says by itself."""
    head, _, body = whole.partition(_HEAD_END)
    first, *lines = head.decode("latin-1").split("\r\n")
    kept = [line for line in lines if line.partition(":")[0].lower() not in OURS]
    return AnswerText(
        status=first.split(" ")[1],
        headers=visible("\n".join(kept)),
        body=visible(body.decode("utf-8", "backslashreplace")),
    )


def read(text: AnswerText) -> Decision:
    """The decision to answer so.

    Raises:
        AnswerTextError: HTTP does not allow it, or it is not clear.
    """
    if not text.status.isdecimal():
        raise AnswerTextError(STATUS_RULE)
    decision = Decision(
        how=EDIT,
        status=int(text.status),
        headers=tuple(map(_header, filter(str.strip, text.headers.split("\n")))),
        body=text.body.encode("utf-8", "backslashreplace"),
    )
    if (why := objection_to(decision)) is not None:
        raise AnswerTextError(why)
    if decision.status in BODILESS and decision.body:
        raise AnswerTextError(f"an answer with status {decision.status} has no body: empty it")
    return decision


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise AnswerTextError(f"write headers as Name: value, not {line.strip()[:30]!r}")
    if name.strip().lower() in OURS:
        raise AnswerTextError(f"leave {name.strip()} out: it follows from the body by itself")
    return name.rstrip(), value.strip()


def doubt_about(decision: Decision) -> str | None:
    """What is allowed, and hardly meant: JSON that is none."""
    is_json = any(
        name.lower() == "content-type" and "json" in value.lower()
        for name, value in decision.headers
    )
    if not is_json or not decision.body:
        return None
    try:
        json.loads(decision.body)
    except (ValueError, RecursionError):
        return "the body is no JSON, as Content-Type says"
    return None


def pause(simulator: Simulator, number: int, *, is_paused: bool) -> None:
    """Let the request's countdown stand still, or go on; of no matter once it is not held."""
    simulator.dispatch(PauseHeld(number=number, is_paused=is_paused))


def save(simulator: Simulator, number: int, decision: Decision) -> str | None:
    """Answer the request so; else why not."""
    reply = simulator.dispatch(DecideHeld(number=number, decision=decision))
    return what_became_of(simulator, number) or reply.why if isinstance(reply, Impossible) else None


def what_became_of(simulator: Simulator, number: int) -> str | None:
    """How a request that can be answered no more ended, in a word; None while it waits."""
    held = simulator.state.held.get(number)
    if held is not None and held.decision is None:
        return None
    if held is not None and held.decision is not None:
        return f"#{number} waits no more: {HOW_ENDED.get(held.decision.how, held.decision.how)}"
    exchange = simulator.log.exchanges.get(number)
    if exchange is None:
        return f"#{number} is gone"
    if exchange.status:
        return f"#{number} was answered meanwhile: {exchange.status} {printable(exchange.outcome)}"
    return f"#{number} waits no more: {printable(exchange.outcome)}"
