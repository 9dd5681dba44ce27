"""CreateTokenWithIAM 200 (wire.md#81)."""

from typing import Any

from oidc_sim.engine.model import REFRESH_TOKEN_GRANT, TOKEN_EXCHANGE_GRANT
from oidc_sim.engine.replies import ApplicationTokens
from oidc_sim.wire.answers import TOKEN_ISSUED, TOKEN_REFRESHED, Answer, compact_json
from oidc_sim.wire.iam.identity import identity_context, identity_token
from oidc_sim.wire.iam.requests import ACCESS_TOKEN_TYPE, REFRESH_TOKEN_TYPE


def application_tokens(reply: ApplicationTokens, region: str, signing_key: bytes) -> Answer:
    """Eight members in alphabetical order; what a grant does not give is null.

    AWS's examples leave those members out, as an SDK would; that they are null on the wire is an
    inference from CreateToken, which the same service answers (wire.md#13). SDKs read both alike.

    Args:
        reply: The engine's.
        region: Whose key id the identity token names.
        signing_key: What signs it.
    """
    is_exchange = reply.grant_type == TOKEN_EXCHANGE_GRANT
    is_refresh = reply.grant_type == REFRESH_TOKEN_GRANT
    tokens = reply.tokens
    members: dict[str, Any] = {
        "accessToken": tokens.access_token,
        "awsAdditionalDetails": None,
        "expiresIn": tokens.lifetime_s,
        "idToken": None,
        "issuedTokenType": ACCESS_TOKEN_TYPE if is_exchange else REFRESH_TOKEN_TYPE,
        "refreshToken": tokens.refresh_token,
        "scope": reply.scopes,
        "tokenType": "Bearer",
    }
    if not is_refresh:
        context = identity_context(reply, signing_key)
        members["awsAdditionalDetails"] = {"identityContext": context}
        members["idToken"] = identity_token(reply, region, signing_key)
    outcome = TOKEN_REFRESHED if is_refresh else TOKEN_ISSUED
    return Answer(200, compact_json(members), None, outcome, tokens.user_code, tokens.client_id)
