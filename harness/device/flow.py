"""The join, told once: from the computer's own object to the device certificate, or to why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from harness.device.authenticate import choose_endpoint, fetch_metadata, judge_assertion, request_token
from harness.device.discover import Told, ask_realm, discover, read_own_object, read_scp
from harness.device.habits import Habits
from harness.device.identity import Identity
from harness.device.needs import Flow, NewId, Now, ask
from harness.device.notebook import Fell, Notebook
from harness.device.register import join as join_with_token
from harness.device.register import synchronize, trade_assertion
from harness.model.exchange import Step
from harness.model.record import JoinResult
from harness.model.site import Site
from harness.protocol import names
from harness.protocol.evidence import Evidence, Failure
from harness.protocol.oauth import Token
from harness.protocol.scp import Scp

_MAY_FALL_BACK = frozenset({Step.REALM, Step.MEX, Step.TICKET, Step.RST, Step.TOKEN})


@dataclass(slots=True)
class Case:
    """Where a running join keeps its notebook, so that an interrupted one leaves its evidence behind."""

    book: Notebook | None = None


def join(identity: Identity, habits: Habits, site: Site, *, case: Case | None = None) -> Flow[Evidence]:
    """Join the device: federated where every step holds, synchronized where Windows would fall back."""
    request_id = yield from ask(NewId())
    book = Notebook(
        Evidence(
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
        case.book = book
    told = Told(identity=identity, site=site, habits=habits)
    try:
        yield from _join_federated(told, book)
    except Fell as fell:
        book.note(failure=fell.failure)
        if _falls_back(told, book, fell.failure):
            yield from _join_synchronized(told, book)
    return book.evidence


def _join_federated(told: Told, book: Notebook) -> Flow[None]:
    """The join that is wanted, read top to bottom."""
    yield from read_own_object(told, book)
    tenant = yield from read_scp(told, book)
    drs = yield from discover(told, book, tenant)
    token = yield from _get_token(told, book, tenant)
    yield from join_with_token(told, book, drs, token)
    book.note(result=JoinResult.FEDERATED)


def _get_token(told: Told, book: Notebook, tenant: Scp) -> Flow[Token]:
    """From the domain's name to an access token of the computer."""
    realm = yield from ask_realm(told, book, tenant)
    document = yield from fetch_metadata(told, book, realm)
    endpoint, trust = choose_endpoint(told, book, document)
    response = yield from request_token(told, book, endpoint, trust)
    yield from judge_assertion(told, book, response)
    return (yield from trade_assertion(told, book, response.assertion_xml))


def _falls_back(told: Told, book: Notebook, failure: Failure) -> bool:
    """Windows tries the synchronized join after any failure from realm to token; of a managed domain always."""
    evidence = book.evidence
    managed = evidence.realm is not None and evidence.realm.account_type.lower() == "managed"
    wanted = told.habits.fallback_to_sync_join or managed
    reachable = evidence.discovery is not None and evidence.computer is not None
    return wanted and reachable and failure.step in _MAY_FALL_BACK


def _join_synchronized(told: Told, book: Notebook) -> Flow[None]:
    """The join that hides a failure."""
    drs, own = book.evidence.discovery, book.evidence.computer
    if drs is None or own is None:
        return
    try:
        yield from synchronize(told, book, drs, own)
    except Fell as fell:
        book.note(fallback_failure=fell.failure)
        return
    book.note(result=JoinResult.SYNCHRONIZED)
