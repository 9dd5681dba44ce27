from pathlib import Path

import pytest

from oidc_sim.engine.directory import SEEDED
from oidc_sim.settings.model import Settings, SettingsError, load

SANDBOX = '[[accounts]]\nid = "000000000001"\nname = "Sandbox"\n'


def read(directory: Path, text: str) -> Settings:
    file = directory / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return load({}, {}, file)


def test_without_tables_the_directory_is_the_seeded_one() -> None:
    assert Settings().directory() == SEEDED


def test_accounts_of_the_file_replace_the_seeded_ones(tmp_path: Path) -> None:
    text = SANDBOX + 'email = "x@example.org"\nroles = ["Admin", "Read-Only+1"]\n'
    directory = read(tmp_path, text).directory()
    assert len(directory.accounts) == 1
    account = directory.accounts[0]
    assert (account.account_id, account.name) == ("000000000001", "Sandbox")
    assert (account.email, account.roles) == ("x@example.org", ("Admin", "Read-Only+1"))
    assert directory.users == SEEDED.users
    assert directory.has_role("000000000001", "Admin")
    assert not directory.has_role("111122223333", "AdministratorAccess")


def test_an_account_needs_no_more_than_an_id_and_a_name(tmp_path: Path) -> None:
    account = read(tmp_path, SANDBOX).directory().accounts[0]
    assert account.roles == ("AdministratorAccess", "ReadOnlyAccess")
    assert account.email.endswith("@example.com")


def test_the_first_user_of_the_file_is_who_signs_in(tmp_path: Path) -> None:
    text = '[[users]]\nname = "ann"\n[[users]]\nname = "bob"\nemail = "b@x"\nid = "u-2"\n'
    ann, bob = read(tmp_path, text).directory().users
    assert (ann.name, ann.email) == ("ann", "ann@example.com")
    assert (bob.user_id, bob.name, bob.email) == ("u-2", "bob", "b@x")


def test_an_id_that_is_made_up_is_always_the_same(tmp_path: Path) -> None:
    text = '[[users]]\nname = "ann"\n[[users]]\nname = "bob"\n'
    first, again = (read(tmp_path, text).directory().users for _ in range(2))
    assert first == again
    assert first[0].user_id != first[1].user_id
    assert len(first[0].user_id) == len(SEEDED.users[0].user_id)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            '[[accounts]]\nid = "123"\nname = "x"',
            "accounts no. 1, id: '123' is not 12 digits",
        ),
        (
            '[[accounts]]\nid = 111122223333\nname = "x"',
            "accounts no. 1, id: 111122223333 should be a valid string",
        ),
        ('[[accounts]]\nid = "111122223333"', "accounts no. 1, name: is missing"),
        (
            SANDBOX + '[[accounts]]\nid = "111122223333"\nname = "x"\nrole = "y"',
            "accounts no. 2, role: no such setting",
        ),
        (SANDBOX + SANDBOX, "accounts: [{"),
        (SANDBOX + "roles = []", "accounts no. 1, roles: [] "),
        (SANDBOX + 'roles = ["a b"]', "accounts no. 1, roles no. 1: 'a b' is not 1 to 64"),
        (SANDBOX + 'roles = ["a", "a"]', "accounts no. 1, roles: ['a', 'a'] has 'a' more"),
        ('[[users]]\nname = "<x>"', "users no. 1, name: '<x>' is not 1 to 64 letters"),
        ('[[users]]\nname = "a"\n[[users]]\nname = "a"', "users: [{"),
        ("[users]\nname = 'x'", "users: {'name': 'x'} should be"),
        ('[[accounts]]\n"\\u001b" = 1', "accounts no. 1, id: is missing"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_in_one_line(
    text: str, why: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as raised:
        read(tmp_path, text)
    said = str(raised.value)
    assert said.startswith(f"{tmp_path}/settings.toml: {why}")
    assert said.isprintable()
    assert len(said) < 300


def test_what_comes_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="has '000000000001' more than once"):
        read(tmp_path, SANDBOX + SANDBOX)


def test_tables_have_no_variable(tmp_path: Path) -> None:
    assert load({}, {"OIDC_SIM_ACCOUNTS": "x", "OIDC_SIM_USERS": "x"}) == Settings()


def test_thousands_of_accounts_are_read(tmp_path: Path) -> None:
    text = "".join(f'[[accounts]]\nid = "{n:012}"\nname = "n{n}"\n' for n in range(5000))
    directory = read(tmp_path, text).directory()
    assert len(directory.accounts) == 5000
    assert directory.has_role("000000004999", "ReadOnlyAccess")
