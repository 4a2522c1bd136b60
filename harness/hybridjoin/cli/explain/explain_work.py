"""What `hybridjoin explain` does once its arguments are understood."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.explain.explain_screen import show_article, show_certification, show_run
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.knowledge.article import Article
from hybridjoin.knowledge.diagnosis import Diagnosis, diagnose
from hybridjoin.knowledge.lookup import mentions, near
from hybridjoin.knowledge.shortcomings import Shortcoming, shortcomings
from hybridjoin.model.record import CertificationRecord, JoinResult, RunRecord
from hybridjoin.report.documents.explanation import article_json, article_of, certification_json, diagnosis_json
from hybridjoin.report.json_report import read_record
from hybridjoin.report.terminal import console


def carry_out(names: tuple[str, ...], *, as_json: bool, everything: bool) -> ExitCode:
    """Look all names up, refuse what nobody knows, and print.

    Raises:
        UsageError: a name is nothing that anybody knows.
    """
    articles: dict[str, Article] = {}
    runs: list[_Explained] = []
    mistakes: list[Mistake] = []
    for name in names:
        found = _articles(name)
        if found:
            articles.update({item.id: item for item in found})
        elif _is_path(name):
            runs.append(_explained(name, read_record(Path(name)), everything=everything))
        else:
            mistakes.append(_unknown(name))
    if mistakes:
        raise UsageError(*mistakes)
    if as_json:
        click.echo(json.dumps(_json(articles, runs), indent=2))
        return ExitCode.AS_EXPECTED
    _show(articles.values(), runs)
    return ExitCode.AS_EXPECTED


def _show(articles: Iterable[Article], runs: Iterable[_Explained]) -> None:
    screen = console()
    for article in articles:
        show_article(screen, article)
    for run in runs:
        show_run(screen, run.name, run.diagnoses, hidden=run.hidden, certified=run.certification is not None)
        if run.certification is not None:
            show_certification(screen, run.certification, run.shortcomings)


def _articles(name: str) -> tuple[Article, ...]:
    """Return the article of a name, or those of the names inside a pasted text."""
    whole = article_of(name)
    if whole is not None:
        return (whole,)
    if not any(letter.isspace() for letter in name.strip()):
        return ()
    return tuple(item for one in mentions(name) if (item := article_of(one)) is not None)


def _is_path(name: str) -> bool:
    return "/" in name or name.endswith(".json") or Path(name).exists()


def _unknown(name: str) -> Mistake:
    close = near(name, (item.id for item in BOOK))
    hint = f"did you mean {' or '.join(close)}?" if close else "or name a report's directory to explain a run"
    return Mistake(place=name, problem="no code, event, error, fault or requirement of that name is known", hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Explained:
    """A record explained; `hidden` counts the joins that failed as they were meant to and are not shown."""

    name: str
    diagnoses: tuple[Diagnosis, ...]
    hidden: int
    certification: CertificationRecord | None
    shortcomings: tuple[Shortcoming, ...]


def _explained(name: str, record: RunRecord, *, everything: bool) -> _Explained:
    found = diagnose(record)
    certification = record.certification
    if certification is not None:  # which lists every broken requirement itself: what is left is why a join failed
        found = tuple(replace(item, unexplained=()) for item in found if item.result is not JoinResult.FEDERATED)
    shown = tuple(item for item in found if everything or not item.expected)
    return _Explained(
        name=name,
        diagnoses=shown,
        hidden=len(found) - len(shown),
        certification=certification,
        shortcomings=shortcomings(certification) if certification is not None else (),
    )


def _json(articles: dict[str, Article], runs: list[_Explained]) -> dict[str, object]:
    return {
        "articles": [article_json(item) for item in articles.values()],
        "runs": [
            {
                "run": run.name,
                "diagnoses": [diagnosis_json(item) for item in run.diagnoses],
                **certification_json(run.certification, run.shortcomings),
            }
            for run in runs
        ],
    }
