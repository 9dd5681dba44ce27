"""Keeps what happened, within bounds, for the screen, the control API, tests and the next process.

``log`` numbers events and exchanges in bounded rings; ``timeline`` gives one device's story in few lines;
``lines`` makes JSON of them. Readers pull (``log.entries.since(n)``); nothing is pushed to anybody.
``journal`` and ``debug_log`` write to the disk, all the rest keeps things in memory.

It must never grow without bound, write a secret to the disk, or decide anything. In memory exchanges are
whole: whoever shows or writes one cuts what is secret in it.
"""
