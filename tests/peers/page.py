"""The page of a run: peers across, what was asked of them down, in Markdown and in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from hybridjoin.checks.breaks import breaks_of
from hybridjoin.model.flows import FLOWS
from hybridjoin.model.loss import hurt
from hybridjoin.model.shown import one_line
from tests.peers.interop import Column
from tests.peers.trials import Came, Trial

SIGN = {Came.PASSED: "✓", Came.FAILED: "✕", Came.SILENT: "-", Came.SKIPPED: "-"}
TITLE = "Identity providers of other houses, and clients of other houses"
DEVICE, BROWSER, CLIENT, MISTAKE, DOOR = "join, ", "sign-in ", "client ", "mistake ", "door "
COSTS = ("what it cost", "wall s", "our CPU s", "the peer's CPU s", "passed / failed / deviating / skipped")
Table = tuple[tuple[str, ...], ...]


def tables(columns: Sequence[Column]) -> dict[str, Table]:
    """Return the page's tables by their titles: clients, certifications and mistakes, and requirements."""
    return {
        "Who gets a token where": outcomes(columns, DEVICE, BROWSER, CLIENT),
        "Clients at our doubles": at_doors(columns),
        "Certified, and wrong on purpose": outcomes(columns, "certify", MISTAKE),
        "Every requirement": requirements(columns),
    }


def outcomes(columns: Sequence[Column], *kinds: str) -> Table:
    """Return the table of outcomes: a head, and a row for each thing of some kinds that was asked of any peer."""
    names = dict.fromkeys(item.name for column in columns for item in column.trials if item.name.startswith(kinds))
    asked = [one for one in columns if not one.caller and (one.missing or any(i.name in names for i in one.trials))]
    head = ("", *(column.title for column in asked))
    missing = ("to be had", *(column.missing or "yes" for column in asked))
    return (head, missing, *((name, *(_cell(column, name) for column in asked)) for name in names))


def at_doors(columns: Sequence[Column]) -> Table:
    """Return the table of callers: a row for each, and a column for each door that any came through."""
    names = {item.name for one in columns for item in one.trials if item.name.startswith(DOOR)}
    doors = [flow.name for flow in FLOWS if f"{DOOR}{flow.name}" in names]
    asked = [one for one in columns if one.caller]
    return (("", *doors), *((one.title, *(_cell(one, f"{DOOR}{door}") for door in doors)) for one in asked))


def requirements(columns: Sequence[Column]) -> Table:
    """Return what was said of each requirement, identity providers across; by the last, hostile certification."""
    said = {column.title: dict(item) for column in columns for trial in column.trials if (item := trial.requirements)}
    names = dict.fromkeys(name for row in said.values() for name in row)
    head = ("requirement", *said, "who breaks on it")
    return (head, *((name, *(row.get(name, "-") for row in said.values()), hurt(breaks_of(name))) for name in names))


def _cell(column: Column, name: str) -> str:
    if column.missing:
        return f"{SIGN[Came.SKIPPED]} {column.missing if column.caller else Came.SKIPPED}"
    found = next((item for item in column.trials if item.name == name), None)
    if found is None:
        return "-" if column.caller else "- not asked"
    return f"{SIGN[found.came]} {found.words or found.came}"


def costs(column: Column) -> Table:
    """Return the table of what one peer cost: its start, and each trial."""
    start = [("start", f"{column.ready_s:.1f}", "", f"{column.start_cpu_s:.1f}", "")] if column.ready_s else []
    return (COSTS, *start, *(_cost(item) for item in column.trials if item.came is not Came.SILENT))


def _cost(trial: Trial) -> tuple[str, ...]:
    theirs = f"{trial.peer_cpu_s:.1f}" if trial.peer_cpu_s else ""  # of a client's visit it is not measured
    return (trial.name, f"{trial.wall_s:.1f}", f"{trial.cpu_s:.1f}", theirs, trial.counts)


def markdown(columns: Sequence[Column]) -> str:
    """Draw the page in Markdown."""
    parts = [f"# {TITLE}"]
    parts += [f"## {title}\n\n{_rows(table)}" for title, table in tables(columns).items()]
    parts += [f"## {column.title}\n\n{_rows(costs(column))}" for column in columns if not column.missing]
    return "\n\n".join(parts) + "\n"


def _rows(table: Table) -> str:
    head, *rest = ([one_line(cell).replace("|", "\\|") for cell in row] for row in table)
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def html(columns: Sequence[Column]) -> str:
    """Draw the page in HTML: one file, no network."""
    parts = [f"<h1>{escape(TITLE)}</h1>"]
    for title, table in tables(columns).items():
        parts += [f"<h2>{escape(title)}</h2>", _table(table)]
    for column in columns:
        if not column.missing:
            parts += [f"<h2>{escape(column.title)}</h2>", _table(costs(column))]
    style = "body{font-family:sans-serif}td,th{border:1px solid #999;padding:.3em;text-align:left;vertical-align:top}"
    head = f'<meta charset="utf-8"><title>{escape(TITLE)}</title><style>{style}</style>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _table(table: Table) -> str:
    head, *rest = ([escape(one_line(cell)) for cell in row] for row in table)
    lines = [f"<tr>{''.join(f'<th>{cell}</th>' for cell in head)}</tr>"]
    lines += [f"<tr><th>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>" for row in rest]
    return f"<table>{''.join(lines)}</table>"
