"""Demo clients: started by name, and ended."""

from oidc_sim.actions.answer import Answer, Asked, done, refusal
from oidc_sim.demo.demos import MOST, Demos
from oidc_sim.demo.performance import PERFORMANCES, STOP

_NAMES = ", ".join([*PERFORMANCES, STOP])


def run_demo(demos: Demos, asked: Asked) -> Answer:
    """Start one, or stop all."""
    name = asked.texts["name"]
    if name == STOP:
        return done({"stopped": demos.stop(), "running": demos.running})
    if name not in PERFORMANCES:
        return refusal(404, "unknown", f"there is no such demo; there are {_NAMES}")
    started = demos.start(name)
    if started is None:
        why = f"{MOST} demo clients run already; demo {STOP} ends them"
        return refusal(409, "conflict", why)
    return done({"started": started.client, "running": demos.running})
