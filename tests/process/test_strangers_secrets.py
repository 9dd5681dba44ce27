"""Fifty secrets that look real, in sixteen places of requests: none is shown or written anywhere (T-27, T-40)."""

import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.process.serving import Home, Server
from tests.text.redact.real_looking import SHAPED, fifty
from tests.waiting import PATIENCE_S

JSON = {"Content-Type": "application/json"}
REGISTER = {"clientName": "tool", "clientType": "public"}
PIECE = 12
STRIDE = 6
Request = tuple[str, bytes, Mapping[str, str]]
Place = Callable[[str, str], Request]
"""What to send, given a secret's name and the secret."""


def is_known_by_look(name: str) -> bool:
    return name.rpartition(" ")[0] in SHAPED


def said(name: str, secret: str) -> str:
    """A secret in a text: by itself where it is known by its look, else with its name."""
    return f"my {secret} here" if is_known_by_look(name) else f"my {name}={secret} here"


def register(**members: object) -> Request:
    return "/client/register", json.dumps({**REGISTER, **members}).encode(), JSON


def form(name: str, secret: str) -> Request:
    return "/token", urlencode({"grant_type": "x", plain(name): secret}).encode(), {}


def plain(name: str) -> str:
    """A name that says so itself, for places where the name is what counts."""
    return "aws_secret_access_key" if is_known_by_look(name) else name


def multipart(name: str, secret: str) -> Request:
    part = (
        f'--b\r\nContent-Disposition: form-data; name="{plain(name)}"\r\n\r\n{secret}\r\n--b--\r\n'
    )
    return "/token", part.encode(), {"Content-Type": "multipart/form-data; boundary=b"}


def presigned(name: str, secret: str) -> Request:
    query = {"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Security-Token": secret}
    return f"/?Action=GetCallerIdentity&{urlencode(query)}", b"", {}


PLACES: Mapping[str, Place] = {
    "name": lambda name, it: register(clientName=said(name, it)),
    "scope": lambda name, it: register(scopes=["sso:account:access", said(name, it)]),
    "unknown member": lambda name, it: register(extra={plain(name): it}),
    "nested": lambda name, it: register(refreshToken={"a": {"b": 1}, "c": [it]}),
    "name and value": lambda name, it: register(extra=[{"name": plain(name), "value": it}]),
    "JSON in a text": lambda name, it: register(extra=json.dumps({plain(name): it})),
    "start URL": lambda name, it: (
        "/device_authorization",
        json.dumps({"clientId": "x", "startUrl": f"https://u:{it}@x/?{plain(name)}={it}"}).encode(),
        JSON,
    ),
    "path": lambda name, it: (f"/token/{quote(said(name, it), safe='=')}/x", b"{}", JSON),
    "query": lambda name, it: (f"/token?{urlencode({plain(name): it})}", b"{}", JSON),
    "presigned query": presigned,
    "user agent": lambda name, it: ("/token", b"{}", {"User-Agent": said(name, it), **JSON}),
    "header": lambda _, it: ("/token", b"{}", {"X-Session-Token": it, "X-Note": f"Bearer {it}"}),
    "form": form,
    "multipart": multipart,
    "XML": lambda _, it: ("/token", f"<a><refreshToken>{it}</refreshToken></a>".encode(), {}),
    "broken JSON": lambda name, it: ("/token", f'{{"{plain(name)}":"{it}'.encode(), JSON),
    "UTF-16": lambda name, it: ("/token", json.dumps({plain(name): it}).encode("utf-16"), JSON),
}


def leaks(secrets: Mapping[str, str], written: Mapping[str, bytes]) -> list[str]:
    """Where as much of a secret as a cut one never shows stands, plain or escaped.

    Every piece of a secret is looked for at every sixth place: what is eighteen characters long is found.
    """
    kinds = {
        secret[at : at + PIECE].encode(): kind
        for kind, secret in secrets.items()
        for at in range(len(secret) - PIECE + 1)
    }
    return sorted(
        f"{kinds[data[at : at + PIECE]]} is in {name}: {data[max(0, at - 60) : at + 60]!r}"
        for name, text in written.items()
        for data in {text, unquoted(text)}
        for at in range(0, len(data), STRIDE)
        if data[at : at + PIECE] in kinds
    )


def unquoted(data: bytes) -> bytes:
    """Without the escapes of addresses and of JSON."""
    plain = data.replace(b"\\", b"")
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda it: bytes.fromhex(it[1].decode()), plain)


def send_all(server: Server, secrets: Mapping[str, str]) -> None:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)) as connection:
        for place in PLACES.values():
            for name, secret in secrets.items():
                path, body, headers = place(name, secret)
                connection.request("POST", path, body, dict(headers))
                connection.getresponse().read()


def events(server: Server) -> bytes:
    """The stream as far as it goes, up to what happens now."""
    path = "/_sim/events"
    token = {"Authorization": f"Bearer {server.running.control_token}"}
    last = server.ask("/_sim/state")["counters"]["seq"]
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)) as connection:
        connection.request("GET", path, headers=token)
        response, read = connection.getresponse(), b""
        while b"\nid: %d\n" % last not in read:
            read += response.read1()
    return read


def files_below(path: Path) -> dict[str, bytes]:
    return {str(it.relative_to(path)): it.read_bytes() for it in path.rglob("*") if it.is_file()}


@pytest.mark.timeout(300)  # some seconds of work, but machines are shared
def test_none_of_fifty_secrets_in_any_place_is_shown_or_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.path)  # evidence is written where one stands
    secrets = fifty()
    assert len(secrets) >= 50
    assert len(PLACES) >= 16
    reader, writer = os.pipe()
    text = home.serve("--output", "text", "--state-dir", str(home.path / "kept"), stdin=reader)
    lines = home.serve("--output", "json", "--ephemeral")
    for server in (text, lines):
        send_all(server, secrets)
        server.wait_for_err("looks like a real secret of AWS came in the")
    for name, secret in secrets.items():
        word = secret if is_known_by_look(name) else f"{name}={secret}"
        os.write(writer, f"drop {word}\nrelease '{said(name, secret)}'\n".encode())
    os.write(writer, b"hold client:nobody times=always\nrules\nstate\nevidence\n")
    text.wait_for_err("wrote oidc-sim-evidence-")
    os.close(reader)
    os.close(writer)
    written = {"events": events(text), "state": json.dumps(text.ask("/_sim/state")).encode()}
    for number, words in enumerate((("state",), ("evidence",), ("drop", secrets["jwt 0"]))):
        done = home.run("ctl", "--port", str(text.port), *words)
        written[f"ctl {words[0]} {number}"] = (done.out + done.err).encode()
    for server in (text, lines):
        server.end()
    written |= files_below(home.path)
    assert {"err-0", "out-0", "kept/journal.jsonl"} <= set(written)
    assert sum(name.endswith("evidence.har") for name in written) == 2
    assert b"looks like a real secret" in written["err-0"]
    assert written["err-0"].count(b"looks like a real secret") == 1
    assert leaks(secrets, written)[:5] == []


def test_the_search_finds_a_leak() -> None:
    for kind, secret in fifty().items():
        for form in (secret, quote(secret, safe=""), secret.replace("/", "\\/")):
            assert leaks({kind: secret}, {"file": b"x" * 7 + form.encode()}), kind
