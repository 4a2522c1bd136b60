"""The SAML 1.1 assertion: its frame, its window, its audience and its subject."""

from __future__ import annotations

import re
from datetime import timedelta

from hybridjoin.checks.claims import DEVICE_CLAIMS
from hybridjoin.checks.places import in_response
from hybridjoin.checks.requirement import Finding, broken, expect, not_applicable, requirement
from hybridjoin.checks.silence import absent, judged_elsewhere
from hybridjoin.evidence.facts import ArrivedAt, Asked, TrustedIssuer
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import Credential
from hybridjoin.protocol.saml11 import Assertion

SKEW = timedelta(minutes=5)
_ID = re.compile(r"[^\W\d][\w.-]*")
_ORDER = {"Conditions": 0, "Advice": 1, "Signature": 3}
_WINDOWS = "urn:federation:authentication:windows"
_FORMATS = (
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
)
_CLOCK = "Compare the IdP's clock with a time server; both sides follow NTP."
_WHOLE = in_response("saml:Assertion")


@requirement(
    "SAML-01",
    Level.MUST,
    "SAML11 2.3.2",
    remedy="Issue SAML 1.1 (PingFederate: default token type SAML 1.1), not 2.0 under another name.",
    verified=True,
)
def version_is_11(assertion: Assertion) -> Finding:
    """The assertion says MajorVersion 1 and MinorVersion 1."""
    found = assertion.version
    return expect(found == "1.1", expected="1.1", found=found, where=_WHOLE)


@requirement(
    "SAML-02",
    Level.MUST,
    "MS-ERRORS AADSTS50107",
    remedy="Make IssuerUri (Get-MgDomainFederationConfiguration) and the IdP's issuer the same to the last character.",
    verified=True,
)
def issuer_is_the_domains(assertion: Assertion, issuer: TrustedIssuer) -> Finding:
    """The assertion's Issuer is the domain's IssuerUri in Entra, character by character."""
    found = assertion.issuer
    return expect(found == issuer.uri, expected=issuer.uri, found=found or "no Issuer", where=_WHOLE)


@requirement(
    "SAML-03",
    Level.MUST,
    "SAML11 2.3.2",
    remedy="Let the AssertionID start with a letter or an underscore.",
    verified=True,
)
def assertion_id_is_an_xml_id(assertion: Assertion) -> Finding:
    """The AssertionID is an XML ID: it starts with a letter or underscore and holds no colon."""
    found = assertion.assertion_id
    return expect(_ID.fullmatch(found), expected="an xs:ID", found=found or "no AssertionID", where=_WHOLE)


@requirement(
    "SAML-04", Level.MUST, "MS-MWBF 2.2.4.2", remedy="Issue Conditions with NotBefore and NotOnOrAfter.", verified=True
)
def conditions_bound_the_time(assertion: Assertion) -> Finding:
    """Conditions carry both NotBefore and NotOnOrAfter, the former before the latter."""
    start, end = assertion.not_before, assertion.not_on_or_after
    where = in_response("saml:Conditions") if assertion.has_conditions else _WHOLE
    if start is None or end is None:
        missing = [name for name, value in (("NotBefore", start), ("NotOnOrAfter", end)) if value is None]
        return broken(expected="NotBefore and NotOnOrAfter", found=f"no {' and no '.join(missing)}", where=where)
    return expect(start < end, expected="NotBefore < NotOnOrAfter", found=f"{start} to {end}", where=where)


@requirement("SAML-05", Level.MUST, "SAML11 2.3.2.1.1", remedy=_CLOCK, verified=True)
def assertion_is_valid_on_arrival(assertion: Assertion, arrived: ArrivedAt) -> Finding:
    """The assertion arrives inside its window, five minutes of clock difference allowed."""
    start, end = assertion.not_before, assertion.not_on_or_after
    if start is None or end is None:
        raise absent("the assertion has no window", step=Step.RST)
    # The allowance is put on our own clock: a window may begin in the first year and end in the last.
    inside = start <= arrived.at + SKEW and arrived.at - SKEW < end
    found = f"arrived at {arrived.at:%Y-%m-%d %H:%M:%S}Z"
    expected = f"between {start:%Y-%m-%d %H:%M:%S}Z and {end:%Y-%m-%d %H:%M:%S}Z"
    return expect(inside, expected=expected, found=found, where=in_response("saml:Conditions"))


@requirement("SAML-06", Level.SHOULD, "SAML11 2.3.2", remedy=_CLOCK, verified=True)
def assertion_is_not_from_the_future(assertion: Assertion, arrived: ArrivedAt) -> Finding:
    """IssueInstant is not later than the arrival, five minutes of clock difference allowed."""
    if assertion.issue_instant is None:
        raise absent("the assertion has no readable IssueInstant", step=Step.RST)
    right = assertion.issue_instant <= arrived.at + SKEW
    expected = f"at most {arrived.at:%Y-%m-%d %H:%M:%S}Z"
    return expect(right, expected=expected, found=str(assertion.issue_instant), where=_WHOLE)


@requirement("SAML-07", Level.MUST, "SAML11 1.2.2", remedy="Write times as 2025-07-09T02:14:21.123Z.", verified=True)
def times_are_readable(assertion: Assertion) -> Finding:
    """Every time of the assertion is an xs:dateTime, and IssueInstant is there."""
    odd = list(assertion.malformed_times)
    if assertion.issue_instant is None and not odd:
        odd = ["no IssueInstant"]
    return expect(not odd, expected="xs:dateTime", found=", ".join(odd) or "all are", where=_WHOLE)


@requirement(
    "SAML-08",
    Level.MUST,
    "SAML11 2.3.2.1.3",
    remedy="Set the relying party's audience to urn:federation:MicrosoftOnline.",
    verified=True,
)
def audience_is_entra(assertion: Assertion, asked: Asked) -> Finding:
    """The audience restriction, or each of several, names the realm that the token was asked for."""
    if not assertion.has_conditions:
        raise judged_elsewhere("SAML-04", "the assertion has no Conditions")
    conditions, wanted = assertion.audience_conditions, asked.applies_to
    found = " and ".join(", ".join(item) or "no Audience" for item in conditions) or "no Audience"
    right = conditions and all(wanted in item for item in conditions)
    where = in_response("saml:Audience" if assertion.audiences else "saml:Conditions")
    return expect(right, expected=wanted, found=found, where=where)


@requirement(
    "SAML-09",
    Level.SHOULD,
    "SAML11 2.4.2.3",
    remedy="Confirm the subject of every statement by urn:oasis:names:tc:SAML:1.0:cm:bearer.",
)
def subject_is_confirmed_as_bearer(assertion: Assertion) -> Finding:
    """Every statement has a subject, which is confirmed by the bearer method."""
    subjects = assertion.subjects
    lost = assertion.attribute_statements + assertion.authentication_statements - len(subjects)
    if lost > 0:
        return broken(expected=names.BEARER, found=f"{lost} statement(s) without a Subject", where=_WHOLE)
    odd = [item for item in subjects if names.BEARER not in item.confirmation_methods]
    found = ", ".join(odd[0].confirmation_methods) or "no ConfirmationMethod" if odd else names.BEARER
    methods = (odd or subjects)[0].confirmation_methods if subjects else ()
    where = in_response("saml:ConfirmationMethod" if methods else "saml:Subject") if subjects else _WHOLE
    return expect(subjects and not odd, expected=names.BEARER, found=found, where=where)


@requirement(
    "SAML-10",
    Level.MUST,
    "MS-HYBRID Set up issuance of claims",
    remedy="Map the device claims, so that there is something to state; see the CLAIM requirements.",
    verified=True,
)
def attributes_are_stated(assertion: Assertion) -> Finding:
    """The assertion has an AttributeStatement with attributes."""
    found = f"{assertion.attribute_statements} statement(s), {len(assertion.attributes)} attribute(s)"
    return expect(assertion.attributes, expected="at least one attribute", found=found, where=_WHOLE)


@requirement(
    "SAML-11",
    Level.SHOULD,
    "MS-MWBF 2.2.4.2.1.1",
    remedy="Say urn:federation:authentication:windows in the AuthenticationMethod of a Kerberos log-on.",
    verified=True,
)
def authentication_is_stated(assertion: Assertion, asked: Asked | None) -> Finding:
    """An AuthenticationStatement says that Windows authentication was used."""
    if asked is not None and asked.credential is not Credential.WINDOWS:
        return not_applicable("the request showed no ticket")
    if not assertion.authentication_statements:
        return broken(expected=_WINDOWS, found="no AuthenticationStatement", where=_WHOLE)
    found = assertion.authentication_method
    where = in_response("saml:AuthenticationStatement")
    return expect(found == _WINDOWS, expected=_WINDOWS, found=found or "no method", where=where)


@requirement(
    "SAML-12",
    Level.SHOULD,
    "PINGONE Attribute mappings reference",
    remedy="Write the Format unspecified or emailAddress of SAML 1.1, or none; in PingOne, Configuration tab, Subject "
    "NameIdentifier Format.",
    verified=True,
)
def name_identifier_has_an_accepted_format(assertion: Assertion) -> Finding:
    """The NameIdentifier's Format is unspecified or emailAddress, or is left out."""
    formats = [item.format for item in assertion.subjects if item.format is not None]
    odd = [item for item in formats if item not in _FORMATS]
    found = ", ".join(dict.fromkeys(odd or formats)) or "no Format"
    where = in_response("saml:NameIdentifier") if formats else _WHOLE
    return expect(not odd, expected=" or ".join(_FORMATS), found=found, where=where)


@requirement(
    "SAML-13",
    Level.MUST,
    "MS-MWBF 2.2.4.2.1.1",
    remedy="Write the same NameIdentifier into each statement.",
    verified=True,
)
def statements_agree_on_the_subject(assertion: Assertion) -> Finding:
    """All statements of the assertion are about one and the same subject."""
    subjects = {(item.name_identifier, item.format) for item in assertion.subjects}
    if not subjects:
        return not_applicable("the assertion has no subject")
    found = f"{len(subjects)} subject(s)"
    return expect(len(subjects) == 1, expected="1 subject(s)", found=found, where=in_response("saml:Subject"))


@requirement(
    "SAML-14",
    Level.MUST,
    "SAML11 2.4.4.1",
    remedy="Split a claim URI at its last slash: what is before it is AttributeNamespace, the rest AttributeName.",
)
def attributes_are_split_at_the_last_slash(assertion: Assertion) -> Finding:
    """No claim of a device has a URI for a name, or an AttributeNamespace that is empty or ends with a slash."""
    odd = [
        item
        for item in assertion.attributes
        if item.name.rpartition("/")[2] in DEVICE_CLAIMS
        and ("/" in item.name or item.namespace.endswith("/") or not item.namespace.strip())
    ]
    found = ", ".join(f"'{item.namespace}' + '{item.name}'" for item in odd) or "all are split"
    where = in_response("saml:Attribute", label=odd[0].name) if odd else _WHOLE
    return expect(not odd, expected="namespace and name apart", found=found, where=where)


@requirement(
    "SAML-15",
    Level.MUST,
    "SAML11 2.3.2",
    remedy="Write Conditions, Advice, the statements and at last the Signature.",
    verified=True,
)
def parts_stand_in_the_schemas_order(assertion: Assertion) -> Finding:
    """The assertion has the parts of the schema in its order: Conditions, Advice, statements, Signature."""
    ranks = [_ORDER.get(name, 2) for name in assertion.children]
    once = all(assertion.children.count(name) < 2 for name in _ORDER)  # readers choose among twins as they like
    found = ", ".join(assertion.children) or "no parts"
    expected = "Conditions, Advice, statements, Signature; each but the statements once"
    return expect(once and ranks == sorted(ranks), expected=expected, found=found, where=_WHOLE)
