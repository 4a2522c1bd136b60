"""The machine's form of explanations, and requirements turned into articles like any other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hybridjoin.checks.breaks import breaks_of
from hybridjoin.checks.requirement import Requirement
from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.sources import SOURCES
from hybridjoin.knowledge.article import Article, Cause, GuideStep
from hybridjoin.knowledge.diagnosis import Diagnosis
from hybridjoin.knowledge.lookup import Sentence, about, find
from hybridjoin.knowledge.shortcomings import Shortcoming, not_found_out
from hybridjoin.knowledge.standing import RankedCause
from hybridjoin.knowledge.texts import TextReading
from hybridjoin.model.record import CertificationRecord
from hybridjoin.report.certified import excuse, wrong_deviations
from hybridjoin.report.reason_text import reason_json, reason_text
from hybridjoin.report.where_text import where_json, where_text


def article_of(name: str) -> Article | None:
    """Return the article of a code, an event, an error, a fault or a requirement of ours."""
    known = find(name)
    if known is not None:
        return known
    item = BOOK.find(name.strip())
    return about(sentence_of(item)) if item is not None else None


def sentence_of(item: Requirement) -> Sentence:
    """Return what an article says of a requirement."""
    title = SOURCES[item.specification].title
    return Sentence(
        id=item.id,
        level=item.level,
        sentence=item.sentence,
        source=f"{title}, {item.section} <{item.url}>",
        verified=item.verified,
        remedy=item.remedy,
        breaks=tuple(str(loss) for loss in breaks_of(item.id)),
    )


def article_json(article: Article) -> dict[str, Any]:
    """Return an article as JSON writes it."""
    return {
        "id": article.id,
        "kind": article.kind.value,
        "symbol": article.symbol,
        "phase": article.phase or None,
        "meaning": article.meaning,
        "decoded": article.decoded or None,
        "certainty": article.certainty.value,
        "source": article.source,
        "causes": [_cause_json(item) for item in article.causes],
        "see": list(article.see),
        **({"breaks": list(article.breaks)} if article.breaks else {}),
        **({"order": _order_json(article.order)} if article.order else {}),
    }


def text_json(reading: TextReading) -> dict[str, Any]:
    """Return what a text names: its errors whole, what is around them and what nobody knows by name."""
    return {
        "errors": [article_json(item) for item in reading.errors],
        "around": [item.id for item in reading.around],
        "notes": [item.id for item in reading.notes],
        "unknown": list(reading.unknown),
    }


def diagnosis_json(item: Diagnosis) -> dict[str, Any]:
    """Return a diagnosis as JSON writes it."""
    return {
        "scenario": item.scenario,
        "device": item.device or None,
        "result": item.result.value if item.result is not None else None,
        "expected": item.expected,
        "reason": item.failure.reason if item.failure is not None else None,
        "codes": [article.id for article in item.articles],
        "causes": [_ranked_json(cause) for cause in item.causes],
        "unexplained": [
            {"id": one.requirement, "level": one.level.value, "found": one.found} for one in item.unexplained
        ],
        "unnoticed": [
            {
                "claim": one.row.name,
                "found": list(one.row.found),
                "mistake": one.row.mistake or None,
                "what_comes": one.words,
                "certainty": one.certainty.value,
                "source": one.source,
            }
            for one in item.unnoticed
        ],
        "trouble": item.trouble or None,
        **({"order": _order_json(item.order)} if item.order else {}),
    }


def certification_json(certification: CertificationRecord | None, found: Iterable[Shortcoming]) -> dict[str, Any]:
    """Return what a certification found broken, what it could not find out, and which rows of lists are wrong.

    Of a run that certified nothing all three are empty.
    """
    if certification is None:
        return {"requirements": [], "interrupted": [], "deviations": []}
    return {
        "requirements": [_shortcoming_json(item, excuse(item.row, certification)) for item in found],
        "interrupted": [
            {"reason": reason_text(reason), "not_tested": reason_json(reason), "ids": list(ids)}
            for reason, ids in not_found_out(certification)
        ],
        "deviations": [
            {"list": row.list.value, "requirement": row.requirement, "owner": row.owner, "problem": row.problem}
            for row in wrong_deviations(certification)
        ],
    }


def _shortcoming_json(item: Shortcoming, excused: str) -> dict[str, Any]:
    row = item.row
    return {
        "id": row.id,
        "level": row.level.value,
        "outcome": row.outcome.value,
        "sentence": row.sentence,
        "expected": row.expected,
        "found": row.found,
        "where": where_text(row.where),
        "place": where_json(row.where),
        "fix": row.remedy,
        "deviation": row.deviation or None,
        "excused": excused or None,
        "codes": list(item.codes),
        "causes": [{"standing": one.standing.value, **_cause_json(one.cause)} for one in item.causes],
    }


def _order_json(order: Iterable[GuideStep]) -> list[dict[str, Any]]:
    return [{"step": one.number, "sees": one.sees, "does": one.does, "here": one.here} for one in order]


def _cause_json(item: Cause) -> dict[str, Any]:
    return {
        "cause": item.sentence,
        "proof": item.proof,
        "requirements": list(item.requirements),
        "fixes": [{"vendor": fix.vendor or None, "fix": fix.words} for fix in item.fixes],
    }


def _ranked_json(item: RankedCause) -> dict[str, Any]:
    evidence = [
        {
            "id": one.requirement,
            "expected": one.expected,
            "found": one.found,
            "where": where_text(one.where),
            "place": where_json(one.where),
        }
        for one in item.evidence
    ]
    return {
        "standing": item.standing.value,
        "of": item.article,
        **_cause_json(item.cause),
        "evidence": evidence,
        "proven_by": list(item.codes),
    }
