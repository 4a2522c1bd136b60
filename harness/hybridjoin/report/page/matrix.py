"""Several records side by side in one page: sites across, requirements down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hybridjoin.model.record import RunRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.shown import shown
from hybridjoin.model.verdict import LOUDEST_FIRST, Level, Outcome
from hybridjoin.report.certified import tested_count
from hybridjoin.report.loudest import answers, in_order
from hybridjoin.report.page.html import draw_page
from hybridjoin.report.page.page import headline

_LEVELS = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One record; `name` is the site's, numbered where several records are of one site.

    `page` is the address of its own page, seen from the matrix; empty where it has none.
    """

    name: str
    record: RunRecord
    page: str
    headline: str
    tested: str
    counts: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One requirement; a cell is None where the record does not know it."""

    example: RequirementRow
    cells: tuple[RequirementRow | None, ...]
    differs: bool
    outcomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The whole page."""

    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    areas: tuple[str, ...]
    differing: int


def render_matrix(records: Sequence[RunRecord], pages: Sequence[str] = ()) -> str:
    """Draw the page of several records, in their order; `pages` are the addresses of their own, in the same order."""
    return draw_page("matrix.html.j2", "matrix.js", matrix=build_matrix(tuple(map(shown, records)), pages))


def build_matrix(records: Sequence[RunRecord], pages: Sequence[str] = ()) -> Matrix:
    """Work the matrix out; requirements that differ between records come with that said, none is left out."""
    known = [{row.id: row for row in answers(record)} for record in records]
    names = sorted({name for rows in known for name in rows}, key=in_order)
    rows = tuple(_row([found.get(name) for found in known]) for name in names)
    return Matrix(
        columns=tuple(_columns(records, pages or [""] * len(records), known)),
        rows=rows,
        areas=tuple(sorted({row.example.area for row in rows})),
        differing=sum(row.differs for row in rows),
    )


def _columns(
    records: Sequence[RunRecord], pages: Sequence[str], known: Sequence[dict[str, RequirementRow]]
) -> Iterator[Column]:
    often = Counter(record.site for record in records)
    seen: Counter[str] = Counter()
    for record, page, rows in zip(records, pages, known, strict=True):
        seen[record.site] += 1
        counts = Counter(row.outcome for row in rows.values())
        tested = (
            tested_count(record.certification) if record.certification else sum(row.tested for row in rows.values())
        )
        yield Column(
            name=record.site if often[record.site] == 1 else f"{record.site} ({seen[record.site]})",
            record=record,
            page=page,
            headline=headline(record),
            tested=f"{tested} of {len(rows)}",
            counts=tuple((outcome, counts[outcome]) for outcome in LOUDEST_FIRST if counts[outcome]),
        )


def _row(cells: list[RequirementRow | None]) -> MatrixRow:
    there = [cell for cell in cells if cell is not None]
    # Profiles of several sites may set one requirement's level apart: the row bears the strictest.
    example = min(there, key=lambda cell: _LEVELS[cell.level])
    outcomes = {cell.outcome if cell is not None else None for cell in cells}
    return MatrixRow(
        example=example,
        cells=tuple(cells),
        differs=len(outcomes) > 1,
        outcomes=" ".join(sorted({cell.outcome.value for cell in there})),
    )
