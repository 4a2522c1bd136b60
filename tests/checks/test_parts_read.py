"""A check names the parts that it reads by its parameters' types, and is asked only where they are there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hybridjoin.checks import judge, judge_flow
from hybridjoin.checks.missing import _BESIDE, why_missing
from hybridjoin.checks.places import in_metadata
from hybridjoin.checks.requirement import Check, Finding, PartRead, Requirement, holds, requirement
from hybridjoin.checks.rules import BOOK, JOIN_BOOK
from hybridjoin.evidence.documents import metadata_parts
from hybridjoin.evidence.facts import TrustedIssuer
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.probe import Probes
from hybridjoin.evidence.sign_in import SignedInUser, SignInEvidence
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.model.exchange import TicketReply
from hybridjoin.model.flows import HYBRID_JOIN, SIGN_IN_USERNAME
from hybridjoin.model.record import JoinResult, SignInResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level, NotTested, Outcome, Untested
from hybridjoin.protocol.mex import MexDocument, MexEndpoint
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.signature import SignatureReading
from tests.checks.account_cases import registered
from tests.checks.breaking import SAML_2, answered, refused_join, ways
from tests.checks.bridge_cases import bridged, group_answer
from tests.checks.browser_cases import browsed
from tests.checks.evidence_factory import HEALTHY, bent, failing, faulted, refused
from tests.checks.federation_cases import SETTINGS, handed_out
from tests.checks.gateway_cases import given as gateway
from tests.checks.leave_cases import left
from tests.checks.managed_cases import managed
from tests.checks.prt_cases import logged_on
from tests.checks.seamless_cases import seamless
from tests.protocol.documents import NOW
from tests.protocol.metadata import USERNAME_13

register = requirement("MEX-98", Level.MUST, "WST13 1", remedy="Mend it.")


def built(check: Check) -> Requirement:
    return register(check)


def test_the_parts_are_those_of_the_parameters_in_their_order() -> None:
    def compares(realm: UserRealm, endpoint: MexEndpoint | None) -> Finding:
        """This sentence compares two parts with each other."""
        return holds(f"{realm.account_type} {endpoint}", where=in_metadata())

    made = built(compares)

    assert made.reads == (PartRead(kind=UserRealm), PartRead(kind=MexEndpoint, optional=True))
    assert (made.reads_part(MexEndpoint), made.reads_part(MexDocument)) == (True, False)
    assert made.ask(Parts.of(HEALTHY.realm)).found == "Federated None"
    assert judge(Parts.of(HEALTHY.endpoint), (made,))[0].outcome is Outcome.SKIPPED


def test_a_check_that_needs_none_of_its_parts_is_asked_where_one_is_there() -> None:
    def looks(document: MexDocument | None, outcome: FlowOutcome | None) -> Finding:
        """This sentence looks at either of two parts."""
        return holds(f"{document is not None} {outcome is not None}", where=in_metadata())

    made = built(looks)

    assert [made.ask(parts).found for parts in (Parts.of(HEALTHY.mex), Parts.of(FlowOutcome()))] == [
        "True False",
        "False True",
    ]
    assert made.missing(Parts()) == (MexDocument, FlowOutcome)


def test_parameters_that_name_no_part_are_refused() -> None:
    def unsaid(document) -> Finding:  # type: ignore[no-untyped-def] # noqa: ANN001 that is the mistake
        raise NotImplementedError(document)

    def either(document: MexDocument | UserRealm) -> Finding:
        raise NotImplementedError(document)

    def several(documents: tuple[MexDocument, ...]) -> Finding:
        raise NotImplementedError(documents)

    def nothing() -> Finding:
        raise NotImplementedError

    for check in (unsaid, either, several):
        with pytest.raises(TypeError, match=r"expected the type of one part for 'documents?'"):
            built(check)
    with pytest.raises(TypeError, match="reads no part of evidence"):
        built(nothing)


@pytest.mark.parametrize("item", BOOK.requirements, ids=lambda item: item.id)
def test_without_any_evidence_every_requirement_is_silent_and_says_what_was_not_given(item: Requirement) -> None:
    (verdict,) = judge(Parts(), (item,))

    assert verdict.outcome is Outcome.SKIPPED
    assert verdict.not_tested is not None
    assert verdict.not_tested.reason in {Untested.NOT_GIVEN, Untested.PROBE_NOT_ASKED, Untested.NO_FLOW}


@pytest.mark.parametrize(
    ("part", "parts", "reason"),
    [
        (
            Assertion, failing(Step.MEX, "HTTP 404").parts,
            NotTested(reason=Untested.STEP_FAILED, step=Step.MEX, detail="HTTP 404"),
        ),
        (
            MexDocument, Parts.of(FlowOutcome(flow=HYBRID_JOIN.name)),
            NotTested(reason=Untested.NOT_REACHED, step=Step.MEX),
        ),
        (TicketReply, Parts.of(FlowOutcome(flow=SIGN_IN_USERNAME.name)), NotTested(
            reason=Untested.NOT_GIVEN, detail="no ticket was given to compare with",
        )),
        (
            MexEndpoint, Parts.of(FlowOutcome(unreadable=((Step.MEX, "a cat"),))),
            NotTested(reason=Untested.UNREADABLE, step=Step.MEX, detail="a cat"),
        ),
        (
            MexEndpoint, ways(USERNAME_13)().parts,
            NotTested(
                reason=Untested.ABSENT, step=Step.MEX,
                detail="the metadata offers no endpoint that the device would choose",
            ),
        ),
        (
            SignatureReading, answered(SAML_2)().parts,
            NotTested(reason=Untested.ABSENT, step=Step.RST, detail="the response holds no SAML 1.1 assertion"),
        ),
        (JoinResult, Parts.of(FlowOutcome()), NotTested(
            reason=Untested.NOT_GIVEN, detail="no join was given to compare with",
        )),
        (TokenResponse, Parts(), NotTested(
            reason=Untested.NOT_GIVEN, detail="no token response was given to compare with",
        )),
        (FlowOutcome, Parts(), NotTested(reason=Untested.NO_FLOW)),
    ],
)  # fmt: skip
def test_a_missing_part_is_missing_for_what_became_of_its_step(part: type, parts: Parts, reason: NotTested) -> None:
    assert why_missing((part,), parts) == reason


def test_what_nobody_asked_for_is_said_first() -> None:
    reason = why_missing((MexDocument, Probes), failing(Step.MEX, "HTTP 404").parts)

    assert reason.reason is Untested.PROBE_NOT_ASKED
    assert why_missing((MexDocument, FederationSettings), Parts()).reason is Untested.NOT_GIVEN


def test_a_join_leaves_out_exactly_what_reads_probes_or_settings() -> None:
    alone = replace(HEALTHY, probes=(), federation=None).parts

    left_out = {item.id for item in JOIN_BOOK} - {item.requirement for item in judge_flow(alone)}

    beside = {item.id for item in JOIN_BOOK if set(_BESIDE) & set(item.missing(alone))}
    assert left_out == beside


def test_one_document_is_asked_what_it_alone_can_answer() -> None:
    assert HEALTHY.mex is not None
    document = metadata_parts(HEALTHY.mex)

    asked = {item.requirement for item in judge(document) if item.not_tested is None}
    can = {item.id for item in BOOK if not item.missing(document)}

    assert asked == can
    assert all(name.startswith("MEX-") for name in asked)
    assert len(asked) > 15


def test_no_check_reads_a_part_that_nobody_brings() -> None:
    joins = (HEALTHY, faulted(), refused(), refused_join(), bent(federation=SETTINGS), handed_out(), managed())
    sign_in = SignInEvidence(
        result=SignInResult.SIGNED_IN, user=SignedInUser(name="carol@test", client_id="", scope=""),
        client_request_id="", started_at=NOW, applies_to="", issuer="", mistyped=True,
    )  # fmt: skip
    groups = group_answer(200, {"value": []})
    others = (
        sign_in, left(), browsed(), bridged(groups=groups), gateway()(), logged_on(), registered(), seamless()
    )  # fmt: skip
    brought = {kind for evidence in (*joins, *others) for kind in evidence.parts.by_type}

    read = {part.kind for item in BOOK for part in item.reads}

    assert {kind.__name__ for kind in read - brought} == set()


EVERYTHING = bent(federation=SETTINGS).parts.but(faulted().fault, refused().entra_error, refused_join().enrolment_error)
KINDS = sorted(EVERYTHING.by_type, key=lambda kind: kind.__name__)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.sampled_from(KINDS)))
def test_whatever_parts_are_left_no_check_falls_over_and_each_answers_by_its_own_parts_alone(lost: set[type]) -> None:
    left = EVERYTHING.without(*lost)

    verdicts = {item.requirement: item for item in judge(left)}

    assert [item for item in verdicts.values() if item.outcome is Outcome.INTERRUPTED] == []
    untouched = [item for item in BOOK if not any(part.kind in lost for part in item.reads)]
    assert [verdicts[item.id] for item in untouched] == list(judge(EVERYTHING, untouched))
    needed = {item.id for item in BOOK if any(part.kind in lost and not part.optional for part in item.reads)}
    assert {verdicts[name].outcome for name in needed} <= {Outcome.SKIPPED}


def test_one_fact_alone_answers_nothing() -> None:
    assert all(item.not_tested is not None for item in judge(Parts.of(TrustedIssuer(uri="urn:x"))))
