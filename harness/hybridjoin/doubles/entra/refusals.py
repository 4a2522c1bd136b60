"""What Entra may answer at the token endpoint for reasons that lie in no request: its policies, its outages, its load.

The double has no such policy and is never down; the fault `refused-with` lets it answer as if, whatever it was asked.
The codes are documented, the words beside them are ours where the page has none, and so is which of them are final.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hybridjoin.doubles.entra.rule import CODES, NO_SYMBOL, Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class EntraRefusal:
    """One answer; `error` is the OAuth name that goes with it, and `certainty` is about the code and what it is for."""

    code: int
    symbol: str
    message: str
    error: str = "invalid_grant"
    status: int = 400
    source: str = CODES
    certainty: Certainty = Certainty.DOCUMENTED


def _busy(code: int, symbol: str, message: str) -> EntraRefusal:
    return EntraRefusal(code=code, symbol=symbol, message=message, error="temporarily_unavailable", status=503)


def _malformed(code: int, symbol: str, message: str) -> EntraRefusal:
    return EntraRefusal(code=code, symbol=symbol, message=message, error="invalid_request")


REFUSALS: Mapping[int, EntraRefusal] = {
    refusal.code: refusal
    for refusal in (
        _malformed(20001, "WsFedSignInResponseError", "There is an issue with your federated Identity Provider."),
        _malformed(20033, "FedMetadataInvalidTenantName", "There is an issue with your federated Identity Provider."),
        EntraRefusal(code=50003, symbol="MissingSigningKey", message="No signing key is configured."),
        EntraRefusal(code=50017, symbol="CertificateValidationFailed", message="Validation of the certificate failed."),
        EntraRefusal(code=50032, symbol="WeakRsaKey", message="The RSA key is too weak."),
        _busy(50033, "RetryableError", "A transient error has occurred. Please try again."),
        _malformed(50169, "InvalidRequestBadRealm", "The realm is not a configured realm of this service namespace."),
        EntraRefusal(
            code=53003,
            symbol="BlockedByConditionalAccess",
            message="Access has been blocked by Conditional Access policies. The access policy does not allow token "
            "issuance.",
            error="interaction_required",
        ),
        EntraRefusal(
            code=90020, symbol=NO_SYMBOL, message="The SAML 1.1 Assertion is missing ImmutableID of the user."
        ),
        EntraRefusal(code=90010, symbol="NotSupported", message="Unable to create the algorithm."),
        EntraRefusal(code=90016, symbol="MissingRequiredClaim", message="The required claim is missing."),
        _busy(90024, "RequestBudgetExceededError", "A transient error has occurred. Please try again."),
        _busy(90033, "MsodsServiceUnavailable", "The Microsoft Online Directory Service is unavailable."),
        _busy(90055, "TenantThrottlingError", "There are too many incoming requests."),
        EntraRefusal(
            code=90072,
            symbol="PassThroughUserMfaError",
            message="The account does not exist in the tenant and cannot access the application in it.",
        ),
        EntraRefusal(code=90107, symbol="InvalidXml", message="The request is not valid: look for invalid characters."),
        EntraRefusal(
            code=221000,
            symbol="DeviceOnlyTokensNotSupportedByResource",
            message="The resource is not configured to accept device-only tokens.",
        ),
        EntraRefusal(
            code=530032,
            symbol="BlockedByConditionalAccessOnSecurityPolicy",
            message="The tenant admin has configured a security policy that blocks this request.",
            error="interaction_required",
        ),
        EntraRefusal(
            code=7500514,
            symbol=NO_SYMBOL,
            message="A supported type of SAML response was not found.",
        ),
    )
}
