"""A certification on a terminal: counts by area, and each requirement that is broken with its remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hybridjoin.checks.breaks import breaks_of
from hybridjoin.checks.requirement import Requirement
from hybridjoin.checks.sources import SOURCES
from hybridjoin.cli.certify.doors_screen import doors_table, lockout_words
from hybridjoin.model.loss import NOBODY_KNOWN, hurt
from hybridjoin.model.record import CertificationRecord, DeviationRow, RunRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.site import Site
from hybridjoin.model.verdict import BROKEN, LOUDEST_FIRST, Outcome
from hybridjoin.report.certified import nothing_found_out, why_not_tested
from hybridjoin.report.fitting import Fitting, TableShape
from hybridjoin.report.terminal import STYLES
from hybridjoin.report.where_text import where_text
from hybridjoin.run.certification.deviations import DID_NOT_HAPPEN, PAST_ITS_DATE
from hybridjoin.run.certification.plan import Plan
from hybridjoin.scenario.site.adapter import Adapter, find_adapter

_COLUMNS: Final = (Outcome.PASSED, *(outcome for outcome in LOUDEST_FIRST if outcome is not Outcome.PASSED))
_LONGEST_VALUE: Final = 400


def certification_screen(record: RunRecord, plan: Plan) -> RenderableType:
    """Return the counts, everything that is broken, what was not asked and why, and the sentence that sums it up."""
    certification = record.certification
    if certification is None:
        return Text("")
    if nothing_found_out(record, certification):
        return Text.assemble(("Nothing could be asked. ", "bold red"), record.interrupted)
    adapter = find_adapter(certification.adapter)
    broken = [item for item in certification.requirements if item.outcome in BROKEN]
    broken.sort(key=lambda item: item.rank)
    parts: list[RenderableType] = [_head(record, certification, plan, adapter), _areas(certification.requirements)]
    if certification.doors:
        parts.append(doors_table(certification.doors))
    parts.extend(_broken(item, adapter) for item in broken)
    parts.extend(_list_row(row) for row in certification.deviations if row.problem)
    parts.extend(_unanswered(certification))
    parts.extend(_probes(certification))
    parts.append(_sum(record, certification))
    return Group(*(line for part in parts for line in (part, Text())))


def _head(record: RunRecord, certification: CertificationRecord, plan: Plan, adapter: Adapter | None) -> Text:
    idp = adapter.title if adapter else "no vendor that is known"
    return Text.assemble(
        (record.site, "bold"),
        (f"  on {record.backend} · IdP recognised as {idp} · ", "dim"),
        f"profile {certification.profile}",
        (f": {plan.profile.sentence}", "dim"),
    )


def _areas(rows: Iterable[RequirementRow]) -> Fitting:
    """Count the outcomes of each area; a narrow terminal has marks for headings, and what they mean below."""
    counts: dict[str, Counter[Outcome]] = {}
    for row in rows:
        counts.setdefault(row.area, Counter())[row.outcome] += 1
    wide = _counts(counts, [outcome.value for outcome in _COLUMNS])
    marks = _counts(counts, [STYLES[outcome][0] for outcome in _COLUMNS])
    meaning = Text("  ").join(Text(f"{STYLES[outcome][0]} {outcome}", style="dim") for outcome in _COLUMNS)
    return Fitting((TableShape(drawn=wide), TableShape(drawn=Group(marks, Text(), meaning))))


def _counts(counts: Mapping[str, Counter[Outcome]], headings: Iterable[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("area", no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for area, found in counts.items():
        table.add_row(area, *(_count(outcome, found[outcome]) for outcome in _COLUMNS))
    everything = sum(counts.values(), Counter[Outcome]())
    table.add_row(Text("all", style="bold"), *(_count(outcome, everything[outcome]) for outcome in _COLUMNS))
    return table


def _count(outcome: Outcome, number: int) -> Text:
    return Text(str(number), style=STYLES[outcome][1]) if number else Text("·", style="dim")


def _broken(item: RequirementRow, adapter: Adapter | None) -> RenderableType:
    sign, style = STYLES[item.outcome]
    forgiven = f"  {item.deviation} deviation" if item.deviation else ""
    head = Table.grid(padding=(0, 2, 0, 0))
    head.add_column(no_wrap=True)
    head.add_column(no_wrap=True, style="dim")
    head.add_column(overflow="fold", style="bold")
    head.add_row(
        Text(f"{sign} {item.id}", style="yellow" if item.deviation else style),
        f"{item.level}{forgiven}",
        Text(item.sentence),
    )
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in (("expected", item.expected), ("found", item.found), ("where", where_text(item.where))):
        if value:
            table.add_row(name, Text(_short(value), style="red" if name == "found" and not item.deviation else ""))
    if item.remedy:
        table.add_row("remedy", Text(item.remedy))
    if item.level_why:
        table.add_row("level", Text(item.level_why))
    table.add_row("breaks", ", ".join(map(str, item.breaks)) or NOBODY_KNOWN)
    for quirk in adapter.quirks_of(item.id) if adapter else ():
        table.add_row("known", Text.assemble(quirk.sentence, (f"  {quirk.source}", "dim")))
    section = item.section if item.verified else f"{item.section} (unverified)"
    table.add_row("source", Text(f"{SOURCES[item.specification].title}, {section}  {item.url}", style="dim"))
    return Group(head, Padding(table, (0, 0, 0, 2), expand=False))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _list_row(row: DeviationRow) -> Text:
    words = "is past its date" if row.problem == PAST_ITS_DATE else DID_NOT_HAPPEN
    return Text.assemble(
        (f"✕ {row.requirement}", "bold red"),
        f"  {row.place}: the {row.list} deviation {words}",
        (f"  {row.owner}, until {row.expires}: {row.reason}", "dim"),
    )


def _unanswered(certification: CertificationRecord) -> Iterator[RenderableType]:
    """Say what was not tested, the requirements of one reason together."""
    for outcome, words in ((Outcome.INTERRUPTED, "could not be found out"), (Outcome.SKIPPED, "not tested here")):
        reasons = why_not_tested(certification, outcome)
        if not reasons:
            continue
        sign, style = STYLES[outcome]
        total = sum(map(len, reasons.values()))
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(overflow="fold", max_width=34)
        table.add_column(overflow="fold", style="dim")
        for reason, ids in reasons.items():
            table.add_row(" ".join(ids), Text(_short(reason)))
        yield Group(Text(f"{sign} {total} {words}", style=style), Padding(table, (0, 0, 0, 2), expand=False))


def _probes(certification: CertificationRecord) -> Iterator[RenderableType]:
    """Say how many probes were asked, why the others were not, and what nobody here tests at all."""
    skipped = [probe for probe in certification.probes if probe.outcome is not Outcome.PASSED]
    if certification.probes:
        asked = len(certification.probes) - len(skipped)
        text = Text(f"{asked} of {len(certification.probes)} probes were asked")
        notes = Counter(probe.note for probe in skipped)
        for note, number in notes.items():
            text.append(f"\n  {number} not: {_short(note)}", style="dim")
        yield text
    if certification.untested:
        words = "known sentences are tested by nobody here; the report names them with their reasons"
        yield Text(f"{len(certification.untested)} {words}", style="dim")


def _sum(record: RunRecord, certification: CertificationRecord) -> Text:
    failed = len(certification.unforgiven)
    rows = sum(bool(row.problem) for row in certification.deviations)
    forgiven = sum(bool(item.deviation) for item in certification.requirements)
    words = []
    if failed:
        words.append(f"{failed} {'requirement' if failed == 1 else 'requirements'} failed")
    if rows:
        words.append(f"{rows} {'row' if rows == 1 else 'rows'} of the deviation lists out of order")
    if not failed and record.unexplained_joins:
        words.append("a join failed and no requirement that was asked says why")
    if record.interrupted or not certification.complete:
        words.append("not complete" + (f", {record.interrupted}" if record.interrupted else ""))
    good = not words
    head = "No requirement that is fatal here is broken" if good else "; ".join(words)
    took = (record.finished_at - record.started_at).total_seconds()
    tail = f" · {forgiven} forgiven by the lists" if forgiven else ""
    return Text.assemble(
        (head[:1].upper() + head[1:], "bold green" if good else "bold red"), f"{tail}  in {took:.1f} s"
    )


def list_screen(requirements: Iterable[Requirement]) -> Table:
    """Return the requirements with level, sentence and section; a section that nobody could read is marked."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for item in requirements:
        sentence = Text.assemble(item.sentence, (f"\n{item.specification} {item.section}", "dim"))
        if not item.verified:
            sentence.append(" unverified", style="yellow")
        sentence.append(f" · breaks {hurt(breaks_of(item.id))}", style="dim")
        table.add_row(item.id, item.level.value, sentence)
    return table


def plan_screen(plan: Plan, site: Site | None) -> RenderableType:
    """Return what would be asked: requirements by area, joins, probes, and what is known not to be askable."""
    levels = Counter(item.level.value for item in plan.requirements)
    areas = Counter(item.area for item in plan.requirements)
    roles = {item.role for item in site.accounts} if site is not None else None
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    told = ", ".join(f"{number} {level}" for level, number in levels.items())
    table.add_row("requirements", f"{len(plan.requirements)} ({told})")
    table.add_row("areas", ", ".join(f"{area} {number}" for area, number in areas.items()))
    table.add_row("profile", f"{plan.profile.name}: {plan.profile.sentence}")
    table.add_row("exchanges", f"each may take {plan.timeout_s:g} s")
    table.add_row("joins", f"{plan.scenario.device.name}, once for each WS-Trust version that the metadata offers")
    table.add_row("doors", ", ".join(door.name for door in plan.doors))
    if lockout_words(plan):
        table.add_row("passwords", lockout_words(plan))
    for probe in plan.probes:
        why = "not allowed without --hostile" if probe.hostile and not plan.hostile else ""
        if not why and roles is not None and probe.role and probe.role not in roles:
            why = f"the site file names no account of the role {probe.role}"
        sign = "-" if why else "·"
        table.add_row(f"{sign} {probe.id}", Text.assemble(probe.sentence, (f"  {why}" if why else "", "yellow")))
    if plan.adapter is not None and plan.adapter.levels:
        told = ", ".join(f"{item.requirement} {item.level}" for item in plan.adapter.levels)
        table.add_row("product", f"{plan.adapter.title}: {told}")
    table.add_row("federation", plan.federation.place if plan.federation else "no settings were given")
    table.add_row("deviations", f"{len(plan.deviations)} rows")
    return Group(table, Text("Nothing was sent.", style="bold"))
