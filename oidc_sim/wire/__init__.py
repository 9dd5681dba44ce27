"""AWS's shapes: bytes of SSO OIDC, its portal and STS in and out, and nothing that decides.

Of the OIDC service, ``requests`` and ``iam_requests`` read a body straight from bytes into an engine
command, or into the ``Problem`` that AWS would name; ``answers``, ``iam_answers`` and ``errors`` turn
what the engine replied into an ``Answer``. ``portal`` with ``paging``, and ``sts``, do both for their
services. ``envelope`` writes the response head of all.

``sigv4`` reads signatures, ``credentials`` makes what signs, ``caller`` puts the two together, and
``iam_access`` and ``sts_access`` say what follows for their services. ``tokens``, ``client_secret``,
``jwt`` and ``identity`` know the formats of codes, secrets and tokens, ``operations`` the routes,
``verification`` where a person enters a code, ``curl`` how a request is shown.

Every answer is byte-faithful to the captures that ``wire.md`` lists (cited as ``wire.md#N`` in the
docstrings are its table's); where no capture exists the text is a plain sentence of ours and says
so. Pydantic validates bodies, because it reads them from bytes and survives hostile ones. Heads,
answers and token formats are by hand: no library writes AWS's, and the head of a poll's answer has
to cost a microsecond.

It must never: read a clock or a file, draw a random number itself, raise on a stranger's bytes,
or know a device's state.
"""
