"""The end of the process: exit codes, and the one line on standard error that says why it cannot go on.

``oidc_sim/docs/control.md`` has the same table. ``exec`` ends with the code of its command.
"""

import os
import signal
import sys
from collections.abc import Callable

OK = 0
"""Done, or ended by ``q``."""
REFUSED = 1
"""``ctl``: the running server said no; the reason is on standard error."""
FAILED = 1
"""Something failed inside; one line on standard error says what, and names the debug log."""
CANNOT_START = 2
"""A wrong option, setting or topic, a port in use, no terminal, no running server, Windows."""
INCOMPLETE = 3
"""Ended by ``q``, but the journal could not be written to the end."""
NOT_EXECUTABLE = 126
"""``exec``: the command is there, but cannot be run."""
NOT_FOUND = 127
"""``exec``: there is no such command."""
SIGNALLED = 128
"""Plus the number of the signal that ended it."""


def complain(sentence: str, program: str = "oidc-sim") -> None:
    """Print a sentence as one line on standard error, whatever is in it.

    Paths and words of the command line are anybody's text, and may be a secret that was typed in the
    wrong place (T-40).
    """
    from oidc_sim.text.printable import printable
    from oidc_sim.text.redact import redact_text

    print(f"{program}: {printable(redact_text(sentence))}", file=sys.stderr)  # noqa: T201


def ending(run: Callable[[], int]) -> int:
    """Run a command; returns its exit code, also when it is interrupted or its output goes nowhere."""
    try:
        exit_code = run()
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a failure can be answered
    except KeyboardInterrupt:
        return SIGNALLED + signal.SIGINT
    except BrokenPipeError:
        _forget_output()
        return OK  # the reader has seen enough
    except OSError as error:  # such as a full disk that output was sent to
        _forget_output()
        complain(str(error))
        return CANNOT_START
    return exit_code


def _forget_output() -> None:
    """Keep Python from writing the rest at exit, and complaining once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
