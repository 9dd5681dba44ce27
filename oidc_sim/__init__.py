"""AWS IAM Identity Center's sign-in service on a laptop, with a person at the controls.

One process holds a mock of AWS's SSO OIDC service and a terminal screen. Real clients register,
ask for a device code and poll; the operator sees each of them and decides with one key.

Layers, top first (kept by import-linter, see ``pyproject.toml``)::

    cli         arguments and exit codes; the only reader of the environment
    runtime     starts and stops server and screen in the right order; signals
    tui | server | headless      adapters: they translate, and do not know each other
    control | words      what an operator can do, as JSON; what people type, as a wish for it
    demo | evidence      clients of our own; what a client did, for its maintainers
    simulator   owns state, clock, ids and log; ``dispatch`` is the one door
    record | wire | coach        what happened, AWS's bytes, what judges a client
    engine      the authorization server as a pure state machine
    filtering   conditions as people type them

``actions`` is the table that keys, routes, ``ctl`` and standard input are made from.

It must never: talk to AWS, write a secret to disk, or show a client's text on the terminal raw.
"""

__version__ = "0.1.0"
