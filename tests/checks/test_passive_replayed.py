"""What is said of a page is the same once its secrets are masked: a record is judged from the masked one."""

from __future__ import annotations

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.model.redact import redact_body
from hybridjoin.model.verdict import Outcome, Verdict
from hybridjoin.protocol import passive
from hybridjoin.protocol.page import read_page
from tests.checks.browser_cases import LOGIN, PASSIVE_URL, browsed, page
from tests.checks.messages import kept

FOLDED = page().replace(b"ds:SignatureValue&gt;", b"ds:SignatureValue&gt;\r\n\r\n").replace(b"<form", b"\r\n<form")


def judged(body: bytes) -> list[Verdict]:
    read = read_page(body, content_type="text/html", url=PASSIVE_URL)
    found = passive.answering_form(read)
    assert found is not None
    form = passive.read_form(found, read, url=PASSIVE_URL, status=200, content_type="text/html", meant_for=LOGIN)
    evidence = browsed(form=kept(form, (form.wresult or "").encode()))
    return [item for item in judge(evidence.parts, BOOK.select("PASSIVE-*")) if item.not_tested is None]


def test_a_button_without_name_or_words_is_one_too() -> None:
    body = page(button=False).replace(b"</form>", b"<noscript><input type='submit' value='Continue'></noscript></form>")

    assert {item.requirement: item.outcome for item in judged(body)}["PASSIVE-08"] is Outcome.PASSED
    assert {item.requirement: item.outcome for item in judged(page(button=False))}["PASSIVE-08"] is Outcome.REVIEW


@pytest.mark.parametrize("body", [page(), FOLDED], ids=["healthy", "folded"])
def test_a_masked_page_is_judged_alike(body: bytes) -> None:
    masked = redact_body(body, "text/html; charset=utf-8")

    assert masked != body
    assert judged(masked) == judged(body)
