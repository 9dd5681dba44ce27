"""AWS IAM Identity Center's sign-in service on a laptop, with a person at the controls.

One process holds a mock of AWS's SSO OIDC service and a terminal screen. Real clients register,
ask for a device code and poll; the operator sees each of them and decides with one key.

``docs/development.md`` describes the parts and the floors on which they stand (``pyproject.toml`` has
them, import-linter keeps them). ``simulator.dispatch`` is the one door to what is true, and
``actions.table`` the table that keys, routes, ``ctl`` and standard input are made from.

It must never: talk to AWS, write a client's secret to disk, or show a client's text on the terminal raw.
"""

__version__ = "0.1.0"
