"""The claims a device token needs, each against the live directory."""

from __future__ import annotations

from hybridjoin.checks.claims import SUBJECT, judged_claim
from hybridjoin.checks.readings import assertion_of
from hybridjoin.checks.requirement import Answer, Finding, broken, expect, holds, not_applicable, requirement, review
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Level, Outcome
from hybridjoin.protocol import names
from hybridjoin.protocol.saml11 import Attribute

_FORMAT = (
    "In the PingOne admin console, Microsoft 365 application, Attribute Mappings: ⋮, Update NameFormat, choose {}."
)
_GUID = "In PingOne map it to #string.uuidAsBase64Guid(user.externalId,null); in AD FS query objectguid from AD."


def _place(evidence: JoinEvidence, claim: tuple[str, str]) -> Finding:
    """Judge only where a claim stands: by its name, in its namespace."""
    namespace, name = claim
    judged = judged_claim(evidence, name)
    row = judged.row
    if not row.found:
        return broken(expected=f"{namespace}/{name}", found="missing", where=_where(name))
    if judged.place:
        return broken(expected=row.namespace, found=judged.place, where=_where(name))
    return holds(row.found_namespace, where=_where(name))


def _value(evidence: JoinEvidence, name: str) -> Finding:
    """Judge only a claim's value."""
    judged = judged_claim(evidence, name)
    row = judged.row
    where = _where(name)
    if judged.value is Outcome.SKIPPED:
        return not_applicable(f"{name} is missing")
    if judged.value is Outcome.PASSED:
        return holds(", ".join(row.found), where=where)
    words = judged.value_mistake or "a value that is not in the directory"
    found = f"{', '.join(repr(item) for item in row.found)}: {words}"
    answer = review if judged.value is Outcome.REVIEW else broken
    return answer(expected=", ".join(row.expected), found=found, where=where)


def _where(name: str) -> str:
    return "RSTR, saml:NameIdentifier" if name == SUBJECT else f"RSTR, saml:Attribute {name}"


@requirement(
    "CLAIM-01",
    Level.MUST,
    "MS-HYBRID Set up issuance of claims",
    remedy=_FORMAT.format(names.CLAIM_ACCOUNT_TYPE[0]),
    verified=True,
)
def account_type_is_issued(evidence: JoinEvidence) -> Finding:
    """The accounttype claim is issued in its namespace, http://schemas.microsoft.com/ws/2012/01."""
    return _place(evidence, names.CLAIM_ACCOUNT_TYPE)


@requirement(
    "CLAIM-02",
    Level.MUST,
    "MS-HYBRID Issue account type claim",
    remedy='In PingOne map it to "DJ", quotes included.',
    verified=True,
)
def account_type_is_dj(evidence: JoinEvidence) -> Finding:
    """The accounttype claim says DJ, a domain-joined computer."""
    return _value(evidence, names.CLAIM_ACCOUNT_TYPE[1])


@requirement(
    "CLAIM-03",
    Level.MUST,
    "MS-HYBRID Set up issuance of claims",
    remedy=_FORMAT.format(names.CLAIM_OBJECT_GUID[0]),
    verified=True,
)
def object_guid_is_issued(evidence: JoinEvidence) -> Finding:
    """The onpremobjectguid claim is issued in its namespace, http://schemas.microsoft.com/identity/claims."""
    return _place(evidence, names.CLAIM_OBJECT_GUID)


@requirement(
    "CLAIM-04",
    Level.MUST,
    "MS-HYBRID Issue objectGUID of the computer account on-premises",
    remedy=_GUID,
    verified=True,
)
def object_guid_is_the_computers(evidence: JoinEvidence) -> Finding:
    """The onpremobjectguid claim is base64 of the 16 bytes of the computer's objectGUID."""
    return _value(evidence, names.CLAIM_OBJECT_GUID[1])


@requirement(
    "CLAIM-05",
    Level.MUST,
    "MS-HYBRID Set up issuance of claims",
    remedy=_FORMAT.format(names.CLAIM_PRIMARY_SID[0]),
    verified=True,
)
def primary_sid_is_issued(evidence: JoinEvidence) -> Finding:
    """The primarysid claim is issued in its namespace, http://schemas.microsoft.com/ws/2008/06/identity/claims."""
    return _place(evidence, names.CLAIM_PRIMARY_SID)


@requirement(
    "CLAIM-06",
    Level.MUST,
    "MS-HYBRID Issue objectSid of the computer account on-premises",
    remedy="Map it to the device's objectSid.",
    verified=True,
)
def primary_sid_is_the_computers(evidence: JoinEvidence) -> Finding:
    """The primarysid claim is the computer's own SID in text form."""
    return _value(evidence, names.CLAIM_PRIMARY_SID[1])


@requirement(
    "CLAIM-07",
    Level.MUST,
    "PINGONE Attribute mappings reference",
    remedy=_FORMAT.format(names.CLAIM_IMMUTABLE_ID[0]),
    verified=True,
)
def immutable_id_is_issued(evidence: JoinEvidence) -> Finding:
    """The ImmutableID claim is issued in one of its two namespaces."""
    return _place(evidence, names.CLAIM_IMMUTABLE_ID)


@requirement("CLAIM-08", Level.MUST, "PINGONE Attribute mappings reference", remedy=_GUID, verified=True)
def immutable_id_is_the_anchor(evidence: JoinEvidence) -> Finding:
    """The ImmutableID claim is base64 of the computer's source anchor."""
    return _value(evidence, names.CLAIM_IMMUTABLE_ID[1])


@requirement("CLAIM-09", Level.MUST, "PINGONE Attribute mappings reference", remedy=_GUID, verified=True)
def subject_is_the_anchor(evidence: JoinEvidence) -> Finding:
    """The subject's NameIdentifier is base64 of the computer's source anchor."""
    row = judged_claim(evidence, SUBJECT).row
    if not row.found:
        return broken(expected=", ".join(row.expected), found=row.mistake or "no subject", where=_where(SUBJECT))
    return _value(evidence, SUBJECT)


@requirement(
    "CLAIM-10",
    Level.MUST,
    "MS-HYBRID Remarks",
    remedy="Remove the second rule or mapping that issues the claim.",
    verified=True,
)
def no_claim_is_issued_twice(evidence: JoinEvidence) -> Finding:
    """No claim of a device is issued twice under one name and namespace."""
    keys = [(item.namespace, item.name) for item in _device_claims(evidence)]
    twins = sorted({f"{space}/{name}" for space, name in keys if keys.count((space, name)) > 1})
    found = ", ".join(twins) or "no twins"
    return expect(
        not twins, expected="one attribute for each claim", found=found, where="RSTR, saml:AttributeStatement"
    )


@requirement("CLAIM-11", Level.MUST, "SAML11 2.4.4.1", remedy="Map the claim to an attribute with a single value.")
def claims_have_one_value(evidence: JoinEvidence) -> Finding:
    """Every claim of a device has exactly one value."""
    odd = [item for item in _device_claims(evidence) if len(item.values) != 1]
    found = ", ".join(f"{item.name}: {len(item.values)} values" for item in odd) or "one value each"
    return expect(not odd, expected="one value each", found=found, where="RSTR, saml:AttributeValue")


def _device_claims(evidence: JoinEvidence) -> tuple[Attribute, ...]:
    claims = (names.CLAIM_ACCOUNT_TYPE, names.CLAIM_OBJECT_GUID, names.CLAIM_PRIMARY_SID, names.CLAIM_ISSUER_ID)
    wanted = {name for _, name in (*claims, names.CLAIM_IMMUTABLE_ID, names.CLAIM_UPN)}
    return tuple(item for item in assertion_of(evidence).attributes if item.name in wanted)


@requirement(
    "CLAIM-12",
    Level.MUST,
    "MS-HYBRID Issue issuerID for the computer when multiple verified domain names are in Microsoft Entra ID",
    remedy="Issue the IssuerUri of one federated domain.",
    verified=True,
)
def issuer_id_is_the_domains(evidence: JoinEvidence) -> Finding:
    """The issuerid claim, needed where several domains share one IdP, is the domain's IssuerUri in its namespace."""
    judged = judged_claim(evidence, names.CLAIM_ISSUER_ID[1])
    if not judged.row.found:
        return not_applicable("issuerid is not issued; it is needed only where several domains share one IdP")
    placed = _place(evidence, names.CLAIM_ISSUER_ID)
    return _value(evidence, names.CLAIM_ISSUER_ID[1]) if placed.answer is Answer.HOLDS else placed


@requirement(
    "CLAIM-13",
    Level.SHOULD,
    "PINGONE Attribute mappings reference",
    remedy="In PingOne map UPN for devices too, or know that their profile has none: Entra joins without it.",
    verified=True,
)
def upn_is_the_computers(evidence: JoinEvidence) -> Finding:
    """The UPN claim is issued in its namespace, http://schemas.xmlsoap.org/claims, and is the computer's own."""
    placed = _place(evidence, names.CLAIM_UPN)
    return _value(evidence, names.CLAIM_UPN[1]) if placed.answer is Answer.HOLDS else placed
