"""Why a recorded join failed: the articles of its codes, their causes ranked by what the record proves of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hybridjoin.knowledge.aes_guide import next_steps
from hybridjoin.knowledge.article import Article, Cause, GuideStep
from hybridjoin.knowledge.lookup import find, naming
from hybridjoin.knowledge.standing import PROVING, CauseStanding, Evidence, RankedCause, judge
from hybridjoin.knowledge.texts import mentions, telling
from hybridjoin.knowledge.unnoticed import UnnoticedClaim, unnoticed
from hybridjoin.model.record import FailureRecord, FlowResult, JoinRecord, RunRecord, ScenarioRecord
from hybridjoin.model.verdict import Level, Outcome, Verdict

# What says that something failed, and not why: the requirements of the steps behind the broken one.
CONSEQUENCES = frozenset({"TOKEN-01", "RSTR-01", "JOIN-01", "JOIN-04"})
# What a computer's assertion alone is asked, and what only a person's is.
_OF_COMPUTERS, _OF_PERSONS = ("CLAIM-",), ("USER-", "PASSIVE-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One scenario's join, explained; `articles` run from the telling code to the wrappers around it.

    `expected` says that the scenario wanted the join to fail. `unexplained` are broken requirements that no cause of
    the articles stands for, `unnoticed` what a join that came about hides, `trouble` the harness's own words where it
    could not finish. `order` are the steps of a guide at which the join may stand, where one goes into it.
    """

    scenario: str
    device: str
    result: FlowResult | None
    expected: bool
    failure: FailureRecord | None
    articles: tuple[Article, ...] = ()
    causes: tuple[RankedCause, ...] = ()
    unexplained: tuple[Verdict, ...] = ()
    unnoticed: tuple[UnnoticedClaim, ...] = ()
    trouble: str = ""
    order: tuple[GuideStep, ...] = ()


def diagnose(record: RunRecord) -> tuple[Diagnosis, ...]:
    """Explain every scenario that failed, fell back, or broke a MUST; the healthy ones are left out."""
    return tuple(found for item in record.scenarios if (found := _scenario(item)) is not None)


def _scenario(item: ScenarioRecord) -> Diagnosis | None:
    expected = item.outcome is Outcome.PASSED
    if item.join is None:
        if not item.error:
            return None
        return Diagnosis(scenario=item.id, device="", result=None, expected=expected, failure=None, trouble=item.error)
    found = explain_join(item.join, scenario=item.id, expected=expected, trouble=item.error)
    return found and replace(found, order=next_steps(item.join, item.heard))


def explain_join(
    join: JoinRecord, *, scenario: str = "", expected: bool = False, trouble: str = ""
) -> Diagnosis | None:
    """Explain one join; None where there is nothing to explain."""
    broken = tuple(item for item in join.verdicts if item.outcome in PROVING)
    must = any(item.level is Level.MUST for item in broken)
    if join.failure is None and not must and join.wanted and not trouble:
        return None
    articles = tuple(_articles(join))
    evidence = Evidence(verdicts=join.verdicts, claims=join.claims, codes={article.id for article in articles})
    causes = _ranked(_telling_articles(join), evidence, persons=join.flow.persons) or _of_broken(broken, evidence)
    shown = {item.requirement for ranked in causes for item in ranked.evidence}
    return Diagnosis(
        scenario=scenario,
        device=join.device,
        result=join.result,
        expected=expected,
        failure=join.failure,
        articles=articles,
        causes=causes,
        unexplained=tuple(item for item in broken if item.requirement not in shown | CONSEQUENCES),
        unnoticed=unnoticed(join),
        trouble=trouble,
        order=next_steps(join),
    )


def _articles(join: JoinRecord) -> Iterator[Article]:
    """Yield what the failures name, the most telling first; wrappers last."""
    found: dict[str, Article] = {}
    for failure in (join.failure, join.fallback_failure):
        found.update((article.id, article) for article in _named(failure))
    yield from sorted(found.values(), key=telling)


def _telling_articles(join: JoinRecord) -> tuple[Article, ...]:
    """Return of each failure the articles that tell most: an AADSTS number tells more than the HRESULT around it."""
    found: dict[str, Article] = {}
    for failure in (join.failure, join.fallback_failure):
        named = _named(failure)
        most = min((telling(item) for item in named), default=0)
        found.update((item.id, item) for item in named if telling(item) == most)
    return tuple(found.values())


def _named(failure: FailureRecord | None) -> tuple[Article, ...]:
    return tuple(article for name in _names(failure) if (article := find(name)) is not None)


def _names(failure: FailureRecord | None) -> Iterator[str]:
    if failure is None:
        return
    yield from mentions(f"{failure.reason}\n{failure.server_message}")
    yield from (item.code for item in failure.codes)


def _ranked(articles: Iterable[Article], evidence: Evidence, *, persons: bool) -> tuple[RankedCause, ...]:
    """Rank each cause once: proven ones first, then the open, then what is ruled out; likeliest first within each."""
    seen: dict[Cause, RankedCause] = {}
    for article in articles:
        for cause in article.causes:
            if cause not in seen and not _only_a_pointer(cause) and not _of_others(cause, persons=persons):
                seen[cause] = judge(cause, article.id, evidence)
    order = list(CauseStanding)
    return tuple(sorted(seen.values(), key=lambda item: order.index(item.standing)))


def _of_broken(broken: Iterable[Verdict], evidence: Evidence) -> tuple[RankedCause, ...]:
    """Return what is proven where no code says what to look for: a join that came about with something wrong in it."""
    named = ((item.requirement, cause) for item in broken for cause in naming(item.requirement)[1])
    found = {cause: judge(cause, requirement, evidence) for requirement, cause in named if not _only_a_pointer(cause)}
    return tuple(item for item in found.values() if item.standing is CauseStanding.PROVEN)


def _of_others(cause: Cause, *, persons: bool) -> bool:
    """Tell whether a cause lies in what a computer alone shows Entra, and a person came; or the other way round."""
    about = tuple(decider.requirement for decider in cause.deciders) or cause.related
    return bool(about) and all(name.startswith(_OF_COMPUTERS if persons else _OF_PERSONS) for name in about)


def _only_a_pointer(cause: Cause) -> bool:
    """Tell whether a cause only says to look at the code that this record already explains."""
    return cause.elsewhere and not cause.deciders
