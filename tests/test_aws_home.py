"""The AWS home of a command: complete, private, gone afterwards, and the person's own untouched."""

import configparser
import os
import stat
import tempfile
from pathlib import Path

import pytest
from botocore.session import Session

from oidc_sim.aws_home import START_URL, Sso, aws_home, config, home_environment

SSO = Sso(
    url="http://127.0.0.1:8990",
    region="eu-west-1",
    account_id="111122223333",
    role_name="ReadOnlyAccess",
)


@pytest.fixture(autouse=True)
def _temporary_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Homes that stay go with the test's own directory."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def real_home(tmp_path: Path) -> Path:
    home = tmp_path / "real"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text("precious")
    (home / ".npmrc").write_text("registry")
    (home / ".pyenv").mkdir()
    (home / "dangling").symlink_to("nowhere")
    return home


def test_the_home_is_private_whatever_the_umask(real_home: Path) -> None:
    before = os.umask(0)
    try:
        with aws_home(SSO, str(real_home)) as home:
            modes = {it: stat.S_IMODE(it.stat().st_mode) for it in (home, *home.glob(".aws/*"))}
    finally:
        os.umask(before)
    assert modes == {
        home: 0o700,
        home / ".aws/config": 0o600,
        home / ".aws/credentials": 0o600,
    }


def test_the_home_goes_and_what_is_linked_stays(real_home: Path) -> None:
    with aws_home(SSO, str(real_home)) as home:
        (home / ".aws/sso").mkdir()
        (home / ".pyenv/new").write_text("kept")
        (home / "left").write_text("gone")
    assert not home.exists()
    assert (real_home / ".pyenv/new").read_text() == "kept"
    assert (real_home / ".aws/config").read_text() == "precious"
    assert list((real_home / ".aws").iterdir()) == [real_home / ".aws/config"]
    assert not (real_home / "left").exists()


def test_the_home_goes_when_the_work_fails(real_home: Path) -> None:
    with pytest.raises(KeyError), aws_home(SSO, str(real_home)) as home:
        raise KeyError
    assert not home.exists()


def test_the_home_stays_when_it_is_wanted(real_home: Path) -> None:
    with aws_home(SSO, str(real_home), keeps=True) as home:
        pass
    assert (home / ".aws/config").read_text() == config(SSO)


def test_all_but_aws_is_there_as_links(real_home: Path) -> None:
    with aws_home(SSO, str(real_home)) as home:
        assert (home / ".npmrc").read_text() == "registry"
        assert sorted(it.name for it in home.iterdir() if it.is_symlink()) == [
            ".npmrc",
            ".pyenv",
            "dangling",
        ]
        assert not (home / ".aws").is_symlink()
        assert (home / ".aws/config").read_text() == config(SSO)


@pytest.mark.parametrize("real", [None, "", "/nonexistent", "/dev/null"])
def test_without_a_home_of_the_persons_there_is_one_all_the_same(real: str | None) -> None:
    with aws_home(SSO, real) as home:
        assert [it.name for it in home.iterdir()] == [".aws"]


def sections(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser.sections()} | {
        "default": dict(parser["default"])
    }


def test_the_configuration_has_every_way_to_sign_in() -> None:
    common = {
        "sso_account_id": "111122223333",
        "sso_role_name": "ReadOnlyAccess",
        "region": "eu-west-1",
        "services": "sim",
    }
    place = {"sso_start_url": START_URL, "sso_region": "eu-west-1"}
    found = sections(config(SSO))
    assert found.pop("services sim") == dict.fromkeys(
        ("sso_oidc", "sso", "sts"), "\nendpoint_url = http://127.0.0.1:8990"
    )
    assert found == {
        "default": {"sso_session": "sim", **common},
        "profile sim": {"sso_session": "sim", **common},
        "profile legacy": {**place, **common},
        "sso-session sim": {**place, "sso_registration_scopes": "sso:account:access"},
    }


def test_a_user_without_roles_can_still_sign_in() -> None:
    found = sections(config(Sso(url="http://x", region="r", account_id=None, role_name=None)))
    assert found["default"] == {"sso_session": "sim", "region": "r", "services": "sim"}


@pytest.mark.parametrize("profile", ["default", "sim", "legacy"])
@pytest.mark.parametrize("service", ["sso-oidc", "sso", "sts"])
def test_botocore_finds_each_service_by_the_configuration_alone(
    monkeypatch: pytest.MonkeyPatch, profile: str, service: str
) -> None:
    with aws_home(SSO, None) as home:
        for name in list(os.environ):
            if name.startswith("AWS_"):
                monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(home / ".aws/config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / ".aws/credentials"))
        session = Session(profile=profile)
        session.set_credentials("x", "y")
        client = session.create_client(service)
        assert client.meta.endpoint_url == SSO.url
        assert client.meta.region_name == "eu-west-1"


def environment(**ours: str) -> dict[str, str]:
    return home_environment(ours, Path("/home/sim"), SSO)


def test_the_environment_points_at_home_and_server() -> None:
    assert environment(PATH="/bin") == {
        "PATH": "/bin",
        "HOME": "/home/sim",
        "AWS_CONFIG_FILE": "/home/sim/.aws/config",
        "AWS_SHARED_CREDENTIALS_FILE": "/home/sim/.aws/credentials",
        "AWS_ENDPOINT_URL_SSO_OIDC": SSO.url,
        "AWS_ENDPOINT_URL_SSO": SSO.url,
        "AWS_ENDPOINT_URL_STS": SSO.url,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_SDK_LOAD_CONFIG": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost,::1",
        "no_proxy": "127.0.0.1,localhost,::1",
    }


@pytest.mark.parametrize(
    "name",
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_USE_FIPS_ENDPOINT",
        "AWS_USE_DUALSTACK_ENDPOINT",
    ],
)
def test_what_would_lead_to_aws_is_not_handed_on(name: str) -> None:
    assert name not in environment(**{name: "x"})


@pytest.mark.parametrize("name", ["PATH", "AWS_PAGER", "AWS_ENDPOINT_URL", "AWS_MAX_ATTEMPTS"])
def test_everything_else_is_handed_on(name: str) -> None:
    assert environment(**{name: "x"})[name] == "x"


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_hosts_that_no_proxy_was_asked_for_stay_so(name: str) -> None:
    theirs = environment(**{name: "internal, localhost"})
    assert theirs["NO_PROXY"] == theirs["no_proxy"] == "internal,localhost,127.0.0.1,::1"


def test_a_server_elsewhere_is_not_asked_for_by_a_proxy() -> None:
    sso = Sso(url="http://10.0.0.7:8990", region="r", account_id=None, role_name=None)
    assert home_environment({}, Path("/h"), sso)["NO_PROXY"].endswith(",10.0.0.7")
