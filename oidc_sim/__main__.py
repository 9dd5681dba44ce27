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
    match sys.argv[1:]:
        case ["help"]:
            return _help(None)
        case ["help", topic] if not topic.startswith("-"):
            return _help(topic)
    from oidc_sim.cli import main as cli

    return cli.main()


def _help(topic: str | None) -> int:
    """Show a page at once: nothing of the server is imported, and no setting is read."""
    from oidc_sim.cli.outcome import ending
    from oidc_sim.cli.topics import show_help

    return ending(lambda: show_help(topic))


if __name__ == "__main__":
    sys.exit(main())
