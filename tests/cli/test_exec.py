"""``oidc-sim exec``, in processes of its own: what the command sees, and how we end."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.cli.exec import MARKER, Exec, Sso
from oidc_sim.cli.running import Process
from oidc_sim.engine.model import Policy
from oidc_sim.settings.model import Settings
from oidc_sim.simulator.simulator import Simulator
from tests.process.serving import PROGRAM, Done, Home, open_home
from tests.record.busy_world import AllIds
from tests.tui.pty_run import PtyRun, python
from tests.waiting import PATIENCE_S, wait_until

PYTHON = sys.executable
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
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
    signal.signal(number, end)
os.write(1, b"ready\\n")
time.sleep(60)
"""
ASK_WHETHER_TYPED = """
import signal
from oidc_sim.cli.exec import _comes_from_keys
print([_comes_from_keys(it) for it in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)])
"""
SERVES = "oidc-sim: serves on http://127.0.0.1:"
NOWHERE = Sso(url="http://127.0.0.1:1", region="us-east-1", account_id=None, role_name=None)
LOGIN = Path(__file__).parent / "exec_login.py"
CALLS = Path(__file__).parent / "exec_calls.py"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A person's home, with things of AWS's in it that must not be touched."""
    with open_home(tmp_path) as home:
        home.environment["TMPDIR"] = str(tmp_path)
        aws(home).mkdir()
        (aws(home) / "config").write_text("precious")
        yield home


def aws(home: Home) -> Path:
    return Path(home.environment["HOME"]) / ".aws"


def left_over(home: Home) -> list[str]:
    return [it.name for it in home.path.glob("oidc-sim-home-*")]


def url_seen(done: Done) -> str:
    """Where the command would have gone."""
    assert done.code == 0, done.err
    return str(json.loads(done.out)["env"]["AWS_ENDPOINT_URL_SSO"])


def test_the_command_has_a_home_of_its_own_our_input_and_its_words(home: Home) -> None:
    (home.path / "input").write_text("from us")
    with (home.path / "input").open() as stdin:
        done = home.run("exec", "--", PYTHON, "-c", TELL, "--port", "--", "x", stdin=stdin)
    told = json.loads(done.out)
    assert told["argv"] == ["--port", "--", "x"]
    assert told["stdin"] == "from us"
    assert told["env"]["HOME"].startswith(str(home.path / "oidc-sim-home-"))
    assert told["env"]["AWS_CONFIG_FILE"] == told["env"]["HOME"] + "/.aws/config"
    assert left_over(home) == []
    assert list(aws(home).iterdir()) == [aws(home) / "config"]
    assert (aws(home) / "config").read_text() == "precious"


def test_ambient_credentials_are_not_handed_on(home: Home) -> None:
    home.environment |= {"AWS_ACCESS_KEY_ID": "x", "AWS_PROFILE": "y"}
    told = json.loads(home.run("exec", "--", PYTHON, "-c", TELL).out)
    assert not {"AWS_ACCESS_KEY_ID", "AWS_PROFILE"} & set(told["env"])


def test_without_a_server_one_runs_for_as_long_as_the_command(home: Home) -> None:
    done = home.run("exec", "--", PYTHON, "-c", ASK)
    assert json.loads(done.out) == {"status": "ok"}
    assert done.err.startswith(SERVES)
    assert "oidc-sim ctl approve CODE" in done.err
    assert list((home.path / "run/oidc-sim").iterdir()) == [], "it is gone"
    assert not (aws(home).parent / ".local").exists(), "and left nothing"


def test_one_that_approves_by_itself_needs_no_hint(home: Home) -> None:
    assert home.run("exec", "--auto-approve", "--", "true") == Done(0, "", "")


def test_a_running_server_is_used(home: Home) -> None:
    server = home.serve()
    done = home.run("exec", "--", PYTHON, "-c", TELL)
    assert url_seen(done) == server.running.url
    assert done.err == ""


def test_of_several_the_newest_is_used_or_the_one_of_the_port(home: Home) -> None:
    old, new = home.serve(), home.serve("--ephemeral")
    tell = ("--", PYTHON, "-c", TELL)
    assert url_seen(home.run("exec", *tell)) == new.running.url
    assert url_seen(home.run("exec", "--port", str(old.port), *tell)) == old.running.url


def test_a_setting_that_only_a_new_server_can_have_means_a_new_server(home: Home) -> None:
    (home.path / "sim.toml").write_text("lifetime = 60")
    server = home.serve()
    for words in (["--lifetime", "60"], ["--config", str(home.path / "sim.toml")]):
        done = home.run("exec", *words, "--", PYTHON, "-c", TELL)
        assert url_seen(done) != server.running.url
        assert done.err.startswith(SERVES)


def test_profiles_are_for_the_first_role_of_the_server_that_is_used(home: Home) -> None:
    config = home.path / "sim.toml"
    config.write_text('[[accounts]]\nid = "888899990000"\nname = "Other"\nroles = ["Reader"]\n')
    show = ("--", "sh", "-c", "cat ~/.aws/config")
    expected = "sso_account_id = 888899990000\nsso_role_name = Reader\nregion = "
    own = home.run("exec", "--config", str(config), "--region", "eu-west-1", *show).out
    assert f"{expected}eu-west-1\n" in own
    home.serve("--config", str(config))
    assert f"{expected}us-east-1\n" in home.run("exec", *show).out


@pytest.mark.parametrize("code", [0, 1, 7, 255])
def test_we_end_with_the_commands_code(home: Home, code: int) -> None:
    assert home.run("exec", "--", "sh", "-c", f"exit {code}").code == code


def test_a_command_that_failed_where_nobody_signed_in_is_told_what_this_aws_is(home: Home) -> None:
    """As ``exec -- aws s3 ls``, to which the AWS CLI says only that a token does not exist."""
    server = home.serve()
    url = server.running.url
    aws = home.path / "aws"
    aws.write_text('#!/bin/sh\neval "$1"\n')
    aws.chmod(0o755)
    assert home.run("exec", "--", str(aws), "exit 255").err == (
        f"oidc-sim: nobody signed in to this simulated AWS ({url}) while {aws} ran, and its AWS home goes "
        "with it: run 'aws sso login' and what it is for in one exec, such as 'oidc-sim exec -- bash'\n"
    )
    signed_in = "mkdir -p ~/.aws/sso/cache && echo {} > ~/.aws/sso/cache/1.json && exit 1"
    assert home.run("exec", "--", str(aws), signed_in).err == ""
    assert home.run("exec", "--", "sh", "-c", "exit 3").err == "", "it may have failed at anything"


def test_a_command_that_a_signal_ended_is_128_and_the_number(home: Home) -> None:
    home.serve()
    assert home.run("exec", "--", "sh", "-c", "kill -9 $$") == Done(128 + 9, "", "")


@pytest.mark.parametrize("with_server", [False, True])
def test_a_command_that_is_not_there_is_127(home: Home, *, with_server: bool) -> None:
    if with_server:
        home.serve()
    done = home.run("exec", "--", "nonesuch")
    assert done == Done(127, "", "oidc-sim: nonesuch: command not found\n")
    assert left_over(home) == []


def test_a_command_that_cannot_be_run_is_126(home: Home) -> None:
    (home.path / "text").write_text("hello")
    done = home.run("exec", "--", str(home.path / "text"))
    assert done == Done(126, "", f"oidc-sim: {home.path / 'text'}: Permission denied\n")


@pytest.mark.parametrize(
    "words",
    [
        ["exec"],
        ["exec", "--"],
        ["serve", "--", "x"],
        ["--", "x"],
        ["exec", "aws", "s3"],
        ["serve", "--keep-home"],
        ["serve", "--let-through"],
    ],
)
def test_wrong_usage_is_one_line_and_2(home: Home, words: list[str]) -> None:
    done = home.run(*words)
    assert done.code == 2
    assert done.error_line.startswith("oidc-sim: ")


def test_a_port_without_a_server_is_one_line_and_2(home: Home) -> None:
    done = home.run("exec", "--port", "1", "--", "true")
    assert done.code == 2
    assert "no running server found" in done.error_line


def test_the_home_can_be_kept(home: Home) -> None:
    done = home.run("exec", "--keep-home", "--", "sh", "-c", "echo x > ~/.aws/mark")
    (name,) = left_over(home)
    assert f"the AWS home {home.path / name} stays" in done.err
    assert (home.path / name / ".aws/mark").read_text() == "x\n"


@pytest.mark.parametrize("with_server", [False, True])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM])
def test_signals_are_handed_on(home: Home, number: int, *, with_server: bool) -> None:
    if with_server:
        home.serve()
    words = (*PROGRAM, "exec", "--", PYTHON, "-c", WAIT_FOR_SIGNAL)
    process = home.popen(words, subprocess.PIPE, subprocess.DEVNULL, start_new_session=True)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    assert process.stdout.readline() == f"got {int(number)}\n".encode()
    assert process.wait(PATIENCE_S) == number
    assert left_over(home) == []


@pytest.mark.parametrize("with_server", [False, True])
def test_what_a_killed_exec_left_goes_when_its_command_has_ended(
    home: Home, *, with_server: bool
) -> None:
    if with_server:
        home.serve()
    script = WAIT_FOR_SIGNAL.replace('b"ready', 'b"%d').replace(")\ntime", " % os.getpid())\ntime")
    words = (*PROGRAM, "exec", "--", PYTHON, "-c", script)
    process = home.popen(words, subprocess.PIPE, subprocess.DEVNULL)
    assert process.stdout
    command = int(process.stdout.readline())
    (left,) = left_over(home)
    wait_until(lambda: len(json.loads((home.path / left / MARKER).read_bytes())) > 1)
    process.kill()
    process.wait()
    assert home.run("exec", "--auto-approve", "--", "true") == Done(0, "", "")
    assert left_over(home) == [left], "the command lives in it"
    os.kill(command, signal.SIGTERM)
    assert process.stdout.read() == b"got 15\n"
    wait_until(lambda: not Process.of(command).lives)
    assert home.run("exec", "--auto-approve", "--", "true") == Done(0, "", "")
    assert left_over(home) == []


async def test_a_signal_that_came_before_the_command_reaches_it_all_the_same() -> None:
    work = Exec(["sleep", "60"], os.environ)
    work._pass_on(signal.SIGTERM)
    assert await work._run(NOWHERE) == 128 + signal.SIGTERM


async def test_a_server_that_is_to_end_runs_no_command(tmp_path: Path) -> None:
    ending = asyncio.get_running_loop().create_future()
    ending.set_result(143)
    simulator = Simulator(Policy(), AllIds(), auto_approves=True)
    running_server = RunningServer(
        simulator=simulator, settings=Settings(), url="http://127.0.0.1:1", ending=ending
    )
    work = Exec(["touch", str(tmp_path / "ran")], os.environ)
    assert await work.front(running_server) == 143
    assert not (tmp_path / "ran").exists()


def test_a_key_ends_the_command_and_we_end_with_it(home: Home) -> None:
    words = python("oidc_sim", "exec", "--", PYTHON, "-c", WAIT_FOR_SIGNAL)
    with PtyRun(words, env=home.environment) as run:
        run.wait_for_text("ready")
        run.send("\x03")
        assert run.wait() == signal.SIGINT
        assert "got 2" in run.text
    assert left_over(home) == []


def test_what_was_typed_is_not_handed_on_because_the_command_has_it_already(home: Home) -> None:
    """Twice would end many a command in the middle of its cleaning up."""
    words = [PYTHON, "-c", ASK_WHETHER_TYPED]
    with PtyRun(words, env=home.environment) as run:
        run.wait()
        assert "[True, True, False]" in run.text
    elsewhere = subprocess.run(
        words, env=home.environment, capture_output=True, start_new_session=True, check=True
    )
    assert elsewhere.stdout == b"[False, False, False]\n"


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL"])
def test_a_login_at_the_own_server_can_be_approved_from_outside(home: Home, variable: str) -> None:
    """The server of one command is found by ``ctl`` like any other.

    ByteNess/aws-vault reads the variable for all services alone.
    """
    words = (*PROGRAM, "exec", "--", PYTHON, str(LOGIN), variable)
    process = home.popen(words, subprocess.PIPE, subprocess.DEVNULL)
    assert process.stdout
    user_code = process.stdout.readline().decode().strip()
    assert home.run("ctl", "approve", user_code).code == 0
    assert process.stdout.readline() == b"signed in\n"
    assert process.wait(PATIENCE_S) == 0


@contextmanager
def listening() -> Iterator[socket.socket]:
    """Somebody to whom nobody should talk."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def test_calls_of_other_services_say_what_this_is_and_never_leave_the_machine(home: Home) -> None:
    with listening() as proxy, listening() as monitor:
        url = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        home.environment |= {
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"), url),
            "AWS_ENDPOINT_URL": "https://elsewhere.example",
            "AWS_ENDPOINT_URL_S3": url,
            "AWS_ENDPOINT_URL_SIGNIN": "https://elsewhere.example",
            "AWS_BEARER_TOKEN_BEDROCK": "secret",
            "AWS_CSM_ENABLED": "true",
            "AWS_CSM_PORT": str(monitor.getsockname()[1]),
        }
        done = home.run("exec", "--auto-approve", "--", PYTHON, str(CALLS))
        assert done.code == 0, done.err
        for listener in (proxy, monitor):
            with pytest.raises(BlockingIOError):
                listener.accept()
    found = json.loads(done.out)
    assert (found["elsewhere"], found["went"] > 0) == ([], True)
    assert "(InvalidAction)" in (sts := found["messages"].pop("sts AssumeRole"))
    assert "This is oidc-sim" in sts
    for name, told in found["messages"].items():
        assert f"it does not simulate {name}, and nothing was sent to AWS" in told
        assert "(NotSimulated)" in told


def test_the_rest_of_aws_is_let_through_where_that_is_wanted(home: Home) -> None:
    home.environment |= {"AWS_ENDPOINT_URL_S3": "https://s3.example", "AWS_ACCESS_KEY_ID": "x"}
    show = ("--", "sh", "-c", "env; cat ~/.aws/config")
    let_through = home.run("exec", "--let-through", "--auto-approve", *show).out
    assert "AWS_ENDPOINT_URL_S3=https://s3.example\n" in let_through
    assert "AWS_ENDPOINT_URL=" not in let_through
    assert "\nendpoint_url" not in let_through
    assert "AWS_ENDPOINT_URL_SSO=http://127.0.0.1:" in let_through
    assert "AWS_ACCESS_KEY_ID" not in let_through
    isolated = home.run("exec", "--auto-approve", *show).out
    assert "s3.example" not in isolated
    assert "AWS_ENDPOINT_URL=http://127.0.0.1:" in isolated
