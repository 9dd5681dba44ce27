"""A fault's settings on one line."""

import pytest

from oidc_sim.actions.typed_settings import WordsError
from oidc_sim.faults.catalogue import BY_NAME, CATALOGUE
from oidc_sim.faults.row import Fault
from oidc_sim.tui.dialogs.rule_line import pairs_of, settings_from, settings_line


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda fault: fault.name)
def test_the_defaults_are_read_as_they_are_written(fault: Fault) -> None:
    defaults = {it.name: it.default for it in fault.parameters}
    assert settings_from(fault, pairs_of(settings_line(fault))) == defaults
    assert settings_from(fault, []) == defaults


@pytest.mark.parametrize(
    "line", ["30", "seconds=x", "minutes=3", 'seconds="', "seconds=-1", "seconds=" + "9" * 400]
)
def test_a_line_that_is_not_clear_is_told_so(line: str) -> None:
    with pytest.raises(WordsError):
        settings_from(BY_NAME["delay"], pairs_of(line))
