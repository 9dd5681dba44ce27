"""The one line on standard error that says why the program cannot go on."""

import sys


def complain(sentence: str, program: str = "oidc-sim") -> None:
    """Say it, on one line whatever is in it: paths and words of the command line are anybody's text."""
    from oidc_sim.printable import printable  # only now: most runs have nothing to complain about

    print(f"{program}: {printable(sentence)}", file=sys.stderr)  # noqa: T201
