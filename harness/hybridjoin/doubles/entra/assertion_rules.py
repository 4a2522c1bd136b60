"""The rules about the assertion as a document: form, issuer, signature, time, audience, in the order of checking.

That order is itself an inference: nobody has published it.
"""

from __future__ import annotations

from hybridjoin.doubles.entra.rule import B2B_REPORTS, CODES, NO_SYMBOL, SAML, Area, Certainty, Rule

SKEW_S = 300
AUDIENCE = "urn:federation:MicrosoftOnline"

_ABSENT = "SAML assertion is not present in the token."
_INVALID = "SAML token is invalid."
_SIGNATURE = "Signature verification failed because of an invalid signature."
_RANGE = (
    "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for "
    "user assertion, or request a new token. Current time: {now}, expiry time of assertion {expires}."
)
_REALM = "The requested federation realm object '{issuer}' does not exist."
_FORM = "50008 is documented for an assertion that is missing or misconfigured; which defects it covers is not."
_REALM_REPORTS = "MicrosoftDocs/azure-docs issues 40210, 44932, 59746 (SAML bearer grant with an unregistered issuer)"


def _absent(rule_id: str, trigger: str, certainty: Certainty, reasoning: str) -> Rule:
    return Rule(
        id=rule_id, area=Area.ASSERTION, trigger=trigger, code=500082, symbol=NO_SYMBOL,
        message=_ABSENT, source="public reports of AADSTS500082 for domains federated by SAML", certainty=certainty,
        reasoning=reasoning,
    )  # fmt: skip


def _invalid(rule_id: str, trigger: str, *, area: Area = Area.ASSERTION, reasoning: str = _FORM) -> Rule:
    return Rule(
        id=rule_id, area=area, trigger=trigger, code=50008, symbol="InvalidSamlToken", message=_INVALID,
        source=f"{CODES}; {SAML}", certainty=Certainty.ASSUMED, reasoning=reasoning,
    )  # fmt: skip


def _signature(rule_id: str, trigger: str, certainty: Certainty, reasoning: str = "") -> Rule:
    return Rule(
        id=rule_id, area=Area.SIGNATURE, trigger=trigger, code=50006, symbol="InvalidSignature", message=_SIGNATURE,
        source=CODES, certainty=certainty, reasoning=reasoning,
    )  # fmt: skip


def _realm(rule_id: str, trigger: str, source: str, certainty: Certainty, reasoning: str = "") -> Rule:
    return Rule(
        id=rule_id, area=Area.ISSUER, trigger=trigger, code=50107, symbol="InvalidRealmUri", message=_REALM,
        error="invalid_request", source=source, certainty=certainty, reasoning=reasoning,
    )  # fmt: skip


FORM_RULES: tuple[Rule, ...] = (
    _absent(
        "assertion-not-base64",
        "The assertion is neither base64 nor base64url.",
        Certainty.ASSUMED,
        "MSAL for Python sends the URL-safe alphabet without padding, the others the standard one: both are read.",
    ),
    _invalid(
        "assertion-too-large",
        "The assertion is larger than 256 KiB, or has over 10,000 nodes, 100 attributes on one or 200 namespaces.",
        reasoning="The limits are this double's; a device's assertion has some 5 KiB and 60 elements.",
    ),
    Rule(
        id="assertion-not-xml",
        area=Area.ASSERTION,
        trigger="The decoded assertion is not well-formed XML.",
        code=90107,
        symbol="InvalidXml",
        message="The request is not valid. Make sure your data doesn't have invalid characters.",
        source=CODES,
        certainty=Certainty.ASSUMED,
        reasoning="The code is documented for data that is not valid XML; that it is this grant's is inferred.",
    ),
    _invalid(
        "assertion-with-doctype",
        "The assertion brings a document type declaration.",
        reasoning="Windows forbids DTDs in WS-Trust documents (0xC00CEE4F); SAML has no use for one.",
    ),
    _absent(
        "assertion-not-saml",
        "The document's root is no SAML Assertion (a whole response, say).",
        Certainty.ASSUMED,
        "Reported where a SAML provider answers with something else than an assertion; not on Microsoft's page, and "
        "inferred for this grant.",
    ),
    _invalid("assertion-saml-2.0", "The assertion is SAML 2.0 while the grant is for SAML 1.1."),
    _invalid("assertion-version", "MajorVersion and MinorVersion are not 1 and 1."),
    _invalid("assertion-incomplete", "AssertionID, Issuer or a readable IssueInstant is missing."),
    _invalid(
        "assertion-nested",
        "Another Assertion stands inside this one.",
        reasoning="The classic wrapping attack; Advice may hold assertions, but no identity provider sends them.",
    ),
    _invalid("subject-missing", "No statement has a Subject."),
    _invalid(
        "subject-confirmation",
        "A Subject is confirmed by other methods than bearer.",
        reasoning="[MS-MWBF] 2.2.4.2.1.3 lets SubjectConfirmation be omitted, as the first AD FS did: that passes. "
        "What becomes of another method is not known.",
    ),
)

ISSUER_RULES: tuple[Rule, ...] = (
    _realm(
        "issuerid-several",
        "The issuerid claim has more than one value.",
        "MicrosoftDocs/azure-docs issue 13666",
        Certainty.ASSUMED,
        "Two claim rules that both issue issuerid are known to break the join; that the code is 50107 is inferred.",
    ),
    _realm(
        "issuer-unknown",
        "There is no issuerid and the Issuer is no IssuerUri of the tenant's domains, to the letter.",
        _REALM_REPORTS,
        Certainty.OBSERVED,
        "A trailing slash or http for https is enough.",
    ),
    _realm(
        "issuerid-unknown",
        "The issuerid claim is no IssuerUri of the tenant's domains.",
        "Microsoft support on AADSTS50107",
        Certainty.DOCUMENTED,
        "issuerid overrides the Issuer: it is how several domains share one identity provider.",
    ),
    _realm(
        "issuerid-missing",
        "Several domains share the Issuer and the assertion has no issuerid.",
        "https://learn.microsoft.com/entra/identity/devices/hybrid-join-manual",
        Certainty.ASSUMED,
        "The claim is documented as required then; the code is inferred, for the realm cannot be told.",
    ),
    Rule(
        id="issuer-not-federated",
        area=Area.ISSUER,
        trigger="The realm belongs to a domain that is managed, not federated.",
        code=500083,
        symbol=NO_SYMBOL,
        message="Unable to verify token signature. No trusted realm was found with identifier {issuer}.",
        source="public reports of AADSTS500083",
        certainty=Certainty.ASSUMED,
        reasoning="The text says that a realm is known by name but not trusted; the trigger is inferred.",
    ),
)

SIGNATURE_RULES: tuple[Rule, ...] = (
    _invalid("signature-missing", "The assertion is not signed.", area=Area.SIGNATURE),
    _invalid("signature-several", "The assertion has more than one Signature of its own.", area=Area.SIGNATURE),
    _invalid(
        "signature-form",
        "The signature is made of more than a token's: an Object or Manifest, a second Reference, an endless key.",
        area=Area.SIGNATURE,
        reasoning="Nothing of it is followed: a Manifest may name any file, and adding one takes no key. That Entra "
        "refuses an Object is inferred from Microsoft's own reader, DSigSerializer of Microsoft.IdentityModel.Xml, "
        "which throws at whatever follows KeyInfo. The bounds are this double's.",
    ),
    Rule(
        id="signing-key-unknown",
        area=Area.SIGNATURE,
        trigger="The certificate in KeyInfo is neither signingCertificate nor nextSigningCertificate of the domain.",
        code=5000811,
        symbol=NO_SYMBOL,
        message=(
            "Unable to verify token signature. The signing key identifier does not match any valid registered keys."
        ),
        source=f"{B2B_REPORTS} (AADSTS5000811)",
        certainty=Certainty.ASSUMED,
        reasoning="Not on Microsoft's page; seen for SAML providers of guests, and for a federated domain's tokens "
        "inferred from its words.",
    ),
    Rule(
        id="signature-algorithm",
        area=Area.SIGNATURE,
        trigger="The signature, digest or canonicalization algorithm is none that SAML 1.1 tokens are signed with.",
        code=90010,
        symbol="NotSupported",
        message="Unable to create the algorithm.",
        source=CODES,
        certainty=Certainty.ASSUMED,
        reasoning="The code is documented for an algorithm that cannot be created; that a signature's is meant is "
        "inferred. Only RSA with SHA-1 or SHA-2 is taken; whether Entra still takes SHA-1 is not known, so it passes.",
    ),
    _signature(
        "signature-reference",
        "The signature does not cover exactly the assertion, by one Reference to its AssertionID.",
        Certainty.ASSUMED,
        "A signature over something else says nothing about this assertion.",
    ),
    _signature(
        "signature-wrong",
        "The signature does not verify with the domain's key.",
        Certainty.ASSUMED,
        "The code is documented for a signature that does not verify; that a federated assertion's is meant, inferred.",
    ),
)

TIME_RULES: tuple[Rule, ...] = (
    _invalid("conditions-missing", "Conditions, NotBefore or NotOnOrAfter is missing or unreadable.", area=Area.TIME),
    Rule(
        id="not-yet-valid",
        area=Area.TIME,
        trigger="NotBefore is more than five minutes ahead of Entra's clock.",
        code=500133,
        symbol=NO_SYMBOL,
        message=_RANGE,
        source=CODES,
        certainty=Certainty.ASSUMED,
        reasoning="The code is documented for the time range; the tolerance of five minutes is not, nor the direction.",
    ),
    Rule(
        id="expired",
        area=Area.TIME,
        trigger="NotOnOrAfter lies five minutes or more behind Entra's clock.",
        code=500133,
        symbol=NO_SYMBOL,
        message=_RANGE,
        source=CODES,
        certainty=Certainty.ASSUMED,
        reasoning="The page's words are about a user assertion or access token; that a SAML 1.1 assertion is meant too "
        "and the tolerance of five minutes are inferred.",
    ),
)

AUDIENCE_RULES: tuple[Rule, ...] = (
    _invalid(
        "audience-missing",
        "The assertion is not restricted to any audience.",
        area=Area.AUDIENCE,
        reasoning="Windows Identity Foundation refuses such a token by default; the code is a guess.",
    ),
    _invalid(
        "audience-wrong",
        f"An AudienceRestrictionCondition does not name {AUDIENCE}.",
        area=Area.AUDIENCE,
        reasoning="Which code Entra gives for a wrong audience is not known; 50008 points at the federation provider.",
    ),
)

ASSERTION_RULES = (*FORM_RULES, *ISSUER_RULES, *SIGNATURE_RULES, *TIME_RULES, *AUDIENCE_RULES)

__all__ = ["ASSERTION_RULES", "AUDIENCE", "SKEW_S"]
