"""Certifications of the reference IdP: healthy ones pass, and each fault fails exactly what is meant for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType
from typing import Final

import pytest

from harness.checks.rules import BOOK
from harness.doubles.idp.faults import FAULTS
from harness.errors import LabError
from harness.lab.provider import Provider
from harness.model.record import DeviationList, RunRecord
from harness.model.verdict import Level, Outcome
from harness.run import certify as certify_room
from harness.run.certification import certification_exit_code
from harness.run.certify import certify
from harness.run.certify_events import Stage, StageFinished
from harness.run.certify_plan import EVERY_ID, Plan, levelled, plain_scenario
from harness.scenario.deviation_file import Deviation
from harness.scenario.profile_file import load_profile
from harness.scenario.scenario import FaultUse, IdpSettings

pytestmark = pytest.mark.lab

NO_FURTHER: Final = "TOKEN-01"  # Entra refuses what such an IdP issues, so that the requirement on its answer fails too
BREAKS: Final = MappingProxyType(
    {
        "mex-over-http": {"MEX-04", "MEX-05"},
        "mex-without-windowstransport": {"MEX-03", "MEX-04"},
        "mex-dangling-policy": {"MEX-03", "MEX-04", "MEX-09"},
        "mex-not-xml": {"MEX-02"},
        "mex-truncated": {"MEX-02"},
        "mex-dtd": {"MEX-02"},
        "mex-deep": {"MEX-02"},
        "mex-without-addresses": {"MEX-03", "MEX-04"},
        "mex-huge": {"MEX-01"},
        "duplicate-policy-ids": {"MEX-07", "MEX-09"},
        "401-without-negotiate": {"HTTP-02", "RSTR-01"},
        "ntlm-only": {"HTTP-02", "RSTR-01"},
        "no-mutual-authentication": {"HTTP-07", "RSTR-01"},
        "wrong-mutual-authentication": {"HTTP-07", "RSTR-01"},
        "http-500-html": {"RSTR-02"},
        "html-with-200": {"RSTR-02"},
        "http-status": {"RSTR-02"},
        "redirect-to-other-host": {"RSTR-01"},
        "connection-reset": {"RSTR-01"},
        "expired-window": {"SAML-05", NO_FURTHER},
        "future-window": {"SAML-05", NO_FURTHER},
        "wrong-audience": {"SAML-08", NO_FURTHER},
        "wrong-issuer": {"SAML-02", NO_FURTHER},
        "no-conditions": {"SAML-04", "SAML-08", NO_FURTHER},
        "holder-of-key": {"SAML-09", NO_FURTHER},
        "saml20-assertion": {"RSTR-08", "RSTR-10"},
        "second-assertion": {"RSTR-09"},
        "empty-rstr": {"RSTR-08"},
        "rstr-without-collection": {"RSTR-05"},
        "rstr-truncated": {"RSTR-02"},
        "rstr-not-xml": {"RSTR-02"},
        "soap-fault": {"RSTR-01"},
        "wrong-signing-key": {"SIG-03", NO_FURTHER},
        "unsigned": {"SIG-01", NO_FURTHER},
        "tampered-after-signing": {"SIG-02", NO_FURTHER},
        "whole-document-reference": {"SIG-06", NO_FURTHER},
        "behind-tls-inspection": {"RSTR-01"},
    }
)
WARNS: Final = MappingProxyType(
    {
        "mex-only-2005": {"MEX-06"},
        "mex-without-spn": {"MEX-13"},
        "mex-unprefixed-binding": {"MEX-11", "MEX-15"},
        "wrong-content-type": {"RSTR-16"},
        "missing-relates-to": {"RSTR-07"},
        "wrong-relates-to": {"RSTR-07"},
        "signature-first": {"SAML-15"},
        "sha1-signature": {"SIG-04", "SIG-05"},
        "line-breaks-in-signature": {"SIG-11"},
        "no-certificate": {"SIG-09"},
        "inclusive-c14n": {"SIG-07", "SIG-08"},
        "ignores-channel-binding": {"HTTP-14"},
    }
)


@pytest.fixture(scope="module")
def lab() -> Iterator[Provider]:
    with Provider(backend="process") as provider:
        yield provider


def plan(
    *faults: str, idp: str | None = None, profile: str = "default", deviations: tuple[Deviation, ...] = (),
    hostile: bool = False,
) -> Plan:  # fmt: skip
    chosen = load_profile(profile, EVERY_ID)
    settings = IdpSettings(profile=idp, faults=tuple(FaultUse(name=name) for name in faults))
    return Plan(
        scenario=plain_scenario("WS01", settings),
        profile=chosen,
        requirements=levelled(BOOK, chosen),
        deviations=deviations,
        hostile=hostile,
        hostile_hosts=None,
    )


def ids(record: RunRecord, outcome: Outcome) -> set[str]:
    assert record.certification is not None
    return {row.id for row in record.certification.requirements if row.outcome is outcome}


@pytest.mark.parametrize("idp", ["pingone", "adfs"])
@pytest.mark.parametrize("hostile", [False, True])
def test_a_healthy_idp_breaks_no_must(lab: Provider, idp: str, hostile: bool) -> None:
    record = certify(plan(idp=idp, hostile=hostile), lab)

    certification = record.certification
    assert certification is not None
    assert ids(record, Outcome.FAILED) == set()
    assert ids(record, Outcome.INTERRUPTED) == set()
    assert certification.complete
    assert certification.adapter == idp
    assert certification_exit_code(record, whole=True) == 0
    assert (record.finished_at - record.started_at).total_seconds() < 30
    assert all(row.why_not for row in certification.requirements if not row.tested)
    assert {probe.id for probe in certification.probes if probe.hostile and probe.sent_digest} == (
        {probe.id for probe in certification.probes if probe.hostile} if hostile else set()
    )


def test_a_join_is_made_for_each_version_of_ws_trust_on_offer(lab: Provider) -> None:
    told: list[Stage] = []

    one, two = certify(plan(idp="pingone"), lab), certify(plan(idp="adfs"), lab, told.append)

    assert [item.id for item in one.scenarios] == ["certify-wstrust-1.3"]
    assert [item.id for item in two.scenarios] == ["certify-wstrust-1.3", "certify-wstrust-2005"]
    joins = [stage.name for stage in told if isinstance(stage, StageFinished)][:2]
    assert joins == ["WS01 joins as Windows would", "WS01 joins by WS-Trust 2005"]


@pytest.mark.parametrize("fault", BREAKS)
def test_a_fault_fails_exactly_the_requirements_meant_for_it(lab: Provider, fault: str) -> None:
    assert fault in FAULTS

    record = certify(plan(fault), lab)

    assert ids(record, Outcome.FAILED) == BREAKS[fault]
    assert ids(record, Outcome.INTERRUPTED) == set()
    assert certification_exit_code(record, whole=True) == 1


@pytest.mark.parametrize("fault", WARNS)
def test_a_fault_of_style_is_a_warning_and_in_the_strict_profile_a_failure(lab: Provider, fault: str) -> None:
    record, strict = certify(plan(fault), lab), certify(plan(fault, profile="strict"), lab)

    assert ids(record, Outcome.FAILED) == set()
    assert ids(record, Outcome.WARNING) >= WARNS[fault]
    assert certification_exit_code(record, whole=True) == 0
    assert ids(strict, Outcome.FAILED) == ids(record, Outcome.WARNING)
    assert certification_exit_code(strict, whole=True) == 1


def test_severity_is_the_profiles_not_the_checks(lab: Provider) -> None:
    record = certify(plan("mex-unprefixed-binding", profile="windows"), lab)

    assert record.certification is not None
    rows = {row.id: row for row in record.certification.requirements}
    assert (rows["MEX-11"].level, rows["MEX-11"].outcome) == (Level.MAY, Outcome.REVIEW)


def row(requirement: str, listed: DeviationList = DeviationList.KNOWN, expires: date = date.max) -> Deviation:
    return Deviation(
        requirement=requirement, list=listed, owner="identity", reason="ticket 7", expires=expires, place="x.yaml:2:3"
    )


def test_what_the_lists_know_of_does_not_fail_the_run(lab: Provider) -> None:
    lists = (row("SAML-05"), row("TOKEN-*", DeviationList.EXPECTED))

    record = certify(plan("expired-window", deviations=lists), lab)

    assert record.certification is not None
    assert certification_exit_code(record, whole=True) == 0
    forgiven = {item.id: item.deviation for item in record.certification.requirements if item.deviation}
    assert {"SAML-05": "known", "TOKEN-01": "expected"}.items() <= forgiven.items()
    assert [item.happened for item in record.certification.deviations] == [True, True]
    assert [item.outcome for item in record.scenarios] == [Outcome.WARNING]


def test_an_expected_failure_that_does_not_happen_fails_the_run(lab: Provider) -> None:
    record = certify(plan(deviations=(row("SIG-03"), row("SIG-02", DeviationList.FLAPPING))), lab)

    assert record.certification is not None
    assert [item.problem for item in record.certification.deviations] == ["did not happen", ""]
    assert certification_exit_code(record, whole=True) == 1


def test_what_the_machine_spoilt_is_interrupted_and_never_the_idps_failure(
    lab: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object) -> None:
        raise LabError("the directory died", remedy="start it again")

    monkeypatch.setattr(certify_room, "ask_probes", fall)
    monkeypatch.setattr(certify_room, "join_with", fall)

    record = certify(plan(), lab)

    assert record.certification is not None
    assert not record.certification.complete
    assert ids(record, Outcome.INTERRUPTED) == set(EVERY_ID)
    assert ids(record, Outcome.FAILED) == set()
    assert certification_exit_code(record, whole=True) == 3


def test_a_certification_broken_off_by_hand_keeps_what_was_done(lab: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(certify_room, "ask_probes", leave)

    record = certify(plan(), lab)

    assert record.certification is not None
    assert not record.certification.complete
    assert len(record.scenarios) == 1
    assert "MEX-01" in ids(record, Outcome.PASSED)
    assert {"RST-01", "NEG-01"} <= ids(record, Outcome.INTERRUPTED)
    assert certification_exit_code(record, whole=True) == 130
