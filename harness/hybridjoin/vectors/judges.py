"""Our own two readers before the vectors: the device with its requirements, and the Entra double behind it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs

from hybridjoin import checks
from hybridjoin.checks.rules import BOOK
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.config import Domain, EntraConfig
from hybridjoin.doubles.entra.judge import DeviceSubject, Refusal, judge
from hybridjoin.doubles.entra.tenant import Snapshot, SyncedComputer, Tenant, anchor_of
from hybridjoin.errors import PeerError
from hybridjoin.evidence.facts import ArrivedAt, Asked, TrustedCertificates, TrustedIssuer
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.verdict import Level, Outcome
from hybridjoin.protocol import oauth, rstr
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.signature import read_signature
from hybridjoin.vectors.files import Receiver, Trial

_AREAS = frozenset({"RSTR", "SAML", "SIG"})
_MUSTS = tuple(item for item in BOOK if item.area in _AREAS and item.level is Level.MUST)
_TENANT, _DOMAIN = uuid.UUID("00000000-0000-4000-8000-000000000000"), "vectors.example"
_NO_ANSWER = "no assertion to post"


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorAnswer:
    """What a reader said of one message: whether it accepts it, why not, and the claims that it read.

    `asked` is false where there was nothing to hand to it.
    """

    accepted: bool
    why: str = ""
    claims: Mapping[str, str] | None = None
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAnswers:
    """What the device and the Entra double said of one message."""

    device: VectorAnswer
    entra: VectorAnswer


def read(trial: Trial) -> OwnAnswers:
    """Have the device read a message, and Entra judge the assertion that the device would post."""
    try:
        reply = rstr.parse_reply(trial.message, http_status=200, content_type="application/soap+xml")
    except PeerError as error:
        refused = VectorAnswer(accepted=False, why=error.problem)
        return OwnAnswers(device=refused, entra=VectorAnswer(accepted=False, why=_NO_ANSWER, asked=False))
    if isinstance(reply, SoapFault):
        refused = VectorAnswer(accepted=False, why=f"a fault: {reply.subcode or reply.code}")
        return OwnAnswers(device=refused, entra=VectorAnswer(accepted=False, why=_NO_ANSWER, asked=False))
    return OwnAnswers(device=_device(reply, trial.known), entra=_entra(reply, trial.known))


def _device(response: TokenResponse, known: Receiver) -> VectorAnswer:
    """Judge by the requirements of response, assertion and signature: one broken MUST refuses."""
    assertion = response.assertion
    signature = assertion and read_signature(
        response.assertion_xml,
        assertion_id=assertion.assertion_id,
        trusted_certificates=(known.certificate,),
        issued_at=assertion.issue_instant,
    )
    parts = Parts.of(
        response,
        assertion,
        signature or None,
        Asked(applies_to=known.audience, message_id=known.message_id),
        TrustedIssuer(uri=known.issuer),
        TrustedCertificates(certificates=(known.certificate,)),
        ArrivedAt(at=known.clock),
        FlowOutcome(),
    )
    verdicts = checks.judge(parts, _MUSTS)
    broken = [f"{item.requirement}: {item.found}" for item in verdicts if item.outcome is Outcome.FAILED]
    broken.extend(item.requirement for item in verdicts if item.outcome is Outcome.INTERRUPTED)
    claims = None if assertion is None else _claims(assertion)
    return VectorAnswer(accepted=assertion is not None and not broken, why="; ".join(broken), claims=claims)


def _claims(assertion: Assertion) -> Mapping[str, str]:
    """Return the claims that vectors tell of, several values one after another."""
    read = {name: "".join(value for item in assertion.named(name) for value in item.values) for name in _NAMES}
    names = (item.name_identifier for item in assertion.subjects if item.name_identifier is not None)
    return {**read, "nameidentifier": next(names, "")}


_NAMES = ("accounttype", "onpremobjectguid", "primarysid")


def _entra(response: TokenResponse, known: Receiver) -> VectorAnswer:
    if response.assertion is None:
        return VectorAnswer(accepted=False, why=_NO_ANSWER, asked=False)
    form = parse_qs(oauth.build_grant(response.assertion_xml).decode("ascii"), keep_blank_values=True)
    fields = {name: tuple(values) for name, values in form.items()}
    tenant = _tenant(known.certificate, known.issuer, tuple(tuple(item.items()) for item in known.computers))
    subject = judge(Case(tenant=tenant, addressed="common", form=fields, now=known.clock))
    if isinstance(subject, Refusal):
        return VectorAnswer(accepted=False, why=f"AADSTS{subject.rule.code} ({subject.rule.id})")
    if not isinstance(subject, DeviceSubject):
        return VectorAnswer(accepted=False, why="taken for a user")
    guid = anchor_of(subject.object_guid, None, "objectGUID")
    return VectorAnswer(accepted=True, claims={"onpremobjectguid": guid, "primarysid": subject.sid})


@lru_cache(maxsize=8)
def _tenant(certificate: bytes, issuer: str, computers: tuple[tuple[tuple[str, str], ...], ...]) -> Tenant:
    """Return a tenant of one domain that knows every computer, the attacked one too."""
    domain = Domain(name=_DOMAIN, federated=True, issuer_uri=issuer, signing_certificate=certificate)
    config = EntraConfig(tenant_id=_TENANT, tenant_name=_DOMAIN, display_name=_DOMAIN, domains=(domain,))
    snapshot = Snapshot(computers=tuple(_computer(dict(item)) for item in computers))
    source: Callable[[], Snapshot] = lambda: snapshot  # noqa: E731 - what a directory would answer
    tenant = Tenant(config, source)
    tenant.sync()
    return tenant


def _computer(data: Mapping[str, str]) -> SyncedComputer:
    guid = uuid.UUID(data["objectGUID"])
    return SyncedComputer(
        name=data["name"],
        object_guid=guid,
        sid=data["objectSid"],
        source_anchor=anchor_of(guid, None, "objectGUID"),
        user_certificates=(),
    )
