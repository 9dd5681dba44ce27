"""Kills a server again and again while clients are at work, and counts what it forgot.

``python -m tests.process.kills 50`` prints the numbers; ``test_kills.py`` does it a few times.
"""

import json
import random
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.process.serving import Home, Server, open_home
from tests.process.sso_client import DEVICE_GRANT, START_URL
from tests.waiting import PATIENCE_S

THREADS = 4
ANSWERS = (20, 200)
"""A server is killed when it has given so many, of all threads."""
BEARER = "x-amz-sso_bearer_token"
Members = Mapping[str, Any]
NO_HEADERS: Mapping[str, str] = {}


@dataclass
class Link:
    """One connection to the server, which may be killed by the answer that came by it."""

    server: Server
    note_answer: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._connection = HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_S)

    def close(self) -> None:
        self._connection.close()

    def ask(
        self, path: str, body: Members | None = None, headers: Mapping[str, str] = NO_HEADERS
    ) -> tuple[int, Any]:
        """GET, or POST JSON; status and JSON of the answer."""
        data = None if body is None else json.dumps(body)
        sent = {"Content-Type": "application/json", **headers}
        self._connection.request("GET" if body is None else "POST", path, data, sent)
        response = self._connection.getresponse()
        text = response.read()
        self.note_answer()
        return response.status, json.loads(text) if text else None

    def authorize(self, client: Members) -> tuple[int, Any]:
        return self.ask("/device_authorization", {**client, "startUrl": START_URL})

    def poll(self, client: Members, code: str) -> tuple[int, Any]:
        return self.ask("/token", {**client, "grantType": DEVICE_GRANT, "deviceCode": code})

    def refresh(self, client: Members, token: str) -> tuple[int, Any]:
        return self.ask("/token", {**client, "grantType": "refresh_token", "refreshToken": token})

    def decide(self, device: Members, decision: str) -> None:
        headers = {"Authorization": f"Bearer {self.server.running.control_token}"}
        status, _ = self.ask(f"/_sim/devices/{device['userCode']}/{decision}", {}, headers)
        assert status == HTTPStatus.OK


Held = tuple[Members, str]
"""A client's id and secret, and what else it was given."""
Ledger = defaultdict[str, list[Held]]
"""What clients were answered, by kind: it must be true after the kill."""


def work(link: Link, ledger: Ledger, chance: random.Random) -> None:
    """Be a client, until the server is gone. What was asked and not answered is in no list."""
    scopes = {"clientName": "pc", "clientType": "public", "scopes": ["sso:account:access"]}
    while True:
        _, registration = link.ask("/client/register", scopes)
        client = {name: registration[name] for name in ("clientId", "clientSecret")}
        ledger["registration"].append((client, ""))
        for _ in range(3):
            _, device = link.authorize(client)
            sign_in(link, ledger, client, device, chance)


def sign_in(
    link: Link, ledger: Ledger, client: Members, device: Members, chance: random.Random
) -> None:
    """Wait for a decision, be denied, or be let in; then refresh, sign out or stay."""
    code = device["deviceCode"]
    choice = chance.randrange(5)
    if choice == 0:
        ledger["device code"].append((client, code))
        return
    link.decide(device, "deny" if choice == 1 else "approve")
    if choice == 1:
        ledger["denial"].append((client, code))
        return
    _, tokens = link.poll(client, code)
    ledger["spent code"].append((client, code))
    ledger["token"].append((client, tokens["accessToken"]))
    if choice == 2:
        ledger["refresh token"].append((client, tokens["refreshToken"]))
    elif choice == 3:
        _, renewed = link.refresh(client, tokens["refreshToken"])
        ledger["rotated refresh token"].append((client, tokens["refreshToken"]))
        ledger["token"].append((client, renewed["accessToken"]))
        ledger["refresh token"].append((client, renewed["refreshToken"]))
    else:
        ledger["token"].pop()
        link.ask("/logout", {}, {BEARER: tokens["accessToken"]})
        ledger["sign-out"].append((client, tokens["accessToken"]))


def check(link: Link, ledger: Ledger) -> Iterator[tuple[str, bool]]:
    """Each thing that was answered, and whether it is still true."""
    for kind, is_true in CHECKS.items():
        for client, secret in ledger[kind]:
            yield kind, is_true(link, client, secret)


def is_signed_in(link: Link, _client: Members, token: str) -> bool:
    return link.ask("/assignment/accounts", headers={BEARER: token})[0] == HTTPStatus.OK


def is_noted(error: str, link: Link, client: Members, code: str) -> bool:
    """Whether a poll gets this error."""
    return bool(link.poll(client, code)[1].get("error") == error)


CHECKS: Mapping[str, Callable[[Link, Members, str], bool]] = {
    "token": is_signed_in,
    "sign-out": lambda *held: not is_signed_in(*held),
    "registration": lambda link, client, _: link.authorize(client)[0] == HTTPStatus.OK,
    "device code": partial(is_noted, "authorization_pending"),
    "denial": partial(is_noted, "access_denied"),
    "spent code": partial(is_noted, "invalid_grant"),
    "refresh token": lambda link, *held: link.refresh(*held)[0] == HTTPStatus.OK,
    "rotated refresh token": lambda link, *held: link.refresh(*held)[0] != HTTPStatus.OK,
}
"""What ends sessions comes last."""


def run_until_killed(server: Server, ledgers: list[Ledger], chance: random.Random) -> None:
    """Let clients work until one of their answers is the last."""
    last = chance.randint(*ANSWERS)
    answers = 0
    lock = threading.Lock()

    def note_answer() -> None:
        nonlocal answers
        with lock:
            answers += 1
            if answers == last:
                server.process.kill()

    def client(ledger: Ledger, seed: int) -> None:
        with closing(Link(server, note_answer)) as link, suppress(OSError, HTTPException):
            work(link, ledger, random.Random(seed))  # until it is killed

    threads = [
        threading.Thread(target=client, args=(ledger, chance.getrandbits(32))) for ledger in ledgers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.process.wait(PATIENCE_S)


def count(home: Home, kills: int, seed: int) -> tuple[Counter[str], Counter[str]]:
    """How much of each kind was looked for after so many kills, and how much of it was lost."""
    looked_for, lost = Counter[str](), Counter[str]()
    chance = random.Random(seed)
    server = home.serve("--refresh-rotation", "rotate")
    for _ in range(kills):
        ledgers = [Ledger(list) for _ in range(THREADS)]
        run_until_killed(server, ledgers, chance)
        server = home.serve("--refresh-rotation", "rotate")
        assert "journal:" not in server.err, server.err
        with closing(Link(server)) as link:
            for ledger in ledgers:
                for kind, is_true in check(link, ledger):
                    looked_for[kind] += 1
                    lost[kind] += not is_true
    return looked_for, +lost


def main(kills: int) -> None:
    """Print what there was and what of it was lost."""
    seed = random.SystemRandom().getrandbits(32)
    with tempfile.TemporaryDirectory() as path, open_home(Path(path)) as home:
        looked_for, lost = count(home, kills, seed)
    sys.stdout.write(f"{kills} kills, seed {seed}\n")
    for kind, number in looked_for.items():
        sys.stdout.write(f"{kind}: {lost[kind]} of {number} lost\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
