"""What a verdict says where a probe was not asked, could not be asked, or proves nothing by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.sources import SOURCES
from hybridjoin.checks.untested import UNTESTED, UntestedSentence
from hybridjoin.device.probes.catalogue import PROBES
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeAnswer, ProbeResult
from hybridjoin.model.exchange import Proof, ServerProof
from hybridjoin.model.verdict import NotTested, Outcome, Untested, Verdict
from hybridjoin.protocol.negotiate import TokenKind
from tests.checks.evidence_factory import HEALTHY
from tests.checks.probe_factory import (
    DEVICE_TOKEN,
    NO_ANSWER,
    NO_TICKET,
    REFUSED,
    breaking_probes,
    fault,
    page,
    unchanged,
    with_probe,
)
from tests.checks.silence import silence

READ_PROBES = sorted(breaking_probes(HEALTHY))


def verdict(requirement: str, evidence: JoinEvidence) -> Verdict:
    return next(item for item in judge(evidence.parts) if item.requirement == requirement)


def test_a_join_alone_breaks_none_of_them() -> None:
    found = {item.requirement: item for item in judge(replace(HEALTHY, probes=()).parts)}

    assert {found[name].outcome for name in READ_PROBES} == {Outcome.SKIPPED}
    assert silence(found["HTTP-01"]).reason is Untested.PROBE_NOT_ASKED


def test_what_was_skipped_is_skipped_with_its_reason() -> None:
    skipped = ProbeResult(probe="rst-2005", skipped="the metadata offers no such endpoint")

    found = verdict("RST-08", with_probe(HEALTHY, skipped))

    assert found.outcome is Outcome.SKIPPED
    assert silence(found) == NotTested(
        reason=Untested.PROBE_SKIPPED, probe="rst-2005", detail="the metadata offers no such endpoint"
    )


@pytest.mark.parametrize(
    "result",
    [
        ProbeResult(probe="rst-dtd", interrupted="the domain controller is gone"),
        ProbeResult(probe="rst-dtd"),
        ProbeResult(probe="rst-dtd", answers=(replace(REFUSED, baseline_digest=REFUSED.sent_digest),)),
    ],
    ids=["interrupted", "no answer", "the message went out unchanged"],
)
def test_what_the_harness_could_not_ask_is_interrupted_and_nobodys_failure(result: ProbeResult) -> None:
    assert verdict("NEG-08", with_probe(HEALTHY, result)).outcome is Outcome.INTERRUPTED


@pytest.mark.parametrize("probe", ["rst-replay", "rst-duplicate"])
def test_a_repetition_that_was_none_is_interrupted(probe: str) -> None:
    other = replace(unchanged(DEVICE_TOKEN), sent_digest="another")
    evidence = with_probe(HEALTHY, ProbeResult(probe=probe, answers=(unchanged(DEVICE_TOKEN), other)))

    assert verdict("NEG-10" if probe == "rst-replay" else "NEG-11", evidence).outcome is Outcome.INTERRUPTED


def test_where_nobody_needs_a_ticket_nothing_is_said_of_tickets() -> None:
    given = ProbeResult(probe="rst-anonymous", answers=(unchanged(DEVICE_TOKEN),))
    user = ProbeResult(probe="rst-user", answers=(unchanged(DEVICE_TOKEN),))
    unproven = replace(unchanged(DEVICE_TOKEN), server_token=TokenKind.NONE, server_proof=None)
    bare = ProbeResult(probe="rst-plain", answers=(unproven,))
    first = ProbeResult(probe="rst-empty-first", answers=(REFUSED, unchanged(DEVICE_TOKEN)))
    alone = replace(HEALTHY, server_proof=None)
    evidence = with_probe(with_probe(with_probe(with_probe(alone, given), user), bare), first)

    broken = {item.requirement for item in judge(evidence.parts) if item.outcome in {Outcome.FAILED, Outcome.WARNING}}

    assert broken == {"HTTP-01", "HTTP-06"}
    assert silence(verdict("NEG-12", evidence)).requirement == "HTTP-06"
    assert silence(verdict("HTTP-09", evidence)).requirement == "HTTP-01"


@pytest.mark.parametrize(
    ("proof", "broken"),
    [
        (Proof.GOOD, set()),
        (Proof.NOT_SENT, {"HTTP-07"}),
        (Proof.NOT_GOOD, {"HTTP-07"}),
        (Proof.OTHER_MECHANISM, {"HTTP-08"}),
    ],
)
def test_what_a_server_proves_is_read_off_the_join_and_else_off_windows_own_request(
    proof: Proof, broken: set[str]
) -> None:
    said = ServerProof(proof=proof, words="what came")
    plain = ProbeResult(probe="rst-plain", answers=(replace(unchanged(DEVICE_TOKEN), server_proof=said),))
    asked = with_probe(replace(HEALTHY, server_proof=None), plain)
    joined = replace(HEALTHY, server_proof=said)

    for evidence in (asked, joined):
        loud = {item.requirement for item in judge(evidence.parts) if item.outcome in {Outcome.FAILED, Outcome.WARNING}}
        assert loud == broken
    assert verdict("HTTP-07", replace(HEALTHY, server_proof=None)).outcome is Outcome.PASSED


def test_refusals_prove_nothing_where_nothing_is_accepted() -> None:
    plain = ProbeResult(probe="rst-plain", answers=(unchanged(REFUSED),))
    refused = tuple(
        replace(item, answers=(REFUSED,)) if item.probe.startswith("rst-") else item for item in HEALTHY.probes
    )
    evidence = with_probe(replace(HEALTHY, probes=refused), plain)

    found = {item.requirement: item.outcome for item in judge(evidence.parts)}

    assert {found[name] for name in READ_PROBES if name.startswith(("NEG-0", "RST-", "FAULT-"))} == {Outcome.SKIPPED}


def test_a_fault_that_soap_raises_before_the_message_is_read_is_a_right_answer_to_a_timestamp() -> None:
    """CXF and WCF know no wsse:Security on that port, and say so as SOAP 1.2 asks: without a subcode or RelatesTo."""
    told = fault("", code="MustUnderstand", relates_to="urn:uuid:nobody")
    evidence = with_probe(HEALTHY, ProbeResult(probe="rst-stale", answers=(told,)))

    loud = {item.requirement for item in judge(evidence.parts) if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED}}

    assert loud == set()
    assert verdict("NEG-09", evidence).outcome is verdict("FAULT-12", evidence).outcome is Outcome.PASSED


def test_a_port_for_names_is_dead_only_where_the_token_service_is_alive() -> None:
    dead = with_probe(HEALTHY, ProbeResult(probe="username-port", answers=(NO_ANSWER,)))
    mute = with_probe(dead, ProbeResult(probe="rst-plain", answers=(NO_ANSWER,)))
    unasked = with_probe(dead, ProbeResult(probe="rst-plain", skipped="the endpoint let the join wait"))

    assert verdict("MEX-36", dead).outcome is Outcome.WARNING
    assert [silence(verdict("MEX-36", item)).reason for item in (mute, unasked)] == [Untested.PROBE_MOOT] * 2


def test_where_soap_alone_refuses_nothing_is_said_of_the_faults_of_ws_trust() -> None:
    told = fault("", code="MustUnderstand")
    provoked = ("rst-applies-to", "rst-request-type", "rst-unknown-token-type", "rst-action-mismatch", "rst-stale")
    evidence = HEALTHY
    for name in provoked:
        evidence = with_probe(evidence, ProbeResult(probe=name, answers=(told,)))

    assert silence(verdict("FAULT-06", evidence)).reason is Untested.NOT_APPLICABLE


@pytest.mark.parametrize("requirement", READ_PROBES)
def test_one_broken_sentence_breaks_few_others(requirement: str) -> None:
    evidence = breaking_probes(HEALTHY)[requirement]()

    broken = {item.requirement for item in judge(evidence.parts) if item.outcome is Outcome.FAILED}

    assert broken <= {requirement, *ALONG.get(requirement, ())}


# A token for nobody is no challenge either.
ALONG = {"HTTP-06": ("HTTP-01",)}


def test_every_probe_is_read_by_a_requirement() -> None:
    silent = [
        probe.id
        for probe in PROBES
        if judge(HEALTHY.parts) == judge(with_probe(HEALTHY, ProbeResult(probe=probe.id, skipped="left out")).parts)
    ]

    assert silent == []


def test_what_a_healthy_idp_answers_covers_the_catalogue() -> None:
    assert sorted(item.probe for item in HEALTHY.probes) == sorted(item.id for item in PROBES)


def test_the_book_has_more_than_125_requirements() -> None:
    assert len(BOOK) > 125


def test_enough_is_confessed_to_be_untested() -> None:
    assert len(UNTESTED) >= 15
    assert len({item.sentence for item in UNTESTED}) == len(UNTESTED)


@pytest.mark.parametrize("item", UNTESTED, ids=lambda item: item.sentence[:40])
def test_every_untested_sentence_says_where_it_stands_and_why_it_waits(item: UntestedSentence) -> None:
    assert item.specification in SOURCES
    assert item.section
    assert item.url.startswith("http")
    assert item.sentence.endswith(".")
    assert item.reason.endswith(".")


@pytest.mark.parametrize(
    ("header", "outcome"),
    [
        (("Server", "Microsoft-HTTPAPI/2.0"), Outcome.PASSED),
        (("Server", "nginx"), Outcome.PASSED),
        (("X-AspNetMvc-Version", "5.2"), Outcome.PASSED),
        (("server", "Jetty(9.4.43.v20210629)"), Outcome.REVIEW),
        (("X-AspNet-Version", "4.0.30319"), Outcome.REVIEW),
    ],
)
def test_a_version_is_exact_from_its_third_number_on(header: tuple[str, str], outcome: Outcome) -> None:
    answered = replace(REFUSED, headers=(*REFUSED.headers, header))

    told = verdict("NEG-21", with_probe(HEALTHY, ProbeResult(probe="rst-garbage", answers=(answered,))))

    assert told.outcome is outcome


@pytest.mark.parametrize(
    ("answered", "outcome"),
    [
        (REFUSED, Outcome.PASSED),
        (unchanged(NO_ANSWER), Outcome.SKIPPED),
        (replace(REFUSED, fault=None, status=503), Outcome.PASSED),
    ],
)
def test_an_answer_elsewhere_is_told_by_an_empty_success_alone(answered: ProbeAnswer, outcome: Outcome) -> None:
    result = ProbeResult(probe="rst-reply-elsewhere", answers=(answered,))

    assert verdict("NEG-19", with_probe(HEALTHY, result)).outcome is outcome


def test_an_answer_that_did_not_come_here_is_not_said_to_have_gone_elsewhere() -> None:
    """Metro's back way is closed with 202 and its token goes nowhere: from here that looks like one that was sent."""
    result = ProbeResult(probe="rst-reply-elsewhere", answers=(page(202, body=b""),))

    found = verdict("NEG-19", with_probe(HEALTHY, result)).found

    assert found == "HTTP 202 and no answer: it was sent there, or nowhere"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"<html><head><title>Directory Listing For [/sts/]</title></head></html>", Outcome.REVIEW),
        (200, b"<pre><A HREF='/'>[To Parent Directory]</A><br>", Outcome.REVIEW),
        (200, b"<html><title>Sign in</title><a href='/index'>Index of /help</a></html>", Outcome.PASSED),
        (403, b"<title>Index of /sts</title>", Outcome.PASSED),
    ],
)
def test_a_listing_is_told_by_the_head_of_its_page(status: int, body: bytes, outcome: Outcome) -> None:
    answered = replace(REFUSED, fault=None, status=status, body=body)

    told = verdict("NEG-22", with_probe(HEALTHY, ProbeResult(probe="sts-folder", answers=(answered,))))

    assert told.outcome is outcome


LATE = unchanged(replace(NO_ANSWER, breakage="timeout: no answer in 20 seconds"))


@pytest.mark.parametrize(
    ("large", "after", "outcome"),
    [
        (page(413), DEVICE_TOKEN, Outcome.PASSED),
        (page(500), DEVICE_TOKEN, Outcome.PASSED),
        (DEVICE_TOKEN, DEVICE_TOKEN, Outcome.PASSED),
        (NO_ANSWER, DEVICE_TOKEN, Outcome.PASSED),
        (LATE, DEVICE_TOKEN, Outcome.WARNING),
        (page(413), LATE, Outcome.WARNING),
        (NO_ANSWER, replace(NO_ANSWER, breakage="connection refused: nobody listens"), Outcome.WARNING),
        (NO_TICKET, DEVICE_TOKEN, Outcome.SKIPPED),
        (page(413), NO_TICKET, Outcome.SKIPPED),
    ],
)
def test_an_oversize_request_may_be_refused_in_any_way_that_comes_in_time_and_does_no_harm(
    large: ProbeAnswer, after: ProbeAnswer, outcome: Outcome
) -> None:
    answers = (replace(large, baseline_digest="another"), unchanged(after))

    told = verdict("NEG-23", with_probe(HEALTHY, ProbeResult(probe="rst-oversize", answers=answers)))

    assert told.outcome is outcome
