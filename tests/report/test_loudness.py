"""One order of loudness: of the same verdicts every picture says the same, and lists them in the same order."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from lxml import html as lxml_html
from rich.console import Console

from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.certify.certify_screen import certification_screen
from hybridjoin.cli.explain.explain_screen import show_certification
from hybridjoin.knowledge.shortcomings import shortcomings
from hybridjoin.model.record import RunRecord
from hybridjoin.model.requirement_row import DeviationList
from hybridjoin.model.verdict import LOUDEST_FIRST, Level, Outcome, Verdict
from hybridjoin.report.compare.answers import join_answers
from hybridjoin.report.formats.markdown import render_markdown
from hybridjoin.report.page.html import render_html
from hybridjoin.report.page.matrix import build_matrix
from hybridjoin.run.certification.plan import Plan, plain_scenario
from hybridjoin.run.certification.requirement_rows import Judgement, requirement_rows
from hybridjoin.scenario.site.profile_file import load_profile
from tests.report.certification_sample import certification, requirement
from tests.report.sample import good_join, good_scenario, sample_record

BROKEN = {
    "CLAIM-02": Outcome.REVIEW,
    "MEX-13": Outcome.WARNING,
    "SIG-02": Outcome.FAILED,  # which a list forgives
    "MEX-04": Outcome.FAILED,
}
IN_ORDER = ["MEX-04", "MEX-13", "CLAIM-02", "SIG-02"]
NAMED = re.compile(r"\b(?:CLAIM-02|MEX-04|MEX-13|SIG-02)\b")


def certified() -> RunRecord:
    rows = tuple(requirement(name, outcome) for name, outcome in BROKEN.items())
    forgiven = tuple(replace(row, deviation=DeviationList.KNOWN) if row.id == "SIG-02" else row for row in rows)
    return replace(sample_record(), certification=replace(certification(), requirements=forgiven, deviations=()))


def order(text: str) -> list[str]:
    """Return the requirements in the order in which a text first names them."""
    return list(dict.fromkeys(NAMED.findall(text)))


def on_a_screen(record: RunRecord) -> str:
    plan = Plan(
        scenario=plain_scenario("WS01"),
        profile=load_profile("default", (item.id for item in BOOK)),
        requirements=tuple(BOOK),
    )
    screen = io.StringIO()
    Console(file=screen, width=120).print(certification_screen(record, plan))
    return screen.getvalue()


def explained(record: RunRecord) -> str:
    assert record.certification is not None
    screen = io.StringIO()
    show_certification(Console(file=screen, width=120), record.certification, shortcomings(record))
    return screen.getvalue()


def on_the_page(record: RunRecord) -> str:
    rows = lxml_html.document_fromstring(render_html(record)).xpath("//table[contains(@class, 'answers')]//tr/@id")
    return " ".join(str(name) for name in rows)


@pytest.mark.parametrize("picture", [on_a_screen, explained, render_markdown, on_the_page])
def test_every_picture_lists_what_is_broken_in_one_order(picture: object) -> None:
    assert callable(picture)
    assert order(picture(certified())) == IN_ORDER


@pytest.mark.parametrize(("loud", "quiet"), list(pairwise(LOUDEST_FIRST)))
@pytest.mark.parametrize("turn", [0, 1])
def test_of_two_answers_every_picture_takes_the_same(loud: Outcome, quiet: Outcome, turn: int) -> None:
    verdicts = [
        Verdict(requirement="MEX-01", level=Level.MUST, outcome=outcome, sentence="It is XML.")
        for outcome in ((loud, quiet), (quiet, loud))[turn]
    ]
    joins = [replace(good_join(), verdicts=(verdict,)) for verdict in verdicts]
    record = sample_record(*(replace(good_scenario(), id=str(at), join=join) for at, join in enumerate(joins)))

    (certify,) = requirement_rows(BOOK.select("MEX-01"), [Judgement(label="", verdicts=(item,)) for item in verdicts])
    (row,) = build_matrix([record]).rows
    (cell,) = row.cells
    compared = join_answers(replace(joins[0], verdicts=tuple(verdicts)))["MEX-01"]

    assert cell is not None
    assert (certify.outcome, cell.outcome, compared.outcome) == (loud, loud, loud)
    book = lxml_html.document_fromstring(render_html(record)).xpath("//tr[contains(., 'It is XML.')]/td[1]/text()")
    assert book[0] == loud.value
