"""Made-up secrets that look like AWS's and others', put together here so that no file holds a live-looking one."""

import json
import random
import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping

BASE64 = string.ascii_letters + string.digits + "+/"
BASE64URL = string.ascii_letters + string.digits + "-_"
_Make = Callable[[random.Random], str]


def _of(chars: str, length: int) -> _Make:
    return lambda rng: "".join(rng.choices(chars, k=length))


def _with(*parts: str | _Make) -> _Make:
    return lambda rng: "".join(it if isinstance(it, str) else it(rng) for it in parts)


def _json(members: Mapping[str, str]) -> str:
    return (
        urlsafe_b64encode(json.dumps(members, separators=(",", ":")).encode()).decode().rstrip("=")
    )


def _secret_key(rng: random.Random) -> str:
    """With a slash, as nearly every second one has."""
    text = _of(BASE64, 40)(rng)
    return text[:20] + "/" + text[21:]


SHAPED: Mapping[str, _Make] = {
    "access key id": _with("AK", "IA", _of(string.ascii_uppercase + "234567", 16)),
    "temporary key id": _with("AS", "IA", _of(string.ascii_uppercase + "234567", 16)),
    "secret access key": _secret_key,
    "session token": _with("IQ", "oJb3JpZ2luX2VjE", _of(BASE64, 300)),
    "old session token": _with("Fw", "oGZXIvYXdzE", _of(BASE64, 250), "=="),
    "sso access token": _with("ao", "aAAAAAG", _of(BASE64URL, 80), ":MGQC", _of(BASE64, 130)),
    "sso refresh token": _with("ao", "rAAAAAG", _of(BASE64URL, 80), ":MGUC", _of(BASE64, 130)),
    "aws client secret": _with(
        _json({"kid": "key-1564028099", "alg": "HS384"}),
        ".",
        _of(BASE64URL, 300),
        ".",
        _of(BASE64URL, 64),
    ),
    "jwt": _with(
        _json({"alg": "RS256", "typ": "JWT"}),
        _with(".", _json({"iss": "https://idp.example.com"}), ".", _of(BASE64URL, 342)),
    ),
    "jwt cut off": _with(_json({"alg": "ES256"}), ".", _json({"sub": "somebody at example"})),
}
"""Known by their look, wherever they stand."""
NAMED: Mapping[str, _Make] = {
    "hex": _of("0123456789abcdef", 32),
    "password": _with(_of(string.ascii_letters, 9), "!", _of(string.digits, 6), "x$"),
    "opaque": _of(BASE64URL, 43),
    "basic": lambda rng: b64encode(_of(string.ascii_letters, 24)(rng).encode()).decode(),
}
"""Known by the name that they stand beside."""
NAMES = (
    *("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "aws_session_token", "secret_key"),
    *("secretKey", "auth_token", "bearer_token", "client_assertion", "SAMLResponse", "pwd", "jwt"),
    *("web_identity_token", "registration_access_token", "id_token_hint_token", "actor_token"),
    *("securityToken", "authorization_code", "private-key", "apiKeys", "user[refreshToken]"),
    *("oauth.refresh_token", "Passwd", "dbPassword", "signing_key", "code_verifier", "credentials"),
    *("X-Auth-Token", "X-Client-Secret", "Private-Token", "x_api_key", "passphrase", "tokens"),
)


def middle(secret: str) -> str:
    """The part of it that a cut leaves out."""
    return secret[6:-6]


def fifty(seed: int = 1) -> dict[str, str]:
    """Secrets by what they are: of each look two, of each name one and its look in turn."""
    rng = random.Random(seed)
    made = {f"{kind} {n}": make(rng) for kind, make in SHAPED.items() for n in range(2)}
    kinds = list(NAMED)
    for n, name in enumerate(NAMES):
        made[name] = NAMED[kinds[n % len(kinds)]](rng)
    return made
