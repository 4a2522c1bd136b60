"""What Entra makes of the assertion: an access token for the registration service, about this computer."""

from __future__ import annotations

import uuid

from hybridjoin.checks.assumed import only_assumed
from hybridjoin.checks.missing import reached
from hybridjoin.checks.places import answer_to, in_answer
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement, review
from hybridjoin.checks.silence import inapplicable
from hybridjoin.evidence.facts import Asked
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol import names
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.oauth import EntraError, Token

_RESOURCE_APPLICATION = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"
_RESOURCES = {names.DRS_RESOURCE, _RESOURCE_APPLICATION}


@requirement(
    "TOKEN-01",
    Level.MUST,
    "PINGONE Attribute mappings issue",
    remedy="Mend what else is broken of the assertion and its signature, and hold the domain's federation settings "
    "against it (--federation). `hybridjoin explain` of this report says which causes of Entra's code it proves.",
    verified=True,
)
def entra_accepts_the_assertion(token: Token | None, error: EntraError | None, outcome: FlowOutcome) -> Finding:
    """Entra trades the assertion for an access token."""
    expected = "an access token"
    if error is not None and token is None:
        where = _where_refused(error, outcome)
        if doubt := only_assumed(error):
            return review(expected=expected, found=f"{_told(error)} ({doubt})", where=where)
        return broken(expected=expected, found=_told(error), where=where)
    words = outcome.unreadable_at(Step.TOKEN) or outcome.failed_at(Step.TOKEN)
    if words and token is None:
        return broken(expected=expected, found=words, where=answer_to(Step.TOKEN, outcome))
    found = reached(token, outcome, Step.TOKEN)
    return holds(f"a {found.token_type or 'nameless'} token", where=in_answer(Step.TOKEN, "access_token"))


def _where_refused(error: EntraError, outcome: FlowOutcome) -> Where:
    """Where Entra's refusal stands: on its page, where a browser took the assertion to login.srf, else in its JSON."""
    if outcome.failure is not None and outcome.failure.step is Step.WRESULT:
        return answer_to(Step.WRESULT, outcome)
    return in_answer(Step.TOKEN, "error_description" if error.description else "error")


def _told(error: EntraError) -> str:
    """Entra's own words, with the number in front where they leave it out."""
    number = f"AADSTS{error.code}"
    told = error.description or error.error
    return told if error.code is None or number in error.description else f"{number}: {told}"


@requirement(
    "TOKEN-02",
    Level.MUST,
    "MS-TROUBLE Authentication phase",
    remedy="Nothing of the IdP's: the token endpoint answered for another resource; look at the tenant.",
    verified=True,
)
def token_is_for_the_registration_service(token: Token, _: DrsDiscovery) -> Finding:
    """The access token is for the device registration service."""
    audience = dict(token.claims).get("aud", "")
    found = token.resource or audience
    right = {token.resource, audience} & _RESOURCES
    where = in_answer(Step.TOKEN, "resource" if token.resource else "access_token")
    return expect(right, expected=names.DRS_RESOURCE, found=found or "no audience", where=where)


@requirement(
    "TOKEN-03",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.1.3",
    remedy="Issue the device claims from the computer's own object; the token repeats what the assertion says.",
    verified=True,
)
def token_is_about_the_computer(computer: Computer, token: Token) -> Finding:
    """The access token carries the computer's objectGUID and SID, where it says them at all."""
    claims = dict(token.claims)
    wanted = {"on_prem_id": str(computer.object_guid), "primary_sid": computer.object_sid}
    given = {name: claims[name] for name in wanted if claims.get(name)}
    if not given:
        return not_applicable("the token is opaque or names neither on_prem_id nor primary_sid")
    odd = {name: value for name, value in given.items() if value.lower() != wanted[name].lower()}
    found = ", ".join(f"{name} {value}" for name, value in (odd or given).items())
    expected = ", ".join(f"{name} {wanted[name]}" for name in (odd or given))
    where = in_answer(Step.TOKEN, "access_token")
    if set(odd) == {"on_prem_id"} and odd["on_prem_id"].lower() == _consistency_guid(computer):
        words = f"{found}, which is mS-DS-ConsistencyGuid, as the onpremobjectguid claim said"
        return review(expected=expected, found=words, where=where)
    return expect(not odd, expected=expected, found=found, where=where)


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
def entra_echoes_the_correlation_id(error: EntraError, asked: Asked) -> Finding:
    """Entra's error names the device's own request id as its correlation id, so that logs can be matched."""
    found, expected = error.correlation_id, asked.client_request_id
    if not expected:
        raise inapplicable("the request that Entra refused had no id of its own, as a form that a browser sends")
    same = found.lower() == expected.lower()
    where = in_answer(Step.TOKEN, "correlation_id" if found else "error")
    return expect(same, expected=expected, found=found or "none", where=where)
