"""What goes wrong while a domain is being federated is explained by the words that people see."""

from __future__ import annotations

import pytest

from hybridjoin.doubles.entra.graph_rules import GRAPH_RULES
from hybridjoin.knowledge.article import ArticleKind
from hybridjoin.knowledge.lookup import find
from hybridjoin.knowledge.texts import mentions, read_text


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("domain federated but Graph shows nothing", "without SigningCertificate"),
        ("New-MgDomainFederationConfiguration 500", "without SigningCertificate"),
        ("request_multipleobjectswithsamekeyvalue", "same issuerUri"),
        ("Domain already has Federation Configuration set.", "federated already"),
        ("User not known in directory", "ActiveLogOnUri"),
        ("default domain", "default one"),
        ("Authorization_RequestDenied", "lacks a scope"),
    ],
)
def test_a_failure_of_the_set_up_is_explained(words: str, cause: str) -> None:
    article = find(words)

    assert article is not None
    assert article.kind is ArticleKind.GRAPH
    assert cause in article.causes[0].sentence


@pytest.mark.parametrize("rule_id", ["issuer-taken", "already-federated", "scope-missing"])
def test_what_the_double_prints_leads_to_its_article(rule_id: str) -> None:
    rule = next(rule for rule in GRAPH_RULES if rule.id == rule_id)
    pasted = f"New-MgDomainFederationConfiguration : {rule.message}\nStatus: {rule.status}\nErrorCode: {rule.code}"

    found = read_text(pasted, find)

    assert [item.kind for item in found.errors] == [ArticleKind.GRAPH]


def test_a_requirement_of_any_area_is_seen_in_a_text() -> None:
    assert mentions("certify said GATEWAY-10 and FED-28") == ("GATEWAY-10", "FED-28")
