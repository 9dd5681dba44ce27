"""Benchmarks: what the server and the screen cost, against targets.

::

    python -m tests.benchmarks            all rows, about six minutes; exit code 1 when a target is missed
    python -m tests.benchmarks --quick    all rows, about a minute, for CI: fails only if something breaks
    python -m tests.benchmarks --only throughput --only start

How to read it
    Each figure is one line of the table (what, target, measured, met or MISSED) and then one line of
    JSON with the raw numbers. A ratio compares two servers in one run: they take turns, A B A B …,
    and the figure is the median over the turns. Absolute times (start, keys) of a busy machine say
    little; look at ``load_average`` in the last line, and run a row again before you believe a miss.
    ``cpu_us_per_request`` is what a server takes of the processor: it changes least with the machine.

What is compared with what
    ``bare`` is aiohttp's ``Application`` with one route, a constant answer and no access log.
    ``echo`` answers without HTTP: it is as fast as the load generator can go. A ratio counts only
    while that is well above the others; else the generator was measured, and the table says so.

How it is done
    Servers and load generator are processes of their own. The screen runs in a real pty of 120x40
    (``run_test`` renders nothing and so flatters). A poll is what botocore sends, to the byte, for a
    code that waits: 64 connections, each with a device code of its own; afterwards the control API
    must have counted every single poll. Held requests are connections of one more process; what a stall
is, a bystander says who is not held.

It must never: fail in ``--quick`` because the machine was busy, or count an answer that is not the
one that a client should get.
"""
