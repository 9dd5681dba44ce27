import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oidc_sim import __version__
from oidc_sim.actions.table import ACTIONS
from oidc_sim.cli import main, outcome, runtime
from oidc_sim.cli.running import Running, announced
from oidc_sim.files.directories import runtime_directory
from oidc_sim.settings.model import TYPED, Settings, option
from tests.fake_server import answering, closed_port

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of this machine's is looked at."""
    for name in os.environ:
        if name.startswith(("OIDC_SIM_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings with which a server would have been started."""
    started: list[Settings] = []

    def start(settings: Settings, _environment: Mapping[str, str]) -> int:
        started.append(settings)
        return outcome.OK

    monkeypatch.setattr(runtime, "run_headless", start)
    return started


def error_line(capsys: Capture) -> str:
    """What was said on standard error: exactly one line, and nothing elsewhere."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    assert err.endswith("\n")
    return err


@pytest.mark.parametrize(
    "words",
    [
        ["--port", "1234", "serve"],
        ["serve", "--port", "1234"],
        ["--port=1234", "serve"],
        ["--port", "9", "serve", "--port", "1234"],
    ],
)
def test_an_option_works_before_the_command_and_after_it(
    words: list[str], served: list[Settings]
) -> None:
    assert main.main(words) == outcome.OK
    assert [it.port for it in served] == [1234]


def test_options_before_and_after_the_command_go_together(served: list[Settings]) -> None:
    main.main(["--profile", "rfc", "--i-know", "serve", "--lifetime", "9"])
    given = served[0].model_dump(exclude_unset=True)
    assert given == {"profile": "rfc", "i_know": True, "lifetime": 9}


def test_a_list_is_gathered_wherever_its_parts_stand(served: list[Settings]) -> None:
    main.main(["--allow-host", "a", "serve", "--allow-host", "b", "--allow-host", "c"])
    main.main(["serve", "--allow-host", "d"])
    assert [it.allow_host for it in served] == [("a", "b", "c"), ("d",)]


def test_the_environment_is_read(served: list[Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_SIM_PORT", "1234")
    main.main(["serve"])
    main.main(["serve", "--port", "5"])
    assert [it.port for it in served] == [1234, 5]


def test_a_configuration_file_is_read(served: list[Settings], tmp_path: Path) -> None:
    file = tmp_path / "f.toml"
    file.write_text("port = 1234\n")
    main.main(["--config", str(file), "serve"])
    main.main(["serve", "--config", str(file)])
    assert [it.port for it in served] == [1234, 1234]


def test_the_version_is_told(capsys: Capture) -> None:
    assert main.main(["--version"]) == outcome.OK
    assert capsys.readouterr().out == f"oidc-sim {__version__}\n"


def test_help_names_every_command_and_option(capsys: Capture) -> None:
    assert main.main(["--help"]) == outcome.OK
    text = capsys.readouterr().out
    for word in ("serve", "env", "ctl", *map(option, TYPED)):
        assert f" {word}" in text
    assert "%" not in text


@pytest.mark.parametrize("command", ["serve", "env", "ctl", "ctl approve", "ctl state"])
def test_each_command_has_help(command: str, capsys: Capture) -> None:
    assert main.main([*command.split(), "--help"]) == outcome.OK
    text = capsys.readouterr().out
    assert text.startswith(f"usage: oidc-sim {command} ")
    assert "--port PORT" in text


def test_help_of_ctl_names_every_action(capsys: Capture) -> None:
    main.main(["ctl", "--help"])
    text = capsys.readouterr().out
    for name in {it.name for it in ACTIONS}:
        assert re.search(rf"^    {name}\s", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nonsense"], "'nonsense'"),
        (["serve", "extra"], "extra"),
        (["serve", "--nonsense"], "--nonsense"),
        (["serve", "--por", "1"], "--por"),
        (["serve", "--port"], "--port"),
        (["serve", "--port", "x"], "--port"),
        (["serve", "--port", "70000"], "--port"),
        (["serve", "--profile", "x"], "--profile"),
        (["serve", "--i-know=no"], "--i-know"),
        (["serve", "--region", "\x1b[31m"], "--region"),
        (["serve", "--config", "/nonexistent\n"], "/nonexistent\\n"),
        (["serve", "a\x1b]0;b\nc"], "a\\x1b]0;b\\nc"),
        (["serve", "\udcff"], "\\udcff"),
        (["ctl"], "ACTION"),
        (["ctl", "nonsense"], "'nonsense'"),
        (["ctl", "approve"], "CODE"),
        (["ctl", "approve", "a", "b"], "b"),
        (["ctl", "--seed", "1", "state"], "--seed"),
    ],
    ids=repr,
)
def test_a_wrong_command_line_is_one_line_and_exit_2(
    words: list[str], named: str, capsys: Capture
) -> None:
    assert main.main(words) == outcome.CANNOT_START
    assert named in error_line(capsys)


@pytest.mark.parametrize("words", [["env"], ["ctl", "state"], ["ctl", "approve", "x"]])
def test_no_server_is_one_line_and_exit_2(words: list[str], capsys: Capture) -> None:
    assert main.main(words) == outcome.CANNOT_START
    assert "no running server" in error_line(capsys)


@pytest.mark.parametrize("words", [["env"], ["ctl", "state"]])
def test_a_server_that_does_not_answer_is_said_to_be_away(
    words: list[str], capsys: Capture
) -> None:
    away = closed_port()
    with announced(away, runtime_directory(os.environ, None), port_of(away)):
        assert main.main(words) == outcome.CANNOT_START
        assert f"{away.url} does not answer; it is away" in error_line(capsys)
        assert main.main([*words, "--port", str(port_of(away))]) == outcome.CANNOT_START
        assert "it is away" in error_line(capsys)
        assert main.main([*words, "--port", "1"]) == outcome.CANNOT_START
        assert "start one with" in error_line(capsys)


@pytest.mark.parametrize(
    "words", [["env"], ["ctl", "state"], ["exec", "--port", "PORT", "--", "x"]]
)
def test_a_server_that_was_killed_is_said_to_be_gone_whoever_answers_there(
    words: list[str], capsys: Capture
) -> None:
    with answering() as impostor:
        killed = replace(impostor, began="another process with this number")
        words = [word.replace("PORT", str(port_of(killed))) for word in words]
        with announced(killed, runtime_directory(os.environ, None), port_of(killed)):
            assert main.main(words) == outcome.CANNOT_START
    told = f"that of {killed.url} (process {os.getpid()}) was killed; start one with"
    assert told in error_line(capsys)


@pytest.mark.parametrize("words", [["env"], ["ctl", "state"]])
def test_no_home_is_one_line_and_exit_2(
    words: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr(Path, "home", no_home)
    assert main.main(words) == outcome.CANNOT_START
    assert "--state-dir" in error_line(capsys)


@pytest.fixture
def running(tmp_path: Path) -> Any:
    """A server that was announced, on the port that its file is named by."""
    with answering() as server, announced(server, tmp_path / "run" / "oidc-sim", port_of(server)):
        yield server


def port_of(running: Running) -> int:
    return int(running.url.rpartition(":")[2])


@pytest.mark.parametrize("port", ["", "0", "its own"])
def test_env_prints_exports_for_a_shell(
    port: str, running: Running, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OIDC_SIM_PORT", str(port_of(running)) if port == "its own" else port)
    assert main.main(["env"]) == outcome.OK
    assert capsys.readouterr().out == (
        f"export AWS_ENDPOINT_URL_SSO_OIDC={running.url}\n"
        f"export AWS_ENDPOINT_URL_SSO={running.url}\n"
        f"export AWS_ENDPOINT_URL_STS={running.url}\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["--port", "PORT", "ctl", "events"],
        ["ctl", "--port", "PORT", "events"],
        ["ctl", "events", "--port", "PORT"],
    ],
)
def test_ctl_takes_the_port_anywhere(words: list[str], running: Running) -> None:
    port = port_of(running)
    assert main.main([it.replace("PORT", str(port)) for it in words]) == outcome.OK
    assert main.main([it.replace("PORT", "1") for it in words]) == outcome.CANNOT_START


def test_an_interrupt_ends_quietly(
    running: Running, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("oidc_sim.cli.ctl.run_action", interrupt)
    assert main.main(["ctl", "events"]) == 130
    assert capsys.readouterr() == ("", "")


def test_without_a_terminal_the_screen_names_serve(capsys: Capture) -> None:
    assert main.main([]) == outcome.CANNOT_START
    assert "oidc-sim serve" in error_line(capsys)


def test_a_terminal_that_cannot_show_the_screen_names_serve(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "isatty", lambda _descriptor: True)
    monkeypatch.setenv("TERM", "dumb")
    assert main.main([]) == outcome.CANNOT_START
    assert "oidc-sim serve" in error_line(capsys)


@pytest.mark.parametrize("command", ["env", "keys"])
def test_what_fails_inside_is_one_line_that_leads_to_the_traceback(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    def fail(_settings: Settings, _words: Mapping[str, Any]) -> int:
        raise failure

    failure: Exception = KeyError("why")
    monkeypatch.setitem(main._COMMANDS, command, fail)
    assert main.main([command]) == outcome.FAILED
    line = error_line(capsys).rstrip("\n")
    assert (
        line
        == "oidc-sim: failed, our fault: KeyError('why'); run with --debug-log FILE to see where"
    )
    log = tmp_path / "log"
    assert main.main([command, "--debug-log", str(log)]) == outcome.FAILED
    assert error_line(capsys).endswith(f"our fault: KeyError('why'); see {log}\n")
    failure = OSError(28, "full")
    assert main.main(["--debug-log", str(log), command]) == outcome.CANNOT_START
    assert error_line(capsys) == "oidc-sim: [Errno 28] full\n"
    written = log.read_text()
    assert "\n  KeyError: 'why'\n" in written
    assert "\n  OSError: [Errno 28] full\n" in written
