"""What the debug log writes, what it leaves out, and that nobody is harmed when it cannot write."""

import asyncio
import errno
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from oidc_sim.engine.waiting_events import AllReleased
from oidc_sim.record import debug_log
from oidc_sim.record.debug_log import (
    LOGGER,
    DebugLog,
    FollowedLog,
    current,
    log_failure,
    note_lag,
    report_failure,
    watch_the_loop,
    where_to_look,
)
from tests.text.redact.real_looking import SHAPED, fifty
from tests.waiting import until

SECRETS = fifty()
KINDS = sorted({f"{kind} 0" for kind in SHAPED})


@pytest.fixture
def log(tmp_path: Path) -> Iterator[DebugLog]:
    with debug_log.debug_log(tmp_path / "log", "a test") as log:
        yield log


def raised(error: Exception, because: Exception | None = None) -> Exception:
    local = "a local variable's value"
    try:
        raise error from because
    except type(error) as caught:
        assert local
        return caught


@pytest.mark.parametrize("kind", KINDS)
def test_a_traceback_has_where_and_why_and_no_secret(log: DebugLog, kind: str) -> None:
    class Body(BaseModel):
        number: int

    secret = SECRETS[kind]
    failures = [
        raised(KeyError(f"first {secret}"), raised(ValueError("cause"))),
        raised(ExceptionGroup("both", [raised(RuntimeError(f"in\nside {secret}"))])),
    ]
    try:
        Body.model_validate({"number": secret})
    except ValueError as error:
        failures.append(error)
    for failure in failures:
        sentence = report_failure("it failed", failure)
        assert sentence.endswith(f"; see {log.path}")
        assert secret[:20] not in sentence
    text = log.path.read_text()
    for written in (
        "ValueError: cause\n  which led to:\n",
        "KeyError: 'first ",
        "ExceptionGroup: both (1 sub-exception)",
        "RuntimeError: in\n  side ",
        "in raised\n      raise error from because\n",
        "input_value=...",
    ):
        assert written in text
    assert "local variable" not in text
    assert secret[8:20] not in text


def test_nothing_but_ink_is_written(log: DebugLog) -> None:
    class Odd:
        def __str__(self) -> str:
            raise ZeroDivisionError

    for said in ("a\x1b[2J\nb\ud800", Odd()):
        log.emit(logging.LogRecord("x", logging.DEBUG, "", 0, "%s", (said,), None))
    lines = log.path.read_text().splitlines()
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z a\\x1b\[2J", lines[-3])
    assert lines[-2] == "  b\\ud800"
    assert lines[-1].endswith("Z a record was lost: ZeroDivisionError")


def test_of_what_asyncio_calls_slow_no_argument_and_no_result_is_written(log: DebugLog) -> None:
    async def slow() -> str:
        await asyncio.sleep(0)
        return "result"

    def take(_: str) -> None:
        pass

    async def use() -> None:
        loop = asyncio.get_running_loop()
        loop.slow_callback_duration = 0
        loop.call_soon(take, "xyzzy (1)")
        await loop.create_task(slow(), name="slow")

    with asyncio.Runner(debug=True) as runner:
        runner.run(use())
    text = log.path.read_text()
    assert re.search(r"Executing <Handle .*take\(\.\.\.\).* took \d", text)
    assert re.search(
        r"Executing <Task finished name='slow' .* result=\.\.\. created at .* took", text
    )
    assert "xyzzy" not in text


def test_a_late_loop_is_a_line(log: DebugLog, monkeypatch: pytest.MonkeyPatch) -> None:
    note_lag(0.05)
    note_lag(0.25)
    assert log.path.read_text().count(" the event loop was 0.250 s late\n") == 1
    assert "0.05" not in log.path.read_text()
    late: list[float] = []

    async def use() -> None:
        watch = asyncio.ensure_future(watch_the_loop(every_s=0))
        await until(lambda: late)
        watch.cancel()

    monkeypatch.setattr(debug_log, "note_lag", late.append)
    asyncio.run(use())
    assert late[0] >= 0


@pytest.mark.parametrize("trouble", [errno.ENOSPC, None])
def test_a_full_disk_is_told_once_and_ends_the_log(
    log: DebugLog, monkeypatch: pytest.MonkeyPatch, trouble: int | None
) -> None:
    def write(descriptor: int, data: bytes) -> int:
        if trouble is not None:
            raise OSError(trouble, os.strerror(trouble))
        return usual(descriptor, data[:5])

    told: list[str] = []
    log.tell = told.append
    usual = os.write
    monkeypatch.setattr(os, "write", write)
    for _ in range(3):
        LOGGER.debug("more")
    (sentence,) = told
    assert sentence.startswith(f"the debug log ends, all else goes on: {log.path}: ")
    assert "space left" in sentence


def test_it_has_a_bound(log: DebugLog, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    log.tell = told.append
    monkeypatch.setattr(debug_log, "MOST_BYTES", 1 << 20)
    for _ in range(5):
        LOGGER.debug("x" * 300_000)
    assert told == [f"the debug log ends, all else goes on: {log.path}: it has 1 MiB of this run"]
    assert log.path.stat().st_size < 1_300_000


def test_when_it_is_over_nobody_listens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with debug_log.debug_log(tmp_path / "log", "first"):
        assert current() is not None
    with debug_log.debug_log(tmp_path / "log", "second"):
        assert LOGGER.isEnabledFor(logging.DEBUG)
    assert current() is None
    assert not LOGGER.isEnabledFor(logging.DEBUG)
    assert where_to_look() == "run with --debug-log FILE to see where"
    log_failure("it failed", ValueError("unheard"))
    text = (tmp_path / "log").read_text()
    assert text.index("first; process") < text.index("second; process")
    assert "unheard" not in text
    assert capsys.readouterr() == ("", "")


def test_what_is_released_together_is_a_line(log: DebugLog) -> None:
    FollowedLog().follow([AllReleased(at=0.0, requests=3)])
    assert log.path.read_text().endswith("Z all 3 held requests released\n")
