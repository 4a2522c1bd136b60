from __future__ import annotations

import types
from dataclasses import replace

import pytest

from hybridjoin.checks import judge, judge_flow
from hybridjoin.checks.places import in_response
from hybridjoin.checks.registry import Book
from hybridjoin.checks.requirement import Finding, Requirement, holds, requirement
from hybridjoin.checks.rules import BOOK, ROOMS
from hybridjoin.checks.sources import SOURCES
from hybridjoin.errors import Breakage, PeerError
from hybridjoin.evidence.documents import metadata_parts
from hybridjoin.evidence.facts import TrustedIssuer
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level, NotTested, Outcome, Untested
from hybridjoin.protocol.mex import parse_mex
from tests.checks.evidence_factory import HEALTHY, bent, failing, faulted, refused, reply_evidence, unreadable
from tests.protocol.documents import AssertionText, ReplyText, sign
from tests.protocol.metadata import WINDOWS_2005, metadata


def outcomes(evidence: JoinEvidence) -> dict[str, Outcome]:
    return {item.requirement: item.outcome for item in judge(evidence.parts)}


def test_every_requirement_is_answered_once() -> None:
    assert [item.requirement for item in judge(HEALTHY.parts)] == [item.id for item in BOOK]


def test_what_was_never_reached_is_skipped_with_the_step_that_fell() -> None:
    verdicts = {item.requirement: item for item in judge(failing(Step.MEX, "HTTP 404").parts)}

    assert verdicts["SCP-01"].outcome is Outcome.PASSED
    assert verdicts["MEX-01"].outcome is Outcome.FAILED
    assert verdicts["SAML-02"].outcome is Outcome.SKIPPED
    assert verdicts["SAML-02"].not_tested == NotTested(reason=Untested.STEP_FAILED, step=Step.MEX, detail="HTTP 404")


@pytest.mark.parametrize(
    ("step", "meant"),
    [
        (Step.SCP, "SCP-01"),
        (Step.DISCOVER, "DISC-01"),
        (Step.REALM, "REALM-01"),
        (Step.MEX, "MEX-02"),
        (Step.RST, "RSTR-02"),
        (Step.TOKEN, "TOKEN-01"),
        (Step.JOIN, "JOIN-01"),
    ],
)
def test_an_unreadable_reply_fails_the_one_requirement_meant_for_it(step: Step, meant: str) -> None:
    verdicts = judge(unreadable(step, "expected XML, found a cat").parts)

    failed = [item for item in verdicts if item.outcome is Outcome.FAILED]
    assert [item.requirement for item in failed] == [meant]
    assert "found a cat" in failed[0].found
    silent = [item.not_tested for item in verdicts if item.not_tested is not None]
    assert any(item.reason is Untested.UNREADABLE and "found a cat" in item.detail for item in silent)


@pytest.mark.parametrize(("step", "meant"), [(Step.MEX, "MEX-32"), (Step.RST, "RSTR-18")])
def test_an_answer_that_does_not_come_in_time_fails_the_one_requirement_meant_for_it(step: Step, meant: str) -> None:
    verdicts = judge(failing(step, "no complete answer within 20 s", breakage=Breakage.TIMEOUT).parts)

    failed = [item for item in verdicts if item.outcome is Outcome.FAILED]
    assert [item.requirement for item in failed] == [meant]
    assert failed[0].found == "no complete answer within 20 s"
    assert "0xcaa82ee2" in failed[0].remedy


@pytest.mark.parametrize(("step", "silent"), [(Step.MEX, "MEX-32"), (Step.RST, "RSTR-18")])
def test_where_no_connection_came_about_nothing_is_said_of_its_pace(step: Step, silent: str) -> None:
    found = outcomes(failing(step, "the server refuses connections", breakage=Breakage.REFUSED))

    assert found[silent] is Outcome.SKIPPED
    assert outcomes(failing(step, "HTTP 404"))[silent] is Outcome.PASSED


def test_an_unreadable_signature_does_not_blank_the_claims() -> None:
    found = outcomes(bent(signature=None, unreadable=((Step.RST, "broken"),)))

    assert found["SIG-02"] is Outcome.SKIPPED
    assert found["CLAIM-02"] is Outcome.PASSED
    assert found["RSTR-02"] is Outcome.PASSED


def test_what_a_peer_made_endless_is_told_shortened() -> None:
    body = bytes(ReplyText(tokens=(sign(str(AssertionText(issuer="urn:" + "a" * 200_000))),)))
    told = [text for item in judge(bent(**reply_evidence(body)).parts) for text in (item.expected, item.found)]

    assert max(map(len, told)) < 4_100
    assert any(text.endswith(" characters)") for text in told)
    assert str(PeerError("x" * 200_000, where="here")).endswith("… (200,000 characters) (at here)")


def test_a_fault_leaves_the_token_untested() -> None:
    found = outcomes(faulted())

    assert found["RSTR-01"] is Outcome.FAILED
    assert found["FAULT-01"] is Outcome.PASSED
    assert found["SAML-01"] is Outcome.SKIPPED


def test_a_refusal_is_told_in_entras_words() -> None:
    verdict = next(item for item in judge(refused().parts) if item.requirement == "TOKEN-01")

    assert verdict.found.startswith("AADSTS51004: The user account")
    assert "hybridjoin explain" in verdict.remedy, "which cause it is depends on the code"


@pytest.mark.parametrize(("rule", "outcome"), [("", Outcome.FAILED), ("accounttype-value", Outcome.REVIEW)])
def test_a_refusal_that_is_only_assumed_of_entra_is_for_review_and_so_is_the_fallback_after_it(
    rule: str, outcome: Outcome
) -> None:
    failed = refused()
    assert failed.entra_error is not None
    assert failed.failure is not None
    error = replace(failed.entra_error, assumed_rule=rule)
    failed = replace(failed, entra_error=error, failure=replace(failed.failure, server=error))
    fallen = replace(failed, result=JoinResult.SYNCHRONIZED, registration=HEALTHY.registration)
    found = {item.requirement: item for item in judge(fallen.parts)}

    assert (found["TOKEN-01"].outcome, found["JOIN-04"].outcome) == (outcome, outcome)
    for name in ("TOKEN-01", "JOIN-04"):
        told = "by its rule 'accounttype-value', and that Entra answers so is assumed" in found[name].found
        assert told == bool(rule)


def test_a_remedy_is_given_only_where_something_is_wrong() -> None:
    assert all(not item.remedy for item in judge(HEALTHY.parts))


def test_a_check_that_falls_over_is_our_fault_and_costs_no_other_verdict() -> None:
    @requirement("MEX-98", Level.MUST, "WST13 1", remedy="Mend it.")
    def falls(issuer: TrustedIssuer) -> Finding:
        """This sentence is there to fall over its own feet."""
        raise ZeroDivisionError(issuer.uri)

    verdicts = judge(HEALTHY.parts, (falls, BOOK.requirements[0]))

    assert [item.outcome for item in verdicts] == [Outcome.INTERRUPTED, Outcome.PASSED]
    assert verdicts[0].not_tested is not None
    assert "ZeroDivisionError" in verdicts[0].not_tested.detail


def test_metadata_is_judged_without_a_join() -> None:
    verdicts = judge(metadata_parts(parse_mex(metadata((WINDOWS_2005,)))))

    tested = {item.requirement: item.outcome for item in verdicts if item.outcome is not Outcome.SKIPPED}
    assert {name for name, outcome in tested.items() if outcome is not Outcome.PASSED} == {"MEX-06", "MEX-16"}
    assert all(name.startswith("MEX-") for name in tested)
    assert {"MEX-01", "MEX-02", "MEX-20"} <= set(tested)
    assert "MEX-19" not in tested


def kept(issuer: TrustedIssuer) -> Finding:
    """The sentence of a requirement that always holds."""
    return holds(issuer.uri, where=in_response())


GOOD = requirement("MEX-98", Level.MUST, "WST13 1", remedy="Mend it.")(kept)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ((GOOD, GOOD), "given twice"),
        ((replace(GOOD, sentence=""),), "does not say its sentence"),
        ((replace(GOOD, sentence="No full stop at the end of it"),), "does not say its sentence"),
        ((replace(GOOD, specification="NOPE"),), "unknown source 'NOPE'"),
        ((replace(GOOD, id="mex-1"),), "AREA-NN"),
    ],
)
def test_the_book_refuses_twins_silent_sentences_and_unknown_sources(
    items: tuple[Requirement, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Book(items)


def test_the_book_is_built_from_its_rooms_in_order() -> None:
    room = types.ModuleType("room")
    room.first, room.second = GOOD, replace(GOOD, id="MEX-99")  # type: ignore[attr-defined] # a module made on the spot

    assert [item.id for item in Book.of((room,))] == ["MEX-98", "MEX-99"]
    assert len(BOOK) == sum(len(Book.of((item,))) for item in ROOMS)


def test_requirements_are_found_by_id_and_by_pattern() -> None:
    found = BOOK.find("mex-04")

    assert found is not None
    assert (found.id, found.area) == ("MEX-04", "MEX")
    assert BOOK.find("MEX-00") is None
    assert {item.area for item in BOOK.select("sig-*")} == {"SIG"}


@pytest.mark.parametrize("item", BOOK.requirements, ids=lambda item: item.id)
def test_every_requirement_says_where_it_comes_from(item: Requirement) -> None:
    assert item.section, "a section"
    assert item.url.startswith("http")
    assert SOURCES[item.specification].title
    assert item.sentence[0].isupper()
    assert len(item.sentence) <= 140


def test_a_join_is_not_asked_what_only_probes_and_settings_can_tell() -> None:
    alone = replace(HEALTHY, probes=(), federation=None)
    joined, everything = judge_flow(alone.parts), judge(alone.parts)

    left_out = {item.requirement for item in everything} - {item.requirement for item in joined}
    assert {"NEG-07", "FED-01"} <= left_out
    assert all(item.outcome is Outcome.SKIPPED for item in everything if item.requirement in left_out)
    assert {"MEX-04", "SIG-01", "CLAIM-04"} <= {item.requirement for item in joined}
