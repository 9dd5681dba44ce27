"""The HTTP side: aiohttp below, AWS's services, the pages and the control API above.

``sockets`` binds, ``listener`` and ``connection`` accept, guard and time out, ``entrance`` finds the
route and checks its protection, and then ``oidc``, ``portal``, ``sts``, a page or ``control``
answers. Each of those translates into ``simulator.dispatch`` and back, and decides nothing. What
AWS's services have in common, the head and the record of each exchange, is ``scribe``'s. What a
client asks again and again waits for nothing and is answered where it is read, without a coroutine
(``Route.at_once``).

While a rule is active, requests go through ``gate``: it holds them in ``holding``, answers them with a
fault (``gate.faults``; ``absence``, where the whole server goes away) or with what somebody wrote over a
preview (``previewing``).

It must never: answer a foreign Host, change anything on GET but what others' protocols have be a GET
(the portal notes which credentials it gave; ``/authorize`` begins a sign-in, and a browser that comes
back gets its code), decide anything on GET, print, or know that a screen exists.
"""
