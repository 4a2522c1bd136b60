"""Joins and probes as their evidence tells them: the messages behind the parsed parts, and the record of it all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeAnswer, ProbeResult
from hybridjoin.model import redact
from hybridjoin.model.exchange import (
    Breakdown,
    Entry,
    Exchange,
    HttpReply,
    HttpRequest,
    Reply,
    Request,
    SearchReply,
    SearchRequest,
    TicketRequest,
    Transcript,
)
from hybridjoin.model.record import CertificationRecord, DocumentRecord, JoinResult, RunRecord
from hybridjoin.model.steps import HYBRID_JOIN, Party, Step
from hybridjoin.protocol import discovery, enrolment, mex, oauth, realm, rstr
from hybridjoin.run.collect import collect
from hybridjoin.run.probing import probe_rows
from hybridjoin.run.requirement_rows import Judgement, requirement_rows
from tests.protocol.documents import NOW, STS_HOST
from tests.report.sample import good_scenario, sample_record

READERS = {
    Step.DISCOVER: (discovery, "parse_discovery"),
    Step.REALM: (realm, "parse_realm"),
    Step.MEX: (mex, "parse_mex"),
    Step.RST: (rstr, "parse_reply"),
    Step.TOKEN: (oauth, "parse_token_reply"),
    Step.JOIN: (enrolment, "parse_join_reply"),
}
Heard = dict[Step, HttpReply]


def listen(monkeypatch: pytest.MonkeyPatch, heard: Heard) -> None:
    """Keep each message that a reader is given from now on."""
    for step, (module, name) in READERS.items():
        monkeypatch.setattr(module, name, _kept(getattr(module, name), step, heard))


def _kept(read: Callable[..., object], step: Step, heard: Heard) -> Callable[..., object]:
    def reading(given: bytes | HttpReply, **how: Any) -> object:  # noqa: ANN401 the reader's own
        body = given if isinstance(given, bytes) else given.body
        status = how.get("http_status", 200) if isinstance(given, bytes) else given.status
        kind = how.get("content_type") or ("application/soap+xml" if step is Step.RST else "application/json")
        heard[step] = HttpReply(status=status, headers=(("Content-Type", kind),), body=body)
        return read(given, **how)

    return reading


def record_of(evidence: JoinEvidence, heard: Heard, requirement: str) -> RunRecord:
    """The record of a certification that brought this evidence to light, and asked one requirement."""
    asked = BOOK.select(requirement)
    verdicts = judge(evidence.parts, asked)
    probed = {verdict.where.probe for verdict in verdicts if verdict.where is not None}
    join = collect(
        device="WS01",
        evidence=evidence,
        transcript=Transcript(exchanges=tuple(_exchanges(evidence, heard))),
        verdicts=verdicts,
        claims=(),
        debug_screen=(),
        status_screen=(),
    )
    probes = [replace(item, transcript=_of_probe(item)) for item in evidence.probes if item.probe in probed]
    settings = evidence.federation
    certification = CertificationRecord(
        profile="default",
        adapter="",
        requirements=requirement_rows(asked, [Judgement(label="1.3", verdicts=verdicts)]),
        probes=probe_rows(probes),
        documents=(DocumentRecord(name=settings.place, members=settings.members),) if settings is not None else (),
    )
    return replace(sample_record(replace(good_scenario(), join=join)), certification=certification)


def _exchanges(evidence: JoinEvidence, heard: Heard) -> Iterator[Exchange]:
    """The exchanges of a join up to the step where it ended."""
    for row in HYBRID_JOIN:
        if row.aside or row.instead_of is not None:
            continue
        ended = evidence.failure is not None and evidence.failure.step is row.step
        yield _exchange(row.step, row.party, _reply(row.step, evidence, heard, ended=ended))
        if ended:
            break
    if evidence.result is JoinResult.SYNCHRONIZED:
        yield _exchange(Step.SYNC_JOIN, Party.ENTRA, heard[Step.JOIN])


def _exchange(step: Step, party: Party, reply: Reply) -> Exchange:
    kept = redact.redact_reply(reply)
    return Exchange(step=step, party=party, request=_request(step, party), reply=kept, started_at=NOW, elapsed_s=0.01)


def _request(step: Step, party: Party) -> Request:
    if step is Step.TICKET:
        return TicketRequest(service="HTTP", host=STS_HOST)
    if party is Party.DIRECTORY:
        return SearchRequest(base="DC=hybridjoin,DC=test", filter="(objectClass=*)", attributes=("*",))
    return HttpRequest(
        method="POST" if step in {Step.RST, Step.TOKEN, Step.JOIN} else "GET", url=f"https://{party}.test/{step}"
    )


def _reply(step: Step, evidence: JoinEvidence, heard: Heard, *, ended: bool) -> Reply:
    computer, scp, failure = evidence.computer, evidence.scp, evidence.failure
    if step is Step.COMPUTER and computer is not None:
        values = (
            ("objectGUID", (computer.object_guid.bytes_le,)),
            ("sAMAccountName", (computer.sam_account_name.encode(),)),
        )
        return SearchReply(entries=(Entry(dn=computer.dn, attributes=values),))
    if step is Step.SCP and scp is not None:
        keywords = (f"azureADName:{scp.tenant_name}".encode(), f"azureADId:{scp.tenant_id}".encode())
        return SearchReply(entries=(Entry(dn="CN=62a0ff2e", attributes=(("keywords", keywords),)),))
    if step is Step.TICKET and evidence.ticket is not None:
        return evidence.ticket
    told = evidence.fault is not None or evidence.entra_error is not None or evidence.enrolment_error is not None
    if ended and failure is not None and not told:
        if failure.breakage is not None or step in {Step.COMPUTER, Step.SCP, Step.TICKET}:
            return Breakdown(kind=failure.breakage or "KDC_ERR", message=failure.reason)
        return HttpReply(status=404, reason="Not Found", headers=(("Content-Type", "text/html"),), body=b"<html/>")
    return heard[step]


def _of_probe(result: ProbeResult) -> Transcript:
    step = Step.MEX if result.probe.startswith("mex-") else Step.RST
    return Transcript(exchanges=tuple(_answer(step, answer) for answer in result.answers))


def _answer(step: Step, answer: ProbeAnswer) -> Exchange:
    if answer.kerberos_error:
        return _exchange(Step.TICKET, Party.DIRECTORY, Breakdown(kind="KDC_ERR", message=answer.kerberos_error))
    if answer.status is None:
        return _exchange(step, Party.IDP, Breakdown(kind="no reply", message=answer.breakage))
    return _exchange(step, Party.IDP, HttpReply(status=answer.status, headers=answer.headers, body=answer.body))
