"""What an assertion tells of a second factor, and whether the domain's federatedIdpMfaBehavior takes it."""

from __future__ import annotations

from hybridjoin.doubles.entra.case import Case

MULTIPLE = "http://schemas.microsoft.com/claims/multipleauthn"
ACCEPTED, ENFORCED, REJECTED = (
    "acceptIfMfaDoneByFederatedIdp",
    "enforceMfaByFederatedIdp",
    "rejectMfaByFederatedIdp",
)
_SECOND_FACTORS = frozenset({MULTIPLE, "http://schemas.microsoft.com/claims/wiaormultiauthn"})
# Where an assertion may tell of a second factor besides its AuthenticationMethod.
_METHODS = (
    ("http://schemas.microsoft.com/claims", "authnmethodsreferences"),
    ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "authenticationmethod"),
)


def is_wanting(case: Case) -> bool:
    """Tell whether a policy of the tenant wants a second factor, and the assertion tells of none that counts."""
    if not case.config.require_mfa:
        return False
    claimed = (value for name in _METHODS for value in case.assertion.values(name))
    told = {*case.assertion.authentication_methods, *claimed}
    return behavior_of(case) == REJECTED or _SECOND_FACTORS.isdisjoint(told)


def behavior_of(case: Case) -> str:
    """Return the federatedIdpMfaBehavior of the domain that the assertion speaks for."""
    return case.domains[0].mfa_behavior
