import re

from oidc_sim.engine.directory import SEEDED


def test_one_user_can_reach_two_accounts_with_two_roles_each() -> None:
    (user,) = SEEDED.users
    assert user.email.endswith("@example.com")
    assert [(a.account_id, a.name) for a in SEEDED.accounts] == [
        ("111122223333", "Sandbox"),
        ("444455556666", "Production"),
    ]
    roles = {account.roles for account in SEEDED.accounts}
    assert roles == {("AdministratorAccess", "ReadOnlyAccess")}


def test_one_application_is_seeded() -> None:
    (application,) = SEEDED.applications
    account = re.escape(SEEDED.accounts[0].account_id)
    assert re.fullmatch(
        rf"arn:aws:sso::{account}:application/ssoins-\w{{16}}/apl-\w{{16}}", application
    )
