"""``oidc-sim ctl``: asks the running server over its control API. Plain urllib: it must start fast."""

import json
import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request

from oidc_sim import exit_codes
from oidc_sim.actions import (
    AUTO_APPROVE,
    CLIENT_ACTIONS,
    CLOCK,
    DEMO,
    DEVICE_ACTIONS_BY_NAME,
    EVIDENCE,
    FAULT,
    FREEZE,
    ClientAction,
)
from oidc_sim.complaint import complain
from oidc_sim.ctl_fault import fault
from oidc_sim.ctl_hold import HOLD_ACTIONS
from oidc_sim.durations import parse_duration, spoken
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.lapsed import lapsed_words
from oidc_sim.running import Running, open_direct

TIMEOUT_S = 10.0


class NoAnswerError(Exception):
    """The server refused, or is none of ours; the text is for a person."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        self.exit_code = exit_code
        super().__init__(sentence)


def run_action(running: Running, action: str, word: str | None) -> int:
    """Do what the words on the command line say; returns the exit code.

    Raises:
        OSError: Standard output cannot be written, or nobody reads it any more.
    """
    try:
        _ACTIONS.get(action, partial(_act, action=action))(running, word)
    except NoAnswerError as error:
        complain(str(error), "oidc-sim ctl")
        return error.exit_code
    return exit_codes.OK


def _act(running: Running, word: str | None, *, action: str) -> None:
    user_code = canonical_user_code(word or "")
    try:
        device = ask(running, "POST", f"/_sim/devices/{user_code}/{action}")
    except NoAnswerError as error:
        raise NoAnswerError(f"{user_code}: {error}", error.exit_code) from error
    done = DEVICE_ACTIONS_BY_NAME[action].done
    who = "client" if device.get("kind") == "browser" else "next poll"
    _print(f"{user_code} {done}: now {device['state']}, its {who} gets {device['next']}")


def _hold(running: Running, word: str | None, *, action: str) -> None:
    try:
        _print(HOLD_ACTIONS[action](partial(ask, running), word or ""))
    except ValueError:
        raise NoAnswerError(f"{word} is no number of a request", exit_codes.CANNOT_START) from None


def _fault(running: Running, words: str | None) -> None:
    try:
        _print(fault(partial(ask, running), shlex.split(words or "")))
    except ValueError as error:
        raise NoAnswerError(str(error), exit_codes.CANNOT_START) from None


def _act_on_client(running: Running, word: str | None, *, action: ClientAction) -> None:
    client_id = word or ""
    try:
        ask(running, "POST", f"/_sim/clients/{quote(client_id, safe='')}/{action.route}")
    except NoAnswerError as error:
        raise NoAnswerError(f"{client_id}: {error}", error.exit_code) from error
    _print(f"{client_id} {action.done}")


def _follow(running: Running, _word: str | None) -> None:
    for line in _events(running):
        _print(line)


def _state(running: Running, _word: str | None) -> None:
    _print(json.dumps(ask(running, "GET", "/_sim/state"), indent=2))


def _reset(running: Running, _word: str | None) -> None:
    ask(running, "POST", "/_sim/reset")
    _print("reset: every client and device is forgotten")


def _switch(running: Running, word: str | None) -> None:
    now = ask(running, "POST", f"/_sim/{AUTO_APPROVE}", {"on": word == "on"})["auto_approve"]
    _print("AUTO-APPROVE ON: every sign-in is approved by itself" if now else "auto-approve off")


def _demo(running: Running, name: str | None) -> None:
    said = ask(running, "POST", f"/_sim/{DEMO}/{name}")
    started = said.get("started")
    done = f"{started} signs in now" if started else f"stopped {said['stopped']}"
    _print(f"{done}; {said['running']} running")


def _write_evidence(running: Running, word: str | None) -> None:
    """Put it into a new directory below the working directory, and say which."""
    user_code = canonical_user_code(word) if word else None
    from oidc_sim.evidence.folder import files_of, reason, write_folder

    members = ask(
        running, "GET", f"/_sim/{EVIDENCE}" + (f"?user_code={user_code}" if user_code else "")
    )
    try:
        folder = write_folder(files_of(members), time.time(), Path.cwd())
    except OSError as error:
        raise NoAnswerError(reason(error), exit_codes.REFUSED) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise _no_answer(running, ValueError(str(error))) from error
    _print(str(folder))


def _set_clock(running: Running, word: str | None) -> None:
    if word in FREEZE:
        ask(running, "POST", "/_sim/clock", {"frozen": FREEZE[word]})
        _print("the clock stands still" if FREEZE[word] else "the clock goes on")
        return
    try:
        by_s = parse_duration(word or "")
    except ValueError as error:
        raise NoAnswerError(f"{error}, freeze or unfreeze", exit_codes.CANNOT_START) from None
    now = ask(running, "POST", "/_sim/clock", {"advance_s": by_s})
    _print(f"advanced {spoken(by_s)}: {lapsed_words(now['lapsed'])}")


def ask(running: Running, method: str, path: str, members: Mapping[str, Any] | None = None) -> Any:
    """What a route of the control API answers, as JSON.

    Raises:
        NoAnswerError: It refused, or nobody is there.
    """
    try:
        with _open(running, method, path, TIMEOUT_S, members) as response:
            return json.load(response)
    except (OSError, HTTPException, ValueError) as error:
        raise _no_answer(running, error) from error


def _events(running: Running) -> Iterator[str]:
    """Each event as a line of JSON, until the server ends."""
    try:
        with _open(running, "GET", "/_sim/events", None) as response:
            for line in response:
                if line.startswith(b"data: "):
                    yield line.removeprefix(b"data: ").decode("ascii").rstrip()
    except (OSError, HTTPException, ValueError) as error:
        raise _no_answer(running, error) from error


def _open(
    running: Running,
    method: str,
    path: str,
    timeout_s: float | None,
    members: Mapping[str, Any] | None = None,
) -> Any:
    headers = {"Authorization": f"Bearer {running.control_token}"}
    body = None if members is None else json.dumps(members).encode()
    if body is not None:
        headers["Content-Type"] = "application/json"
    url = running.url + path
    request = Request(url, body, headers, method=method)  # noqa: S310 - a URL of ours
    return open_direct(request, timeout_s)


def _no_answer(running: Running, error: Exception) -> NoAnswerError:
    """What to tell the person: the server's own reason, or why there is none."""
    if isinstance(error, HTTPError):
        return NoAnswerError(_reason(error), exit_codes.REFUSED)
    if isinstance(error, URLError) and isinstance(error.reason, OSError):
        error = error.reason
    if isinstance(error, OSError):
        why = f"does not answer: {error.strerror or error}"
    else:
        why = "gave no answer of oidc-sim"
    return NoAnswerError(f"{running.url} {why}", exit_codes.CANNOT_START)


def _reason(error: HTTPError) -> str:
    with error:
        try:
            return str(json.load(error)["reason"])
        except (OSError, HTTPException, ValueError, KeyError, TypeError):
            return f"the server answered {error.code}"


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201


_ACTIONS: Mapping[str, Callable[[Running, str | None], None]] = {
    "events": _follow,
    "state": _state,
    "reset": _reset,
    CLOCK: _set_clock,
    AUTO_APPROVE: _switch,
    DEMO: _demo,
    EVIDENCE: _write_evidence,
    FAULT: _fault,
    **{name: partial(_hold, action=name) for name in HOLD_ACTIONS},
    **{it.name: partial(_act_on_client, action=it) for it in CLIENT_ACTIONS},
}
"""What is no deed on one device."""
