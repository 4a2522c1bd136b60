"""Whole joins: a real Samba AD, the reference IdP, the Entra double, TLS and Kerberos between them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.device.habits import Habits, RstShape
from hybridjoin.device.join.run import JoinInterrupted, JoinRun, join_site
from hybridjoin.errors import LabError, UsageError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.lab.lab import Lab
from hybridjoin.model.exchange import HttpRequest, Proof
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import wrong_claims
from hybridjoin.protocol.mex import Trust
from hybridjoin.run.attempt import judged
from hybridjoin.run.flows import JOIN

pytestmark = pytest.mark.lab

NO_FALLBACK = Habits(fallback_to_sync_join=False, timeout_s=3)


def run_join(
    lab: Lab, device: str = "WS01", habits: Habits = NO_FALLBACK, **idp: object
) -> tuple[JoinRun, JoinEvidence]:
    with lab.site(idp=idp, entra={}) as site:
        run = join_site(site, device, habits)
    assert run.evidence is not None
    return run, run.evidence


@pytest.mark.parametrize(
    ("profile", "trust"),
    [("pingone", Trust.V13), ("adfs", Trust.V13), ("adfs", Trust.FEB2005)],
    ids=["pingone 1.3", "adfs 1.3", "adfs 2005"],
)
@pytest.mark.parametrize("shape", list(RstShape))
def test_a_healthy_computer_joins(lab: Lab, profile: str, trust: Trust, shape: RstShape) -> None:
    habits = replace(NO_FALLBACK, rst_shape=shape, trust=trust)
    run, evidence = run_join(lab, habits=habits, profile=profile)
    assert evidence.failure is None
    assert evidence.result is JoinResult.FEDERATED
    assert evidence.unreadable == ()
    assert evidence.endpoint is not None
    assert evidence.endpoint.trust is trust
    assert evidence.signature is not None
    assert (evidence.signature.valid, evidence.signature.trusted) == (True, True)
    assert "DsrCmdJoinHelper::Join: AutoEnrollAsComputer completed successfully" in run.debug_screen
    assert "             AzureAdJoined : YES" in run.status_screen


def test_the_transcript_has_every_exchange_and_no_credential(lab: Lab) -> None:
    run, evidence = run_join(lab)
    steps = [item.step for item in run.transcript.exchanges]
    assert steps == [step for step in HYBRID_JOIN.steps if step not in {Step.SID_OWNER, Step.SYNC_JOIN}]
    rst = run.transcript.find(Step.RST)
    assert rst is not None
    assert isinstance(rst.request, HttpRequest)
    assert dict(rst.request.headers)["Authorization"].startswith("Negotiate [masked ")
    assert evidence.token is not None
    assert evidence.token.access_token not in repr(run.transcript)
    assert all(item.elapsed_s > 0 for item in run.transcript.exchanges)


@pytest.mark.parametrize(
    ("claim", "value", "mistake"),
    [
        ("onpremobjectguid", "#lab.bigEndianBase64(ldap.objectGUID)", "big-endian bytes"),
        ("primarysid", '#lab.sidOf("Domain Computers")', "a group's SID"),
    ],
)
def test_a_join_that_succeeds_with_a_wrong_claim_has_it_in_its_record(
    lab: Lab, claim: str, value: str, mistake: str
) -> None:
    """A double that syncs from no directory minds nothing: only the device knows what the claim should have been."""
    with lab.site(idp={"claims": {claim: {"value": value}}}, entra={"connect": None}) as site:
        record = judged(JOIN, "WS01", join_site(site, "WS01", NO_FALLBACK))
    assert record is not None
    assert record.result is JoinResult.FEDERATED
    (wrong,) = wrong_claims(record.claims)
    assert wrong.name == claim
    assert mistake in wrong.mistake


def test_a_disabled_computer_gets_no_further_than_its_ticket(lab: Lab) -> None:
    _, evidence = run_join(lab, "WS03")
    assert evidence.failure is not None
    assert (evidence.failure.step, str(evidence.failure.cause)) == (Step.COMPUTER, "0x801c001d")
    assert "disabled" in evidence.failure.reason


def test_the_fallback_succeeds_for_a_synced_computer_and_not_for_another(lab: Lab) -> None:
    faults = [{"name": "soap-fault"}]
    _, synced = run_join(lab, "WS01", Habits(), faults=faults)
    _, unsynced = run_join(lab, "WS04", Habits(), faults=faults)
    assert synced.result is JoinResult.SYNCHRONIZED
    assert unsynced.result is JoinResult.FAILED
    assert unsynced.fallback_failure is not None
    assert str(unsynced.fallback_failure.cause) == "0x801c03f2"


@pytest.mark.parametrize(
    ("fault", "step", "code"),
    [
        ("mex-huge", Step.MEX, "0xcaa10024"),
        ("mex-dtd", Step.MEX, "0xcaa9002c"),
        ("mex-deep", Step.MEX, "0xcaa9002c"),
        ("mex-over-http", Step.MEX, "0xcaa90022"),
        ("ntlm-only", Step.RST, "0xcaa30191"),
        ("html-with-200", Step.RST, "0xcaa90013"),
        ("http-status", Step.RST, "0xcaa301f7"),
        ("never-answers", Step.RST, "0xcaa82ee2"),
        ("connection-reset", Step.RST, "0xcaa82efe"),
        ("redirect-to-other-host", Step.RST, "0xcaa82f7c"),
        ("soap-fault", Step.RST, "0xcaa90014"),
        ("empty-rstr", Step.RST, "0xcaa90002"),
        ("rstr-truncated", Step.RST, "0xcaa90013"),
        ("wrong-signing-key", Step.TOKEN, "0xcaa20003"),
        ("tampered-after-signing", Step.TOKEN, "0xcaa20003"),
    ],
)
def test_a_misbehaving_idp_is_a_verdict(lab: Lab, fault: str, step: Step, code: str) -> None:
    _, evidence = run_join(lab, habits=replace(NO_FALLBACK, timeout_s=2), faults=[{"name": fault}])
    assert evidence.failure is not None
    assert (evidence.failure.step, str(evidence.failure.cause)) == (step, code)


@pytest.mark.parametrize("fault", ["no-mutual-authentication", "wrong-mutual-authentication"])
def test_an_idp_that_does_not_prove_itself_is_refused_by_habit_alone(lab: Lab, fault: str) -> None:
    _, noted = run_join(lab, faults=[{"name": fault}])
    assert noted.result is JoinResult.FEDERATED
    assert noted.server_proof is not None
    assert noted.server_proof.proof in {Proof.NOT_SENT, Proof.NOT_GOOD}
    _, evidence = run_join(lab, habits=replace(NO_FALLBACK, mutual_authentication=True), faults=[{"name": fault}])
    assert evidence.failure is not None
    assert evidence.failure.step is Step.RST
    assert evidence.failure.cause.symbol == "unknown"
    assert evidence.response is None


def test_a_client_side_scp_is_taken_before_the_directorys(lab: Lab) -> None:
    with lab.site(idp={}, entra={}) as site:
        habits = replace(NO_FALLBACK, client_side_scp=(site.entra.tenant_name, site.entra.tenant_id))
        run = join_site(site, "ws01$", habits)
    assert run.evidence is not None
    assert run.evidence.result is JoinResult.FEDERATED
    assert run.transcript.find(Step.SCP) is None


def test_an_unknown_device_is_the_users_mistake(lab: Lab) -> None:
    with lab.site(idp={}, entra={}) as site, pytest.raises(UsageError, match="no device 'WS99'"):
        join_site(site, "WS99")


def test_a_directory_that_is_gone_leaves_what_was_done(lab: Lab) -> None:
    with lab.site(idp={}, entra={}) as site:
        host = site.directory.ldap_url.partition("://")[2].partition(":")[0]
        dead = replace(site, directory=replace(site.directory, ldap_url=f"ldap://{host}:9"))
        with pytest.raises(JoinInterrupted, match="does not answer") as caught:
            join_site(dead, "WS01")
    assert isinstance(caught.value, LabError)
    assert caught.value.run.evidence is not None
    assert [item.step for item in caught.value.run.transcript.exchanges] == [Step.COMPUTER]


def test_a_signing_key_that_cannot_be_read_is_nobodys_verdict(lab: Lab, tmp_path: Path) -> None:
    broken = tmp_path / "key.pem"
    broken.write_text("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")
    with lab.site(idp={}, entra={}) as site:
        devices = tuple(replace(item, user_certificate_key=broken) for item in site.devices)
        with pytest.raises(LabError, match="userCertificate key of WS01") as caught:
            join_site(replace(site, devices=devices), "WS01")
    assert "c2VjcmV0" not in str(caught.value)


def test_a_join_leaves_the_process_as_it_was(lab: Lab) -> None:
    before = dict(os.environ)
    run_join(lab)
    assert dict(os.environ) == before
