"""What AWS clients are told: every way to sign in, and nothing that leads to AWS (wire.md#73, wire.md#74, wire.md#75, wire.md#76)."""

import configparser
import os
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.session import Session

from oidc_sim.cli.exec import START_URL, Sso, aws_home, config, home_environment

SSO = Sso(
    url="http://127.0.0.1:8990",
    region="eu-west-1",
    account_id="111122223333",
    role_name="ReadOnlyAccess",
)
LETS_THROUGH = replace(SSO, lets_through=True)


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
        "endpoint_url": SSO.url,
        "disable_host_prefix_injection": "true",
    }
    place = {"sso_start_url": START_URL, "sso_region": "eu-west-1"}
    found = sections(config(SSO))
    assert found.pop("services sim") == dict.fromkeys(
        ("sso_oidc", "sso", "sts", "signin"), "\nendpoint_url = http://127.0.0.1:8990"
    )
    assert found == {
        "default": {"sso_session": "sim", **common},
        "profile sim": {"sso_session": "sim", **common},
        "profile legacy": {**place, **common},
        "sso-session sim": {**place, "sso_registration_scopes": "sso:account:access"},
    }


def test_a_user_without_roles_can_still_sign_in() -> None:
    sso = Sso(url="http://x", region="r", account_id=None, role_name=None, lets_through=True)
    found = sections(config(sso))
    assert found["default"] == {"sso_session": "sim", "region": "r", "services": "sim"}
    assert found["services sim"] == dict.fromkeys(
        ("sso_oidc", "sso", "sts"), "\nendpoint_url = http://x"
    )


@pytest.mark.parametrize("profile", ["default", "sim", "legacy"])
@pytest.mark.parametrize(
    "service",
    ["sso-oidc", "sso", "sts", "signin", "s3", "dynamodb", "ec2", "iam", "servicediscovery"],
)
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


def environment(sso: Sso = SSO, /, **ours: str) -> dict[str, str]:
    return home_environment(ours, Path("/home/sim"), sso)


COMMON = {
    "PATH": "/bin",
    "HOME": "/home/sim",
    "AWS_CONFIG_FILE": "/home/sim/.aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/home/sim/.aws/credentials",
    "AWS_LOGIN_CACHE_DIRECTORY": "/home/sim/.aws/login/cache",
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


def test_the_environment_points_at_home_and_server() -> None:
    assert environment(LETS_THROUGH, PATH="/bin") == COMMON
    assert environment(PATH="/bin") == COMMON | {
        "AWS_ENDPOINT_URL": SSO.url,
        "AWS_ENDPOINT_URL_SIGNIN": SSO.url,
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }


@pytest.mark.parametrize(
    "name",
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_ACCESS_KEY",
        "AWS_SECRET_KEY",
        "AMAZON_ACCESS_KEY_ID",
        "AMAZON_SECRET_ACCESS_KEY",
        "AMAZON_SESSION_TOKEN",
        "AWS_CREDENTIAL_FILE",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_USE_FIPS_ENDPOINT",
        "AWS_USE_DUALSTACK_ENDPOINT",
        "AWS_VAULT",
    ],
)
def test_the_persons_own_credentials_are_never_handed_on(name: str) -> None:
    assert name not in environment(**{name: "x"})
    assert name not in environment(LETS_THROUGH, **{name: "x"})


@pytest.mark.parametrize(
    "name",
    [
        "AWS_ENDPOINT_URL_S3",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "AWS_S3_ENDPOINT",
        "AWS_DYNAMODB_ENDPOINT_URL",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "AWS_ACCOUNT_ID_ENDPOINT_MODE",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_CSM_ENABLED",
        "AWS_CSM_HOST",
    ],
)
def test_what_leads_elsewhere_is_handed_on_only_where_the_rest_of_aws_is_let_through(
    name: str,
) -> None:
    assert name not in environment(**{name: "x"})
    assert environment(LETS_THROUGH, **{name: "x"})[name] == "x"


@pytest.mark.parametrize(
    "name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SIGNIN", "AWS_LOGIN_CACHE_DIRECTORY"]
)
def test_what_the_person_set_for_all_services_or_the_sign_in_gives_way(name: str) -> None:
    assert environment(**{name: "x"}) == environment()


@pytest.mark.parametrize("sso", [SSO, LETS_THROUGH], ids=["isolated", "let through"])
@pytest.mark.parametrize(
    "name", ["PATH", "AWS_PAGER", "AWS_MAX_ATTEMPTS", "AWS_CA_BUNDLE", "AWS_ACCOUNT_ID"]
)
def test_everything_else_is_handed_on(name: str, sso: Sso) -> None:
    assert environment(sso, **{name: "x"})[name] == "x"


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_hosts_that_no_proxy_was_asked_for_stay_so(name: str) -> None:
    theirs = environment(**{name: "internal, localhost"})
    assert theirs["NO_PROXY"] == theirs["no_proxy"] == "internal,localhost,127.0.0.1,::1"


def test_a_server_elsewhere_is_not_asked_for_by_a_proxy() -> None:
    sso = Sso(url="http://10.0.0.7:8990", region="r", account_id=None, role_name=None)
    assert home_environment({}, Path("/h"), sso)["NO_PROXY"].endswith(",10.0.0.7")
