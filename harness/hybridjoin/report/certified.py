"""What a certification's record means, for every picture of it: which answers count, and what it came to."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase

from hybridjoin.model.record import CertificationRecord, DeviationRow, RunRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.reason_text import kind_of_reason, reason_text


def wrong_deviations(certification: CertificationRecord) -> tuple[DeviationRow, ...]:
    """Return the rows of the lists that are themselves wrong: they did not happen, or are past their date."""
    return tuple(row for row in certification.deviations if row.problem)


def certified_headline(record: RunRecord, certification: CertificationRecord) -> str:
    """Say in one sentence what a certification came to."""
    broken, wrong = len(certification.unforgiven), len(wrong_deviations(certification))
    if broken:
        words = f"{broken} requirement{'s are' if broken > 1 else ' is'} broken that nothing excuses"
    elif record.unexplained_joins:
        words = "A join failed although no requirement that was asked is broken"
    elif wrong:
        words = f"{wrong} row{'s' * (wrong > 1)} of the list of deviations no longer hold{'s' * (wrong == 1)}"
    elif is_certified(record, certification):
        return "Certified: no requirement that is fatal here is broken"
    else:
        return "The certification could not be finished"
    return words if certification.complete else f"{words}, and not everything could be found out"


def is_certified(record: RunRecord, certification: CertificationRecord) -> bool:
    """Tell whether everything was found out, and nothing is broken that nobody excuses."""
    spoilt = certification.unforgiven or record.unexplained_joins or wrong_deviations(certification)
    return certification.complete and not spoilt


def nothing_found_out(record: RunRecord, certification: CertificationRecord) -> bool:
    """Tell whether lab or machine failed before the first question was answered: then there is one thing to say."""
    asked = certification.requirements
    return bool(record.interrupted) and all(row.outcome is Outcome.INTERRUPTED for row in asked)


def tested_count(certification: CertificationRecord) -> int:
    """Return how many requirements were answered."""
    return sum(row.tested for row in certification.requirements)


def counts_by_area(certification: CertificationRecord) -> dict[str, Counter[Outcome]]:
    """Return how often each outcome stands in each area, areas in the order of the requirements."""
    counts: dict[str, Counter[Outcome]] = {}
    for row in certification.requirements:
        counts.setdefault(row.area, Counter())[row.outcome] += 1
    return counts


def excuse(row: RequirementRow, certification: CertificationRecord) -> str:
    """Return in words which list forgives a requirement, with its owner, reason and date; empty where none does."""
    if not row.deviation:
        return ""
    for item in certification.deviations:
        if item.list == row.deviation and item.happened and _names(item.requirement, row.id):
            return f"{item.list} deviation until {item.expires} ({item.owner}): {item.reason}"
    return f"{row.deviation} deviation"


def source_of(row: RequirementRow) -> str:
    """Return where a requirement comes from, and whether nobody has read it there; empty where no record says."""
    source = f"{row.specification} {row.section}".strip()
    return source if row.verified or not source else f"{source} (unverified)"


def why_not_tested(certification: CertificationRecord, *outcomes: Outcome) -> dict[str, tuple[str, ...]]:
    """Return in words why requirements of some outcomes were not tested, each reason once, with their ids."""
    reasons: dict[str, list[str]] = {}
    for row in certification.requirements:
        if row.outcome in outcomes:
            reasons.setdefault(reason_text(kind_of_reason(row.not_tested)) or "it was not asked", []).append(row.id)
    return {reason: tuple(names) for reason, names in reasons.items()}


def _names(pattern: str, requirement: str) -> bool:
    """Tell whether an id or glob of a list names a requirement; only `*` and `?` are special, as lists write them."""
    return fnmatchcase(requirement, pattern.upper())
