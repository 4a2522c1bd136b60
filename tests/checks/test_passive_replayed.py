"""What is said of a page is the same once its secrets are masked: a record is judged from the masked one."""

from __future__ import annotations

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.model.redact import redact_body
from hybridjoin.model.verdict import Verdict
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


@pytest.mark.parametrize("body", [page(), FOLDED], ids=["healthy", "folded"])
def test_a_masked_page_is_judged_alike(body: bytes) -> None:
    masked = redact_body(body, "text/html; charset=utf-8")

    assert masked != body
    assert judged(masked) == judged(body)
