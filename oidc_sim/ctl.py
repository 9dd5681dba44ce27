"""``oidc-sim ctl``: asks the running server over its control API. Plain urllib: it must start fast."""

import json
import sys
import urllib.error
import urllib.request
from typing import Any

from oidc_sim import exit_codes
from oidc_sim.actions import DEVICE_ACTIONS_BY_NAME
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.running import Running, open_direct

TIMEOUT_S = 10.0


def run_action(running: Running, action: str, user_code: str | None) -> int:
    """Do what the words on the command line say; returns the exit code."""
    try:
        if action == "events":
            return _print_events(running)
        if action == "state":
            _print(json.dumps(_ask(running, "GET", "/_sim/state"), indent=2))
        elif action == "reset":
            _ask(running, "POST", "/_sim/reset")
            _print("reset: every client and device is forgotten")
        else:
            _act(running, action, canonical_user_code(user_code or ""))
    except urllib.error.HTTPError as error:
        print(f"oidc-sim ctl: {_reason(error)}", file=sys.stderr)  # noqa: T201
        return exit_codes.REFUSED
    except OSError as error:
        print(f"oidc-sim ctl: {running.url} does not answer: {error}", file=sys.stderr)  # noqa: T201
        return exit_codes.CANNOT_START
    return exit_codes.OK


def _act(running: Running, action: str, user_code: str) -> None:
    device = _ask(running, "POST", f"/_sim/devices/{user_code}/{action}")
    done = DEVICE_ACTIONS_BY_NAME[action].done
    _print(f"{user_code} {done}: now {device['state']}, its next poll gets {device['next']}")


def _ask(running: Running, method: str, path: str) -> Any:
    with open_direct(_request(running, method, path), TIMEOUT_S) as response:
        return json.load(response)


def _print_events(running: Running) -> int:
    """Print each event as a line of JSON until the server ends or the reader does."""
    with open_direct(_request(running, "GET", "/_sim/events"), None) as response:
        for line in response:
            if line.startswith(b"data: "):
                _print(line[len(b"data: ") :].decode("ascii").rstrip())
    return exit_codes.OK


def _request(running: Running, method: str, path: str) -> urllib.request.Request:
    headers = {"Authorization": f"Bearer {running.control_token}"}
    return urllib.request.Request(running.url + path, method=method, headers=headers)  # noqa: S310


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["reason"])
    except (ValueError, KeyError, TypeError):
        return f"the server answered {error.code}"


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201
