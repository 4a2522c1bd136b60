"""Flows and probes as their evidence tells them: the messages behind the parsed parts, and the record of it all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.device.habits import Habits
from hybridjoin.evidence.facts import OwnCertificates
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.leave import LeaveEvidence
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.probe import ProbeAnswer, ProbeResult, Probes
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.gateway import GatewaySetup
from hybridjoin.model import redact
from hybridjoin.model.circumstances import Circumstances, facts_of
from hybridjoin.model.exchange import (
    Breakdown,
    Entry,
    Exchange,
    HttpReply,
    HttpRequest,
    Proof,
    Reply,
    Request,
    SearchReply,
    SearchRequest,
    ServerProof,
    TicketReply,
    TicketRequest,
    Transcript,
)
from hybridjoin.model.flows import HYBRID_JOIN, find_flow
from hybridjoin.model.record import CertificationRecord, DocumentRecord, RunRecord
from hybridjoin.model.recorded import keep
from hybridjoin.model.steps import Party, Step, StepRow
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
from hybridjoin.protocol.scp import Scp
from hybridjoin.run.certification.probing import probe_rows
from hybridjoin.run.certification.requirement_rows import Judgement, requirement_rows
from tests.checks.messages import AnyEvidence, GivenEvidence, message_of
from tests.device.script import SITE
from tests.protocol.documents import NOW, STS_HOST
from tests.report.sample import good_join, good_scenario, sample_record


def record_of(evidence: AnyEvidence, requirement: str) -> RunRecord:
    """The record of a certification that brought this evidence to light, and asked one requirement."""
    asked = BOOK.select(requirement)
    verdicts = judge(evidence.parts, asked)
    outcome = evidence.parts.get(FlowOutcome)
    flow = outcome.flow if outcome is not None else HYBRID_JOIN.name
    told = Circumstances(flow=flow, device="WS01", site=facts_of(SITE), habits=Habits().facts)
    exchanges = tuple(keep(item) for item in _exchanges(evidence))
    join = replace(good_join(), verdicts=verdicts, exchanges=exchanges, circumstances=told)
    if isinstance(evidence, LeaveEvidence):
        join = replace(join, result=evidence.result)
    probed = {verdict.where.probe for verdict in verdicts if verdict.where is not None}
    probes = evidence.parts.get(Probes)
    results = [item for item in probes.results if item.probe in probed] if probes is not None else []
    certification = CertificationRecord(
        profile="default",
        adapter="",
        requirements=requirement_rows(asked, [Judgement(label="1.3", verdicts=verdicts)]),
        probes=probe_rows(replace(item, transcript=_of_probe(item)) for item in results),
        documents=tuple(_documents(evidence)),
    )
    return replace(sample_record(replace(good_scenario(), join=join)), certification=certification)


def _documents(evidence: AnyEvidence) -> Iterator[DocumentRecord]:
    """The document that somebody handed in."""
    for part in (evidence.parts.get(FederationSettings), evidence.parts.get(GatewaySetup)):
        if part is not None:
            yield DocumentRecord(name=part.place, members=part.members)


def _exchanges(evidence: AnyEvidence) -> Iterator[Exchange]:
    """The exchanges of a flow up to the step where it ended, and the one that fell back."""
    outcome = evidence.parts.get(FlowOutcome)
    flow = find_flow(outcome.flow) if outcome is not None else None
    if flow is None and isinstance(evidence, GivenEvidence):
        return  # nobody went through a door
    assert flow is not None
    failure = evidence.failure
    for row in flow:
        fell_back = isinstance(evidence, JoinEvidence) and failure is not None and evidence.registration is not None
        unasked = row.aside and (row.party is Party.DIRECTORY or message_of(evidence, row.step) is None)
        if unasked or (row.instead_of is not None and not fell_back):
            continue
        if (
            failure is None
            or row.instead_of is not None
            or flow.steps.index(row.step) <= flow.steps.index(failure.step)
        ):
            yield _exchange(row.step, row.party, _reply(row, evidence))


def _exchange(step: Step, party: Party, reply: Reply) -> Exchange:
    kept = redact.redact_reply(reply)
    return Exchange(step=step, party=party, request=_request(step, party), reply=kept, started_at=NOW, elapsed_s=0.01)


def _request(step: Step, party: Party) -> Request:
    if step is Step.TICKET:
        return TicketRequest(service="HTTP", host=STS_HOST)
    if party is Party.DIRECTORY:
        return SearchRequest(base="DC=hybridjoin,DC=test", filter="(objectClass=*)", attributes=("*",))
    return HttpRequest(method="POST", url=f"https://{party}.test/{step}")


def _reply(row: StepRow, evidence: AnyEvidence) -> Reply:
    """What a step was answered: its message, or how there was none."""
    if row.party is Party.DIRECTORY:
        return _of_the_directory(row.step, evidence)
    body, failure = message_of(evidence, row.step), evidence.failure
    if body is None and failure is not None and failure.breakage is not None:
        return Breakdown(kind=failure.breakage, message=failure.reason)
    if body is None:
        return HttpReply(status=404, reason="Not Found", headers=(("Content-Type", "text/html"),), body=b"<html/>")
    response, fault = evidence.parts.get(TokenResponse), evidence.parts.get(SoapFault)
    kind = response.content_type if response is not None and row.step is Step.RST else "application/json"
    status = fault.http_status if fault is not None and row.step is Step.RST else 200
    headers = (("Content-Type", kind), *(_proof(evidence) if row.step is Step.RST else ()))
    return HttpReply(status=status, headers=headers, body=body)


def _proof(evidence: AnyEvidence) -> Iterator[tuple[str, str]]:
    """The header in which a server proves itself, where it sent one."""
    found = evidence.parts.get(ServerProof)
    if found is not None and found.proof is not Proof.NOT_SENT:
        yield "WWW-Authenticate", "Negotiate oRQwEqADCgEAoQsGCSqGSIb3EgECAg=="


def _of_the_directory(step: Step, evidence: AnyEvidence) -> Reply:
    parts = evidence.parts
    computer, scp, ticket = parts.get(Computer), parts.get(Scp), parts.get(TicketReply)
    if step is Step.COMPUTER and computer is not None:
        certificates = tuple(b"0\x03\x02\x01\x00" for _ in found.found) if (found := parts.get(OwnCertificates)) else ()
        own = (("objectGUID", (computer.object_guid.bytes_le,)), ("userCertificate", certificates))
        return SearchReply(entries=(Entry(dn=computer.dn, attributes=own),))
    if step is Step.SCP and scp is not None:
        keywords = (f"azureADName:{scp.tenant_name}".encode(), f"azureADId:{scp.tenant_id}".encode())
        return SearchReply(entries=(Entry(dn="CN=62a0ff2e", attributes=(("keywords", keywords),)),))
    if step is Step.TICKET and ticket is not None:
        return ticket
    return Breakdown(kind="KDC_ERR", message=evidence.failure.reason if evidence.failure is not None else "")


def _of_probe(result: ProbeResult) -> Transcript:
    step = Step.MEX if result.probe.startswith("mex-") else Step.RST
    return Transcript(exchanges=tuple(_answer(step, answer) for answer in result.answers))


def _answer(step: Step, answer: ProbeAnswer) -> Exchange:
    if answer.kerberos_error:
        return _exchange(Step.TICKET, Party.DIRECTORY, Breakdown(kind="KDC_ERR", message=answer.kerberos_error))
    if answer.status is None:
        return _exchange(step, Party.IDP, Breakdown(kind="no reply", message=answer.breakage))
    return _exchange(step, Party.IDP, HttpReply(status=answer.status, headers=answer.headers, body=answer.body))
