import pytest

from oidc_sim.settings.environment import fit_for_locale, shows_unicode
from oidc_sim.settings.model import Settings


@pytest.mark.parametrize(
    ("environment", "is_unicode"),
    [
        ({}, True),
        ({"LANG": ""}, True),
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "de_DE.utf8"}, True),
        ({"LANG": "de_DE"}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, False),
        ({"LC_ALL": "C.UTF-8", "LANG": "C"}, True),
        ({"LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, False),
        ({"LC_CTYPE": "POSIX", "LANG": "en_US.UTF-8"}, False),
    ],
)
def test_the_locale_says_whether_there_is_more_than_ascii(
    environment: dict[str, str],
    is_unicode: bool,  # noqa: FBT001
) -> None:
    assert shows_unicode(environment) is is_unicode
    assert fit_for_locale(Settings(), environment).ascii is not is_unicode


def test_who_chose_is_obeyed() -> None:
    assert fit_for_locale(Settings(ascii=False), {"LC_ALL": "C"}).ascii is False
    assert fit_for_locale(Settings(ascii=True), {}).ascii is True
