"""A terminal that stops reading, or goes away, stops neither the loop nor the end (T-05, T-50)."""

import os
import select
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from oidc_sim.tui.terminal import HANGUP_EXIT_CODE, TerminalOutput
from oidc_sim.tui.textual_private import is_hung_up, waiting_frames
from tests.tui.list_app import ListApp
from tests.tui.pty_run import PtyRun, python
from tests.tui.row_samples import Rows


class Heart:
    """The reading end of the app's FIFO: shows that its loop runs, without reading its screen."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self._fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.said = ""

    def close(self) -> None:
        os.close(self._fd)

    def fall_silent(self, silent_s: float = 1.5, timeout_s: float = 20) -> None:
        """Waits until nothing was said for so long; a beat is due every 0.05 s."""
        deadline = time.monotonic() + timeout_s
        while select.select([self._fd], [], [], silent_s)[0]:
            os.read(self._fd, 4096)
            assert time.monotonic() < deadline, "the loop never stopped"

    def hear(self, what: str, timeout_s: float = 20) -> None:
        """Waits until the app says something that it has not said before."""
        self.said = ""
        deadline = time.monotonic() + timeout_s
        while what not in self.said:
            left_s = deadline - time.monotonic()
            assert left_s > 0, f"never heard {what!r}, but {self.said[-200:]!r}"
            select.select([self._fd], [], [], min(left_s, 0.05))
            try:
                self.said += os.read(self._fd, 4096).decode("ascii")
            except BlockingIOError:
                continue


@pytest.fixture
def heart(tmp_path: Path) -> Iterator[Heart]:
    heart = Heart(tmp_path / "heart")
    yield heart
    heart.close()


def thread_count(run: PtyRun) -> int:
    return len(list(Path(f"/proc/{run.process.pid}/task").iterdir()))


def beating_app(heart: Heart, way: str = "watched") -> PtyRun:
    command = python("tests.tui.beating_app", str(heart.path), way)
    return PtyRun(command, columns=120, rows=40)


def test_painting_waits_for_a_terminal_that_does_not_read_and_the_loop_does_not(
    heart: Heart,
) -> None:
    with beating_app(heart) as run:
        run.wait_for_text("frame ")
        heart.hear("paused True")
        for _ in range(30):
            heart.hear("beat")
        heart.hear("paused True")
        run.wait_for_text("frame 60 ")
        heart.hear("paused False")
        run.signal(signal.SIGTERM)
        assert run.wait() == 143


def test_what_changed_meanwhile_is_painted_when_the_terminal_reads_again(heart: Heart) -> None:
    with beating_app(heart, "quiet") as run:
        run.wait_for_text("frame ")
        heart.hear("paused True")
        run.wait_for_text("last words")
        run.signal(signal.SIGTERM)
        assert run.wait() == 143


def test_a_signal_ends_it_while_the_terminal_does_not_read(heart: Heart) -> None:
    with beating_app(heart) as run:
        run.wait_for_text("frame ")
        heart.hear("paused True")
        run.signal(signal.SIGTERM)
        heart.hear("unmounted")
        assert run.process.wait(5) == 143


def test_a_terminal_that_reads_again_in_time_is_restored(heart: Heart) -> None:
    with beating_app(heart) as run:
        run.wait_for_text("frame ")
        heart.hear("paused True")
        run.signal(signal.SIGTERM)
        heart.hear("unmounted")
        assert run.wait() == 143
        assert b"\x1b[?1049l" in run.raw
        assert run.tty_flags() == run.flags_before


def test_it_can_be_stopped_and_continued(heart: Heart) -> None:
    with beating_app(heart) as run:
        run.wait_for_text("frame ")
        run.signal(signal.SIGTSTP)
        # A SIGCONT that came earlier would be lost.
        run.wait_for(PtyRun.is_stopped, "the stop")
        run.wait_for(lambda run: b"\x1b[?1049l" in run.raw, "the terminal as it was")
        assert run.tty_flags() == run.flags_before
        run.signal(signal.SIGCONT)
        run.wait_for(lambda run: run.raw.count(b"\x1b[?1049h") > 1, "the screen again")
        heart.hear("beat")
        run.signal(signal.SIGTERM)
        assert run.wait() == 143


def test_a_stop_that_it_was_not_told_of_changes_nothing(heart: Heart) -> None:
    """SIGSTOP cannot be caught; Textual would start its threads again at the SIGCONT."""
    with beating_app(heart) as run:
        run.wait_for_text("frame ")
        heart.hear("beat")
        threads = thread_count(run)
        run.signal(signal.SIGSTOP)
        run.wait_for(PtyRun.is_stopped, "the stop")
        run.signal(signal.SIGCONT)
        heart.hear("beat")
        assert thread_count(run) == threads
        run.signal(signal.SIGTERM)
        assert run.wait() == 143


@pytest.mark.parametrize("way", ["watched", "nohup"])
def test_a_closed_terminal_ends_it_with_or_without_the_signal(heart: Heart, way: str) -> None:
    with beating_app(heart, way) as run:
        run.wait_for_text("frame ")
        run.close_terminal()
        heart.hear("unmounted")
        assert run.process.wait(5) == HANGUP_EXIT_CODE


def test_unwatched_the_loop_would_stop(heart: Heart) -> None:
    """Why all this is here; when it fails, Textual may have learnt it by itself."""
    with beating_app(heart, "unwatched") as run:
        run.wait_for_text("frame ")
        heart.fall_silent()
        run.wait_for_text("frame 100 ")


RESTORE = "\x1b[?1049l"


@pytest.mark.parametrize(("late_s", "expected"), [(0.0, RESTORE.encode()), (9.0, b"")])
def test_what_restores_the_terminal_is_tried_after_frames_were_dropped(
    late_s: float, expected: bytes
) -> None:
    master, slave = os.openpty()
    now = [100.0]
    output = TerminalOutput(os.open(os.ttyname(slave), os.O_WRONLY | os.O_NONBLOCK), lambda: now[0])
    frame = threading.Thread(target=output.write, args=("x" * 1_000_000,))
    frame.start()
    assert select.select([master], [], [], 20)[0]
    output.drop_frames()
    frame.join(20)
    assert not frame.is_alive()
    while os.read(master, 65536) and select.select([master], [], [], 0)[0]:
        pass
    now[0] += late_s
    output.write(RESTORE)
    output.close()
    read = os.read(master, 64) if select.select([master], [], [], 0)[0] else b""
    os.close(slave)
    os.close(master)
    assert read == expected


def test_a_terminal_that_cannot_be_polled_is_tried_again_after_a_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """macOS says POLLNVAL of /dev/tty at once: without a rest, a core would be busy with asking."""
    master, slave = os.openpty()
    output = TerminalOutput(os.open(os.ttyname(slave), os.O_WRONLY | os.O_NONBLOCK))
    rests: list[float] = []

    def rest(seconds: float) -> None:
        rests.append(seconds)
        os.read(master, 65536)

    monkeypatch.setattr(output, "_poll", SimpleNamespace(poll=lambda _: [(9, select.POLLNVAL)]))
    monkeypatch.setattr(time, "sleep", rest)
    output.write("x" * 100_000)
    output.close()
    os.close(slave)
    os.close(master)
    assert set(rests) == {0.05}


async def test_an_app_without_a_terminal_has_nothing_to_wait_for() -> None:
    app = ListApp(Rows("abc"))
    async with app.run_test():
        assert waiting_frames(app) == 0
        assert not is_hung_up(app)
