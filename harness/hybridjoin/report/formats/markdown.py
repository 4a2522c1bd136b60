"""A summary in GitHub's Markdown, for a pull request or $GITHUB_STEP_SUMMARY.

What a peer said is hostile text: it stands in code spans, where no link, image or mention comes alive, and the
whole is kept below what a comment may hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from hybridjoin.model.record import CertificationRecord, RunRecord, ScenarioRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import BROKEN, LOUDEST_FIRST, Outcome
from hybridjoin.report.certified import counts_by_area, excuse, is_certified, source_of, tested_count, why_not_tested
from hybridjoin.report.formats.cases import first_line
from hybridjoin.report.page.page import headline
from hybridjoin.report.reason_text import reason_text
from hybridjoin.report.where_text import where_text

LIMIT_BYTES = 60_000  # a comment on GitHub holds 65,536 characters
SIGNS = {
    Outcome.PASSED: "✅",
    Outcome.WARNING: "⚠️",
    Outcome.REVIEW: "🔎",
    Outcome.FAILED: "❌",
    Outcome.SKIPPED: "\u2796",
    Outcome.INTERRUPTED: "⏸️",
}
_ALIVE = re.compile(r"[\\`*_{}\[\]<>#!|~&$]")
_LONGEST_VALUE = 300


def render_markdown(record: RunRecord) -> str:
    """Draw the summary of a record; what does not fit is counted, never cut in the middle."""
    blocks = list(_blocks(record))
    kept: list[str] = []
    size = 0
    for block in blocks:
        size += len(block.encode("utf-8", "replace")) + 1
        if size > LIMIT_BYTES:
            kept.append(f"\n… and more: {len(blocks) - len(kept)} lines do not fit here; the report has them all.")
            break
        kept.append(block)
    return "\n".join(kept) + "\n"


def _blocks(record: RunRecord) -> Iterator[str]:
    good = not record.interrupted and headline_is_good(record)
    yield f"## {'✅' if good else '❌'} {_text(headline(record))}\n"
    took = (record.finished_at - record.started_at).total_seconds()
    yield f"{_text(record.tool)} · site {_code(record.site)} · {record.started_at:%Y-%m-%d %H:%M} UTC · {took:.1f} s\n"
    if record.interrupted:
        yield f"> **The run was interrupted.** {_code(record.interrupted)}\n"
    if record.certification is not None:
        yield from _certification(record.certification)
    else:
        yield from _scenarios(record.scenarios)


def headline_is_good(record: RunRecord) -> bool:
    """Tell whether everything came out as it should."""
    if record.certification is not None:
        return is_certified(record, record.certification)
    return not any(item.outcome in {Outcome.FAILED, Outcome.INTERRUPTED} for item in record.scenarios)


def _certification(certification: CertificationRecord) -> Iterator[str]:
    tested, total = tested_count(certification), len(certification.requirements)
    adapter = f" · IdP {_code(certification.adapter)}" if certification.adapter else ""
    yield f"{tested} of {total} requirements tested · profile {_code(certification.profile)}{adapter}\n"
    counts = counts_by_area(certification)
    columns = [outcome for outcome in LOUDEST_FIRST if any(count[outcome] for count in counts.values())]
    yield from _table(
        ("Area", *(f"{SIGNS[outcome]} {outcome}" for outcome in columns)),
        ((name, *(str(count[outcome] or "·") for outcome in columns)) for name, count in counts.items()),
    )
    broken = [row for row in certification.requirements if row.outcome in BROKEN or row.outcome is Outcome.INTERRUPTED]
    broken.sort(key=lambda row: row.rank)
    if broken:
        yield "\n### Not kept\n"
        yield from _table(
            ("", "Requirement", "Sentence", "Expected", "Found", "Where"),
            (_broken(row, certification) for row in broken),
        )
    if certification.deviations:
        yield "\n### Deviations\n"
        yield from _table(
            ("", "Requirement", "List", "Owner", "Reason", "Expires"),
            (
                (
                    f"❌ {_text(row.problem)}" if row.problem else "✅",
                    _code(row.requirement),
                    row.list,
                    _code(row.owner),
                    _code(row.reason),
                    str(row.expires),
                )
                for row in certification.deviations
            ),
        )
    yield from _doors(certification)
    yield from _untested(certification)


def _doors(certification: CertificationRecord) -> Iterator[str]:
    if certification.doors:
        yield "\n### Doors\n"
        rows = ((_code(row.door), _text(row.state), _text(row.why), _text(row.loses)) for row in certification.doors)
        yield from _table(("Door", "", "Why", "Without it"), rows)


def _broken(row: RequirementRow, certification: CertificationRecord) -> Sequence[str]:
    excused = excuse(row, certification)
    remedy = f"<br>{_text(row.remedy)}" if row.remedy and row.outcome in BROKEN else ""
    source = f"<br>{_text(source_of(row))}" if row.specification else ""
    return (
        f"{SIGNS[row.outcome]} {row.outcome}" + (f"<br>{_code(excused)}" if excused else ""),
        f"{_code(row.id)} {row.level}",
        _text(row.sentence) + source + remedy,
        _code(row.expected),
        _code(row.found or reason_text(row.not_tested)),
        _code(where_text(row.where)),
    )


def _untested(certification: CertificationRecord) -> Iterator[str]:
    reasons = why_not_tested(certification, Outcome.SKIPPED)
    if reasons:
        yield f"\n<details><summary>{sum(map(len, reasons.values()))} requirements were not tested here</summary>\n"
        for reason, names in reasons.items():
            yield f"- {_code(reason)}: {', '.join(names)}"
        yield "\n</details>"


def _scenarios(scenarios: Iterable[ScenarioRecord]) -> Iterator[str]:
    ordered = sorted(scenarios, key=lambda item: LOUDEST_FIRST.index(item.outcome))
    rows = (
        (
            f"{SIGNS[item.outcome]} {_word(item.outcome)}",
            f"{_text(item.title)}<br>{_code(item.id)}",
            item.join.came_out if item.join else "did not run",
            "<br>".join(_findings(item)),
        )
        for item in ordered
    )
    yield from _table(("", "Scenario", "Came out", "Not as expected"), rows)


def _findings(item: ScenarioRecord) -> Iterator[str]:
    for line in item.expectations:
        if not line.met:
            yield f"{_text(line.name)}: expected {_code(line.expected)}, found {_code(line.found)}"
    if item.error:
        yield _code(first_line(item.error))


def _word(outcome: Outcome) -> str:
    return {
        Outcome.PASSED: "as expected", Outcome.FAILED: "unexpected", Outcome.INTERRUPTED: "not finished"
    }.get(outcome, outcome.value)  # fmt: skip


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _text(text: str) -> str:
    """Write words as they are; any that could come alive as an address or a mention stand in a code span."""
    line = " ".join(text.split())
    if "@" in line or "://" in line or "www." in line:
        return _code(line)
    return _ALIVE.sub(lambda match: "\\" + match[0], line)


def _code(text: str) -> str:
    """Write a code span that its content cannot end, and that cannot end a table's cell."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if not line:
        return ""
    line = line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + "…"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line.replace('|', chr(92) + '|')}{pad}{fence}"
