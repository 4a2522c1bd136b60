"""Every failure that was met in the field has its article: by its number, and by the words in which people tell it."""

from __future__ import annotations

import pytest

from hybridjoin.knowledge.article import Article
from hybridjoin.knowledge.browser_errors import BROWSER_ERRORS
from hybridjoin.knowledge.logon_errors import LOGON_ERRORS
from hybridjoin.knowledge.lookup import find
from hybridjoin.knowledge.stranger_errors import STRANGER_ERRORS

NUMBERS = [f"F{number:02}" for number in range(1, 63)]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_failure_is_found_by_its_number_and_says_what_mends_it(number: str) -> None:
    article = find(number)

    assert article is not None
    assert article.causes
    assert all(cause.fixes for cause in article.causes)


@pytest.mark.parametrize(
    "article", [*STRANGER_ERRORS, *BROWSER_ERRORS, *LOGON_ERRORS], ids=lambda item: item.aliases[0]
)
def test_what_people_say_leads_to_it(article: Article) -> None:
    assert find(article.id.upper()) is article
    assert all(find(name) is not None for name in article.see), article.see
