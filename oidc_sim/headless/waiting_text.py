"""What lies in wait, what is held and what became of it, in a line each."""

from typing import assert_never

from oidc_sim.engine import waiting_events as e
from oidc_sim.engine.arrival import Target


def waiting_text(event: e.PassingEvent) -> str | None:
    """One line for people, without the time; None for what another line tells."""
    match event:
        case e.RequestHeld():
            whose = f" for {event.arrival.user_code}" if event.arrival.user_code else ""
            for_s = event.ends_tick - event.tick
            asked = event.arrival.operation or event.arrival.endpoint
            return f"held request {event.number}: {asked}{whose}, for {for_s:.0f} s"
        case e.HeldEnded():
            whose = f" for {event.user_code}" if event.user_code else ""
            return f"let go of request {event.number}{whose}: {event.how}"
        case e.HeldPaused() | e.HeldDecided() | e.AllReleased():
            return None
        case e.PollAnswered() | e.RequestLookedAt() | e.RuleSpared():
            return None  # its exchange tells it
        case _:
            return _rule(event)


def _rule(
    event: e.RuleAdded | e.RulePaused | e.RuleEnded | e.RuleRemoved | e.RuleRestored,
) -> str:
    rule = f"rule {event.rule_id}"
    match event:
        case e.RuleAdded():
            what = f"fault {event.fault}" if event.fault else "hold"
            return f"added {rule}: {what} for {target_text(event.target)}"
        case e.RulePaused():
            return f"{'paused' if event.is_paused else 'resumed'} {rule}"
        case e.RuleEnded():
            return f"ended {rule}: its time is over"
        case e.RuleRemoved():
            return f"removed {rule}"
        case e.RuleRestored():
            return f"restored {rule}"
        case _:
            assert_never(event)


def target_text(target: Target) -> str:
    """Which requests are meant, in words."""
    named = (target.operation, target.user_code, target.client_id, target.filter.text)
    return " ".join(part for part in named if part) or "everything"
