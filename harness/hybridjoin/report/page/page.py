"""What the HTML page shows, worked out from the record: order, counts, anchors, words to search for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hybridjoin.model.record import JoinRecord, RunRecord, ScenarioRecord
from hybridjoin.model.steps import StepRow
from hybridjoin.model.verdict import LOUDEST_FIRST, ClaimRow, Outcome, Verdict, wrong_claims
from hybridjoin.model.where import Where
from hybridjoin.report.certified import certified_headline
from hybridjoin.report.loudest import area
from hybridjoin.report.page.coverage import CertificationView, view_certification
from hybridjoin.report.page.events import EventsView, view_events
from hybridjoin.report.page.exchanges import Bodies, ExchangeView, exchange_views, places_of
from hybridjoin.report.page.ladder import NARROW, WIDE, Ladder, draw

UNEXPECTED = frozenset({Outcome.FAILED, Outcome.INTERRUPTED})
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioView:
    """One scenario's row and chapter; `path` is each step of a join with `ok`, `bad` or `none`."""

    anchor: str
    record: ScenarioRecord
    words: str
    open: bool
    came_out: str
    codes: tuple[str, ...]
    wrong_claims: tuple[ClaimRow, ...]
    verdicts: tuple[Verdict, ...]
    verdict_counts: tuple[tuple[Outcome, int], ...]
    path: tuple[tuple[StepRow, str], ...]
    exchanges: tuple[ExchangeView, ...]
    events: EventsView
    links: Mapping[Where, str]
    wide: Ladder | None
    narrow: Ladder | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementView:
    """One requirement across all scenarios of the run."""

    example: Verdict
    counts: tuple[tuple[Outcome, int], ...]
    worst: Outcome
    broken_in: tuple[ScenarioView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole page."""

    record: RunRecord
    headline: str
    duration_s: float
    counts: tuple[tuple[Outcome, int], ...]
    scenarios: tuple[ScenarioView, ...]
    requirements: tuple[RequirementView, ...]
    areas: tuple[str, ...]
    verdict_count: int
    certification: CertificationView | None = None


def build_page(record: RunRecord) -> Page:
    """Work out the page of a record."""
    bodies = Bodies()
    scenarios = tuple(_scenarios(record, bodies))
    view = _certified(record, scenarios, bodies)
    if view is not None:
        scenarios = tuple(replace(item, links={**view.links, **item.links}) for item in scenarios)
    requirements = tuple(_requirements(scenarios))
    counts = Counter(item.outcome for item in record.scenarios)
    certification = record.certification
    areas = {area(item.example.requirement) for item in requirements}
    if certification is not None:
        areas = {row.area for row in certification.requirements}
    return Page(
        record=record,
        headline=headline(record),
        duration_s=(record.finished_at - record.started_at).total_seconds(),
        counts=_ordered(counts),
        scenarios=scenarios,
        requirements=requirements,
        areas=tuple(sorted(areas)),
        verdict_count=sum(len(item.verdicts) for item in scenarios),
        certification=view,
    )


def _certified(record: RunRecord, scenarios: Iterable[ScenarioView], bodies: Bodies) -> CertificationView | None:
    if record.certification is None:
        return None
    joins = [(item.record.join.label, item.links) for item in scenarios if item.record.join is not None]
    return view_certification(record.certification, joins, bodies)


def headline(record: RunRecord) -> str:
    """Say in one sentence how the run came out."""
    if record.certification is not None:
        return certified_headline(record, record.certification)
    total = len(record.scenarios)
    bad = sum(item.outcome is Outcome.FAILED for item in record.scenarios)
    lost = sum(item.outcome is Outcome.INTERRUPTED for item in record.scenarios)
    if total == 0:
        return "No scenario was run"
    if bad == lost == 0:
        return {1: "The scenario came out as expected", 2: "Both scenarios came out as expected"}.get(
            total, f"All {total} scenarios came out as expected"
        )
    parts = []
    if bad:
        parts.append(f"{bad} did not come out as expected")
    if lost:
        parts.append(f"{lost} could not be finished")
    return f"Of {total} scenario{'s' * (total != 1)}, {' and '.join(parts)}"


def _ordered(counts: Counter[Outcome]) -> tuple[tuple[Outcome, int], ...]:
    return tuple((outcome, counts[outcome]) for outcome in LOUDEST_FIRST if counts[outcome])


def _scenarios(record: RunRecord, bodies: Bodies) -> Iterator[ScenarioView]:
    unexpected_first = sorted(record.scenarios, key=lambda item: item.outcome not in UNEXPECTED)
    anchors: Counter[str] = Counter()
    for item in unexpected_first:
        slug = re.sub(r"[^a-z0-9]+", "-", item.id.lower()).strip("-") or "scenario"
        anchors[slug] += 1
        anchor = slug if anchors[slug] == 1 else f"{slug}--{anchors[slug]}"
        yield _scenario(item, anchor, bodies, few=len(record.scenarios) <= _FEW)


def _scenario(item: ScenarioRecord, anchor: str, bodies: Bodies, *, few: bool) -> ScenarioView:
    join = item.join
    exchanges, links = _exchanges(join, anchor, bodies) if join else ((), {})
    names = [view.anchor for view in exchanges]
    verdicts = tuple(sorted(join.verdicts, key=lambda verdict: LOUDEST_FIRST.index(verdict.outcome))) if join else ()
    wrong = wrong_claims(join.claims) if join else ()
    drawn = join is not None and bool(exchanges)
    return ScenarioView(
        anchor=anchor,
        record=item,
        words=" ".join(_words(item, wrong)).lower(),
        open=few or item.outcome in UNEXPECTED,
        came_out=join.came_out if join else "did not run",
        codes=tuple(_codes(join)),
        wrong_claims=wrong,
        verdicts=verdicts,
        verdict_counts=_ordered(Counter(verdict.outcome for verdict in verdicts)),
        path=tuple(_path(join)) if join else (),
        exchanges=exchanges,
        events=view_events(item),
        links=links,
        wide=draw(join, names, WIDE) if join and drawn else None,
        narrow=draw(join, names, NARROW) if join and drawn else None,
    )


def _exchanges(join: JoinRecord, anchor: str, bodies: Bodies) -> tuple[tuple[ExchangeView, ...], dict[Where, str]]:
    """Return the exchanges of a join with what its verdicts point at; the places of probes lie elsewhere."""
    places = {where: broken for where, broken in places_of(join.verdicts).items() if where.step and not where.probe}
    failed_at = join.failure.step if join.failure else ""
    return exchange_views(join.exchanges, places, anchor, bodies, flow=join.flow, failed_at=failed_at)


def _codes(join: JoinRecord | None) -> Iterator[str]:
    for failure in (join.failure, join.fallback_failure) if join else ():
        yield from (code.code for code in failure.codes) if failure else ()


def _words(item: ScenarioRecord, wrong: Iterable[ClaimRow]) -> Iterator[str]:
    """Yield what a reader would type to find this scenario."""
    yield from (item.id, item.title, item.file, item.error, *item.tags)
    yield from (f"{line.name} {line.found} {line.explanation}" for line in item.expectations if not line.met)
    yield from (f"{row.name} {row.mistake}" for row in wrong)
    yield from (f"{bend.name} {bend.error} {bend.sentence}" for bend in item.dial)
    if item.join is None:
        return
    yield from (item.join.device, item.join.result, item.join.came_out, item.join.device_id)
    yield from _codes(item.join)
    for failure in (item.join.failure, item.join.fallback_failure):
        if failure is not None:
            yield from (failure.phase, failure.step, failure.reason, *(code.symbol for code in failure.codes))


def _path(join: JoinRecord) -> Iterator[tuple[StepRow, str]]:
    seen = {exchange.step: exchange.ok for exchange in join.exchanges}
    for row in join.flow:
        if not row.aside and (row.step in seen or row.instead_of is None):
            yield row, "none" if row.step not in seen else "ok" if seen[row.step] else "bad"


def _requirements(scenarios: Iterable[ScenarioView]) -> Iterator[RequirementView]:
    examples: dict[str, Verdict] = {}
    counts: dict[str, Counter[Outcome]] = {}
    broken: dict[str, dict[str, ScenarioView]] = {}
    for scenario in scenarios:
        for verdict in scenario.verdicts:
            name = verdict.requirement
            examples.setdefault(name, verdict)
            counts.setdefault(name, Counter())[verdict.outcome] += 1
            if verdict.outcome is Outcome.FAILED:
                broken.setdefault(name, {})[scenario.anchor] = scenario
    for name in sorted(examples, key=lambda key: (area(key), len(key), key)):
        ordered = _ordered(counts[name])
        yield RequirementView(
            example=examples[name],
            counts=ordered,
            worst=ordered[0][0],
            broken_in=tuple(broken.get(name, {}).values()),
        )
