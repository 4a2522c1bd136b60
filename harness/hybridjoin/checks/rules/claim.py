"""The claims a device token needs, each against the live directory.

Where a claim stands can be told without any directory; that these checks read its facts all the same, if there are
any, says that they are about a computer: no flow in which none takes part is asked them.
"""

from __future__ import annotations

from collections import Counter

from hybridjoin.checks import claims
from hybridjoin.checks.claims import JudgedClaim
from hybridjoin.checks.places import in_response
from hybridjoin.checks.requirement import Answer, Finding, broken, expect, holds, not_applicable, requirement, review
from hybridjoin.evidence.facts import DirectoryFacts, TrustedIssuer
from hybridjoin.model.site import UserPractice
from hybridjoin.model.verdict import Level, Outcome
from hybridjoin.model.where import Where
from hybridjoin.protocol import names
from hybridjoin.protocol.saml11 import Assertion, Attribute

_FORMAT = (
    "Issue it, and in that namespace. In AD FS: by the rules for computers on Microsoft's page on hybrid join. "
    "In the PingOne admin console, Microsoft 365 application, Attribute Mappings: map it where it is missing; then ⋮, "
    "Update NameFormat, choose {}."
)
_GUID = (
    "Issue base64 of the 16 bytes as the directory keeps them: in AD FS query objectguid from AD; in PingOne map "
    "#string.uuidAsBase64Guid(user.externalId,null)."
)


def _place(assertion: Assertion, claim: tuple[str, str], *others: str) -> Finding:
    """Judge only where a claim stands: by its name, in its namespace or one of the others."""
    namespace, name = claim
    found = claims.find_claim(assertion, name, (namespace, *others))
    if not found.values:
        return broken(expected=f"{namespace}/{name}", found="missing", where=_statement(assertion))
    where = in_response("saml:Attribute", label=found.name)
    if found.place:
        return broken(expected=namespace, found=found.place, where=where)
    return holds(found.namespace, where=where)


def _value(judged: JudgedClaim, where: Where) -> Finding:
    """Judge only a claim's value."""
    row = judged.row
    if judged.value is Outcome.SKIPPED:
        return not_applicable(f"{row.name} is missing")
    if judged.value is Outcome.PASSED:
        return holds(", ".join(row.found), where=where)
    words = judged.value_mistake or "a value that is not in the directory"
    found = f"{', '.join(repr(item) for item in row.found)}: {words}"
    answer = review if judged.value is Outcome.REVIEW else broken
    return answer(expected=", ".join(row.expected), found=found, where=where)


def _attribute_value(judged: JudgedClaim) -> Finding:
    return _value(judged, in_response("saml:Attribute", label=judged.claim.name))


def _statement(assertion: Assertion) -> Where:
    """Where a claim that is missing should stand."""
    return in_response("saml:AttributeStatement" if assertion.attribute_statements else "saml:Assertion")


@requirement(
    "CLAIM-01",
    Level.MUST,
    "MS-HYBRID Set up issuance of claims",
    remedy=_FORMAT.format(names.CLAIM_ACCOUNT_TYPE[0]),
    verified=True,
)
def account_type_is_issued(assertion: Assertion, _: DirectoryFacts | None) -> Finding:
    """The accounttype claim is issued in its namespace, http://schemas.microsoft.com/ws/2012/01."""
    return _place(assertion, names.CLAIM_ACCOUNT_TYPE)


@requirement(
    "CLAIM-02",
    Level.MUST,
    "MS-HYBRID Issue account type claim",
    remedy='Issue DJ, in these letters; in PingOne map it to "DJ", quotes included.',
    verified=True,
)
def account_type_is_dj(assertion: Assertion, _: DirectoryFacts | None) -> Finding:
    """The accounttype claim says DJ, a domain-joined computer."""
    return _attribute_value(claims.judge_claim(assertion, claims.account_type_claim()))


@requirement(
    "CLAIM-03",
    Level.MUST,
    "MS-HYBRID Set up issuance of claims",
    remedy=_FORMAT.format(names.CLAIM_OBJECT_GUID[0]),
    verified=True,
)
def object_guid_is_issued(assertion: Assertion, _: DirectoryFacts | None) -> Finding:
    """The onpremobjectguid claim is issued in its namespace, http://schemas.microsoft.com/identity/claims."""
    return _place(assertion, names.CLAIM_OBJECT_GUID)


@requirement(
    "CLAIM-04",
    Level.MUST,
    "MS-HYBRID Issue objectGUID of the computer account on-premises",
    remedy=_GUID,
    verified=True,
)
def object_guid_is_the_computers(assertion: Assertion, facts: DirectoryFacts) -> Finding:
    """The onpremobjectguid claim is base64 of the 16 bytes of the computer's objectGUID."""
    return _attribute_value(claims.judge_claim(assertion, claims.object_guid_claim(facts)))


@requirement(
    "CLAIM-05",
    Level.MUST,
    "MS-HYBRID Set up issuance of claims",
    remedy=_FORMAT.format(names.CLAIM_PRIMARY_SID[0]),
    verified=True,
)
def primary_sid_is_issued(assertion: Assertion, _: DirectoryFacts | None) -> Finding:
    """The primarysid claim is issued in its namespace, http://schemas.microsoft.com/ws/2008/06/identity/claims."""
    return _place(assertion, names.CLAIM_PRIMARY_SID)


@requirement(
    "CLAIM-06",
    Level.MUST,
    "MS-HYBRID Issue objectSid of the computer account on-premises",
    remedy="Map it to the device's objectSid.",
    verified=True,
)
def primary_sid_is_the_computers(assertion: Assertion, facts: DirectoryFacts) -> Finding:
    """The primarysid claim is the computer's own SID in text form."""
    return _attribute_value(claims.judge_claim(assertion, claims.primary_sid_claim(facts)))


@requirement(
    "CLAIM-07",
    Level.MUST,
    "MS-HYBRID Issue ImmutableID for the computer when one for users exists",
    remedy=_FORMAT.format(names.CLAIM_IMMUTABLE_ID[0]),
    verified=True,
)
def immutable_id_is_issued_as_for_users(
    assertion: Assertion, users: UserPractice | None, _: DirectoryFacts | None
) -> Finding:
    """The ImmutableID claim is issued in one of its two namespaces, where the IdP issues one for users."""
    spaces = (names.CLAIM_IMMUTABLE_ID[0], names.CLAIM_IMMUTABLE_ID_XMLSOAP[0])
    known = users.immutable_id if users is not None else None
    if claims.find_claim(assertion, names.CLAIM_IMMUTABLE_ID[1], spaces).values or known:
        return _place(assertion, names.CLAIM_IMMUTABLE_ID, spaces[1])
    if known is False:
        return not_applicable("the IdP issues no ImmutableID for users, and needs none for computers")
    expected = "/".join(names.CLAIM_IMMUTABLE_ID)
    words = "missing; whether users get one nobody said (idp: users: immutable_id in the site file)"
    return review(expected=f"{expected}, if users get one", found=words, where=_statement(assertion))


@requirement(
    "CLAIM-08",
    Level.MUST,
    "MS-HYBRID Issue ImmutableID for the computer when one for users exists",
    remedy=_GUID,
    verified=True,
)
def immutable_id_is_the_anchor(assertion: Assertion, facts: DirectoryFacts) -> Finding:
    """The ImmutableID claim, where it is issued, is base64 of the computer's source anchor."""
    return _attribute_value(claims.judge_claim(assertion, claims.immutable_id_claim(facts, UserPractice())))


@requirement("CLAIM-09", Level.SHOULD, "PINGONE Attribute mappings reference", remedy=_GUID, verified=True)
def subject_is_the_anchor(assertion: Assertion, facts: DirectoryFacts) -> Finding:
    """The subject's NameIdentifier is base64 of the computer's source anchor."""
    judged = claims.judge_subject(assertion, facts)
    row = judged.row
    if not row.found:
        where = in_response("saml:Subject" if assertion.subjects else "saml:Assertion")
        return broken(expected=", ".join(row.expected), found=row.mistake or "no subject", where=where)
    return _value(judged, in_response("saml:NameIdentifier"))


@requirement(
    "CLAIM-10",
    Level.MUST,
    "MS-HYBRID Remarks",
    remedy="Remove the second rule or mapping that issues the claim.",
    verified=True,
)
def no_claim_is_issued_twice(assertion: Assertion, _: DirectoryFacts | None) -> Finding:
    """No claim of a device is issued twice under one name and namespace."""
    counted = Counter((item.namespace, item.name) for item in _device_claims(assertion))
    twins = sorted(key for key, count in counted.items() if count > 1)
    found = ", ".join(f"{space}/{name}" for space, name in twins) or "no twins"
    where = in_response("saml:Attribute", label=twins[0][1]) if twins else _statement(assertion)
    return expect(not twins, expected="one attribute for each claim", found=found, where=where)


@requirement("CLAIM-11", Level.MUST, "SAML11 2.4.4.1", remedy="Map the claim to an attribute with a single value.")
def claims_have_one_value(assertion: Assertion, _: DirectoryFacts | None) -> Finding:
    """Every claim that Entra takes a device from has exactly one value; UPN, by which it finds none, is not one."""
    odd = [item for item in _device_claims(assertion) if len(item.values) != 1 and item.name != names.CLAIM_UPN[1]]
    found = ", ".join(f"{item.name}: {len(item.values)} values" for item in odd) or "one value each"
    where = in_response("saml:Attribute", label=odd[0].name) if odd else _statement(assertion)
    return expect(not odd, expected="one value each", found=found, where=where)


def _device_claims(assertion: Assertion) -> tuple[Attribute, ...]:
    return tuple(item for item in assertion.attributes if item.name in claims.DEVICE_CLAIMS)


@requirement(
    "CLAIM-12",
    Level.MUST,
    "MS-HYBRID Issue issuerID for the computer when multiple verified domain names are in Microsoft Entra ID",
    remedy="Issue the IssuerUri of one federated domain.",
    verified=True,
)
def issuer_id_is_the_domains(assertion: Assertion, issuer: TrustedIssuer, _: DirectoryFacts | None) -> Finding:
    """The issuerid claim, needed where several domains share one IdP, is the domain's IssuerUri in its namespace."""
    judged = claims.judge_claim(assertion, claims.issuer_id_claim(issuer))
    if not judged.row.found:
        return not_applicable("issuerid is not issued; it is needed only where several domains share one IdP")
    placed = _place(assertion, names.CLAIM_ISSUER_ID)
    return _attribute_value(judged) if placed.answer is Answer.HOLDS else placed


@requirement(
    "CLAIM-13",
    Level.SHOULD,
    "PINGONE Attribute mappings reference",
    remedy="Map UPN to the computer's own name, or leave it out for devices: Entra finds none by it.",
    verified=True,
)
def upn_is_the_computers(assertion: Assertion, facts: DirectoryFacts) -> Finding:
    """The UPN claim, where one is issued, stands in its namespace, http://schemas.xmlsoap.org/claims, and is right."""
    judged = claims.judge_claim(assertion, claims.upn_claim(facts))
    if not judged.row.found:
        return not_applicable("UPN is not issued, and Entra joins a computer without it")
    placed = _place(assertion, names.CLAIM_UPN)
    return _attribute_value(judged) if placed.answer is Answer.HOLDS else placed
