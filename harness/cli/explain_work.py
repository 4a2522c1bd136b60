"""What `hybridjoin explain` does once its arguments are understood."""

from __future__ import annotations

import json
from pathlib import Path

import click

from harness.checks.rules import BOOK
from harness.cli.exits import ExitCode
from harness.cli.explain_screen import show_article, show_run
from harness.errors import Mistake, UsageError
from harness.knowledge.article import Article
from harness.knowledge.diagnosis import Diagnosis, diagnose
from harness.knowledge.lookup import mentions, near
from harness.report.explain_view import article_json, article_of, diagnosis_json
from harness.report.json_report import read_record
from harness.report.terminal import console


def carry_out(names: tuple[str, ...], *, as_json: bool, everything: bool) -> ExitCode:
    """Look all names up, refuse what nobody knows, and print."""
    articles: dict[str, Article] = {}
    runs: list[tuple[str, tuple[Diagnosis, ...]]] = []
    mistakes: list[Mistake] = []
    for name in names:
        found = _articles(name)
        if found:
            articles.update({item.id: item for item in found})
        elif _is_path(name):
            runs.append((name, diagnose(read_record(Path(name)))))
        else:
            mistakes.append(_unknown(name))
    if mistakes:
        raise UsageError(*mistakes)
    if as_json:
        click.echo(json.dumps(_json(articles, runs, everything=everything), indent=2))
        return ExitCode.AS_EXPECTED
    screen = console()
    for article in articles.values():
        show_article(screen, article)
    for name, found_in in runs:
        show_run(screen, name, _wanted(found_in, everything=everything), len(found_in))
    return ExitCode.AS_EXPECTED


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


def _wanted(found: tuple[Diagnosis, ...], *, everything: bool) -> tuple[Diagnosis, ...]:
    return tuple(item for item in found if everything or not item.expected)


def _json(
    articles: dict[str, Article], runs: list[tuple[str, tuple[Diagnosis, ...]]], *, everything: bool
) -> dict[str, object]:
    return {
        "articles": [article_json(item) for item in articles.values()],
        "runs": [
            {"run": name, "diagnoses": [diagnosis_json(item) for item in _wanted(found, everything=everything)]}
            for name, found in runs
        ],
    }
