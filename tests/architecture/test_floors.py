"""What we depend on is new enough to be safe, here and wherever it is installed (T-55)."""

import json
import subprocess
import sys
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from threading import Thread

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.architecture.sources import ROOT

SAFE_FROM = {
    "aiohttp": ("3.14.3", "older ones take pipelined requests and chunks apart wrongly (T-33)"),
    "pydantic": ("2.4.0", "older ones can be kept busy by an address (CVE-2024-3772)"),
}
"""The first version without a hole that matters to us, and which hole that is."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NEEDED = {it.name: it.specifier for it in map(Requirement, PROJECT["dependencies"])}


def floor_of(name: str) -> Version:
    (floor,) = [it.version for it in NEEDED[name] if it.operator == ">="]
    return Version(floor)


@pytest.mark.parametrize("name", SAFE_FROM)
def test_no_version_with_a_known_hole_can_be_installed(name: str) -> None:
    safe_from, hole = SAFE_FROM[name]
    assert floor_of(name) >= Version(safe_from), hole


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_installed_is_what_is_asked_for(name: str) -> None:
    assert version(name) in NEEDED[name]


@pytest.mark.parametrize("name", NEEDED)
def test_no_major_version_comes_by_itself(name: str) -> None:
    (below,) = [Version(it.version) for it in NEEDED[name] if it.operator == "<"]
    assert below == Version(str(floor_of(name).major + 1))


class Index(BaseHTTPRequestHandler):
    """PyPI, where one release of ours has a hole, and another had one that was withdrawn."""

    def do_GET(self) -> None:
        hole = {"id": "PYSEC-1", "fixed_in": ["9.9"], "withdrawn": None}
        if self.path.startswith("/attrs/"):
            self.send_error(404)
            return
        known = {"aiohttp": [hole], "pydantic": [{**hole, "withdrawn": "2026-01-01"}]}
        body = json.dumps({"vulnerabilities": known.get(self.path.split("/")[1], [])}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def audited(pypi: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py"],
        env={"OIDC_SIM_PYPI": pypi},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


def test_a_known_hole_fails_the_audit_and_is_named() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        code, lines = audited(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert code == 1
    assert lines[0].startswith("audit: 1 holes known in ")
    assert lines[1:] == [
        f"audit: PyPI does not say of attrs {version('attrs')}",
        f"audit: aiohttp {version('aiohttp')} has PYSEC-1, mended in 9.9",
    ], "one that is not known hides no other"


def test_an_audit_that_cannot_ask_says_so_and_fails_nothing() -> None:
    code, (line,) = audited("http://127.0.0.1:9")
    assert code == 0
    assert line.startswith("audit: SKIPPED after 0 of ")
