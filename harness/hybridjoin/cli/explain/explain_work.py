"""What `hybridjoin explain` does once its arguments are understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hybridjoin.bundle.load import load_run
from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.explain.explain_screen import show_article, show_certification, show_run, show_text
from hybridjoin.cli.explain.pasted import STANDARD_INPUT, is_run, read_pasted
from hybridjoin.cli.output import say, say_json
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import exists, is_file
from hybridjoin.knowledge.article import Article
from hybridjoin.knowledge.diagnosis import Diagnosis, diagnose
from hybridjoin.knowledge.hresult import anatomy, is_failure, number_of
from hybridjoin.knowledge.lookup import near
from hybridjoin.knowledge.shortcomings import Shortcoming, shortcomings
from hybridjoin.knowledge.texts import TextReading, read_text
from hybridjoin.model.record import CertificationRecord, JoinResult, RunRecord
from hybridjoin.model.shown import shown
from hybridjoin.report.documents.explanation import (
    article_json,
    article_of,
    certification_json,
    diagnosis_json,
    text_json,
)
from hybridjoin.report.terminal import console


@dataclass(frozen=True, slots=True, kw_only=True)
class _ExplainedText:
    """A text with what it names; `name` is the file's, or the text's own beginning."""

    name: str
    reading: TextReading


@dataclass(frozen=True, slots=True, kw_only=True)
class _ExplainedRun:
    """A record explained; `hidden` counts the joins that failed as they were meant to and are not shown."""

    name: str
    diagnoses: tuple[Diagnosis, ...]
    hidden: int
    certification: CertificationRecord | None
    shortcomings: tuple[Shortcoming, ...]


_Known = Article | _ExplainedText | _ExplainedRun


def carry_out(names: tuple[str, ...], *, as_json: bool, everything: bool) -> ExitCode:
    """Look all names up and print what is known; complain of the rest last, on standard error and by the exit code."""
    known: list[_Known] = []
    mistakes: list[Mistake] = []
    for name in names:
        try:
            known.append(_look_up(name, everything=everything))
        except UsageError as refusal:
            mistakes.extend(refusal.mistakes)
    articles = {item.id: item for item in known if isinstance(item, Article)}
    texts = [item for item in known if isinstance(item, _ExplainedText)]
    runs = [item for item in known if isinstance(item, _ExplainedRun)]
    for text in texts:
        mistakes.extend(_mistakes_of(text))
    if as_json:
        say_json(_json(articles, texts, runs, mistakes))
    else:
        _show(articles.values(), texts, runs)
    for mistake in mistakes:
        say(f"hybridjoin: {mistake}", err=True)
    return ExitCode.USAGE if mistakes else ExitCode.AS_EXPECTED


def _look_up(name: str, *, everything: bool) -> _Known:
    """Find out what a name is: a code, a run, a text file, standard input or a pasted text.

    Raises:
        UsageError: it is nothing that anybody knows, or a file that cannot be read.
    """
    article = article_of(name)
    if article is not None:
        return article
    path = Path(name)
    if name == STANDARD_INPUT or (_may_be_a_path(name) and is_file(path) and not is_run(path)):
        return _ExplainedText(
            name="standard input" if name == STANDARD_INPUT else name, reading=read_text(read_pasted(name), article_of)
        )
    if _may_be_a_path(name) and (exists(path) or "/" in name or name.endswith(".json")):
        return _explained(name, load_run(path), everything=everything)
    if any(letter.isspace() for letter in name.strip()):
        return _ExplainedText(name=_beginning(name), reading=read_text(name, article_of))
    raise UsageError(_unknown(name))


def _may_be_a_path(name: str) -> bool:
    """Tell whether the operating system could have a file of that name; a long text with line ends is none."""
    return bool(name.strip()) and "\n" not in name and "\0" not in name and len(name) < 1024


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line[:40]}…'" if len(line) > 41 else f"'{line}'"


def _unknown(name: str) -> Mistake:
    number = number_of(name)
    if number is not None and is_failure(number):
        return Mistake(place=name, problem=f"nothing is known of it here; {anatomy(number)}")
    close = near(name, (item.id for item in BOOK))
    hint = f"did you mean {' or '.join(close)}?" if close else "or name a file of text, or a report's directory"
    problem = "no code, event, error, fault or requirement of that name is known, and no file has it"
    return Mistake(place=name or "''", problem=problem, hint=hint)


def _mistakes_of(text: _ExplainedText) -> Iterator[Mistake]:
    """Yield what a text names and nobody here knows; or that it names nothing."""
    reading = text.reading
    for name in reading.unknown:
        unknown = _unknown(name)
        yield replace(unknown, place=f"{text.name}: {name}")
    if not (reading.says_something or reading.unknown):
        yield Mistake(
            place=text.name,
            problem="expected a text with a code, event, error or requirement in it, found none",
            hint="such as AADSTS51004, 0x801c03f2, -2145648625, Event ID: 304, KDC_ERR_ETYPE_NOSUPP, MEX-07",
        )


def _show(articles: Iterable[Article], texts: Iterable[_ExplainedText], runs: Iterable[_ExplainedRun]) -> None:
    screen = console()
    articles, texts, runs = shown(tuple(articles)), shown(tuple(texts)), shown(tuple(runs))
    for article in articles:
        show_article(screen, article)
    for text in texts:
        if text.reading.says_something:
            show_text(screen, text.name, text.reading)
    for run in runs:
        show_run(screen, run.name, run.diagnoses, hidden=run.hidden, certified=run.certification is not None)
        if run.certification is not None:
            show_certification(screen, run.certification, run.shortcomings)


def _explained(name: str, record: RunRecord, *, everything: bool) -> _ExplainedRun:
    found = diagnose(record)
    certification = record.certification
    if certification is not None:  # which lists every broken requirement itself: what is left is why a join failed
        found = tuple(replace(item, unexplained=()) for item in found if item.result is not JoinResult.FEDERATED)
    shown = tuple(item for item in found if everything or not item.expected)
    return _ExplainedRun(
        name=name,
        diagnoses=shown,
        hidden=len(found) - len(shown),
        certification=certification,
        shortcomings=shortcomings(record),
    )


def _json(
    articles: dict[str, Article],
    texts: Iterable[_ExplainedText],
    runs: Iterable[_ExplainedRun],
    mistakes: Iterable[Mistake],
) -> dict[str, object]:
    return {
        "articles": [article_json(item) for item in articles.values()],
        "texts": [{"text": item.name, **text_json(item.reading)} for item in texts],
        "runs": [
            {
                "run": run.name,
                "diagnoses": [diagnosis_json(item) for item in run.diagnoses],
                **certification_json(run.certification, run.shortcomings),
            }
            for run in runs
        ],
        "unknown": [{"name": item.place, "problem": item.problem, "hint": item.hint or None} for item in mistakes],
    }
