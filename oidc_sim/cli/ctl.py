"""``oidc-sim ctl``: asks the running server over its control API. Plain urllib: it must start fast."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

from oidc_sim.actions.typed_answers import named, tell
from oidc_sim.actions.typed_settings import TypedRequest
from oidc_sim.cli import outcome
from oidc_sim.cli.outcome import complain
from oidc_sim.cli.running import Running, open_direct
from oidc_sim.text.printable import printable_json, printable_lines

TIMEOUT_S = 10.0
EVIDENCE_TIMEOUT_S = 60.0
"""Some seconds for a full log, more on a machine that has other work."""
_REDIRECTS = range(300, 400)


class NoAnswerError(Exception):
    """Raised when the server refused, or is none of ours; the text is for a person."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        self.exit_code = exit_code
        super().__init__(sentence)


def run_action(running: Running, wish: TypedRequest) -> int:
    """Do what was typed; returns the exit code.

    Raises:
        OSError: Standard output cannot be written, or nobody reads it any more.
    """
    try:
        _run(running, wish)
    except NoAnswerError as error:
        complain(str(error), "oidc-sim ctl")
        return error.exit_code
    return outcome.OK


def _run(running: Running, wish: TypedRequest) -> None:
    if wish.action.id == "events":
        for line in _events(running):
            _print(printable_json(line))
        return
    answer = _ask(running, wish)
    if wish.action.id == "evidence":
        _print(_written(running, answer))
        return
    try:
        sentences = tell(wish, answer)
    except (LookupError, TypeError, AttributeError) as error:
        raise _no_answer(running, ValueError(str(error))) from error
    _print(sentences)


def _written(running: Running, members: Any) -> str:
    """Write evidence into a new directory below the working directory; returns its path."""
    from oidc_sim.evidence.folder import files_of, reason, write_folder

    try:
        return str(write_folder(files_of(members), time.time(), Path.cwd()))
    except OSError as error:
        raise NoAnswerError(reason(error), outcome.REFUSED) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise _no_answer(running, ValueError(str(error))) from error


def _ask(running: Running, wish: TypedRequest) -> Any:
    try:
        is_evidence = wish.action.id == "evidence"
        patience_s = EVIDENCE_TIMEOUT_S if is_evidence else TIMEOUT_S
        return ask(running, wish.action.method, wish.target, wish.members, patience_s)
    except NoAnswerError as error:
        if error.exit_code != outcome.REFUSED:
            raise
        raise NoAnswerError(named(wish, str(error)), error.exit_code) from error


def ask(
    running: Running,
    method: str,
    path: str,
    members: Mapping[str, Any] | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Any:
    """Return the JSON that a route of the control API answers.

    Raises:
        NoAnswerError: It refused, or nobody is there.
    """
    try:
        with _open(running, method, path, timeout_s, members) as response:
            return json.load(response)
    except (OSError, HTTPException, ValueError, RecursionError) as error:
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
    """Make the error for the person: the server's own reason, or why there is none."""
    if isinstance(error, HTTPError) and error.code in _REDIRECTS:
        error.close()
        why = "answers with a redirect, which is not followed: no oidc-sim is there"
        return NoAnswerError(f"{running.url} {why}", outcome.CANNOT_START)
    if isinstance(error, HTTPError):
        return NoAnswerError(_reason(error), outcome.REFUSED)
    if isinstance(error, URLError) and isinstance(error.reason, OSError):
        error = error.reason
    if isinstance(error, OSError):
        why = f"does not answer: {error.strerror or error}"
    else:
        why = "gave no answer of oidc-sim"
    return NoAnswerError(f"{running.url} {why}", outcome.CANNOT_START)


def _reason(error: HTTPError) -> str:
    with error:
        try:
            return str(json.load(error)["reason"])
        except (OSError, HTTPException, ValueError, RecursionError, KeyError, TypeError):
            return f"the server answered {error.code}"


def _print(sentences: str) -> None:
    """Print so that no text of a stranger's can act on the terminal (T-01)."""
    encoding = sys.stdout.encoding or "utf-8"
    data = "\n".join(printable_lines(sentences)).encode(encoding, "backslashreplace")
    print(data.decode(encoding), flush=True)  # noqa: T201
