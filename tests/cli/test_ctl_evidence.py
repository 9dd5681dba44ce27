"""``oidc-sim ctl evidence`` writes what the server gives."""

from pathlib import Path
from typing import Any

import pytest

from oidc_sim.actions.typed_lines import read
from oidc_sim.cli import outcome
from tests.cli.test_ctl import control

GIVEN = {"har": {"log": {}}, "report": "# r\n", "lines": [{"seq": 1}, {"seq": 2}]}


def test_it_makes_a_new_directory_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert control(GIVEN, 200, "evidence", "wdjbmjht") == outcome.OK
    folder = Path(capsys.readouterr().out.strip())
    assert folder.parent == tmp_path
    assert (folder / "report.md").read_text() == "# r\n"
    assert (folder / "evidence.jsonl").read_text() == '{"seq": 1}\n{"seq": 2}\n'


@pytest.mark.parametrize("given", [[], {}, {"har": 1}, {**GIVEN, "report": None}])
def test_an_answer_that_is_none_of_ours_is_told_of_in_one_line(
    given: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert control(given, 200, "evidence") == outcome.CANNOT_START
    assert capsys.readouterr().err.endswith("gave no answer of oidc-sim\n")
    assert not list(tmp_path.iterdir())


def test_where_nothing_can_be_written_the_reason_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert control(GIVEN, 200, "evidence") == outcome.REFUSED
    assert capsys.readouterr().err == (
        "oidc-sim ctl: cannot write evidence: No such file or directory\n"
    )


def test_a_code_may_be_typed_or_not() -> None:
    assert read(["evidence", "bcdfghjk"]).target == "/_sim/evidence?user_code=BCDF-GHJK"
    assert read(["evidence"]).target == "/_sim/evidence"
