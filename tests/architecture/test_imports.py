"""What a part pulls in at run time; import-linter sees only what is written at the top of files."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

PURE = {
    "aiohttp",
    "asyncio",
    "pydantic",
    "textual",
    "rich",
    "logging",
    "socket",
    "random",
    "secrets",
}
SCREEN = {"textual", "rich"}
SELDOM = {
    "oidc_sim.demo.clients",
    "oidc_sim.faults.catalogue",
    "oidc_sim.evidence",
    "oidc_sim.filtering",
}
"""What is loaded when it is asked for: all of it together was 50 ms of the start."""


def pulled_in_by(*modules: str) -> set[str]:
    """The names of all modules that are there after importing these in a fresh interpreter."""
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("oidc_sim.engine", PURE),
        ("oidc_sim.filtering", PURE),
        ("oidc_sim.conformance.cadence", {"aiohttp", "asyncio", "pydantic", "textual"}),
        ("oidc_sim.record.log", {"aiohttp", "asyncio", "pydantic", "textual"}),
        ("oidc_sim.record.timeline", {"aiohttp", "asyncio", "pydantic", "textual"}),
        ("oidc_sim.simulator.simulator", {"aiohttp", "asyncio", "pydantic", "textual"}),
        ("oidc_sim.wire.requests", {"aiohttp", "textual"}),
        ("oidc_sim.cli.main", {"aiohttp", "textual"}),
        ("oidc_sim.cli.runtime", SCREEN | SELDOM),
        ("oidc_sim.headless.run", SCREEN | SELDOM),
        ("oidc_sim.tui.app", {"oidc_sim.faults.catalogue", "oidc_sim.faults.refused"}),
    ],
)
def test_a_part_pulls_in_nothing_from_above(module: str, unwanted: set[str]) -> None:
    there = pulled_in_by(module)
    assert module in there
    assert unwanted & there == set()


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """``oidc-sim serve`` that tells each module which it imports."""
    command = [sys.executable, "-X", "importtime", "-m", "oidc_sim", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--ephemeral", "--state-dir", str(tmp_path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield process
        process.kill()


def test_serving_does_not_pull_in_the_screen(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout is not None
    assert "serves on http://" in serving.stdout.readline()
    serving.send_signal(signal.SIGTERM)
    _, told = serving.communicate(timeout=30)
    there = set(re.findall(r"\| +([\w.]+)$", told, re.MULTILINE))
    assert "oidc_sim.cli.runtime" in there
    assert "aiohttp" in there
    assert SCREEN & {name.partition(".")[0] for name in there} == set()
