"""The authorization server as a pure state machine: commands in, events and a reply out.

``decide(state, command, now, ids) -> (events, reply)`` looks and never changes anything;
``evolve(state, event)`` changes and never looks at a clock. So undo, replay, tests and the
question "what would the client get if it polled now?" (``preview``) are the product's own code.

It is written by hand because no library is both a server for RFC 8628 and a value that one can
replay, undo and ask without side effects.

It speaks RFC 6749 and RFC 8628, and knows of AWS what is state here: accounts and roles, applications,
credentials, and what AWS leaves out of the RFCs. AWS's names of operations, members and exceptions are
``wire``'s. It must never: read a clock, draw a random number, await, log, do I/O, or keep a secret (it
keeps SHA-256 digests).
"""

from oidc_sim.engine.decide import decide, preview
from oidc_sim.engine.evolve import evolve

__all__ = ["decide", "evolve", "preview"]
