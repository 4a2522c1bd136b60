"""The rules about redeeming an authorization code at the token endpoint, in the order they are checked."""

from __future__ import annotations

from hybridjoin.doubles.entra.oidc.openid_rule import (
    CODE_FLOW,
    MISSING,
    NO_TENANT,
    UNKNOWN_APPLICATION,
    At,
    OpenIdRule,
)
from hybridjoin.doubles.entra.rule import CODES, NO_SYMBOL, Certainty

CODE_RULES: tuple[OpenIdRule, ...] = (
    OpenIdRule(
        id="code-tenant-unknown",
        at=At.CODE,
        trigger="The path names neither this tenant nor one of the endpoints for every tenant.",
        code=90002,
        symbol="InvalidTenantName",
        message=NO_TENANT,
    ),
    OpenIdRule(
        id="code-parameter-missing",
        at=At.CODE,
        trigger="client_id, code or redirect_uri is missing.",
        code=900144,
        symbol=NO_SYMBOL,
        message=MISSING,
    ),
    OpenIdRule(
        id="code-client-unknown",
        at=At.CODE,
        trigger="No application of the tenant has the client_id.",
        code=700016,
        symbol="UnauthorizedClient_DoesNotMatchRequest",
        message=UNKNOWN_APPLICATION,
        error="unauthorized_client",
    ),
    OpenIdRule(
        id="client-secret-missing",
        at=At.CODE,
        trigger="A confidential application shows neither a secret nor an assertion.",
        code=7000218,
        symbol=NO_SYMBOL,
        message="The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        error="invalid_client",
        status=401,
    ),
    OpenIdRule(
        id="client-secret-expired",
        at=At.CODE,
        trigger="The secret is the application's, and it has expired.",
        code=7000222,
        symbol="InvalidClientSecretExpiredKeysProvided",
        message=(
            "The provided client secret keys for app '{client_id}' are expired. Visit the Azure portal to create new "
            "keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added "
            "security: https://aka.ms/certCreds."
        ),
        error="invalid_client",
        status=401,
    ),
    OpenIdRule(
        id="client-secret-invalid",
        at=At.CODE,
        trigger="The secret is no value of the application's secrets.",
        code=7000215,
        symbol="InvalidClientSecret",
        message=(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            "not the client secret ID, for a secret added to app '{client_id}'."
        ),
        error="invalid_client",
        status=401,
        source=f"{CODES}; MicrosoftDocs/azure-docs issue 33356",
    ),
    OpenIdRule(
        id="code-malformed",
        at=At.CODE,
        trigger="The code is none that the tenant has handed out to this application.",
        code=9002313,
        symbol="InvalidRequest",
        message="Invalid request. Request is malformed or invalid.",
        error="invalid_grant",
    ),
    OpenIdRule(
        id="code-redeemed",
        at=At.CODE,
        trigger="The code was redeemed before.",
        code=54005,
        symbol="OAuth2AuthorizationCodeAlreadyRedeemed",
        message=(
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing "
            "refresh token."
        ),
        error="invalid_grant",
    ),
    OpenIdRule(
        id="code-expired",
        at=At.CODE,
        trigger="The code was handed out more than ten minutes ago.",
        code=70008,
        symbol="ExpiredOrRevokedGrant",
        message=(
            "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "
            "authorization request for this user and resource."
        ),
        error="invalid_grant",
        source=f"{CODES}; {CODE_FLOW}",
    ),
    OpenIdRule(
        id="code-redirect-uri-differs",
        at=At.CODE,
        trigger="The redirect URI is another than the one that the code was asked for with.",
        code=500112,
        symbol=NO_SYMBOL,
        message=(
            "The reply address '{redirect_uri}' does not match the reply address '{asked}' provided when requesting "
            "Authorization code."
        ),
        error="invalid_grant",
        source="public reports of AADSTS500112",
        certainty=Certainty.OBSERVED,
        reasoning="The words are what programs report.",
    ),
    OpenIdRule(
        id="code-verifier-wrong",
        at=At.CODE,
        trigger="The code was asked for with a code_challenge, and the code_verifier does not lead to it.",
        code=501481,
        symbol=NO_SYMBOL,
        message="The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        error="invalid_grant",
        source="public reports of AADSTS501481",
        certainty=Certainty.OBSERVED,
        reasoning="RFC 7636, 4.6 demands the refusal; code and words are what programs report.",
    ),
)
