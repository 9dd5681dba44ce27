"""From the command to the first answer, and to the first frame, over a Python that does nothing."""

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.arithmetic import paired_difference
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.polls import poll_of_a_stranger
from tests.benchmarks.servers import (
    COLUMNS,
    FIRST_FRAME,
    ROOT,
    ROWS,
    BrokenError,
    command,
    environment,
    wait_until,
)
from tests.benchmarks.terminal import Reader
from tests.tui.pty_run import PtyRun

_ANSWERS_WITHIN_S = 20.0
_TARGETS = {
    "headless": ("first answer without a screen", 0.35),
    "screen": ("first answer with the screen", 0.45),
    "frame": ("first frame", 0.60),
}


def figures(effort: Effort) -> Iterator[Figure]:
    """Start each program in turn; the first turn fills the file cache and is not counted."""
    taken_s: dict[str, list[float]] = {name: [] for name in ("nothing", *_TARGETS)}
    for turn in range(effort.starts + 1):
        for name, seconds in _one_turn():
            if turn:
                taken_s[name].append(seconds)
    for name, (what, target) in _TARGETS.items():
        yield Figure(
            name=f"start_{name}",
            what=f"start: {what}, over python -c pass",
            measured=paired_difference(taken_s[name], taken_s["nothing"]),
            bound=Bound.AT_MOST,
            target=target,
            unit="s",
            raw={
                "s": [round(it, 3) for it in sorted(taken_s[name])],
                "python_s": round(median(taken_s["nothing"]), 3),
            },
        )


def _one_turn() -> Iterator[tuple[str, float]]:
    yield "nothing", _nothing_s()
    yield "headless", _headless_s()
    answer_s, frame_s = _screen_s()
    yield "screen", answer_s
    yield "frame", frame_s


def _nothing_s() -> float:
    began = perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return perf_counter() - began


def _headless_s() -> float:
    with tempfile.TemporaryDirectory() as directory:
        port = _free_port()
        argv = command("serve", Path(directory), "--port", str(port))
        began = perf_counter()
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment(Path(directory)),
        )
        try:
            return _first_answer_at(port) - began
        finally:
            process.terminate()
            process.wait()


def _screen_s() -> tuple[float, float]:
    """Seconds to the first answer and to the first frame."""
    with tempfile.TemporaryDirectory() as directory:
        port = _free_port()
        argv = command(None, Path(directory), "--port", str(port))
        env = environment(Path(directory))
        began = perf_counter()
        with PtyRun(argv, columns=COLUMNS, rows=ROWS, env=env) as run, Reader(run.master) as reader:
            reader.expect(FIRST_FRAME)
            answered_at = _first_answer_at(port)
            shown_at = reader.shown_at()
            run.process.terminate()
            run.process.wait()
    return answered_at - began, shown_at - began


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


def _first_answer_at(port: int) -> float:
    """Poll as soon as somebody listens: the answer then comes as early as the server can give it."""
    connections: list[socket.socket] = []
    wait_until(lambda: _connects(port, connections), "the server listens")
    with connections[0] as sock:
        sock.settimeout(_ANSWERS_WITHIN_S)
        sock.sendall(poll_of_a_stranger(port))
        answer = sock.recv(65536)
    if not answer.startswith(b"HTTP/1.1 400 ") or b"InvalidGrantException" not in answer:
        raise BrokenError(f"the first answer was {json.dumps(answer.decode('latin-1'))}")
    return perf_counter()


def _connects(port: int, connections: list[socket.socket]) -> bool:
    sock = socket.socket()
    if sock.connect_ex(("127.0.0.1", port)):
        sock.close()
        return False
    connections.append(sock)
    return True
