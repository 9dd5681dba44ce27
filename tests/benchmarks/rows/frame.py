"""What one frame costs when many requests were seen before."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.arithmetic import percentile
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.servers import COLUMNS, ROWS, BrokenError
from tests.benchmarks.terminal import Reader
from tests.tui.pty_run import PtyRun, python

_ENDS_WITHIN_S = 60.0


def figures(effort: Effort) -> Iterator[Figure]:
    """Let ``frames`` measure itself in a terminal that reads."""
    few_ms = _frames_ms(0, effort.frames)
    many_ms = _frames_ms(effort.seen, effort.frames)
    yield Figure(
        name="frame",
        what=f"one frame, {effort.seen:,} requests seen, processor time",
        measured=median(many_ms),
        bound=Bound.AT_MOST,
        target=5,
        unit="ms",
        raw={
            "frames": len(many_ms),
            "p95_ms": round(percentile(many_ms, 95), 2),
            "median_with_few_seen_ms": round(median(few_ms), 2),
        },
    )


def _frames_ms(seen: int, frames: int) -> list[float]:
    with tempfile.TemporaryDirectory() as directory:
        result = Path(directory) / "frames.json"
        argv = python("tests.benchmarks.frames", str(seen), str(frames), str(result))
        with PtyRun(argv, columns=COLUMNS, rows=ROWS) as run, Reader(run.master) as terminal:
            if run.process.wait(_ENDS_WITHIN_S):
                raise BrokenError(terminal.tail)
        measured: list[float] = json.loads(result.read_bytes())
    return measured
