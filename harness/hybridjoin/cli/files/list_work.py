"""What `hybridjoin list` prints: the rows of each kind, from the tables of those who own the words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import click

from hybridjoin.checks.mistake_words import MistakeWords
from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.certify.fault_list import show_faults
from hybridjoin.cli.files.dial_list import show_dial
from hybridjoin.cli.files.kinds import KINDS
from hybridjoin.cli.output import say_json
from hybridjoin.device.adapters.krb5_errors import KERBEROS_NAMES
from hybridjoin.doubles.idp.mapping import PROFILES, default_mappings
from hybridjoin.knowledge.lookup import find
from hybridjoin.model.flows import FLOWS
from hybridjoin.report.fitting import ListRow
from hybridjoin.report.terminal import console, put_listing
from hybridjoin.scenario.caller_schema import DeviceModel
from hybridjoin.scenario.expect_schema import CLAIM_STATES, VERDICTS
from hybridjoin.scenario.variables import FILTERS, NAMES
from hybridjoin.scenario.vocabulary import AADSTS, BROWSER_AADSTS, SUBJECT

_FAULTS: Final = "faults"
_DIAL: Final = "dial"


def show(kind: str | None, words: tuple[str, ...], *, as_json: bool) -> None:
    """Print the rows of a kind that hold all the words, or the kinds."""
    if kind == _FAULTS:
        show_faults(as_json=as_json, words=words)
        return
    if kind == _DIAL:
        show_dial(as_json=as_json, words=words)
        return
    found = [row for row in (_ROWS[kind]() if kind else _kinds()) if _holds(row, words)]
    if as_json:
        rows = [
            {"name": row.name, **({"group": row.mark} if row.mark else {}), "sentence": row.sentence} for row in found
        ]
        say_json({kind or "kinds": rows}, indent=1, ensure_ascii=False)
    elif found:
        put_listing(console(), found)
    else:
        click.echo(f"nothing in {kind} holds {' and '.join(words)}", err=True)


def _holds(row: ListRow, words: Iterable[str]) -> bool:
    text = f"{row.mark} {row.name} {row.sentence}".lower()
    return all(word.lower() in text for word in words)


def _kinds() -> Iterator[ListRow]:
    return (ListRow(name=name, sentence=sentence) for name, sentence in KINDS.items())


def _told(words: Mapping[Any, str]) -> Iterator[ListRow]:
    return (ListRow(name=name, sentence=sentence) for name, sentence in words.items())


def _claims() -> Iterator[ListRow]:
    spaces: dict[str, dict[str, list[str]]] = {}
    for profile in PROFILES:
        for item in default_mappings(profile, issuer_id="urn:any"):
            spaces.setdefault(item.name, {}).setdefault(item.namespace, []).append(profile)
    for name, by_space in spaces.items():
        told = (f"{space} ({' and '.join(dict.fromkeys(profiles))})" for space, profiles in by_space.items())
        yield ListRow(name=name, sentence="; ".join(told))
    yield ListRow(
        name=SUBJECT, sentence="The NameIdentifier; `idp: subject:` changes it, `expect: claims:` speaks of it."
    )


def _mistakes() -> Iterator[ListRow]:
    return (ListRow(name=words.shown, sentence="") for words in MistakeWords)


def _requirements() -> Iterator[ListRow]:
    return (ListRow(name=item.id, mark=item.level.value, sentence=item.sentence) for item in BOOK)


def _aadsts() -> Iterator[ListRow]:
    alone = {code: triggers for code, triggers in BROWSER_AADSTS.items() if code not in AADSTS}
    for code, triggers in sorted({**AADSTS, **alone}.items(), key=lambda item: int(item[0])):
        article = find(f"AADSTS{code}")
        yield ListRow(name=code, sentence=f"{article.symbol}: {article.meaning}" if article else "")
        yield from (ListRow(name="", sentence=f"  {trigger}") for trigger in triggers)


def _habits() -> Iterator[ListRow]:
    for name, field in DeviceModel.model_fields.items():
        yield ListRow(name=name, sentence=field.description or "")


def _flows() -> Iterator[ListRow]:
    for flow in FLOWS:
        results = ", ".join(name for name, _ in flow.results)
        yield ListRow(name=flow.name, sentence=f"{flow.title}; `expect: {flow.expects[0]}:` {results}")


def _steps() -> Iterator[ListRow]:
    for flow in FLOWS:
        yield from (
            ListRow(name=row.step.value, mark=flow.name, sentence=f"{row.title} (phase {row.phase.value})")
            for row in flow
        )


def _variables() -> Iterator[ListRow]:
    return (ListRow(name=name, sentence=kind.value) for name, kind in NAMES.items())


def _filters() -> Iterator[ListRow]:
    for name, each in FILTERS.items():
        takes = ", ".join(sorted(kind.value for kind in each.takes))
        yield ListRow(name=name, sentence=f"of {takes}: gives {each.gives.value}")


_ROWS: Final[Mapping[str, Callable[[], Iterator[ListRow]]]] = MappingProxyType(
    {
        "claims": _claims,
        "claim-states": lambda: _told(CLAIM_STATES),
        "mistakes": _mistakes,
        "requirements": _requirements,
        "verdicts": lambda: _told(VERDICTS),
        "aadsts": _aadsts,
        "kerberos": lambda: _told(KERBEROS_NAMES),
        "habits": _habits,
        "flows": _flows,
        "steps": _steps,
        "variables": _variables,
        "filters": _filters,
    }
)
