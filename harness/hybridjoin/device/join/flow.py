"""The join, told once: from the computer's own object to the device certificate, or to why there is none.

Theory of operation
===================

A flow is a generator. It yields *needs* (`hybridjoin.device.needs`: the time, an identifier, a key, a ticket, an HTTP
exchange, a search) and is sent the answers; it returns the evidence. It opens no socket, reads no clock and throws no
dice, so that everything it does follows from the answers. The driver with a device's hands makes a real join of it,
the same driver with scripted hands a test, and with the answers of a record a replay. There is no second telling.

Read `_join_federated` top to bottom: each line is a step or a few of them, and `model.flows.HYBRID_JOIN` has a row for
each. A step does three things in this order: it asks, it *keeps* what came, it goes on or ends the flow. Keeping comes
first because half of what is worth reading comes from replies that then turn out to be no good: checks read the
metadata of an IdP that offers no endpoint for us, and the response that holds no assertion.

How a step ends the flow
------------------------

Three kinds of trouble meet here, told apart by whose fault they are:

* the peer refused, was silent, or said what nobody can read. The step raises `StepFailed` with a `Failure` made from
  its row, and this module catches it: it is a result, the very one people run this for;
* our surroundings broke (no domain controller, no key file): a `LabError`, which nobody here catches. It leaves through
  the driver, and says nothing about the peer. What was kept until then is still in the builder, which belongs to the
  caller for exactly that reason;
* a reader failed on matter that the join itself does not need (the signature, whose SID was claimed). Windows
  forwards an assertion unread, so that the device must not stop where Windows would not: `builder.tolerating`.

Why there is a second join in it
--------------------------------

Windows that cannot get a token tries a *synchronized* join, without the IdP, and shows `AzureAdJoined : YES` when it
succeeds. That hides the failure for weeks, and is why this program exists: `failure` therefore stays in the evidence
whatever the fallback does, and the result has a name of its own. The rows say from which steps Windows falls back
(`may_fall_back`): from those of the authentication phase, metadata to token, as Microsoft's page on dsregcmd has it;
never while the tenant or its realm is being discovered, and never once the device is being registered.
A managed domain has no IdP, and goes the synchronized way even where the fallback is switched off.
"""

from __future__ import annotations

from hybridjoin.device.join.authenticate import choose_endpoint, judge_assertion, read_metadata, request_token
from hybridjoin.device.join.context import JoinBuilder, JoinContext
from hybridjoin.device.join.discover import ask_realm, discover, read_own_object, read_scp
from hybridjoin.device.join.register import join as join_with_token
from hybridjoin.device.join.register import synchronize, trade_assertion
from hybridjoin.device.needs import Flow, NewId, NewKey, Now, ask
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import keep_refusal
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import FlowTable
from hybridjoin.protocol import names
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.oauth import Token
from hybridjoin.protocol.scp import Scp


def join(context: JoinContext, builder: JoinBuilder) -> Flow[JoinEvidence]:
    """Join the device: federated where every step holds, synchronized where Windows would fall back."""
    yield from begin(context, builder, HYBRID_JOIN)
    try:
        yield from _join_federated(context, builder)
    except StepFailed as end:
        keep_refusal(builder, end.failure)
        builder.keep(failure=end.failure)
        if _falls_back(context, builder, end.failure):
            yield from _join_synchronized(context, builder)
    return builder.evidence


def begin(context: JoinContext, builder: JoinBuilder, flow: FlowTable) -> Flow[None]:
    """Start the evidence with what is known before anybody was asked."""
    request_id = yield from ask(NewId())
    builder.begin(
        JoinEvidence(
            result=JoinResult.FAILED,
            client_request_id=str(request_id),
            started_at=(yield from ask(Now())),
            fallback_enabled=context.habits.fallback_to_sync_join,
            applies_to=names.MICROSOFT_ONLINE,
            issuer=context.site.idp.issuer,
            signing_certificates=context.site.idp.signing_certificates,
            clock_offset_s=context.habits.clock_offset_s,
            source_anchor=context.site.entra.source_anchor,
            users=context.site.idp.users,
            flow=flow.name,
        )
    )


def _join_federated(context: JoinContext, builder: JoinBuilder) -> Flow[None]:
    """The join that is wanted, read top to bottom."""
    tenant, drs = yield from find_tenant(context, builder)
    token = yield from _get_token(context, builder, tenant)
    yield from join_with_token(context, builder, drs, token)
    builder.keep(result=JoinResult.FEDERATED)


def find_tenant(context: JoinContext, builder: JoinBuilder) -> Flow[tuple[Scp, DrsDiscovery]]:
    """From the computer's own object to its tenant's registration service."""
    yield from read_own_object(context, builder)
    tenant = yield from read_scp(context, builder)
    return tenant, (yield from discover(context, builder, tenant))


def _get_token(context: JoinContext, builder: JoinBuilder, tenant: Scp) -> Flow[Token]:
    """From the domain's name to an access token of the computer."""
    realm = yield from ask_realm(context, builder, tenant)
    document = yield from read_metadata(context, builder, realm)
    endpoint, trust = choose_endpoint(context, builder, document)
    response = yield from request_token(context, builder, endpoint, trust)
    yield from judge_assertion(context, builder, response)
    return (yield from trade_assertion(context, builder, response.assertion_xml))


def _falls_back(context: JoinContext, builder: JoinBuilder, failure: Failure) -> bool:
    """Windows tries the synchronized join after any failure from metadata to token; of a managed domain always."""
    evidence = builder.evidence
    managed = evidence.realm is not None and evidence.realm.account_type.lower() == "managed"
    wanted = context.habits.fallback_to_sync_join and HYBRID_JOIN.row(failure.step).may_fall_back
    reachable = evidence.discovery is not None and evidence.computer is not None
    return reachable and (wanted or managed)


def _join_synchronized(context: JoinContext, builder: JoinBuilder) -> Flow[None]:
    """The join that hides a failure."""
    drs, own = builder.evidence.discovery, builder.evidence.computer
    if drs is None or own is None:
        return
    try:
        key = context.identity.user_certificate_key or (yield from ask(NewKey()))
        yield from synchronize(context, builder, drs, own, signing_key=key)
    except StepFailed as end:
        keep_refusal(builder, end.failure)
        builder.keep(fallback_failure=end.failure)
        return
    builder.keep(result=JoinResult.SYNCHRONIZED)
