"""What evidence makes of each cause: real documents, judged by the real checks, prove, rule out or leave open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from hybridjoin.checks.claims import claim_rows
from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.verdicts import judge as judge_evidence
from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge.areas import AREAS
from hybridjoin.knowledge.article import Article, Cause, Decider, cause
from hybridjoin.knowledge.lookup import ARTICLES, find
from hybridjoin.knowledge.standing import CLAIM_OF, CauseStanding, Evidence, judge
from hybridjoin.model.claim_states import states
from hybridjoin.model.verdict import Outcome
from tests.checks.breaking import BREAKING, claims, said
from tests.checks.evidence_factory import HEALTHY, refused
from tests.checks.messages import AnyEvidence
from tests.protocol.documents import CLAIMS, DJ, IDENTITY, SID, WS2008, with_claim

Case = Callable[[], AnyEvidence]
PROVEN, OPEN, OUT = CauseStanding.PROVEN, CauseStanding.OPEN, CauseStanding.RULED_OUT
CAUSES = tuple(
    dict.fromkeys(
        (*(one for item in ARTICLES for one in item.causes), *(one for _, area in AREAS.values() for one in area))
    )
)
DECIDED = [(one, decider) for one in CAUSES for decider in one.deciders]

# The ways in which a claim may come, each with evidence: what `state` of a decider says.
CAME: Mapping[tuple[str, str], Case] = {
    ("CLAIM-01", "missing"): claims(*with_claim("accounttype")),
    ("CLAIM-03", "missing"): claims(*with_claim("onpremobjectguid")),
    ("CLAIM-05", "missing"): claims(*with_claim("primarysid")),
    ("CLAIM-07", "missing"): claims(*with_claim("ImmutableID")),
    ("CLAIM-09", "missing"): said(name_identifier=None),
    ("CLAIM-01", "wrong-namespace"): claims(*with_claim("accounttype", ("urn:x", "accounttype", ("DJ",)))),
    ("CLAIM-03", "wrong-namespace"): claims(*with_claim("onpremobjectguid", ("urn:x", *CLAIMS[3][1:]))),
    ("CLAIM-05", "wrong-namespace"): claims(*with_claim("primarysid", ("urn:x", "primarysid", (SID,)))),
    ("CLAIM-07", "wrong-namespace"): claims(*with_claim("ImmutableID", ("urn:x", *CLAIMS[0][1:]))),
    ("CLAIM-01", "wrong-name"): claims(*with_claim("accounttype", (DJ, "AccountType", ("DJ",)))),
    ("CLAIM-03", "wrong-name"): claims(*with_claim("onpremobjectguid", (IDENTITY, "OnPremObjectGuid", CLAIMS[3][2]))),
    ("CLAIM-05", "wrong-name"): claims(*with_claim("primarysid", (WS2008, "PrimarySid", (SID,)))),
    ("CLAIM-07", "wrong-name"): claims(*with_claim("ImmutableID", (CLAIMS[0][0], "immutableId", CLAIMS[0][2]))),
    ("CLAIM-11", "duplicate"): claims(*with_claim("accounttype", (DJ, "accounttype", ("DJ", "DJ")))),
    ("CLAIM-10", "duplicate"): claims(*CLAIMS, *2 * ((WS2008, "issuerid", ("http://other.test/",)),)),
}


def breaking(decider: Decider) -> Case:
    """Evidence that breaks a requirement in the way that a decider asks for."""
    return CAME.get((decider.requirement, decider.state)) or BREAKING[decider.requirement]


def evidence_of(case: Case) -> Evidence:
    parts = case().parts
    return Evidence(verdicts=judge_evidence(parts, BOOK), claims=claim_rows(parts))


def standings(case: Case, article: Article) -> dict[str, CauseStanding]:
    evidence = evidence_of(case)
    return {one.sentence: judge(one, article.id, evidence).standing for one in article.causes}


@pytest.mark.parametrize(
    ("one", "decider"),
    DECIDED,
    ids=[f"{one.sentence[:30]}-{it.requirement}{it.claim and '/'}{it.claim}:{it.state}" for one, it in DECIDED],
)
def test_what_breaks_a_decider_proves_its_cause_or_leaves_it_open(one: Cause, decider: Decider) -> None:
    ranked = judge(one, "", evidence_of(breaking(decider)))

    assert ranked.standing is (PROVEN if decider.proves else OPEN)
    named = [item.requirement for item in ranked.evidence]
    assert (decider.requirement in named) is decider.proves
    assert all(item.outcome in {Outcome.FAILED, Outcome.WARNING} for item in ranked.evidence)


@pytest.mark.parametrize("one", [item for item in CAUSES if item.deciders], ids=lambda item: item.sentence[:50])
def test_a_join_that_keeps_every_decider_rules_its_cause_out(one: Cause) -> None:
    heard = [item for item in one.deciders if not item.requirement.startswith("FED-")]
    silent = {item.requirement for item in evidence_of(lambda: HEALTHY).verdicts if item.outcome is Outcome.SKIPPED}
    decidable = heard and not silent.intersection(item.requirement for item in heard)

    assert judge(one, "", evidence_of(lambda: HEALTHY)).standing is (OUT if decidable else OPEN)


@pytest.mark.parametrize("one", [item for item in CAUSES if not item.deciders], ids=lambda item: item.sentence[:50])
def test_a_cause_without_deciders_is_left_open_but_by_a_code_of_its_own(one: Cause) -> None:
    evidence = evidence_of(refused)

    assert judge(one, "", evidence).standing is OPEN
    assert [judge(one, "", replace(evidence, codes={code})).standing for code in one.codes] == [PROVEN] * len(one.codes)


@pytest.mark.parametrize(("one", "code"), [pytest.param(one, code, id=code) for one in CAUSES for code in one.codes])
def test_a_code_that_says_it_proves_its_cause(one: Cause, code: str) -> None:
    article = find(code)
    assert article is not None, "a code that proves is one that is explained"
    assert one in article.causes

    ranked = judge(one, code, Evidence(verdicts=(), codes={code}))

    assert (ranked.standing, ranked.codes, ranked.evidence) == (PROVEN, (code,), ())


@pytest.mark.parametrize("one", CAUSES, ids=lambda item: item.sentence[:50])
def test_without_evidence_nothing_is_decided(one: Cause) -> None:
    assert judge(one, "", Evidence(verdicts=())).standing is OPEN


@pytest.mark.parametrize("one", CAUSES, ids=lambda item: item.sentence[:50])
def test_what_a_cause_names_is_in_the_book_and_named_once(one: Cause) -> None:
    names = {*one.requirements, *one.related}

    assert names <= {item.id for item in BOOK}
    assert set(one.requirements).isdisjoint(one.related)
    assert all(decider.state in {"", *(state for _, state in CAME), "wrong-value"} for decider in one.deciders)


@pytest.mark.parametrize(("requirement", "claim"), CLAIM_OF.items())
def test_a_requirement_is_about_the_claim_that_its_breaking_evidence_bends(requirement: str, claim: str) -> None:
    rows = {row.name: row for row in evidence_of(BREAKING[requirement]).claims}

    assert "ok" not in states(rows[claim])


# AADSTS51004 is where support begins: one thing is bent, and what each of its causes is then; ruled out, if not named.
TABLE: Mapping[str, tuple[Case, dict[Cause, CauseStanding]]] = {
    "accounttype missing": (CAME["CLAIM-01", "missing"], {c.NOT_MAPPED: PROVEN}),
    "onpremobjectguid missing": (CAME["CLAIM-03", "missing"], {c.NOT_MAPPED: PROVEN}),
    "primarysid missing": (CAME["CLAIM-05", "missing"], {c.NOT_MAPPED: PROVEN}),
    "accounttype elsewhere": (CAME["CLAIM-01", "wrong-namespace"], {c.NAMESPACE: PROVEN}),
    "primarysid elsewhere": (CAME["CLAIM-05", "wrong-namespace"], {c.NAMESPACE: PROVEN}),
    "a whole URI in the name": (BREAKING["SAML-14"], {c.NAMESPACE: PROVEN}),
    "accounttype spelled otherwise": (CAME["CLAIM-01", "wrong-name"], {c.SPELLING: PROVEN}),
    "accounttype is dj": (BREAKING["CLAIM-02"], {c.ACCOUNT_TYPE: PROVEN}),
    "accounttype elsewhere and User": (
        claims(*with_claim("accounttype", ("urn:x", "accounttype", ("User",)))),
        {c.NAMESPACE: PROVEN, c.ACCOUNT_TYPE: PROVEN},
    ),
    "accounttype missing and primarysid elsewhere": (
        claims(
            *(item for item in CLAIMS if item[1] not in {"accounttype", "primarysid"}), ("urn:x", "primarysid", (SID,))
        ),
        {c.NOT_MAPPED: PROVEN, c.NAMESPACE: PROVEN},
    ),
    "onpremobjectguid big-endian": (BREAKING["CLAIM-04"], {c.GUID_ENCODING: PROVEN}),
    "primarysid of the group": (BREAKING["CLAIM-06"], {c.SID: PROVEN}),
    "another ImmutableID": (BREAKING["CLAIM-08"], {c.ANCHOR: PROVEN}),
    "another Subject": (BREAKING["CLAIM-09"], {c.ANCHOR: PROVEN}),
    "no ImmutableID": (CAME["CLAIM-07", "missing"], {c.NO_ANCHOR: PROVEN}),
    "no Subject": (CAME["CLAIM-09", "missing"], {c.NO_ANCHOR: PROVEN}),
    "accounttype twice": (BREAKING["CLAIM-10"], {c.SECOND_RULE: PROVEN}),
    "accounttype with two values": (BREAKING["CLAIM-11"], {c.SECOND_RULE: PROVEN}),
    "an attribute without a value": (
        claims(*with_claim("accounttype", (DJ, "accounttype", ()))),
        {c.ACCOUNT_TYPE: PROVEN},
    ),
    "nothing bent": (lambda: HEALTHY, {}),
    "no assertion at all": (BREAKING["RSTR-18"], dict.fromkeys(CAUSES, OPEN)),
}


@pytest.mark.parametrize(("case", "expected"), TABLE.values(), ids=TABLE)
def test_causes_of_a_refused_device_follow_what_was_found(case: Case, expected: Mapping[Cause, CauseStanding]) -> None:
    article = find("AADSTS51004")
    assert article is not None

    of_a_computer = replace(article, causes=tuple(one for one in article.causes if one.deciders))
    found = standings(case, of_a_computer)

    assert found == {one.sentence: expected.get(one, OUT) for one in of_a_computer.causes}


def test_a_claim_in_two_states_is_judged_by_the_state_that_the_cause_asks_for() -> None:
    twins = cause("Twins.", "Look.", "Mend.", checks="CLAIM-10/issuerid:duplicate")

    assert judge(twins, "", evidence_of(BREAKING["CLAIM-10"])).standing is OUT, "accounttype is twice, issuerid is not"
    assert judge(twins, "", evidence_of(CAME["CLAIM-10", "duplicate"])).standing is PROVEN
