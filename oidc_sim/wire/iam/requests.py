"""The body of CreateTokenWithIAM, whose client is an application of IAM Identity Center (wire.md#77).

Who signed the request is looked at before its body (``signed_access``); here only the body is read.
"""

from oidc_sim.engine.commands import ExchangeAtApplication
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
)
from oidc_sim.wire.errors import INVALID_REQUEST, UNSUPPORTED_GRANT_TYPE, Problem
from oidc_sim.wire.parsing import missing
from oidc_sim.wire.requests import RequestBody

ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"
"""RFC 8693 §3."""
REFRESH_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:refresh_token"
"""RFC 8693 §3."""
WRONG_TOKEN_TYPE = INVALID_REQUEST.saying("The token type is not supported")
"""The text is ours (wire.md#91)."""


class CreateTokenWithIAMBody(RequestBody):
    """CreateTokenWithIAM. Its ``scope`` has no effect: an application's tokens carry the same three."""

    client_id: str | None = None
    grant_type: str | None = None
    code: str | None = None
    refresh_token: str | None = None
    assertion: str | None = None
    scope: tuple[str, ...] | None = None
    redirect_uri: str | None = None
    subject_token: str | None = None
    subject_token_type: str | None = None
    requested_token_type: str | None = None
    code_verifier: str | None = None

    def command(self) -> ExchangeAtApplication | Problem:
        """What the engine is asked; else the first of: a member missing, a grant or type unknown."""
        if self.client_id is None:
            return missing("clientId")
        if self.grant_type is None:
            return missing("grantType")
        needed = _NEEDED.get(self.grant_type)
        if needed is None:
            return UNSUPPORTED_GRANT_TYPE
        for member, name in needed:
            if getattr(self, name) is None:
                return missing(member)
        if self.grant_type == TOKEN_EXCHANGE_GRANT and not self._names_known_types():
            return WRONG_TOKEN_TYPE
        return self._exchange(self.client_id, self.grant_type)

    def _names_known_types(self) -> bool:
        """Only access tokens are exchanged; AWS knows two types to ask for, and gives the first."""
        asked = self.requested_token_type or ACCESS_TOKEN_TYPE
        return self.subject_token_type == ACCESS_TOKEN_TYPE and asked in {
            ACCESS_TOKEN_TYPE,
            REFRESH_TOKEN_TYPE,
        }

    def _exchange(self, application: str, grant_type: str) -> ExchangeAtApplication:
        return ExchangeAtApplication(
            application=application,
            grant_type=grant_type,
            code=self.code,
            redirect_uri=self.redirect_uri,
            code_verifier=self.code_verifier,
            refresh_token=self.refresh_token,
            assertion=self.assertion,
            subject_token=self.subject_token,
        )


_NEEDED = {
    AUTHORIZATION_CODE_GRANT: (("code", "code"),),
    REFRESH_TOKEN_GRANT: (("refreshToken", "refresh_token"),),
    JWT_BEARER_GRANT: (("assertion", "assertion"),),
    TOKEN_EXCHANGE_GRANT: (
        ("subjectToken", "subject_token"),
        ("subjectTokenType", "subject_token_type"),
    ),
}
"""What each grant cannot do without: AWS's name and ours."""
