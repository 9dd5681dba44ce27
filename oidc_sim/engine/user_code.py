"""How people type user codes (RFC 8628 §6.1): any case, with or without the dash."""

import re

_GROUP = 4


def canonical_user_code(text: str) -> str:
    """The form that codes are kept under, ``XXXX-XXXX``, of what a person typed; of another length, its letters."""
    letters = re.sub(r"[^A-Z0-9]", "", text.upper())
    is_whole = len(letters) == 2 * _GROUP
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}" if is_whole else letters
