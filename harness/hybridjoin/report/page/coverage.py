"""A certification as the page shows it: what was asked and kept, what was not tested and why, who answers for what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hybridjoin.model.record import CertificationRecord, DeviationRow, ProbeRow, RequirementRow
from hybridjoin.model.verdict import LOUDEST_FIRST, UNANSWERED, Outcome
from hybridjoin.model.where import Where
from hybridjoin.report.certified import counts_by_area, excuse, source_of, tested_count, why_not_tested
from hybridjoin.report.page.exchanges import Bodies, ExchangeView, exchange_views

_BAR = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class BarSlice:
    """A part of an area's bar."""

    outcome: Outcome
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaView:
    """One area of the coverage sheet."""

    name: str
    tested: int
    total: int
    counts: tuple[tuple[Outcome, int], ...]
    bar: tuple[BarSlice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """One requirement; `link` is the element its `where` leads to, `excused` who answers for its failure."""

    row: RequirementRow
    link: str
    source: str
    url: str
    excused: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeView:
    """One probe and what was said."""

    record: ProbeRow
    anchor: str
    exchanges: tuple[ExchangeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationView:
    """The certification's chapters."""

    record: CertificationRecord
    tested: int
    areas: tuple[AreaView, ...]
    answers: tuple[AnswerView, ...]
    reasons: tuple[tuple[str, tuple[str, ...]], ...]
    deviations: tuple[DeviationRow, ...]
    probes: tuple[ProbeView, ...]
    probes_asked: int


def view_certification(
    certification: CertificationRecord, joins: Iterable[tuple[str, Mapping[Where, str]]], bodies: Bodies
) -> CertificationView:
    """Work the chapters out; `joins` are the ids of the joins, each with the elements that a `where` leads to.

    The joins' own chapters come after those of the probes, but were worked out before: `bodies` are theirs.
    """
    links = list(joins)
    probes = {item.id for item in certification.probes}
    order = {outcome: rank for rank, outcome in enumerate(LOUDEST_FIRST)}
    rows = sorted(certification.requirements, key=lambda row: (order[row.outcome], bool(row.deviation)))
    return CertificationView(
        record=certification,
        tested=tested_count(certification),
        areas=tuple(_areas(certification)),
        answers=tuple(
            AnswerView(
                row=row,
                link=_link(row.where, links, probes),
                source=source_of(row),
                url=row.url if row.url.startswith(("https://", "http://")) else "",
                excused=excuse(row, certification),
            )
            for row in rows
        ),
        reasons=tuple(_reasons(certification)),
        deviations=tuple(sorted(certification.deviations, key=lambda row: not row.problem)),
        probes=tuple(_probes(certification, bodies)),
        probes_asked=sum(item.outcome is Outcome.PASSED for item in certification.probes),
    )


def _probes(certification: CertificationRecord, bodies: Bodies) -> Iterator[ProbeView]:
    for item in certification.probes:
        anchor = _probe_anchor(item.id)
        exchanges, _ = exchange_views(item.exchanges, (), anchor, bodies)
        yield ProbeView(record=item, anchor=anchor, exchanges=exchanges)


def _probe_anchor(probe: str) -> str:
    return f"probe.{probe}"


def _link(where: Where | None, joins: Iterable[tuple[str, Mapping[Where, str]]], probes: Iterable[str]) -> str:
    if where is None:
        return ""
    if where.probe:
        return _probe_anchor(where.probe) if where.probe in probes else ""
    plain = replace(where, join="")
    return next((links[plain] for name, links in joins if name.endswith(where.join) and plain in links), "")


def _areas(certification: CertificationRecord) -> Iterator[AreaView]:
    tested: dict[str, int] = {}
    for row in certification.requirements:
        tested[row.area] = tested.get(row.area, 0) + row.tested
    for name, counts in counts_by_area(certification).items():
        total = counts.total()
        x, bar = 0.0, []
        for outcome in (Outcome.PASSED, *(item for item in LOUDEST_FIRST if item is not Outcome.PASSED)):
            if counts[outcome]:
                width = _BAR * counts[outcome] / total
                bar.append(BarSlice(outcome=outcome, x=round(x, 2), width=round(width, 2)))
                x += width
        ordered = tuple((outcome, counts[outcome]) for outcome in LOUDEST_FIRST if counts[outcome])
        yield AreaView(name=name, tested=tested[name], total=total, counts=ordered, bar=tuple(bar))


def _reasons(certification: CertificationRecord) -> Iterator[tuple[str, tuple[str, ...]]]:
    reasons = why_not_tested(certification, *UNANSWERED)
    yield from sorted(reasons.items(), key=lambda item: -len(item[1]))
