"""Judges a client: pure, and only from what it sent and when.

``cadence`` measures how far apart polls come, and says it in words. Verdicts name RFC 8628, never AWS:
nobody has published a real ``slow_down`` (wire.md#91).

It must never: judge by the simulated clock (the operator can move that one), or change an answer.
"""
