"""Reads the bodies of the unsigned operations into engine commands, or into the problem with them (wire.md#77).

Each class has AWS's members, in snake case here and camel case on the wire. Members that AWS does not know
are ignored, null counts as absent, and nothing is coerced: a number for a string is an error. A body is
read whatever its Content-Type (wire.md#8), and nothing is ever raised.

Pydantic's parser refuses deep nesting, huge integers, bad UTF-8, a BOM and lone surrogates by itself. Two
things that it lets through are no JSON with one meaning: a name that occurs twice in an object (it keeps the
last), and NaN or Infinity in a member that nobody reads. Reading every body a second time to find them
would cost more than the poll itself, so a count of quotation marks comes first: see ``_is_plain``.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NoReturn, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from oidc_sim.engine.commands import AuthorizeDevice, Poll, RedeemCode, Refresh, RegisterClient
from oidc_sim.engine.model import AUTHORIZATION_CODE_GRANT, DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT
from oidc_sim.engine.registration import MAX_SCOPES
from oidc_sim.text.redact import redact_name
from oidc_sim.wire.errors import INVALID_REQUEST, UNSUPPORTED_GRANT_TYPE, Problem
from oidc_sim.wire.verification import read_start_url

NOT_JSON = INVALID_REQUEST.saying("The request body is not valid JSON")
NOT_AN_OBJECT = INVALID_REQUEST.saying("The request body is not a JSON object")
DUPLICATE_MEMBER = INVALID_REQUEST.saying("The request body has a member twice")


def missing(member: str) -> Problem:
    """Refuse a required member that is absent or null. The text is ours (wire.md#91)."""
    return INVALID_REQUEST.saying(f"Missing required member {member}")


def _is_plain(read: BaseModel, body: bytes) -> bool:
    """Whether the body holds the string members that were read, once each, and nothing else.

    Each string that was read stood in the body at least once, as a name and a value, with four
    quotation marks. Any further string adds two or more, however it is escaped, and any further
    member has a string for its name. So if there are four for each, and no more, then no name came
    twice and no member was skipped. A body with more to it is read again, in full, by ``_flaw``.
    """
    strings = list(map(type, read.__dict__.values())).count(str)
    return body.count(b'"') == 4 * strings


def _flaw(body: bytes) -> Problem | None:
    """Find what pydantic overlooked, at any depth and in unknown members too."""
    try:
        json.loads(body, object_pairs_hook=_refuse_duplicates, parse_constant=_refuse_constant)
    except _DuplicateError:
        return DUPLICATE_MEMBER
    except (ValueError, RecursionError):
        return NOT_JSON
    return None


class _DuplicateError(Exception):
    """A name occurs twice in one object."""


def _refuse_duplicates(pairs: Iterable[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise _DuplicateError
        seen.add(name)


def _refuse_constant(_constant: str) -> NoReturn:
    raise ValueError


def _problem(first: ErrorDetails) -> Problem:
    """Put the first complaint in a sentence. A place is a member of ours, never a client's word."""
    if not first["loc"]:
        return NOT_JSON if first["type"] == "json_invalid" else NOT_AN_OBJECT
    return INVALID_REQUEST.saying(f"Member {first['loc'][0]} has the wrong type")


class RequestBody(BaseModel):
    """Reads a body strictly: the settings that all bodies share."""

    model_config = ConfigDict(
        strict=True,
        extra="ignore",
        frozen=True,
        alias_generator=to_camel,
        hide_input_in_errors=True,
    )

    @classmethod
    def parse(cls, body: bytes) -> Self | Problem:
        """Read a body, or say what is wrong with it; never raises. AWS's texts are unknown (wire.md#91)."""
        try:
            read = cls.model_validate_json(body)
        except ValidationError as error:
            return _problem(error.errors(include_url=False, include_context=False)[0])
        return read if _is_plain(read, body) else _flaw(body) or read


class RegisterClientBody(RequestBody):
    """Body of RegisterClient (RFC 7591 §3.1; wire.md#79). The engine judges type, grants, redirects, scopes."""

    client_name: str | None = None
    client_type: str | None = None
    scopes: tuple[str, ...] | None = None
    redirect_uris: tuple[str, ...] | None = None
    grant_types: tuple[str, ...] | None = None
    issuer_url: str | None = None
    entitled_application_arn: str | None = None

    def command(self) -> RegisterClient | Problem:
        """Make the engine's command, or say which member is missing."""
        if self.client_name is None:
            return missing("clientName")
        if self.client_type is None:
            return missing("clientType")
        scopes = self.scopes or ()
        shown = tuple(map(redact_name, scopes)) if len(scopes) <= MAX_SCOPES else scopes  # refused
        return RegisterClient(
            name=self.client_name,
            client_type=self.client_type,
            scopes=scopes,
            grant_types=self.grant_types or (),
            redirect_uris=self.redirect_uris or (),
            recorded_name=_cut(self.client_name),
            recorded_scopes=shown if shown != scopes else None,
        )


def _cut(text: str) -> str | None:
    """Cut the secrets in a text; None where it has none."""
    shown = redact_name(text)
    return None if shown == text else shown


class StartDeviceAuthorizationBody(RequestBody):
    """Body of StartDeviceAuthorization (RFC 8628 §3.1)."""

    client_id: str | None = None
    client_secret: str | None = None
    start_url: str | None = None

    def command(self) -> AuthorizeDevice | Problem:
        """Make the engine's command, or say which member is missing."""
        if self.client_id is None:
            return missing("clientId")
        if self.client_secret is None:
            return missing("clientSecret")
        if self.start_url is None:
            return missing("startUrl")
        return AuthorizeDevice(
            client_id=self.client_id,
            client_secret=self.client_secret,
            names_valid_issuer=read_start_url(self.start_url) is not None,  # wire.md#44
        )


class CreateTokenBody(RequestBody):
    """Body of CreateToken. Its ``scope`` has no effect (wire.md#56)."""

    client_id: str | None = None
    client_secret: str | None = None
    grant_type: str | None = None
    device_code: str | None = None
    code: str | None = None
    refresh_token: str | None = None
    scope: tuple[str, ...] | None = None
    redirect_uri: str | None = None
    code_verifier: str | None = None

    def command(self) -> Poll | Refresh | RedeemCode | Problem:
        """Make the engine's command; else say first of all which member is missing, or that nobody knows the grant.

        Who the client is comes after what it holds, and is the engine's business (wire.md#38).
        """
        if self.client_id is None:
            return missing("clientId")
        if self.client_secret is None:
            return missing("clientSecret")
        if self.grant_type != DEVICE_CODE_GRANT:
            return self._other_grant(self.client_id, self.client_secret)
        if self.device_code is None:
            return missing("deviceCode")
        return Poll(
            device_code=self.device_code,
            client_id=self.client_id,
            client_secret=self.client_secret,
        )

    def _other_grant(self, client_id: str, client_secret: str) -> Refresh | RedeemCode | Problem:
        if self.grant_type is None:
            return missing("grantType")
        if self.grant_type == REFRESH_TOKEN_GRANT:
            return self._refresh(client_id, client_secret)
        if self.grant_type == AUTHORIZATION_CODE_GRANT:
            return self._redemption(client_id, client_secret)
        return UNSUPPORTED_GRANT_TYPE

    def _refresh(self, client_id: str, client_secret: str) -> Refresh | Problem:
        if self.refresh_token is None:
            return missing("refreshToken")
        return Refresh(
            refresh_token=self.refresh_token, client_id=client_id, client_secret=client_secret
        )

    def _redemption(self, client_id: str, client_secret: str) -> RedeemCode | Problem:
        """Make the command without redirect or verifier, too: that is a grant that fails, and no malformed request."""
        if self.code is None:
            return missing("code")
        return RedeemCode(
            code=self.code,
            redirect_uri=self.redirect_uri,
            code_verifier=self.code_verifier,
            client_id=client_id,
            client_secret=client_secret,
        )


@lru_cache(maxsize=256)
def create_token_command(body: bytes) -> Poll | Refresh | RedeemCode | Problem:
    """Make the command of a CreateToken body, or say what is wrong with it.

    The last few are remembered: a client that polls sends the same bytes each time, and reading them anew
    costs more than all that the engine does with them.
    """
    asked = CreateTokenBody.parse(body)
    return asked if isinstance(asked, Problem) else asked.command()
