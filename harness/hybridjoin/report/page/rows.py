"""The rows of a verdict table, written without the template engine: there may be ten thousand of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape

from markupsafe import Markup

from hybridjoin.model.verdict import Outcome, Verdict
from hybridjoin.model.where import Where
from hybridjoin.report.compare.difference import mark
from hybridjoin.report.loudest import area
from hybridjoin.report.page.ladder import sentence
from hybridjoin.report.reason_text import reason_text
from hybridjoin.report.where_text import where_text

_QUIET = frozenset({Outcome.PASSED, Outcome.SKIPPED})
_escaped = lru_cache(maxsize=8192)(escape)


def verdict_rows(verdicts: Iterable[Verdict], links: Mapping[Where, str]) -> Markup:
    """Return the rows of a scenario's verdicts; every value is escaped here."""
    return Markup("\n".join(_row(item, links.get(item.where, "") if item.where else "") for item in verdicts))  # noqa: S704


def _row(verdict: Verdict, link: str) -> str:
    return "".join(_cells(verdict, link))


def _cells(verdict: Verdict, link: str) -> Iterator[str]:
    outcome, level = verdict.outcome.value, verdict.level.value
    name, loud = _escaped(verdict.requirement), verdict.outcome not in _QUIET
    yield f'<tr data-a="{_escaped(area(verdict.requirement))}" data-l="{level}" data-o="{outcome}">'
    yield f'<td class="o {outcome}">{outcome}</td><th scope="row"><code>{name}</code></th>'
    yield f'<td class="level">{level}</td><td>{_escaped(verdict.sentence)}'
    if verdict.remedy and loud:
        yield f'<p class="remedy"><strong>What to do.</strong> {_escaped(sentence(verdict.remedy))}</p>'
    yield '</td><td class="value">'
    if loud and verdict.expected:
        expected, found = mark(verdict.expected, verdict.found), mark(verdict.found, verdict.expected)
        yield f'<span class="quiet">expected</span> {expected}<br><span class="quiet">found</span> {found or "nothing"}'
    else:
        yield _escaped(verdict.found or reason_text(verdict.not_tested))
    if verdict.where:
        where = _escaped(where_text(verdict.where))
        yield f'<small><a href="#{_escaped(link)}" data-open>{where}</a></small>' if link else f"<small>{where}</small>"
    yield "</td></tr>"
