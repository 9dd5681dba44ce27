import json
import os
from pathlib import Path
from typing import Any

import pytest

from oidc_sim.cli import arguments
from oidc_sim.engine.model import ExpiredAs, RefreshRotation
from oidc_sim.settings.model import (
    CONFIG_VARIABLE,
    FILE_ONLY,
    TYPED,
    Output,
    Profile,
    Settings,
    SettingsError,
    load,
    option,
    variable,
)
from oidc_sim.wire.answers import ErrorTypeForm
from oidc_sim.wire.verification import VerificationUri

FIELDS = TYPED


OTHER: dict[str, tuple[str, Any]] = {
    "host": ("127.0.0.9", "127.0.0.9"),
    "port": ("7", 7),
    "i_know": ("true", True),
    "allow_host": ("a.example", ("a.example",)),
    "profile": ("rfc", Profile.RFC),
    "interval": ("7", 7),
    "lifetime": ("7", 7),
    "token_lifetime": ("7", 7),
    "session_lifetime": ("7", 7),
    "refresh_rotation": ("rotate", RefreshRotation.ROTATE),
    "expired_as": ("invalid_grant", ExpiredAs.INVALID_GRANT),
    "auto_approve": ("true", True),
    "hold": ("12", 12),
    "error_type": ("bare", ErrorTypeForm.BARE),
    "verification_uri": ("start_url", VerificationUri.START_URL),
    "announce_endpoints": ("true", True),
    "portal_rate": ("7", 7),
    "region": ("eu-west-1", "eu-west-1"),
    "seed": ("7", 7),
    "state_dir": ("some/where", Path("some/where")),
    "ephemeral": ("true", True),
    "ready_file": ("some/where", Path("some/where")),
    "debug_log": ("some/where", Path("some/where")),
    "output": ("json", Output.JSON),
    "ascii": ("true", True),
    "plain": ("true", True),
}
"""For each setting a value that is not the default: as typed, and as it is then."""


def as_toml(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, default=str)


def toml(directory: Path, text: str | bytes) -> Path:
    file = directory / "settings.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def flags(*words: str) -> dict[str, Any]:
    """What the command line hands to ``load``."""
    typed = vars(arguments.parser().parse_args([*words, "serve"]))
    return {name: value for name, value in typed.items() if name in FIELDS}


def complaint(flags: dict[str, Any], environment: dict[str, str], file: Path | None = None) -> str:
    with pytest.raises(SettingsError) as raised:
        load(flags, environment, file)
    text = str(raised.value)
    assert "\n" not in text
    assert len(text) < 300, text
    return text


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_can_be_given_in_the_file(name: str, tmp_path: Path) -> None:
    _, value = OTHER[name]
    settings = load({}, {}, toml(tmp_path, f"{name} = {as_toml(value)}"))
    assert settings.model_dump(exclude_unset=True) == {name: value}
    assert getattr(Settings(), name) != value


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_can_be_given_in_the_environment(name: str) -> None:
    typed, value = OTHER[name]
    settings = load({}, {variable(name): typed, "OIDC_SIM_OF_ANOTHER_TOOL": "x"})
    assert settings.model_dump(exclude_unset=True) == {name: value}


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_can_be_given_as_an_option(name: str) -> None:
    typed, value = OTHER[name]
    words = [option(name)] if value is True else [option(name), typed]
    assert load(flags(*words), {}).model_dump(exclude_unset=True) == {name: value}


def test_every_setting_is_tried_here() -> None:
    assert tuple(OTHER) == FIELDS
    assert {*FIELDS, *FILE_ONLY} == set(Settings.model_fields)


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_explained(name: str) -> None:
    assert Settings.model_fields[name].description


def test_environment_wins_over_file_and_option_over_both(tmp_path: Path) -> None:
    file = toml(tmp_path, "port = 1\nlifetime = 1\nseed = 1")
    environment = {"OIDC_SIM_LIFETIME": "2", "OIDC_SIM_SEED": "2"}
    settings = load({"seed": "3"}, environment, file)
    assert (settings.port, settings.lifetime, settings.seed) == (1, 2, 3)


def test_an_option_can_switch_off_what_the_file_switched_on(tmp_path: Path) -> None:
    file = toml(tmp_path, "ephemeral = true")
    assert load({}, {}, file).ephemeral
    assert not load(flags("--no-ephemeral"), {}, file).ephemeral


def test_the_environment_can_name_the_file_and_an_option_another(tmp_path: Path) -> None:
    file = toml(tmp_path, "port = 1")
    assert load({}, {CONFIG_VARIABLE: str(file)}).port == 1
    (tmp_path / "other").mkdir()
    other = toml(tmp_path / "other", "port = 2")
    assert load({}, {CONFIG_VARIABLE: str(file)}, other).port == 2


def test_an_empty_variable_counts_as_absent() -> None:
    empty = {variable(name): "" for name in FIELDS} | {CONFIG_VARIABLE: ""}
    assert load({}, empty) == Settings()


@pytest.mark.parametrize("text", ["1", "true", "TRUE", "yes", "on"])
def test_a_switch_in_the_environment_is_switched_on_by_a_word(text: str) -> None:
    assert load({}, {"OIDC_SIM_EPHEMERAL": text}).ephemeral


@pytest.mark.parametrize("text", ["0", "false", "no", "off"])
def test_a_switch_in_the_environment_is_switched_off_by_a_word(text: str) -> None:
    assert not load({}, {"OIDC_SIM_EPHEMERAL": text}).ephemeral


@pytest.mark.parametrize("text", ["a.example,*.b.example", " a.example , *.b.example ,"])
def test_a_list_in_the_environment_has_commas(text: str) -> None:
    settings = load({}, {"OIDC_SIM_ALLOW_HOST": text})
    assert settings.allow_host == ("a.example", "*.b.example")


def test_a_home_directory_is_understood_where_no_shell_does_it(tmp_path: Path) -> None:
    file = toml(tmp_path, 'state_dir = "~/x"')
    assert load({}, {}, file).state_dir == Path.home() / "x"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"port": "x"}, "--port: 'x' should be a valid integer"),
        ({"port": "65536"}, "--port: '65536' should be less than or equal to 65535"),
        ({"port": "-1"}, "--port: '-1' should be greater than or equal to 0"),
        ({"lifetime": "0"}, "--lifetime: '0' should be greater"),
        ({"token_lifetime": "9" * 5000}, "--token-lifetime: '9999"),
        ({"region": "x us-east-1 y"}, "--region: 'x us-east-1 y' is not the name of an AWS region"),
        ({"region": "us-east-1\n"}, "--region: 'us-east-1\\n' is not the name"),
        ({"state_dir": "~nobody-of-that-name/x"}, "--state-dir: '~nobody-of-that-name/x' names a"),
    ],
)
def test_a_wrong_option_is_named(typed: dict[str, str], why: str) -> None:
    assert complaint(typed, {}).startswith(why)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("PORT", "x", "OIDC_SIM_PORT: 'x' should be a valid integer"),
        ("PROFILE", "aws ", "OIDC_SIM_PROFILE: 'aws ' should be 'aws' or 'rfc'"),
        ("I_KNOW", "maybe", "OIDC_SIM_I_KNOW: 'maybe' should be a valid boolean"),
        ("SEED", "\x1b]0;x\x07", r"OIDC_SIM_SEED: '\x1b]0;x\x07' should be"),
        ("SEED", "\udcff", r"OIDC_SIM_SEED: '\udcff' should be"),
    ],
)
def test_a_wrong_variable_is_named(name: str, text: str, why: str) -> None:
    assert complaint({}, {f"OIDC_SIM_{name}": text}).startswith(why)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("port = 'x'", "port: 'x' should be a valid integer"),
        ("port = 1979-05-27", "port: datetime.date(1979, 5, 27) should be"),
        ("seed = 1.5", "seed: 1.5 should be a valid integer"),
        ("seed = inf", "seed: inf should be a finite number"),
        ("allow_host = [1]", "allow_host: 1 should be a valid string"),
        ("allow_host = {}", "allow_host: {} should be"),
        ("host = 1", "host: 1 should be a valid string"),
        ('ready_file = "\\u0000"', "ready_file: '\\x00' has a NUL in it"),
        ("prot = 1", "prot: no such setting"),
        ("error-type = 'bare'", "error-type: no such setting"),
        ("[account]\nx = 1", "account: no such setting"),
        ('"\\u001b[31m" = 1', "'\\x1b[31m': no such setting"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(text: str, why: str, tmp_path: Path) -> None:
    file = toml(tmp_path, text)
    assert complaint({}, {}, file).startswith(f"{file}: {why}")


@pytest.mark.parametrize(
    "text",
    [
        "port",
        "port =",
        "port = 1\nport = 2",
        b"\xff",
        b"\xef\xbb\xbfport = 1",
        "\0",
        pytest.param("port = " + "1" * 5000, id="a number of 5000 digits"),
        pytest.param("x = " + "[" * 5000, id="5000 brackets"),
    ],
)
def test_a_file_that_is_no_toml_is_named(text: str | bytes, tmp_path: Path) -> None:
    file = toml(tmp_path, text)
    assert complaint({}, {}, file).startswith(f"{file} is not TOML: ")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert (
        complaint({}, {}, tmp_path / "no")
        == f"cannot read {tmp_path}/no: No such file or directory"
    )
    assert complaint({}, {}, tmp_path) == f"cannot read {tmp_path}: Is a directory"


def test_the_profile_decides_pace_and_interval_unless_one_is_given() -> None:
    aws, rfc = Settings().policy(), Settings(profile=Profile.RFC).policy()
    assert (aws.interval_s, aws.throttles) == (1, False)
    assert (rfc.interval_s, rfc.throttles) == (5, True)
    assert Settings(profile=Profile.RFC, interval=0).policy().interval_s == 0


def test_the_engine_gets_every_rule_that_was_set() -> None:
    policy = Settings(
        lifetime=1,
        token_lifetime=2,
        session_lifetime=3,
        refresh_rotation=RefreshRotation.ROTATE,
        expired_as=ExpiredAs.INVALID_GRANT,
    ).policy()
    assert (policy.lifetime_s, policy.token_lifetime_s, policy.session_lifetime_s) == (1, 2, 3)
    assert policy.expired_as is ExpiredAs.INVALID_GRANT
    assert policy.refresh_rotation is RefreshRotation.ROTATE


def test_what_is_printed_is_text_unless_asked_otherwise() -> None:
    assert Settings().output is Output.TEXT


@pytest.mark.parametrize("endless", ["/dev/zero", "/dev/full"])
def test_a_file_that_never_ends_is_no_configuration(endless: str) -> None:
    assert complaint({}, {}, Path(endless)) == (
        f"{endless} is too large for settings: more than 1,000,000 bytes"
    )


def test_a_pipe_is_a_configuration_as_a_shell_makes_it() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"port = 1234\r\n")
    os.close(writer)
    assert load({}, {}, Path(f"/dev/fd/{reader}")).port == 1234
    os.close(reader)
