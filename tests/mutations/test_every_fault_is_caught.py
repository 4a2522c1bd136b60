"""The matrix as a test of the checks: every single fault is caught by each requirement that is there for it."""

from __future__ import annotations

import pytest

from hybridjoin.model.mutation import Fate, MutationRow
from hybridjoin.model.verdict import Level, Outcome
from hybridjoin.mutations import OPERATORS, Operator, pairs
from hybridjoin.run.mutations.mutate import missed, run_mutations
from tests.mutations.baseline import baseline, matrix, row

HARMFUL = [item for item in OPERATORS if not item.harmless]
HARMLESS = [item for item in OPERATORS if item.harmless]


def _ids(done: MutationRow) -> list[str]:
    return [item.requirement for item in done.caught_by]


def named(operator: Operator) -> str:
    return operator.id


def test_the_good_assertion_is_silent_everywhere_and_entra_takes_it() -> None:
    control = matrix().control

    assert (control.caught_by, control.mistakes) == ((), ())
    assert control.entra is not None
    assert control.entra.accepted_as == "device"


@pytest.mark.parametrize("with_issuer_id", [False, True])
@pytest.mark.parametrize("operator", HARMFUL, ids=named)
def test_the_fault_is_caught_by_every_requirement_that_is_meant_for_it(
    operator: Operator, *, with_issuer_id: bool
) -> None:
    done = row(operator.id, with_issuer_id=with_issuer_id)

    assert set(done.unheard) == set(), f"these should have caught it; {', '.join(_ids(done)) or 'none'} did"
    assert done.fate is Fate.CAUGHT, done
    assert done.interrupted == ()


@pytest.mark.parametrize("operator", HARMLESS, ids=named)
def test_the_harmless_one_breaks_no_must_and_entra_takes_it(operator: Operator) -> None:
    done = row(operator.id, with_issuer_id=True)

    assert done.fate is Fate.HARMLESS, done
    assert done.reason == operator.harmless
    assert [item for item in done.caught_by if item.level is Level.MUST and item.outcome is Outcome.FAILED] == []
    assert done.entra is not None
    assert done.entra.accepted_as == "device"


def test_every_mutant_has_octets_of_its_own() -> None:
    whole = matrix(with_issuer_id=True)
    digests = [item.sha256 for item in (*whole.rows, whole.control)]

    assert all(len(item) == 64 for item in digests)
    assert len(set(digests)) == len(digests)


def test_nothing_is_missed_and_nothing_is_left_out() -> None:
    assert missed(matrix()) == ()
    assert [item.id for item in matrix().of(Fate.NOT_APPLICABLE)] == ["issuerid-missing"]
    assert matrix(with_issuer_id=True).of(Fate.NOT_APPLICABLE) == ()
    assert len(matrix().rows) == len(OPERATORS) >= 150


@pytest.mark.parametrize(
    ("mutation", "words"),
    [
        ("accounttype-other-namespace", "wrong namespace"),
        ("accounttype-uri-in-name", "whole URI stands in AttributeName"),
        ("accounttype-namespace-slash", "the namespace ends with a slash"),
        ("accounttype-namespace-empty", "has no namespace"),
        ("accounttype-name-upper-case", "is spelled 'ACCOUNTTYPE'"),
        ("accounttype-lower-case", "in the wrong case"),
        ("accounttype-user", "account type of a user"),
        ("accounttype-quotes", "quotation marks"),
        ("accounttype-duplicate", "issued 2 times"),
        ("accounttype-two-values", "2 values"),
        ("accounttype-empty", "the value is empty"),
        ("onpremobjectguid-big-endian", "big-endian bytes of objectGUID"),
        ("onpremobjectguid-base64-of-text", "base64 of the text"),
        ("onpremobjectguid-hexadecimal", "in hexadecimal"),
        ("onpremobjectguid-braces", "in braces"),
        ("onpremobjectguid-guid-text", "as text instead of base64"),
        ("onpremobjectguid-url-safe", "URL-safe alphabet"),
        ("onpremobjectguid-unpadded", "without its padding"),
        ("onpremobjectguid-double-base64", "encoded twice"),
        ("onpremobjectguid-of-another", "none of this computer's"),
        ("onpremobjectguid-exchanged", "taken from mS-DS-ConsistencyGuid although objectGUID"),
        ("immutableid-exchanged", "taken from objectGUID although mS-DS-ConsistencyGuid"),
        ("onpremobjectguid-leading-space", "white space stands at the beginning"),
        ("onpremobjectguid-trailing-space", "white space stands at the end"),
        ("onpremobjectguid-line-break", "line breaks or spaces stand inside"),
        ("primarysid-of-a-group", "a group's SID (Domain Computers)"),
        ("primarysid-of-another", "another account of the same domain"),
        ("primarysid-of-the-domain", "the domain's SID"),
        ("primarysid-lower-case", "the SID in lower case"),
        ("primarysid-base64-of-binary", "base64 of the binary SID"),
        ("primarysid-hexadecimal", "binary SID in hexadecimal"),
        ("primarysid-braces", "the SID in braces"),
        ("issuerid-slash", "the slash at the end"),
        ("issuerid-http-https", "http and https"),
        ("subject-differs", "different subjects"),
    ],
)
def test_the_claim_table_names_the_mistake(mutation: str, words: str) -> None:
    assert words in " ".join(row(mutation).mistakes)


@pytest.mark.parametrize(
    ("mutation", "code", "certainty"),
    [
        ("accounttype-missing", "AADSTS51004", "documented"),
        ("onpremobjectguid-other-namespace", "AADSTS51004", "documented"),
        ("accounttype-lower-case", "AADSTS51004", "assumed"),
        ("issuerid-slash", "AADSTS50107", "documented"),
        ("issuerid-duplicate", "AADSTS50107", "assumed"),
        ("issuer-slash", "AADSTS50107", "observed"),
        ("signature-strangers", "AADSTS5000811", "assumed"),
        ("signature-wrong-key", "AADSTS50006", "assumed"),
        ("signature-body-changed", "AADSTS50006", "assumed"),
        ("conditions-expired", "AADSTS500133", "assumed"),
        ("conditions-future", "AADSTS500133", "assumed"),
        ("audience-other", "AADSTS50008", "assumed"),
        ("xsw-4", "AADSTS50008", "assumed"),
    ],
)
def test_entra_answers_with_the_code_that_is_known_for_the_fault(mutation: str, code: str, certainty: str) -> None:
    entra = row(mutation).entra

    assert entra is not None
    assert (entra.code, str(entra.certainty)) == (code, certainty)


@pytest.mark.parametrize("mutation", [f"xsw-{number}" for number in range(1, 9)])
def test_no_wrapped_twin_gets_a_token_for_another_computer(mutation: str) -> None:
    entra = row(mutation).entra

    # The seventh hides its twin where this device's reader never looks: what is sent on is the signed original.
    assert entra is not None
    assert bool(entra.code) == (mutation != "xsw-7")


def test_two_faults_at_once_are_caught_by_a_requirement_of_theirs() -> None:
    drawn = pairs(OPERATORS, count=60, seed=7)

    found = run_mutations(baseline(), drawn, seed=7)

    assert [item.id for item in found.rows if item.fate not in {Fate.CAUGHT, Fate.NOT_APPLICABLE}] == []
    assert len(found.of(Fate.CAUGHT)) > 50
