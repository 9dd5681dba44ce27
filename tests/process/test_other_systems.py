"""Systems that are not Linux, played by taking Linux's parts away before the program starts.

That is no proof that it runs there, but nothing of Linux's own is relied on by mistake.
"""

import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.process.serving import PROGRAM, ROOT, Home
from tests.tui.live import Live
from tests.tui.pty_run import PtyRun
from tests.waiting import PATIENCE_S

SYSTEMS = Path(__file__).parent / "systems"


def on(home: Home, system: str) -> Home:
    """The same home, whose Pythons find themselves on that system."""
    place = home.path / system
    place.mkdir()
    shutil.copy(SYSTEMS / f"{system}.py", place / "sitecustomize.py")
    home.environment["PYTHONPATH"] = f"{place}:{ROOT}"
    return home


@pytest.fixture
def windows(home: Home) -> Home:
    return on(home, "windows")


@pytest.fixture
def macos(home: Home) -> Home:
    return on(home, "macos")


@pytest.mark.parametrize("words", ["", "serve", "ctl state", "exec -- true", "env", "--help"])
def test_windows_is_told_in_one_line_what_to_do(windows: Home, words: str) -> None:
    done = windows.run(*words.split())
    assert done.code == 2
    assert done.error_line.startswith("oidc-sim: runs on Linux and macOS, and not on Windows ")
    assert "WSL" in done.error_line


def test_the_installed_command_starts_as_the_module_does() -> None:
    """Else Windows would be told by an import that fails."""
    (command,) = entry_points(group="console_scripts", name="oidc-sim")
    assert command.value == "oidc_sim.__main__:main"


def test_a_login_needs_nothing_that_only_linux_has(macos: Home) -> None:
    server = macos.serve(stdin=subprocess.PIPE)
    code = server.authorize()["userCode"]
    assert server.process.stdin is not None
    server.process.stdin.write(f"approve {code}\n".encode())
    server.process.stdin.flush()
    server.wait_for_out(f" approved {code} by the script\n")
    assert code in macos.run("ctl", "state").out
    assert server.running.url in macos.run("env").out
    writing = macos.popen((*PROGRAM, "ctl", "evidence"), None, None, cwd=macos.path)
    assert writing.wait(PATIENCE_S) == 0
    assert [*macos.path.glob("oidc-sim-evidence-*/evidence.har")] != []
    taken = macos.run("serve", "--port", str(server.port))
    assert "is in use by another process" in taken.error_line
    assert server.end() == 143
    assert server.err.startswith("oidc-sim: few files may be open: at most 192 clients ")
    assert server.err.count("\n") == 1


def test_what_was_kept_is_there_again(macos: Home) -> None:
    server = macos.serve()
    code = server.authorize()["userCode"]
    server.process.kill()
    server.process.wait()
    assert [it["user_code"] for it in macos.serve().ask("/_sim/state")["devices"]] == [code]


def test_exec_needs_nothing_that_only_linux_has(macos: Home) -> None:
    program = "import os, sys; sys.exit(7 if os.environ['AWS_ENDPOINT_URL_SSO'] else 1)"
    assert macos.run("exec", "--", sys.executable, "-c", program).code == 7


def test_the_screen_needs_nothing_that_only_linux_has(macos: Home) -> None:
    """Its terminal cannot be polled, as /dev/tty cannot be there: that is no sign that it has gone."""
    ready = macos.path / "ready"
    argv = [sys.executable, "-m", "oidc_sim", "--port", "0", "--ready-file", str(ready)]
    with PtyRun(argv, columns=120, rows=40, env=macos.environment) as run:
        program = Live(run, ready)
        code, _ = program.sign_in()
        run.wait_for_text(code)
        run.send("a")
        run.wait_for(lambda _: program.device(code)["state"] == "approved")
        program.close()
        run.send("q")
        assert run.wait() == 0
        assert run.tty_flags() == run.flags_before
