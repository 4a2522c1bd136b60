"""The rules about an authorization request and about who signs in for it, in the order they are checked."""

from __future__ import annotations

from hybridjoin.doubles.entra.oidc.openid_rule import (
    CODE_FLOW,
    HASHES,
    MISSING,
    NO_TENANT,
    REDIRECTS,
    SUPPORT,
    UNKNOWN_APPLICATION,
    At,
    OpenIdRule,
)
from hybridjoin.doubles.entra.rule import CODES, NO_SYMBOL, Certainty

AUTHORIZE_RULES: tuple[OpenIdRule, ...] = (
    OpenIdRule(
        id="authorize-tenant-unknown",
        at=At.AUTHORIZE,
        trigger="The path names neither this tenant nor one of the endpoints for every tenant.",
        code=90002,
        symbol="InvalidTenantName",
        message=NO_TENANT,
        shown=True,
    ),
    OpenIdRule(
        id="authorize-client-missing",
        at=At.AUTHORIZE,
        trigger="The request has no client_id.",
        code=900144,
        symbol=NO_SYMBOL,
        message=MISSING,
        shown=True,
    ),
    OpenIdRule(
        id="authorize-client-unknown",
        at=At.AUTHORIZE,
        trigger="No application of the tenant has the client_id.",
        code=700016,
        symbol="UnauthorizedClient_DoesNotMatchRequest",
        message=UNKNOWN_APPLICATION,
        error="unauthorized_client",
        shown=True,
    ),
    OpenIdRule(
        id="redirect-uri-not-registered",
        at=At.AUTHORIZE,
        trigger="The redirect URI is none of the registered ones, character by character.",
        code=50011,
        symbol="InvalidReplyTo",
        message=(
            "The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured "
            "for the application '{client_id}'. Make sure the redirect URI sent in the request matches one added to "
            "your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more "
            "about how to troubleshoot this error."
        ),
        shown=True,
        source=f"{CODES}; {REDIRECTS}; {SUPPORT}/error-code-aadsts50011-redirect-uri-mismatch",
    ),
    OpenIdRule(
        id="response-type-not-enabled",
        at=At.AUTHORIZE,
        trigger="The response type is not `code`.",
        code=700054,
        symbol="ResponseTypeNotEnabled",
        message="response_type '{response_type}' is not enabled for the application.",
        error="unsupported_response_type",
        source=f"{CODES}; {CODE_FLOW}",
    ),
    OpenIdRule(
        id="authorize-scope-missing",
        at=At.AUTHORIZE,
        trigger="The v2.0 endpoint is asked for no scope.",
        code=900144,
        symbol=NO_SYMBOL,
        message=MISSING,
    ),
    OpenIdRule(
        id="scope-invalid",
        at=At.AUTHORIZE,
        trigger="A scope is neither OpenID Connect's nor a permission of a resource that the tenant knows.",
        code=70011,
        symbol="InvalidScope",
        message="The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
        error="invalid_scope",
        source=f"{CODES}; {CODE_FLOW}",
    ),
)
_NOT_ON_THE_PAGE = "The code is documented; that the page tells it, and the program learns nothing, is taken from use."

SIGN_IN_RULES: tuple[OpenIdRule, ...] = (
    OpenIdRule(
        id="sign-in-unasked",
        at=At.SIGN_IN,
        trigger="Name and password come without a request that they would belong to, or long after it.",
        code=90013,
        symbol="InvalidUserInput",
        message="Invalid input received from the user.",
        shown=True,
    ),
    OpenIdRule(
        id="user-of-another-tenant",
        at=At.SIGN_IN,
        trigger="The name lies in no domain of the tenant.",
        code=50020,
        symbol="UserUnauthorized",
        message=(
            "User account '{user}' does not exist in tenant '{display_name}' and cannot access the application "
            "'{client_id}'({application}) in that tenant. The account needs to be added as an external user in the "
            "tenant first. Sign out and sign in again with a different Azure Active Directory user account."
        ),
        shown=True,
        certainty=Certainty.OBSERVED,
        reasoning=_NOT_ON_THE_PAGE,
    ),
    OpenIdRule(
        id="user-unknown",
        at=At.SIGN_IN,
        trigger="The domain is the tenant's, and nobody in it is called so.",
        code=50034,
        symbol="UserAccountNotFound",
        message=(
            "The user account {{EUII Hidden}} does not exist in the {tenant_id} directory. To sign into this "
            "application, the account must be added to the directory."
        ),
        shown=True,
    ),
    OpenIdRule(
        id="user-account-disabled",
        at=At.SIGN_IN,
        trigger="The account is disabled in the directory, as Entra Connect last saw it.",
        code=50057,
        symbol="UserDisabled",
        message="The user account is disabled.",
        shown=True,
    ),
    OpenIdRule(
        id="password-wrong",
        at=At.SIGN_IN,
        trigger="The directory does not take the password.",
        code=50126,
        symbol="InvalidUserNameOrPassword",
        message="Error validating credentials due to invalid username or password.",
        shown=True,
        source=f"{CODES}; {HASHES}",
        reasoning="The directory is asked where Entra would look at the synced hash: a lock-out or an expiry there, "
        "which no hash tells, is answered like a wrong password.",
    ),
    OpenIdRule(
        id="user-not-assigned",
        at=At.SIGN_IN,
        trigger="The application demands assignment, and the user is not assigned.",
        code=50105,
        symbol="EntitlementGrantsNotFound",
        message=(
            "Your administrator has configured the application {application} ('{client_id}') to block users unless "
            "they are specifically granted ('assigned') access to the application. The signed in user '{user}' is "
            "blocked because they are not a direct member of a group with access, nor had access directly assigned by "
            "an administrator. Please contact your administrator to assign access to this application."
        ),
        error="access_denied",
        shown=True,
        source=f"{CODES}; {SUPPORT}/error-code-aadsts50105-user-not-assigned-role",
        certainty=Certainty.OBSERVED,
        reasoning=_NOT_ON_THE_PAGE,
    ),
    OpenIdRule(
        id="consent-by-administrator",
        at=At.SIGN_IN,
        trigger="A permission is asked for that only an administrator may consent to, or users may not consent at all.",
        code=90094,
        symbol="AdminConsentRequired",
        message=(
            "Administrator consent is required: {application} needs permission to access resources in your "
            "organization that only an admin can grant."
        ),
        error="access_denied",
        certainty=Certainty.OBSERVED,
        reasoning="Shown as the page Need admin approval; that the way back from it carries access_denied is what "
        "programs report.",
    ),
    OpenIdRule(
        id="consent-missing",
        at=At.SIGN_IN,
        trigger="Nobody has consented to what is asked for, and the user might.",
        code=65001,
        symbol="DelegationDoesNotExist",
        message=(
            "The user or administrator has not consented to use the application with ID '{client_id}' named "
            "'{application}'. Send an interactive authorization request for this user and resource."
        ),
        error="consent_required",
        certainty=Certainty.ASSUMED,
        reasoning="The code is documented for a request without interaction (prompt=none); where Entra would show its "
        "consent page, which the double does not have, it is taken that the user does not consent.",
    ),
)
