"""``oidc-sim`` and ``python -m oidc_sim``: says where it cannot run, before anything is imported that fails there."""

import sys

_ON_WINDOWS = (
    "runs on Linux and macOS, and not on Windows itself; run it in WSL, the Windows Subsystem for "
    "Linux ('wsl --install')"
)


def main() -> int:
    """Run the program, where its parts exist; returns its exit code."""
    if sys.platform == "win32":
        from oidc_sim.cli.outcome import CANNOT_START, complain

        complain(_ON_WINDOWS)
        return CANNOT_START
    from oidc_sim.cli import main as cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
