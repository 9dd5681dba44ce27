"""The three forms together."""

import json

from oidc_sim.evidence.evidence import evidence_of
from tests.evidence.world import seen


def test_the_three_forms_tell_of_the_same_requests() -> None:
    world = seen()
    evidence = evidence_of(world.taken(client_id=world.slow.client_id))
    numbers = [it["_oidc_sim"]["number"] for it in evidence.har["log"]["entries"]]
    lines = [it["number"] for it in evidence.lines if it["type"] == "exchange"]
    assert numbers == lines == [2, 8, 9]
    assert "- 3 requests" in evidence.report
    assert {"client_registered", "device_authorized", "polled"} <= {
        it["type"] for it in evidence.lines
    }


def test_files_are_what_their_names_say_and_have_no_secret() -> None:
    world = seen()
    files = {name: b"".join(it) for name, it in evidence_of(world.taken()).files().items()}
    assert set(files) == {"report.md", "evidence.har", "evidence.jsonl"}
    assert json.loads(files["evidence.har"])["log"]["version"] == "1.2"
    seqs = [json.loads(line)["seq"] for line in files["evidence.jsonl"].splitlines()]
    assert seqs == sorted(seqs)
    for data in files.values():
        assert not [secret for secret in world.secrets if secret.encode() in data]
