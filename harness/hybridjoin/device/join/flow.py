"""The join, told once: from the computer's own object to the device certificate, or to why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.device.habits import Habits
from hybridjoin.device.identity import Identity
from hybridjoin.device.join.authenticate import choose_endpoint, fetch_metadata, judge_assertion, request_token
from hybridjoin.device.join.discover import JoinContext, ask_realm, discover, read_own_object, read_scp
from hybridjoin.device.join.evidence_builder import EvidenceBuilder, StepFailed
from hybridjoin.device.join.register import join as join_with_token
from hybridjoin.device.join.register import synchronize, trade_assertion
from hybridjoin.device.needs import Flow, NewId, Now, ask
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.record import JoinResult
from hybridjoin.model.site import Site
from hybridjoin.model.steps import HYBRID_JOIN
from hybridjoin.protocol import names
from hybridjoin.protocol.oauth import Token
from hybridjoin.protocol.scp import Scp


@dataclass(slots=True)
class Case:
    """Where a running join keeps its notebook, so that an interrupted one leaves its evidence behind."""

    builder: EvidenceBuilder | None = None


def join(identity: Identity, habits: Habits, site: Site, *, case: Case | None = None) -> Flow[JoinEvidence]:
    """Join the device: federated where every step holds, synchronized where Windows would fall back."""
    request_id = yield from ask(NewId())
    builder = EvidenceBuilder(
        JoinEvidence(
            result=JoinResult.FAILED,
            client_request_id=str(request_id),
            started_at=(yield from ask(Now())),
            fallback_enabled=habits.fallback_to_sync_join,
            applies_to=names.MICROSOFT_ONLINE,
            issuer=site.idp.issuer,
            signing_certificates=site.idp.signing_certificates,
            clock_offset_s=habits.clock_offset_s,
            source_anchor=site.entra.source_anchor,
        )
    )
    if case is not None:
        case.builder = builder
    context = JoinContext(identity=identity, site=site, habits=habits)
    try:
        yield from _join_federated(context, builder)
    except StepFailed as fell:
        builder.note(failure=fell.failure)
        if _falls_back(context, builder, fell.failure):
            yield from _join_synchronized(context, builder)
    return builder.evidence


def _join_federated(context: JoinContext, builder: EvidenceBuilder) -> Flow[None]:
    """The join that is wanted, read top to bottom."""
    yield from read_own_object(context, builder)
    tenant = yield from read_scp(context, builder)
    drs = yield from discover(context, builder, tenant)
    token = yield from _get_token(context, builder, tenant)
    yield from join_with_token(context, builder, drs, token)
    builder.note(result=JoinResult.FEDERATED)


def _get_token(context: JoinContext, builder: EvidenceBuilder, tenant: Scp) -> Flow[Token]:
    """From the domain's name to an access token of the computer."""
    realm = yield from ask_realm(context, builder, tenant)
    document = yield from fetch_metadata(context, builder, realm)
    endpoint, trust = choose_endpoint(context, builder, document)
    response = yield from request_token(context, builder, endpoint, trust)
    yield from judge_assertion(context, builder, response)
    return (yield from trade_assertion(context, builder, response.assertion_xml))


def _falls_back(context: JoinContext, builder: EvidenceBuilder, failure: Failure) -> bool:
    """Windows tries the synchronized join after any failure from realm to token; of a managed domain always."""
    evidence = builder.evidence
    managed = evidence.realm is not None and evidence.realm.account_type.lower() == "managed"
    wanted = context.habits.fallback_to_sync_join or managed
    reachable = evidence.discovery is not None and evidence.computer is not None
    return wanted and reachable and HYBRID_JOIN.row(failure.step).may_fall_back


def _join_synchronized(context: JoinContext, builder: EvidenceBuilder) -> Flow[None]:
    """The join that hides a failure."""
    drs, own = builder.evidence.discovery, builder.evidence.computer
    if drs is None or own is None:
        return
    try:
        yield from synchronize(context, builder, drs, own)
    except StepFailed as fell:
        builder.note(fallback_failure=fell.failure)
        return
    builder.note(result=JoinResult.SYNCHRONIZED)
