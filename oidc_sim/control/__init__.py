"""What scripts can do, whatever carries it: each action's function, from ``Asked`` to ``Answer``.

The control API (``server/control.py``) and standard input (``headless/commands.py``) both end here, so
that a line that is typed and a request that is sent do the same and refuse the same. ``operations`` finds
the function of an action's id; the other modules have them by what they act on. The shape of what
comes in is judged by pydantic here, its sense by the engine; what goes out is JSON members with no secret
in them.

It must never import aiohttp or Textual, and never wait.
"""
