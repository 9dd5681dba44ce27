"""``oidc-sim exec``, in processes of its own: what the command sees, and how we end."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process.kept_server import PATIENCE_S, Home
from tests.tui.pty_run import PtyRun, python

TELL = """
import json, os, sys
print(json.dumps({"env": dict(os.environ), "argv": sys.argv[1:], "stdin": sys.stdin.read()}))
"""
ASK = """
import os, urllib.request
print(urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL_SSO"] + "/_sim/health").read().decode())
"""
WAIT_FOR_SIGNAL = """
import os, signal, time
def end(number, frame):
    os.write(1, b"got %d\\n" % number)  # print is not for handlers
    os._exit(number)
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
    signal.signal(number, end)
os.write(1, b"ready\\n")
time.sleep(60)
"""
ASK_WHETHER_TYPED = """
import signal
from oidc_sim.exec import _comes_from_keys
print([_comes_from_keys(it) for it in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)])
"""
PYTHON = sys.executable


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text("precious")
    return Home(tmp_path)


def run(home: Home, *words: str, stdin: bytes = b"", **variables: str) -> "Done":
    command = [PYTHON, "-m", "oidc_sim", *words]
    return subprocess.run(
        command,
        env={**home.environment(), "TMPDIR": str(home.path), **variables},
        input=stdin,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )


Done = subprocess.CompletedProcess[bytes]


def left_over(home: Home) -> list[str]:
    return [it.name for it in home.path.glob("oidc-sim-home-*")]


def test_the_command_has_a_home_of_its_own_our_input_and_its_words(home: Home) -> None:
    done = run(home, "exec", "--", PYTHON, "-c", TELL, "--port", "--", "x", stdin=b"from us")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["argv"] == ["--port", "--", "x"]
    assert told["stdin"] == "from us"
    assert told["env"]["HOME"].startswith(str(home.path / "oidc-sim-home-"))
    assert told["env"]["AWS_CONFIG_FILE"] == told["env"]["HOME"] + "/.aws/config"
    assert left_over(home) == []
    assert (home.path / ".aws/config").read_text() == "precious"
    assert list((home.path / ".aws").iterdir()) == [home.path / ".aws/config"]


def test_ambient_credentials_are_not_handed_on(home: Home) -> None:
    done = run(home, "exec", "--", PYTHON, "-c", TELL, AWS_ACCESS_KEY_ID="x", AWS_PROFILE="y")
    assert not {"AWS_ACCESS_KEY_ID", "AWS_PROFILE"} & set(json.loads(done.stdout)["env"])


def test_without_a_server_one_runs_for_as_long_as_the_command(home: Home) -> None:
    done = run(home, "exec", "--", PYTHON, "-c", ASK)
    assert json.loads(done.stdout) == {"status": "ok"}
    assert b"serves on http://127.0.0.1:" in done.stderr
    assert list((home.path / "run/oidc-sim").iterdir()) == [], "it is gone"
    assert not home.state.exists(), "and left nothing"


def test_a_running_server_is_used(home: Home) -> None:
    with home.serving() as server:
        done = run(home, "exec", "--", PYTHON, "-c", TELL)
        told = json.loads(done.stdout)["env"]
        assert told["AWS_ENDPOINT_URL_SSO_OIDC"] == server.running.url
        assert done.stderr == b""
        with home.serving("--ephemeral") as newer:
            done = run(home, "exec", "--", PYTHON, "-c", TELL)
            assert json.loads(done.stdout)["env"]["AWS_ENDPOINT_URL_SSO"] == newer.running.url
            done = run(home, "exec", "--port", str(server.port), "--", PYTHON, "-c", TELL)
            assert json.loads(done.stdout)["env"]["AWS_ENDPOINT_URL_SSO"] == server.running.url


def test_a_setting_that_only_a_new_server_can_have_means_a_new_server(home: Home) -> None:
    with home.serving() as server:
        done = run(home, "exec", "--lifetime", "60", "--", PYTHON, "-c", TELL)
        told = json.loads(done.stdout)["env"]
        assert told["AWS_ENDPOINT_URL_SSO"] != server.running.url


def test_profiles_are_for_the_first_role_of_the_server_that_is_used(home: Home) -> None:
    config = home.path / "sim.toml"
    config.write_text('[[accounts]]\nid = "888899990000"\nname = "Other"\nroles = ["Reader"]\n')
    show = ["--", "sh", "-c", "cat ~/.aws/config"]
    own = run(home, "exec", "--config", str(config), "--region", "eu-west-1", *show).stdout
    assert b"sso_account_id = 888899990000\nsso_role_name = Reader\nregion = eu-west-1\n" in own
    with home.serving("--config", str(config)):
        assert (
            b"sso_account_id = 888899990000\nsso_role_name = Reader\n"
            in run(home, "exec", *show).stdout
        )


@pytest.mark.parametrize("code", [0, 1, 7, 255])
def test_we_end_with_the_commands_code(home: Home, code: int) -> None:
    assert run(home, "exec", "--", "sh", "-c", f"exit {code}").returncode == code


def test_a_command_that_a_signal_ended_is_128_and_the_number(home: Home) -> None:
    assert run(home, "exec", "--", "sh", "-c", "kill -9 $$").returncode == 128 + 9


@pytest.mark.parametrize("with_server", [False, True])
def test_a_command_that_is_not_there_is_127(home: Home, *, with_server: bool) -> None:
    if with_server:
        with home.serving():
            done = run(home, "exec", "--", "nonesuch")
    else:
        done = run(home, "exec", "--", "nonesuch")
    assert done.returncode == 127
    assert done.stderr == b"oidc-sim: nonesuch: command not found\n"
    assert left_over(home) == []


def test_a_command_that_cannot_be_run_is_126(home: Home) -> None:
    (home.path / "text").write_text("hello")
    done = run(home, "exec", "--", str(home.path / "text"))
    assert done.returncode == 126
    assert done.stderr == f"oidc-sim: {home.path / 'text'}: Permission denied\n".encode()


@pytest.mark.parametrize(
    "words", [["exec"], ["exec", "--"], ["serve", "--", "x"], ["--", "x"], ["exec", "aws", "s3"]]
)
def test_wrong_usage_is_one_line_and_2(home: Home, words: list[str]) -> None:
    done = run(home, *words)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1


def test_a_port_without_a_server_is_one_line_and_2(home: Home) -> None:
    done = run(home, "exec", "--port", "1", "--", "true")
    assert done.returncode == 2
    assert b"no running server found" in done.stderr


def test_the_home_can_be_kept(home: Home) -> None:
    done = run(home, "exec", "--keep-home", "--", "sh", "-c", "echo x > ~/.aws/mark")
    (name,) = left_over(home)
    assert f"the AWS home {home.path / name} stays".encode() in done.stderr
    assert (home.path / name / ".aws/mark").read_text() == "x\n"


@pytest.mark.parametrize("with_server", [False, True])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1])
def test_signals_are_handed_on(home: Home, number: int, *, with_server: bool) -> None:
    if with_server:
        with home.serving():
            signalled(home, number)
    else:
        signalled(home, number)


def signalled(home: Home, number: int) -> None:
    command = [PYTHON, "-m", "oidc_sim", "exec", "--", PYTHON, "-c", WAIT_FOR_SIGNAL]
    with subprocess.Popen(
        command,
        env={**home.environment(), "TMPDIR": str(home.path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == f"got {int(number)}\n".encode()
        assert process.wait(PATIENCE_S) == number
    assert left_over(home) == []


def test_a_key_ends_the_command_and_we_end_with_it(home: Home) -> None:
    words = python("oidc_sim", "exec", "--", PYTHON, "-c", WAIT_FOR_SIGNAL)
    with PtyRun(words, env={**home.environment(), "TMPDIR": str(home.path)}) as run:
        run.wait_for_text("ready")
        run.send("\x03")
        assert run.wait() == signal.SIGINT
        assert "got 2" in run.text
    assert left_over(home) == []


def test_what_was_typed_is_not_handed_on_because_the_command_has_it_already(home: Home) -> None:
    """Twice would end many a command in the middle of its cleaning up."""
    with PtyRun([PYTHON, "-c", ASK_WHETHER_TYPED], env=home.environment()) as run:
        run.wait()
        assert "[True, True, False]" in run.text
    elsewhere = subprocess.run(
        [PYTHON, "-c", ASK_WHETHER_TYPED],
        env=home.environment(),
        capture_output=True,
        start_new_session=True,
        check=True,
    )
    assert elsewhere.stdout == b"[False, False, False]\n"


def test_a_login_at_the_own_server_can_be_approved_from_outside(home: Home) -> None:
    """The server of one command is found by ``ctl`` like any other."""
    login = Path(__file__).parent / "exec_login.py"
    command = [PYTHON, "-m", "oidc_sim", "exec", "--", PYTHON, str(login)]
    with subprocess.Popen(
        command,
        env=home.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout
        user_code = process.stdout.readline().decode().strip()
        assert run(home, "ctl", "approve", user_code).returncode == 0
        assert process.stdout.readline() == b"signed in\n"
        assert process.wait(PATIENCE_S) == 0
