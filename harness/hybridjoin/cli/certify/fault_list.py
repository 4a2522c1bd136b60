"""`hybridjoin list faults` and `certify --list-faults`: all that the doubles of a lab can be told to do wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from hybridjoin.cli.output import say_json
from hybridjoin.doubles.fault import Fault, Option
from hybridjoin.mutations.chosen import NAMED
from hybridjoin.report.fitting import ListRow
from hybridjoin.report.terminal import console, put_listing
from hybridjoin.scenario.vocabulary import FAULTS

_MUTATIONS = {item.name: item.usual.id for item in NAMED}
"""Which mutation an older name stands for where nothing is chosen."""


def show_faults(*, as_json: bool, words: tuple[str, ...] = ()) -> None:
    """Print every fault with its options, by the part of the IdP, of the assertion or of Entra that goes wrong.

    With words only those that hold all of them in their name, place or sentence.
    """
    found = [
        (place, fault)
        for place, faults in FAULTS.items()
        for fault in faults.values()
        if all(word.lower() in f"{place} {fault.area} {fault.name} {fault.sentence}".lower() for word in words)
    ]
    if as_json:
        say_json({"faults": [_row(*each) for each in found]}, indent=1, ensure_ascii=False)
    elif found:
        put_listing(console(), _rows(found))
    else:
        click.echo(f"no fault holds {' and '.join(words)}", err=True)


def _rows(found: list[tuple[str, Fault]]) -> Iterator[ListRow]:
    for place, area in dict.fromkeys((place, fault.area) for place, fault in found):
        yield ListRow(name=f"{place}, {area}:", sentence="")
        for each, fault in found:
            if (each, fault.area) == (place, area):
                yield from _told(fault)


def _told(fault: Fault) -> Iterator[ListRow]:
    same = f" ({_MUTATIONS[fault.name]})" if fault.name in _MUTATIONS else ""
    yield ListRow(name=f"  {fault.name}", sentence=f"{fault.sentence}{same}")
    yield from (ListRow(name="", sentence=f"  {_words(option)}") for option in fault.options)


def _row(place: str, fault: Fault) -> dict[str, Any]:
    return {
        "place": place,
        "name": fault.name,
        "area": fault.area,
        "sentence": fault.sentence,
        "mutation": _MUTATIONS.get(fault.name, ""),
        "options": [
            {
                "name": option.name,
                "type": option.type,
                "default": option.default,
                "choices": list(option.choices),
                "sentence": option.sentence,
            }
            for option in fault.options
        ],
    }


def _words(option: Option) -> str:
    several = isinstance(option.default, tuple)
    default = ", ".join(option.default) if isinstance(option.default, tuple) else option.default
    others = ", ".join(choice for choice in option.choices if several or choice != option.default)
    choices = f" ({'out of' if several else 'or'} {others})" if others else ""
    return f"{option.name}: {default}{choices}  {option.sentence}"
