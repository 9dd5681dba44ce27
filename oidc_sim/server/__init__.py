"""The HTTP side: aiohttp below, AWS's services, the pages and the control API above.

``sockets`` binds, ``listener`` and ``connection`` accept, guard and time out, ``entrance`` finds the
route and checks its protection, and then ``oidc``, ``portal``, ``sts``, a page or ``control``
answers. Each of those translates into ``simulator.dispatch`` and back, and decides nothing. What
AWS's services have in common, the head and the record of each exchange, is ``scribe``'s.

It must never: answer a foreign Host, change anything on GET but note which credentials the portal
gave (AWS has that be a GET), log, or know that a screen exists.
"""
