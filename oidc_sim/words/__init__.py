"""What people type, such as ``approve WDJB-MJHT``, to a wish for the control API, and back to a sentence.

``oidc-sim ctl`` sends the wish to the running server, ``serve`` carries it out when it comes on standard
input. ``reading`` finds the action by the table's own words; ``settings`` reads ``times=3`` and the like;
``telling`` says what came of it. Light to import, for ``ctl`` must start fast: no pydantic, no network, and
nothing of the simulator.
"""
