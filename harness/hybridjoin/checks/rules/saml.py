"""The SAML 1.1 assertion: its frame, its window, its audience and its subject."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from hybridjoin.checks.readings import assertion_of
from hybridjoin.checks.requirement import Finding, NotReached, broken, expect, not_applicable, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names

SKEW = timedelta(minutes=5)
_ID = re.compile(r"[^\W\d][\w.-]*")
_ORDER = {"Conditions": 0, "Advice": 1, "Signature": 3}
_WINDOWS = "urn:federation:authentication:windows"
_FORMATS = (
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
)
_CLOCK = "Compare the IdP's clock with a time server; both sides follow NTP."


def _arrival(evidence: JoinEvidence) -> datetime | None:
    """When the reply came, by a clock that nobody bent on purpose."""
    arrived = evidence.rstr_received_at
    return None if arrived is None else arrived - timedelta(seconds=evidence.clock_offset_s)


@requirement(
    "SAML-01",
    Level.MUST,
    "SAML11 2.3.2",
    remedy="Issue SAML 1.1 (PingFederate: default token type SAML 1.1), not 2.0 under another name.",
    verified=True,
)
def version_is_11(evidence: JoinEvidence) -> Finding:
    """The assertion says MajorVersion 1 and MinorVersion 1."""
    found = assertion_of(evidence).version
    return expect(found == "1.1", expected="1.1", found=found, where="RSTR, saml:Assertion")


@requirement(
    "SAML-02",
    Level.MUST,
    "MS-ERRORS AADSTS50107",
    remedy="Make IssuerUri (Get-MgDomainFederationConfiguration) and the IdP's issuer the same to the last character.",
    verified=True,
)
def issuer_is_the_domains(evidence: JoinEvidence) -> Finding:
    """The assertion's Issuer is the domain's IssuerUri in Entra, character by character."""
    found = assertion_of(evidence).issuer
    same = found == evidence.issuer
    return expect(same, expected=evidence.issuer, found=found or "no Issuer", where="RSTR, saml:Assertion Issuer")


@requirement(
    "SAML-03",
    Level.MUST,
    "SAML11 2.3.2",
    remedy="Let the AssertionID start with a letter or an underscore.",
    verified=True,
)
def assertion_id_is_an_xml_id(evidence: JoinEvidence) -> Finding:
    """The AssertionID is an XML ID: it starts with a letter or underscore and holds no colon."""
    found = assertion_of(evidence).assertion_id
    right = _ID.fullmatch(found)
    return expect(right, expected="an xs:ID", found=found or "no AssertionID", where="RSTR, saml:Assertion")


@requirement(
    "SAML-04", Level.MUST, "MS-MWBF 2.2.4.2", remedy="Issue Conditions with NotBefore and NotOnOrAfter.", verified=True
)
def conditions_bound_the_time(evidence: JoinEvidence) -> Finding:
    """Conditions carry both NotBefore and NotOnOrAfter, the former before the latter."""
    assertion = assertion_of(evidence)
    start, end = assertion.not_before, assertion.not_on_or_after
    where = "RSTR, saml:Conditions"
    if start is None or end is None:
        missing = [name for name, value in (("NotBefore", start), ("NotOnOrAfter", end)) if value is None]
        return broken(expected="NotBefore and NotOnOrAfter", found=f"no {' and no '.join(missing)}", where=where)
    return expect(start < end, expected="NotBefore < NotOnOrAfter", found=f"{start} to {end}", where=where)


@requirement("SAML-05", Level.MUST, "SAML11 2.3.2.1.1", remedy=_CLOCK, verified=True)
def assertion_is_valid_on_arrival(evidence: JoinEvidence) -> Finding:
    """The assertion arrives inside its window, five minutes of clock difference allowed."""
    assertion, arrived = assertion_of(evidence), _arrival(evidence)
    start, end = assertion.not_before, assertion.not_on_or_after
    if start is None or end is None or arrived is None:
        raise NotReached("the assertion has no window, or the time of its arrival is not known")
    inside = start - SKEW <= arrived < end + SKEW
    found = f"arrived at {arrived:%Y-%m-%d %H:%M:%S}Z"
    expected = f"between {start:%Y-%m-%d %H:%M:%S}Z and {end:%Y-%m-%d %H:%M:%S}Z"
    return expect(inside, expected=expected, found=found, where="RSTR, saml:Conditions")


@requirement("SAML-06", Level.SHOULD, "SAML11 2.3.2", remedy=_CLOCK, verified=True)
def assertion_is_not_from_the_future(evidence: JoinEvidence) -> Finding:
    """IssueInstant is not later than the arrival, five minutes of clock difference allowed."""
    assertion, arrived = assertion_of(evidence), _arrival(evidence)
    if assertion.issue_instant is None or arrived is None:
        raise NotReached("the assertion has no readable IssueInstant, or the time of its arrival is not known")
    right = assertion.issue_instant <= arrived + SKEW
    expected = f"at most {arrived:%Y-%m-%d %H:%M:%S}Z"
    return expect(right, expected=expected, found=str(assertion.issue_instant), where="RSTR, IssueInstant")


@requirement("SAML-07", Level.MUST, "SAML11 1.2.2", remedy="Write times as 2025-07-09T02:14:21.123Z.", verified=True)
def times_are_readable(evidence: JoinEvidence) -> Finding:
    """Every time of the assertion is an xs:dateTime, and IssueInstant is there."""
    assertion = assertion_of(evidence)
    odd = list(assertion.malformed_times)
    if assertion.issue_instant is None and not odd:
        odd = ["no IssueInstant"]
    return expect(not odd, expected="xs:dateTime", found=", ".join(odd) or "all are", where="RSTR, saml:Assertion")


@requirement(
    "SAML-08",
    Level.MUST,
    "SAML11 2.3.2.1.3",
    remedy="Set the relying party's audience to urn:federation:MicrosoftOnline.",
    verified=True,
)
def audience_is_entra(evidence: JoinEvidence) -> Finding:
    """The audience restriction, or each of several, names the realm that the token was asked for."""
    assertion = assertion_of(evidence)
    conditions = assertion.audience_conditions
    if not assertion.has_conditions:
        raise NotReached("the assertion has no Conditions, which SAML-04 judges")
    found = " and ".join(", ".join(item) or "no Audience" for item in conditions) or "no Audience"
    right = conditions and all(evidence.applies_to in item for item in conditions)
    return expect(right, expected=evidence.applies_to, found=found, where="RSTR, saml:Audience")


@requirement(
    "SAML-09",
    Level.MUST,
    "SAML11 2.4.2.3",
    remedy="Confirm the subject of every statement by urn:oasis:names:tc:SAML:1.0:cm:bearer.",
)
def subject_is_confirmed_as_bearer(evidence: JoinEvidence) -> Finding:
    """Every statement has a subject, which is confirmed by the bearer method."""
    assertion = assertion_of(evidence)
    subjects = assertion.subjects
    lost = assertion.attribute_statements + assertion.authentication_statements - len(subjects)
    if lost > 0:
        found = f"{lost} statement(s) without a Subject"
        return broken(expected=names.BEARER, found=found, where="RSTR, saml:Subject")
    odd = [item for item in subjects if names.BEARER not in item.confirmation_methods]
    found = ", ".join(odd[0].confirmation_methods) or "no ConfirmationMethod" if odd else names.BEARER
    return expect(subjects and not odd, expected=names.BEARER, found=found, where="RSTR, saml:SubjectConfirmation")


@requirement(
    "SAML-10",
    Level.MUST,
    "MS-HYBRID Set up issuance of claims",
    remedy="Map the device claims, so that there is something to state; see the CLAIM requirements.",
    verified=True,
)
def attributes_are_stated(evidence: JoinEvidence) -> Finding:
    """The assertion has an AttributeStatement with attributes."""
    assertion = assertion_of(evidence)
    found = f"{assertion.attribute_statements} statement(s), {len(assertion.attributes)} attribute(s)"
    return expect(assertion.attributes, expected="at least one attribute", found=found, where="RSTR, saml:Assertion")


@requirement(
    "SAML-11",
    Level.SHOULD,
    "MS-MWBF 2.2.4.2.1.1",
    remedy="Say urn:federation:authentication:windows in the AuthenticationMethod of a Kerberos log-on.",
    verified=True,
)
def authentication_is_stated(evidence: JoinEvidence) -> Finding:
    """An AuthenticationStatement says that Windows authentication was used."""
    assertion = assertion_of(evidence)
    if not assertion.authentication_statements:
        return broken(expected=_WINDOWS, found="no AuthenticationStatement", where="RSTR, saml:Assertion")
    found = assertion.authentication_method
    right = found == _WINDOWS
    return expect(right, expected=_WINDOWS, found=found or "no method", where="RSTR, saml:AuthenticationStatement")


@requirement(
    "SAML-12",
    Level.MUST,
    "PINGONE Attribute mappings reference",
    remedy="In PingOne, Configuration tab, Subject NameIdentifier Format: emailAddress or unspecified.",
    verified=True,
)
def name_identifier_has_an_accepted_format(evidence: JoinEvidence) -> Finding:
    """The NameIdentifier's Format is unspecified or emailAddress, or is left out."""
    formats = [item.format for item in assertion_of(evidence).subjects if item.format is not None]
    odd = [item for item in formats if item not in _FORMATS]
    found = ", ".join(dict.fromkeys(odd or formats)) or "no Format"
    return expect(not odd, expected=" or ".join(_FORMATS), found=found, where="RSTR, saml:NameIdentifier")


@requirement(
    "SAML-13",
    Level.MUST,
    "MS-MWBF 2.2.4.2.1.1",
    remedy="Write the same NameIdentifier into each statement.",
    verified=True,
)
def statements_agree_on_the_subject(evidence: JoinEvidence) -> Finding:
    """All statements of the assertion are about one and the same subject."""
    subjects = {(item.name_identifier, item.format) for item in assertion_of(evidence).subjects}
    if not subjects:
        return not_applicable("the assertion has no subject")
    found = f"{len(subjects)} subject(s)"
    return expect(len(subjects) == 1, expected="1 subject(s)", found=found, where="RSTR, saml:Subject")


@requirement(
    "SAML-14",
    Level.MUST,
    "SAML11 2.4.4.1",
    remedy="Split a claim URI at its last slash: what is before it is AttributeNamespace, the rest AttributeName.",
)
def attributes_are_split_at_the_last_slash(evidence: JoinEvidence) -> Finding:
    """No AttributeName holds a URI, and no AttributeNamespace is empty or ends with a slash."""
    odd = [
        item
        for item in assertion_of(evidence).attributes
        if "/" in item.name or item.namespace.endswith("/") or not item.namespace.strip()
    ]
    found = ", ".join(f"'{item.namespace}' + '{item.name}'" for item in odd) or "all are split"
    return expect(not odd, expected="namespace and name apart", found=found, where="RSTR, saml:Attribute")


@requirement(
    "SAML-15",
    Level.MUST,
    "SAML11 2.3.2",
    remedy="Write Conditions, Advice, the statements and at last the Signature.",
    verified=True,
)
def parts_stand_in_the_schemas_order(evidence: JoinEvidence) -> Finding:
    """The assertion's parts stand in the order of the schema: Conditions, Advice, statements, Signature."""
    children = assertion_of(evidence).children
    ranks = [_ORDER.get(name, 2) for name in children]
    found = ", ".join(children) or "no parts"
    expected = "Conditions, Advice, statements, Signature"
    return expect(ranks == sorted(ranks), expected=expected, found=found, where="RSTR, saml:Assertion")
