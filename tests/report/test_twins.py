"""Of several assertions in a reply the page marks the one that is read, and the words say which one that is."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from lxml import html as lxml_html

from hybridjoin.model.record import RunRecord
from hybridjoin.protocol.names import CLAIM_ACCOUNT_TYPE
from hybridjoin.report.formats.sarif import render_sarif
from hybridjoin.report.json_report import decode_record, encode_record
from hybridjoin.report.page.html import render_html
from hybridjoin.report.where_text import where_text
from tests.checks.evidence_factory import bent, reply_evidence
from tests.protocol.documents import AssertionText, ReplyText, sign, with_claim
from tests.report.broken_joins import record_of

GOOD = sign(str(AssertionText()))
WRONG = sign(str(AssertionText(claims=with_claim("accounttype", (CLAIM_ACCOUNT_TYPE[0], "accounttype", ("dj",))))))
HIDDEN = f'<q:Extensions xmlns:q="urn:example:extension">{GOOD}</q:Extensions>'
REQUIREMENT = "CLAIM-02"


def judged(*tokens: str) -> RunRecord:
    return record_of(bent(**reply_evidence(bytes(ReplyText(tokens=tokens)))), REQUIREMENT)


def marked(record: RunRecord) -> str:
    """What of the page the requirement's own row leads to."""
    tree = lxml_html.document_fromstring(render_html(record))
    (link,) = tree.get_element_by_id(REQUIREMENT).xpath(".//a[@data-open]/@href")
    start = tree.get_element_by_id(link[1:])
    following = start.xpath("following-sibling::mark[contains(@class, 'spot')]")
    return "".join("".join(item.itertext()) for item in (start, *following))


@pytest.mark.parametrize(
    ("tokens", "number"),
    [((WRONG,), 0), ((WRONG, GOOD), 1), ((HIDDEN, WRONG), 2), ((HIDDEN, HIDDEN, WRONG, HIDDEN), 3)],
)
def test_the_mark_falls_on_the_assertion_that_was_read(tokens: tuple[str, ...], number: int) -> None:
    record = judged(*tokens)

    assert record.certification is not None
    (row,) = record.certification.requirements
    assert row.where is not None
    assert row.where.assertion == number
    assert (f"RSTR, assertion {number}, saml:Attribute" in where_text(row.where)) is bool(number)
    text = marked(record)
    assert "accounttype" in text
    assert ">dj<" in text
    assert ">DJ<" not in text


def test_sarif_and_a_record_read_back_tell_twins_apart() -> None:
    record = judged(HIDDEN, WRONG)

    assert decode_record(encode_record(record), place="r") == record
    (result,) = json.loads(render_sarif(record))["runs"][0]["results"]
    (logical,) = result["locations"][0]["logicalLocations"]
    assert logical["fullyQualifiedName"] == "RSTR, assertion 2, saml:Attribute accounttype"


def test_where_the_twin_is_not_shown_the_first_line_is_marked_and_no_other_twin() -> None:
    record = judged(HIDDEN, WRONG)
    (scenario,) = record.scenarios
    assert record.certification is not None
    assert scenario.join is not None
    (row,) = record.certification.requirements
    assert row.where is not None
    where = replace(row.where, assertion=9)
    join = replace(scenario.join, verdicts=tuple(replace(item, where=where) for item in scenario.join.verdicts))
    certification = replace(record.certification, requirements=(replace(row, where=where),))
    moved = replace(record, scenarios=(replace(scenario, join=join),), certification=certification)

    assert marked(moved) == "200"
