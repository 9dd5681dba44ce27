"""Two servers in turn, A B A B …, and the median of each: the only comparison a noisy machine allows.

``python tests/benchmarks/compare.py`` compares our transport with bare aiohttp.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks import load

HERE = Path(__file__).parent
POLL = json.dumps(
    {
        "clientId": "c" * 34,
        "clientSecret": "s" * 2000,
        "grantType": "urn:ietf:params:oauth:grant-type:device_code",
        "deviceCode": "d" * 86,
    }
).encode()
"""A poll's size: real client secrets are about 2,000 characters long (wire.md section 4.2)."""


@contextmanager
def server(script: str) -> Iterator[int]:
    """Run one of the scripts beside this file; gives its port."""
    command = [sys.executable, str(HERE / script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(10)


def interleaved(
    targets: Mapping[str, Callable[[], load.Load]], rounds: int = 5
) -> dict[str, list[load.Load]]:
    """Run each target in turn, ``rounds`` times."""
    runs: dict[str, list[load.Load]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, run in targets.items():
            runs[name].append(run())
    return runs


def ratio(runs: Mapping[str, list[load.Load]], over: str, under: str, field: str) -> float:
    """The median over the rounds of ``over``'s figure divided by ``under``'s."""
    pairs = zip(runs[over], runs[under], strict=True)
    return float(median(getattr(a, field) / getattr(b, field) for a, b in pairs))


def main(connections: int = 64, seconds: float = 2.0, rounds: int = 5) -> None:
    with server("bare.py") as bare, server("light.py") as light, server("echo.py") as echo:
        runs = interleaved(
            {
                name: partial(load.run, port, load.post("/token", POLL, port), connections, seconds)
                for name, port in {"bare": bare, "light": light, "echo": echo}.items()
            },
            rounds,
        )
    for name, results in runs.items():
        print(name, median(it.requests_per_s for it in results), "req/s")  # noqa: T201
        print("   p99", median(it.p99_ms for it in results), "ms")  # noqa: T201
        print("   errors", sum(it.errors for it in results))  # noqa: T201
    print("light/bare req/s", round(ratio(runs, "light", "bare", "requests_per_s"), 3))  # noqa: T201
    print("light/bare p99", round(ratio(runs, "light", "bare", "p99_ms"), 3))  # noqa: T201


if __name__ == "__main__":
    main()
