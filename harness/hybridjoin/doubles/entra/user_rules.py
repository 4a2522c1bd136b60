"""The rules about a person who signs in with an assertion, in the order they are checked.

They speak where the token is asked for anything but the device registration service: then Entra looks for a user, and
nothing in the assertion makes a device of it.
"""

from __future__ import annotations

from hybridjoin.doubles.entra.rule import CODES, NO_SYMBOL, Area, BlindSpot, Certainty, Rule

_FEDERATION = "https://aadinternals.com/post/aad-deepdive/"
_MFA = "https://learn.microsoft.com/graph/api/resources/internaldomainfederation"
_VALIDATION = "https://learn.microsoft.com/graph/api/resources/federatedtokenvalidationpolicy"

SECOND_FACTOR_NOT_TOLD = Rule(
    id="second-factor-not-told",
    area=Area.CLAIMS,
    trigger="A policy wants a second factor, the domain says enforceMfaByFederatedIdp, and no assertion tells of one.",
    code=50079,
    symbol="UserStrongAuthEnrollmentRequired",
    message="Due to a configuration change made by your administrator, or because you moved to a new location, you "
    "must enroll in multi-factor authentication to access '{resource}'.",
    error="interaction_required",
    source=f"{CODES}; {_MFA}",
    certainty=Certainty.DOCUMENTED,
    reasoning="The page has the code for a federated user who needs the claim from the identity provider, and Graph's "
    "that such a domain asks for it there alone; where no browser can be sent back, this is taken to follow.",
)
USER_RULES: tuple[Rule, ...] = (
    Rule(
        id="immutableid-missing",
        area=Area.CLAIMS,
        trigger="The token is no device's, and the assertion has neither ImmutableID nor a NameIdentifier.",
        code=90020,
        symbol=NO_SYMBOL,
        message="The SAML 1.1 Assertion is missing ImmutableID of the user.",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
        reasoning="That a NameIdentifier does in the place of the claim is taken from the double's search for users.",
    ),
    Rule(
        id="user-not-synced",
        area=Area.CLAIMS,
        trigger="A person's token is asked for, and no synced user has the assertion's ImmutableID.",
        code=51004,
        symbol="UserAccountNotInDirectory",
        message=(
            "The user account {{EUII Hidden}} does not exist in the {tenant_id} directory. To sign into this "
            "application, the account must be added to the directory."
        ),
        source=_FEDERATION,
        certainty=Certainty.OBSERVED,
        reasoning="Tried in 2019: the user is found by ImmutableID alone; its encoding, or an account made anew, is "
        "what usually differs.",
    ),
    Rule(
        id="user-of-another-domain",
        area=Area.CLAIMS,
        trigger="The user's UPN lies in none of the domains that the Issuer is registered for, nor below one.",
        code=5000820,
        symbol=NO_SYMBOL,
        message="Sign-in was blocked: the domain of the issuer does not match the domain of the user {upn}.",
        source=f"{_VALIDATION}; public reports of AADSTS5000820",
        certainty=Certainty.ASSUMED,
        reasoning="The policy is documented and the code is reported; that the policy is in force in this tenant, and "
        "the words, are not.",
    ),
    Rule(
        id="user-disabled",
        area=Area.CLAIMS,
        trigger="The user's account is disabled in the directory, as Entra Connect last saw it.",
        code=50057,
        symbol="UserDisabled",
        message="The user account is disabled.",
        source=CODES,
        certainty=Certainty.DOCUMENTED,
    ),
    SECOND_FACTOR_NOT_TOLD,
    Rule(
        id="second-factor-by-policy",
        area=Area.CLAIMS,
        trigger="A policy wants a second factor, which Entra asks for itself, and the assertion tells of none that the "
        "domain's settings accept.",
        code=50076,
        symbol="UserStrongAuthClientAuthNRequired",
        message="Due to a configuration change made by your administrator, or because you moved to a new location, you "
        "must use multi-factor authentication to access the resource.",
        error="interaction_required",
        source=f"{CODES}; {_MFA}",
        certainty=Certainty.DOCUMENTED,
    ),
)

USER_BLIND_SPOTS: tuple[BlindSpot, ...] = (
    BlindSpot(
        id="user-accounttype",
        sentence="A person's assertion calls itself a device's (accounttype DJ), or says nothing of the kind.",
        reason="PingOne's documented mapping issues DJ to everybody, and its people sign in: where no device is to be "
        "registered, the claim is taken not to be read.",
    ),
)
