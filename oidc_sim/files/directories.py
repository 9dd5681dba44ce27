"""Where this program keeps its files, by the XDG base directory rules."""

from collections.abc import Mapping
from pathlib import Path


def state_directory(environment: Mapping[str, str], chosen: Path | None) -> Path:
    """Give the journal's directory: the chosen one, else by the XDG base directory rules.

    Raises:
        RuntimeError: No home directory is known.
    """
    if chosen is not None:
        return chosen
    base = _xdg(environment, "XDG_STATE_HOME") or _home(environment) / ".local" / "state"
    return base / "oidc-sim"


def runtime_directory(environment: Mapping[str, str], chosen_state: Path | None) -> Path:
    """Give the directory of running servers' records: in XDG_RUNTIME_DIR, else in the state directory.

    Raises:
        RuntimeError: No home directory is known.
    """
    if base := _xdg(environment, "XDG_RUNTIME_DIR"):
        return base / "oidc-sim"
    return state_directory(environment, chosen_state) / "running"


def _xdg(environment: Mapping[str, str], variable: str) -> Path | None:
    """Give a base directory; a relative path counts as absent, as the XDG specification says."""
    path = Path(environment.get(variable) or ".")
    return path if path.is_absolute() else None


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment["HOME"]) if environment.get("HOME") else Path.home()
