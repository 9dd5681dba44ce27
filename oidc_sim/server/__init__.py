"""The HTTP side: aiohttp below, AWS's service, the verification page and the control API above.

``sockets`` binds, ``listener`` and ``connection`` accept, guard and time out, ``entrance`` finds the
route and checks its protection, and then ``oidc``, ``pages`` or ``control`` answers. Each of those
translates into ``simulator.dispatch`` and back, and decides nothing. What a client asks again and
again waits for nothing and is answered where it is read, without a coroutine (``Route.at_once``).

It must never: answer a foreign Host, change anything on GET, log, or know that a screen exists.
"""
