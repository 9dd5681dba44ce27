import asyncio
import errno
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import http_parser

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.cli import outcome, runtime
from oidc_sim.cli.event_loop import ENDING
from oidc_sim.cli.running import Running, open_direct
from oidc_sim.engine.commands import Command
from oidc_sim.record.debug_log import FollowedLog, debug_log
from oidc_sim.record.log import Log
from oidc_sim.server import serving
from oidc_sim.settings.model import Settings
from tests.waiting import until

HINT = "run with --debug-log FILE to see where"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    before = {it: signal.getsignal(it) for it in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(port=0, host="127.0.0.1", ready_file=tmp_path / "ready")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"XDG_RUNTIME_DIR": str(tmp_path / "run")}


def is_answering(url: str) -> bool:
    try:
        with open_direct(f"{url}/_sim/health", 5):
            return True
    except OSError:
        return False


def left_in(directory: Path) -> list[str]:
    return [it.name for it in directory.rglob("*") if it.is_file()]


def test_the_front_meets_a_server_that_answers_and_is_announced(
    settings: Settings, environment: dict[str, str], tmp_path: Path
) -> None:
    async def front(running_server: RunningServer) -> int:
        assert await asyncio.to_thread(is_answering, running_server.url)
        assert settings.ready_file is not None
        running = Running.from_json(settings.ready_file.read_bytes())
        assert running is not None
        assert running.url == running_server.url
        assert len(left_in(tmp_path / "run")) == 1
        return 7

    assert runtime.run_front(settings, environment, front) == 7
    assert left_in(tmp_path) == []


def test_a_front_that_fails_leaves_nothing_behind(
    settings: Settings, environment: dict[str, str], tmp_path: Path
) -> None:
    urls: list[str] = []

    async def front(running_server: RunningServer) -> int:
        urls.append(running_server.url)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        runtime.run_front(settings, environment, front)
    assert left_in(tmp_path) == []
    assert not is_answering(urls[0])


@pytest.mark.parametrize("number", sorted(set(ENDING) - {signal.SIGALRM, signal.SIGXFSZ}))
def test_a_signal_resolves_the_end(
    settings: Settings, environment: dict[str, str], number: int
) -> None:
    """All that can be caught; pytest has taken SIGALRM, and Python ignores SIGXFSZ."""

    async def front(running_server: RunningServer) -> int:
        signal.raise_signal(number)
        return await running_server.ending

    assert runtime.run_front(settings, environment, front) == 128 + number


def test_signals_with_a_meaning_of_their_own_end_nothing(
    settings: Settings, environment: dict[str, str]
) -> None:
    async def front(running_server: RunningServer) -> int:
        for number in (
            signal.SIGPIPE,
            signal.SIGWINCH,
            signal.SIGCHLD,
            signal.SIGURG,
            signal.SIGCONT,
        ):
            signal.raise_signal(number)
        signal.raise_signal(signal.SIGXFSZ)  # Python ignores it: a write fails instead
        await asyncio.sleep(0)
        return 128 if running_server.ending.done() else 0

    assert runtime.run_front(settings, environment, front) == 0


def test_a_signal_that_is_ignored_or_taken_stays_so(
    settings: Settings, environment: dict[str, str]
) -> None:
    """A shell's background has SIGQUIT ignored, and nohup SIGHUP."""
    taken: list[int] = []

    async def front(running_server: RunningServer) -> int:
        for number in (signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1):
            signal.raise_signal(number)
        await asyncio.sleep(0)
        return 128 if running_server.ending.done() else 0

    for number in (signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, lambda number, _: taken.append(number))
    assert runtime.run_front(settings, environment, front) == 0
    assert taken == [signal.SIGUSR1]


def test_upkeep_goes_on_after_a_failure_and_the_person_is_told(
    settings: Settings, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "SWEEP_EVERY_S", 0)

    async def front(running_server: RunningServer) -> int:
        def fail(_command: Command[object]) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(running_server.simulator, "dispatch", fail)
        await until(lambda: running_server.seldom.kept_back >= 2)
        assert running_server.notes == [f"upkeep failed, our fault: ZeroDivisionError(); {HINT}"]
        return 0

    assert runtime.run_front(settings, environment, front) == 0


def test_what_asyncio_would_log_is_a_note(
    settings: Settings, environment: dict[str, str], capsys: Capture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    async def front(running_server: RunningServer) -> int:
        asyncio.get_running_loop().call_soon(fail)
        await until(lambda: running_server.notes)
        assert running_server.notes == [f"something failed, our fault: ZeroDivisionError(); {HINT}"]
        running_server.notes.clear()  # as a front does when it has shown them; others are told at the end
        return 0

    assert runtime.run_front(settings, environment, front) == 0
    assert capsys.readouterr().err == ""


def test_what_a_thread_would_print_is_a_note(
    settings: Settings, environment: dict[str, str], capsys: Capture
) -> None:
    def work(error: BaseException) -> None:
        raise error

    async def front(running_server: RunningServer) -> int:
        for error in (SystemExit(), ZeroDivisionError()):
            threading.Thread(target=work, args=(error,)).start()
        await until(lambda: running_server.notes)
        assert running_server.notes == [f"a thread failed, our fault: ZeroDivisionError(); {HINT}"]
        running_server.notes.clear()
        return 0

    usual = threading.excepthook
    assert runtime.run_front(settings, environment, front) == 0
    assert threading.excepthook is usual
    assert capsys.readouterr().err == ""


def test_only_with_a_debug_log_requests_are_followed_and_callbacks_are_timed(
    settings: Settings, environment: dict[str, str], tmp_path: Path
) -> None:
    async def front(running_server: RunningServer) -> int:
        seen.append((asyncio.get_running_loop().get_debug(), type(running_server.simulator.log)))
        return 0

    seen: list[object] = []
    runtime.run_front(settings, environment, front)
    with debug_log(tmp_path / "log", "test"):
        runtime.run_front(settings, environment, front)
    assert seen == [(False, Log), (True, FollowedLog)]


def test_a_note_of_a_failure_is_short_and_has_no_control_characters(
    settings: Settings, environment: dict[str, str]
) -> None:
    async def front(running_server: RunningServer) -> int:
        runtime._note(running_server, "it failed", ValueError("\x1b[2J\n\x9b" + "x" * 10_000))
        assert running_server.notes[0].isprintable()
        assert len(running_server.notes[0]) <= 300
        assert running_server.notes[0].endswith(HINT)
        return 0

    assert runtime.run_front(settings, environment, front) == 0


def test_without_the_compiled_parser_one_line_says_what_to_do(
    settings: Settings,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.setattr(http_parser, "HttpRequestParser", http_parser.HttpRequestParserPy)

    async def front(_running_server: RunningServer) -> int:
        pytest.fail("it started")

    assert runtime.run_front(settings, environment, front) == outcome.CANNOT_START
    err = capsys.readouterr().err
    assert err.startswith("oidc-sim: aiohttp came without its compiled HTTP parser")
    assert err.count("\n") == 1


def test_files_that_have_run_out_are_no_fault_of_ours_and_one_line(
    settings: Settings, environment: dict[str, str]
) -> None:
    def fail() -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    async def front(running_server: RunningServer) -> int:
        for _ in range(128):
            asyncio.get_running_loop().call_soon(fail)
        await until(lambda: running_server.seldom.kept_back == 127)
        assert running_server.notes == ["clients have to wait: Too many open files"]
        running_server.notes.clear()
        return 0

    assert runtime.run_front(settings, environment, front) == 0
