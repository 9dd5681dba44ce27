"""What happened, kept within bounds, for the screen, the control API and tests to read.

``ring`` is the bounded store that everything here is kept in; ``log`` numbers events and exchanges;
``timeline`` tells one device's story in few lines. Readers pull (``log.entries.since(n)``); nothing
is pushed to anybody.

It must never grow without bound, write to disk by itself, or decide anything.
"""
