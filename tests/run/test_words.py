"""Words of expectations that no table has are refused at their line, with the nearest that one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.run.words import unknown_words
from hybridjoin.scenario.load import load_scenarios
from hybridjoin.scenario.scenario import Expectation, Expected, Scenario

COLLECTION = Path(__file__).parents[2] / "scenarios"


def told(about: Expected, wanted: str, target: str = "") -> list[str]:
    expectation = Expectation(about=about, wanted=(wanted,), place="a:1:1", target=target)
    scenario = Scenario(id="a", title="b", file="a", line=1, expectations=(expectation,))
    return [str(mistake) for mistake in unknown_words([scenario])]


@pytest.mark.parametrize(
    ("about", "wanted", "target", "words"),
    [
        (Expected.VERDICT, "failed", "MEX-077", "a:1:1: unknown requirement 'MEX-077' (did you mean 'MEX-07'?)"),
        (Expected.VERDICT, "failed", "ZZZZ-00", "(hybridjoin list requirements names them)"),
        (
            Expected.KERBEROS,
            "KRB_AP_ERR_SKEWW",
            "",
            "unknown Kerberos error 'KRB_AP_ERR_SKEWW' (did you mean 'KRB_AP_ERR_S",
        ),
        (Expected.KERBEROS, "timeout", "", "error 'timeout' (hybridjoin list kerberos names them)"),
        (Expected.CLAIM_MISTAKE, "blurb", "UPN", "no named mistake says 'blurb' (hybridjoin list mistakes names them)"),
        (Expected.CLAIM_MISTAKE, "in hexadezimal", "UPN", "(did you mean 'the bytes of … in hexadecimal instead of"),
    ],
)
def test_a_word_that_nobody_knows_is_refused(about: Expected, wanted: str, target: str, words: str) -> None:
    (line,) = told(about, wanted, target)

    assert words in line


@pytest.mark.parametrize(
    ("about", "wanted"),
    [(Expected.KERBEROS, "KDC_ERR_CLIENT_REVOKED"), (Expected.KERBEROS, "KRB5 -1765328353"), (Expected.JOIN, "failed")],
)
def test_a_word_that_is_known_or_no_tables_is_let_be(about: Expected, wanted: str) -> None:
    assert told(about, wanted) == []


def test_the_collection_names_nothing_that_nobody_knows() -> None:
    assert list(unknown_words(load_scenarios([COLLECTION]))) == []
