"""boto3, as programs use it, against ``oidc-sim serve``, with ``oidc-sim ctl`` as the operator (wire.md#72)."""

import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from oidc_sim.engine.model import DEVICE_CODE_GRANT
from tests.process.serving import Home, Server

START_URL = "https://d-1234567890.awsapps.com/start"
ONCE = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})


@pytest.fixture(autouse=True)
def _nobodys_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine knows of AWS is out of sight."""
    for name in os.environ:
        if name.upper().startswith(("AWS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def new_client(server: Server) -> Any:
    return boto3.session.Session().client(
        "sso-oidc", region_name="us-east-1", endpoint_url=server.running.url, config=ONCE
    )


@pytest.fixture
def client(server: Server) -> Iterator[Any]:
    client = new_client(server)
    yield client
    client.close()


class Login:
    """A device login under way."""

    def __init__(self, client: Any, home: Home, **registration: Any) -> None:
        self._client = client
        self._home = home
        registered = client.register_client(clientName="n", clientType="public", **registration)
        self.credentials = {name: registered[name] for name in ("clientId", "clientSecret")}
        self.authorization = client.start_device_authorization(
            **self.credentials, startUrl=START_URL
        )

    def poll(self, **changes: str) -> Any:
        arguments = {
            **self.credentials,
            "grantType": DEVICE_CODE_GRANT,
            "deviceCode": self.authorization["deviceCode"],
            **changes,
        }
        return self._client.create_token(**arguments)

    def refusal(self, **changes: str) -> str:
        """Poll, which must be refused; gives the exception's name, after a look at its members."""
        with pytest.raises(self._client.exceptions.ClientError) as raised:
            self.poll(**changes)
        return name_of(raised.value)

    def ctl(self, action: str) -> None:
        done = self._home.run("ctl", action, self.authorization["userCode"])
        assert (done.code, done.err) == (0, "")


def name_of(error: Any) -> str:
    """The name of a modelled exception, which must have come with all of its members."""
    response = error.response
    name = type(error).__name__
    assert name == response["Error"]["Code"]
    assert response["error"]
    assert response["error_description"]
    assert response["Error"]["Message"] == response["error_description"]
    assert response["ResponseMetadata"]["HTTPStatusCode"] in {400, 401}
    assert response["ResponseMetadata"]["RequestId"]
    assert response["ResponseMetadata"]["RetryAttempts"] == 0
    return name


def test_a_login_from_registration_to_token(client: Any, home: Home) -> None:
    login = Login(client, home, scopes=["sso:account:access"])
    assert login.authorization["expiresIn"] == 600
    assert login.authorization["interval"] == 1
    assert login.refusal() == "AuthorizationPendingException"
    login.ctl("approve")
    tokens = login.poll()
    assert (tokens["tokenType"], tokens["expiresIn"]) == ("Bearer", 3600)
    assert tokens["accessToken"]
    assert tokens["refreshToken"]
    assert login.refusal() == "InvalidGrantException"


def test_without_scopes_there_is_no_refresh_token(client: Any, home: Home) -> None:
    login = Login(client, home)
    login.ctl("approve")
    tokens = login.poll()
    assert tokens["expiresIn"] == 28800
    assert tokens.get("refreshToken") is None


@pytest.mark.parametrize(
    ("action", "exception"),
    [
        ("deny", "AccessDeniedException"),
        ("expire", "ExpiredTokenException"),
        ("slow-down", "SlowDownException"),
    ],
)
def test_an_operator_refuses_and_takes_it_back(
    client: Any, home: Home, action: str, exception: str
) -> None:
    login = Login(client, home)
    login.ctl(action)
    login.ctl("undo")
    assert login.refusal() == "AuthorizationPendingException"
    login.ctl(action)
    assert login.refusal() == exception
    login.ctl("undo")
    login.ctl("approve")
    assert login.poll()["accessToken"]


def test_one_press_slows_one_poll_down(client: Any, home: Home) -> None:
    login = Login(client, home)
    login.ctl("slow-down")
    told = [login.refusal() for _ in range(2)]
    assert told == ["SlowDownException", "AuthorizationPendingException"]


@pytest.mark.parametrize(
    ("changes", "exception"),
    [
        ({"deviceCode": "no", "clientId": "no", "clientSecret": "no"}, "InvalidGrantException"),
        ({"clientId": "no"}, "InvalidClientException"),
        ({"clientSecret": "no"}, "InvalidClientException"),
        ({"grantType": "password"}, "UnsupportedGrantTypeException"),
        ({"grantType": "refresh_token"}, "InvalidRequestException"),
        ({"grantType": "refresh_token", "refreshToken": "no"}, "InvalidGrantException"),
        ({"grantType": "authorization_code", "code": "no"}, "InvalidGrantException"),
    ],
)
def test_a_wrong_poll_raises_the_exception_of_its_class(
    client: Any, home: Home, changes: dict[str, str], exception: str
) -> None:
    assert Login(client, home).refusal(**changes) == exception


@pytest.mark.parametrize(
    ("members", "exception"),
    [
        ({"clientType": "confidential"}, "InvalidClientMetadataException"),
        ({"grantTypes": ["password"]}, "UnsupportedGrantTypeException"),
        ({"redirectUris": ["http://evil.example/"]}, "InvalidRedirectUriException"),
        ({"scopes": [f"s{number}" for number in range(26)]}, "InvalidScopeException"),
        (
            {
                "grantTypes": ["authorization_code"],
                "redirectUris": ["http://127.0.0.1/oauth/callback"],
            },
            "InvalidScopeException",
        ),
    ],
)
def test_a_wrong_registration_raises_the_exception_of_its_class(
    client: Any, members: dict[str, Any], exception: str
) -> None:
    with pytest.raises(client.exceptions.ClientError) as raised:
        client.register_client(**{"clientName": "n", "clientType": "public", **members})
    assert name_of(raised.value) == exception


def test_a_client_of_another_grant_may_not_authorize_devices(client: Any, home: Home) -> None:
    with pytest.raises(client.exceptions.UnauthorizedClientException) as raised:
        Login(
            client,
            home,
            grantTypes=["authorization_code"],
            redirectUris=["http://127.0.0.1/oauth/callback"],
            scopes=["sso:account:access"],
        )
    assert name_of(raised.value) == "UnauthorizedClientException"


def test_a_start_url_that_is_none_is_refused_without_words(client: Any) -> None:
    registered = client.register_client(clientName="n", clientType="public")
    credentials = {name: registered[name] for name in ("clientId", "clientSecret")}
    with pytest.raises(client.exceptions.InvalidRequestException) as raised:
        client.start_device_authorization(**credentials, startUrl="nonsense")
    assert raised.value.response["error"] == "invalid_request"
    assert not raised.value.response["error_description"]


def test_the_bare_error_type_is_understood_too(home: Home) -> None:
    client = new_client(home.serve("--error-type", "bare"))
    assert Login(client, home).refusal() == "AuthorizationPendingException"
    client.close()


def test_with_the_exports_of_env_no_endpoint_is_named(
    home: Home, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server.is_healthy()
    for line in home.run("env").out.splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        monkeypatch.setenv(name, value)
    client = boto3.session.Session().client("sso-oidc", region_name="us-east-1", config=ONCE)
    assert client.register_client(clientName="n", clientType="public")["clientId"]
    client.close()
