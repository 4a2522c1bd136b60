"""Mutations by their names, over the wire: what is said of the assertion that the IdP issued is what the matrix says.

A good spread of them is joined with; that the IdP issues each of the others is shown without a wire (`doubles/idp`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from hybridjoin import checks
from hybridjoin.checks.rules import BOOK
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import JoinRun, join_site
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.lab.lab import Lab, open_lab
from hybridjoin.lab.standins.config import MUTATIONS
from hybridjoin.model.mutation import MutationRow
from hybridjoin.model.verdict import BROKEN, Verdict
from hybridjoin.mutations import OPERATORS, Operator, entry
from hybridjoin.run.mutations.mutate import run_mutations
from hybridjoin.run.mutations.source import baseline_of_join
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file
from hybridjoin.scenario.vocabulary import MUTATIONS as VOCABULARY

pytestmark = pytest.mark.lab

REQUIREMENTS = tuple(item for item in BOOK if item.area in {"RSTR", "SAML", "SIG", "CLAIM"})
ISSUER = "urn:hybridjoin:identity-provider"
# A computer from another forest, and all six claims of it: there is something to bend for each mutation.
DEVICE = "WS05"
EVERY_CLAIM = {
    "issuer": ISSUER,
    "issuer_id": ISSUER,
    "claims": {
        "UPN": {"value": "kerberos.upn"},
        "onpremobjectguid": {"value": "#string.uuidAsBase64Guid(ldap.objectGUID,null)"},
    },
}


def made_otherwise(item: Operator) -> bool:
    """Whether more than the content is different: signed, spoilt or wrapped in another way."""
    return not item.is_about_content


SPELLED_ALIKE = {"immutableid-url-safe", "onpremobjectguid-url-safe"}  # no GUID of it holds + or / in base64
SPREAD = [
    item.id
    for at, item in enumerate(OPERATORS)
    if (at % 3 == 0 or made_otherwise(item)) and item.id not in SPELLED_ALIKE
]
"""Every third of those that change what is said, and all the others: about 25 s on a quiet machine."""


def joined(lab: Lab, *faults: str) -> JoinEvidence:
    settings = {**EVERY_CLAIM, "faults": [{"name": name} for name in faults]}
    with lab.site(idp=settings) as site:
        run: JoinRun = join_site(site, DEVICE, Habits(fallback_to_sync_join=False))
    assert run.evidence is not None
    return run.evidence


def verdicts(evidence: JoinEvidence) -> Mapping[str, Verdict]:
    return {item.requirement: item for item in checks.judge(evidence.parts, REQUIREMENTS)}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with open_lab(load_lab_file(default_lab_path()), "process") as lab:
        yield lab


@pytest.fixture(scope="module")
def good(lab: Lab) -> JoinEvidence:
    return joined(lab)


@pytest.fixture(scope="module")
def matrix(lab: Lab, good: JoinEvidence) -> Mapping[str, MutationRow]:
    key = lab.signing_key
    baseline = baseline_of_join(good, source="a join", key=key.private_key, certificate=key.certificate)
    return {row.id: row for row in run_mutations(baseline, [(item,) for item in OPERATORS]).rows}


def test_the_lab_hands_over_what_scenarios_may_name() -> None:
    assert entry.__name__ == MUTATIONS
    assert sorted(VOCABULARY.keys() ^ {item["name"] for item in entry.faults()}) == []


def test_there_is_something_to_bend_for_every_mutation(matrix: Mapping[str, MutationRow]) -> None:
    assert {row.id for row in matrix.values() if not row.sha256} == SPELLED_ALIKE


@pytest.mark.parametrize("mutation", SPREAD)
def test_the_wire_brings_the_verdicts_of_the_matrix(
    lab: Lab, good: JoinEvidence, matrix: Mapping[str, MutationRow], mutation: str
) -> None:
    before, after = verdicts(good), verdicts(joined(lab, mutation))

    known = {name: (item.outcome, item.found) for name, item in before.items()}  # broken in the same words is no news
    broken = {name: item for name, item in after.items() if item.outcome in BROKEN}
    news = {name for name, item in broken.items() if (item.outcome, item.found) != known[name]}
    assert news == {item.requirement for item in matrix[mutation].caught_by}


def test_two_faults_at_once_are_both_in_the_assertion(lab: Lab) -> None:
    found = verdicts(joined(lab, "primarysid-lower-case", "wrong-signing-key"))

    assert {name for name in ("CLAIM-06", "SIG-03") if found[name].outcome in BROKEN} == {"CLAIM-06", "SIG-03"}


def test_what_cannot_be_put_into_the_assertion_is_refused_with_the_reason(lab: Lab) -> None:
    with lab.site(idp={"faults": [{"name": "issuerid-missing"}]}) as site:
        run = join_site(site, DEVICE, Habits(fallback_to_sync_join=False))

    assert run.evidence is not None
    (refusal,) = (item for item in checks.judge(run.evidence.parts, REQUIREMENTS) if item.requirement == "RSTR-01")
    assert "issuerid-missing cannot be put into this assertion: the assertion has no issuerid" in refusal.found
