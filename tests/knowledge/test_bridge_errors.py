"""What people see of a bridge that fails is known in their words, and each failure by its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hybridjoin.knowledge.article import Article
from hybridjoin.knowledge.bridge_errors import BRIDGE_ERRORS, KEY_ERROR
from hybridjoin.knowledge.lookup import find

SCENARIOS = Path(__file__).parents[2] / "scenarios" / "bridge"


@pytest.mark.parametrize("article", BRIDGE_ERRORS, ids=lambda item: item.aliases[0])
def test_each_is_found_by_its_words_and_by_its_number(article: Article) -> None:
    assert find(article.id) is article
    assert find(article.id.upper()) is article
    assert find(article.aliases[0]) is article
    assert article.causes
    assert all(item.fixes for item in article.causes)


def test_a_key_set_that_is_refused_is_found_by_the_words_of_who_refuses_it() -> None:
    assert find("x5c thumbprint does not match x5t value") is KEY_ERROR


@pytest.mark.parametrize(
    "words",
    [
        "id token issued by a different provider",
        'does not match received "iss" value in id_token',
        "invalid_claim: Invalid claim: 'iss'",
    ],
    ids=["oauth2-proxy", "mod_auth_openidc", "Authlib"],
)
def test_an_issuer_of_the_other_version_is_found_by_whatever_a_client_says_of_it(words: str) -> None:
    assert find(words) is find("F48")


def test_each_failure_of_the_bridge_is_explained_and_reproduced() -> None:
    numbers = {f"F{number}" for number in range(43, 53)}
    reproduced = {
        name for path in SCENARIOS.glob("*.yaml") for name in re.findall(r"\bF\d\d\b", path.read_text("utf-8"))
    }

    assert {item.aliases[0] for item in BRIDGE_ERRORS} == numbers
    assert reproduced == numbers
