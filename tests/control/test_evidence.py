"""Evidence over the control API."""

import json

import pytest

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
