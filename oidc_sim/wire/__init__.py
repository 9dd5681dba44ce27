"""AWS's shapes: bytes of SSO OIDC, its portal and STS in and out, and nothing that decides.

``operations`` has the routes. Of the OIDC service, ``requests`` and ``iam`` read a body straight from
bytes into an engine command, or into the ``Problem`` that AWS would name; ``answers`` and ``errors``
turn what the engine replied into an ``Answer``. ``authorize``, ``portal`` and ``sts`` do both for
theirs, ``unserved`` for services that are not here. ``answers`` writes the response head of all.

``sigv4`` reads signatures, ``credentials`` makes what signs; ``tokens`` knows the formats of ids, codes
and secrets, ``verification`` where a person enters a code, ``curl`` how a request is shown.

Every answer is byte-faithful to the captures that ``wire.md`` lists (``wire.md#N`` in a docstring is a
row of its tables); where no capture exists the text is a plain sentence of ours and says so. Pydantic
validates bodies, because it reads them from bytes and survives hostile ones. Heads, answers and token
formats are by hand: no library writes AWS's, and the head of a poll's answer has to cost a microsecond.

It must never: read a clock or a file, draw a random number itself, raise on a stranger's bytes,
or know a device's state.
"""
