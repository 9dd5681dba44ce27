"""What the inspector says about a device code, a request or a client, as lines of text.

::

    client      a client's registration and device codes, and the session that a sign-in led to
    device      a device code's state, facts and timeline, and what its client gets next
    exchange    one request and its response: request, response, curl, what a fault changed
    qr          the verification page as a QR code
    panel       the widget that shows one of these

All but the panel are functions from the simulator to lines: no state, nothing that could change anything.
It must never show a secret in full, or a client's text other than as ``Printable``.
"""
