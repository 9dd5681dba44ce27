"""No secret that was ever issued is in any file that the program wrote, in any form (T-40)."""

import json
import signal
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from tests.process.serving import Home, Server
from tests.process.sso_client import START_URL, Client, call
from tests.record.busy_world import CHALLENGE, FULL, run
from tests.record.journals import kept, lines
from tests.waiting import PATIENCE_S

SECRETS = 50
START = 24
"""Characters of a secret that are looked for: a cut one is a leak, too."""


def forms(secret: str) -> Iterator[bytes]:
    """How the beginning, and the end, of a secret may be written down."""
    for part in (secret[:START], secret[-START:]):
        data = part.encode()
        yield data
        yield json.dumps(part)[1:-1].encode()
        yield json.dumps(part)[1:-1].replace("/", "\\/").encode()
        yield quote(part, safe="").encode()
        yield data.hex().encode()
        yield data.hex().upper().encode()
        for shift in range(3):  # where the secret begins in what was encoded
            for encode in (b64encode, urlsafe_b64encode):
                yield encode(b"\0" * shift + data)[4:-4]


def leaks(secrets: list[str], written: dict[str, bytes]) -> list[str]:
    return [
        f"{secret[:8]}… is in {name} as {form!r}"
        for secret in secrets
        for form in forms(secret)
        for name, data in written.items()
        if form in data
    ]


def files_below(path: Path) -> dict[str, bytes]:
    return {str(it.relative_to(path)): it.read_bytes() for it in path.rglob("*") if it.is_file()}


@pytest.mark.parametrize("form", range(len(list(forms("x" * 30)))))
def test_the_search_finds_each_form(form: int) -> None:
    secret = "aoaAAAAAGkSIMULATED+/_-%é.b:" * 3
    leak = list(forms(secret))[form]
    assert leaks([secret], {"file": b"..." + leak + b"..."})


def code_by_browser(server: Server) -> str:
    """The authorization code that a browser is sent back with."""
    body = {
        "clientName": "browser",
        "clientType": "public",
        "scopes": ["sso:account:access"],
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"],
        "issuerUrl": START_URL,
    }
    asked = {
        "response_type": "code",
        "client_id": call(server, "/client/register", body)["clientId"],
        "redirect_uri": "http://127.0.0.1:5123/oauth/callback",
        "state": "state",
        "code_challenge_method": "S256",
        "scopes": "sso:account:access",
        "code_challenge": CHALLENGE,
    }
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)) as connection:
        connection.request("GET", f"/authorize?{urlencode(asked)}")
        location = connection.getresponse().headers["Location"]
    return parse_qs(urlsplit(location).query)["code"][0]


def test_no_issued_secret_is_in_any_file(home: Home) -> None:
    clients = [Client() for _ in range(8)]
    server = home.serve("--output", "json", "--auto-approve")
    codes = [code_by_browser(server)]
    for client in clients:
        client.register(server)
        client.sign_in(server)
        client.refresh(server)
        client.role_credentials(server)
    state, token = server.ask("/_sim/state"), server.running.control_token
    server.end(signal.SIGKILL)
    server.ready_file.unlink()
    left = Path(home.environment["XDG_RUNTIME_DIR"]) / "oidc-sim" / f"{server.port}.json"
    left.unlink()  # it holds the control token on purpose
    server = home.serve("--auto-approve")  # compaction has written everything anew
    clients[0].refresh(server)
    codes.append(code_by_browser(server))
    server.end()
    secrets = [token, *codes, *(secret for client in clients for secret in client.secrets)]
    assert len(secrets) > SECRETS
    written = {**files_below(home.path), "the state that ctl shows": json.dumps(state).encode()}
    assert {
        "home/.local/state/oidc-sim/journal.jsonl",
        "home/.local/state/oidc-sim/signing.key",
        "out-0",
    } <= set(written)
    assert leaks(secrets, written) == []


def test_not_even_the_engine_lets_one_into_a_row() -> None:
    """Authorization codes and an application's tokens too."""
    world = run(FULL * 6)
    ids = world.ids
    assert len(ids.secrets) >= SECRETS
    assert leaks(ids.secrets, {"journal": b"".join(lines(kept(world.events)))}) == []
