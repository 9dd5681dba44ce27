"""How the process ends: exit codes, and the one line on standard error that says why it cannot go on.

The table of codes is also in the documentation. ``exec`` ends with the code of its command.
"""

import sys

OK = 0
"""Done, or ended by ``q``."""
REFUSED = 1
"""``ctl``: the running server said no; the reason is on standard error."""
FAILED = 1
"""Something failed inside; one line on standard error says what, and names the debug log."""
CANNOT_START = 2
"""A wrong option or setting, a port in use, no terminal, no running server, Windows."""
INCOMPLETE = 3
"""Ended by ``q``, but the journal could not be written to the end."""
NOT_EXECUTABLE = 126
"""``exec``: the command is there, but cannot be run."""
NOT_FOUND = 127
"""``exec``: there is no such command."""
SIGNALLED = 128
"""Plus the number of the signal that ended it."""


def complain(sentence: str, program: str = "oidc-sim") -> None:
    """Say it on one line, whatever is in it.

    Paths and words of the command line are anybody's text, and may be a secret that was typed in the
    wrong place (T-40).
    """
    from oidc_sim.text.printable import printable
    from oidc_sim.text.redact import redact_text

    print(f"{program}: {printable(redact_text(sentence))}", file=sys.stderr)  # noqa: T201
