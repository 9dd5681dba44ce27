"""Clients of our own, so that somebody who is new sees the simulator at work without any AWS tool.

They ask over the real port, as strangers do: nothing here knows the simulator. ``asking`` speaks HTTP,
``clients`` has the ways to sign in, ``performance`` is the table of them, ``demos`` starts and ends them.

It must never: import aiohttp, Textual or the engine, use the control API, run on after the server, or
fail louder than with one line.
"""
