"""What a fault puts on the wire: from its settings and the true answer to a plan. Pure.

``plan`` is the way in. A plan is steps: send bytes, pause, end the connection in one of four ways;
everything reduces to that. Whoever has the connection carries it out (``oidc_sim.server.http.delivery``).
Faults that need a memory or more than one answer are half here and half in ``server.faults``.
"""

from oidc_sim.faults.making.made_for import made_for, shown
from oidc_sim.faults.making.plans import plan
from oidc_sim.faults.making.steps import End, How, Pause, Plan, Send, Spoiling, Told

__all__ = ["End", "How", "Pause", "Plan", "Send", "Spoiling", "Told", "made_for", "plan", "shown"]
