"""`hybridjoin list dial`: what can be bent of a lab's surroundings, and what Windows shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from hybridjoin.cli.output import say_json
from hybridjoin.model.dial.row import DialOption, DialRow
from hybridjoin.model.dial.table import DIAL
from hybridjoin.model.dialled import BendRecord
from hybridjoin.report.fitting import ListRow
from hybridjoin.report.terminal import console, put_listing
from hybridjoin.run.dialled import bend_record


def show_dial(*, as_json: bool, words: tuple[str, ...] = ()) -> None:
    """Print every row, by what it is about; with words only those that hold all of them."""
    found = [row for row in DIAL.values() if all(word.lower() in _text(row) for word in words)]
    if as_json:
        say_json({"dial": [_row(row) for row in found]}, indent=1, ensure_ascii=False)
    elif found:
        put_listing(console(), _rows(found))
    else:
        click.echo(f"no row of the dial holds {' and '.join(words)}", err=True)


def _text(row: DialRow) -> str:
    return f"{row.area} {row.name} {row.sentence} {row.error} {row.shown.code}".lower()


def _rows(found: list[DialRow]) -> Iterator[ListRow]:
    for area in dict.fromkeys(row.area for row in found):
        yield ListRow(name=f"{area}:", sentence="")
        for row in found:
            if row.area == area:
                yield from _told(row, bend_record(row))


def _told(row: DialRow, record: BendRecord) -> Iterator[ListRow]:
    yield ListRow(name=f"  {row.name}", sentence=row.sentence)
    yield from (ListRow(name="", sentence=f"  {_option(option)}") for option in row.options)
    if record.error:
        yield ListRow(name="", sentence=f"  {record.error}: {record.meaning}")
    seen = " ".join(part for part in (record.phase, record.code, record.event) if part)
    sure = f"({record.certainty})"
    yield ListRow(name="", sentence=f"  Windows: {f'{seen}; ' if seen else ''}{record.shows} {sure}")
    yield ListRow(name="", sentence=f"  {row.place.value}; {row.undone}")


def _option(option: DialOption) -> str:
    others = ", ".join(choice for choice in option.choices if choice != option.default)
    return f"{option.name}: {option.default}{f' (or {others})' if others else ''}  {option.sentence}"


def _row(row: DialRow) -> dict[str, Any]:
    options = [{**asdict(option), "choices": list(option.choices)} for option in row.options]
    return {"area": row.area, **asdict(bend_record(row)), "options": options}
