"""What the inspector says about a device code, a request or a client, as lines of text.

::

    subject     what is inspected: a client, a device code, a request
    facts       a name and a value on a line
    device      state and facts of a device code, what its client gets next, its timeline
    in_wait     the hold or fault that has a device's next poll
    sign_in     what is different about a browser sign-in
    session     what the exchange led to: tokens, refreshes, role credentials
    client      the registration and its device codes
    exchange    one request and its response: request, response, curl
    body        a body as a person reads it, secrets cut; ``json_text``: laid out, coloured, folded
    difference  what a fault changed in a response
    pace_chart  a bar for each wait between polls
    qr          the verification page as a QR code

Functions from the simulator to lines: no widget, no state, nothing that could change anything.
It must never show a secret in full, or a client's text other than as ``Printable``.
"""
