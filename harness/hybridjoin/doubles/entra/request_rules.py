"""The rules about the token request itself, before any assertion is looked at, in the order they are checked."""

from __future__ import annotations

from hybridjoin.doubles.entra.rule import CODES, Area, Certainty, Rule

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
        symbol="RequestMalformed",
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
        symbol="RequiredParameterMissing",
        message=_MISSING,
        error="invalid_request",
        source="public reports of AADSTS900144 for grant_type and client_id",
        certainty=Certainty.OBSERVED,
    ),
    Rule(
        id="grant-type-unsupported",
        area=Area.REQUEST,
        trigger="grant_type is not urn:ietf:params:oauth:grant-type:saml1_1-bearer, the only grant this double plays.",
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
        symbol="RequiredParameterMissing",
        message=_MISSING,
        error="invalid_request",
        source="public reports of AADSTS900144 for grant_type and client_id",
        certainty=Certainty.OBSERVED,
    ),
    Rule(
        id="client-unknown",
        area=Area.REQUEST,
        trigger="client_id is no application that may ask for a device token.",
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
        symbol="RequiredParameterMissing",
        message=_MISSING,
        error="invalid_request",
        source=CODES,
        certainty=Certainty.ASSUMED,
        reasoning="The v1 endpoint has no default resource for this client; the text is the one for other parameters.",
    ),
    Rule(
        id="resource-unknown",
        area=Area.REQUEST,
        trigger="resource is not the device registration service, by its URN or its application id.",
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
        symbol="RequiredParameterMissing",
        message=_MISSING,
        error="invalid_request",
        source=CODES,
        certainty=Certainty.ASSUMED,
        reasoning="By analogy with other required parameters; 500082 is for an assertion that is there but is none.",
    ),
)
