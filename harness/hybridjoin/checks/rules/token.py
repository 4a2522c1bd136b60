"""What Entra makes of the assertion: an access token for the registration service, about this computer."""

from __future__ import annotations

import uuid

from hybridjoin.checks.readings import computer_of, fell_at, token_of, unreadable
from hybridjoin.checks.requirement import (
    Finding,
    NotReached,
    broken,
    expect,
    holds,
    not_applicable,
    requirement,
    review,
)
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names
from hybridjoin.protocol.computer import Computer

_RESOURCE_APPLICATION = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"
_RESOURCES = {names.DRS_RESOURCE, _RESOURCE_APPLICATION}


@requirement(
    "TOKEN-01",
    Level.MUST,
    "PINGONE Attribute mappings issue",
    remedy="hybridjoin explain <the AADSTS number>. AADSTS51004 means that Entra looked for a user: check accounttype, "
    "onpremobjectguid and primarysid first, then the federation settings (Get-MgDomainFederationConfiguration).",
    verified=True,
)
def entra_accepts_the_assertion(evidence: JoinEvidence) -> Finding:
    """Entra trades the assertion for an access token."""
    error = evidence.entra_error
    where = "token endpoint"
    if error is not None:
        code = (
            f"AADSTS{error.code}: " if error.code is not None and f"AADSTS{error.code}" not in error.description else ""
        )
        return broken(expected="an access token", found=f"{code}{error.description or error.error}", where=where)
    words = unreadable(evidence, Step.TOKEN) or fell_at(evidence, Step.TOKEN)
    if words and evidence.token is None:
        return broken(expected="an access token", found=words, where=where)
    return holds(f"a {token_of(evidence).token_type or 'nameless'} token", where=where)


@requirement(
    "TOKEN-02",
    Level.MUST,
    "MS-TROUBLE Authentication phase",
    remedy="Nothing of the IdP's: the token endpoint answered for another resource; look at the tenant.",
    verified=True,
)
def token_is_for_the_registration_service(evidence: JoinEvidence) -> Finding:
    """The access token is for the device registration service."""
    token = token_of(evidence)
    audience = dict(token.claims).get("aud", "")
    found = token.resource or audience
    right = {token.resource, audience} & _RESOURCES
    return expect(right, expected=names.DRS_RESOURCE, found=found or "no audience", where="token endpoint, resource")


@requirement(
    "TOKEN-03",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.1.3",
    remedy="Issue the device claims from the computer's own object; the token repeats what the assertion says.",
    verified=True,
)
def token_is_about_the_computer(evidence: JoinEvidence) -> Finding:
    """The access token carries the computer's objectGUID and SID, where it says them at all."""
    computer, claims = computer_of(evidence), dict(token_of(evidence).claims)
    wanted = {"on_prem_id": str(computer.object_guid), "primary_sid": computer.object_sid}
    given = {name: claims[name] for name in wanted if claims.get(name)}
    if not given:
        return not_applicable("the token is opaque or names neither on_prem_id nor primary_sid")
    odd = {name: value for name, value in given.items() if value.lower() != wanted[name].lower()}
    found = ", ".join(f"{name} {value}" for name, value in (odd or given).items())
    expected = ", ".join(f"{name} {wanted[name]}" for name in (odd or given))
    if set(odd) == {"on_prem_id"} and odd["on_prem_id"].lower() == _consistency_guid(computer):
        words = f"{found}, which is mS-DS-ConsistencyGuid, as the onpremobjectguid claim said"
        return review(expected=expected, found=words, where="access token, claims")
    return expect(not odd, expected=expected, found=found, where="access token, claims")


def _consistency_guid(computer: Computer) -> str:
    raw = computer.consistency_guid or b""
    return str(uuid.UUID(bytes_le=raw)) if len(raw) == 16 else ""


@requirement(
    "TOKEN-04",
    Level.SHOULD,
    "MS-ERRORS Handling error codes in your application",
    remedy="Nothing of the IdP's: look for a proxy on the way that answers in Entra's name.",
    verified=True,
)
def entra_echoes_the_correlation_id(evidence: JoinEvidence) -> Finding:
    """Entra's error names the device's own request id as its correlation id, so that logs can be matched."""
    error = evidence.entra_error
    if error is None:
        raise NotReached("Entra did not answer with an error")
    found = error.correlation_id
    same = found.lower() == evidence.client_request_id.lower()
    expected = evidence.client_request_id
    return expect(same, expected=expected, found=found or "none", where="token endpoint, correlation_id")
