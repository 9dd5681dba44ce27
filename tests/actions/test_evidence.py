"""Evidence over the control API."""

import json
from urllib.parse import quote

import pytest

from oidc_sim.engine.commands import Approve
from oidc_sim.headless.text import lines_of
from oidc_sim.record.lines import entry_json
from oidc_sim.settings.model import Output
from tests.server.world import World


async def test_everything_is_given_without_a_code(world: World) -> None:
    sign_in = await world.sign_in()
    await sign_in.poll()
    answer = await world.control("GET", "evidence")
    assert answer.status == 200
    given = answer.json()
    assert set(given) == {"har", "report", "lines"}
    assert len(given["har"]["log"]["entries"]) == 3
    assert given["har"]["log"]["entries"][2]["request"]["url"] == f"{world.url}/token"
    assert sign_in.user_code in given["report"]
    for secret in (sign_in.client["clientSecret"], sign_in.device_code):
        assert secret not in json.dumps(given)


async def test_a_code_in_any_case_gives_its_own(world: World) -> None:
    sign_in = await world.sign_in()
    await world.sign_in()
    typed = sign_in.user_code.lower().replace("-", "")
    given = (await world.control("GET", f"evidence?user_code={typed}")).json()
    assert len(given["har"]["log"]["entries"]) == 1
    assert given["report"].startswith(f"# What the client did: sign-in {sign_in.user_code}\n")


async def test_a_code_that_nobody_has_is_a_404_with_a_sentence(world: World) -> None:
    answer = await world.control("GET", "evidence?user_code=BBBB-BBBB")
    assert answer.status == 404
    assert answer.json()["reason"] == "nothing is kept about this user code"


@pytest.mark.parametrize("query", ["user_code=", "code=A", f"user_code={'A' * 200}"])
async def test_a_question_that_is_none_is_a_400_with_a_sentence(world: World, query: str) -> None:
    answer = await world.control("GET", f"evidence?{query}")
    assert answer.status == 400
    assert answer.json()["reason"].startswith("give user_code=CODE")


def shown_without(shown: str, secrets: tuple[str, ...]) -> list[str]:
    """What of the secrets is in a text, twelve characters being enough."""
    parts = {it[at : at + 12] for it in secrets for at in range(0, len(it) - 12, 4)}
    return sorted(part for part in parts if part in shown)


def everything_of(world: World) -> list[str]:
    """All that is printed of the log, for people and for programs."""
    entries = list(world.simulator.log.entries.since(0))
    texts = lines_of(entries, Output.TEXT)
    return [*texts, *(json.dumps(entry_json(it), ensure_ascii=False) for it in entries)]


async def test_a_secret_in_a_strange_place_is_in_no_evidence_line_or_view(world: World) -> None:
    sign_in = await world.sign_in()
    secret = sign_in.client["clientSecret"]
    placed = (
        f"X-Unknown: {secret}",
        f"User-Agent: tool/1 ({secret})",
        f"Proxy-Authorization: Basic {secret}",
        f"X-Api-Key: {'k' * 40}",
    )
    await world.call("POST", f"/nowhere/{sign_in.device_code}?a={quote(secret)}", b"", *placed)
    await world.call("POST", f"/token?client%53ecret={'k' * 40}", b"client%53ecret=" + b"k" * 40)
    await world.sign_in(clientName=sign_in.device_code, scopes=[sign_in.device_code[:64]])
    body = {
        **sign_in.body(),
        "whatever": secret,
        "inner": json.dumps({"code": sign_in.device_code}),
    }
    await world.control("POST", "hold", {"operation": "CreateToken", "filter": "client:none"})
    await world.call("POST", "/token", body, *placed)
    await world.call(f"M{sign_in.device_code.replace('_', '-')}", "/token")
    secrets = (secret, sign_in.device_code, "k" * 40)
    given = (await world.control("GET", "evidence")).json()
    state = (await world.control("GET", "state")).json()
    shown = json.dumps([given, state], ensure_ascii=False) + "\n".join(everything_of(world))
    assert shown_without(shown, secrets) == []


async def test_a_custom_answers_secret_is_cut_in_every_form(world: World) -> None:
    custom = {
        "fault": "custom",
        "operation": "CreateToken",
        "settings": {
            "body": json.dumps({"accessToken": "k" * 40, "x": 1}),
            "headers": "Set-Cookie: a=b",
        },
    }
    told = await world.control("POST", "faults", custom)
    sign_in = await world.sign_in()
    answer = await sign_in.poll()
    assert answer.json() == {"accessToken": "k" * 40, "x": 1}
    given = (await world.control("GET", "evidence")).json()
    state = (await world.control("GET", "state")).json()
    shown = [told.json(), given, state, *everything_of(world)]
    assert "k" * 12 not in json.dumps(shown)


async def test_a_byte_that_is_no_utf_8_hides_no_token_from_the_evidence(world: World) -> None:
    sign_in = await world.sign_in()
    world.do(Approve(sign_in.user_code))
    await world.control("POST", "faults", {"fault": "latin-1", "operation": "CreateToken"})
    answer = await sign_in.poll()
    assert answer.body.startswith(b'{"accessToken":"\xe9aoa')
    token = answer.body.decode("latin-1").split('"')[3][1:]
    given = (await world.control("GET", "evidence")).json()
    assert shown_without(json.dumps(given), (token,)) == []
