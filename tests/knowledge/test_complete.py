"""Nothing that the device, the checks or the Entra double can print is without an article, and no article is empty."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from hybridjoin.checks.rules import BOOK
from hybridjoin.device.adapters.krb5_errors import explain
from hybridjoin.doubles.entra.faults import FAULTS as ENTRA_FAULTS
from hybridjoin.doubles.entra.oidc.rules import OPENID_RULES
from hybridjoin.doubles.entra.refusals import REFUSALS
from hybridjoin.doubles.entra.rules import RULES
from hybridjoin.doubles.idp.faults import WS_TRUST_FAULTS
from hybridjoin.errors import KerberosError
from hybridjoin.knowledge.areas import AREAS
from hybridjoin.knowledge.article import Article, ArticleKind
from hybridjoin.knowledge.lookup import ARTICLES, NAMES, find
from hybridjoin.model.verdict import Certainty
from hybridjoin.protocol.windows import CODES, enrolment_error, http_status, oauth_error
from hybridjoin.report.documents.explanation import article_json, article_of

DOCUMENTED_ENTRA = (
    51004, 50107, 500083, 5000811, 50006, 50008, 500082, 500089, 500133, 50012, 50013, 5000819, 5000820, 50034, 50126,
    50155, 50180, 51006, 700003, 700016, 90002, 70003, 20012,
)  # fmt: skip
RARE_ENTRA = (
    20001, 20033, 50003, 50017, 50032, 50033, 50169, 53003, 90010, 90016, 90020, 90024, 90033, 90055, 90072, 90107,
    221000, 530032, 7500514, 900144, 90081, 50076, 50079,
    81004, 81005, 81007, 81009, 81010, 81011, 81012, 90014,
)  # fmt: skip
SYMBOLS = {
    5000819: "InvalidSamlTokenEmailMissingOrInvalid", 53003: "BlockedByConditionalAccess",
    90055: "TenantThrottlingError", 221000: "DeviceOnlyTokensNotSupportedByResource",
    90072: "PassThroughUserMfaError", 50032: "WeakRsaKey",
}  # fmt: skip
DOCUMENTED_EVENTS = (
    *range(100, 107), 110, 111, *range(200, 206), 219, 220, 221, *range(225, 237), 241, 244, 245, 246, 304, 305, 306,
    307, 309, *range(330, 342), 344, 345, 354, 369, 370, 371, 1081, 1084, 1088, 1098, 1006, 1007, 1022, 1144,
)  # fmt: skip
FURTHER_WINDOWS = (
    0x80090016, 0x80290407, 0x80280036, 0x80090031, 0xC00484C1, 0xC004848B, 0xC004848C, 0xC00CEE4F, 0xCAA30191,
    0x8AA90021, 0x801C0095, 0x80090311, 0x80090303, 0x8009030C,
    *range(0x8AA90024, 0x8AA9002B),
)  # fmt: skip


def test_every_code_of_the_entra_double_is_explained_under_its_own_symbol() -> None:
    told = [(rule.id, rule.code, rule.symbol) for rule in RULES]
    told += [(rule.id, rule.code, rule.symbol) for rule in OPENID_RULES]
    wrong = [
        (rule, code)
        for rule, code, symbol in told
        if (article := find(f"AADSTS{code}")) is None or article.symbol != symbol
    ]

    assert wrong == []


def test_every_code_of_the_device_is_explained() -> None:
    numbers = {*CODES, *FURTHER_WINDOWS}

    assert [hex(number) for number in numbers if find(f"0x{number:08x}") is None] == []


@pytest.mark.parametrize("name", ["invalid_grant", "invalid_client", "temporarily_unavailable", "never heard of"])
def test_every_oauth_error_leads_to_a_code_that_is_explained(name: str) -> None:
    assert find(str(oauth_error(name))) is not None


@pytest.mark.parametrize("name", ["DirectoryError", "AuthenticationError", "MessageFormatError", "AnythingElse"])
def test_every_refusal_of_registration_leads_to_a_code_that_is_explained(name: str) -> None:
    article = find(str(enrolment_error(name)))

    assert article is not None
    assert article.phase == "join"


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_every_http_status_has_an_article(status: int) -> None:
    article = find(str(http_status(status)))

    assert article is not None
    assert str(status) in article.meaning
    assert article.causes


@pytest.mark.parametrize("code", DOCUMENTED_ENTRA)
def test_the_documented_entra_errors_are_there(code: int) -> None:
    assert find(str(code)) is not None


@pytest.mark.parametrize("code", RARE_ENTRA)
def test_codes_that_a_device_meets_seldom_are_there_and_documented(code: int) -> None:
    article = find(f"AADSTS{code}")

    assert article is not None
    assert article.certainty is Certainty.DOCUMENTED
    assert "authorization error codes" in article.source


@pytest.mark.parametrize("code", SYMBOLS)
def test_a_published_symbol_leads_to_its_code(code: int) -> None:
    article = find(SYMBOLS[code])

    assert article is not None
    assert article.id == f"AADSTS{code}"


def test_a_code_without_a_published_symbol_says_so_and_is_no_name() -> None:
    unnamed = [item.id for item in ARTICLES if item.symbol == "(no symbol published)"]

    assert {"AADSTS500133", "AADSTS900144", "AADSTS90020", "AADSTS5000811", "0x801c03f3"} <= set(unnamed)
    assert find("(no symbol published)") is None
    assert find("no symbol published") is None


def test_every_refusal_that_the_double_can_be_told_to_give_is_explained_under_its_own_symbol() -> None:
    wrong = [
        code
        for code, refusal in REFUSALS.items()
        if (article := find(f"AADSTS{code}")) is None or article.symbol != refusal.symbol
    ]

    assert wrong == []


@pytest.mark.parametrize("number", DOCUMENTED_EVENTS)
def test_the_documented_events_are_there(number: int) -> None:
    article = find(str(number))

    assert article is not None
    assert article.kind is ArticleKind.EVENT


@pytest.mark.parametrize("fault", WS_TRUST_FAULTS)
def test_every_ws_trust_fault_is_there(fault: str) -> None:
    article = find(fault)

    assert article is not None
    assert article.kind is ArticleKind.FAULT


def test_every_kerberos_error_that_the_device_names_is_there() -> None:
    said = [explain(-1765328384 + number, "", about="x") for number in range(1, 80)]
    names = {item.code for item in said if isinstance(item, KerberosError) and not item.code.startswith("KRB5 ")}

    assert len(names) > 10
    assert [name for name in names if find(name) is None] == []


@pytest.mark.parametrize("requirement", [item.id for item in BOOK])
def test_every_requirement_can_be_explained(requirement: str) -> None:
    article = article_of(requirement.lower())

    assert article is not None
    assert article.id == requirement
    assert article.causes
    assert any(cause.fixes for cause in article.causes)


def test_every_area_of_the_book_is_known() -> None:
    assert {item.area for item in BOOK} - set(AREAS) == set()


@pytest.mark.parametrize("article", ARTICLES, ids=lambda item: item.id)
def test_an_article_says_what_why_and_what_to_do(article: Article) -> None:
    assert len(article.meaning.split()) > 1
    assert article.meaning.endswith(".")
    assert article.source
    assert article.certainty in Certainty
    assert article.causes
    for cause in article.causes:
        assert cause.sentence.endswith((".", "first."))
        assert cause.proof
        assert cause.fixes


def test_what_to_read_next_is_there_to_be_read() -> None:
    assert [(item.id, name) for item in ARTICLES for name in item.see if find(name) is None] == []


def test_every_check_that_a_cause_names_is_in_the_book() -> None:
    known = {item.id for item in BOOK}
    named = {name for item in ARTICLES for cause in item.causes for name in cause.requirements}
    named |= {name for _, causes in AREAS.values() for cause in causes for name in cause.requirements}

    assert named - known == set()


def test_no_two_articles_have_the_same_id_and_no_alias_hides_one() -> None:
    assert [name for name, count in Counter(item.id for item in ARTICLES).items() if count > 1] == []
    assert [item.id for item in ARTICLES if NAMES[item.id.lower()] is not item] == []


def test_articles_have_a_machine_form() -> None:
    for item in ARTICLES:
        data = article_json(item)
        assert data["id"] == item.id
        assert data["causes"][0]["fixes"]


def test_transport_faults_of_the_double_end_in_codes_that_are_explained() -> None:
    # They have no code of their own: the device maps what happened to the network.
    assert ENTRA_FAULTS
    assert all(not re.search(r"AADSTS\d+", fault.sentence) for fault in ENTRA_FAULTS.values())
