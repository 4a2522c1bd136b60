"""What libraries say of a failed sign-in is known in their words, and each failure by its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hybridjoin.knowledge.article import Article
from hybridjoin.knowledge.client_errors import CLIENT_ERRORS
from hybridjoin.knowledge.lookup import find
from hybridjoin.report.documents.explanation import article_of

SCENARIOS = Path(__file__).parents[2] / "scenarios" / "sign-in"


@pytest.mark.parametrize("article", CLIENT_ERRORS, ids=lambda item: item.aliases[0])
def test_each_is_found_by_its_words_and_by_its_number(article: Article) -> None:
    assert find(article.id) is article
    assert find(article.id.upper()) is article
    assert find(article.aliases[0]) is article
    assert article.causes
    assert all(item.fixes for item in article.causes)


def test_the_thirteen_failures_of_the_doors_of_people_are_there() -> None:
    assert [item.aliases[0] for item in CLIENT_ERRORS] == [f"F{number:02}" for number in range(1, 14)]


def test_what_a_scenario_says_it_reproduces_is_explained() -> None:
    named = {name for path in SCENARIOS.glob("*.yaml") for name in re.findall(r"\bF\d\d\b", path.read_text("utf-8"))}

    assert len(named) >= 8
    assert {name for name in named if article_of(name) is None} <= {"F23"}, "that one is of another door"
