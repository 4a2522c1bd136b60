"""A certification as the page shows it: what was asked and kept, what was not tested and why, who answers for what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hybridjoin.model.record import CertificationRecord, DeviationRow, ProbeRow
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import LOUDEST_FIRST, UNANSWERED, Outcome
from hybridjoin.model.where import Where
from hybridjoin.report.certified import counts_by_area, excuse, source_of, tested_count, why_not_tested
from hybridjoin.report.page.exchanges import Bodies, ExchangeView, exchange_views, places_of

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
class MemberView:
    """One member of a document; `why` are the requirements that are broken there."""

    id: str
    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document that was handed in, with what answers point at marked."""

    anchor: str
    name: str
    members: tuple[MemberView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationView:
    """The certification's chapters; `links` are where the places in probes and documents lead."""

    record: CertificationRecord
    tested: int
    areas: tuple[AreaView, ...]
    answers: tuple[AnswerView, ...]
    reasons: tuple[tuple[str, tuple[str, ...]], ...]
    deviations: tuple[DeviationRow, ...]
    probes: tuple[ProbeView, ...]
    documents: tuple[DocumentView, ...]
    probes_asked: int
    links: Mapping[Where, str]


def view_certification(
    certification: CertificationRecord, joins: Iterable[tuple[str, Mapping[Where, str]]], bodies: Bodies
) -> CertificationView:
    """Work the chapters out; `joins` are the WS-Trust versions of the joins, each with where its places lead.

    The joins' own chapters come after those of the probes, but were worked out before: `bodies` are theirs.
    """
    of_joins = list(joins)
    probes, documents = _probes(certification, bodies), _documents(certification)
    links = dict(pair for _, found in (*probes, *documents) for pair in found.items())
    rows = sorted(certification.requirements, key=lambda row: row.rank)
    return CertificationView(
        record=certification,
        tested=tested_count(certification),
        areas=tuple(_areas(certification)),
        answers=tuple(
            AnswerView(
                row=row,
                link=_link(row.where, of_joins, links),
                source=source_of(row),
                url=row.url if row.url.startswith(("https://", "http://")) else "",
                excused=excuse(row, certification),
            )
            for row in rows
        ),
        reasons=tuple(_reasons(certification)),
        deviations=tuple(sorted(certification.deviations, key=lambda row: not row.problem)),
        probes=tuple(view for view, _ in probes),
        documents=tuple(view for view, _ in documents),
        links=links,
        probes_asked=sum(item.outcome is Outcome.PASSED for item in certification.probes),
    )


def _probes(certification: CertificationRecord, bodies: Bodies) -> list[tuple[ProbeView, dict[Where, str]]]:
    places = _plain(certification)
    found = []
    for item in certification.probes:
        anchor = f"probe.{item.id}"
        here = {where: broken for where, broken in places.items() if where.probe == item.id}
        exchanges, links = exchange_views(item.exchanges, here, anchor, bodies, probe=True)
        whole = dict.fromkeys(here, anchor)
        found.append((ProbeView(record=item, anchor=anchor, exchanges=exchanges), whole | links))
    return found


def _documents(certification: CertificationRecord) -> list[tuple[DocumentView, dict[Where, str]]]:
    places = _plain(certification)
    found = []
    for number, document in enumerate(certification.documents, start=1):
        here = {where: broken for where, broken in places.items() if where.document == document.name}
        anchor = f"document.{number}"
        members = tuple(
            MemberView(
                id=f"{anchor}.{name}",
                name=name,
                value=value,
                why=" ".join(dict.fromkeys(one for at, broken in here.items() if at.name == name for one in broken)),
            )
            for name, value in document.members
        )
        links = {where: _member(where, anchor, members) for where in here}
        found.append((DocumentView(anchor=anchor, name=document.name, members=members), links))
    return found


def _member(where: Where, anchor: str, members: Iterable[MemberView]) -> str:
    return next((member.id for member in members if member.name == where.name), anchor)


def _plain(certification: CertificationRecord) -> dict[Where, tuple[str, ...]]:
    """Return the places of the requirements; probes and documents are not those of one join."""
    rows = (replace(row, where=_without_join(row.where)) for row in certification.requirements)
    return places_of(rows)


def _without_join(where: Where | None) -> Where | None:
    return replace(where, join="") if where is not None else None


def _link(where: Where | None, joins: Iterable[tuple[str, Mapping[Where, str]]], links: Mapping[Where, str]) -> str:
    plain = _without_join(where)
    if where is None or plain is None:
        return ""
    told = (found[plain] for trust, found in joins if where.join in {"", trust} and plain in found)
    return links.get(plain, "") or next(told, "")


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
