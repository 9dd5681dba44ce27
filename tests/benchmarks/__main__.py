"""``python -m tests.benchmarks``: measures, prints the table and the JSON lines."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import import_module

from tests.benchmarks.effort import FULL, QUICK, Effort
from tests.benchmarks.figures import Figure, table

ROWS = ("throughput", "keys", "frame", "endurance", "start", "held", "stuck_terminal", "journal")
"""Files of ``rows``, in the order in which they run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; returns 1 when a target is missed and the run was no quick one."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute; a miss is no failure")
    parser.add_argument(
        "--only", choices=ROWS, action="append", help="these rows alone; may be repeated"
    )
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    busy = _business()
    measured = _measure(chosen.only or ROWS, QUICK if chosen.quick else FULL)
    figures = [replace(it, doubt=it.doubt or busy) if it.is_a_time else it for it in measured]
    _print(figures, time.monotonic() - began)
    return int(not chosen.quick and not all(figure.is_met for figure in figures))


def _business() -> str:
    """Say that others use the processors, which makes times long; empty when they do not."""
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    return f"the machine was busy (load {load:.1f} on {cores} cores)" if load > cores else ""


def _measure(rows: Iterable[str], effort: Effort) -> list[Figure]:
    measured: list[Figure] = []
    for row in rows:
        print(f"measuring {row} …", file=sys.stderr, flush=True)  # noqa: T201
        figures: Callable[[Effort], Iterable[Figure]]
        figures = import_module(f"tests.benchmarks.rows.{row}").figures
        measured += figures(effort)
    return measured


def _print(figures: Sequence[Figure], took_s: float) -> None:
    lines = [*table(figures), *(figure.to_json() for figure in figures)]
    machine = {
        "cores": os.cpu_count(),
        "load_average": [round(it, 2) for it in os.getloadavg()],
        "python": sys.version.split()[0],
        "took_s": round(took_s),
    }
    print(*lines, json.dumps(machine), sep="\n")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
