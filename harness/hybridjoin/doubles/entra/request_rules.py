"""The rules about the token request itself, before any assertion is looked at, in the order they are checked."""

from __future__ import annotations

from hybridjoin.doubles.entra.rule import CODES, NO_SYMBOL, Area, Certainty, Rule

_MISSING = "The request body must contain the following parameter: '{name}'."

REQUEST_RULES: tuple[Rule, ...] = (
    Rule(
        id="tenant-unknown",
        area=Area.REQUEST,
        trigger="The path names neither `common`, `organizations` nor this tenant.",
        code=90002,
        symbol="InvalidTenantName",
        message=(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
            "correct cloud. Check with your subscription administrator, this may happen if there are no active "
            "subscriptions for the tenant."
        ),
        error="invalid_request",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
    ),
    Rule(
        id="parameter-repeated",
        area=Area.REQUEST,
        trigger="A form parameter stands in the body more than once.",
        code=9000411,
        symbol=NO_SYMBOL,
        message="The request is not properly formatted. The parameter '{name}' is duplicated.",
        error="invalid_request",
        source="public reports of AADSTS9000411",
        certainty=Certainty.OBSERVED,
        reasoning="Seen for a repeated `prompt` at the authorize endpoint; taken to hold at the token endpoint too.",
    ),
    Rule(
        id="grant-type-missing",
        area=Area.REQUEST,
        trigger="The body is not application/x-www-form-urlencoded or has no grant_type.",
        code=900144,
        symbol=NO_SYMBOL,
        message=_MISSING,
        error="invalid_request",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
    ),
    Rule(
        id="grant-type-password",
        area=Area.REQUEST,
        trigger="grant_type is password: Entra holds no password of a federated domain's people, nor does the double.",
        code=50126,
        symbol="InvalidUserNameOrPassword",
        message="Error validating credentials due to invalid username or password.",
        source=f"{CODES}; AzureAD/microsoft-authentication-library-for-js issue 3247",
        certainty=Certainty.OBSERVED,
        reasoning="What clients meet that never ask for the user's realm.",
    ),
    Rule(
        id="grant-type-saml-2.0",
        area=Area.REQUEST,
        trigger="grant_type is urn:ietf:params:oauth:grant-type:saml2-bearer: WS-Federation's tokens are SAML 1.1.",
        code=7500514,
        symbol=NO_SYMBOL,
        message=(
            "A supported type of SAML response was not found. The supported response types are 'Response' (in XML "
            "namespace 'urn:oasis:names:tc:SAML:2.0:protocol') or 'Assertion' (in XML namespace "
            "'urn:oasis:names:tc:SAML:2.0:assertion')."
        ),
        source=f"{CODES}; AzureAD/microsoft-authentication-library-for-dotnet issue 1871; MicrosoftDocs/azure-docs "
        "issue 53372",
        certainty=Certainty.OBSERVED,
        reasoning="MSAL for .NET and Java choose this grant for every TokenType but SAML 1.0's own URN.",
    ),
    Rule(
        id="grant-type-unsupported",
        area=Area.REQUEST,
        trigger="grant_type is none of those above and not urn:ietf:params:oauth:grant-type:saml1_1-bearer.",
        code=70003,
        symbol="UnsupportedGrantType",
        message="The app requested an unsupported grant type '{grant_type}'.",
        error="unsupported_grant_type",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
    ),
    Rule(
        id="client-id-missing",
        area=Area.REQUEST,
        trigger="The body has no client_id.",
        code=900144,
        symbol=NO_SYMBOL,
        message=_MISSING,
        error="invalid_request",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
    ),
    Rule(
        id="client-unknown",
        area=Area.REQUEST,
        trigger="client_id is no application that may ask for a token of a device or, else, of a person.",
        code=700016,
        symbol="UnauthorizedClient_DoesNotMatchRequest",
        message=(
            "Application with identifier '{client_id}' was not found in the directory '{display_name}'. This can "
            "happen if the application has not been installed by the administrator of the tenant or consented to by "
            "any user in the tenant. You may have sent your authentication request to the wrong tenant."
        ),
        error="unauthorized_client",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
    ),
    Rule(
        id="resource-missing",
        area=Area.REQUEST,
        trigger="The body has no resource.",
        code=900144,
        symbol=NO_SYMBOL,
        message=_MISSING,
        error="invalid_request",
        source=CODES,
        certainty=Certainty.ASSUMED,
        reasoning="The code is documented for whatever parameter is required; that v1 requires this one of this client "
        "is inferred.",
    ),
    Rule(
        id="scope-missing",
        area=Area.REQUEST,
        trigger="The body of a request to the v2.0 endpoint has no scope.",
        code=900144,
        symbol=NO_SYMBOL,
        message=_MISSING,
        error="invalid_request",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
    ),
    Rule(
        id="scopes-incompatible",
        area=Area.REQUEST,
        trigger="The scopes of a v2.0 request belong to more than one resource.",
        code=700022,
        symbol="InvalidMultipleResourcesScope",
        message=(
            "The provided value for the input parameter scope '{scope}' isn't valid because it contains more than one "
            "resource."
        ),
        error="invalid_scope",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
    ),
    Rule(
        id="resource-unknown",
        area=Area.REQUEST,
        trigger="resource, or what a scope begins with, is neither the device registration service nor known here.",
        code=500011,
        symbol="InvalidResourceServicePrincipalNotFound",
        message=(
            "The resource principal named {resource} was not found in the tenant named {display_name}. This can happen "
            "if the application has not been installed by the administrator of the tenant or consented to by any user "
            "in the tenant. You might have sent your authentication request to the wrong tenant."
        ),
        error="invalid_resource",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
    ),
    Rule(
        id="assertion-missing",
        area=Area.REQUEST,
        trigger="The body has no assertion.",
        code=900144,
        symbol=NO_SYMBOL,
        message=_MISSING,
        error="invalid_request",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
        reasoning="The page's sentence is about any parameter; 500082 is for an assertion that is there but is none.",
    ),
)
