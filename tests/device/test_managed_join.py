"""The join of a computer of a managed domain, with scripted answers: what is asked, kept, shown and logged."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from hybridjoin.device.events import windows_events
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import join_with
from hybridjoin.device.recorded_hands import RecordedHands
from hybridjoin.errors import KerberosError, NotRecorded
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.exchange import Entry, ModifyReply, ModifyRequest, SearchReply
from hybridjoin.model.flows import MANAGED_JOIN
from hybridjoin.model.record import JoinResult
from hybridjoin.model.recorded import keep, recall
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol.user_certificate import make_user_certificate
from hybridjoin.run.collect import collect_join
from tests.device import documents
from tests.device.events import scenario_of
from tests.device.script import SITE, Answers, play_managed

STEPS = [Step.COMPUTER, Step.SCP, Step.DISCOVER, Step.REALM, Step.USER_CERTIFICATE, Step.SYNC_JOIN]
NOT_FOUND = documents.directory_error()
NO_RIGHT = ModifyReply(result="insufficientAccessRights", words="no write property access")


def evidence_of(changes: Answers | None = None) -> JoinEvidence:
    evidence = play_managed(changes)[0].evidence
    assert evidence is not None
    return evidence


def holding(*certificates: bytes) -> Answers:
    entry = documents.computer_entry()
    held = Entry(dn=entry.dn, attributes=(*entry.attributes, ("userCertificate", certificates)))
    return {Step.COMPUTER: SearchReply(entries=(held,))}


def certificate_of(owner: str) -> bytes:
    return make_user_certificate(
        documents.key(owner), documents.DEVICE_GUID, now=documents.NOON, serial=documents.DEVICE_GUID
    )


def test_a_new_computer_writes_its_certificate_and_registers_with_its_key() -> None:
    run, script = play_managed()
    evidence = run.evidence

    assert evidence is not None
    assert (evidence.result, evidence.failure, evidence.fallback_failure) == (JoinResult.SYNCHRONIZED, None, None)
    assert script.steps == STEPS
    written = script.asked[4][1]
    assert isinstance(written, ModifyRequest)
    assert (written.dn, written.attribute) == (documents.computer_entry().dn, "userCertificate")
    certificate = x509.load_der_x509_certificate(written.values[0])
    own = evidence.own_certificates
    assert own is not None
    assert (own.written, own.found, own.ours is not None and own.ours.der) == (True, (), written.values[0])
    identity = json.loads(script.request(Step.SYNC_JOIN).body)["ServerAdJoinData"]["ClientIdentity"]
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(base64.b64decode(identity["SignedBlob"]), identity["Sid"].encode(), PKCS1v15(), SHA256())


def test_no_idp_and_no_ticket_is_asked_for() -> None:
    assert MANAGED_JOIN.parties == ("device", "directory", "entra")
    assert set(MANAGED_JOIN.steps) & {Step.MEX, Step.TICKET, Step.RST, Step.TOKEN, Step.JOIN} == set()


def test_a_computer_that_has_written_it_already_does_not_write_again() -> None:
    ours = certificate_of("machine")
    run, script = play_managed(holding(ours))

    assert script.steps == [step for step in STEPS if step is not Step.USER_CERTIFICATE]
    assert run.evidence is not None
    own = run.evidence.own_certificates
    assert own is not None
    assert (own.written, len(own.found), own.strangers) == (False, 1, ())


def test_a_certificate_of_a_lost_key_and_what_is_none_stay_where_they_are() -> None:
    evidence = evidence_of(holding(certificate_of("lost"), b"none"))
    own = evidence.own_certificates

    assert own is not None
    assert (own.written, [item.der for item in own.strangers], own.unreadable) == (True, [certificate_of("lost")], 1)


FAILURES: dict[str, tuple[Answers, Phase, Step, str]] = {
    "federated": ({Step.REALM: documents.realm()}, Phase.AUTH, Step.REALM, "is federated"),
    "no right": ({Step.USER_CERTIFICATE: NO_RIGHT}, Phase.JOIN, Step.USER_CERTIFICATE, "insufficientAccessRights"),
    "no logon": (
        {Step.COMPUTER: KerberosError("KDC_ERR_CLIENT_REVOKED", "revoked", remedy="")},
        Phase.DISCOVER,
        Step.COMPUTER,
        "KDC_ERR_CLIENT_REVOKED",
    ),
    "not synced": ({Step.SYNC_JOIN: NOT_FOUND}, Phase.JOIN, Step.SYNC_JOIN, "is not found"),
}


@pytest.mark.parametrize(("answers", "phase", "step", "words"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_the_joins_own_and_no_fallbacks(answers: Answers, phase: Phase, step: Step, words: str) -> None:
    evidence = evidence_of(answers)

    assert evidence.failure is not None
    assert (evidence.failure.phase, evidence.failure.step) == (phase, step)
    assert words in evidence.failure.reason
    assert (evidence.result, evidence.fallback_failure) == (JoinResult.FAILED, None)


def test_who_cannot_read_the_own_object_and_has_the_tenant_from_the_registry_ends_there() -> None:
    away = KerberosError("KDC_ERR_CLIENT_REVOKED", "revoked", remedy="")
    habits = Habits(client_side_scp=(documents.TENANT_NAME, documents.TENANT_ID))
    run, script = play_managed({Step.COMPUTER: away}, habits)

    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert (run.evidence.failure.step, Step.SYNC_JOIN in script.steps) == (Step.COMPUTER, False)


def test_the_screens_tell_a_synchronized_join_and_nothing_of_a_federated_one() -> None:
    run, _ = play_managed()
    refused, _ = play_managed({Step.SYNC_JOIN: NOT_FOUND})

    assert "DsrCmdJoinHelper::Join: completed successfully" in run.debug_screen
    assert any(line.strip() == "AzureAdJoined : YES" for line in run.status_screen)
    assert not [line for line in (*run.debug_screen, *refused.debug_screen) if "Adal" in line]
    assert any("TenantType = Managed" in line for line in refused.debug_screen)
    assert any("AutoEnrollSync failed with error code 0x801c03f2." in line for line in refused.debug_screen)
    told = [line.strip() for line in refused.status_screen]
    assert {"Registration Type : sync", "Error Phase : join", "Client ErrorCode : 0x801c03f2"} <= set(told)
    assert "Token acquisition Test : SKIPPED" in told


@pytest.mark.parametrize(
    ("answers", "numbers"),
    [
        ({}, [331, 100, 101, 102, 103, 104, 105, 106, 306]),
        ({Step.SYNC_JOIN: NOT_FOUND}, [331, 100, 101, 102, 103, 204, 304]),
        ({Step.USER_CERTIFICATE: NO_RIGHT}, [331, 100, 101, 304]),
    ],
    ids=["joined", "not synced", "not written"],
)
def test_the_events_are_a_synchronized_joins_in_their_order(answers: Answers, numbers: list[int]) -> None:
    run, _ = play_managed(answers)
    assert run.evidence is not None
    record = collect_join(device="PC7", evidence=run.evidence, run=run, verdicts=(), claims=())
    events = [event for event in windows_events(scenario_of(record)) if event.channel.endswith("Admin")]

    assert [event.id for event in events] == numbers
    if numbers[-1] == 304:
        assert dict(events[-1].data)["JoinType"] == "sync"
        assert dict(events[-1].data)["TenantType"] == "Managed"


def test_it_is_gone_through_again_from_its_record_with_any_key() -> None:
    run, _ = play_managed(holding(certificate_of("lost")))
    assert run.evidence is not None
    kept = tuple(recall(keep(item)) for item in run.transcript.exchanges)
    hands = RecordedHands(replace(run.transcript, exchanges=kept))
    again = join_with(hands, SITE, SITE.devices[0], Habits(), MANAGED_JOIN)
    replayed = again.evidence

    assert replayed is not None
    assert replayed.own_certificates is not None
    assert replace(replayed, own_certificates=run.evidence.own_certificates) == run.evidence
    assert replayed.own_certificates.written
    asked = [item.request for item in again.transcript.exchanges]
    assert asked == [item.request for item in kept], "the certificate of then, not one of today"
    with pytest.raises(NotRecorded, match="user-certificate"):
        join_with(
            RecordedHands(replace(run.transcript, exchanges=kept[:4])), SITE, SITE.devices[0], Habits(), MANAGED_JOIN
        )
