"""What a rule of the OpenID provider is, and the words that several of them say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.doubles.entra.rule import CODES, Certainty

_PLATFORM = "https://learn.microsoft.com/entra/identity-platform"
CODE_FLOW = f"{_PLATFORM}/v2-oauth2-auth-code-flow"
REDIRECTS = f"{_PLATFORM}/reply-url"
SUPPORT = "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration"
HASHES = "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-password-hash-synchronization"


class At(StrEnum):
    """Where a rule speaks."""

    AUTHORIZE = "authorize"
    SIGN_IN = "sign-in"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdRule:
    """One refusal of the OpenID provider.

    `trigger` is the sentence that is true when it fires, `message` the text after `AADSTSnnn: ` with fields in braces,
    `error` the OAuth name. `shown` says that the person is told and the program is not: there is no redirect.
    `certainty` is about this trigger giving this code, and `reasoning` says why where it is not documented.
    """

    id: str
    at: At
    trigger: str
    code: int
    symbol: str
    message: str
    error: str = "invalid_request"
    status: int = 400
    shown: bool = False
    source: str = CODES
    certainty: Certainty = Certainty.DOCUMENTED
    reasoning: str = ""


UNKNOWN_APPLICATION = (
    "Application with identifier '{client_id}' was not found in the directory '{display_name}'. This can happen if the "
    "application has not been installed by the administrator of the tenant or consented to by any user in the tenant. "
    "You may have sent your authentication request to the wrong tenant."
)
MISSING = "The request body must contain the following parameter: '{name}'."
NO_TENANT = (
    "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct "
    "cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the "
    "tenant."
)
