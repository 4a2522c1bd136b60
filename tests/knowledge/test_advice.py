"""What to do follows the code that came and what the evidence proves, not the step at which the join ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hybridjoin.checks.claims import claim_rows
from hybridjoin.checks.verdicts import judge_flow
from hybridjoin.device.habits import Habits
from hybridjoin.evidence.bridge import BridgeEvidence
from hybridjoin.evidence.browser import BrowserEvidence
from hybridjoin.knowledge.advice import advice
from hybridjoin.knowledge.diagnosis import explain_join
from hybridjoin.model.circumstances import Circumstances, facts_of
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.record import FailureRecord, JoinRecord
from hybridjoin.model.steps import Phase, Step
from tests.checks.breaking import BREAKING, claims
from tests.checks.bridge_cases import bridged, federated
from tests.checks.browser_cases import PASSIVE_BREAKING, browsed
from tests.checks.evidence_factory import HEALTHY
from tests.checks.messages import AnyEvidence
from tests.device.script import SITE
from tests.protocol.documents import with_claim
from tests.report.sample import bad_join


def refused(code: str, case: Callable[[], AnyEvidence]) -> JoinRecord:
    """A join whose evidence is real, refused by Entra with a number."""
    parts = case().parts
    failure = FailureRecord(phase=Phase.AUTH, step=Step.TOKEN, reason=f"Entra refused the assertion: {code}")
    return replace(
        bad_join(), failure=failure, fallback_failure=None, verdicts=judge_flow(parts), claims=claim_rows(parts)
    )


@pytest.mark.parametrize(
    ("code", "case", "words", "never"),
    [
        pytest.param(
            "AADSTS50008",
            BREAKING["SIG-01"],
            ("carries no signature of its own", "Sign the assertion with one Reference"),
            ("claim table", "user"),
            id="unsigned",
        ),
        pytest.param(
            "AADSTS51004",
            claims(*with_claim("accounttype")),
            ("is not there at all", "Here: accounttype.", "map it where it is missing"),
            ("wrong namespace",),
            id="not mapped",
        ),
        pytest.param(
            "AADSTS51004",
            BREAKING["CLAIM-01"],
            ("stands in the wrong namespace", "Update NameFormat, choose http://schemas.microsoft.com/ws/2012/01"),
            ("not there at all",),
            id="elsewhere",
        ),
        pytest.param(
            "AADSTS50107", BREAKING["SAML-02"], ("is not the domain's IssuerUri",), ("claim table",), id="issuer"
        ),
        pytest.param(
            "AADSTS51004",
            BREAKING["RSTR-18"],
            ("Nothing that was seen proves a cause. The likeliest: A device claim", "To decide: AttributeNamespace of"),
            (),
            id="nothing to go by",
        ),
        pytest.param(
            "AADSTS5000811", lambda: HEALTHY, ("rules out every cause that is known of this code",), (), id="ruled out"
        ),
        pytest.param("AADSTS99999", lambda: HEALTHY, ("Nothing is known of this answer",), (), id="unknown"),
    ],
)
def test_what_to_do_follows_the_code_and_the_evidence(
    code: str, case: Callable[[], AnyEvidence], words: tuple[str, ...], never: tuple[str, ...]
) -> None:
    told = advice(refused(code, case))

    assert [word for word in words if word not in told] == [], told
    assert [word for word in never if word in told] == [], told


def test_of_many_proven_causes_the_two_likeliest_are_mended_first() -> None:
    join = refused("AADSTS51004", BREAKING["CLAIM-01"])
    all_broken = refused(
        "AADSTS51004",
        claims(("urn:x", "accounttype", ("User",)), ("urn:x", "primarysid", ("S-1-5-21-1-2-3-515",))),
    )

    assert advice(all_broken).count(".") > advice(join).count(".")
    assert "wrong namespace" in advice(all_broken)
    assert "is not there at all" in advice(all_broken)
    assert "accounttype says something else" not in advice(all_broken), "the third waits its turn"


def met_by_a_person(code: str, evidence: BridgeEvidence) -> JoinRecord:
    """A person's way through a bridge that Entra ended at login.srf with a number."""
    failure = FailureRecord(phase=Phase.AUTH, step=Step.WRESULT, reason=f"Entra refused: {code}")
    told = bad_join().circumstances or Circumstances(flow="", device="", site=facts_of(SITE), habits=Habits().facts)
    return replace(
        bad_join(),
        circumstances=replace(told, flow=BRIDGE.name),
        failure=failure,
        fallback_failure=None,
        verdicts=judge_flow(evidence.parts),
        claims=(),
    )


@pytest.mark.parametrize(
    ("code", "bent", "words", "never"),
    [
        pytest.param(
            "AADSTS51004",
            browsed(),
            ("no synced user's", "onPremisesImmutableId"),
            ("device claim", "claim table"),
            id="nobody's anchor",
        ),
        pytest.param(
            "AADSTS50008",
            PASSIVE_BREAKING["PASSIVE-12"](),
            ("answers with a SAML 2.0 assertion", "issue SAML 1.1"),
            ("Nothing that was seen proves a cause",),
            id="SAML 2.0",
        ),
        pytest.param(
            "AADSTS90013",
            PASSIVE_BREAKING["PASSIVE-06"](),
            ("wctx", "as it came"),
            ("sign-in page was old",),
            id="another wctx",
        ),
        pytest.param(
            "AADSTS90013",
            PASSIVE_BREAKING["PASSIVE-09"](),
            ("wresult",),
            ("sign-in page was old",),
            id="wresult that cannot be read",
        ),
    ],
)
def test_a_person_is_told_what_is_wrong_with_a_persons_answer_and_nothing_of_a_computers_claims(
    code: str, bent: BrowserEvidence, words: tuple[str, ...], never: tuple[str, ...]
) -> None:
    way = replace(bent, realm=None, published=None, failure=None, code=None, token=None)
    told = advice(met_by_a_person(code, replace(federated(), browser=way)))

    assert [word for word in words if word not in told] == []
    assert [word for word in never if word in told] == []


def test_an_old_page_is_likely_and_not_proven_where_nobody_came_by_an_identity_provider() -> None:
    told = advice(met_by_a_person("AADSTS90013", bridged()))

    assert "Nothing that was seen proves a cause. The likeliest: The sign-in page was old" in told


def test_a_computer_is_told_nothing_of_what_a_persons_form_lacks() -> None:
    told = explain_join(refused("AADSTS51004", BREAKING["RSTR-18"]))

    assert told is not None
    assert [item.cause.sentence for item in told.causes if "synced user" in item.cause.sentence] == []
