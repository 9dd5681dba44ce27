"""Plays the shell: starts ``oidc-sim`` in the background of a terminal; SIGUSR1 means ``fg``.

It runs as a session leader whose standard input is the terminal.
"""

import fcntl
import os
import signal
import subprocess
import sys
import termios


def take_terminal() -> None:
    """Make standard input the terminal of this session, and forbid the background to write to it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    attributes = termios.tcgetattr(0)
    attributes[3] |= termios.TOSTOP
    termios.tcsetattr(0, termios.TCSANOW, attributes)


def main() -> int:
    take_terminal()
    job = subprocess.Popen(
        [sys.executable, "-W", "default", "-m", "oidc_sim", *sys.argv[1:]],
        process_group=0,
        stdout=0,
    )
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # not before: the job would inherit it
    signal.signal(signal.SIGUSR1, lambda *_: os.tcsetpgrp(0, job.pid))
    return job.wait()


sys.exit(main())
