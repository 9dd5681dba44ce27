"""The one line on standard error that says why the program cannot go on."""

import sys


def complain(sentence: str, program: str = "oidc-sim") -> None:
    """Say it on one line, whatever is in it.

    Paths and words of the command line are anybody's text, and may be a secret that was typed in the
    wrong place (T-40).
    """
    from oidc_sim.text.printable import printable
    from oidc_sim.text.redact import redact_text

    print(f"{program}: {printable(redact_text(sentence))}", file=sys.stderr)  # noqa: T201
